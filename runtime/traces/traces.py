"""The trace as it is written. Rule: a batch is one row; rows in which a person is found are made behind it, never changed again.

    take -> write, once a batch -> fold, now and then: by person, in slices of time, in blocks of some people

A slice holds what some batches told. Its blocks stand in the order of people, so whoever asks for one person reads one
block of each slice, and all that is ever written is added at the end of a table, which is what costs least.
"""

from __future__ import annotations

import msgspec

from verbline.runtime.tables import make
from verbline.runtime.traces.forgetting import apart, forget, strip
from verbline.runtime.traces.packing import Group, grouped, packed, unpacked
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
        self._groups: list[Group] = []
        self._last: tuple[str, int, Cause] | None = None
        with writer.writing() as connection:
            make(connection, "traces", "trace_batch", FIRST)
            self._terms.read(connection)
            (behind,) = connection.execute(BEHIND).fetchone()
        self._behind: int = behind or 0

    def take(self, record: Record) -> None:
        """Add a record to those of the batch."""
        packed_one = pack(record, self._terms, self._folder)
        self._group(record.person, record.at, record.cause).append(packed_one)

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
        self._group(turn.person.id, turn.now, cause).append(found)

    def relate(self, tale: Related, person: int, at: int, event: str, values: list[Any]) -> None:
        """Add what a tale tells of a person to the records of the batch; ``values`` are those that differ."""
        self._last = None
        place = self._behind + len(self._groups)
        source = tale.source if event else 0
        told = place, person, at, source, event, [(-tale.number, b"", values)]
        self._groups.append(grouped(told))

    def tale(self, rows: Sequence[Row], source: str) -> Related:
        """Return what is related of people of whom ``rows`` are told, of an event from ``source`` or of none."""
        number = self._terms.number(tale_of(rows, self._terms, self._folder))
        met = tuple((one.journey, one.step, one.kind, one.verdict, one.reason) for one in rows)
        return Related(number, self._terms.number(source) or source, met)

    def _group(self, person: str, at: int, cause: Cause) -> list[Packed]:
        """Return the records of the group that a record belongs to, which is the last one, or new."""
        whose = person, at, cause
        if whose != self._last:
            self._last = whose
            source, event = cause
            place = self._behind + len(self._groups)
            numbered = (self._terms.number(source) or source) if event else 0
            self._groups.append(Group(place, own_number(person), at, numbered, event, []))
        return self._groups[-1].records

    def write(self) -> None:
        """Write the records of the batch. It can be done again where the transaction was taken back, until `done`."""
        if not self._groups:
            return
        with self._writer.writing() as connection:
            self._terms.write(connection)
            behind = self._behind + len(self._groups)
            row = self._behind, behind, packed(self._groups)
            connection.execute("insert into trace_batch values (?, ?, ?)", row)

    def done(self) -> None:
        """Forget the records of the batch: the transaction that wrote them holds."""
        self._behind += len(self._groups)
        self._groups = []
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
            groups = [group for body in bodies for group in unpacked(body, self._terms)]
            self._slice(connection, first, behind, groups)
            connection.execute("delete from trace_batch where number < ?", (behind,))
            return len(bodies)

    def forget(self, people: Iterable[str]) -> int:
        """Take what names ``people``, by id, out of all that was told, and keep the rest; return how many records were changed."""
        numbers = frozenset(map(own_number, people))
        with self._writer.writing() as connection:
            self._groups = apart(self._groups, self._terms, numbers)
            waiting = strip(self._groups, self._terms, numbers)
            return forget(connection, self._terms, numbers) + waiting

    def _slice(
        self, connection: sqlite3.Connection, first: int, behind: int, groups: list[Group]
    ) -> None:
        """Write a slice with its blocks."""
        (last,) = connection.execute("select max(number) from trace_block").fetchone()
        block = (last or 0) + 1
        people = []
        for number, part in enumerate(blocks(groups), block):
            people.append(part[-1].person)
            connection.execute("insert into trace_block values (?, ?)", (number, packed(part)))
        sieve = sieve_of(group.person for group in groups)
        row = first, behind, block, _encode(people), sieve
        connection.execute("insert into trace_slice values (?, ?, ?, ?, ?)", row)


def blocks(groups: list[Group]) -> Iterator[list[Group]]:
    """Yield ``groups`` by person, then in their order, in blocks; nobody is in two of them."""
    part: list[Group] = []
    count = 0
    for group in sorted(groups, key=by_person):
        if count >= BLOCK and group.person != part[-1].person:
            yield part
            part, count = [], 0
        part.append(group)
        count += len(group.records)
    if part:
        yield part


def by_person(group: Group) -> tuple[int, int]:
    """Return what sorts groups by person, then in their order."""
    return group.person, group.place
