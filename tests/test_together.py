"""Pieces of work from many threads are done in few transactions; each is whole, or it alone is not there."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from tests.limits import joined, until
from verbline.runtime.store.together import Together
from verbline.runtime.store.writer import Writer


@pytest.fixture
def writer(tmp_path: Path) -> Iterator[Writer]:
    """Return the writer of a store with one table."""
    found = Writer(tmp_path / "store.db")
    found.connection.execute("create table done (number integer primary key)")
    yield found
    found.close()


def insert(number: int) -> Callable[[sqlite3.Connection], int]:
    """Return a piece of work that notes a number, and then gives it back."""

    def work(connection: sqlite3.Connection) -> int:
        connection.execute("insert into done values (?)", (number,))
        if number % 7 == 0:
            raise ValueError(str(number))
        return number

    return work


def there(writer: Writer) -> list[int]:
    """Return the numbers that are noted."""
    return [row[0] for row in writer.connection.execute("select number from done order by number")]


def test_many_threads_share_few_transactions(writer: Writer) -> None:
    """While one transaction is on its way, what the others want is gathered for the next; each gets its own answer."""
    together = Together(writer)
    found: dict[int, Any] = {}
    commits: list[str] = []
    writer.connection.set_trace_callback(
        lambda statement: commits.append(statement) if statement.lower() == "commit" else None
    )

    def run(number: int) -> None:
        try:
            found[number] = together.do(insert(number))
        except ValueError as error:
            found[number] = str(error)

    threads = [threading.Thread(target=run, args=(number,)) for number in range(60)]
    with writer.alone():  # so that all of them wait
        for thread in threads:
            thread.start()
        until(lambda: len(together._waiting) >= len(threads))
    joined(*threads)
    assert len(commits) == 1
    assert found == {number: str(number) if number % 7 == 0 else number for number in range(60)}
    assert there(writer) == [number for number in range(60) if number % 7]


def test_a_transaction_that_fails_fails_all_of_them(writer: Writer) -> None:
    """Nothing of the transaction is there, and everybody is told; afterwards it goes on."""
    together = Together(writer)
    writer.connection.execute("create table other (number integer references done deferrable initially deferred)")  # fmt: skip
    writer.connection.execute("pragma foreign_keys = on")

    def broken(connection: sqlite3.Connection) -> None:
        connection.execute("insert into other values (99)")  # is seen at the end of the transaction

    with pytest.raises(sqlite3.IntegrityError):
        together.do(broken)
    assert together.do(insert(1)) == 1
    assert there(writer) == [1]


def test_inside_of_a_transaction_a_piece_is_a_part_of_it(writer: Writer) -> None:
    """It is there when that is, and what other threads wait for is left to them."""
    together = Together(writer)
    with pytest.raises(OSError, match="no disk"):
        taken_back(writer, together)
    assert there(writer) == []


@pytest.mark.parametrize("is_written", [True, False])
def test_a_piece_goes_along_with_the_transaction_of_another_thread(writer: Writer, *, is_written: bool) -> None:  # fmt: skip
    """It waits for no disk of its own; where the other is taken back, it does."""
    together = Together(writer)
    commits: list[str] = []
    writer.connection.set_trace_callback(
        lambda statement: commits.append(statement) if statement.lower() == "commit" else None
    )
    thread = threading.Thread(target=lambda: together.do(insert(2)))
    with suppress(OSError), writer.writing() as connection:
        thread.start()
        until(lambda: together._waiting)
        connection.execute("insert into done values (1)")
        if not is_written:
            raise OSError("no disk")
    joined(thread)
    assert (len(commits), there(writer)) == (1, [1, 2] if is_written else [2])


def taken_back(writer: Writer, together: Together) -> None:
    """Do a piece of work in a transaction that is taken back."""
    with writer.writing():
        assert together.do(insert(1)) == 1
        raise OSError("no disk")
