"""Distances in time. Rule: a distance is counted from the instant that is on record, so that it is passed once and for all.

Counted back from now, a month's window would let go of somebody on the 29th of March and take them in again on the 30th.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from verbline.interpreter.program.reckoning import LENGTHS, later_day, milliseconds
from verbline.interpreter.zones import DAY, plain

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from decimal import Decimal

    from verbline.interpreter.program.reckoning import Duration
    from verbline.interpreter.step.turn import Turn
    from verbline.interpreter.working import WorkingTime
    from verbline.interpreter.zones import Zone

WORKING = frozenset(("whour", "wday"))
# Working time is counted span by span, so somebody who asks for more than ten years of it does not get an instant.
WORKING_MAX = {"whour": 20_000, "wday": 2_500}
# How far a wall clock may be set in all between two instants: across the date line, with summer time on top.
SHIFT_MAX = 2 * DAY
DAYS_LEAST = {"day": 1, "week": 7, "month": 28, "year": 365}
DAYS_MOST = {"day": 1, "week": 7, "month": 31, "year": 366}
# Further than this from 1970 there are no instants: some weeks from the ends of the calendar, so that none is ever passed.
EARLIEST, LATEST = -62_130_000_000_000, 253_400_000_000_000
STEP = 6 * 3_600_000
FIRST_DAY = date(1970, 1, 1).toordinal()


class Span:
    """A duration to be added to instants; negative numbers go back. Working time is the project's.

    ``low`` and ``high`` are the least and the most milliseconds between an instant and the one it leads to; the same where
    the duration is a length, and then nothing has to be looked up.
    """

    __slots__ = ("high", "low", "number", "unit")

    def __init__(self, length: Duration, sign: int = 1) -> None:
        number, self.unit = length
        self.number: int | Decimal = number * sign
        if self.unit in LENGTHS:
            self.low = self.high = milliseconds(self.number, self.unit)
        elif self.unit in WORKING:
            self.low, self.high = 0, LATEST - EARLIEST
        else:
            ends = [int(self.number) * days[self.unit] * DAY for days in (DAYS_LEAST, DAYS_MOST)]
            self.low, self.high = min(ends) - SHIFT_MAX, max(ends) + SHIFT_MAX

    def end(self, turn: Turn, start: int) -> int:
        """Return the instant that lies this far from ``start``."""
        if self.low == self.high:
            return start + self.low
        return later(turn.zone, turn.program.work, start, self.number, self.unit)

    def reached(self, turn: Turn, start: int) -> bool:
        """Return whether at least this much has passed since ``start``."""
        passed = turn.now - start
        if passed < self.low or passed >= self.high:
            return passed >= self.high
        return turn.now >= self.end(turn, start)

    def over(self, turn: Turn, start: int) -> bool:
        """Return whether more than this has passed since ``start``."""
        passed = turn.now - start
        if passed <= self.low or passed > self.high:
            return passed > self.high
        return turn.now > self.end(turn, start)


class DaySpan:
    """A number of days, weeks, months or years, to be added to dates: it leads to the beginning of a day.

    ``low`` and ``high`` are the least and the most days between the two dates.
    """

    __slots__ = ("high", "length", "low")

    def __init__(self, length: Duration, sign: int = 1) -> None:
        number, unit = int(length[0]) * sign, length[1]
        self.length: Duration = (number, unit)
        ends = [number * days[unit] for days in (DAYS_LEAST, DAYS_MOST)]
        self.low, self.high = min(ends) - 2, max(ends) + 2

    def end(self, turn: Turn, day: date) -> int:
        """Return the instant at which the day begins that lies this far from ``day``."""
        found = later_day(day, self.length)
        if found is None:
            return LATEST if self.low > 0 else EARLIEST
        return start_of(turn.zone, found)

    def reached(self, turn: Turn, day: date) -> bool:
        """Return whether at least this much has passed since ``day`` began."""
        passed = FIRST_DAY + turn.now // DAY - day.toordinal()
        if passed < self.low or passed > self.high:
            return passed > self.high
        return turn.now >= self.end(turn, day)

    def over(self, turn: Turn, day: date) -> bool:
        """Return whether more than this has passed since ``day`` began."""
        passed = FIRST_DAY + turn.now // DAY - day.toordinal()
        if passed < self.low or passed > self.high:
            return passed > self.high
        return turn.now > self.end(turn, day)


def later(zone: Zone, work: WorkingTime, start: int, number: int | Decimal, unit: str) -> int:
    """Return the instant ``number`` of ``unit`` after ``start``, kept within the calendar."""
    if unit in LENGTHS:
        return within_calendar(start + milliseconds(number, unit))
    if unit in WORKING:
        return working(work, start, number, unit)
    try:
        return within_calendar(zone.add(start, int(number), unit))
    except (ValueError, OverflowError):
        return LATEST if number > 0 else EARLIEST


def working(work: WorkingTime, start: int, number: int | Decimal, unit: str) -> int:
    """Return the instant so much working time after ``start``, or before it; the end of all time where nobody works so long."""
    if abs(int(number)) > WORKING_MAX[unit]:
        return LATEST if number >= 0 else EARLIEST
    try:
        if unit == "whour":
            length = milliseconds(number if number >= 0 else -number, unit)
            found = work.add_time(start, length) if number >= 0 else work.take_time(start, length)
        else:
            days = abs(int(number))
            found = work.add_days(start, days) if number >= 0 else work.take_days(start, days)
    except (ValueError, OverflowError):
        found = None
    if found is None:
        return LATEST if number >= 0 else EARLIEST
    return within_calendar(found)


def within_calendar(instant: int) -> int:
    """Return ``instant``, or the nearest that a calendar holds."""
    return min(max(instant, EARLIEST), LATEST)


def start_of(zone: Zone, day: date, at: time = time.min) -> int:
    """Return the instant at which ``day`` begins, or at another time of it, kept within the calendar."""
    try:
        return within_calendar(zone.start_of(day, at))
    except (ValueError, OverflowError):
        return EARLIEST if day.year < 5000 else LATEST


class Days(dict["Zone", "tuple[int, int, date]"]):
    """Today's date by zone: from when, until when, which."""


