"""Compiled conditions: what they answer, until when, and what they need."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest

from tests.asking import Asked, asked, branches, lines_of, project_with, segments, there
from tests.cases import CASES
from verbline.interpreter.kinds import kind_of_type
from verbline.interpreter.names import fields_of_moment, fields_of_person
from verbline.interpreter.person.record import put
from verbline.interpreter.program.conditions import (
    Condition,
    compile_condition,
)
from verbline.interpreter.program.meanings import Meanings
from verbline.interpreter.program.readers import reader_of
from verbline.interpreter.program.scores import thousandths
from verbline.interpreter.project import Project

ANSWERS = {"yes": True, "no": False, "unknown": None}


class Scene:
    """One part of a case: how it is called, the lines that set the scene, and the conditions with what they come to."""

    def __init__(self, title: str) -> None:
        self.title = title
        self.given: list[tuple[str, str]] = []
        self.asked: list[tuple[str, str]] = []

    def __repr__(self) -> str:
        return self.title


def scenes(name: str) -> Iterator[Scene]:
    """Yield the parts of a case."""
    scene = Scene("")
    for line in (CASES / "conditions" / f"{name}.case").read_text("utf-8").splitlines():
        if line.startswith("== "):
            if scene.asked:
                yield scene
            scene = Scene(line.removeprefix("== "))
        elif " => " in line and not line.startswith("#"):
            condition, answer = line.split(" => ")
            scene.asked.append((condition, answer))
        elif line.strip() and not line.startswith("#"):
            word, _blank, rest = line.partition(" ")
            scene.given.append((word, rest))
    yield scene


def readers(project: Project) -> dict[str, Any]:
    """Return what reads each field of the person and of the moments."""
    overview = project.overview
    fields = [f for one in overview.declarations("moment") for f in fields_of_moment(one)]
    fields += [f for one in overview.declarations("person") for f in fields_of_person(one)]
    home = there("Europe/Ljubljana")
    return {field.name: reader_of(kind_of_type(field.kind), home) for field in fields}


def set_scene(scene: Scene, project: Project) -> Asked:
    """Return a turn in which everything is as the scene says."""
    told = dict(scene.given)
    turn = asked(
        now=told.get("now", "2026-03-10 12:00"), where=told.get("zone", "Europe/Ljubljana")
    )
    read = readers(project)
    for word, rest in scene.given:
        name, _blank, value = rest.partition(" ")
        if word in ("given", "visit"):
            raw = json.loads(value)
            place = turn.person.values if word == "given" else turn.fields
            place[name] = None if raw is None else read[name](raw)
        elif word == "history":
            moment, _blank, times = rest.removeprefix('"').partition('" ')
            put(turn.person, "history", moment, [instant(turn, one) for one in times.split(", ")])
        elif word == "life":
            turn.person.life = instant(turn, rest)
        elif word == "score":
            number, _at, since = value.partition(" at ")
            put(turn.person, "scores", name, (thousandths(int(number)), instant(turn, since)))
        else:
            assert word in ("now", "zone"), word
    return turn


def instant(turn: Asked, local: str) -> int:
    """Return the instant of a local time."""
    return turn.zone.instant(datetime.fromisoformat(local))


def judge(condition: Condition, turn: Asked, answer: str) -> None:
    """Ask a condition, and whether it stays as long as it should."""
    word, _blank, rest = answer.partition(" ")
    assert condition.test(turn.turn) is ANSWERS[word]
    change = condition.next_change(turn.turn)
    if rest == "for ever":
        assert change is None
    elif rest.startswith("until "):
        assert change is not None
        local = turn.zone.local(change)
        assert local == datetime.fromisoformat(rest.removeprefix("until "))


def all_scenes(name: str) -> list[Any]:
    """Return the conditions of a case, each with its scene."""
    return [
        pytest.param(scene, at, id=f"{scene.title}: {condition}")
        for scene in scenes(name)
        for at, (condition, _answer) in enumerate(scene.asked)
    ]


def once(
    scene: Scene, conditions: dict[str, tuple[Project, list[Condition]]]
) -> tuple[Project, list[Condition]]:
    """Return the scene's conditions about a person, compiled together."""
    if scene.title not in conditions:
        project = project_with(segments([one for one, _answer in scene.asked]))
        names = Meanings.of_project(project)
        lines = lines_of(project, "people_where")[1:]
        conditions[scene.title] = project, [compile_condition(one, names) for one in lines]
    return conditions[scene.title]


KNOWN: dict[str, tuple[Project, list[Condition]]] = {}


@pytest.mark.parametrize(("scene", "at"), [*all_scenes("operators"), *all_scenes("time")])
def test_a_condition_answers_as_the_case_says(scene: Scene, at: int) -> None:
    """Every operator, with values of every kind, with unknown ones, and as time passes."""
    project, conditions = once(scene, KNOWN)
    judge(conditions[at], set_scene(scene, project), scene.asked[at][1])


@pytest.mark.parametrize(("scene", "at"), all_scenes("visit"))
def test_a_journey_looks_at_the_visit_first(scene: Scene, at: int) -> None:
    """In a journey a name means the visit's latest moment that carries it, then the person."""
    project = project_with(branches([scene.asked[at][0]]))
    condition = compile_condition(lines_of(project, "if_")[0], Meanings.of_project(project))
    judge(condition, set_scene(scene, project), scene.asked[at][1])
