"""The consent ledger: two times, one chain."""

from __future__ import annotations

import random
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.ledgers import START, asked, ledger, said
from verbline.interpreter.guard.fold import DENIED, GRANTED, PENDING, State, state
from verbline.interpreter.zones import DAY
from verbline.runtime.consent.chain import Anchor, anchor_in
from verbline.runtime.consent.ledger import Ledger
from verbline.runtime.consent.rows import Said
from verbline.runtime.consent.tokens import confirmation, kept_of, token_of
from verbline.runtime.consent.verify import verify

TINA, ALES = "email:tina@mail.example", "email:ales@mail.example"
EVENTS = st.lists(
    st.fixed_dictionaries(
        {
            "act": st.sampled_from(("grant", "confirm", "withdraw", "deny", "object", "reassign")),
            "day": st.integers(0, 9),
            "lag": st.integers(0, 3),
        },
        optional={
            "actor": st.sampled_from(("staff:1", "system:s", "import:1")),
            "person": st.sampled_from(("P2", None)),
            "contact": st.sampled_from((ALES, None)),
            "channel": st.sampled_from(("*", "sms")),
            "purpose": st.sampled_from(("*", "news")),
            "topic": st.just("sale"),
            "token": st.sampled_from(("k", "l")),
            "until": st.just(START + 5 * DAY),
            "complete": st.just(value=False),
            "epoch": st.just(1),
            "corrects": st.integers(1, 4),
        },
    ),
    max_size=12,
)


def history(made: list[dict[str, Any]]) -> list[Said]:
    """Return events that were recorded one after the other, some of them late."""
    days = [(one["day"] + one["lag"], one) for one in made]
    days.sort(key=lambda pair: pair[0])
    fields = [({name: value for name, value in one.items() if name not in ("day", "lag")}, known, one["day"]) for known, one in days]  # fmt: skip
    found = [said(day, known=known, **rest) for rest, known, day in fields]
    return [one for one in found if one.consent.person or one.consent.contact]


def told(found: State) -> tuple[object, ...]:
    """Return what counts of a state."""
    return found.name, found.note, found.kind, found.evidence


def numbered(events: list[Said]) -> list[Said]:
    """Return ``events`` with their places."""
    for seq, one in enumerate(events, 1):
        one.consent.seq = seq
    return events


@given(EVENTS, st.integers(0, 12), st.integers(-1, 14))
def test_what_was_known_is_the_fold_of_the_prefix(
    made: list[dict[str, Any]], known: int, day: int
) -> None:
    """What the ledger says at a time, as far as it went then, is what the first events alone come to."""
    events = numbered(history(made))
    at = START + day * DAY
    mine = [one.consent for one in events if one.consent.person == "P1" or one.consent.contact == TINA]  # fmt: skip
    with ledger(*events) as whole, ledger(*events[:known]) as prefix:
        expected = state(asked(), [one for one in mine if one.seq <= known], at)
        assert told(whole.state(asked(), at, known)) == told(expected)
        assert told(prefix.state(asked(), at)) == told(expected)


@given(EVENTS, st.randoms(use_true_random=False), st.integers(1, 5))
def test_how_it_was_stored_makes_no_difference(made: list[dict[str, Any]], dice: random.Random, size: int) -> None:  # fmt: skip
    """Batches of any size give the same chain, and rows read in any order the same answer."""
    events = history(made)
    with ledger(*events) as whole, ledger() as parts:
        for place in range(0, len(events), size):
            parts.append(events[place : place + size])
        assert parts.last() == whole.last()
        assert verify(parts) == (len(events), None, "")
        consents = whole.consents_of(("P1",), (TINA,))
        before = told(state(asked(), consents, START + 20 * DAY))
        dice.shuffle(consents)
        assert told(state(asked(), consents, START + 20 * DAY)) == before


@given(EVENTS)
def test_what_was_written_is_read(made: list[dict[str, Any]]) -> None:
    """Every part of an event comes back, whoever asks."""
    events = numbered(history(made))
    with ledger(*events) as found:
        read = found.said(("P1", "P2"), (TINA, ALES))
        assert [fields(one) for one in read] == [fields(one) for one in events]


