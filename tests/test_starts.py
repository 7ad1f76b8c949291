"""Starts that are told apart by a value: who asks for another value is not looked at, and nobody is forgotten."""

from __future__ import annotations

from typing import Any

import pytest

from tests.cases import project_of
from verbline.interpreter.person.record import Person, put
from verbline.interpreter.program.compile import compile_project
from verbline.interpreter.program.starts import MANY
from verbline.interpreter.step.turn import Turn

WHERE = [
    "",
    ' where plan is "Family"',
    ' where plan is "family" and seats is at least 2',
    ' where plan is one of "single", "FAMILY"',
    ' where plan is not "family"',
    ' where plan is "single" or seats is at least 5',
    ' where not (plan is "family")',
    ' where "team" is plan',
    ' where region is "north"',
    ' where plan is "team" and region is "north"',
    " where plan is known",
]
HEAD = """language: en

person member
  known by member-number
  has region as text

moment "member chooses a plan"
  comes from "shop" as "plan.chosen"
  carries plan as text
  carries seats as number

metric "plans"
  counts people who had "member chooses a plan" within 3 days after "member chooses a plan"
  compared over 90 days
  should be at most 10%
"""
JOURNEY = """
journey "J{number:02}"
  owned by "Maja Kos", "Head"
  aims for "plans" of at most 10%
  starts when "member chooses a plan"{where}

  finish as "done"
"""
PEOPLE = '[project]\nname = "x"\nlanguage = "en"\nzone = "UTC"\ncountry = "SI"\n[people]\n"Maja Kos" = {role = "Head"}\n'


def program_of(wheres: list[str]) -> Any:
    """Return a program with a journey for each condition."""
    journeys = [JOURNEY.format(number=number, where=where) for number, where in enumerate(wheres)]
    return compile_project(
        project_of({"verbline.toml": PEOPLE, "a.journey": HEAD + "".join(journeys)})
    )


def taken(program: Any, starts: Any, fields: dict[str, Any], region: str | None) -> list[str]:
    """Return the journeys of those ``starts`` whose condition is yes."""
    turn = Turn(program, lambda *_told: None)
    turn.person = Person("P1", 1)
    put(turn.person, "values", "region", region)
    turn.fields = fields
    return [
        one.journey.name
        for one in starts
        if one.condition is None or one.condition.test(turn) is True
    ]


@pytest.mark.parametrize("region", [None, "north", "south"])
@pytest.mark.parametrize("seats", [None, 1, 7])
@pytest.mark.parametrize("plan", [None, "family", " FAMILY ", "single", "team", "other"])
def test_nobody_who_would_start_is_passed_over(
    plan: str | None, seats: int | None, region: str | None
) -> None:
    """The starts that are left by a value hold all whose condition is yes, in the order of their journeys."""
    program = program_of(WHERE)
    moment = program.moments["member chooses a plan"]
    fields = {"plan": plan, "seats": seats}
    left = moment.choices.of(fields)
    assert taken(program, left, fields, region) == taken(program, moment.starts, fields, region)


def test_who_asks_for_another_value_is_not_looked_at() -> None:
    """Of a thousand plans one is looked at, and where the value is unknown, none."""
    program = program_of([f' where plan is "p{number}"' for number in range(50)])
    choices = program.moments["member chooses a plan"].choices
    assert [one.journey.name for one in choices.of({"plan": "P17", "seats": None})] == ["J17"]
    assert list(choices.of({"plan": None, "seats": None})) == []


def test_a_few_starts_are_looked_at_one_by_one() -> None:
    """Below a handful of starts a table would cost more than it saves; a program with fewer journeys has its own table."""
    assert program_of(WHERE[: MANY - 1]).moments["member chooses a plan"].choices is None
    whole = program_of(WHERE)
    assert whole.limited(["J00"]).moments["member chooses a plan"].choices is None
    limited = whole.limited([f"J{number:02}" for number in range(1, 8)])
    left = limited.moments["member chooses a plan"].choices.of({"plan": "x", "seats": 1})
    assert "J00" not in [one.journey.name for one in left]
