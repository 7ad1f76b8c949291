"""One version over the recorded period, kept as an outline. Rule: it is the run of `verbline simulate`, and nothing is sent.

    log -> who it is -> what happens -> outline, people inside, load by desk and day

A second run may leave out events: that they happened is then not known to any journey, though who they name stays known.
"""

from __future__ import annotations

from array import array
from collections import Counter

from verbline.interpreter.zones import HOUR
from verbline.runtime.apart import Apart
from verbline.runtime.consent.ledger import Ledger
from verbline.runtime.entries import OutOfOrderError
from verbline.runtime.identity.rules import print_of
from verbline.runtime.known import Known, within
from verbline.runtime.log import Log
from verbline.runtime.plan.outline import Outline, Sums, cause_mark
from verbline.runtime.simulate import Simulation

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path
    from typing import Any

    from verbline.interpreter.person.record import Visit
    from verbline.interpreter.program.parts import Journey
    from verbline.interpreter.program.program import Program
    from verbline.interpreter.project import Project
    from verbline.interpreter.step.steps import Step
    from verbline.interpreter.step.turn import Turn
    from verbline.runtime.events import Event
    from verbline.runtime.log import Counts
    from verbline.runtime.plan.lasting import Lengths
    from verbline.runtime.sources import Sources

# From so many bytes on a log is taken one person after the other.
LARGE = 1 << 30
# What an event is called that is left out: no project can name it.
LEFT_OUT = "\0"


class Period:
    """What is replayed: the log at ``path``, from ``start`` up to before ``until``; ``now`` is what the clock shows.

    ``share`` of the questions, from 0 to 1, are answered by hash where the log has no answer.
    """

    __slots__ = ("now", "path", "share", "start", "until")

    def __init__(
        self,
        path: Path,
        now: int | None = None,
        start: int | None = None,
        until: int | None = None,
        share: float = 0.0,
    ) -> None:
        self.path = path
        self.now = now
        self.start = start
        self.until = until
        self.share = share


class Result:
    """What a run came to. ``inside`` are visits at the end by journey, ``tasks`` those handed over by desk and day.

    ``owners`` are whom each event of the log was about, 0 for nobody, where that was asked; ``lengths`` how long waits lasted.
    """

    __slots__ = ("events", "first", "inside", "last", "lengths", "numbers", "outline", "owners", "parked", "people", "tasks")  # fmt: skip

    def __init__(self, outline: Outline, replay: Replay, counts: Counts) -> None:
        self.outline = outline
        self.inside = replay.inside
        self.people = replay.people
        self.events = replay.events
        self.first = replay.first
        self.last = replay.last
        self.parked = sum(counts.parked.values())
        # The highest number that somebody bears.
        self.numbers = max(len(replay.world.numbered), 1) - 1
        self.tasks: Counter[tuple[str, str]] = replay.tasks
        self.owners: array[int] | None = None
        self.lengths: Lengths = {}


class Replay(Simulation):
    """See the module. ``without`` are the hashes of events that are left out."""

    def __init__(
        self,
        project: Project,
        program: Program,
        period: Period,
        sources: Sources | None = None,
        without: frozenset[int] = frozenset(),
    ) -> None:
        super().__init__(
            project,
            program,
            start=period.start,
            until=period.until,
            share=period.share,
            sources=sources,
            tell=untold,
        )
        # Of what would have been without some events the sums are wanted, and no person.
        self.outline = Sums() if without else Outline()
        self._add = self.outline.add
        self.tasks: Counter[tuple[str, str]] = Counter()
        self._without = without
        self._days: dict[int, str] = {}

    def _sink(  # noqa: PLR0917 - a sink is called with these, in this order
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
        if visit is not None and (kind == "task" or kind == "wait"):
            self.answers.note(visit, step, kind, verdict, more)
        if self.start is not None and turn.now < self.start:
            return
        if kind == "task" and verdict == "taken":
            self.tasks[more["desk"], self._day(turn.now)] += 1
        self._add(turn, journey, visit, step, kind, verdict, reason, more)

    def _day(self, now: int) -> str:
        """Return the date at ``now`` in the project's zone."""
        quarter = now // (HOUR // 4)
        day = self._days.get(quarter)
        if day is None:
            day = self._days[quarter] = self.program.zone.local(now).date().isoformat()
        return day

    def take(self, events: Sequence[Event]) -> None:
        """Let ``events`` happen, those left out only as far as they say who somebody is."""
        if self._without:
            for event in events:
                if cause_mark((event.source, event.id)) in self._without:
                    event.type = LEFT_OUT
                    event.consent = None
        super().take(events)


def untold(_record: object) -> None:
    """Tell a record to nobody; that somebody wants it makes each step tell of itself."""


def replayed(
    make: Callable[[], Replay],
    period: Period,
    progress: Callable[[Log], object] = bool,
    large: int = LARGE,
) -> Result:
    """Return what a period comes to; a log of ``large`` bytes or more is taken one person after the other, where that is a way."""
    replay = make()
    log = Log(period.path, now=period.now, park=replay.park)
    if log.counts.size >= large:
        try:
            Apart(replay, log).run(lambda: progress(log))
        except OutOfOrderError:
            replay = make()
            log = Log(period.path, now=period.now, park=replay.park)
        else:
            return Result(replay.outline, replay, log.counts)
    replay.run(log, lambda: progress(log))
    return Result(replay.outline, replay, log.counts)


def same_people(before: Project, after: Project) -> bool:
    """Return whether both sides tell people apart by the same rules, so that numbers mean the same people."""
    return print_of(before) == print_of(after)


def owners_of(
    project: Project, program: Program, period: Period, sources: Sources | None = None
) -> tuple[array[int], Callable[[int], int]]:
    """Return whom each event of the log is about in the end, 0 for nobody, and what gives the last number of somebody."""
    owners = array("I")
    found = Known(project, program, Ledger(), sources, lambda _event, number, _people: owners.append(number))  # fmt: skip
    for events in within(Log(period.path, now=period.now), period.until):
        found.take(events)
    now = found.identity.now
    return array("I", (number and now(number) for number in owners)), now
