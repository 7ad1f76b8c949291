"""What happened to somebody, let happen again. Rule: a row holds all of it, so the record that comes out is the one that there would be."""

from __future__ import annotations

from collections import deque
from typing import Any

import msgspec

from verbline.interpreter.person.record import Contact, Person
from verbline.interpreter.step.records import apart_of
from verbline.interpreter.step.situations import NOTHING_YET, Situation
from verbline.interpreter.step.world import World

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import TypeAlias

    from verbline.interpreter.person.record import Cause
    from verbline.interpreter.program.parts import Moment
    from verbline.interpreter.program.program import Program

    # What happened after somebody came in: how much of that there is, what came before, the moment or None for a timer, its
    # fields, its event, when it was known and happened, and the place before it in the order of events.
    Later: TypeAlias = "tuple[int, Any, Moment | None, dict[str, Any] | None, Cause, int, int, int]"

EMAIL = "email"
# What stands between an email and an id, and in no email.
BETWEEN = "\n"
# So many bits has a place in an order.
PLACE = 32
MASK = (1 << PLACE) - 1


class Row(msgspec.Struct, gc=False):
    """Somebody in brief: where they stand and their alarm, 0 for none; and the event by which they came in.

    Of that ``text`` is the email and its id; ``place`` holds in one number the instant, and the places before it in the order
    of events and in the ledger. ``fields`` and ``later`` are None where there is nothing. There are as many rows as people.
    """

    situation: Situation
    alarm: int
    text: str
    place: int
    fields: dict[str, Any] | None = None
    later: Any = None

    @property
    def email(self) -> str:
        """The email, nothing where there was none."""
        return self.text.partition(BETWEEN)[0]


# Of whom nothing is kept.
BLANK = Row(NOTHING_YET, 0, BETWEEN, 0)


class Again:
    """A world in which things happen again, each to one record. ``told`` is what was told since the last record was begun."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self.told: list[Any] = []
        self.world = world = World(program, sink=self._note)
        self.turn = world.turn
        for journey in program.journeys.values():
            world.brakes.entries[journey.name] = deque(maxlen=0)  # who is here came in
        self.turn.person = self.nobody = Person("")

    def _note(self, *told: Any) -> None:
        self.told.append(told)

    def record(self, row: Row, number: int) -> Person:
        """Return a record to which everything has happened that ``row`` holds."""
        person, world, turn = Person(f"P{number}", number), self.world, self.turn
        coming, place = row.situation.coming, row.place
        email, _between, name = row.text.partition(BETWEEN)
        self.told = []
        if coming is None:
            return person
        at = world.now = place >> 2 * PLACE
        turn.order, turn.said = place >> PLACE & MASK, place & MASK
        if email:
            world.hold(person, Contact(EMAIL, email, at))
        world.people[person.id] = person
        for model, kind in coming.models:
            contact = f"{kind}:{email}" if kind else None
            world.consent(person.id, model.again(at, at, person.id, contact, 0), at)
        world.handle(person, coming.moment, row.fields or {}, at, (coming.source, name))
        for one in in_turn(row.later):
            self.live(person, one)
        world.people.clear()
        world.holders.clear()
        world.alarms.clear()
        turn.person = self.nobody
        return person

    def live(self, person: Person, later: Later) -> None:
        """Let ``later`` happen to a record."""
        _depth, _before, moment, fields, cause, known, happened, order = later
        self.world.now, self.turn.order = known, order
        if moment is None:
            self.world.ring(person, known)
        else:
            self.world.handle(person, moment, fields or {}, happened, cause)
        self.turn.person = self.nobody

    def sites(self) -> tuple[int, ...]:
        """Return what the records are counted as that were told."""
        number = self.program.sites.number
        sites = []
        for _turn, journey, _visit, step, kind, verdict, reason, more in self.told:
            where = step if step is not None and kind != "outcome" else journey
            sites.append(number((where, kind, verdict, reason, apart_of(kind, more))))
        return tuple(sites)


def in_turn(later: Later | None) -> list[Later]:
    """Return what came later, the first first."""
    found = []
    while later is not None:
        found.append(later)
        later = later[1]
    return found[::-1]
