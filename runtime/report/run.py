"""The run behind a report: the log happens once, and what figures need is noted. Rule: the run is that of `simulate`; nothing differs but that it is watched.

    log -> people -> journeys -> notes -> (the cut) -> facts

Journeys are live from the beginning of the log. People are who they are at the cut: who turned out to be one counts once.
A large log is taken in shares of the people, by as many processes; what is noted is the same, to the byte.
"""

from __future__ import annotations

from functools import partial
from itertools import islice
from typing import NamedTuple

from verbline.runtime import shares
from verbline.runtime.apart import Apart
from verbline.runtime.entries import OutOfOrderError
from verbline.runtime.feed import Feed
from verbline.runtime.report.columns import Passed
from verbline.runtime.report.crowd import Crowd
from verbline.runtime.report.notes import Notes
from verbline.runtime.report.recorded import from_store
from verbline.runtime.report.wanted import AFTER_MOMENT, SUMS
from verbline.runtime.report.window import Clock
from verbline.runtime.simulate import Simulation

TYPE_CHECKING = False
if TYPE_CHECKING:
    from array import array
    from collections import Counter
    from collections.abc import Callable, Iterable, Mapping
    from typing import Any

    from verbline.interpreter.person.record import Person, Visit
    from verbline.interpreter.program.parts import Journey
    from verbline.interpreter.program.program import Program
    from verbline.interpreter.project import Project
    from verbline.interpreter.step.steps import Step
    from verbline.interpreter.step.turn import Turn
    from verbline.runtime.events import Event
    from verbline.runtime.log import Log
    from verbline.runtime.report.cases import Occasion
    from verbline.runtime.report.roles import Roles
    from verbline.runtime.report.wanted import Wanted
    from verbline.runtime.sources import Sources
    from verbline.runtime.ways import Way


# From so many bytes of log on processes save more than it takes to put together what they noted.
APART_FROM = 16 << 20
# From so many on one process takes one person after the other, so that what happens fits into memory.
ALONE_FROM = 1 << 30


class Watching(Feed):
    """A feed that notes the events which are watched moments."""

    notes: Notes

    def happen(self, event: Event, person: Person, way: Way) -> None:
        """Note what an event is, and let it happen."""
        number = person.number if person.parts is None else int(self.whose(person, event)[1:])
        self.notes.happened(event, number, way.moments)
        super().happen(event, person, way)


