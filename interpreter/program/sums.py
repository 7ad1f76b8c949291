"""Sums and products. Rule: what two kinds give is one row; what check refuses has none."""

from __future__ import annotations

from verbline.interpreter.kinds import DATE, DATETIME, DURATION, MONEY, NUMBER, Kind
from verbline.interpreter.program.operands import Reckoned, Written, as_instant
from verbline.interpreter.program.reckoning import (
    divided,
    duration_divided,
    duration_minus,
    duration_plus,
    duration_times,
    later_day,
    minus,
    money_divided,
    money_minus,
    money_plus,
    money_ratio,
    money_times,
    plus,
    reversed_,
    times,
)
from verbline.interpreter.program.spans import later, start_of, working

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date
    from typing import Any

    from verbline.interpreter.program.operands import Operand
    from verbline.interpreter.program.reckoning import Duration
    from verbline.interpreter.step.turn import Turn


def instant_plus(turn: Turn, start: int | None, length: Duration | None) -> int | None:
    """Return the instant a duration after ``start``, by the person's clock."""
    if start is None or length is None:
        return None
    return later(turn.zone, turn.program.work, start, length[0], length[1])


def instant_minus(turn: Turn, start: int | None, length: Duration | None) -> int | None:
    """Return the instant a duration before ``start``, by the person's clock."""
    return instant_plus(turn, start, reversed_(length))


def day_minus(day: date | None, length: Duration | None) -> date | None:
    """Return the day a duration before ``day``."""
    return later_day(day, reversed_(length))


def workday_plus(turn: Turn, day: date | None, length: Duration | None) -> date | None:
    """Return the date a number of working days after ``day`` begins, where the project works."""
    if day is None or length is None:
        return None
    work = turn.program.work
    return work.zone.local(working(work, start_of(work.zone, day), length[0], "wday")).date()


def workday_minus(turn: Turn, day: date | None, length: Duration | None) -> date | None:
    """Return the date a number of working days before ``day``."""
    return workday_plus(turn, day, reversed_(length))


# What works out two sides of these kinds, and the kind that comes of it.
FUNCTIONS: dict[tuple[str, str, str], tuple[Callable[..., Any], Kind]] = {
    ("number", "PLUS", "number"): (plus, NUMBER),
    ("number", "MINUS", "number"): (minus, NUMBER),
    ("number", "STAR", "number"): (times, NUMBER),
    ("number", "SLASH", "number"): (divided, NUMBER),
    ("money", "PLUS", "money"): (money_plus, MONEY),
    ("money", "MINUS", "money"): (money_minus, MONEY),
    ("money", "STAR", "number"): (money_times, MONEY),
    ("money", "SLASH", "number"): (money_divided, MONEY),
    ("money", "SLASH", "money"): (money_ratio, NUMBER),
    ("duration", "PLUS", "duration"): (duration_plus, DURATION),
    ("duration", "MINUS", "duration"): (duration_minus, DURATION),
    ("duration", "STAR", "number"): (duration_times, DURATION),
    ("duration", "SLASH", "number"): (duration_divided, DURATION),
}
# With these on the left, the sides are exchanged: it is the other one that is moved or multiplied.
TURNED = frozenset((("PLUS", "duration"), ("STAR", "number")))


def reckoned(left: Operand, sign: str, right: Operand, *, whole_days: bool) -> Operand:
    """Return ``left sign right``; ``whole_days`` tells that a written duration counts days or longer units."""
    one, other = left.kind.name, right.kind.name
    if (sign, one) in TURNED and other != one:
        left, right, one, other = right, left, other, one
    if other == "duration" and one in ("date", "datetime"):
        if one == "date" and isinstance(right, Written) and right.value[1] == "wday":
            function = workday_plus if sign == "PLUS" else workday_minus
            return Reckoned(DATE, function, left, right, local=True)
        if one == "date" and whole_days:
            moved_day = later_day if sign == "PLUS" else day_minus
            return Reckoned(DATE, moved_day, left, right, local=False)
        moved = instant_plus if sign == "PLUS" else instant_minus
        return Reckoned(DATETIME, moved, as_instant(left), right, local=True)
    found = FUNCTIONS.get((one, sign, other))
    assert found is not None, f"check refuses {one} {sign} {other}"
    return Reckoned(found[1], found[0], left, right, local=False)
