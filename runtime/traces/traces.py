"""The trace as it is written. Rule: a batch is one row; rows in which a person is found are made behind it, never changed again.

    take -> write, once a batch -> fold, now and then: by person, in slices of time, in blocks of some people

A slice holds what some batches told. Its blocks stand in the order of people, so whoever asks for one person reads one
block of each slice, and all that is ever written is added at the end of a table, which is what costs least.
"""

from __future__ import annotations

from itertools import accumulate

import msgspec

from verbline.runtime.tables import make
from verbline.runtime.traces.forgetting import apart, forget, strip
from verbline.runtime.traces.packing import (
    Columns,
    are_single,
    chosen,
    columns_in,
    ends_of,
    groups_in,
    joined,
    packed,
    picked,
)
from verbline.runtime.traces.shapes import Shapes
from verbline.runtime.traces.sieve import sieve_of
from verbline.runtime.traces.tales import Related
from verbline.runtime.traces.telling import own_number, pack, tale_of
from verbline.runtime.traces.terms import TABLE, Terms

TYPE_CHECKING = False
if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Iterator, Sequence
    from typing import Any

    from verbline.interpreter.person.record import Cause, Visit
    from verbline.interpreter.program.parts import Journey
    from verbline.interpreter.step.impulses import Row
    from verbline.interpreter.step.records import Record
    from verbline.interpreter.step.steps import Step
    from verbline.interpreter.step.turn import Turn
    from verbline.runtime.store.writer import Writer
    from verbline.runtime.traces.packing import Packed

FIRST = (
    TABLE,
    # Both by the place of their first group in the order of all groups; `behind` is the place after their last.
    "create table trace_batch (number integer primary key, behind integer not null, body blob not null)",
    # `people` are the last person of each block, whose numbers go on from `block`; `sieve` tells whom it may be about.
    (
        "create table trace_slice (number integer primary key, behind integer not null, block integer not null,"
        " people blob not null, sieve blob not null)"
    ),
    "create table trace_block (number integer primary key, body blob not null)",
)
# Batches are moved once they hold so many groups: smaller slices would have to be looked through one by one.
LEAST = 1_000
# So many records make a block, unless one person has more: some pages of the file, which are then nearly full.
BLOCK = 1_000
# How many columns of a row of the batch are those of its group.
OF_GROUP = 4
BEHIND = "select max(behind) from (select behind from trace_batch union all select behind from trace_slice)"
WAITING = "select min(number), max(behind) from trace_batch"
BATCHES = "select number, behind, body from trace_batch order by number"
_encode = msgspec.msgpack.Encoder().encode


