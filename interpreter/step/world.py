"""The in-memory host: people, timers, a virtual clock. Rule: the clock moves only when it is told to and never runs back.

Scenarios, simulation, plan and replay stand on this host. Timers due before an event fire before it, in due order over all
people; one due at the event's instant fires after it.
"""

from __future__ import annotations

from heapq import heappop, heappush

from verbline.interpreter.person.aside import ORDINARY
from verbline.interpreter.step.answering import answer, asked, open_at
from verbline.interpreter.step.entering import come_in, enter
from verbline.interpreter.step.happening import (
    fall_due,
    happen_together,
    note_latest,
    recall,
    wish,
)
from verbline.interpreter.step.hearing import Hearing
from verbline.interpreter.step.queues import PERSON, PERSON_BITS, Queues
from verbline.interpreter.step.quick import happen_plainly
from verbline.interpreter.step.records import Record
from verbline.interpreter.step.signals import NO_CAUSE, NOTHING, Start
from verbline.interpreter.step.step import follow
from verbline.interpreter.step.turn import Turn

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Any

    from verbline.interpreter.person.record import Cause, Person
    from verbline.interpreter.program.parts import Moment
    from verbline.interpreter.program.program import Program
    from verbline.interpreter.step.happening import Met
    from verbline.interpreter.step.keeping import Keeping
    from verbline.interpreter.step.turn import Sink

# In an alarm, nobody's are those of entry brakes.
BITS, MASK = PERSON_BITS, PERSON
BRAKES = 0