TODAY = Days()


def today(zone: Zone, now: int) -> date:
    """Return the date at ``now``."""
    known = TODAY.get(zone)
    if known is not None and known[0] <= now < known[1]:
        return known[2]
    day = zone.local(now).date()
    # Clocks are set, and midnights come, at whole quarters of an hour; where one does not, the ends differ.
    until = now - now % 900_000 + 900_000
    if zone.local(until - 1).date() == day:
        TODAY[zone] = (now, until, day)
    return day


def next_shift(zone: Zone, start: int, end: int) -> int | None:
    """Return the first instant after ``start``, and not after ``end``, from which the clock is set differently; None if none."""
    offset = _offset(zone, start)
    low = start
    while low < end:
        high = min(low + STEP, end)
        if _offset(zone, high) != offset:
            return first(low, high, lambda at: _offset(zone, at) != offset)
        low = high
    return None


def _offset(zone: Zone, instant: int) -> object:
    return zone.local(instant) - plain(instant)


def next_day(zone: Zone, now: int) -> int:
    """Return the first instant after ``now`` at which the date may be another one: midnight, or a change of the clock before it."""
    local = zone.local(now)
    midnight = datetime.combine(local.date() + timedelta(days=1), time.min)
    until = now + (midnight - local) // timedelta(milliseconds=1)
    shift = next_shift(zone, now, until)
    return until if shift is None else shift


def first(low: int, high: int, holds: Callable[[int], bool]) -> int:
    """Return the first instant after ``low`` at which ``holds``; it holds at ``high``, and from then on before it."""
    while high - low > 1:
        middle = (low + high) // 2
        if holds(middle):
            high = middle
        else:
            low = middle
    return high
