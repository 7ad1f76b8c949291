"""Values from outside: the fields of an event become values of their declared kinds. Rule: nothing is guessed; what is not of
the declared kind is unknown.

    text            a text that is not blank; a whole number, as systems send their numbers of orders
    number          a number, rounded to 28 digits; a binary fraction as its shortest decimal form
    money           {"amount": 12.5, "currency": "EUR"}, "12.50 EUR", or a number where the field declares its currency
    date            "2026-03-14"
    date and time   "2026-03-14T09:00:00+01:00" (RFC 3339), or a date: the start of that day in the project's zone
    yes or no       true, false
    duration        "3 days", "4 working hours", or of ISO 8601 what one unit can say: "P3D", "PT1H30M", "P1Y6M"
    list of …       a list of such values, all of them of that kind
    one of …        a text of the set, whatever its case and blanks; it is kept as the declaration spells it
"""

from __future__ import annotations

import re
from datetime import date, datetime
from decimal import Decimal

from verbline.interpreter.program.reckoning import CONTEXT, FOLDED, exact
from verbline.interpreter.program.spans import EARLIEST, LATEST, start_of
from verbline.interpreter.zones import MINUTE, SECOND, instant_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any, TypeAlias

    from verbline.interpreter.kinds import Kind
    from verbline.interpreter.program.reckoning import Duration, Money, Number
    from verbline.interpreter.zones import Zone

    # Takes what stands in the event; returns the value, or None where it is not of the kind.
    Reader: TypeAlias = "Callable[[Any], Any]"

DATE = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
TIME = re.compile(
    r"(\d{4}-\d\d-\d\d)[Tt ](\d\d):(\d\d):(\d\d)(?:\.(\d{1,9})\d*)?(?:[Zz]|([+-])(\d\d):(\d\d))",
    re.ASCII,
)
NUMBER = re.compile(r"-?\d{1,40}(?:\.\d{1,40})?", re.ASCII)
CURRENCY = re.compile(r"[A-Z]{3}", re.ASCII)
LENGTH = re.compile(
    r"(\d{1,9}(?:\.\d{1,9})?) +(working )?(minute|hour|day|week|month|year)s?", re.ASCII
)
ISO = re.compile(
    r"P(?=.)(?:(\d{1,6})Y)?(?:(\d{1,6})M)?(?:(\d{1,6})W)?(?:(\d{1,6})D)?"
    r"(?:T(?=.)(?:(\d{1,9})H)?(?:(\d{1,9})M)?(?:(\d{1,9}(?:\.\d{1,3})?)S)?)?",
    re.ASCII,
)
WORKING = {"hour": "whour", "day": "wday"}
HOURS_MAX, LAST_MINUTE, LEAP_SECOND = 23, 59, 60


def reader_of(kind: Kind, zone: Zone) -> Reader:
    """Return what reads values of ``kind``; ``zone`` is the project's, in which a date without a time begins."""
    if kind.name == "money":
        return lambda raw: money(raw, kind.currency)
    if kind.name == "datetime":
        return lambda raw: instant(raw, zone)
    if kind.name == "one_of":
        spelled = {FOLDED[value]: value for value in kind.values}
        return lambda raw: spelled.get(FOLDED[raw]) if isinstance(raw, str) else None
    if kind.name == "list":
        assert kind.of is not None, "a list says of what"
        inner = reader_of(kind.of, zone)
        return lambda raw: values(raw, inner)
    return READERS[kind.name]


def text(raw: Any) -> str | None:
    """Return a text, or a whole number as it is written."""
    if isinstance(raw, str):
        return raw if raw.strip() else None
    return str(raw) if type(raw) is int else None


def number(raw: Any) -> Number | None:
    """Return a number."""
    if isinstance(raw, float):
        raw = Decimal(repr(raw))
    if isinstance(raw, Decimal) or type(raw) is int:
        return exact(CONTEXT.plus(Decimal(raw)))
    return None


