"""Values at run time: compared, added, folded. Rule: what cannot be reckoned is unknown, and no binary fraction enters.

    text str · number int or Decimal · money (Decimal, "EUR") · date datetime.date · date and time int (milliseconds) ·
    duration (number, unit) · yes or no bool · list tuple · unknown None

A duration's unit is minute, hour, day, week, month, year, whour or wday.
"""

from __future__ import annotations

from datetime import date, datetime, time
from decimal import ROUND_HALF_EVEN, Context, Decimal
from unicodedata import normalize

from verbline.interpreter.zones import HOUR, MINUTE, add_to_local

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, TypeAlias

    Number: TypeAlias = "int | Decimal"
    Money: TypeAlias = "tuple[Decimal, str]"
    Duration: TypeAlias = "tuple[Number, str]"

DIGITS = 28
# Nothing is raised: what is too large, or divided by nothing, is no number and therefore unknown.
CONTEXT = Context(prec=DIGITS, rounding=ROUND_HALF_EVEN, traps=[])
WHOLE_MAX = 10**DIGITS
# Texts whose folded form is remembered; a long one is folded each time.
REMEMBERED_MAX = 4096
LETTERS_MAX = 120
# Which durations are measured alike, and how many of the smallest unit one is. A day counts 24 hours here.
MEASURES = {
    "minute": ("time", 1), "hour": ("time", 60), "day": ("time", 1440), "week": ("time", 7 * 1440),
    "month": ("months", 1), "year": ("months", 12), "whour": ("working hours", 1), "wday": ("working days", 1),
}  # fmt: skip
# How the smaller unit of a measure is called where two durations are added, and what it is counted in.
SMALLEST = {
    "minute": ("minute", 1), "hour": ("minute", 60), "day": ("day", 1), "week": ("day", 7),
    "month": ("month", 1), "year": ("month", 12), "whour": ("whour", 1), "wday": ("wday", 1),
}  # fmt: skip
MONTH_MIN, MONTH_MAX = 28 * 1440, 31 * 1440
YEAR_MIN, YEAR_MAX = 365 * 1440, 366 * 1440
LENGTHS = {"minute": MINUTE, "hour": HOUR}


class Folds(dict[str, str]):
    """Texts as they are compared: without regard to case and blanks."""

    def __missing__(self, text: str) -> str:
        plain = text if text.isascii() else normalize("NFC", text)
        folded = " ".join(plain.casefold().split())
        if len(text) <= LETTERS_MAX:
            if len(self) >= REMEMBERED_MAX:
                self.clear()
            self[text] = folded
        return folded


FOLDED = Folds()


def fold(value: Any) -> Any:
    """Return a value as it is compared: a text folded, anything else as it is."""
    return FOLDED[value] if isinstance(value, str) else value


def exact(number: Decimal) -> Number | None:
    """Return a result in its plainest form: whole numbers as int; unknown where it is no number."""
    if not number.is_finite():
        return None
    if number == number.to_integral_value() and abs(number) < WHOLE_MAX:
        return int(number)
    return number


def whole(number: int) -> Number | None:
    """Return a whole number, rounded to 28 digits where it has more."""
    return number if -WHOLE_MAX < number < WHOLE_MAX else exact(CONTEXT.plus(Decimal(number)))


def plus(one: Number | None, other: Number | None) -> Number | None:
    """Return the sum of two numbers; unknown where one is."""
    if one is None or other is None:
        return None
    if type(one) is int and type(other) is int:
        return whole(one + other)
    return exact(CONTEXT.add(Decimal(one), Decimal(other)))


def minus(one: Number | None, other: Number | None) -> Number | None:
    """Return the difference of two numbers; unknown where one is."""
    return None if other is None else plus(one, -other)


def times(one: Number | None, other: Number | None) -> Number | None:
    """Return the product of two numbers; unknown where one is."""
    if one is None or other is None:
        return None
    if type(one) is int and type(other) is int:
        return whole(one * other)
    return exact(CONTEXT.multiply(Decimal(one), Decimal(other)))


def divided(one: Number | None, other: Number | None) -> Number | None:
    """Return the quotient of two numbers; unknown where one is, and by nothing."""
    if one is None or not other:
        return None
    return exact(CONTEXT.divide(Decimal(one), Decimal(other)))


def money_plus(one: Money | None, other: Money | None) -> Money | None:
    """Return the sum of two amounts; unknown where their currencies differ."""
    if one is None or other is None or one[1] != other[1]:
        return None
    return amount(plus(one[0], other[0]), one[1])


