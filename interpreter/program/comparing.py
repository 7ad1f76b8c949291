"""Comparisons of two values. Rule: a comparison with something unknown is unknown; when time decides it, it says when."""

from __future__ import annotations

from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

from verbline.interpreter.program.operands import Points, Reckoned, Written
from verbline.interpreter.program.pieces import Piece, earliest
from verbline.interpreter.program.reckoning import (
    FOLDED,
    compare_durations,
    compare_money,
    divided,
    fold,
)
from verbline.interpreter.program.scores import HALVES_MAX, THOUSAND
from verbline.interpreter.program.spans import first

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from verbline.interpreter.program.operands import Operand
    from verbline.interpreter.program.pieces import Writer
    from verbline.interpreter.program.scores import Score
    from verbline.interpreter.step.turn import Turn

SIGNS = {
    "eq": "==",
    "ne": "!=",
    "ge": ">=",
    "le": "<=",
    "gt": ">",
    "lt": "<",
    "before": "<",
    "after": ">",
}
# The same comparison with its sides exchanged, or with both sides negated.
MIRRORED = {"==": "==", "!=": "!=", ">=": "<=", "<=": ">=", ">": "<", "<": ">"}
EQUAL = frozenset(("==", "!="))
BY_FUNCTION = {"money": compare_money, "duration": compare_durations}


class Compared(Piece):
    """``left sign right``, both of one kind that can be compared as it is."""

    __slots__ = ("left", "right", "sign")

    def __init__(self, sign: str, left: Operand, right: Operand) -> None:
        super().__init__(
            timed=left.timed or right.timed,
            sure=left.sure and right.sure,
            depth=max(left.depth, right.depth) + 2,
        )
        self.sign = sign
        self.left = left
        self.right = right

    def split(self, writer: Writer) -> tuple[str, str, str]:
        """Return the comparison; unknown where a side is."""
        kind = self.left.kind.name
        if kind in BY_FUNCTION:
            compare, found = writer.constant(BY_FUNCTION[kind]), writer.variable()
            both = f"{self.left.inside(writer)}, {self.right.inside(writer)}"
            bound = f"({found} := {compare}({both})) is None"
            return bound, f"{found} is None", f"{found} {self.sign} 0"
        tests: list[str] = []
        again: list[str] = []
        sides: list[str] = []
        for side in (self.left, self.right):
            text = side.inside(writer)
            if not side.sure:
                variable = writer.variable()
                tests.append(f"({variable} := {text}) is None")
                again.append(f"{variable} is None")
                text = variable
            sides.append(self.plain(side, text, writer))
        return " or ".join(tests), " or ".join(again), f"{sides[0]} {self.sign} {sides[1]}"

    def plain(self, side: Operand, text: str, writer: Writer) -> str:
        """Return a side as it is compared: a text folded."""
        if side.kind.base == "text":
            if isinstance(side, Written):
                return writer.constant(fold(side.value))
            return f"{writer.constant(FOLDED)}[{text}]"
        if side.kind.name == "list":
            return f"{writer.constant(folded_list)}({text})"
        return text

    def change(self, turn: Turn) -> int | None:
        """Return when time turns the answer."""
        if not self.timed:
            return None
        return earliest([self.left.change(turn), self.right.change(turn)])

    def side(self, turn: Turn, at: int) -> object:
        """Return the answer at another instant; of a test for equality, on which side of the right value the left one is."""
        if self.sign not in EQUAL:
            return self.at(turn, at)
        left, right = self.left.at(turn, at), self.right.at(turn, at)
        return None if left is None or right is None else (left > right) - (left < right)


class Scored(Compared):
    """A comparison of numbers, of which a fading score is one."""

    __slots__ = ()

    def split(self, writer: Writer) -> tuple[str, str, str]:
        """Return the comparison; with a written number, the score is compared in thousandths."""
        if isinstance(self.left, Points) and isinstance(self.right, Written) and self.right.sure:
            level = writer.constant(self.right.value * THOUSAND)
            score = writer.constant(self.left.score)
            read = f"{score}.read({writer.use('person')}, {writer.use('now')})"
            return "", "", f"{read} {self.sign} {level}"
        return super().split(writer)

    def change(self, turn: Turn) -> int | None:
        """Return when the score has faded to where the answer turns."""
        if not self.timed:
            return None
        if isinstance(self.left, Points) and not self.right.timed:
            return fading(turn, self.left, self.sign, self.right.of(turn))
        if isinstance(self.right, Points) and not self.left.timed:
            return fading(turn, self.right, MIRRORED[self.sign], self.left.of(turn))
        found = [*scores_in(self.left), *scores_in(self.right)]
        if len(found) != 1 or found[0] is None:
            return super().change(turn)
        return self.by_halving(turn, found[0])

    def by_halving(self, turn: Turn, score: Score) -> int | None:
        """Return when both sides meet of which one follows a single score, evenly: it nears its end without turning back."""
        assert score.half is not None, "a score that fades has a half-life"
        here, low, step = self.side(turn, turn.now), turn.now, score.half // 64 + 1
        while low - turn.now < score.half * HALVES_MAX:
            high = low + step
            if self.side(turn, high) != here:
                return first(low, high, lambda at: self.side(turn, at) != here)
            low, step = high, 2 * step
        return None


def fading(turn: Turn, points: Points, sign: str, limit: Any) -> int | None:
    """Return when the answer to ``points sign limit`` may turn because the score fades; None where it never does."""
    if limit is None:
        return None
    score, value = points.score, points.score.read(turn.person, turn.now)
    kept = turn.person.scores.get(score.name)
    low, high = score.low, score.high
    bound = Decimal(limit) * THOUSAND
    if kept is not None and kept[0] < 0:
        value, bound, sign = -value, -bound, MIRRORED[sign]
        low = None if high is None else -high
    below, at = (
        int(bound.to_integral_value(ROUND_FLOOR)),
        int(bound.to_integral_value(ROUND_CEILING)) - 1,
    )
    if sign in EQUAL:
        level = below if value > below else at
    else:
        level = at if sign in (">=", "<") else below
    if value <= level or (low is not None and level < low):
        return None
    return score.falls_to(turn.person, turn.now, level)


def scores_in(operand: Operand) -> list[Score | None]:
    """Return the fading scores that a number follows; None for one that it may not follow evenly."""
    if isinstance(operand, Points):
        return [operand.score] if operand.timed else []
    if not operand.timed or not isinstance(operand, Reckoned):
        return [None] if operand.timed else []
    start, steps = operand.steps()
    found = scores_in(start)
    for step in steps:
        inner = scores_in(step.right)
        found += [None for _ in inner] if step.function is divided else inner
    return found


def folded_list(values: tuple[Any, ...]) -> tuple[Any, ...]:
    """Return the values of a list as they are compared."""
    return tuple(fold(value) for value in values)
