"""People of a running project who are kept by their moulds. Rule: whoever asks for one of them gets the record that there would be.

A row is the mould, the alarm that is set for the person, and the bytes as they stand in the store: the number of the mould,
when the timers are due, the values. What meets such a person is found out once, see `moulding`; from then on a row follows
from a row, and what is told follows with it. Whatever is not usual happens to a record, which stays one.
"""

from __future__ import annotations

from collections import defaultdict
from contextlib import contextmanager
from heapq import heappush
from typing import Any

import msgspec

from verbline.interpreter.person.mould import DUE, row_of
from verbline.interpreter.step.impulses import Move
from verbline.interpreter.step.keeping import Holders, Known
from verbline.interpreter.step.moulding import Moulding
from verbline.interpreter.step.situations import is_asked_of_events
from verbline.interpreter.step.trying import EMAIL
from verbline.interpreter.step.world import BITS
from verbline.runtime.engine.letters import Letters
from verbline.runtime.moulds import MOULD

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Iterator, Sequence
    from typing import TypeAlias

    from verbline.interpreter.person.mould import Mould
    from verbline.interpreter.person.record import Person
    from verbline.interpreter.step.impulses import Impulse
    from verbline.runtime.engine.world import Watched
    from verbline.runtime.identity.graph import Identity
    from verbline.runtime.leaving.leaving import Leaving
    from verbline.runtime.moulds import Moulds
    from verbline.runtime.traces.tales import Related
    from verbline.runtime.traces.traces import Traces

    # The mould, the alarm, 0 where none is set, and the bytes.
    Row: TypeAlias = "tuple[Mould, int, bytes]"

# So often something happens before it is worth looking what comes of it.
OFTEN = 4
# So much is remembered of what comes of what for those of one mould.
MOVES_MAX = 1_000
_encode = msgspec.msgpack.Encoder().encode


