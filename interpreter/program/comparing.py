"""Comparisons of two values. Rule: a comparison with something unknown is unknown; when time decides it, it says when."""

from __future__ import annotations

from datetime import date
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

from verbline.interpreter.program.operands import Points, Reckoned, Written, as_instant
from verbline.interpreter.program.pieces import Piece, earliest
from verbline.interpreter.program.reckoning import (
    FOLDED,
    LENGTHS,
    compare_durations,
    compare_money,
    fold,
)
from verbline.interpreter.program.scores import THOUSAND
from verbline.interpreter.program.spans import WORKING, first, next_day, next_shift, start_of
from verbline.interpreter.zones import DAY, HOUR

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from verbline.interpreter.program.operands import Operand
    from verbline.interpreter.program.pieces import Writer
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
# What changes when the left side rises to the right one: it is reached, or it is passed.
AT_REACHING = frozenset((">=", "<", "==", "!="))
# How far, in all, months of different lengths and clocks that are set can lead away from an even pace, for each duration.
UNEVEN = 6 * DAY
QUARTER = 900_000
LAST_DAY = date.max.toordinal() - 1
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


class Dated(Compared):
    """A comparison of days or of instants, of which time moves at least one."""

    __slots__ = ()

    def change(self, turn: Turn) -> int | None:
        """Return when the side that time moves reaches or passes the other; nearer to now where its way is uneven."""
        left, right = self.left.of(turn), self.right.of(turn)
        if left is None or right is None:
            # The clock is always known; what is unknown beside it stays unknown, unless the calendar ends.
            return None
        measured = [*units(turn, self.left), *units(turn, self.right)]
        if not WORKING.isdisjoint(measured):
            return self.by_trying(turn)
        sign = self.sign if self.left.timed else MIRRORED[self.sign]
        ahead = distance(left, right) if self.left.timed else distance(right, left)
        uneven = UNEVEN * len(measured)
        both = self.left.timed and self.right.timed
        if self.left.kind.name == "date":
            return self.by_day(turn, sign, ahead, both=both, uneven=uneven)
        if both or -uneven < ahead < uneven:
            return self.unevenly(turn, (left, right), abs(ahead))
        if uneven:
            return turn.now + ahead - uneven + 1 if ahead > 0 else None
        return self.steadily(turn, sign, ahead)

    def steadily(self, turn: Turn, sign: str, ahead: int) -> int | None:
        """Return when `now` reaches or passes an instant that lies ``ahead``."""
        if ahead > 0:
            return turn.now + ahead + (sign not in AT_REACHING)
        return turn.now + 1 if ahead == 0 and sign not in (">=", "<") else None

    def unevenly(self, turn: Turn, sides: tuple[int, int], apart: int) -> int:
        """Return a time until which both sides move evenly, and do not meet: before midnights and before clocks are set."""
        soon = min(turn.now + max(apart, 1), next_day(turn.zone, turn.now))
        if any(next_shift(turn.zone, side - DAY, side + 2 * DAY) for side in sides):
            # Clocks are set at whole quarters of an hour.
            soon = min(soon, turn.now - turn.now % QUARTER + QUARTER)
        return soon

    def by_day(self, turn: Turn, sign: str, ahead: int, *, both: bool, uneven: int) -> int | None:
        """Return the beginning of the day on which the answer may turn; ``ahead`` is in days."""
        margin = uneven // DAY
        if both or (margin and -margin < ahead < margin):
            return next_day(turn.zone, turn.now)
        found = None
        if ahead > 0 or (ahead == 0 and sign not in (">=", "<")):
            today = turn.zone.local(turn.now).toordinal()
            reached = today + ahead + (sign not in AT_REACHING or ahead == 0)
            found = start_of(turn.zone, date.fromordinal(min(reached - margin, LAST_DAY)))
        if -2 < ahead < 2:
            # Where a clock is set back over midnight, a day comes back for a while.
            return earliest([found, next_shift(turn.zone, turn.now, turn.now + 26 * HOUR)])
        return found

    def by_trying(self, turn: Turn) -> int | None:
        """Return when a comparison with working time turns, which it does once: found by halving."""
        answer, low, step = self.of(turn), turn.now, DAY
        for _ in range(16):
            high = low + step
            if self.at(turn, high) is not answer:
                return first(low, high, lambda at: self.at(turn, at) is not answer)
            low, step = high, 2 * step
        return low


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
        return super().change(turn)


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


def folded_list(values: tuple[Any, ...]) -> tuple[Any, ...]:
    """Return the values of a list as they are compared."""
    return tuple(fold(value) for value in values)


def distance(mover: date | int, other: date | int) -> int:
    """Return how far ``other`` lies ahead of ``mover``: days between dates, milliseconds between instants."""
    if isinstance(mover, int) or isinstance(other, int):
        assert isinstance(mover, int), "two dates or two instants"
        assert isinstance(other, int), "two dates or two instants"
        return other - mover
    return other.toordinal() - mover.toordinal()


def units(turn: Turn, operand: Piece) -> list[str]:
    """Return the units of the durations that lead from the clock to a value, those that are lengths left out."""
    if not operand.timed:
        return []
    found = [one.of(turn) for one in added(operand)]
    return [length[1] for length in found if length is not None and length[1] not in LENGTHS]


def added(operand: Piece) -> list[Operand]:
    """Return the durations that are added to a value or taken from it."""
    if not isinstance(operand, Reckoned):
        inner = getattr(operand, "day", None)
        return added(inner) if isinstance(inner, Piece) else []
    return [*added(operand.left), operand.right]


def compared(shape: str, left: Operand, right: Operand) -> Piece:
    """Return the comparison ``shape`` of two values; one of a date with a date and time compares instants."""
    if left.kind.name != right.kind.name and {left.kind.name, right.kind.name} == {
        "date",
        "datetime",
    }:
        left, right = as_instant(left), as_instant(right)
    sign = SIGNS[shape]
    if left.kind.name in ("date", "datetime") and (left.timed or right.timed):
        return Dated(sign, left, right)
    if left.kind.name == "number":
        if isinstance(right, Points) and isinstance(left, Written):
            left, right, sign = right, left, MIRRORED[sign]
        return Scored(sign, left, right)
    return Compared(sign, left, right)
