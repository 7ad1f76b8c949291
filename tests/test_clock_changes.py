"""Days on which clocks are set, in 25 zones: what does not exist moves forward, what exists twice is the first."""

from __future__ import annotations

import tomllib
from datetime import datetime, time, timedelta
from typing import Any

import pytest

from tests.asking import there
from tests.cases import CASES
from verbline.interpreter.program.spans import next_day, next_shift, today
from verbline.interpreter.working import Calendar, Hours, Windows, WorkingTime
from verbline.interpreter.zones import DAY, HOUR, MINUTE, SECOND, instant_of

TABLE: dict[str, Any] = tomllib.loads((CASES / "time" / "changes.toml").read_text("utf-8"))


class Change:
    """A clock set in one zone: the instant, the local time reached, and the one shown instead."""

    def __init__(self, zone: str, at: str, reached: str, shown: str) -> None:
        self.zone = there(zone)
        self.at = instant_of(datetime.fromisoformat(at))
        self.reached = datetime.fromisoformat(reached)
        self.shown = datetime.fromisoformat(shown)

    def __repr__(self) -> str:
        return f"{self.zone.name} {self.reached}"

    @property
    def length(self) -> timedelta:
        """How far the clock is set forward; below nothing where it is set back."""
        return self.shown - self.reached


CHANGES = [Change(*row) for row in TABLE["changes"]]
GAPS = [change for change in CHANGES if change.length > timedelta(0)]
FOLDS = [change for change in CHANGES if change.length < timedelta(0)]
ODD = {timedelta(minutes=30), timedelta(minutes=15), timedelta(hours=2), timedelta(days=1)}


def test_the_table_has_every_sort_of_change() -> None:
    """Gaps and folds in twenty zones, by odd lengths, at midnight, and over the date line."""
    assert len({change.zone.name for change in GAPS}) >= 20
    assert len({change.zone.name for change in FOLDS}) >= 20
    assert {abs(change.length) for change in CHANGES} >= ODD
    assert sum(change.reached.time() == time(0) for change in CHANGES) >= 10
    assert sum(change.reached.date() != change.shown.date() for change in CHANGES) >= 8


@pytest.mark.parametrize("change", CHANGES, ids=repr)
def test_many_days_later_the_clock_shows_the_same_time(change: Change) -> None:
    """Also where it is set in between, which is told without the database."""
    here, start = change.zone, change.at - 40 * DAY
    for number in (60, 75, 90):
        local = here.local(start) + timedelta(days=number)
        for found in (here.after_days(start, number), here.add(start, number, "day")):
            assert found is None or here._by_rules(found) == local


@pytest.mark.parametrize("change", CHANGES, ids=repr)
def test_the_clock_shows_one_time_and_then_the_other(change: Change) -> None:
    """A second before, the time that is reached is a second away; then the other one is shown."""
    here = change.zone
    assert here.local(change.at - SECOND) == change.reached - timedelta(seconds=1)
    assert here.local(change.at) == change.shown
    assert here.instant(change.reached - timedelta(seconds=1)) <= change.at - SECOND
    later = change.shown + abs(change.length) + timedelta(seconds=1)
    assert here.local(here.instant(later)) == later


@pytest.mark.parametrize("change", GAPS, ids=repr)
def test_a_time_that_does_not_exist_is_the_next_that_does(change: Change) -> None:
    """From the first to the last millisecond that is left out, in waits, in days that are added and in working time."""
    here, middle = change.zone, change.reached + change.length / 2
    last = change.shown - timedelta(milliseconds=1)
    for local in (change.reached, middle, last):
        assert here.instant(local) == change.at
    for number, unit in ((1, "day"), (1, "week"), (2, "week")):
        start = here.instant(middle - timedelta(days=number * (7 if unit == "week" else 1)))
        if here.local(start).time() == middle.time():
            assert here.add(start, number, unit) == change.at
            assert here.add(start, 24 * number, "hour") == start + number * DAY
    before = here.instant(middle) - HOUR
    if change.length < timedelta(days=1):
        assert here.next_time(before, middle.time()) == change.at


@pytest.mark.parametrize("change", FOLDS, ids=repr)
def test_a_time_that_exists_twice_is_the_first(change: Change) -> None:
    """The second time, only the instant itself tells the two apart."""
    here, middle = change.zone, change.shown - change.length / 2
    first = change.at - (change.reached - middle) // timedelta(milliseconds=1)
    second = change.at + (middle - change.shown) // timedelta(milliseconds=1)
    assert here.instant(middle) == first
    assert here.local(first) == here.local(second) == middle
    assert here.instant(change.shown) == change.at + change.length // timedelta(milliseconds=1)
    start = here.instant(middle - timedelta(days=1))
    assert here.add(start, 1, "day") == first
    # Reckoned from the second one, a day later is the same time tomorrow, not 24 hours from the first.
    assert here.local(here.add(second, 1, "day")) == middle + timedelta(days=1)
    assert here.next_time(second, middle.time()) in (first, second + DAY)


@pytest.mark.parametrize("change", CHANGES, ids=repr)
def test_the_change_is_found(change: Change) -> None:
    """The instant of the change is exact, whatever stands before it, and none is found where none is."""
    here = change.zone
    for before in (1, 20 * MINUTE, 5 * HOUR, 25 * HOUR):
        assert next_shift(here, change.at - before, change.at + DAY) == change.at
    assert next_shift(here, change.at, change.at + 3 * DAY) is None
    assert next_shift(here, change.at - DAY, change.at - 1) is None


@pytest.mark.parametrize("change", CHANGES, ids=repr)
def test_today_is_the_date_that_the_clock_shows(change: Change) -> None:
    """Minute by minute around the change; and the next change of the date is never missed."""
    here, turns = change.zone, change.at - 26 * HOUR
    shown = here.local(turns).date()
    for instant in range(change.at - 26 * HOUR, change.at + 26 * HOUR, 7 * MINUTE):
        assert today(here, instant) == here.local(instant).date()
        while turns <= instant:
            shown, turns = here.local(turns).date(), next_day(here, turns)
        assert here.local(instant).date() == shown


@pytest.mark.parametrize("change", CHANGES, ids=repr)
def test_quiet_hours_over_the_change_end_when_the_clock_says(change: Change) -> None:
    """A window that the change falls into is quiet without a hole, and ends at its wall-clock time."""
    here = change.zone
    quiet = Windows([(time(20), time(12))], here)
    night = change.at if change.shown.hour < 12 else change.at + 3 * HOUR
    end = quiet.end_of(night)
    assert end is not None
    assert here.local(end).time() == time(12)
    assert all(quiet.end_of(at) == end for at in range(night, end, 20 * MINUTE))
    assert quiet.end_of(end) is None


@pytest.mark.parametrize("change", CHANGES, ids=repr)
def test_a_shift_over_the_change_is_as_long_as_it_is(change: Change) -> None:
    """Who works through the night works an hour less or more; going back, the same time is taken."""
    here = change.zone
    nights = WorkingTime(Hours.between(range(7), time(18), time(17, 59)), Calendar(), here)
    start = change.at - 3 * HOUR - 7 * MINUTE
    for length in (HOUR, 5 * HOUR, 30 * HOUR):
        end = nights.add_time(start, length)
        assert end is not None
        opened = sum(
            nights.open_from(at) == (at, (nights.open_from(at) or (0, 0))[1])
            for at in range(start, end, MINUTE)
        )
        assert opened == length // MINUTE
        begun = nights.take_time(end, length)
        assert begun is not None
        assert nights.add_time(begun, length) == end
