"""What changed in the settings that journeys run by. Rule: what only channels and operators read changes no journey, and is not told."""

from __future__ import annotations

from verbline.runtime.plan.permission import CONSENT, of_cap
from verbline.runtime.plan.sentences import CHANGED, WIDENED, Line
from verbline.runtime.sources import Sources

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from verbline.interpreter.project import Project

PLACE = "verbline.toml"
SETTINGS = ("zone", "country", "language", "holidays", "work", "marketing")
DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


def of_settings(old: Project, new: Project) -> Iterator[Line]:
    """Yield what changed in the table of the project."""
    for name in SETTINGS:
        before, after = getattr(old.settings, name), getattr(new.settings, name)
        if before == after:
            continue
        review, permission = CONSENT if name in ("country", "marketing") else "", ""
        if name == "country":
            permission = WIDENED  # what the law asks for is another
        elif name == "marketing":
            permission = of_cap(before, after)
        text = f"{name} is {told(name, after)}, was {told(name, before)}."
        yield Line(CHANGED, text, PLACE, permission, review)


def told(name: str, value: Any) -> str:
    """Return a setting in words."""
    if not value:
        return "not said"
    if name == "marketing":
        number, (count, unit) = value
        return f"at most {number} messages in {count} {unit}{'' if count == 1 else 's'}"
    if name == "work":
        return "; ".join(f"{', '.join(DAYS[day] for day in days)} {clock(start)}-{clock(end)}" for days, start, end in value)  # fmt: skip
    return str(value)


def clock(minutes: int) -> str:
    """Return a time of day."""
    return f"{minutes // 60:02}:{minutes % 60:02}"


def of_sources(old: Sources | None, new: Sources | None) -> Iterator[Line]:
    """Yield what changed in how systems write themselves and their fields."""
    before, after = old or Sources(), new or Sources()
    for name in sorted(before.spellings.keys() | after.spellings.keys()):
        was, now = before.spellings.get(name), after.spellings.get(name)
        if was != now:
            text = f"“{name}” is the system “{now or name}”, was “{was or name}”."
            yield Line(CHANGED, text, PLACE, "", "sources")
    for system in sorted(before.fields.keys() | after.fields.keys()):
        olds, news = before.fields.get(system, {}), after.fields.get(system, {})
        for field in sorted(olds.keys() | news.keys()):
            was, now = olds.get(field), news.get(field)
            if was != now:
                text = f"What “{system}” calls {field} is {now or field}, was {was or field}."
                yield Line(CHANGED, text, PLACE, "", "identity")
