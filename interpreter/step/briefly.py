"""People in brief. Rule: of whoever met only the usual is kept what happened; anybody else is a record, made by letting it happen again.

Most people of a log come in by one event, wait, and leave by another one or by time. What becomes of them is worked out once
for a situation, by letting it happen to a record that is thrown away. From then on it is counted, and of the person one row
stays: the situation, the alarm, and the events. Whoever asks for such a person by id, number or address gets a record in
which all of it has happened; that is a `Person` from then on.

This is for hosts that want sums and no trace.
"""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from verbline.interpreter.person.record import Person
from verbline.interpreter.step.again import BETWEEN, EMAIL, MASK, PLACE, Again, Row
from verbline.interpreter.step.happening import wish
from verbline.interpreter.step.keeping import Holders, Known
from verbline.interpreter.step.signals import NO_CAUSE
from verbline.interpreter.step.situations import (
    Move,
    Situation,
    is_of_event,
    length_of,
    situations_of,
)
from verbline.interpreter.step.world import BITS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from verbline.interpreter.person.record import Cause
    from verbline.interpreter.program.parts import Journey, Moment
    from verbline.interpreter.step.again import Later
    from verbline.interpreter.step.situations import Coming
    from verbline.interpreter.step.world import World

# So much is kept of what happens later; to whom more happens is a record.
LATER_MAX = 8
# So many come in alike before it is worth looking what comes of it.
OFTEN = 4


