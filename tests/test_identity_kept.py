"""The identity graph in a file: whatever happens, it gives the answers of the graph in memory."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.test_identity import EVENT, PAIR, RULES, VALUES, step
from tests.trials import tries
from verbline.runtime.identity.graph import Identity
from verbline.runtime.identity.kept import Kept
from verbline.runtime.identity.memory import Memory
from verbline.runtime.identity.schema import prepare
from verbline.runtime.identity.store import Row, Store

KEY = st.sampled_from(
    [
        ("member-number", "M-1"),
        ("web-account", "W-1"),
        ("email", "ana@mail.si"),
        ("email", "eva@mail.si"),
        ("phone", "+38631234567"),
        ("device", "d-1"),
    ]
)
WORD = st.one_of(
    PAIR,
    st.tuples(st.just("forget"), st.integers(1, 5), st.just(0)),
    st.tuples(st.just("release"), KEY, st.just(0)),
    st.tuples(st.just("not same"), KEY, KEY),
    st.tuples(st.just("split off"), st.integers(1, 5), st.lists(KEY, min_size=1, max_size=2)),
)
# What is done to the file between two events: nothing, write, write and close.
BREAK = st.sampled_from(["", "", "write", "close"])
LOG = st.lists(
    st.tuples(st.one_of(EVENT, EVENT, EVENT, EVENT, WORD), BREAK), min_size=20, max_size=80
)


def done(identity: Identity, line: Any, at: int) -> str:
    """Return what comes of one line."""
    identity.store.dated(at)
    people = identity.store.people
    match line:
        case "merge", one, other if max(one, other) <= people and one != other:
            return str(identity.merge(one, other, at, "staff:ana: two cards"))
        case "forget", person, _:
            return str(identity.forget(person, at)) if person <= people else ""
        case "release", key, _:
            return str(identity.release(key[0], key[1], at)) if identity.holders(*key) else ""
        case "not same", one, other:
            return str(identity.not_same(one, other, at)) if one != other else ""
        case "split off", person, keys:
            return str(identity.split_off(person, keys, at)) if person <= people else ""
        case _:
            return step(identity, line)


def told(rows: Sequence[Row]) -> list[tuple[Any, ...]]:
    """Return what rows say; how a store numbers them is its own affair."""
    return [row[1:] for row in rows]


def everything(store: Store) -> list[Any]:
    """Return all that a store says, however it was written."""
    idents = range(1, store.idents + 1)
    people = range(1, store.people + 1)
    return [
        (store.people, store.seq, store.idents),
        [(store.ident(one), told(store.rows_of(one)), store.holders(one)) for one in idents],
        [
            (sorted(store.held(one)), told(store.rows_held(one)), told(store.rows_ever(one)))
            for one in people
        ],
        [(store.into(one), sorted(store.apart(one))) for one in people],
        [[edge[1:] for edge in store.edges_of(one)] for one in people],
        [dict(store.traits(one)) for one in people],
        list(store.notes()),
        list(store.notes("ask")),
        [store.when(seq) for seq in range(1, store.seq + 1)],
        [(store.owner(*store.ident(one)), store.find(*store.ident(one))) for one in idents],
    ]


def written(store: Kept) -> None:
    """Let all that is new be written at once."""
    store.connection.execute("begin immediate")
    store.flush()
    store.connection.execute("commit")


@cache
def empty() -> bytes:
    """Return a file with tables and nothing in them; to make them takes a tenth of a second."""
    connection = sqlite3.connect(":memory:", isolation_level=None)
    prepare(connection)
    content = connection.serialize()
    connection.close()
    return content


def opened(path: Path, remembered_max: int) -> Identity:
    """Return the graph in a file."""
    if not path.exists():
        path.write_bytes(empty())
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("pragma synchronous = off")
    return Identity(RULES, Kept(connection, remembered_max))


@tries(40)
@given(log=LOG, remembered_max=st.sampled_from([0, 10, 10_000]))
def test_the_file_answers_as_memory_does(
    tmp_path_factory: Any, log: list[Any], remembered_max: int
) -> None:
    """Each line comes to the same in memory and in a file that is written and closed in between; so does all at the end."""
    path = tmp_path_factory.mktemp("graph") / "known.db"
    memory, file = Identity(RULES, Memory()), opened(path, remembered_max)
    for at, (line, pause) in enumerate(log):
        assert done(file, line, at) == done(memory, line, at), line
        store = file.store
        assert isinstance(store, Kept)
        if pause:
            written(store)
        if pause == "close":
            store.connection.close()
            file = opened(path, remembered_max)
            # What was asked before the file was closed is not asked again.
            assert file.links._proposed == memory.links._proposed
    assert everything(file.store) == everything(memory.store)
    assert isinstance(file.store, Kept)
    written(file.store)
    file.store.connection.close()
    assert everything(opened(path, remembered_max).store) == everything(memory.store)


@settings(max_examples=30, deadline=None)
@given(log=LOG)
def test_what_is_forgotten_is_gone_from_the_file(tmp_path_factory: Any, log: list[Any]) -> None:
    """When everybody is forgotten, no byte of the file holds an address or a key of theirs."""
    path = tmp_path_factory.mktemp("graph") / "known.db"
    graph = opened(path, 10)
    store = graph.store
    assert isinstance(store, Kept)
    store.connection.execute("pragma secure_delete = on")
    for at, (line, pause) in enumerate(log):
        done(graph, line, at)
        if pause:
            written(store)
    for person in range(1, store.people + 1):
        graph.forget(person, 0)
    written(store)
    assert not any("ana" in note.why for note in store.notes())
    store.connection.close()
    kept = path.read_bytes()
    assert b"two cards" not in kept
    for field in ("member-number", "web-account", "email"):
        assert not any(value.encode() in kept for value in VALUES[field] if len(value) > 2)
