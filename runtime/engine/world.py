"""A world that knows who changed. Rule: whoever was touched since the last time is noted, and nobody has to look for them.

Noting somebody who did not change costs some bytes; not noting somebody who did would lose what happened to them. So every
way to a person notes them: a turn that begins, a moment that passes by, an address, a word, a timer, a merge, a split.
"""

from __future__ import annotations

from collections import deque
from heapq import heappop, heappush

from verbline.interpreter.person.record import Person
from verbline.interpreter.step.brakes import Brakes
from verbline.interpreter.step.turn import Turn
from verbline.interpreter.step.world import BITS, BRAKES, MASK, World

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from typing import Any

    from verbline.interpreter.guard.consent import Consent
    from verbline.interpreter.person.record import Cause, Contact
    from verbline.interpreter.program.parts import Journey, Moment
    from verbline.interpreter.program.program import Program
    from verbline.interpreter.step.signals import Start
    from verbline.interpreter.step.turn import Sink


class Entries(deque[int]):
    """The latest entries of a journey; ``added`` counts all there were."""

    added = 0

    def append(self, instant: int) -> None:
        """Count an entry."""
        self.added += 1
        super().append(instant)


class Queues(Brakes):
    """Entry brakes. ``changed`` are the journeys in whose queue somebody came or went, ``mixed`` those where not only at its ends.

    ``served`` counts, by journey, who has left the front of its queue.
    """

    __slots__ = ("changed", "mixed", "served")

    def __init__(self) -> None:
        super().__init__()
        self.changed: set[str] = set()
        self.mixed: set[str] = set()
        self.served: dict[str, int] = {}

    def keep(self, person: Person, start: Start) -> bool:
        """Let somebody wait; return whether they are the first to wait."""
        self.changed.add(start.journey.name)
        return super().keep(person, start)

    def drop_first(self, journey: str) -> None:
        """Take the first out of the queue."""
        self.changed.add(journey)
        self.served[journey] = self.served.get(journey, 0) + 1
        super().drop_first(journey)

    def unite(self, survivor: Person, other: Person) -> None:
        """Let ``survivor`` wait in the places of ``other``, who is the same person."""
        self._note(survivor, other)
        super().unite(survivor, other)

    def divide(self, whole: Person, part: Person, ids: Collection[str]) -> None:
        """Let ``part`` wait in the places of ``whole`` that belong to those called ``ids``."""
        self._note(whole)
        super().divide(whole, part, ids)

    def leave(self, gone: Person) -> None:
        """Let nobody wait any more who is ``gone``."""
        self._note(gone)
        super().leave(gone)

    def _note(self, *people: Person) -> None:
        for name, queue in self.queues.items():
            if any(person in people for person, _ in queue):
                self.changed.add(name)
                self.mixed.add(name)

    def count(self, journey: Journey, now: int) -> None:
        """Count an entry."""
        if journey.name not in self.entries:
            self.entries[journey.name] = Entries(maxlen=max(1, journey.brake[0]))
        super().count(journey, now)


class Noting(Turn):
    """A turn that notes for whom it begins, by their number, in ``touched``."""

    __slots__ = ("touched",)

    def __init__(self, program: Program, sink: Sink) -> None:
        super().__init__(program, sink)
        self.touched: set[int] = set()

    def begin(self, person: Person, now: int, cause: Cause, happened: int) -> None:
        """Begin a stimulus."""
        self.touched.add(person.number)
        super().begin(person, now, cause, happened)


