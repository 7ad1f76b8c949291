"""Working time: a week's opening hours and the days on which nobody works. Rule: what is closed never counts.

Public holidays are rules that hold for any year, read from ``stdlib/working-time.toml`` by whoever calls.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from typing import Any

    from verbline.interpreter.zones import Zone

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
SATURDAY, SUNDAY = 5, 6
# How many days are looked through for an opening before the answer is that there is none.
DAYS_MAX = 3660


def easter(year: int) -> date:
    """Return Easter Sunday of ``year`` in the Gregorian calendar (the anonymous algorithm, Meeus 1991)."""
    golden, century, rest = year % 19, year // 100, year % 100
    leap, correction = century // 4, (8 * century + 13) // 25
    epact = (19 * golden + century - leap - correction + 15) % 30
    weekday = (32 + 2 * (century % 4) + 2 * (rest // 4) - epact - rest % 4) % 7
    shift = (golden + 11 * epact + 22 * weekday) // 451
    month, day = divmod(epact + weekday - 7 * shift + 114, 31)
    return date(year, month, day + 1)


class Calendar:
    """The public holidays of one country, reckoned a year at a time from ``rules``: rows of ``working-time.toml``."""

    __slots__ = ("_rules", "_years")

    def __init__(self, rules: Iterable[Mapping[str, Any]] = ()) -> None:
        self._rules = tuple(rules)
        self._years: dict[int, frozenset[date]] = {}

    def is_holiday(self, day: date) -> bool:
        """Return whether ``day`` is a public holiday."""
        return day in self.holidays(day.year)

    def holidays(self, year: int) -> frozenset[date]:
        """Return the public holidays that fall into ``year``."""
        if year not in self._years:
            # A holiday of the first of January may be kept on the last day of the year before.
            days = {day for of in (year, year + 1) for day in self._kept(of)}
            self._years[year] = frozenset(day for day in days if day.year == year)
        return self._years[year]

    def _kept(self, year: int) -> set[date]:
        rules = [
            rule
            for rule in self._rules
            if rule.get("since", year) <= year <= rule.get("until", year)
        ]
        fixed = [(rule, day_of(rule, year)) for rule in rules]
        kept = {day for _rule, day in fixed}
        for rule, day in sorted(fixed, key=lambda one: one[1]):
            if rule.get("moves") and day.weekday() >= SATURDAY:
                kept.add(moved(day, rule["moves"], kept))
        return kept


def day_of(rule: Mapping[str, Any], year: int) -> date:
    """Return the day that ``rule`` names in ``year``."""
    if "easter" in rule:
        return easter(year) + timedelta(days=rule["easter"])
    if "on" in rule:
        month, day = map(int, rule["on"].split("-"))
        return date(year, month, day)
    weekday, month, nth = WEEKDAYS.index(rule["day"]), rule["month"], rule["nth"]
    if nth > 0:
        first = date(year, month, 1)
        return first + timedelta(days=(weekday - first.weekday()) % 7 + 7 * (nth - 1))
    last = date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)
    return last - timedelta(days=(last.weekday() - weekday) % 7)


def moved(day: date, how: str, taken: set[date]) -> date:
    """Return the weekday that is free instead of ``day``, which falls on a weekend."""
    if how == "to_nearest":
        return day + timedelta(days=-1 if day.weekday() == SATURDAY else 1)
    while day.weekday() >= SATURDAY or day in taken:
        day += timedelta(days=1)
    return day


class Hours:
    """Opening hours: for each weekday from monday, spans of minutes from midnight; one past midnight ends after 1440."""

    __slots__ = ("week",)

    def __init__(self, week: Mapping[int, Iterable[tuple[int, int]]]) -> None:
        self.week = {day: tuple(sorted(joined(spans))) for day, spans in week.items()}

    @classmethod
    def between(cls, days: Iterable[int], start: time, end: time) -> Hours:
        """Return the hours from ``start`` to ``end`` on each of ``days`` (0 is monday); past midnight where end <= start."""
        first, last = start.hour * 60 + start.minute, end.hour * 60 + end.minute
        return cls({day: [(first, last if last > first else last + 1440)] for day in days})

    def plus(self, other: Hours) -> Hours:
        """Return the union of two weeks."""
        days = {*self.week, *other.week}
        return Hours({day: (*self.week.get(day, ()), *other.week.get(day, ())) for day in days})


def joined(spans: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return ``spans`` without overlaps."""
    found: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if found and start <= found[-1][1]:
            found[-1] = found[-1][0], max(found[-1][1], end)
        else:
            found.append((start, end))
    return found


