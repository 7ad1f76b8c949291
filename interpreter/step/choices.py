"""Steps that choose a way: if, depending on, experiment, qualify, repeat. Rule: every answer has a way, unknown too."""

from __future__ import annotations

from hashlib import sha256

from verbline.interpreter.person.parts import beside
from verbline.interpreter.person.record import put
from verbline.interpreter.program.reckoning import fold
from verbline.interpreter.step.steps import STAY, Step, arrive

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any

    from verbline.interpreter.person.record import Visit
    from verbline.interpreter.program.conditions import Condition, Value
    from verbline.interpreter.step.steps import Next
    from verbline.interpreter.step.turn import Turn

WORDS = {True: "yes", False: "no", None: "unknown"}
SPACE = 2**64


class If(Step):
    """``if``: ``next`` is the way of yes, ``no`` and ``unknown`` the others."""

    __slots__ = ("condition", "no", "unknown")
    chooses = True
    condition: Condition
    no: Next
    unknown: Next

    def enter(self, turn: Turn, visit: Visit) -> Next:
        """Return the way of the answer."""
        answer = self.condition.test(turn)
        turn.note("branch", "taken", "", visit, self, answer=WORDS[answer])
        return self.next if answer else self.no if answer is False else self.unknown

    def branches(self) -> dict[str, Next]:
        """Return the three ways."""
        return {"yes": self.next, "no": self.no, "unknown": self.unknown}


class Depending(Step):
    """``depending on``: ``cases`` maps a value as it compares to its way, ``unknown`` is that of no value, ``no`` the rest."""

    __slots__ = ("cases", "no", "unknown", "value")
    chooses = True
    value: Value
    cases: Mapping[Any, tuple[str, Next]]
    no: Next
    unknown: Next

    def enter(self, turn: Turn, visit: Visit) -> Next:
        """Return the way of the value."""
        value = self.value.of(turn)
        if value is None:
            turn.note("branch", "taken", "", visit, self, answer="unknown")
            return self.unknown
        told, way = self.cases.get(fold(value), ("anything else", self.no))
        turn.note("branch", "taken", "", visit, self, answer=told)
        return way

    def branches(self) -> dict[str, Next]:
        """Return the ways of the values."""
        return {
            **dict(self.cases.values()),
            "unknown": self.unknown,
            "anything else": self.no,
        }


def drawn(experiment: str, person: str) -> int:
    """Return the ticket of a person in an experiment: 0 to 2**64 - 1, the same on every machine."""
    text = f"{experiment}\0{person}".encode("utf-8", "surrogatepass")
    return int.from_bytes(sha256(text).digest()[:8], "big")


class Experiment(Step):
    """``experiment``: ``arms`` are (share in percent, name, way) in the order written."""

    __slots__ = ("arms", "name")
    chooses = True
    name: str
    arms: Sequence[tuple[Any, str, Next]]

    def enter(self, turn: Turn, visit: Visit) -> Next:
        """Return the way of the person's arm, which is drawn once and stays."""
        person = turn.person
        arm = person.arms.get(self.name)
        if arm is None or all(arm != name for _share, name, _way in self.arms):
            arm = self.draw(person.id)
            put(person, "arms", self.name, arm)
            put(person, "drawn", self.name, turn.order)
        if person.parts is not None:
            beside(turn, visit, self.keep, arm)
        turn.note("branch", "taken", "", visit, self, answer=arm, experiment=self.name)
        return next(way for _share, name, way in self.arms if name == arm)

    def keep(self, turn: Turn, arm: str) -> None:
        """Let the turn's person have an arm, unless one was drawn before."""
        drawn = turn.person.arms.get(self.name)
        if all(drawn != name for _share, name, _way in self.arms):
            put(turn.person, "arms", self.name, arm)
            put(turn.person, "drawn", self.name, turn.order)

    def draw(self, person: str) -> str:
        """Return the arm of ``person``."""
        ticket, bound = drawn(self.name, person) * 100, 0
        for share, name, _way in self.arms:
            bound += share
            if ticket < bound * SPACE:
                return name
        return self.arms[-1][1]

    def branches(self) -> dict[str, Next]:
        """Return the way of each arm."""
        return {name: way for _share, name, way in self.arms}


class Qualify(Step):
    """``qualify as``: stores a label on yes; ``again`` is the same question behind ``if unknown``, asked once more."""

    __slots__ = ("condition", "label", "no", "once_more", "unknown")
    condition: Condition
    label: str
    no: Next
    unknown: Next
    once_more: bool  # this is the second look, at which unknown counts as no

    def enter(self, turn: Turn, visit: Visit) -> Next:
        """Return the way of the answer, with the label stored where it is yes."""
        answer = self.condition.test(turn)
        turn.note("branch", "taken", "", visit, self, answer=WORDS[answer])
        if answer:
            if self.label not in turn.person.labels:
                put(turn.person, "labels", self.label, turn.now)
            if turn.person.parts is not None:
                beside(turn, visit, self.keep)
            turn.note("label", "taken", "", visit, self, label=self.label)
            turn.changed()
            return self.next
        return self.no if answer is False or self.once_more else self.unknown

    def keep(self, turn: Turn) -> None:
        """Store the label with the turn's person, unless it is there."""
        if self.label not in turn.person.labels:
            put(turn.person, "labels", self.label, turn.now)

    def branches(self) -> dict[str, Next]:
        """Return the three ways."""
        return {
            "yes": self.next,
            "no": self.no,
            "unknown": self.no if self.once_more else self.unknown,
        }


class Repeat(Step):
    """``repeat``: ``body`` is its block, which leads back here; ``next`` the step behind it."""

    __slots__ = ("body", "condition", "every", "times")
    chooses = True
    by_clock = frozenset(("turn",))
    body: Next
    condition: Condition | None
    every: tuple[Any, str]
    times: int

    def enter(self, turn: Turn, visit: Visit) -> Next:
        """Return the block for the next turn, the way behind where the turns are over, or stay until the next is due."""
        count, begun = visit.turns.get(self.id, (0, turn.now))
        if count >= self.times:
            return self.leave(turn, visit)
        if count:
            due = turn.program.later(turn, begun, self.every)
            if due > turn.now:
                arrive(turn, visit)
                turn.person.set_timer(due, "step", visit.serial)
                turn.note("wait", "held", "", visit, self, until=due)
                return STAY
        return self.turn(turn, visit, count)

    def turn(self, turn: Turn, visit: Visit, count: int) -> Next:
        """Return the block where the condition is not yet yes, else the way behind."""
        if self.condition is not None and self.condition.test(turn):
            return self.leave(turn, visit)
        put(visit, "turns", self.id, (count + 1, turn.now))
        turn.note("branch", "taken", "", visit, self, answer=str(count + 1))
        return self.body

    def leave(self, turn: Turn, visit: Visit) -> Next:
        """Return the way behind the turns."""
        if self.id in visit.turns:
            del visit.turns[self.id]
        turn.note("branch", "taken", "", visit, self, answer="over")
        return self.next

    def due(self, turn: Turn, visit: Visit, what: str) -> Next:
        """Return the block of the next turn."""
        turn.fields = visit.fields
        return self.turn(turn, visit, visit.turns[self.id][0])

    def branches(self) -> dict[str, Next]:
        """Return the block and the way behind it."""
        return {"turn": self.body, "over": self.next}