class Brief:
    """See the module; ``moulds`` are those of the store."""

    def __init__(self, world: Watched, moulds: Moulds) -> None:
        self.world = world
        self.numbered: list[Any] = world.numbered
        self.moulding = Moulding(world.program, moulds.values())
        self.is_usual = is_asked_of_events(world.program)
        self._traces: Traces
        self._counts: Counter[str]
        self._graph: Identity
        self._letters: Letters
        # How often what comes of a move was told and not counted yet.
        self._told: defaultdict[Move, int] = defaultdict(int)
        world.people = Known(self)
        world.holders = Holders(self)
        world.brevity = self

    def begin(
        self, traces: Traces, counts: Counter[str], leaving: Leaving | None, graph: Identity
    ) -> None:
        """Know what takes the trace, the sums and what leaves, and who says whose an address is, before anything happens."""
        self._traces, self._counts, self._graph = traces, counts, graph
        self._letters = Letters(leaving, self.moulding.turn)

    def kept(self) -> Iterator[tuple[str, bytes]]:
        """Yield the moulds that are new, as the store keeps them."""
        new, self.moulding.new = self.moulding.new, []
        for mould in new:
            yield f"{MOULD}{mould.number}", mould.to_bytes()

    # What happens

    def fall_due(self, number: int, row: Row, due: int) -> None:
        """Let the timers of somebody fall due."""
        world = self.world
        world.now = max(world.now, due)
        mould, _alarm, content = row
        inputs = (*row_of(content)[2], due, world.turn.order)
        move = self.move(mould, None, inputs, number, due) if self.is_usual else None
        if move is None:
            world.ring(self.unfold(number), due)
            return
        world.rung = due
        if move.sends:
            person = mould.person(number, due, inputs, world.program)
            world.ring(person, due)
            self.step(number, person, move, inputs)
            return
        self.go(number, move, inputs, due, 0)

    def move(
        self, mould: Mould, impulse: Impulse | None, inputs: Sequence[Any], number: int, due: int
    ) -> Move | None:
        """Return what comes of an impulse, or of time; None where that is not usual."""
        moves = mould.moves
        found: Any = moves.get(impulse, 0)
        if found.__class__ is int:
            found += 1
            if found >= OFTEN:
                found = self.moulding.move(mould, impulse, inputs, number, due)
                if found is not None and not all(map(self._letters.can, found.letters)):
                    found.sends = True
            if len(moves) < MOVES_MAX or impulse in moves:
                moves[impulse] = found
        return found if found.__class__ is Move else None

    def go(self, number: int, move: Move, inputs: Sequence[Any], at: int, alarm: int) -> bool:
        """Let somebody go where ``move`` leads; return whether that can be written so. ``alarm`` is the one that is set."""
        world, mould = self.world, move.mould
        due, begins = 0, move.length is not None or move.until is not None
        if begins:
            due = move.due(self.moulding.turn, at)
            alarm = due << BITS | number
        elif mould.waits:
            due = alarm >> BITS
        else:
            alarm = 0
        try:
            content = _encode((mould.number, due, move.take(inputs)))
        except (UnicodeEncodeError, OverflowError):
            return False  # JSON can, of a record
        if begins:
            heappush(world.alarms, alarm)
        world.turn.order += move.turns
        for journey in move.entered:
            world.brakes.count(journey, at)
        row = mould, alarm, content
        if number == len(self.numbered):
            self.numbered.append(row)
        else:
            self.numbered[number] = row
        world.touched.add(number)
        if move.rows:
            event = inputs[move.event] if move.event is not None else ""
            values = self._values(move, inputs, at, due) if move.told else []
            self._traces.relate(move.related or self._related(move), number, at, event, values)
            self._told[move] += 1
        for letter in move.letters:
            self._letters.send(letter, number, at, inputs[letter.contact])
        return True

    def _related(self, move: Move) -> Related:
        """Return what ``move`` tells, and keep it there."""
        found: Related = self._traces.tale(move.rows, move.source)
        move.related = found
        return found

    @staticmethod
    def _values(move: Move, inputs: Sequence[Any], at: int, due: int) -> list[Any]:
        """Return the values that stand in what ``move`` tells."""
        values = []
        for place, is_instant in move.told:
            value = due if place == DUE else inputs[place]
            values.append(value - at if is_instant else value)
        return values

    def count(self) -> None:
        """Count what was told since this was done last."""
        for move, number in self._told.items():
            for row in move.rows:
                self._counts[f"told {row.kind} {row.verdict}"] += number
        self._told.clear()

    def step(self, number: int, person: Person, move: Move, inputs: Sequence[Any]) -> None:
        """Keep somebody by the mould of ``move``, to whom it has happened step by step; as a record where it came otherwise."""
        mould, timers = move.mould, person.timers
        standing = [(one.journey, one.version, one.step.id) for one in person.visits]
        if standing != mould.standing or len(timers) != mould.waits * len(standing):
            self._put(number, person)
            return
        due = timers[0][0] if timers else 0
        content = _encode((mould.number, due, move.take(inputs)))
        self.numbered[number] = mould, due << BITS | number if due else 0, content

    # Records

    def unfold(self, number: int) -> Person:
        """Return the record of somebody; who was kept by a mould is so no more, in the store either.

        Who holds an address with others has to be a record at the next start too, when records are asked who holds what.
        """
        row: Any = self.numbered[number]
        if row.__class__ is not tuple:
            found: Person = row
            return found
        person = self.person(number, row)
        self._put(number, person)
        self.world.touched.add(number)
        return person

    def person(self, number: int, row: Row) -> Person:
        """Return the record of a row, with its alarm."""
        mould, alarm, content = row
        _number, due, values = row_of(content)
        person = mould.person(number, due, values, self.world.program)
        person.alarm = due if alarm else None
        return person

    def _put(self, number: int, person: Person) -> None:
        """Let somebody be a record."""
        self.numbered[number] = self.world.people[person.id] = person
        for contact in person.contacts:
            self.world.holders[contact.key] = [person]

    def find(self, email: str) -> int | None:
        """Return the number of who is reached at ``email`` and kept by a mould, or None."""
        numbered = self.numbered
        for number in self._graph.holders(EMAIL, email):
            row = numbered[number] if number < len(numbered) else None
            if row.__class__ is tuple and any(one.value == email for one in self.person(number, row).contacts):  # fmt: skip
                return number
        return None

    @contextmanager
    def unfolded(self, among: slice) -> Iterator[None]:
        """Let those with some numbers be records while this lasts; who is not touched by it is kept as before."""
        numbers = range(*among.indices(len(self.numbered)))
        rows = [(one, self.numbered[one]) for one in numbers if self.numbered[one].__class__ is tuple]  # fmt: skip
        for number, row in rows:
            self._put(number, self.person(number, row))
        yield
        world = self.world
        for number, row in rows:
            person = self.numbered[number]
            if number in world.touched or person is None:
                continue
            self.numbered[number] = row
            del world.people[person.id]
            for contact in person.contacts:
                if world.holders.get(contact.key) == [person]:
                    del world.holders[contact.key]