class WorkingTime:
    """Opening hours of one desk or project in one zone, without its country's holidays. Instants are milliseconds."""

    __slots__ = ("_days", "_following", "calendar", "hours", "zone")

    def __init__(self, hours: Hours, calendar: Calendar, zone: Zone) -> None:
        self.hours = hours
        self.calendar = calendar
        self.zone = zone
        self._days: dict[date, tuple[tuple[int, int], ...]] = {}
        self._following: dict[date, date | None] = {}

    def is_working_day(self, day: date) -> bool:
        """Return whether anybody works on ``day``."""
        return bool(self.hours.week.get(day.weekday())) and not self.calendar.is_holiday(day)

    def next_working_day(self, day: date) -> date | None:
        """Return the first working day after ``day``; None where there is none."""
        if day not in self._following:
            later = (day + timedelta(days=number) for number in range(1, DAYS_MAX))
            if len(self._following) >= DAYS_MAX:
                self._following.clear()
            self._following[day] = next((one for one in later if self.is_working_day(one)), None)
        return self._following[day]

    def spans(self, day: date) -> tuple[tuple[int, int], ...]:
        """Return the instants from which and until which it is open on ``day``; a span belongs to the day it starts on."""
        known = self._days.get(day)
        if known is None:
            if len(self._days) >= DAYS_MAX:
                self._days.clear()
            known = self._days[day] = self._spans(day)
        return known

    def _spans(self, day: date) -> tuple[tuple[int, int], ...]:
        if not self.is_working_day(day):
            return ()
        midnight = datetime.combine(day, time.min)
        minute = timedelta(minutes=1)
        found = [
            (
                self.zone.instant(midnight + start * minute),
                self.zone.instant(midnight + end * minute),
            )
            for start, end in self.hours.week[day.weekday()]
        ]
        return tuple((start, end) for start, end in found if start < end)

    def open_from(self, instant: int) -> tuple[int, int] | None:
        """Return the span that ``instant`` lies in, from ``instant`` on, or the next one; None where there is none."""
        today = self.zone.local(instant).date()
        for number in range(-1, DAYS_MAX):
            for start, end in self.spans(today + timedelta(number)):
                if end > instant:
                    return (max(instant, start)), end
        return None

    def add_time(self, instant: int, length: int) -> int | None:
        """Return when ``length`` milliseconds of open time have passed since ``instant``; None where they never do."""
        while (span := self.open_from(instant)) is not None:
            start, end = span
            if length <= end - start:
                return start + length
            length -= end - start
            instant = end
        return None

    def take_time(self, instant: int, length: int) -> int | None:
        """Return from when on ``length`` milliseconds of open time pass until ``instant``; None where they never do."""
        today = self.zone.local(instant).date()
        for number in range(DAYS_MAX):
            for start, end in reversed(self.spans(today - timedelta(days=number))):
                open_for = min(end, instant) - start
                if open_for >= length:
                    return start + open_for - length
                length -= max(open_for, 0)
        return None

    def take_days(self, instant: int, number: int) -> int | None:
        """Return the same wall-clock time ``number`` working days before; on a day off, before the next working day begins."""
        local = self.zone.local(instant)
        if not self.is_working_day(local.date()):
            following = self.next_working_day(local.date())
            if following is None:
                return None
            local = datetime.combine(following, time.min)
        earlier = (local.date() - timedelta(days=back) for back in range(1, DAYS_MAX))
        day: date | None = local.date()
        for _ in range(number):
            day = next((one for one in earlier if self.is_working_day(one)), None)
        return self.zone.instant(datetime.combine(day, local.time())) if day else None

    def add_days(self, instant: int, number: int) -> int | None:
        """Return the same wall-clock time ``number`` working days on, from the next opening if it is closed now."""
        span = self.open_from(instant)
        if span is None:
            return None
        local = self.zone.local(span[0])
        day: date | None = local.date()
        for _ in range(number):
            day = self.next_working_day(day) if day else None
        return self.zone.instant(datetime.combine(day, local.time())) if day else None


class Windows:
    """Daily windows of wall-clock time, such as quiet hours; one past midnight belongs to the day it starts on."""

    __slots__ = ("spans", "zone")

    def __init__(self, spans: Iterable[tuple[time, time]], zone: Zone) -> None:
        self.spans = tuple(spans)
        self.zone = zone

    def end_of(self, instant: int) -> int | None:
        """Return when the quiet that holds at ``instant`` is over, all windows together; None where none holds."""
        end = self._end_of_one(instant)
        if end is None:
            return None
        for _ in range(2 * len(self.spans)):
            later = self._end_of_one(end)
            if later is None:
                return end
            end = later
        return end

    def _end_of_one(self, instant: int) -> int | None:
        today = self.zone.local(instant).date()
        ends = []
        for number in (-1, 0):
            day = today + timedelta(days=number)
            for start, end in self.spans:
                until = day + timedelta(days=end <= start)
                if self.zone.start_of(day, start) <= instant < self.zone.start_of(until, end):
                    ends.append(self.zone.start_of(until, end))
        return max(ends, default=None)
