"""A simulation over the lots of a log. Rule: what it comes to is, to the byte, what a run over the whole log comes to."""

from __future__ import annotations

from functools import partial
from typing import Any

from verbline.interpreter.step.choices import Experiment
from verbline.runtime.events import NEVER, Fault, Parked
from verbline.runtime.log import Log
from verbline.runtime.lots.brakes import LotBrakes
from verbline.runtime.lots.crew import settled, together
from verbline.runtime.lots.glimpse import NoWayError
from verbline.runtime.lots.lot import Lot
from verbline.runtime.lots.sums import add, sums_of
from verbline.runtime.lots.table import Table
from verbline.runtime.own import NAME as OWN
from verbline.runtime.simulate import PLACES_TOLD

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path
    from typing import TypeAlias

    from verbline.runtime.lots.crew import Work
    from verbline.runtime.simulate import Simulation

    Crew: TypeAlias = Callable[[Sequence[Callable[[], Work]]], list[Any]]
    # When a line was known, the number of its file, its offset, its length, and why it was parked.
    Row: TypeAlias = tuple[int, int, int, int, str]


def in_lots(
    make: Callable[[], Simulation],
    path: Path,
    lots: int,
    *,
    now: int | None = None,
    progress: Callable[[Log], object] = bool,
    crew: Crew = together,
) -> tuple[Simulation, Log]:
    """Let the log at ``path`` happen in so many lots; return a simulation of ``make`` that has come to what all came to.

    `NoWayError` where what happens to one person may depend on anybody.
    """
    whole, log = make(), Log(path, now=now)
    # What the runtime itself has appended names people by number.
    if not may_be_dealt(whole) or any(one.name.endswith(OWN) for one in log.files):
        raise NoWayError("what is asked for needs one order")
    table = Table(log.files, whole.feed, lots, now)
    shares = [Shared(make, path, table, number, log, progress) for number in range(lots)]
    try:
        found = crew([share.work for share in shares])
    finally:
        table.close()
    for sums, _parked in found:
        add(whole, log, sums)
    (log.counts.ahead, log.counts.late, _events), whole.last, rows = (
        table.counts,
        shares[0].last,
        table.parked,
    )
    for row in rows:
        log.counts.parked[row[4]] = log.counts.parked.get(row[4], 0) + 1
    rows = sorted([*rows, *(row for _sums, parked in found for row in parked)])
    whole.parked = [parked_at(row, log) for row in rows[:PLACES_TOLD]]
    return whole, log


def may_be_dealt(simulation: Simulation) -> bool:
    """Return whether what happens to one person depends on those alone who share something with them.

    An arm is drawn by the number that somebody bears, and a made-up answer is too; a log that is cut off is read to an
    end that depends on how it is read.
    """
    if simulation.share or simulation.until is not None:
        return False
    if simulation.feed.graph.links.rules.clauses.alone:
        return False
    journeys = simulation.program.journeys.values()
    return not any(isinstance(step, Experiment) for one in journeys for step in one.steps.values())


def parked_at(row: Row, log: Log) -> Parked:
    """Return a line that is no event."""
    known, number, offset, length, reason = row
    return Parked(Fault(reason, ""), log.files[number].name, offset, length, known)


class Shared:
    """What one process does: it looks at a piece of the log, and lets one lot happen. ``last`` is when that of all ended."""

    def __init__(
        self,
        make: Callable[[], Simulation],
        path: Path,
        table: Table,
        number: int,
        log: Log,
        progress: Callable[[Log], object],
    ) -> None:
        self.make = make
        self.path = path
        self.table = table
        self.number = number
        self.log = log
        self.progress = progress
        self.last: int | None = None

    def work(self) -> Work:
        """Do it; return the sums, and what was parked that stood there twice."""
        table, is_first = self.table, not self.number
        deal = yield from table.dealt(self.number)
        simulation = self.make()
        brakes = simulation.world.brakes = LotBrakes(table.lots)
        parked: list[Row] = []
        lot = Lot(self.path, deal, table.slots, self.number, partial(self.park, simulation, parked))
        if simulation.world.turn.counts is not None:
            simulation.feed.shorten()
        for events in simulation.within(lot):
            simulation.take(events)
            if is_first:
                self.tell(lot)
        last = NEVER if simulation.last is None else simulation.last
        reached = max((row[0] for row in (*table.parked, *parked)), default=NEVER)
        settle = furthest if is_first else None
        last, reached = yield from settled((last, reached), settle)
        if last > NEVER:
            self.last = simulation.last = last
            if reached > last:
                simulation.answers.reach(reached)
            simulation.finish()
        simulation.leave(simulation.world.numbered)
        brakes.check()
        return sums_of(simulation, lot), parked

    def park(self, simulation: Simulation, parked: list[Row], line: Parked) -> None:
        """Take note of a line whose id stands there twice."""
        simulation.park(line)
        number = next(at for at, file in enumerate(self.log.files) if file.name == line.file)
        parked.append((line.known, number, line.offset, line.length, line.fault.reason))

    def tell(self, lot: Lot) -> None:
        """Tell how far all are, as far as this one can tell."""
        self.log.counts.read = lot.counts.read
        self.log.counts.events = lot.counts.events * self.table.lots
        self.progress(self.log)


def furthest(ends: list[tuple[int, int]]) -> tuple[int, int]:
    """Return when the last event of all was known, and the last line."""
    return max(last for last, _reached in ends), max(reached for _last, reached in ends)