class Traces:
    """The trace of the store that ``writer`` writes. ``folder`` is `Program.folder`: places are told from there."""

    def __init__(self, writer: Writer, folder: str) -> None:
        self._writer = writer
        self._folder = folder
        self._terms = Terms()
        self._shapes = Shapes(self._terms, folder)
        # The records of the batch, each behind what its group has, and how many each group has.
        self._rows: list[tuple[Any, ...]] = []
        self._counts: list[int] = []
        self._last: tuple[str, int, Cause] | None = None
        with writer.writing() as connection:
            make(connection, "traces", "trace_batch", FIRST)
            self._terms.read(connection)
            (behind,) = connection.execute(BEHIND).fetchone()
        self._behind: int = behind or 0

    def take(self, record: Record) -> None:
        """Add a record to those of the batch."""
        packed_one = pack(record, self._terms, self._folder)
        self._add(record.person, record.at, record.cause, packed_one)

    def tell(  # noqa: PLR0917 - a sink is called with these, in this order
        self,
        turn: Turn,
        journey: Journey | None,
        visit: Visit | None,
        step: Step | None,
        kind: str,
        verdict: str,
        reason: str,
        more: dict[str, Any],
    ) -> None:
        """Add a record to those of the batch, from what a sink is told; as `take` does, and faster."""
        cause = turn.cause if visit is None or turn.cause[1] else visit.cause
        found = self._shapes.packed(turn, journey, visit, step, kind, verdict, reason, more)
        self._add(turn.person.id, turn.now, cause, found)

    def relate(self, tale: Related, person: int, at: int, event: str, values: list[Any]) -> None:
        """Add what a tale tells of a person to the records of the batch; ``values`` are those that differ."""
        self._last = None
        source = tale.source if event else 0
        self._rows.append((person, at, source, event, -tale.number, b"", values))
        self._counts.append(1)

    def tale(self, rows: Sequence[Row], source: str) -> Related:
        """Return what is related of people of whom ``rows`` are told, of an event from ``source`` or of none."""
        number = self._terms.number(tale_of(rows, self._terms, self._folder))
        met = tuple((one.journey, one.step, one.kind, one.verdict, one.reason) for one in rows)
        return Related(number, self._terms.number(source) or source, met)

    def _add(self, person: str, at: int, cause: Cause, record: Packed) -> None:
        """Add a record to its group, which is the last one, or new."""
        whose = person, at, cause
        if whose == self._last:
            self._counts[-1] += 1
            head = self._rows[-1][:OF_GROUP]
        else:
            self._last = whose
            self._counts.append(1)
            source, event = cause
            numbered = (self._terms.number(source) or source) if event else 0
            head = own_number(person), at, numbered, event
        self._rows.append((*head, *record))

    def _columns(self) -> Columns:
        """Return the groups of the batch, of which there are some."""
        columns, counts = list(zip(*self._rows, strict=True)), self._counts
        heads: list[Sequence[Any]] = [*columns[:OF_GROUP]]
        sites, names, values = columns[OF_GROUP:]
        if not are_single(counts):
            firsts = (0, *accumulate(counts[:-1]))
            heads = [picked(column, firsts) for column in heads]
        places = range(self._behind, self._behind + len(counts))
        persons, ats, sources, events = heads
        return Columns(places, persons, ats, sources, events, counts, sites, names, values)

    def write(self) -> None:
        """Write the records of the batch. It can be done again where the transaction was taken back, until `done`."""
        if not self._rows:
            return
        with self._writer.writing() as connection:
            self._terms.write(connection)
            behind = self._behind + len(self._counts)
            row = self._behind, behind, packed(self._columns())
            connection.execute("insert into trace_batch values (?, ?, ?)", row)

    def done(self) -> None:
        """Forget the records of the batch: the transaction that wrote them holds."""
        self._behind += len(self._counts)
        self._rows, self._counts = [], []
        self._last = None

    def fold(self, most: int, least: int = LEAST) -> int:
        """Move batches, the oldest first, to where a person is found; return how many were moved.

        None is moved before they hold ``least`` groups together. That many are moved at once, and ``most`` batches at the
        most where they hold more.
        """
        with self._writer.writing() as connection:
            first, behind = connection.execute(WAITING).fetchone()
            if first is None or behind - first < least:
                return 0
            bodies = []
            for _, behind, body in connection.execute(BATCHES):
                bodies.append(body)
                if len(bodies) >= most and behind - first >= least:
                    break
            columns = joined([columns_in(body, self._terms) for body in bodies])
            self._slice(connection, first, behind, columns)
            connection.execute("delete from trace_batch where number < ?", (behind,))
            return len(bodies)

    def forget(self, people: Iterable[str]) -> int:
        """Take what names ``people``, by id, out of all that was told, and keep the rest; return how many records were changed."""
        numbers = frozenset(map(own_number, people))
        with self._writer.writing() as connection:
            return forget(connection, self._terms, numbers) + self._forget(numbers)

    def _forget(self, numbers: frozenset[int]) -> int:
        """Take out of what waits to be written what names people; return how many records were changed."""
        if not self._rows:
            return 0
        groups = apart(groups_in(self._columns()), self._terms, numbers)
        count = strip(groups, self._terms, numbers)
        self._rows = [(*group[1:-1], *record) for group in groups for record in group.records]
        self._counts = [len(group.records) for group in groups]
        return count

    def _slice(
        self, connection: sqlite3.Connection, first: int, behind: int, columns: Columns
    ) -> None:
        """Write a slice with its blocks."""
        (last,) = connection.execute("select max(number) from trace_block").fetchone()
        block = (last or 0) + 1
        people = []
        for number, part in enumerate(blocks(columns), block):
            people.append(part.persons[-1])
            connection.execute("insert into trace_block values (?, ?)", (number, packed(part)))
        sieve = sieve_of(columns.persons)
        row = first, behind, block, _encode(people), sieve
        connection.execute("insert into trace_slice values (?, ?, ?, ?, ?)", row)


def blocks(columns: Columns) -> Iterator[Columns]:
    """Yield groups by person, then in their order, in blocks; nobody is in two of them."""
    persons, counts, ends = columns.persons, columns.counts, ends_of(columns)
    # Those of one person stay in their order.
    order = sorted(range(len(persons)), key=persons.__getitem__)
    part: list[int] = []
    count = 0
    for place in order:
        if count >= BLOCK and persons[place] != persons[part[-1]]:
            yield chosen(columns, part, ends)
            part, count = [], 0
        part.append(place)
        count += counts[place]
    if part:
        yield chosen(columns, part, ends)