class Watched(Simulation):
    """A simulation whose records and moments are noted; ``whole`` is the program with all fields of its moments."""

    feed_kind = Watching

    def __init__(
        self,
        project: Project,
        whole: Program,
        watched: Mapping[str, tuple[str, ...]],
        *,
        start: int | None,
        until: int | None,
        sources: Sources | None,
    ) -> None:
        self.notes = Notes(watched, whole.moments, start)
        self.crowd = Crowd(whole)
        super().__init__(project, whole, until=until, sources=sources)
        assert isinstance(self.feed, Watching), "the feed is the one that was asked for"
        self.feed.notes = self.notes
        self.world.turn.sink = self._noted
        self.world.turn.counts = None
        for name in watched:
            # One of which nothing follows is passed by unseen.
            self.program.moments[name].idle = False

    def _noted(  # noqa: PLR0917 - a sink is called with these, in this order
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
        if journey is None:
            self.tally.count(turn, journey, visit, step, kind, verdict, reason, more)
            self.notes.sink(turn, journey, visit, step, kind, verdict, reason, more)
        elif visit is not None:
            if kind == "task" or kind == "wait":
                self.answers.note(visit, step, kind, verdict, more)
            self.notes.record(turn, visit, step, kind, verdict, reason, more)

    def _own(self, event: Event, number: int | None) -> None:
        super()._own(event, number)
        self.notes.said(event, number)

    def leave(self, people: Iterable[Person | None]) -> None:
        """Note people to whom nothing more happens, and where they stand."""
        there = list(people)
        super().leave(there)
        self.crowd.take(self.world, there)
        self.notes.walks.stand(there)
        self.notes.forget()

    def add(self, other: Noted) -> None:
        """Add what was noted of other people."""
        self.notes.add(other.notes.book())
        self.crowd.add(other.crowd)
        self.inside += other.inside
        self.tally.people += other.people


class Noted(NamedTuple):
    """What was noted of a share of the people, and when they entered journeys that take in so many in some time."""

    notes: Passed
    crowd: Crowd
    inside: Counter[str]
    people: Counter[str]
    entries: Mapping[str, array[int]]


class Facts(NamedTuple):
    """What a report is computed from. ``cut`` is the instant at which it is taken, ``begin`` the first of the log."""

    program: Program
    wanted: Wanted
    roles: Roles
    notes: Notes
    run: Watched
    clock: Clock
    begin: int
    cut: int
    numbers: Numbers
    inside: Mapping[str, int]
    # What was put in order once, by what it is.
    ordered: dict[tuple[str, str], list[Occasion]]

    @property
    def is_empty(self) -> bool:
        """Whether nothing happened, so that no instant is known."""
        return self.run.first is None

    def number(self, person: int) -> int:
        """Return the number that a person bears at the cut."""
        return self.numbers[person]


class Numbers(dict[int, int]):
    """The number that each person bears at the cut."""

    def __init__(self, now: Callable[[int], int]) -> None:
        super().__init__()
        self._now = now

    def __missing__(self, person: int) -> int:
        number = self[person] = self._now(person)
        return number


def facts(
    project: Project,
    program: Program,
    wanted: Wanted,
    roles: Roles,
    open_log: Callable[[Watched], Log],
    *,
    bounds: tuple[int | None, int | None] = (None, None),
    sources: Sources | None = None,
    records: Iterable[Mapping[str, Any]] | None = None,
    progress: Callable[[Log], object] = bool,
) -> Facts:
    """Let the log happen, up to its end or to the second of ``bounds``, and return what was noted.

    Where there are ``records`` of a store, what journeys decided is theirs.
    """
    start, until = bounds
    kept = watched(wanted, roles, program)
    make = partial(Watched, project, program, kept, start=start, until=until, sources=sources)
    run = happened(make, open_log, progress)
    begin = 0 if run.first is None else run.first
    cut = begin + 1 if run.last is None else run.last + (until is None)
    numbers, clock = Numbers(run.feed.graph.now), Clock(program)
    found = Facts(
        program, wanted, roles, run.notes, run, clock, begin, cut, numbers, run.inside, {}
    )
    if records is not None:
        return from_store(found, records)
    run.notes.join()
    return found


def happened(
    make: Callable[[], Watched],
    open_log: Callable[[Watched], Log],
    progress: Callable[[Log], object],
) -> Watched:
    """Let the log happen: a large one in shares of the people where that is a way, else in the order of time."""
    run = make()
    log, room = open_log(run), shares.room()
    if log.counts.size >= (APART_FROM if room > 1 else ALONE_FROM):
        try:
            in_shares(run, log, room, lambda: progress(log))
        except OutOfOrderError:
            run = make()
            log = open_log(run)
        else:
            return run
    run.run(log, lambda: progress(log))
    return run


def in_shares(run: Watched, log: Log, number: int, progress: Callable[[], object] = bool) -> None:
    """Let the log happen to so many shares of the people, each in a process; ``run`` has then noted all."""
    apart = Apart(run, log)
    apart.learn(progress, beside=number > 1)

    def work(place: int, progress: Callable[[], object]) -> Noted | None:
        apart.live(progress, islice(apart.families(), place, None, number), number)
        run.notes.order()
        if not place:  # noted here
            return None
        entries = apart.entries.counts()
        return Noted(Passed(run.notes.bare()), run.crowd, run.inside, run.tally.people, entries)

    _here, *others = shares.taken(
        [partial(work, place, bool if place else progress) for place in range(number)]
    )
    for other in others:
        run.add(other)
        apart.entries.add(other.entries, run.program.journeys)
    apart.entries.check()


def watched(wanted: Wanted, roles: Roles, program: Program) -> dict[str, tuple[str, ...]]:
    """Return the moments that figures are computed from, each with the fields that are kept of it."""
    kept: dict[str, set[str]] = {}
    for metric in wanted.metrics.values():
        kept.setdefault(metric.goal, set()).update([metric.field] if metric.how == SUMS else [])
        if metric.since and metric.after == AFTER_MOMENT:
            kept.setdefault(metric.since, set())
    for family in roles.families.values():
        for moment in family.moments.values() if family else ():
            fields = kept.setdefault(moment, set())
            names = ("case", "amount", "by", "reason")
            fields.update(family.more[name] for name in names if family.more.get(name))
    carried = {name: {field for field, _read in program.moments[name].readers} for name in kept}
    return {
        name: tuple(sorted((fields | set(roles.cases)) & carried[name]))
        for name, fields in kept.items()
    }