class World(Hearing):
    """See the module. ``trace`` holds the records where no ``sink`` takes them; ``tell`` gets each of them otherwise."""

    def __init__(
        self,
        program: Program,
        tell: Callable[[Record], None] | None = None,
        sink: Sink | None = None,
    ) -> None:
        super().__init__()
        self.program = program
        self.trace: list[Record] = []
        self.alarms: list[int] = []
        self.queues = Queues(self.alarms)
        self.called: set[int] = set()  # when it is looked whose turn has come
        self.brevity: Keeping | None = None  # who keeps people in brief, where somebody does
        self._tell = tell or self.trace.append
        self.turn = Turn(program, sink or self._keep)

    def _keep(self, turn: Turn, *told: Any) -> None:
        self._tell(Record(turn, *told))

    # What happens

    def moment(
        self,
        identity: str,
        name: str,
        fields: Mapping[str, Any],
        now: int,
        cause: Cause = NO_CAUSE,
        happened: int | None = None,
    ) -> None:
        """Let a moment happen by its name, with typed ``fields``."""
        self.until(now)
        moment = self.program.moments[name]
        carried = {field: fields.get(field) for field, _read in moment.readers}
        happened = self.now if happened is None else min(happened, self.now)
        self.handle(self.people[identity], moment, carried, happened, cause, identity)

    def handle(
        self,
        person: Person,
        moment: Moment,
        fields: dict[str, Any],
        happened: int,
        cause: Cause,
        whose: str = "",
    ) -> None:
        """Let ``moment`` happen to ``person`` now, with all that follows from it.

        ``whose`` is the id of the one of several people who turned out to be this one, where that is known.
        """
        turn = self.turn
        if person.order or not self.program.watches:  # as `Turn.begin` does it
            turn.person, turn.now, turn.happened, turn.cause = person, self.now, happened, cause
            turn.fields, turn.visit, turn.depth = NOTHING, None, 0
            person.order = turn.order = turn.order + 1
        else:
            turn.begin(person, self.now, cause, happened)
        turn.whose = whose
        is_one = person.rest is ORDINARY or person.parts is None
        # Only what is remembered as a fact asks who said it.
        source = self.program.system(cause[0]) if moment.facts else ""
        (happen_plainly if moment.plain and is_one else recall)(turn, moment, fields, source)
        if moment.starts:
            if moment.open and is_one and happened >= self.now and not turn.starts:
                come_in(turn, moment, fields, self.brakes)
            else:
                wish(turn, moment, fields)
        if turn.starts or turn.signals:
            self.drain()
        if person.timers:
            self.arm(person)

    def handle_event(
        self, person: Person, met: Met, happened: int, cause: Cause, whose: str = ""
    ) -> None:
        """Let an event happen to ``person`` now: all the moments that it is, as `handle` does."""
        if len(met) == 1:
            self.handle(person, *met[0], happened, cause, whose)
            return
        self.turn.begin(person, self.now, cause, happened)
        self.turn.whose = whose
        happen_together(self.turn, met, self.program.system(cause[0]))
        self.drain()
        self.arm(person)

    def pass_by(self, person: Person, moment: Moment, happened: int, whose: str = "") -> None:
        """Let a moment happen to ``person`` that is idle: nothing follows but that it was the latest."""
        note_latest(person, moment, happened)
        if person.parts is not None:
            note_latest(person.parts.people[person.parts.of(whose, person.id)], moment, happened)

    def answer_task(self, identity: str, desk: str, words: str, now: int) -> bool:
        """Let ``desk`` answer its oldest open task about the person; return whether it had one."""
        return self._answer(identity, desk, words, now)

    def answer_question(self, identity: str, now: int, *, yes: bool) -> bool:
        """Let the person answer the question asked last; return whether one was open."""
        return self._answer(identity, "", "yes" if yes else "no", now)

    def _answer(self, identity: str, desk: str, words: str, now: int) -> bool:
        self.until(now)
        person = self.people[identity]
        visit = open_at(person, desk) if desk else asked(person)
        if visit is None:
            return False
        self.turn.begin(person, self.now, NO_CAUSE, self.now)
        answer(self.turn, visit, words)
        self.drain()
        self.arm(person)
        return True

    def go_live(self, now: int) -> None:
        """Let the journeys begin that also take people who are in a segment already: whoever is inside now enters."""
        self.until(now)
        served = sorted(self.program.journeys.values(), key=lambda journey: journey.index)
        journeys = [journey for journey in served if journey.starts_also]
        for person in dict.fromkeys(self.people.values()) if journeys else ():
            self.turn.begin(person, self.now, NO_CAUSE, self.now)
            for journey in journeys:
                if any(self.turn.inside(name) is True for name in journey.starts_also):
                    self.turn.starts.append(Start(journey, "", {}, self.now, NO_CAUSE))
            self.drain()
            self.arm(person)

    # Time

    def until(self, now: int) -> None:
        """Move the clock to ``now``; what is due before it falls due."""
        if now > self.now:
            if self.alarms and self.alarms[0] < now << BITS:
                self.fire(now)
            self.now = now

    def advance(self, now: int) -> None:
        """Move the clock to ``now``; what is due then has happened."""
        self.fire(now + 1)
        self.now = max(self.now, now)

    def fire(self, now: int) -> None:
        """Let fall due what is due before ``now``."""
        alarms, firsts, bound = self.alarms, self.queues.first, now << BITS
        while alarms and alarms[0] < bound:
            alarm = alarms[0]
            due = alarm >> BITS
            number = alarm & MASK
            if alarm in firsts:
                self.queues.move_up(alarm, self.numbered)
            else:
                heappop(alarms)
            if number == BRAKES:
                self.called.discard(due)
                self.now = max(self.now, due)
                self.release()
                continue
            person: Any = self.numbered[number]
            if person.__class__ is tuple:
                if person[1] == alarm and self.brevity is not None:
                    self.brevity.fall_due(number, person, due)
            elif person is None:
                continue
            elif person.alarm == due:
                self.ring(person, due)
            elif person.alarm == alarm and self.brevity is not None:
                self.brevity.fall_due(number, person, due)

    def ring(self, person: Person, due: int) -> None:
        """Let the timers of ``person`` fall due that are due at ``due``."""
        person.alarm = None
        turn = self.turn
        self.now = max(self.now, due)
        while person.timers and person.timers[0][0] <= due:
            timer = person.timers.pop(0)
            turn.begin(person, self.now, NO_CAUSE, self.now)
            fall_due(turn, timer[2], timer[3])
            if turn.starts or turn.signals:
                self.drain()
        if person.timers:
            self.arm(person)

    def arm(self, person: Person) -> None:
        """Set the person's alarm to the next timer, where it is earlier than the alarm that is set."""
        timers, alarm = person.timers, person.alarm
        if not timers:
            return
        due = timers[0][0]
        if alarm is None or due < alarm:
            person.alarm = due
            heappush(self.alarms, due << BITS | person.number)

    # What follows from a stimulus

    def drain(self) -> None:
        """Admit who wants to enter, then let happen what was signalled, until nothing is left."""
        turn = self.turn
        while turn.starts or turn.signals:
            if turn.starts:
                starts, turn.starts = turn.starts, []
                for start in starts:
                    self.admit(start)
                continue
            follow(turn, turn.person, turn.signals.pop(0), self.now)

    def admit(self, start: Start) -> None:
        """Let somebody enter, or wait for their turn where too many did."""
        turn = self.turn
        turn.cause = start.cause
        entries = self.brakes.open_for(start.journey, self.now)
        if entries is not None:
            if enter(turn, start):
                entries.append(self.now)
            return
        free = self.brakes.closed_until(turn, start.journey)
        if free is not None:
            start.whose = start.whose or turn.whose
            if self.brakes.keep(turn.person, start):
                self.call(free)
            turn.sink(turn, start.journey, None, None, "entry", "held", "entry_brake", {})
        elif enter(turn, start):
            self.brakes.count(start.journey, self.now)

    def call(self, due: int) -> None:
        """Look at ``due`` whose turn has come at an entry brake; once, however many wait for it."""
        if due in self.called:
            return
        self.called.add(due)
        heappush(self.alarms, due << BITS | BRAKES)

    def release(self) -> None:
        """Let those enter whose turn has come at an entry brake."""
        for journey in list(self.brakes.queues):
            while (first := self.brakes.first(journey)) is not None:
                person, start = first
                self.turn.begin(person, self.now, start.cause, start.happened)
                free = self.brakes.full_until(self.turn, start.journey)
                if free is not None:
                    self.call(free)
                    break
                self.brakes.drop_first(journey)
                if enter(self.turn, start):
                    self.brakes.count(start.journey, self.now)
                self.drain()
                self.arm(person)
