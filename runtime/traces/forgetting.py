"""Somebody taken out of a trace. Rule: what was decided stays, with the number of whom; what names them or what they said goes.

What the page of the file held before is overwritten only if the connection says `pragma secure_delete`.
"""

from __future__ import annotations

from bisect import bisect_left
from typing import NamedTuple

import msgspec

from verbline.runtime.traces.packing import packed, unpacked

TYPE_CHECKING = False
if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable

    from verbline.runtime.traces.packing import Group
    from verbline.runtime.traces.terms import Terms

# Further fields that name a person or tell what they said.
PERSONAL = frozenset({"because", "contact", "shown", "value"})
_decode = msgspec.msgpack.Decoder(list[int]).decode


class Place(NamedTuple):
    """A row with groups."""

    table: str
    number: int


def forget(connection: sqlite3.Connection, terms: Terms, people: frozenset[int]) -> int:
    """Take out of all rows what names ``people``; return how many records were changed."""
    count = 0
    for place in places(connection, people):
        read = f"select body from {place.table} where number = ?"  # noqa: S608 - one of two names
        (body,) = connection.execute(read, (place.number,)).fetchone()
        groups = list(unpacked(body, terms))
        changed = strip(groups, terms, people)
        if changed:
            write = f"update {place.table} set body = ? where number = ?"  # noqa: S608 - one of two names
            connection.execute(write, (packed(groups), place.number))
        count += changed
    return count


def places(connection: sqlite3.Connection, people: frozenset[int]) -> list[Place]:
    """Return the rows in which ``people`` can be."""
    found = []
    for block, last in connection.execute("select block, people from trace_slice order by number"):
        persons = _decode(last)
        indexes = {bisect_left(persons, number) for number in people} - {len(persons)}
        found += [Place("trace_block", block + index) for index in sorted(indexes)]
    rows = connection.execute("select number from trace_batch order by number")
    return found + [Place("trace_batch", number) for (number,) in rows]


def strip(groups: Iterable[Group], terms: Terms, people: frozenset[int]) -> int:
    """Take out of ``groups`` what names ``people``; return how many records were changed."""
    count = 0
    for group in groups:
        for site, _visit, values in group.records if group.person in people else ():
            names = [name for name, common in terms.site(site).fields if common is None]
            before = list(values)
            values[:] = [
                "" if name in PERSONAL else value for name, value in zip(names, before, strict=True)
            ]
            count += values != before
    return count
