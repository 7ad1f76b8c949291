"""Time: zones, working time, quiet hours."""

from __future__ import annotations

import tomllib
from datetime import UTC, date, datetime, time, timedelta
from importlib import resources
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.cases import CASES, STDLIB
from verbline.interpreter import zones
from verbline.interpreter.working import Calendar, Hours, Windows, WorkingTime, easter
from verbline.interpreter.zones import (
    DAY,
    EPOCH,
    HOUR,
    MINUTE,
    Zone,
    add_to_local,
    database_version,
    instant_of,
    plain,
    zone,
)

TABLE: dict[str, Any] = tomllib.loads((CASES / "time" / "clock.toml").read_text("utf-8"))
COUNTRIES: dict[str, Any] = tomllib.loads((STDLIB / "working-time.toml").read_text("utf-8"))[
    "countries"
]
ZONES = [
    "Europe/Ljubljana",
    "Europe/London",
    "Europe/Dublin",
    "Europe/Lisbon",
    "Europe/Moscow",
    "Europe/Istanbul",
    "America/New_York",
    "America/Sao_Paulo",
    "America/Santiago",
    "America/St_Johns",
    "America/Havana",
    "Africa/Casablanca",
    "Africa/Cairo",
    "Asia/Tehran",
    "Asia/Kathmandu",
    "Asia/Gaza",
    "Australia/Lord_Howe",
    "Australia/Adelaide",
    "Pacific/Apia",
    "Pacific/Chatham",
]


def there(name: str) -> Zone:
    """Return a zone that must exist."""
    found = zone(name)
    assert found is not None
    return found


EARLY, LATE = datetime.fromisoformat("2005-01-01"), datetime.fromisoformat("2030-01-01")
HOME = there("Europe/Ljubljana")
WORK = WorkingTime(
    Hours.between(range(5), time(9), time(17)), Calendar(COUNTRIES["SI"]["holidays"]), HOME
)


@pytest.mark.parametrize("case", TABLE["time"], ids=lambda case: f"{case['zone']} {case['local']}")
def test_a_local_time_is_the_instant_the_clock_shows_it(case: dict[str, Any]) -> None:
    """Times that do not exist move forward, times that exist twice are the first of them."""
    found = there(case["zone"]).instant(case["local"])
    assert plain(found) == case["instant"].replace(tzinfo=None)
    assert there(case["zone"]).local(found) == case.get("shown", case["local"])


@pytest.mark.parametrize(
    "case", TABLE["add"], ids=lambda case: f"{case['start']} {case['number']} {case['unit']}"
)
def test_days_keep_the_wall_clock_and_hours_do_not(case: dict[str, Any]) -> None:
    """A length is added as the language says: days and more on the wall clock, hours and less as they are."""
    here = there(case["zone"])
    end = here.add(here.instant(case["start"]), case["number"], case["unit"])
    assert here.local(end) == case["end"]


@pytest.mark.parametrize("case", TABLE["next"], ids=lambda case: str(case["now"]))
def test_the_next_time_is_todays_while_it_is_ahead(case: dict[str, Any]) -> None:
    """`wait until 09:00` is the next 09:00."""
    here = there(case["zone"])
    assert here.local(here.next_time(here.instant(case["now"]), case["at"])) == case["end"]


@pytest.mark.parametrize("case", TABLE["quiet"], ids=lambda case: str(case["now"]))
def test_quiet_hours_end_together(case: dict[str, Any]) -> None:
    """Quiet hours over midnight and hours that touch are one stretch of quiet."""
    here = there(case["zone"])
    spans = [(time.fromisoformat(start), time.fromisoformat(end)) for start, end in case["windows"]]
    end = Windows(spans, here).end_of(here.instant(case["now"]))
    assert (here.local(end) if end is not None else None) == case.get("end")


