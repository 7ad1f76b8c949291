"""Rows as bytes, on their way from one process to another. Rule: what comes out is what went in, to the type of each value.

    rows -> columns -> numbers as arrays, the rest as marshal has it -> bytes

That takes a third of the time that it takes to pickle rows, of which each is an object of its own.
"""

from __future__ import annotations

import marshal
from array import array
from typing import Any, TypeAlias

from verbline.runtime.report.noted import Handed, Left, Seen, Sent

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from verbline.runtime.report.book import Book

# Rows as bytes, or as they are where a value among them is nothing that marshal or an array knows, such as a decimal number.
Packed: TypeAlias = "bytes | list[Any]"

INT = frozenset((int,))
HAPPENED = ("moments", "raised", "entries", "labels")


def packed(rows: Sequence[Sequence[Any]]) -> Packed:
    """Return rows of one length as bytes."""
    try:
        columns = [
            (array("q", column).tobytes(), True) if {*map(type, column)} <= INT else (column, False)
            for column in zip(*rows, strict=True)
        ]
        return marshal.dumps(columns)
    except (ValueError, OverflowError):
        return list(rows)


def unpacked(told: Packed) -> Iterable[tuple[Any, ...]]:
    """Return the rows that were packed."""
    if not isinstance(told, bytes):
        return told
    columns = []
    for column, is_number in marshal.loads(told):  # noqa: S302 - our own bytes
        if is_number:
            numbers = array("q")
            numbers.frombytes(column)
            columns.append(numbers)
        else:
            columns.append(column)
    return zip(*columns, strict=True)


class Passed:
    """A book on its way: what is noted of many people in rows, and the rest as it is."""

    def __init__(self, book: Book) -> None:
        self._rest = book
        self._steps: list[Seen] = []
        numbers: dict[int, int] = {}

        def number(step: Seen) -> int:
            found = numbers.get(id(step))
            if found is None:
                found = numbers[id(step)] = len(self._steps)
                self._steps.append(step)
            return found

        self._by_name = {
            kind: {name: packed(rows) for name, rows in getattr(book, kind).items()}
            for kind in HAPPENED
        }
        sent, left, tasks = book.sent, book.left, book.tasks
        self._sent = packed([(*one[:3], number(one.step), *one[4:]) for one in sent])
        self._left = packed([(*one[:2], number(one.step), *one[3:]) for one in left])
        self._tasks = packed([tuple(value(one, name, number) for name in TASK) for one in tasks])
        self._outcomes = packed(book.outcomes)
        for kind in HAPPENED:
            setattr(book, kind, {})
        book.sent, book.left, book.tasks, book.outcomes = [], [], [], []

    def book(self) -> Book:
        """Return the book that was passed."""
        book, steps = self._rest, self._steps
        for kind, found in self._by_name.items():
            setattr(book, kind, {name: list(unpacked(told)) for name, told in found.items()})
        sent, left = unpacked(self._sent), unpacked(self._left)
        book.sent = [Sent._make((*row[:3], steps[row[3]], *row[4:])) for row in sent]
        book.left = [Left._make((*row[:2], steps[row[2]], *row[3:])) for row in left]
        book.tasks = [task(row, steps) for row in unpacked(self._tasks)]
        book.outcomes = list(unpacked(self._outcomes))
        return book


TASK = Handed.__slots__


def value(one: Handed, name: str, number: Callable[[Seen], int]) -> Any:
    """Return what a task has under a name; of its step the number."""
    return number(one.step) if name == "step" else getattr(one, name)


def task(row: tuple[Any, ...], steps: Sequence[Seen]) -> Handed:
    """Return the task of a row."""
    made = Handed.__new__(Handed)
    for name, told in zip(TASK, row, strict=True):
        setattr(made, name, steps[told] if name == "step" else told)
    return made