def fields(one: Said) -> dict[str, object]:
    """Return everything that an event says."""
    slots = {name: getattr(one.consent, name) for name in one.consent.__slots__}
    return {**slots, "notice": one.notice, "record": one.record}


def test_a_late_withdrawal_changes_what_was_true_and_not_what_was_known() -> None:
    """The same day is answered both ways: by what was known then, and by what is known now."""
    with ledger(said(1), said(3, known=8, act="withdraw")) as found:
        day = START + 5 * DAY
        assert found.seq_at(day) == 1
        assert found.state(asked(), day, found.seq_at(day)).name == GRANTED
        assert found.state(asked(), day).name == DENIED
        assert (found.seq_at(START), found.seq_at(START + 8 * DAY)) == (0, 2)


def test_a_merge_and_a_split_restore_every_answer() -> None:
    """Two people who turn out to be one are asked by both ids, and by one again after a split."""
    events = [said(1), said(2, act="object", person="P2", contact=ALES), said(3, act="merge", person="P2", contact=None)]  # fmt: skip
    with ledger(*events) as found:
        both, alone = asked(), asked()
        both.merged = {"P2": (3, True)}
        at = START + 9 * DAY
        assert found.state(alone, at).name == GRANTED
        assert found.state(both, at).name == DENIED
        assert found.state(alone, at).name == GRANTED


def test_nothing_of_a_refused_batch_is_written() -> None:
    """A batch with an event that was recorded before the last one is refused whole."""
    with ledger(said(5)) as found:
        with pytest.raises(ValueError, match="before the last event"):
            found.append([said(6), said(4)])
        with pytest.raises(ValueError, match="erase is not appended"):
            found.append([said(6), said(7, act="erase")])
        with pytest.raises(ValueError, match="neither a person nor an address"):
            found.append([said(6), said(7, act="withdraw", person=None, contact=None)])
        assert found.last().seq == 1
        assert found.append([]) == 1
        assert found.append([said(5), said(6)]) == 3


def test_a_file_is_found_again(tmp_path: Path) -> None:
    """A ledger that is opened again goes on where it was, and one of a newer or an older form is left alone."""
    path = str(tmp_path / "consent.db")
    with ledger(said(1), path=path) as first:
        anchor = str(first.last())
    with ledger(said(2, act="withdraw"), path=path) as second:
        assert second.last().seq == 2
        assert second.check(anchor) == ""
        assert verify(second) == (2, None, "")
    for form, told in (
        (99, "a newer Verbline"),
        (1, "an older Verbline: it is made again from the log"),
    ):
        with closing(sqlite3.connect(path)) as connection, connection:
            connection.execute("update setting set value = ? where name = 'form'", (form,))
        with pytest.raises(ValueError, match=told):
            Ledger(path)


@given(st.integers(0, 1 << 60), st.binary(min_size=32, max_size=32))
def test_an_anchor_is_read_as_it_was_written(seq: int, hashed: bytes) -> None:
    """An anchor survives a mail, and nothing else is taken for one."""
    anchor = Anchor(seq, hashed)
    assert anchor_in(f" {anchor}\r\n") == anchor
    assert anchor_in(str(anchor)[:-1]) is None
    assert anchor_in(f"{anchor} x") is None


def test_a_link_confirms_once() -> None:
    """A yes waits for its link; the link counts once, and the ledger does not hold what is in it."""
    token = token_of(bytes(range(16)))
    kept = kept_of(token)
    with ledger(said(1, token=kept)) as found:
        assert found.state(asked(confirm=True), START + 2 * DAY).name == PENDING
        assert confirmation(found.consents_of((), (TINA,)), "other", START, START) is None
        at = START + 3 * DAY
        confirmed = confirmation(found.consents_of((), (TINA,)), token, at, at)
        assert confirmed is not None
        found.append([confirmed])
        assert found.state(asked(confirm=True), at).name == GRANTED
        assert confirmation(found.consents_of((), (TINA,)), token, at, at) is None
        assert token not in "".join(map(str, found.connection.execute("select said from entry")))  # fmt: skip
    with pytest.raises(ValueError, match="16 random bytes"):
        token_of(b"short")
