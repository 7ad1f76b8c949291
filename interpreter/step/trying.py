"""Something happens to a record that is thrown away. Rule: it is what would happen in the world, for one person alone, and nobody else knows."""

from __future__ import annotations

from collections import deque
from typing import Any, NamedTuple

from verbline.interpreter.person.mould import UnlikeError
from verbline.interpreter.person.record import Contact, Person
from verbline.interpreter.step.happening import wish
from verbline.interpreter.step.quick import happen_plainly
from verbline.interpreter.step.records import Record
from verbline.interpreter.step.signals import Start
from verbline.interpreter.step.world import World

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from verbline.interpreter.person.mould import Mould
    from verbline.interpreter.person.record import Cause, Visit
    from verbline.interpreter.program.parts import Journey, Moment
    from verbline.interpreter.program.program import Program
    from verbline.interpreter.step.impulses import Impulse
    from verbline.interpreter.step.steps import Step
    from verbline.interpreter.step.turn import Turn

EMAIL = "email"
# Behind the values of the mould stand those of what happens: of a timer when it is due and the place before it in the order
# of events; of an event the email that came with it, its id, when it happened and was known, the places before it in the
# order of events and in the ledger, and its fields.
BY_TIME, BY_EVENT = 2, 6
# What of a record is an instant.
INSTANTS = frozenset(("due", "until"))


class Told(NamedTuple):
    """A record; of its visit the journey, the correlation value and the number; the step, and whether it was reached just now."""

    record: Record
    visit: tuple[str, str, int] | None
    step: Step | None
    is_fresh: bool


class Outcome(NamedTuple):
    """What a trial came to: ``begun`` says how many timers are new."""

    person: Person
    told: list[Told]
    turns: int
    said: int
    begun: int

    @property
    def due(self) -> int:
        """When the timers are due, 0 where there are none."""
        timers = self.person.timers
        return timers[0][0] if timers else 0

    def wait_longer(self) -> None:
        """Let the timers be due a moment later, as if this person had to wait for something else."""
        due = self.due
        self.person.timers = [(one[0] + 1, *one[1:]) for one in self.person.timers]
        for record in (told.record for told in self.told):
            record.more.update({name: due + 1 for name in INSTANTS if record.more.get(name) == due})


class Trying:
    """See the module."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self._told: list[Told] = []
        self.world = World(program, sink=self._note)
        self.turn = self.world.turn
        for journey in program.journeys.values():
            self.world.brakes.entries[journey.name] = deque(maxlen=0)  # who is here came in
        self.turn.person = self._nobody = Person("")

    def _note(self, turn: Turn, journey: Any, visit: Visit | None, *told: Any) -> None:
        name = None
        if visit is not None:
            if visit.id != visit.first_name() or visit.person != turn.person.id:
                raise UnlikeError
            name = visit.journey, visit.correlation, visit.number
        step, kind, verdict, reason, more = told
        record = Record(turn, journey, visit, step, kind, verdict, reason, dict(more))
        if record.at != self.world.now:
            raise UnlikeError
        is_fresh = visit is not None and visit.at == self.world.now and not visit.hold
        self._told.append(Told(record, name, step, is_fresh))

    def started(self, moment: Moment, fields: dict[str, Any], at: int) -> tuple[Journey, ...]:
        """Return the journeys that an event starts, which is a moment with these fields."""
        turn = self.turn
        turn.now = turn.happened = at
        wish(turn, moment, fields)
        starts, turn.starts = turn.starts, []
        return tuple(start.journey for start in starts)

    def forget(self) -> None:
        """Forget who was tried last."""
        world = self.world
        world.people.clear()
        world.holders.clear()
        world.alarms.clear()
        self.turn.starts, self.turn.signals = [], []
        self.turn.person = self._nobody

    def tried(
        self, mould: Mould, impulse: Impulse | None, values: Sequence[Any], number: int, due: int
    ) -> Outcome:
        """Let ``impulse``, None being time, happen to somebody who is kept by ``mould``; see `BY_TIME` for the values."""
        world, turn = self.world, self.turn
        self.forget()
        self._told = []
        person = mould.person(number, due, values, self.program)
        serial = person.serial
        world.people[person.id] = person
        for contact in person.contacts:
            world.holders[contact.key] = [person]
        if impulse is None:
            (world.now, order), said = values[-BY_TIME:], 0
            turn.order, turn.said = order, said
            world.ring(person, world.now)
        else:
            first = len(values) - BY_EVENT - len(impulse.readers)
            email, name, happened, world.now, order, said, *rest = values[first:]
            turn.order, turn.said = order, said
            fields = {field: value for (field, _), value in zip(impulse.readers, rest, strict=True)}  # fmt: skip
            self._come(person, impulse, email, happened)
            self._happen(person, impulse, fields, happened, (impulse.source, name))
        begun = sum(timer[1] > serial for timer in person.timers)
        return Outcome(person, self._told, turn.order - order, turn.said - said, begun)

    def _come(self, person: Person, impulse: Impulse, email: str, happened: int) -> None:
        """Let somebody be reached at an email that came along, and say what was said."""
        world = self.world
        if email:
            world.hold(person, Contact(EMAIL, email, world.now))
        for model, kind in impulse.models:
            contact = f"{kind}:{email}" if kind else None
            said = model.again(happened, world.now, person.id, contact, 0)
            world.consent(person.id, said, world.now)

    def _happen(
        self, person: Person, impulse: Impulse, fields: dict[str, Any], happened: int, cause: Cause
    ) -> None:
        """Let a moment happen as `World.handle` does, but that it is known which journeys it starts."""
        world, turn, moment = self.world, self.turn, impulse.moment
        if moment.idle:
            world.pass_by(person, moment, happened)
            return
        turn.begin(person, world.now, cause, happened)
        source = self.program.system(cause[0]) if moment.facts else ""
        happen_plainly(turn, moment, fields, source)
        turn.starts += [Start(one, moment.name, fields, happened, cause) for one in impulse.journeys]  # fmt: skip
        world.drain()
        world.arm(person)
