"""Somebody taken out of a trace. Rule: what was decided stays, with the number of whom; what names them or what they said goes.

What the page of the file held before is overwritten only if the connection says `pragma secure_delete`.
"""

from __future__ import annotations

from typing import NamedTuple

from verbline.runtime.traces.packing import columns_of, packed, unpacked
from verbline.runtime.traces.sieve import blocks_about
from verbline.runtime.traces.tales import whole

TYPE_CHECKING = False
if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable

    from verbline.runtime.traces.packing import Group
    from verbline.runtime.traces.terms import Terms

# Further fields that name a person or tell what they said.
PERSONAL = frozenset({"because", "contact", "shown", "value"})


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
        groups = apart(unpacked(body, terms), terms, people)
        changed = strip(groups, terms, people)
        if changed:
            write = f"update {place.table} set body = ? where number = ?"  # noqa: S608 - one of two names
            connection.execute(write, (packed(columns_of(groups)), place.number))
        count += changed
    return count


def places(connection: sqlite3.Connection, people: frozenset[int]) -> list[Place]:
    """Return the rows in which ``people`` can be."""
    found = [Place("trace_block", block) for block in blocks_about(connection, people)]
    rows = connection.execute("select number from trace_batch order by number")
    return found + [Place("trace_batch", number) for (number,) in rows]


def apart(groups: Iterable[Group], terms: Terms, people: frozenset[int]) -> list[Group]:
    """Return ``groups``, in those of ``people`` every record by itself."""
    return [whole(one, terms.known) if one.person in people else one for one in groups]


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
