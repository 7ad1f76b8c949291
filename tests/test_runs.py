"""Hashes in sorted runs: each is found with its number, none that was not put in, and a changed byte is noticed."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from verbline.runtime.engine import ids
from verbline.runtime.engine.ids import Ids
from verbline.runtime.events import Event
from verbline.runtime.standing import FIRST
from verbline.runtime.store import runs
from verbline.runtime.store.runs import Runs
from verbline.runtime.tables import make

HASHES = st.integers(-(1 << 63), (1 << 63) - 1)
NUMBERS = st.integers(1, (1 << 62))


@pytest.fixture
def connection() -> Iterator[sqlite3.Connection]:
    """Give a file in memory."""
    found = sqlite3.connect(":memory:", isolation_level=None)
    yield found
    found.close()


@given(
    added=st.lists(st.dictionaries(HASHES, NUMBERS, min_size=1), max_size=4), asked=st.lists(HASHES)
)
def test_what_was_put_in_is_found(added: list[dict[int, int]], asked: list[int]) -> None:
    """By whoever put it in and by whoever opens the file; of two numbers the older one."""
    connection = sqlite3.connect(":memory:", isolation_level=None)
    try:
        there, known = Runs(connection), dict[int, int]()
        for some in added:
            there.add(*zip(*sorted(some.items()), strict=True))
            known = {**some, **known}
        wanted = {one: known[one] for one in (*known, *asked) if one in known}
        for found in (there, Runs(connection)):
            assert found.find([*known, *asked]) == wanted
    finally:
        connection.close()


def test_runs_of_many_pages(connection: sqlite3.Connection) -> None:
    """Hashes that come in no order, and among them as many that are not there, of which nearly none is looked up."""
    dice = Random(3)  # noqa: S311 - hides nothing
    hashes = [dice.randint(-(1 << 63), (1 << 63) - 1) for _ in range(8_000)]
    rows = [(one, (7 << 44) + place) for place, one in enumerate(hashes[:4_000])]
    Runs(connection).add(*zip(*sorted(rows), strict=True))
    asked = list[str]()
    connection.set_trace_callback(asked.append)
    there = Runs(connection)
    asked.clear()
    assert there.find(hashes) == dict(rows)
    assert 4_000 <= len(asked) < 4_000 + 4_000 // 50
    (pages,) = connection.execute("select count(*) from run_page").fetchone()
    (most,) = connection.execute("select max(length(body)) from run_page").fetchone()
    assert pages == -(-4_000 // runs.PAGE)
    assert most < 4_000  # a page of the file, and nothing over


@pytest.mark.parametrize("column", ["run.pages", "run.sieve", "run_page.body"])
def test_a_changed_byte_is_noticed(connection: sqlite3.Connection, column: str) -> None:
    """A hash that is not found would let an event happen twice."""
    Runs(connection).add([one << 40 for one in range(1, 50)], range(1, 50))
    table, name = column.split(".")
    (body,) = connection.execute(f"select {name} from {table}").fetchone()  # noqa: S608 - names of the case
    changed = body[:9] + bytes((body[9] ^ 1,)) + body[10:]
    connection.execute(f"update {table} set {name} = ?", (changed,))  # noqa: S608 - names of the case
    with pytest.raises(sqlite3.DatabaseError, match="not what was written") as caught:
        Runs(connection).find([1 << 40])
    assert caught.value.sqlite_errorcode == sqlite3.SQLITE_CORRUPT


def test_ids_go_from_their_table_into_a_run(connection: sqlite3.Connection, monkeypatch: pytest.MonkeyPatch) -> None:  # fmt: skip
    """However often they are written, each is known at its place, and the table is empty once they are many."""
    monkeypatch.setattr(ids, "MOST", 20)
    make(connection, "known", "known", FIRST)

    def event(number: int) -> Event:
        return Event(id=f"e{number}", type="t", source="shop", offset=100 + number)

    read = list[int]()

    def again(_file: int, offset: int) -> Event:
        read.append(offset)
        return event(offset - 100)

    kept = Ids(connection, again)
    kept.begin()
    for number in range(50):
        assert kept.again(event(number), 1) is None
        if number % 7 == 0:
            kept.write()
    kept.write()
    (left,) = connection.execute("select count(*) from event_id").fetchone()
    (many,) = connection.execute("select count(*) from run").fetchone()
    assert (left, many) == (7, 2)
    anew = Ids(connection, again)
    anew.begin()
    for found in (kept, anew):
        read.clear()
        assert all(found.again(event(number), 1) for number in range(50))
        assert read == [100 + number for number in range(50)]
    assert anew.again(event(50), 1) is None