def money_minus(one: Money | None, other: Money | None) -> Money | None:
    """Return the difference of two amounts; unknown where their currencies differ."""
    return None if other is None else money_plus(one, (-other[0], other[1]))


def money_times(one: Money | None, other: Number | None) -> Money | None:
    """Return a multiple of an amount."""
    return None if one is None else amount(times(one[0], other), one[1])


def money_divided(one: Money | None, other: Number | None) -> Money | None:
    """Return a part of an amount."""
    return None if one is None else amount(divided(one[0], other), one[1])


def money_ratio(one: Money | None, other: Money | None) -> Number | None:
    """Return how many times one amount holds another; unknown where their currencies differ."""
    if one is None or other is None or one[1] != other[1]:
        return None
    return divided(one[0], other[0])


def amount(number: Number | None, currency: str) -> Money | None:
    """Return an amount of money."""
    return None if number is None else (Decimal(number), currency)


def duration_plus(one: Duration | None, other: Duration | None) -> Duration | None:
    """Return the sum of two durations; unknown where they are not measured alike, such as days and hours."""
    if one is None or other is None:
        return None
    if one[1] == other[1]:
        return lasting(plus(one[0], other[0]), one[1])
    (unit, count), (other_unit, other_count) = SMALLEST[one[1]], SMALLEST[other[1]]
    if unit != other_unit:
        return None
    return lasting(plus(times(one[0], count), times(other[0], other_count)), unit)


def duration_minus(one: Duration | None, other: Duration | None) -> Duration | None:
    """Return the difference of two durations; unknown where they are not measured alike."""
    return None if other is None else duration_plus(one, (-other[0], other[1]))


def duration_times(one: Duration | None, other: Number | None) -> Duration | None:
    """Return a multiple of a duration."""
    return None if one is None else lasting(times(one[0], other), one[1])


def duration_divided(one: Duration | None, other: Number | None) -> Duration | None:
    """Return a part of a duration."""
    return None if one is None else lasting(divided(one[0], other), one[1])


def lasting(number: Number | None, unit: str) -> Duration | None:
    """Return a duration; unknown where it is a part of a unit that is counted on the calendar."""
    if number is None or (unit not in LENGTHS and unit != "whour" and type(number) is not int):
        return None
    return number, unit


def milliseconds(number: Number, unit: str) -> int:
    """Return the length of a number of minutes, hours or working hours, to the nearest millisecond."""
    length = LENGTHS.get(unit, HOUR)
    return number * length if type(number) is int else round(Decimal(number) * length)


def compare_money(one: Money | None, other: Money | None) -> int | None:
    """Return -1, 0 or 1 as one amount is less than, as much as or more than the other; unknown between currencies."""
    if one is None or other is None or one[1] != other[1]:
        return None
    return (one[0] > other[0]) - (one[0] < other[0])


def compare_durations(one: Duration | None, other: Duration | None) -> int | None:
    """Return -1, 0 or 1 as one duration is shorter than, as long as or longer than the other.

    A day is 24 hours here. A month is 28 to 31 days, a year 365 or 366: where that decides nothing, and between working
    time and other time, the answer is unknown.
    """
    if one is None or other is None:
        return None
    (measure, count), (other_measure, other_count) = MEASURES[one[1]], MEASURES[other[1]]
    if measure == other_measure:
        left, right = one[0] * count, other[0] * other_count
        return (left > right) - (left < right)
    low, high = bounds(one)
    other_low, other_high = bounds(other)
    if low is None or high is None or other_low is None or other_high is None:
        return None
    return -1 if high < other_low else 1 if low > other_high else None


def bounds(length: Duration) -> tuple[Number | None, Number | None]:
    """Return the least and the most minutes that a duration can last; unknown for working time."""
    number, unit = length
    measure, count = MEASURES[unit]
    if measure == "time":
        return number * count, number * count
    if measure != "months":
        return None, None
    years, months = divmod(int(number * count), 12)
    ends = (years * YEAR_MIN + months * MONTH_MIN, years * YEAR_MAX + months * MONTH_MAX)
    return min(ends), max(ends)


def later_day(day: date | None, length: Duration | None) -> date | None:
    """Return the day a number of days, weeks, months or years after ``day``; unknown outside the calendar."""
    if day is None or length is None:
        return None
    try:
        return add_to_local(datetime.combine(day, time.min), int(length[0]), length[1]).date()
    except (ValueError, OverflowError):
        return None


def reversed_(length: Duration | None) -> Duration | None:
    """Return a duration backwards."""
    return None if length is None else (-length[0], length[1])
