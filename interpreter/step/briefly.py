"""People in brief. Rule: of whoever met only the usual is kept what happened; anybody else is a record, made by letting it happen again.

Most people of a log come in by one event, wait, and leave by another one or by time. What becomes of them is worked out once
for a situation, by letting it happen to a record that is thrown away. From then on it is counted, and of the person one row
stays: the situation, the alarm, and the events. Whoever asks for such a person by id, number or address gets a record in
which all of it has happened; that is a `Person` from then on.

This is for hosts that want sums and no trace.
"""

from __future__ import annotations

from collections import deque
from heapq import heappush

from verbline.interpreter.person.record import Contact, Person
from verbline.interpreter.step.records import apart_of
from verbline.interpreter.step.situations import (
    NOTHING_YET,
    Move,
    Situation,
    length_of,
    usual_journeys,
)
from verbline.interpreter.step.world import BITS, World

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, TypeAlias

    from verbline.interpreter.program.parts import Moment
    from verbline.interpreter.step.situations import Coming

    # What happened after somebody came in: how much came before, that, the moment or None for a timer, its fields, its
    # system and id, when it was known and happened, and the place in the order of events before it.
    Later: TypeAlias = (
        "tuple[int, Any, Moment | None, dict[str, Any] | None, str, str, int, int, int]"
    )
    # The situation, the alarm, then of the event by which somebody came in: the email, its id, the instant, the places in
    # the order of events and in the ledger before it, its fields; and what came later.
    Row: TypeAlias = (
        "tuple[Situation, int, str, str, int, int, int, dict[str, Any] | None, Later | None]"
    )

EMAIL = "email"
# Of whom nothing is kept.
BLANK: Row = (NOTHING_YET, 0, "", "", 0, 0, 0, None, None)
# So much is kept of what happens later; to whom more happens is a record.
LATER_MAX = 8


