"""Identifiers that are given with their one line: whatever is asked or ended in between, the file answers as memory does."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from tests.test_identity_kept import everything, opened, written
from tests.trials import tries
from verbline.runtime.identity.kept import Kept
from verbline.runtime.identity.memory import Memory
from verbline.runtime.identity.schema import is_marked
from verbline.runtime.identity.store import Store

KINDS = ("member-number", "email")
NEAR = st.integers(0, 2)
ASKED = st.sampled_from(["held", "held", "holders", "rows", "owner"])
DONE = st.one_of(
    st.tuples(st.just("enter")),
    st.tuples(st.just("enter")),
    st.tuples(st.just("give"), NEAR),
    st.tuples(st.just("give"), NEAR),
    st.tuples(st.just("open"), NEAR, NEAR),
    st.tuples(st.just("close"), NEAR),
    st.tuples(st.just("erase"), NEAR),
    st.tuples(st.just("ask"), ASKED, NEAR),
    st.tuples(st.just("ask"), ASKED, NEAR),
    st.tuples(st.just("write")),
    st.tuples(st.just("close file")),
)


def one_of(number: int, many: int) -> int:
    """Return one of so many, counted from 1 on, the last ones most of all; 0 where there are none."""
    return many - number % many if many else 0


def asked(store: Store, what: str, person: int, ident: int) -> Any:
    """Return what a store answers."""
    if what == "held":
        return sorted(store.held(person))
    if what == "holders":
        return store.holders(ident)
    return store.owner(*store.ident(ident)) if what == "owner" else [row[1:] for row in store.rows_of(ident)]  # fmt: skip


def done(store: Store, what: tuple[Any, ...], at: int) -> Any:
    """Do something, and return what comes of it."""
    person, ident = one_of(what[-1] if what[1:] else 0, store.people), one_of(what[1] if what[1:] and what[0] != "ask" else 0, store.idents)  # fmt: skip
    store.seq += 1
    match what[0]:
        case "enter":
            return store.enter(KINDS[at % 2], f"value {at}")
        case "give" if person:
            store.give(KINDS[at % 2], f"value {at}", person, store.seq)
        case "open" if person and not store.holders(ident):
            store.open(ident, person, person, store.seq, "moved")
        case "close" if person:
            for row in store.rows_held(person):
                store.close(row.number, store.seq)
        case "erase" if ident and store.ident(ident)[1]:
            store.erase(ident)
        case "ask" if person:
            return asked(store, what[1], person, one_of(what[2], store.idents))
    return None


@tries(150)
@given(
    log=st.lists(DONE, min_size=20, max_size=60), remembered_max=st.sampled_from([0, 10, 10_000])
)
def test_what_is_given_is_there_however_it_is_come_by(
    tmp_path_factory: Any, log: list[tuple[Any, ...]], remembered_max: int
) -> None:
    """People come in, get identifiers and lose them; the file is written and opened anew at any time."""
    path: Path = tmp_path_factory.mktemp("graph") / "known.db"
    memory, file = Memory(), opened(path, remembered_max).store
    for at, what in enumerate(log):
        assert isinstance(file, Kept)
        if what[0] in ("write", "close file"):
            written(file)
            if what[0] == "close file":
                file.connection.close()
                file = opened(path, remembered_max).store
            continue
        assert done(file, what, at) == done(memory, what, at), what
    assert isinstance(file, Kept)
    written(file)
    assert everything(file) == everything(memory)
    file.connection.close()
    assert everything(opened(path, remembered_max).store) == everything(memory)


def test_a_value_that_is_not_what_was_written_is_noticed(tmp_path: Path) -> None:
    """No index holds the value itself, and a file has no sums of its pages."""
    file = opened(tmp_path / "known.db", 10).store
    assert isinstance(file, Kept)
    file.seq += 1
    person = file.enter("member-number", "M-1")
    file.give("email", "ana@mail.si", person, file.seq)
    written(file)
    assert is_marked(file.connection)
    file.connection.execute("update ident set value = 'eva@mail.si' where number = 2")
    assert not is_marked(file.connection)
    file.connection.close()