@pytest.mark.parametrize("case", TABLE["work"], ids=lambda case: str(case["start"]))
def test_working_time_counts_open_hours_alone(case: dict[str, Any]) -> None:
    """Nights, weekends and public holidays do not count."""
    start = HOME.instant(case["start"])
    end = (
        WORK.add_days(start, case["days"])
        if "days" in case
        else WORK.add_time(start, case["minutes"] * MINUTE)
    )
    assert end is not None
    assert HOME.local(end) == case["end"]


@pytest.mark.parametrize("case", TABLE["back"], ids=lambda case: str(case["end"]))
def test_working_time_counts_backwards_too(case: dict[str, Any]) -> None:
    """What is closed does not count on the way back either."""
    end = HOME.instant(case["end"])
    start = (
        WORK.take_days(end, case["days"])
        if "days" in case
        else WORK.take_time(end, case["minutes"] * MINUTE)
    )
    assert start is not None
    assert HOME.local(start) == case["start"]


@pytest.mark.parametrize("country", sorted(TABLE["holidays"]))
def test_public_holidays_of_a_year(country: str) -> None:
    """The rules of a country give the days of a year, moved ones included."""
    days = Calendar(COUNTRIES[country]["holidays"]).holidays(2027)
    assert sorted(map(str, days)) == TABLE["holidays"][country]


def test_easter_is_where_the_tables_have_it() -> None:
    """Easter Sundays of a century's corners agree with the published tables."""
    assert [str(easter(year)) for year in (1961, 2000, 2008, 2011, 2026, 2038, 2049)] == [
        "1961-04-02", "2000-04-23", "2008-03-23", "2011-04-24", "2026-04-05", "2038-04-25", "2049-04-18",
    ]  # fmt: skip


@settings(max_examples=300)
@given(
    name=st.sampled_from(ZONES),
    local=st.datetimes(EARLY, LATE).map(lambda at: at.replace(microsecond=0, second=0)),
)
def test_an_instant_is_the_first_that_shows_the_time_or_a_later_one(
    name: str, local: datetime
) -> None:
    """In twenty zones every local time is found where a walk along the instants first finds it."""
    here = there(name)
    first = instant_of(local) - 27 * HOUR
    last = max(at for at in range(first, first + 54 * HOUR, 15 * MINUTE) if here.local(at) < local)
    walked = next(
        at
        for at in range(last, last + 26 * HOUR, MINUTE)
        if here.local(at) >= local and at >= first
    )
    early = [at for at in range(first, walked, 15 * MINUTE) if here.local(at) == local]
    assert here.instant(local) == min([*early, walked])


@settings(max_examples=500)
@given(name=st.sampled_from(ZONES), instant=st.integers(instant_of(EARLY), instant_of(LATE)))
def test_what_is_remembered_of_a_stretch_is_what_the_database_says(name: str, instant: int) -> None:
    """The short way where no clock is set shows the time of the database, and the first instant that shows it."""
    here = there(name)
    with resources.files("tzdata").joinpath("zoneinfo", *name.split("/")).open("rb") as file:
        rules = ZoneInfo.from_file(file)
    known = (EPOCH + timedelta(milliseconds=instant)).replace(tzinfo=UTC).astimezone(rules)
    local = known.replace(tzinfo=None, fold=0)
    assert here.local(instant) == local
    first = known.replace(fold=0).utcoffset()
    assert first is not None
    assert here.instant(local) == instant_of(local - first)


def walked(here: Zone, instant: int, number: int, unit: str) -> int:
    """Return the instant so many days or weeks later, reckoned on the wall clock alone."""
    return here.instant(add_to_local(here.local(instant), number, unit))


@settings(max_examples=500)
@given(
    name=st.sampled_from(ZONES),
    instant=st.integers(instant_of(EARLY), instant_of(LATE)),
    number=st.integers(-40, 40),
    unit=st.sampled_from(["day", "week"]),
)
def test_days_in_which_no_clock_is_set_are_found_right(
    name: str, instant: int, number: int, unit: str
) -> None:
    """The short way for days of 24 hours gives what the wall clock gives."""
    assert there(name).add(instant, number, unit) == walked(there(name), instant, number, unit)


