"""Local time. Rule: a wall-clock time that does not exist moves forward to the next that does; one that exists twice is
taken the first time.

An instant is a whole number of milliseconds since 1970-01-01 00:00 UTC; a local time is a `datetime` without a zone.
Zones come from the ``tzdata`` package and never from the machine, so that the same log gives the same times everywhere.
"""

from __future__ import annotations

from calendar import monthrange
from datetime import UTC, date, datetime, time, timedelta
from importlib import resources
from zoneinfo import ZoneInfo

TYPE_CHECKING = False
if TYPE_CHECKING:
    from importlib.resources.abc import Traversable

EPOCH = datetime(1970, 1, 1)  # noqa: DTZ001 - local and universal time are reckoned in the same plain form
SECOND = 1000
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
DAY = 24 * HOUR
MONTHS = {"month": 1, "year": 12}
DAYS = {"day": 1, "week": 7}
LENGTHS = {"minute": MINUTE, "hour": HOUR}
# A stretch of time in which, with a day around it, no clock is set. Looked at in steps: no zone sets its clock twice within one.
STRETCH = 8 * DAY
STEP = 6 * HOUR
STRETCHES_MAX = 3
CALM_MAX = 4_096


def plain(instant: int) -> datetime:
    """Return ``instant`` in universal time, as a `datetime` without a zone."""
    return EPOCH + timedelta(milliseconds=instant)


def instant_of(universal: datetime) -> int:
    """Return the instant of a universal time given without a zone."""
    return (universal - EPOCH) // timedelta(milliseconds=1)


