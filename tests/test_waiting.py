"""Names of a ledger that wait beside its tables are found as if they stood in them, and are there once."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from random import Random

import pytest

from tests.ledgers import said
from verbline.runtime.consent.erasure import Erasing, take_out
from verbline.runtime.consent.ledger import Ledger
from verbline.runtime.consent.recent import settle
from verbline.runtime.consent.verify import verify
from verbline.runtime.consent.waiting import Waiting

KEY = b"sixteen bytes or more"
PEOPLE = [f"P{number}" for number in range(1, 9)]
ADDRESSES = [f"email:{name}@mail.example" for name in PEOPLE]


def filled(ledger: Ledger, between: Callable[[], object]) -> None:
    """Fill a ledger, with something in between."""
    dice = Random(7)  # noqa: S311 - hides nothing
    for at in range(1, 30):
        person, address = dice.choice(PEOPLE), dice.choice(ADDRESSES)
        with ledger.writing():
            ledger.append([said(at, act="grant", person=person, contact=address)])
        between()


def answers(ledger: Ledger) -> list[object]:
    """Return what a ledger says of everybody."""
    return [
        *(repr(ledger.said((one,))) for one in PEOPLE),
        *(repr(ledger.said((), (one,))) for one in ADDRESSES),
        *(ledger.said_since(20, (), (one,)) for one in ADDRESSES),
        *(ledger.has(one) for one in ADDRESSES),
        str(ledger.last()),
    ]


@pytest.mark.parametrize("often", [0, 1, 7])
def test_what_waits_is_found(often: int) -> None:
    """However often it is brought into the file, answers and chain are those of a ledger in which nothing waits."""
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as one, Ledger(key=KEY) as plain:  # fmt: skip
        ledger = Ledger(one, key=KEY)
        waiting, count = Waiting(one), [0]

        def between() -> None:
            count[0] += 1
            if often and count[0] % often == 0:
                waiting.gather()

        filled(ledger, between)
        filled(plain, bool)
        (there,) = one.execute("select count(*) from main.contact").fetchone()
        assert bool(there) == bool(often)
        assert answers(ledger) == answers(plain)
        assert verify(ledger) == verify(plain)
        settle(plain.connection)
        assert one.execute("select * from contact").fetchall() == plain.connection.execute("select * from contact").fetchall()  # fmt: skip


def test_what_was_told_waits_again() -> None:
    """Names are told once, each batch its own; from them a connection that has just been opened knows all."""
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as one:
        ledger, told = Ledger(one, key=KEY), list[list[list[tuple[int, str]]]]()
        waiting = Waiting(one)
        filled(ledger, lambda: told.append(waiting.done()))
        before = answers(ledger)
        names = [[one for batch in told for one in batch[kind]] for kind in (0, 1)]
        assert [len(found) for found in names] == [len({name for _, name in found}) for found in names]  # fmt: skip
        again = Waiting(one)
        ledger.forget()
        assert answers(ledger) != before
        again.recall(*names)
        assert answers(ledger) == before
        assert again.done() == [[], []]


def test_who_is_erased_waits_no_more() -> None:
    """Names are brought into the file before any is deleted, which whoever keeps them elsewhere is told."""
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as one, Ledger(key=KEY) as plain:  # fmt: skip
        ledger = Ledger(one, key=KEY)
        waiting = Waiting(one)
        for each in (ledger, plain):
            filled(each, bool)
            each.append([said(30, act="grant", person="P1", contact="email:own@mail.example")])
        waiting.done()
        gathered = waiting.is_gathered
        for each in (ledger, plain):
            with each.writing():
                take_out(
                    each, [Erasing(("P1",), ("email:own@mail.example",))], "system:test", 1 << 45
                )
        assert (gathered, waiting.is_gathered) == (False, True)
        assert not ledger.has("email:own@mail.example")
        assert answers(ledger) == answers(plain)
        assert verify(ledger).bad is None


def test_who_never_spoke_leaves_nothing_when_erased() -> None:
    """Their address is numbered by the erasure alone; it is in no table afterwards, and the chain holds."""
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as one:
        ledger = Ledger(one, key=KEY)
        Waiting(one)
        with ledger.writing():
            take_out(ledger, [Erasing(("P7",), (ADDRESSES[0],))], "system:test", 1 << 45)
        for table in ("main.contact", "waiting_contact", "main.person", "waiting_person"):
            assert one.execute(f"select * from {table}").fetchall() == []  # noqa: S608 - names of ours
        assert verify(ledger) == (2, None, "")


def test_a_transaction_that_is_taken_back_takes_names_with_it() -> None:
    """What waits is a part of the transaction, though it is in no file."""
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as one:
        ledger = Ledger(one, key=KEY)
        Waiting(one)
        one.execute("begin")
        ledger.append([said(1, act="grant", person="P1", contact=ADDRESSES[0])])
        assert ledger.has(ADDRESSES[0])
        one.execute("rollback")
        assert not ledger.has(ADDRESSES[0])