class Watched(World):
    """See the module. ``touched`` are the numbers of those who may have changed, or are gone.

    ``shared`` are the addresses whose holders changed, of which there are or were several. ``calls`` are the instants at
    which an entry brake is looked at, the first of them first. ``joined`` says that ids lead elsewhere, or addresses were
    erased. ``rung`` is when the last timer fell due.
    """

    def __init__(self, program: Program, sink: Sink) -> None:
        super().__init__(program, sink=sink)
        turn = Noting(program, sink)
        self.turn = turn
        self.brakes: Queues = Queues()
        self.touched = turn.touched
        self.shared: set[str] = set()
        self.calls: list[int] = []
        self.joined = False
        self.rung: int | None = None

    # What happens

    def handle(
        self,
        person: Person,
        moment: Moment,
        fields: dict[str, Any],
        happened: int,
        cause: Cause,
        whose: str = "",
    ) -> None:
        """Let ``moment`` happen to ``person`` now."""
        self.touched.add(person.number)
        super().handle(person, moment, fields, happened, cause, whose)

    def pass_by(self, person: Person, moment: Moment, happened: int, whose: str = "") -> None:
        """Let a moment happen to ``person`` that is idle."""
        self.touched.add(person.number)
        super().pass_by(person, moment, happened, whose)

    def _hear(self, person: Person, consent: Consent, whose: str = "") -> None:
        self.touched.add(person.number)
        super()._hear(person, consent, whose)

    def hold(self, person: Person, contact: Contact, **more: bool) -> None:
        """Make ``person`` a holder of an address."""
        self.touched.add(person.number)
        super().hold(person, contact, **more)
        if len(self.holders[contact.key]) > 1:
            self.shared.add(contact.key)

    # Who there is

    def add(self, identity: str) -> Person:
        """Return a new person called ``identity``."""
        person = super().add(identity)
        self.touched.add(person.number)
        return person

    def put_into(self, survivor: Person, other: Person) -> None:
        """Let everything that leads to ``other`` lead to ``survivor``."""
        self.joined = True
        self.touched.add(other.number)
        super().put_into(survivor, other)
        self.shared.update(contact.key for contact in survivor.contacts)

    def part(self, whole: Person, identity: str, number: int) -> Person:
        """Return a record of nobody yet for somebody who turns out not to be ``whole``."""
        self.joined = True
        person = super().part(whole, identity, number)
        self.touched.add(person.number)
        return person

    def reach(self, whole: Person, part: Person, keys: Iterable[str]) -> None:
        """Let each be reached at the addresses they hold."""
        keys = tuple(keys)
        self.shared.update(keys)
        super().reach(whole, part, keys)

    def abandon(self, person: Person, keys: Iterable[str]) -> None:
        """Let nobody reach ``person`` any more, who was erased."""
        keys = tuple(keys)
        self.joined = True
        self.shared.update(keys)
        super().abandon(person, keys)

    # Time

    def ring(self, person: Person, due: int) -> None:
        """Let the timers of ``person`` fall due that are due at ``due``."""
        self.rung = due
        self.touched.add(person.number)
        super().ring(person, due)

    def call(self, due: int) -> None:
        """Look at ``due`` whose turn has come at an entry brake."""
        if due not in self.called:
            heappush(self.calls, due)
        super().call(due)

    def release(self) -> None:
        """Let those enter whose turn has come at an entry brake."""
        self.rung = heappop(self.calls)
        super().release()

    def next_due(self) -> int | None:
        """Return when the next alarm rings; None where none is set."""
        return self.alarms[0] >> BITS if self.alarms else None

    def fire_some(self, now: int, most: int) -> int:
        """Let so many alarms at the most ring that are due before ``now``; return how many did."""
        alarms, bound, fired = self.alarms, now << BITS, 0
        while fired < most and alarms and alarms[0] < bound:
            alarm = heappop(alarms)
            fired += 1
            due = alarm >> BITS
            number = alarm & MASK
            if number == BRAKES:
                self.now = max(self.now, due)
                self.release()
                continue
            person: Any = self.numbered[number]
            if person.__class__ is tuple:
                if person[1] == alarm and self.brevity is not None:
                    self.brevity.fall_due(number, person, due)
            elif person is not None and person.alarm == due:
                self.ring(person, due)
        return fired

    def drop_next(self) -> int:
        """Drop the next timer, of whoever it is, and return their number; `BRAKES` where an entry brake was to be looked at."""
        alarm = heappop(self.alarms)
        number = alarm & MASK
        if number == BRAKES:
            self.called.discard(heappop(self.calls))
            return BRAKES
        person: Any = self.numbered[number]
        if person.__class__ is tuple and person[1] == alarm and self.brevity is not None:
            person = self.brevity.unfold(number)
        if isinstance(person, Person) and person.alarm == alarm >> BITS:
            person.alarm = None
            person.timers = person.timers[1:]
            self.touched.add(number)
            self.arm(person)
        return number