class Zone:
    """A time zone of the IANA database, such as ``Europe/Ljubljana``."""

    __slots__ = ("_calm", "_rules", "_shown", "calm_from", "calm_until", "name")

    def __init__(self, name: str, rules: ZoneInfo) -> None:
        self.name = name
        # Between these two instants no clock is set; what was looked at last.
        self.calm_from = self.calm_until = 0
        self._rules = rules
        self._calm: dict[int, bool] = {}
        # What the clock shows beyond universal time in calm stretches, in milliseconds.
        self._shown: dict[int, int] = {}

    def __repr__(self) -> str:
        return f"Zone({self.name})"

    def local(self, instant: int) -> datetime:
        """Return the wall-clock time at ``instant``."""
        shown = self._shown.get(instant // STRETCH)
        if shown is not None:
            return EPOCH + timedelta(0, 0, 0, instant + shown)
        if instant // STRETCH not in self._calm:
            self._look_at(instant // STRETCH)
        return self._by_rules(instant)

    def _by_rules(self, instant: int) -> datetime:
        """Return what `local` does, as the database has it."""
        there = plain(instant).replace(tzinfo=UTC).astimezone(self._rules)
        return there.replace(tzinfo=None, fold=0)

    def instant(self, local: datetime) -> int:
        """Return the instant at which the wall clock shows ``local``, or first shows a later time."""
        past = local - EPOCH
        there = past.days * DAY + past.seconds * SECOND + past.microseconds // 1_000
        # No zone is a day away from universal time, so that a calm stretch is calm wherever its clock is set.
        shown = self._shown.get(there // STRETCH)
        if shown is not None:
            return there - shown
        before = self._offset(local, 0)
        after = self._offset(local, 1)
        if after <= before:  # an ordinary time, or one that exists twice: the first
            return instant_of(local - before)
        return self._end_of_gap(instant_of(local - after), instant_of(local - before))

    def _offset(self, local: datetime, fold: int) -> timedelta:
        offset = local.replace(tzinfo=self._rules, fold=fold).utcoffset()
        assert offset is not None, "a zone of the database has an offset at every time"
        return offset

    def _end_of_gap(self, low: int, high: int) -> int:
        """Return the instant of the change between ``low`` (before it) and ``high`` (not before it)."""
        before = self.local(low) - plain(low)
        while high - low > 1:
            middle = (low + high) // 2
            if self.local(middle) - plain(middle) == before:
                low = middle
            else:
                high = middle
        return high

    def add(self, instant: int, number: int, unit: str) -> int:
        """Return ``instant`` and ``number`` of ``unit`` (minute, hour, day, week, month, year) later; may be negative.

        Minutes and hours are lengths. Days and longer units keep the wall-clock time; a day of the month that does not
        exist becomes the month's last.
        """
        if unit in LENGTHS:
            return instant + number * LENGTHS[unit]
        days = DAYS.get(unit)
        if days is not None:
            end = self.after_days(instant, number * days)
            if end is not None:
                return end
        return self.instant(add_to_local(self.local(instant), number, unit))

    def after_days(self, instant: int, number: int) -> int | None:
        """Return the instant ``number`` of days later where no clock is set near either; None where one is, or may be."""
        end = instant + number * DAY
        first, last = instant // STRETCH, end // STRETCH
        if -1 <= last - first <= 1 and self._calm.get(first) and self._calm.get(last):
            self.calm_from = min(first, last) * STRETCH
            self.calm_until = (max(first, last) + 1) * STRETCH
            return end
        shown = self._shown.get(first)
        if shown is not None:
            there = end + shown
            last = there // STRETCH
            if last not in self._calm:
                self._look_at(last)
            if last in self._shown:
                return there - self._shown[last]
        return end if self._is_calm(instant, end) else None

    def _is_calm(self, start: int, end: int) -> bool:
        """Return whether no clock is set between two instants that are not far apart, so that days are 24 hours long."""
        first, last = start // STRETCH, end // STRETCH
        if first == last:
            calm = self._calm.get(first)
            return self._look_at(first) if calm is None else calm
        if first > last:
            first, last = last, first
        return last - first < STRETCHES_MAX and all(
            self._calm[one] if one in self._calm else self._look_at(one)
            for one in range(first, last + 1)
        )

    def _look_at(self, stretch: int) -> bool:
        """Return whether no clock is set in a stretch, from a day before it to a day after it; that is remembered."""
        steps = range(stretch * STRETCH - DAY, (stretch + 1) * STRETCH + DAY + 1, STEP)
        try:
            offsets = {self._by_rules(at) - plain(at) for at in steps}
        except (ValueError, OverflowError):  # the ends of the calendar
            offsets = set()
        calm = len(offsets) == 1
        if len(self._calm) >= CALM_MAX:
            self._calm.clear()
            self._shown.clear()
        self._calm[stretch] = calm
        if calm:
            self._shown[stretch] = offsets.pop() // timedelta(milliseconds=1)
        return calm

    def next_time(self, instant: int, at: time) -> int:
        """Return the next instant at which the wall clock shows ``at``: today's if it is not yet past."""
        today = self.local(instant).date()
        found = self.start_of(today, at)
        return found if found >= instant else self.start_of(today + timedelta(days=1), at)

    def start_of(self, day: date, at: time = time.min) -> int:
        """Return the instant at which ``day`` begins, or its ``at``."""
        return self.instant(datetime.combine(day, at))


def add_to_local(local: datetime, number: int, unit: str) -> datetime:
    """Return ``local`` and ``number`` of ``unit`` (day, week, month, year) later, at the same time of day."""
    if unit in DAYS:
        return local + timedelta(days=number * DAYS[unit])
    year, month = divmod(local.year * 12 + local.month - 1 + number * MONTHS[unit], 12)
    return local.replace(
        year=year, month=month + 1, day=min(local.day, monthrange(year, month + 1)[1])
    )


_zones: dict[str, Zone] = {}
_names: set[str] = set()


def zone(name: str) -> Zone | None:
    """Return the zone ``name``, or None where the database has none; it is read once.

    The database's own list says which names there are: file systems take other spellings for the same name.
    """
    found = _zones.get(name)
    if found is None:
        if not _names:
            _names.update(_database().joinpath("zones").read_text("ascii").split())
        if name in _names:
            found = _zones[name] = _read(name)
    return found


def _read(name: str) -> Zone:
    with _database().joinpath("zoneinfo", *name.split("/")).open("rb") as file:
        return Zone(name, ZoneInfo.from_file(file, key=name))


def _database() -> Traversable:
    return resources.files("tzdata")


# Clocks that show the same in each week of these years are those of one zone.
COMPARED = (2020, 2030)
_listed: dict[str, list[str]] = {}
_countries: dict[str, tuple[Zone, ...]] = {}


def zones_of_country(country: str) -> tuple[Zone, ...]:
    """Return the zones of a country such as ``SI``, as the database lists them; those that show the same time are one."""
    found = _countries.get(country)
    if found is None:
        if not _listed:
            table = _database().joinpath("zoneinfo", "zone.tab").read_text("utf-8")
            for line in table.splitlines():
                code, _, rest = line.partition("\t")
                if len(code) == len("SI"):  # others begin with a number sign
                    _listed.setdefault(code, []).append(rest.split("\t")[1])
        several = [there for name in _listed.get(country, ()) if (there := zone(name)) is not None]
        if len(several) > 1:
            several = [*{_shown_by(there): there for there in reversed(several)}.values()][::-1]
        found = _countries[country] = tuple(several)
    return found


def _shown_by(there: Zone) -> tuple[timedelta, ...]:
    """Return how far a zone's clock is from universal time, week by week."""
    first, last = (instant_of(EPOCH.replace(year=year)) for year in COMPARED)
    return tuple(there.local(at) - plain(at) for at in range(first, last, 7 * DAY))


def database_version() -> str:
    """Return the version of the zone database, such as ``2026f``; the runtime stores it with its state."""
    first = _database().joinpath("zoneinfo", "tzdata.zi").read_text("ascii")
    return first.split("\n", 1)[0].removeprefix("# version ")
