"""Batches that go to the disk while the next is decided. Rule: nobody meets what is not there, and what was lost is taken again."""

from __future__ import annotations

import io
import json
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from unittest import mock

import pytest

from tests.run_club import club, joins, live
from verbline.interpreter.zones import DAY
from verbline.runtime.clock import now
from verbline.runtime.engine import engine as engines
from verbline.runtime.engine.reading import Backlog, Stretch
from verbline.runtime.standing import StoreError
from verbline.runtime.store.meanwhile import Meanwhile
from verbline.runtime.store.writer import Writer
from verbline.runtime.traces.told import Told

PEOPLE = 24
STRETCHES = Backlog.stretches


class Failing:
    """Ends transactions as ``plain`` does, but for the one with the number ``at`` of those that end in the other thread."""

    def __init__(self, plain: Callable[..., None], at: int) -> None:
        self.plain, self.left = plain, at

    def __get__(self, one: Meanwhile, _kind: type) -> Callable[..., None]:
        return lambda works: self.end(one, works)

    def end(self, one: Meanwhile, works: object) -> None:
        """End a transaction, or fail as a full disk does."""
        if one._disk.is_here:
            self.left -= 1
            if not self.left:
                error = sqlite3.OperationalError("database or disk is full")
                error.sqlite_errorcode = sqlite3.SQLITE_FULL
                raise error
        self.plain(one, works)


def numbers(connection: sqlite3.Connection) -> list[int]:
    """Return what stands in the table of these tests."""
    return [one for (one,) in connection.execute("select number from one order by number")]


@pytest.fixture
def writer(tmp_path: Path) -> Any:
    """Return the writer of a store with a table."""
    found = Writer(tmp_path / "s.db")
    found.connection.execute("create table one (number integer primary key)")
    yield found
    found.close()


def add(writer: Writer, number: int) -> None:
    """Write a number in a transaction, at its end."""
    with writer.writing():
        writer.later(lambda connection: connection.execute("insert into one values (?)", (number,)))


def test_whoever_asks_meets_all_that_was_to_be_written(writer: Writer) -> None:
    """Also what is to be written at the end of the transaction in hand; others meet what is on the disk."""
    with writer.ahead():
        add(writer, 1)
        with writer.writing() as connection:
            writer.later(lambda one: one.execute("insert into one values (2)"))
            assert numbers(connection) == [1, 2]
        add(writer, 3)
        writer.sure()
        other = sqlite3.connect(writer.path)
        assert numbers(other) == [1, 2, 3]
        other.close()
        assert not writer.again()
    assert numbers(writer.connection) == [1, 2, 3]


def test_behind_what_was_lost_nothing_is_written(writer: Writer, monkeypatch: pytest.MonkeyPatch) -> None:  # fmt: skip
    """Until somebody has taken note of it, whoever uses the store is told; what was decided behind it is lost too."""
    monkeypatch.setattr(Meanwhile, "_end", Failing(Meanwhile._end, 2))
    writer.is_ahead = True
    add(writer, 1)
    add(writer, 2)
    with pytest.raises(StoreError, match="disk is full"), writer.writing() as connection:
        connection.execute("insert into one values (3)")
    for _ in range(2):
        with pytest.raises(StoreError, match="disk is full"):
            add(writer, 4)
        with pytest.raises(StoreError), writer.reading() as connection:
            numbers(connection)
    assert writer.again()
    assert not writer.again()
    assert numbers(writer.connection) == [1]
    add(writer, 5)
    writer.sure()
    assert numbers(writer.connection) == [1, 5]
    assert writer._threads.acquire(blocking=False)
    writer._threads.release()


def test_what_is_taken_back_takes_nothing_else_along(writer: Writer) -> None:
    """What ended before is on the disk, though what came then has failed."""
    with writer.ahead():
        add(writer, 1)
        with pytest.raises(sqlite3.IntegrityError), writer.writing() as connection:
            connection.executemany("insert into one values (?)", [(2,), (2,)])
        add(writer, 3)
    assert numbers(writer.connection) == [1, 3]


def test_what_is_not_sure_is_not_there_when_the_writer_ends(tmp_path: Path) -> None:
    """A writer that is closed waits for what is on its way."""
    writer = Writer(tmp_path / "s.db")
    writer.connection.execute("create table one (number integer primary key)")
    writer.is_ahead = True
    add(writer, 1)
    writer.close()
    other = sqlite3.connect(tmp_path / "s.db")
    assert numbers(other) == [1]
    other.close()


def ran(folder: Path, log: Callable[[Path], object]) -> tuple[list[dict[str, Any]], dict[str, int], list[str]]:  # fmt: skip
    """Return the trace, the sums and what was told of a run that takes a log in small batches."""
    folder.mkdir()
    project, path = club(folder)
    log(path)
    told = io.StringIO()
    with live(project, path, told) as found:
        found.runner.pause = lambda _seconds: None
        files = found.runner.files

        def in_threes(backlog: Backlog) -> Iterator[Stretch]:
            for one in STRETCHES(backlog):
                items = one.items
                for first in range(0, len(items), 3):
                    is_last = first + 3 >= len(items)
                    place = one.place if is_last else files.before(one.file, items[first + 3])
                    yield Stretch(one.file, items[first : first + 3], place)

        with mock.patch.object(Backlog, "stretches", in_threes):
            found.begin()
        trace = list(Told(found.store.writer.connection).all())
        sums = {name: count for name, count in found.engine.counts.items() if count}
    return trace, sums, [json.loads(line)["event"] for line in told.getvalue().splitlines()]


def test_lines_of_a_batch_that_was_lost_are_taken_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whichever it was: each line once, none left out, and it is told."""
    begun = now() - 365 * DAY

    def log(path: Path) -> None:
        for number in range(1, PEOPLE + 1):
            joins(path, number, begun + number * DAY // 5)

    monkeypatch.setattr(engines, "TOGETHER", 5)
    whole = ran(tmp_path / "whole", log)
    assert whole[1]["events"] == PEOPLE
    plain = Meanwhile._end
    for at in range(1, 100):
        found = Failing(plain, at)
        monkeypatch.setattr(Meanwhile, "_end", found)
        trace, sums, told = ran(tmp_path / str(at), log)
        if found.left > 0:
            break
        assert trace == whole[0], at
        assert sums == whole[1], at
        assert told.count("waiting") == told.count("going on") == 1
    assert at > PEOPLE // 3
