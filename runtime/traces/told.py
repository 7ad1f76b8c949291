"""The trace as it is read. Rule: it comes back in the order in which it was told, whatever of it has been moved already.

What is read together is read from one state of the store, so a runtime that writes meanwhile does not matter.
"""

from __future__ import annotations

from contextlib import contextmanager

import msgspec

from verbline.runtime.traces.packing import unpacked
from verbline.runtime.traces.sieve import blocks_about
from verbline.runtime.traces.telling import own_number, told
from verbline.runtime.traces.terms import Terms

TYPE_CHECKING = False
if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Iterator
    from typing import Any

    from verbline.runtime.traces.packing import Group

_decode = msgspec.msgpack.Decoder(list[int]).decode


class Told:
    """What the store behind ``connection`` tells; reading is all that is done with it."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._terms = Terms()

    def of(self, people: str | Iterable[str]) -> list[dict[str, Any]]:
        """Return the records of a person by id, or of the ``people`` that one was taken for, in their order."""
        ids = [people] if isinstance(people, str) else people
        numbers = frozenset(own_number(person) for person in ids)
        with held(self._connection) as connection:
            self._terms.read(connection)
            groups = [group for group in self._groups_of(numbers) if group.person in numbers]
        groups.sort(key=in_order)
        return [record for group in groups for record in told(group, self._terms)]

    def all(self) -> Iterator[dict[str, Any]]:
        """Yield all records in their order."""
        with held(self._connection) as connection:
            self._terms.read(connection)
            for groups in self._slices():
                for group in sorted(groups, key=in_order):
                    yield from told(group, self._terms)
            for (body,) in connection.execute("select body from trace_batch order by number"):
                for group in unpacked(body, self._terms):
                    yield from told(group, self._terms)

    def _groups_of(self, numbers: frozenset[int]) -> Iterator[Group]:
        """Yield groups among which are all those of some people."""
        connection = self._connection
        for block in blocks_about(connection, numbers):
            yield from self._block(block)
        for (body,) in connection.execute("select body from trace_batch order by number"):
            yield from unpacked(body, self._terms)

    def _slices(self) -> Iterator[list[Group]]:
        """Yield the groups of each slice."""
        read = "select block, people from trace_slice order by number"
        for block, people in self._connection.execute(read):
            count = len(_decode(people))
            yield [group for index in range(count) for group in self._block(block + index)]

    def _block(self, number: int) -> Iterator[Group]:
        row = self._connection.execute("select body from trace_block where number = ?", (number,)).fetchone()  # fmt: skip
        return unpacked(row[0], self._terms)


@contextmanager
def held(connection: sqlite3.Connection) -> Iterator[sqlite3.Connection]:
    """Read from one state of the store while this lasts."""
    if connection.in_transaction:
        yield connection
        return
    connection.execute("begin")
    try:
        yield connection
    finally:
        connection.rollback()


def in_order(group: Group) -> int:
    """Return the place of a group in the order of all."""
    return group.place
