"""The years by the names of their projects. Rule: a project in this list has a folder of the same name in journeys/."""

from __future__ import annotations

from typing import TYPE_CHECKING

from benchmarks.dice import Dice
from benchmarks.years import beverages, manufacturing, mobility

if TYPE_CHECKING:
    from benchmarks.years.diary import Diary

PROJECTS = {"mobility": mobility.year, "manufacturing": manufacturing.year, "beverages": beverages.year}  # fmt: skip


def year_of(project: str, people: int, seed: int) -> Diary:
    """Return the year of a project with so many people."""
    return PROJECTS[project](Dice(f"{project} {seed}"), people)