class Brevity:
    """The people of a world who are kept in brief. Their rows stand in its `numbered`.

    ``reached`` are their numbers by email, once somebody has asked for one of them by an address.
    """

    def __init__(self, world: World) -> None:
        self.world = world
        self.turn, self.brakes, self.queues = world.turn, world.brakes, world.queues
        self.erased = world.erased
        self.numbered: list[Any] = world.numbered
        self.reached: dict[str, int] | None = None
        self.situations = situations_of(world.program)
        # How often each move was made since it was last counted what comes of it.
        self.made: defaultdict[Move, int] = defaultdict(int)
        self._of_event: dict[str, bool] = {}
        self._again = Again(world.program)
        world.people = Known(self)
        world.holders = Holders(self)
        world.brevity = self

    # What happens

    def come(
        self, number: int, email: str, coming: Coming, fields: dict[str, Any], name: str, at: int
    ) -> bool:
        """Let somebody come in of whom nothing is kept; return whether that is usual, else nothing has happened.

        ``name`` is the id of the event, which happened when it was known: at ``at``.
        """
        turn, brakes = self.turn, self.brakes
        if brakes.queues or self.erased:
            return False
        if not coming.is_open:
            coming = coming.with_others(self._started(coming.moment, fields, at))
        for journey, limit, whole in coming.brakes:
            entries = brakes.entries.get(journey)
            if entries and len(entries) >= limit and entries[0] + whole.gate.brake > at and brakes.open_for(whole, at) is None:  # fmt: skip
                return False
        text = f"{email}{BETWEEN}{name}"
        place = at << 2 * PLACE | turn.order << PLACE | turn.said
        move = coming.move
        if move is None:
            coming.met += 1
            if coming.met == OFTEN:
                row = Row(Situation(coming, ()), 0, text, place, fields or None)
                move = coming.move = self._first(coming, row)
            if move is None:
                return False
        self._count(coming, at)
        self.made[move] += 1
        turn.said, turn.order = turn.said + len(coming.models), turn.order + move.turns
        alarm = 0 if move.length is None else self._wait(move, number, at)
        row = Row(move.situation, alarm, text, place, fields or None)
        numbered = self.numbered
        if number == len(numbered):
            numbered.append(row)
        else:
            numbered[number] = row
        if self.reached is not None and email:
            self.reached[email] = number
        return True

    def _count(self, coming: Coming, at: int) -> None:
        """Count an entry into each journey that begins."""
        brakes = self.brakes
        for one in coming.entered:
            entries = brakes.entries.get(one.name)
            if entries is None:
                brakes.count(one, at)
            else:
                entries.append(at)

    def meet(
        self,
        row: Row,
        number: int,
        moment: Moment,
        fields: dict[str, Any],
        cause: Cause,
        known: int,
        happened: int,
    ) -> bool:
        """Let a moment meet somebody in brief; return whether that was usual, else they are in brief no more."""
        if moment.starts and not self._starts_nothing(moment, fields, known):
            self.unfold(number)
            return False
        before, situation = row.later, row.situation
        depth = before[0] + 1 if before else 1
        later: Later = (depth, before, moment, fields or None, cause, known, happened, self.turn.order)  # fmt: skip
        move = situation.moves.get(moment.name)
        if move is None or depth > LATER_MAX:
            move = self._move(number, row, moment.name, later)
            if move is None:
                return False
        if not move.situation.inside:
            row.alarm = 0  # else they wait as they did, where no wait begins
        self._go(row, number, move, known)
        row.later = later
        return True

    def fall_due(self, number: int, row: Any, due: int) -> None:
        """Let the timers of somebody in brief fall due."""
        world = self.world
        world.now = max(world.now, due)
        before, situation = row.later, row.situation
        depth = before[0] + 1 if before else 1
        later: Later = (depth, before, None, None, NO_CAUSE, due, due, self.turn.order)
        move = situation.moves.get(None)
        if move is None or depth > LATER_MAX:
            move = self._move(number, row, None, later)
            if move is None:
                world.ring(self.unfold(number), due)
                return
        row.alarm = 0
        self._go(row, number, move, due)
        row.later = later

    def _go(self, row: Row, number: int, move: Move, now: int) -> None:
        """Let somebody go where ``move`` leads, and wait there where a wait begins."""
        self.made[move] += 1
        self.turn.order += move.turns
        row.situation = move.situation
        if move.length is not None:
            row.alarm = self._wait(move, number, now)

    def _wait(self, move: Move, number: int, now: int) -> int:
        """Let somebody wait where ``move`` leads, and return the alarm."""
        due = now + move.span
        if not move.is_fixed:
            zone = self.world.program.zone
            # Where no clock is set on the way, a day is 24 hours long.
            if not move.span or now < zone.calm_from or due >= zone.calm_until:
                assert move.length is not None, "somebody waits"
                due = self.world.program.later(self._again.turn, now, move.length)
        alarm = due << BITS | number
        self.queues.add(alarm, move.span or move.length)
        return alarm

    def count(self) -> None:
        """Count what came of the moves that were made; a host does so when all has happened."""
        counts: Any = self.world.turn.counts
        for move, number in self.made.items():
            for site in move.sites:
                counts[site] += number
        self.made.clear()

    # What it comes to

    def _move(self, number: int, row: Row, what: str | None, later: Later) -> Move | None:
        """Return what comes of ``later``; None, and the person is a record, where that is not usual."""
        moves = row.situation.moves
        if what not in moves:
            moves[what] = self._next(row, later)
        move: Move | None = moves[what]
        if move is not None and later[0] <= LATER_MAX:
            return move
        self.unfold(number)
        return None

    def _first(self, coming: Coming, row: Row) -> Move | None:
        """Return what comes of coming in."""
        if not self.situations.usual.issuperset(coming.journeys):
            return None
        move = self._found(row, None)
        told = [one[1:6] for one in self._again.told]
        coming.entered = tuple(one[0] for one in told if one[3:] == ("entry", "taken"))
        return move

    def _started(self, moment: Moment, fields: dict[str, Any], at: int) -> tuple[Journey, ...]:
        """Return the journeys that an event starts, which is a moment with these fields."""
        turn = self._again.turn
        turn.now = turn.happened = at
        wish(turn, moment, fields)
        starts, turn.starts = turn.starts, []
        return tuple(start.journey for start in starts)

    def _starts_nothing(self, moment: Moment, fields: dict[str, Any], at: int) -> bool:
        """Return whether the event alone says that it starts no journey."""
        of_event = self._of_event.get(moment.name)
        if of_event is None:
            of_event = all(is_of_event(start, moment) for start in moment.starts)
            self._of_event[moment.name] = of_event
        return of_event and not moment.open and not self._started(moment, fields, at)

    def _next(self, row: Row, later: Later) -> Move | None:
        """Return what comes of ``later``, which meets somebody in the situation of ``row``."""
        moment = later[2]
        if row.situation.coming is None or (moment is not None and not moment.plain):
            return None
        return self._found(row, later)

    def _found(self, row: Row, later: Later | None) -> Move | None:
        """Let ``later`` happen to a record of ``row``, or its coming in, and return what came of it; None where that is not usual."""
        coming, person = row.situation.coming, self._again.record(row, 0)
        assert coming is not None, "somebody came in"
        order, serial = row.place >> PLACE & MASK, 0
        if later is not None:
            order, serial = later[7], person.serial
            self._again.told = []
            self._again.live(person, later)
        visits, timers = person.visits, person.timers
        begun = sum(timer[1] > serial for timer in timers)
        length = length_of(visits) if begun else None
        is_one = len({timer[0] for timer in timers}) <= 1 and begun in (0, len(visits))
        if len(timers) != len(visits) or not is_one or (begun and length is None):
            return None
        situation = self.situations.situation(coming, visits)
        return Move(self._again.sites(), situation, self._again.turn.order - order, length)

    # Records

    def unfold(self, number: int) -> Person:
        """Return the record of somebody; who was kept in brief is no more."""
        row: Any = self.numbered[number]
        if row.__class__ is Person:
            found: Person = row
            return found
        person = self.numbered[number] = self._again.record(row, number)
        # The alarm that is set is that of the world.
        person.alarm = row.alarm >> BITS if row.alarm else None
        self.world.people[person.id] = person
        email = row.email
        if email:
            self.world.holders[f"{EMAIL}:{email}"] = [person]
            if self.reached is not None:
                del self.reached[email]
        return person

    def find(self, email: str) -> int | None:
        """Return the number of who is reached at ``email`` and kept in brief, or None."""
        if self.reached is None:
            rows = ((at, row) for at, row in enumerate(self.numbered) if row.__class__ is Row)
            self.reached = {email: at for at, row in rows if (email := row.email)}
        return self.reached.get(email)