class Brevity:
    """The people of a world who are kept in brief. Their rows stand in its `numbered`; ``reached`` are numbers by email."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.numbered: list[Any] = world.numbered
        self.reached: dict[str, int] = {}
        self.journeys = usual_journeys(world.program)
        self._situations: dict[tuple[Any, ...], Situation] = {}
        self._told: list[Any] = []
        # Where everything happens again, and to records that are thrown away.
        self._again = again = World(world.program, sink=self._note)
        for journey in world.program.journeys.values():
            again.brakes.entries[journey.name] = deque(maxlen=0)  # who is here came in
        again.turn.person = Person("")
        world.people = Known(self)
        world.holders = Holders(self)
        world.brevity = self

    def _note(self, *told: Any) -> None:
        self._told.append(told)

    # What happens

    def come(
        self, number: int, email: str, coming: Coming, fields: dict[str, Any], name: str, at: int
    ) -> bool:
        """Let somebody come in of whom nothing is kept; return whether that is usual, else nothing has happened.

        ``name`` is the id of the event, which happened when it was known: at ``at``.
        """
        world, turn = self.world, self.world.turn
        brakes = world.brakes
        if brakes.queues or world.erased:
            return False
        known = brakes.entries
        for journey, limit, whole in coming.brakes:
            entries = known.get(journey)
            if entries is None or (len(entries) >= limit and brakes.open_for(whole, at) is None):
                return False
        order, said = turn.order, turn.said
        if not coming.is_known:
            coming.move = self._first(coming, (email, name, at, order, said, fields or None, None))
            coming.is_known = True
        move = coming.move
        if move is None:
            return False
        for journey, _limit, _whole in coming.brakes:
            known[journey].append(at)
        counts: Any = turn.counts
        for site in move.sites:
            counts[site] += 1
        turn.order = order + move.turns
        turn.said = said + len(coming.models)
        alarm = self._alarm(move, at, number) if move.length is not None else 0
        row: Row = (move.situation, alarm, email, name, at, order, said, fields or None, None)
        numbered = self.numbered
        if number == len(numbered):
            numbered.append(row)
        else:
            numbered[number] = row
        if email:
            self.reached[email] = number
        return True

    def meet(self, number: int, moment: Moment, fields: dict[str, Any], *told: Any) -> bool:
        """Let a moment meet somebody in brief; return whether that was usual, else they are in brief no more.

        ``told`` are the system and the id of its event, and when that was known and happened.
        """
        row: Row = self.numbered[number]
        turn, later = self.world.turn, row[8]
        entry: Later = (
            later[0] + 1 if later else 1,
            later,
            moment,
            fields or None,
            *told,
            turn.order,
        )
        move = self._move(number, row, moment.name, entry)
        if move is None:
            return False
        self._go(number, row, move, entry)
        return True

    def fall_due(self, number: int, row: Row, due: int) -> None:
        """Let the timers of somebody in brief fall due."""
        world, later = self.world, row[8]
        world.now = max(world.now, due)
        entry: Later = (later[0] + 1 if later else 1, later, None, None, "", "", due, due, world.turn.order)  # fmt: skip
        move = self._move(number, row, None, entry)
        if move is None:
            world.ring(world.people[f"P{number}"], due)
        else:
            self._go(number, (row[0], 0, *row[2:]), move, entry)

    def _go(self, number: int, row: Row, move: Move, entry: Later) -> None:
        """Let somebody go where ``move`` leads."""
        turn = self.world.turn
        counts: Any = turn.counts
        for site in move.sites:
            counts[site] += 1
        turn.order += move.turns
        situation, alarm = move.situation, row[1]
        if move.length is not None:
            alarm = self._alarm(move, entry[6], number)
        elif not situation.inside:
            alarm = 0
        self.numbered[number] = (situation, alarm, *row[2:8], entry)

    def _alarm(self, move: Move, now: int, number: int) -> int:
        """Set the alarm of somebody who begins to wait, and return it."""
        due = now + move.span
        if not move.is_fixed:
            zone = self.world.program.zone
            # Where no clock is set on the way, a day is 24 hours long.
            if not move.span or now < zone.calm_from or due >= zone.calm_until:
                assert move.length is not None, "somebody waits"
                due = self.world.program.later(self._again.turn, now, move.length)
        alarm = due << BITS | number
        heappush(self.world.alarms, alarm)
        return alarm

    # What it comes to

    def _move(self, number: int, row: Row, what: str | None, entry: Later) -> Move | None:
        """Return what comes of ``entry``; None, and the person is a record, where that is not usual."""
        moves = row[0].moves
        if what not in moves:
            moves[what] = self._next(row, entry)
        move = moves[what]
        if move is None or entry[0] > LATER_MAX:
            self.unfold(number)
            return None
        return move

    def _first(self, coming: Coming, rest: tuple[Any, ...]) -> Move | None:
        """Return what comes of coming in."""
        moment = coming.moment
        is_open = moment.plain and moment.open
        if not is_open or not all(one.journey in self.journeys for one in moment.starts):
            return None
        return self._found((Situation(coming, ()), 0, *rest), None)

    def _next(self, row: Row, entry: Later) -> Move | None:
        """Return what comes of ``entry``, which meets somebody in the situation of ``row``."""
        moment = entry[2]
        if row[0].coming is None or (moment is not None and (moment.starts or not moment.plain)):
            return None
        return self._found(row, entry)

    def _found(self, row: Row, entry: Later | None) -> Move | None:
        """Let ``entry`` happen to a record of ``row``, or its coming in, and return what came of it; None where that is not usual."""
        turn = self._again.turn
        if entry is None:
            order, serial = row[5], 0
            person = self._record(row, 0)
        else:
            person = self._record(row, 0)
            order, serial = entry[8], person.serial
            self._told = []
            self._live(person, entry)
        assert row[0].coming is not None, "something has happened"
        visits, timers = person.visits, person.timers
        steps = tuple(one.step for one in visits)
        begun = sum(timer[1] > serial for timer in timers)
        length = length_of(visits) if begun else None
        is_one = len({timer[0] for timer in timers}) <= 1 and begun in (0, len(visits))
        if len(timers) != len(visits) or not is_one or (begun and length is None):
            return None
        key = row[0].coming, steps
        situation = self._situations.get(key)
        if situation is None:
            inside = tuple(one.journey for one in visits)
            situation = self._situations[key] = Situation(row[0].coming, inside)
        return Move(self._sites(), situation, turn.order - order, length)

    def _sites(self) -> tuple[int, ...]:
        """Return what the records are counted as that were told."""
        number = self.world.program.sites.number
        sites = []
        for _turn, journey, _visit, step, kind, verdict, reason, more in self._told:
            where = step if step is not None and kind != "outcome" else journey
            sites.append(number((where, kind, verdict, reason, apart_of(kind, more))))
        return tuple(sites)

    # Records

    def unfold(self, number: int) -> Person:
        """Make a record of somebody in brief, and return it."""
        row: Row = self.numbered[number]
        person = self.numbered[number] = self._record(row, number)
        # The alarm that is set is that of the world.
        person.alarm = row[1] >> BITS if row[1] else None
        self.world.people[person.id] = person
        if row[2]:
            del self.reached[row[2]]
            self.world.holders[person.contacts[0].key] = [person]
        return person

    def _record(self, row: Row, number: int) -> Person:
        """Return a record to which everything has happened that ``row`` holds."""
        situation, _alarm, email, name, at, order, said, fields, later = row
        person, again, turn = Person(f"P{number}", number), self._again, self._again.turn
        nobody = turn.person
        coming = situation.coming
        self._told = []
        if coming is not None:
            again.now, turn.order, turn.said = at, order, said
            if email:
                again.hold(person, Contact(EMAIL, email, at))
            again.people[person.id] = person
            for model, kind in coming.models:
                contact = f"{kind}:{email}" if kind else None
                again.consent(person.id, model.again(at, at, person.id, contact, 0), at)
            again.handle(person, coming.moment, fields or {}, at, (coming.source, name))
            for entry in in_turn(later):
                self._live(person, entry)
            again.people.clear()
            again.holders.clear()
            again.alarms.clear()
        turn.person = nobody
        return person

    def _live(self, person: Person, entry: Later) -> None:
        """Let ``entry`` happen to a record."""
        _depth, _before, moment, fields, source, name, known, happened, order = entry
        again, nobody = self._again, self._again.turn.person
        again.now, again.turn.order = known, order
        if moment is None:
            again.ring(person, known)
        else:
            again.handle(person, moment, fields or {}, happened, (source, name))
        again.turn.person = nobody


def in_turn(later: Later | None) -> list[Later]:
    """Return what came later, the first first."""
    found = []
    while later is not None:
        found.append(later)
        later = later[1]
    return found[::-1]


class Known(dict[str, Person]):
    """The people of a world by id: whoever is in brief becomes a record when somebody asks."""

    def __init__(self, brevity: Brevity) -> None:
        super().__init__()
        self._brevity = brevity

    def __missing__(self, identity: str) -> Person:
        numbered, number = self._brevity.numbered, identity[1:]
        if identity[:1] == "P" and number.isdecimal() and 0 < int(number) < len(numbered):
            row = numbered[int(number)]
            if row.__class__ is tuple and identity == f"P{int(number)}":
                return self._brevity.unfold(int(number))
        raise KeyError(identity)

    def get(self, identity: str, default: Any = None) -> Any:
        """Return who is called ``identity``."""
        try:
            return self[identity]
        except KeyError:
            return default


class Holders(dict[str, list[Person]]):
    """Who is reached at an address: whoever is in brief becomes a record when somebody asks."""

    def __init__(self, brevity: Brevity) -> None:
        super().__init__()
        self._brevity = brevity

    def __missing__(self, key: str) -> list[Person]:
        kind, _colon, value = key.partition(":")
        number = self._brevity.reached.get(value) if kind == EMAIL else None
        if number is None:
            raise KeyError(key)
        self._brevity.unfold(number)
        return self[key]

    def get(self, key: str, default: Any = None) -> Any:
        """Return who is reached at ``key``."""
        try:
            return self[key]
        except KeyError:
            return default
