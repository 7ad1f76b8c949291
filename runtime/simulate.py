"""A log in memory, on its own time. Rule: the same log and project give the same answer everywhere, and nothing is sent.

    log -> who it is -> what happens -> sums

Whoever is asked and whose answer is not in the log does not answer, unless a share of the answers is made up by hash.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter

from verbline.interpreter.program.narrow import narrowed
from verbline.interpreter.step.again import Row
from verbline.interpreter.step.questions import Confirm
from verbline.interpreter.step.records import Record, instant_text
from verbline.interpreter.step.tasks import Task
from verbline.interpreter.step.world import World
from verbline.runtime.answers import DESK, QUESTION, Answers
from verbline.runtime.declared import read_in
from verbline.runtime.feed import Feed
from verbline.runtime.identity.graph import Identity
from verbline.runtime.identity.rules import rules_of
from verbline.runtime.order import FOREVER, known_of
from verbline.runtime.shortly import Shortly
from verbline.runtime.tally import Tally, ordered

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from typing import Any

    from verbline.interpreter.person.record import Person, Visit
    from verbline.interpreter.program.parts import Journey
    from verbline.interpreter.program.program import Program
    from verbline.interpreter.project import Project
    from verbline.interpreter.step.steps import Step
    from verbline.interpreter.step.turn import Turn
    from verbline.runtime.events import Event, Parked
    from verbline.runtime.identity.rules import Rules
    from verbline.runtime.log import Log
    from verbline.runtime.sources import Sources

FORMAT = 1
# So many places of lines that could not be read are told.
PLACES_TOLD = 3


class Simulation:
    """A project and a log on their way through a world. Instants are milliseconds since 1970 UTC.

    ``start`` and ``until`` bound what is counted and told: what happened before ``start`` is only remembered, and time
    ends before ``until``. At ``start`` the journeys go live for whoever is known then and in a segment that they name. ``sources`` says how systems write themselves and their fields. ``share`` of the questions, from 0 to 1, are answered by hash. ``tell`` gets each trace record. ``rules`` of who is who are the project's where none are given.
    """

    # What lies between the log and the world; a host that wants to see more of the events brings its own.
    feed_kind: type[Feed] = Feed

    def __init__(
        self,
        project: Project,
        program: Program,
        *,
        start: int | None = None,
        until: int | None = None,
        share: float = 0.0,
        sources: Sources | None = None,
        tell: Callable[[Record], None] | None = None,
        rules: Rules | None = None,
    ) -> None:
        self.start, self.until = start, until
        # When the journeys go live, until they did.
        self.live_at = start
        self.program = program = narrowed(program, read_in(project, program))
        self.tally = Tally(program, start)
        is_plain = start is None and tell is None and not asks(program)
        self.world = World(program, sink=self.tally.count if is_plain else self._sink)
        if is_plain:
            self.world.turn.counts = self.tally.sites
        self.answers = Answers(self.world, share)
        identity = Identity(rules or rules_of(project))
        self.feed = self.feed_kind(project, program, identity, self.world, sources)
        self.feed.own = self._own
        self.share = share
        self.vain = 0
        self.people = 0
        self.inside: Counter[str] = Counter()
        self.events = 0
        self.first: int | None = None
        self.last: int | None = None
        self.parked: list[Parked] = []
        self._tell = tell

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
        self.tally.count(turn, journey, visit, step, kind, verdict, reason, more)
        if visit is not None and (kind == "task" or kind == "wait"):
            self.answers.note(visit, step, kind, verdict, more)
        if self._tell is not None and (self.start is None or turn.now >= self.start):
            self._tell(Record(turn, journey, visit, step, kind, verdict, reason, more))

    def park(self, parked: Parked) -> bool:
        """Take note of a line that is no event; return whether it stands between the bounds of what is told."""
        if len(self.parked) < PLACES_TOLD:
            self.parked.append(parked)
        if self.until is not None and parked.known >= self.until:
            return False
        # What was due before it comes first.
        if self.live_at is not None and parked.known >= self.live_at:
            self.go_live()
        self.answers.reach(max(parked.known, self.world.now))
        return self.start is None or self.world.now >= self.start

    def run(
        self,
        log: Log,
        progress: Callable[[], object] = bool,
        hear: Callable[[Sequence[Event]], object] = bool,
    ) -> None:
        """Let the log happen, up to its end or to ``until``; ``progress`` is called now and then, ``hear`` with what comes next."""
        if self.world.turn.counts is not None and not self.share:
            self.feed.shorten()
        for events in self.within(log):
            hear(events)
            self.take(events)
            progress()
        self.finish()
        self.leave(self.world.numbered)

    def within(self, log: Log) -> Iterator[list[Event]]:
        """Yield the events of the log up to ``until``, some at a time, and count them."""
        until = FOREVER if self.until is None else self.until
        for batch in log.batches():
            if self.first is None:
                self.first = batch[0].known
            is_last = batch[-1].known >= until
            events = batch[: bisect_left(batch, until, key=known_of)] if is_last else batch
            self.events += len(events)
            if events:
                self.last = events[-1].known
                yield events
            if is_last:
                return

    def finish(self) -> None:
        """Let everything happen that is due up to the end."""
        end = self.last if self.until is None else self.until
        if self.live_at is not None and end is not None and self.live_at <= end:
            self.go_live()
        if self.until is not None:
            self.last = self.until
            self.answers.reach(self.until)
        elif self.last is not None:
            if self.share:
                self.answers.reach(self.last)
            self.world.advance(self.last)
        if isinstance(self.feed.brief, Shortly):
            self.feed.brief.brevity.count()

    def take(self, events: Sequence[Event]) -> None:
        """Let ``events`` happen, each at its time."""
        if self.live_at is not None and events and events[-1].known >= self.live_at:
            first = bisect_left(events, self.live_at, key=known_of)
            before, events = events[:first], events[first:]
            if before:
                self.take(before)
            self.go_live()
        if not self.share:
            self.feed.take(events)
            return
        for event in events:
            self.answers.reach(event.known)
            self.feed.take((event,))

    def go_live(self) -> None:
        """Let the journeys go live, where the time for that has come and they did not."""
        if self.live_at is not None:
            self.answers.reach(self.live_at)
            self.world.go_live(self.live_at)
            self.live_at = None

    def _own(self, event: Event, number: int | None) -> None:
        """Take an event of the runtime's own: an answer. Signals are raised anew, and what channels said sends nothing."""
        if event.type in (DESK, QUESTION):
            self.world.until(event.known)
            self.vain += not self.answers.recorded(event, number)

    def leave(self, people: Iterable[Person | None]) -> None:
        """Count people to whom nothing more happens, and who of them is inside of what."""
        person: Any
        for person in people:
            if person.__class__ is Row:  # who is kept in brief
                self.people += 1
                for journey in person.situation.inside:
                    self.inside[journey] += 1
            elif person is not None:
                self.people += not person.erased
                for visit in person.visits:
                    self.inside[visit.journey] += 1

    def summary(self, log: Log) -> dict[str, Any]:
        """Return what the run came to, as JSON has it."""
        return {
            "format": FORMAT,
            "log": self._of_log(log),
            "people": self.people,
            "merged": self.tally.people["merge"],
            "split": self.tally.people["split"],
            "erased": self.tally.people["erased"],
            "operators_refused": ordered(self.feed.operators.refused),
            "asked_if_same": ordered(self.feed.asked),
            "answers": self._of_answers(),
            "journeys": self.tally.journeys(self.inside),
            "desks": self.tally.desks(),
        }

    def _of_log(self, log: Log) -> dict[str, Any]:
        counts, feed = log.counts, self.feed
        return {
            "files": len(log.files),
            "events": self.events,
            "first": text_of(self.first),
            "last": text_of(self.last),
            "duplicates": counts.duplicates,
            "parked": dict(sorted(counts.parked.items())),
            "parked_first": [
                {"file": one.file, "offset": one.offset, "reason": one.fault.reason}
                for one in self.parked
            ],
            "clock_ahead": counts.ahead,
            "late": counts.late,
            "nobody": feed.nobody,
            "strange": by_source(feed.strange),
            "foreign": by_source(feed.foreign),
            "consent_refused": feed.refused,
        }

    def _of_answers(self) -> dict[str, Any]:
        return {"share": self.share, "given": self.answers.given, "vain": self.vain}


def asks(program: Program) -> bool:
    """Return whether a journey waits for an answer of a desk or a person."""
    steps = (step for journey in program.journeys.values() for step in journey.steps.values())
    return any(isinstance(step, Task | Confirm) for step in steps)


def text_of(instant: int | None) -> str | None:
    """Return an instant as text in universal time."""
    return None if instant is None else instant_text(instant)


def by_source(counts: Counter[tuple[str, str]]) -> list[dict[str, Any]]:
    """Return counts of events by source and type, the largest first."""
    rows = sorted(counts.items(), key=lambda one: (-one[1], one[0]))
    return [{"source": source, "type": kind, "count": number} for (source, kind), number in rows]
