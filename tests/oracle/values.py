"""Values and lengths of time. Rule: what is unknown is None, and whatever is reckoned with it is None too.

A number is a Decimal, an instant an int, a day a `date`; money and lengths are pairs of a Decimal and a unit.
"""

from __future__ import annotations

from datetime import date, datetime, time
from decimal import ROUND_HALF_EVEN, Context, Decimal
from typing import Any, TypeAlias

from verbline.interpreter.nodes import Node, Word
from verbline.interpreter.working import WorkingTime
from verbline.interpreter.zones import HOUR, MINUTE, Zone, add_to_local

Length: TypeAlias = tuple[Decimal, str]

EXACT = Context(prec=28, rounding=ROUND_HALF_EVEN)
UNITS = {
    "U_MINUTE": "minute",
    "U_HOUR": "hour",
    "U_DAY": "day",
    "U_WEEK": "week",
    "U_MONTH": "month",
    "U_YEAR": "year",
    "U_WHOUR": "whour",
    "U_WDAY": "wday",
}
# How long a unit counts where two lengths are compared or divided, in milliseconds.
NOMINAL = {
    "minute": MINUTE,
    "hour": HOUR,
    "day": 24 * HOUR,
    "week": 7 * 24 * HOUR,
    "month": 30 * 24 * HOUR,
    "year": 365 * 24 * HOUR,
    "whour": HOUR,
    "wday": 24 * HOUR,
}
WHOLE_DAYS = ("day", "week", "month", "year")


def fold(text: str) -> str:
    """Return ``text`` as texts are compared: without case and blanks."""
    return " ".join(text.casefold().split())


def length_of(node: Node) -> Length:
    """Return a written duration."""
    return Decimal(node.text("number")), UNITS[node.word("unit").kind]


def nominal(length: Length) -> Decimal:
    """Return a length in milliseconds, a day counting 24 hours and a month 30 days."""
    return EXACT.multiply(length[0], Decimal(NOMINAL[length[1]]))


def shifted(instant: int, length: Length, zone: Zone, work: WorkingTime, sign: int = 1) -> int:
    """Return ``instant`` and a length later (earlier where ``sign`` is -1), on the wall clock of ``zone``."""
    number, unit = length
    if unit in ("minute", "hour"):
        return instant + sign * int(nominal(length))
    if unit not in ("whour", "wday"):
        return zone.add(instant, sign * int(number), unit)
    assert sign == 1, "working time is only counted forward"
    if unit == "whour":
        found = work.add_time(instant, int(nominal(length)))
    else:
        found = work.add_days(instant, int(number))
    assert found is not None, "somebody works some day"
    return found


def clock(text: str) -> time:
    """Return a written time of day."""
    return time.fromisoformat(text)


def literal(word: Word) -> Any:
    """Return the value of a word that is no name."""
    match word.kind:
        case "STRING":
            return word.text
        case "NUMBER":
            return Decimal(word.text)
        case "PERCENT":
            return Decimal(word.text.rstrip("% "))
        case "DATE":
            return date.fromisoformat(word.text)
        case "TIME":
            return clock(word.text)
        case "YES":
            return True
        case "NO":
            return False
        case _:
            assert word.kind == "UNKNOWN", word
    return None


def point(value: Any, zone: Zone) -> int:
    """Return the instant of a date (its start) or of a date and time."""
    return zone.start_of(value) if isinstance(value, date) else int(value)


def is_length(value: Any) -> bool:
    """Return whether ``value`` is a duration; money has the same form with a currency."""
    return isinstance(value, tuple) and len(value) == 2 and value[1] in NOMINAL


def comparable(left: Any, right: Any, zone: Zone) -> tuple[Any, Any] | None:
    """Return two known values of one kind in a form that < and == can compare; None for two currencies."""
    if isinstance(left, str) and isinstance(right, str):
        return fold(left), fold(right)
    if is_length(left) and is_length(right):
        return nominal(left), nominal(right)
    if isinstance(left, date) and isinstance(right, date):
        return left, right
    if isinstance(left, date) or isinstance(right, date):
        return point(left, zone), point(right, zone)
    if is_money(left) and is_money(right):
        return (left[0], right[0]) if left[1] == right[1] else None
    if isinstance(left, tuple) and isinstance(right, tuple):
        return tuple(map(folded, left)), tuple(map(folded, right))
    return left, right


def is_money(value: Any) -> bool:
    """Return whether ``value`` is an amount."""
    return isinstance(value, tuple) and len(value) == 2 and isinstance(value[0], Decimal)


def folded(value: Any) -> Any:
    """Return a value of a list as it is compared."""
    return fold(value) if isinstance(value, str) else value


def plus(left: Any, sign: int, right: Any, zone: Zone, work: WorkingTime) -> Any:
    """Return ``left + right``, or ``left - right`` where ``sign`` is -1."""
    if is_length(left) and not is_length(right):
        left, right = right, left
    if isinstance(left, date) and not isinstance(left, datetime) and right[1] in WHOLE_DAYS:
        noon = datetime.combine(left, time(12))
        return add_to_local(noon, sign * int(right[0]), right[1]).date()
    if isinstance(left, date | int):
        return shifted(point(left, zone), right, zone, work, sign)
    if isinstance(left, tuple):
        if left[1] == right[1]:
            return EXACT.add(left[0], sign * right[0]), left[1]
        if not is_length(left):
            return None
        return EXACT.divide(nominal(left) + sign * nominal(right), Decimal(MINUTE)), "minute"
    return EXACT.add(left, sign * right)


def times(left: Any, kind: str, right: Any) -> Any:
    """Return a product (``kind`` STAR) or a quotient; None where something is divided by nothing."""
    if kind == "STAR":
        if isinstance(right, tuple):
            left, right = right, left
        if isinstance(left, tuple):
            return EXACT.multiply(left[0], right), left[1]
        return EXACT.multiply(left, right)
    if isinstance(right, tuple):
        return quotient(left[0], right[0]) if left[1] == right[1] else None
    if isinstance(left, tuple):
        number = quotient(left[0], right)
        return None if number is None else (number, left[1])
    return quotient(left, right)


def quotient(left: Decimal, right: Decimal) -> Decimal | None:
    """Return ``left`` divided by ``right``, or None where that is nothing."""
    return EXACT.divide(left, right) if right else None
