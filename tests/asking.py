"""Conditions asked of a person whom a test invents. Rule: the person is a record as the engine keeps it, the clock is the test's.

The vocabulary has one field of each kind for the person, one of each for a moment, two scores and two labels.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any, cast

from tests.cases import project_of
from verbline.interpreter.calendars import project_time
from verbline.interpreter.check import check
from verbline.interpreter.person.record import Person
from verbline.interpreter.program.conditions import Condition, compile_condition
from verbline.interpreter.program.meanings import Meanings
from verbline.interpreter.zones import zone

if TYPE_CHECKING:
    from collections.abc import Mapping

    from verbline.interpreter.nodes import Sentence
    from verbline.interpreter.project import Project
    from verbline.interpreter.step.turn import Turn
    from verbline.interpreter.zones import Zone

SETTINGS = """
[project]
name = "asking"
language = "en"
zone = "Europe/Ljubljana"
country = "SI"
holidays = "SI"
"""
VOCABULARY = """language: en

person member
  known by member-number
  has word as text
  has other-word as text
  has count as number
  has other-count as number
  has budget as money
  has spend as money in EUR
  has birthday as date
  has due-date as date
  has seen as date and time
  has met as date and time
  has notice as duration
  has patience as duration
  has likes as list of text
  has sizes as list of number
  has tier as one of "Gold", "silver plated"
  has glad as yes or no
  has sure as yes or no

moment "order is placed"
  comes from "shop" as "order.placed"
  carries order-number as text
  carries total as money in EUR
  carries word as text

moment "letter arrives"
  also called "post comes"

score heat
  adds 10 points for "order is placed"
  halves every 30 days
  stays between 0 and 100

score chill
  takes away 10 points for "letter arrives"
  halves every 12 hours

score steady
  adds 1 points for "order is placed"

purpose "offers"
  is marketing
  rests on consent
  covers email, sms
  kept in "shop"

segment "regulars"
  people where the member had "order is placed" in the last 30 days
"""


def segments(conditions: list[str], words: str = VOCABULARY) -> str:
    """Return a project text with a segment for each condition."""
    return words + "".join(
        f'\nsegment "asked {at}"\n  people where {text}\n' for at, text in enumerate(conditions)
    )


def branches(conditions: list[str]) -> str:
    """Return a project text with a journey that branches on each condition."""
    steps = "".join(f'  if {text}\n    finish as "here"\n' for text in conditions)
    return f"""{VOCABULARY}
journey "asking"
  owned by "Ana", "Asker"
  starts when "order is placed"

{steps}  finish as "there"
"""


def project_with(text: str) -> Project:
    """Return the project of one file, in which nothing is wrong."""
    project = project_of({"a.journey": text, "verbline.toml": SETTINGS})
    wrong = [
        f"{one.span.line}: {one.code} {text.splitlines()[one.span.line - 1]}"
        for one in check(project)
    ]
    assert wrong == []
    return project


def lines_of(project: Project, shape: str) -> list[Sentence]:
    """Return the sentences of ``shape`` in the one file, in their order."""
    return [one for one in project.files["a"].walk() if one.shape == shape]


def compiled(conditions: list[str]) -> list[Condition]:
    """Return conditions about a person, compiled."""
    project = project_with(segments(conditions))
    names = Meanings.of_project(project)
    lines = lines_of(project, "people_where")
    return [compile_condition(one, names) for one in lines[len(lines) - len(conditions) :]]


def there(name: str) -> Zone:
    """Return a zone that must exist."""
    found = zone(name)
    assert found is not None
    return found


class World:
    """What a turn knows of the program: working time, countries, segments."""

    def __init__(self, project: Project) -> None:
        self.work = project_time(project.settings)
        self.segments: dict[str, Any] = {}
        self.country = "SI"

    def country_of(self, _person: Person) -> str:
        """Return the country."""
        return self.country


class Asked:
    """A turn of a test: see `Turn`, whose place it takes."""

    def __init__(self, world: World, person: Person, where: Zone, now: int) -> None:
        self.program = world
        self.person = person
        self.zone = where
        self.now = now
        self.fields: dict[str, Any] = {}
        self.agreed: dict[tuple[str, str, str], bool] = {}

    def inside(self, segment: str) -> bool | None:
        """Return whether the person is in a segment."""
        answer: bool | None = self.program.segments[segment].condition.test(self)
        return answer

    def agrees(self, purpose: str, channel: str = "", topic: str = "") -> bool:
        """Return what the test says."""
        return self.agreed.get((purpose, channel, topic), False)

    @property
    def turn(self) -> Turn:
        """The same, as conditions take it."""
        return cast("Turn", self)


class Member:
    """A segment of the program: its condition."""

    def __init__(self, condition: Condition) -> None:
        self.condition = condition


def person_with(**values: Any) -> Person:
    """Return a person of whom ``values`` are known, and no more."""
    person = Person("P1")
    person.values, person.history, person.scores, person.labels = dict(values), {}, {}, {}
    return person


def asked(
    values: Mapping[str, Any] | None = None,
    now: str = "2026-03-10 12:00",
    where: str = "Europe/Ljubljana",
) -> Asked:
    """Return a turn with an invented person; ``now`` is the local time."""
    project = project_with(VOCABULARY)
    world = World(project)
    condition = compile_condition(
        lines_of(project, "people_where")[0], Meanings.of_project(project)
    )
    world.segments["regulars"] = Member(condition)
    person = person_with(**(values or {}))
    at = there(where)
    return Asked(world, person, at, at.instant(datetime.fromisoformat(now)))