def plainest(raw: Any) -> Number | None:
    """Return a number without needless noughts behind its point, however it was decoded."""
    found = number(raw)
    return found.normalize(CONTEXT) if isinstance(found, Decimal) else found


def money(raw: Any, declared: str) -> Money | None:
    """Return an amount, of the currency that is declared where one is."""
    amount: Any = raw
    currency: Any = declared
    if isinstance(raw, dict):
        amount, currency = raw.get("amount"), raw.get("currency")
    elif isinstance(raw, str):
        amount, _blank, currency = raw.strip().rpartition(" ")
    if isinstance(amount, str):
        amount = Decimal(amount.strip()) if NUMBER.fullmatch(amount.strip()) else None
    found = number(amount)
    if found is None or not isinstance(currency, str) or not CURRENCY.fullmatch(currency):
        return None
    return (Decimal(found), currency) if declared in ("", currency) else None


def day(raw: Any) -> date | None:
    """Return a date."""
    if not isinstance(raw, str) or not DATE.fullmatch(raw):
        return None
    try:
        return date.fromisoformat(raw)
    except ValueError:
        return None


def instant(raw: Any, zone: Zone) -> int | None:
    """Return an instant, in milliseconds; a date begins in ``zone``."""
    found = TIME.fullmatch(raw) if isinstance(raw, str) else None
    on = day(found[1] if found else raw)
    if on is None:
        return None
    if found is None:
        return start_of(zone, on)
    hour, minute, second = int(found[2]), int(found[3]), int(found[4])
    away = int(found[7] or 0) * 60 + int(found[8] or 0)
    if (
        hour > HOURS_MAX
        or minute > LAST_MINUTE
        or second > LEAP_SECOND
        or int(found[8] or 0) > LAST_MINUTE
    ):
        return None
    start = instant_of(datetime(on.year, on.month, on.day, hour, minute))  # noqa: DTZ001 - plain, the offset is taken off below
    fraction = int((found[5] or "0")[:3].ljust(3, "0"))
    at = start + second * SECOND + fraction - (-away if found[6] == "-" else away) * MINUTE
    return at if EARLIEST <= at <= LATEST else None


def yes_or_no(raw: Any) -> bool | None:
    """Return yes or no."""
    return raw if isinstance(raw, bool) else None


def duration(raw: Any) -> Duration | None:
    """Return a duration."""
    if not isinstance(raw, str):
        return None
    found = LENGTH.fullmatch(raw.strip())
    if found is None:
        return iso_duration(raw.strip())
    unit = WORKING.get(found[3], "") if found[2] else found[3]
    length = exact(Decimal(found[1]))
    if (
        not unit
        or length is None
        or (type(length) is not int and not unit.endswith(("hour", "minute")))
    ):
        return None
    return length, unit


def iso_duration(raw: str) -> Duration | None:
    """Return a duration written as ISO 8601 has it; unknown where it needs two units that are not measured alike."""
    found = ISO.fullmatch(raw)
    if found is None:
        return None
    years, months, weeks, days, hours, minutes = (int(part or 0) for part in found.groups()[:6])
    minute = exact(CONTEXT.divide(Decimal(found[7] or 0), Decimal(60)))
    assert minute is not None, "a bounded number of seconds"
    lengths: list[Duration] = [
        (12 * years + months, "month"),
        (7 * weeks + days, "day"),
        (60 * hours + minutes + minute, "minute"),
    ]
    given = [length for length in lengths if length[0]]
    if len(given) > 1:
        return None
    return given[0] if given else (0, "minute")


def values(raw: Any, inner: Reader) -> tuple[Any, ...] | None:
    """Return a list; unknown where one of its values is not of the kind."""
    if not isinstance(raw, list | tuple):
        return None
    found = tuple(None if one is None else inner(one) for one in raw)
    return None if None in found else found


READERS: dict[str, Reader] = {
    "text": text,
    "number": plainest,
    "date": day,
    "yesno": yes_or_no,
    "duration": duration,
}
