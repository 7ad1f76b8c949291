"""Working time from what is written down. Rule: a desk without `open` works when the project does, and the project, where it
says nothing, from monday to friday, 09:00 to 17:00.

Everybody works in the project's zone and keeps the holidays that the project names; a project that names none keeps none.
"""

from __future__ import annotations

from functools import cache

from verbline.interpreter.allowed import hours_of
from verbline.interpreter.working import Calendar, Hours, WorkingTime
from verbline.interpreter.zones import zone

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from verbline.interpreter.allowed import Hours as Span
    from verbline.interpreter.nodes import Sentence
    from verbline.interpreter.project import Settings

USUAL: tuple[Span, ...] = (((0, 1, 2, 3, 4), 9 * 60, 17 * 60),)


def project_time(settings: Settings) -> WorkingTime:
    """Return the working time of the project."""
    return working_time(settings, settings.work or USUAL)


def desk_time(settings: Settings, desk: Sentence) -> WorkingTime:
    """Return the working time of a `desk`: the union of its `open` lines, the project's where it has none."""
    nodes = [inner.node for inner in desk.of("open_hours") if inner.node]
    spans = [hours for node in nodes if (hours := hours_of(node)) is not None]
    return working_time(settings, spans) if spans else project_time(settings)


def working_time(settings: Settings, spans: Iterable[Span]) -> WorkingTime:
    """Return the working time of ``spans`` in the project's zone, without its holidays."""
    week: dict[int, list[tuple[int, int]]] = {}
    for days, start, end in spans:
        for day in days:
            week.setdefault(day, []).append((start, end))
    place = zone(settings.zone) or zone("UTC")
    assert place is not None, "the zone database holds UTC"
    return WorkingTime(Hours(week), calendar_of(settings.holidays), place)


@cache
def calendar_of(country: str) -> Calendar:
    """Return the public holidays of ``country``, a code; a calendar without any where none are known."""
    import tomllib
    from importlib import resources

    from verbline import stdlib

    # What is found out about a year stays with the calendar, so there is one for each country.
    text = resources.files(stdlib).joinpath("working-time.toml").read_text("utf-8")
    row = tomllib.loads(text)["countries"].get(country, {})
    return Calendar(row.get("holidays", ()))