@pytest.mark.parametrize("stretch", [zones.STRETCH, HOUR])
@pytest.mark.parametrize("name", ["Europe/Ljubljana", "Australia/Lord_Howe", "Africa/Casablanca"])
@pytest.mark.parametrize("number", [-7, -1, 1, 7, 14])
def test_days_around_a_change_of_the_clock_are_found_right(
    name: str, number: int, stretch: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Before, at and after a change each half hour goes where the wall clock says, wherever a stretch begins."""
    monkeypatch.setattr(zones, "STRETCH", stretch)
    monkeypatch.setattr(zones, "STRETCHES_MAX", 16 * DAY // stretch)
    monkeypatch.setattr(zones, "CALM_MAX", 200_000)
    here = zones._read(name)
    assert here is not None
    january = here.instant(datetime.fromisoformat("2026-01-01"))
    offsets = [here.local(january + day * DAY) - plain(january + day * DAY) for day in range(365)]
    changes = [day for day in range(1, 365) if offsets[day] != offsets[day - 1]]
    assert changes
    for change in changes:
        for half in range(-3 * 48, 2 * 48):
            instant = january + change * DAY + half * 30 * MINUTE
            assert here.add(instant, number, "day") == walked(here, instant, number, "day")


@settings(max_examples=60)
@given(
    start=st.datetimes(datetime.fromisoformat("2026-01-01"), LATE).map(
        lambda at: at.replace(microsecond=0, second=0)
    ),
    minutes=st.integers(1, 3000),
)
def test_open_time_is_what_a_walk_by_minutes_counts(start: datetime, minutes: int) -> None:
    """Adding open time ends where counting the open minutes one by one ends."""
    begin = HOME.instant(start)
    at, left = begin, minutes
    while left:
        local = HOME.local(at)
        left -= (
            local.weekday() < 5
            and 9 <= local.hour < 17
            and not WORK.calendar.is_holiday(local.date())
        )
        at += MINUTE
    assert WORK.add_time(begin, minutes * MINUTE) == at


def test_who_never_opens_never_answers() -> None:
    """A week without hours gives no opening, instead of a search without an end."""
    closed = WorkingTime(Hours({}), Calendar(), HOME)
    assert closed.open_from(0) is None
    assert closed.add_time(0, HOUR) is None
    assert closed.add_days(0, 1) is None
    assert closed.take_time(0, HOUR) is None
    assert closed.take_days(0, 1) is None
    assert closed.next_working_day(date(2026, 1, 1)) is None


def test_a_window_over_midnight_belongs_to_the_day_it_starts_on() -> None:
    """A Friday night shift is open on Saturday morning, a Sunday's is not."""
    night = WorkingTime(Hours.between([4], time(22), time(6)), Calendar(), HOME)
    saturday = HOME.instant(datetime(2026, 3, 7, 5))  # noqa: DTZ001
    assert night.open_from(saturday) == (saturday, saturday + HOUR)
    assert not night.is_working_day(date(2026, 3, 7))


def test_weeks_of_one_desk_are_joined() -> None:
    """Two `open` sentences that overlap are one span."""
    joined = Hours.between([0], time(8), time(12)).plus(Hours.between([0, 5], time(11), time(16)))
    assert joined.week == {0: ((480, 960),), 5: ((660, 960),)}


@pytest.mark.parametrize(
    "name",
    [
        "Mars/Olympus",
        "",
        "../etc",
        "Europe/",
        "tzdata.zi",
        "Europe",
        "Europe/" + "a" * 5_000,
        "EUROPE/LJUBLJANA",
        "\0",
    ],
)
def test_an_unknown_zone_is_no_zone(name: str) -> None:
    """What the database does not hold is None, whatever stands in the name."""
    assert zone(name) is None


def test_the_database_has_a_version() -> None:
    """The version can be stored with the runtime's state."""
    assert database_version()[:4].isdigit()
    assert timedelta(0) == HOME.local(0) - datetime(1970, 1, 1, 1)  # noqa: DTZ001
