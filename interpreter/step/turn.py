"""One stimulus being handled for one person. Rule: a turn is all that steps, conditions and the guard see of the world.

What a turn does to the outside is left in it: trace records go to its sink, signals and entries wait in it for the host.
"""

from __future__ import annotations

from verbline.interpreter.guard.agree import agrees
from verbline.interpreter.step.signals import NO_CAUSE, NOTHING
from verbline.interpreter.step.watch import settle, watch

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any, TypeAlias

    from verbline.interpreter.person.record import Cause, Person, Visit
    from verbline.interpreter.program.parts import Journey
    from verbline.interpreter.program.program import Program
    from verbline.interpreter.step.signals import Signal, Start
    from verbline.interpreter.step.steps import Step
    from verbline.interpreter.zones import Zone

    # Takes the turn, the journey or None, the visit or None, the step or None, kind, verdict, reason and what else is told.
    Sink: TypeAlias = "Callable[[Turn, Journey | None, Visit | None, Step | None, str, str, str, dict[str, Any]], None]"


class Turn:
    """See the module. ``fields`` are what a name means before the person's own values are asked.

    ``happened`` is when the event happened, ``now`` when it is handled; ``depth`` counts signals that led to signals. Of a
    person who was several, ``whose`` is the id of the one it happens to, nothing where nobody can tell.
    """

    __slots__ = (
        "cause",
        "counts",
        "depth",
        "fields",
        "happened",
        "now",
        "order",
        "person",
        "program",
        "said",
        "signals",
        "sink",
        "starts",
        "visit",
        "whose",
    )

    def __init__(self, program: Program, sink: Sink) -> None:
        self.program = program
        self.sink = sink
        # Where sums alone are wanted: how often each of the program's sites was met, beside what goes to the sink.
        self.counts: dict[int, int] | None = None
        self.person: Person = None  # type: ignore[assignment]  # set before the first stimulus
        self.now = 0
        self.happened = 0
        self.cause: Cause = NO_CAUSE
        self.fields: dict[str, Any] = NOTHING
        self.visit: Visit | None = None
        self.depth = 0
        self.whose = ""
        self.order = 0  # the place of this stimulus in the order of all of them
        self.said = 0  # the last place in the ledger that was given away
        self.starts: list[Start] = []
        self.signals: list[Signal] = []

    def begin(self, person: Person, now: int, cause: Cause, happened: int) -> None:
        """Begin a stimulus: give it its place in the person's order of events."""
        self.person = person
        self.now = now
        self.happened = happened
        self.cause = cause
        self.fields = NOTHING
        self.visit = None
        self.depth = 0
        self.whose = ""
        if not person.order and self.program.watches:
            settle(self)  # who is inside before anything happened does not enter
        self.order += 1
        person.order = self.order

    def next_seq(self) -> int:
        """Return the next place in the ledger."""
        self.said += 1
        return self.said

    @property
    def zone(self) -> Zone:
        """The person's time zone, or the project's."""
        zone = self.person.zone
        return zone if zone is not None else self.program.zone_of(self.person)

    def inside(self, segment: str) -> bool | None:
        """Return whether the person is in ``segment`` now; None where that is unknown."""
        assumed = self.person.assumed
        if assumed is not None and segment in assumed:
            return assumed[segment]
        before, self.fields = self.fields, NOTHING
        answer = self.program.segments[segment].condition.test(self)
        self.fields = before
        return answer

    def agrees(self, purpose: str, channel: str = "", topic: str = "") -> bool:
        """Return whether the person agrees to ``purpose``, on any channel where none is named."""
        return agrees(self, purpose, channel, topic)

    def note(
        self,
        kind: str,
        verdict: str,
        reason: str,
        visit: Visit,
        step: Step | None = None,
        **more: Any,
    ) -> None:
        """Leave a trace record about ``visit``."""
        journey = (step or visit.step).journey
        self.sink(self, journey, visit, step, kind, verdict, reason, more)

    def changed(self) -> None:
        """Look again at what is watched, after a step changed what is known about the person."""
        if self.program.watches:
            watch(self)
