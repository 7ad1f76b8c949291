"""Working time, from settings and from the desks of a project."""

from datetime import date, datetime

import pytest

from tests.cases import project_of
from verbline.interpreter.allowed import with_holidays, work_of
from verbline.interpreter.calendars import calendar_of, desk_time, project_time
from verbline.interpreter.project import Settings
from verbline.interpreter.working import WorkingTime

DESKS = """
desk "hot line"
  open monday to friday from 08:00 to 12:00
  open monday to friday from 11:00 to 14:00
  open saturday from 09:00 to 10:00

desk "office"
  answers within 1 working day
"""


def week(time: WorkingTime) -> list[str]:
    """Return the opening hours from monday 2026-11-23 on, one span a text, in local time."""
    days = [date(2026, 11, 23 + number) for number in range(7)]
    return [
        f"{time.zone.local(start):%a %H:%M}-{time.zone.local(end):%H:%M}"
        for day in days
        for start, end in time.spans(day)
    ]


def desks(settings: str) -> list[list[str]]:
    """Return the week of the project and of each desk."""
    project = project_of({"verbline.toml": f"[project]\n{settings}", "a.journey": DESKS})
    found = project.files["a"].sentences
    times = [desk_time(project.settings, desk) for desk in found if desk.shape == "desk"]
    return [week(project_time(project.settings)), *map(week, times)]


USUAL = [f"{day} 09:00-17:00" for day in ("Mon", "Tue", "Wed", "Thu", "Fri")]
OPEN = [*(f"{day} 08:00-14:00" for day in ("Mon", "Tue", "Wed", "Thu", "Fri")), "Sat 09:00-10:00"]


def test_where_nothing_is_said_it_is_the_usual_week() -> None:
    """A desk without hours keeps those of the project, a project without hours works from nine to five."""
    assert desks("") == [USUAL, OPEN, USUAL]


def test_what_the_project_says_holds_for_its_desks() -> None:
    """The hours of a desk go before those of the project, and several lines are joined."""
    own = ["Mon 10:00-12:00", "Wed 08:00-09:00"]
    said = 'work = "monday from 10:00 to 12:00, wednesday from 08:00 to 09:00"'
    assert desks(said) == [own, OPEN, own]


def test_hours_are_those_of_the_project_s_zone() -> None:
    """Nine in the morning is another instant in another zone; a zone that does not exist is UTC."""
    starts = []
    for zone in ("UTC", "Europe/Ljubljana", "Nowhere/Nowhere"):
        time = project_time(Settings(zone=zone))
        starts.append(time.spans(date(2026, 11, 23))[0][0])
    hour = 3_600_000
    assert [start - starts[0] for start in starts] == [0, -hour, 0]


def test_holidays_are_those_the_project_names() -> None:
    """Nobody works on them, desks neither; a project that names none keeps none."""
    friday = datetime(2026, 12, 25).date()  # noqa: DTZ001 - a day
    for country, spans in (("SI", 0), ("", 1)):
        project = project_of(
            {"verbline.toml": f'[project]\nholidays = "{country}"\n', "a.journey": DESKS}
        )
        desk = project.files["a"].sentences[0]
        assert len(project_time(project.settings).spans(friday)) == spans
        assert len(desk_time(project.settings, desk).spans(friday)) == spans


@pytest.mark.parametrize("country", with_holidays())
def test_every_country_that_settings_may_name_has_holidays(country: str) -> None:
    """What is allowed is there: the first of January is a holiday in all of them."""
    assert calendar_of(country).is_holiday(date(2027, 1, 1))


def test_a_span_over_the_weekend_goes_on_at_monday() -> None:
    """From saturday to monday are three days."""
    hours = work_of("saturday to monday from 09:00 to 10:00", "en")
    assert week(project_time(Settings(work=hours))) == [
        "Mon 09:00-10:00",
        "Sat 09:00-10:00",
        "Sun 09:00-10:00",
    ]
