"""The example projects, and what `verbline new` makes: their scenarios hold, pass through everything, and miss every sentence."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.tree import ROOT
from verbline import cli
from verbline.cli.paths import readings
from verbline.cli.scenarios import Options, play
from verbline.interpreter.project import Project
from verbline.interpreter.scenarios.drops import UNCHECKED, UNMISSED, Drop

PROJECTS = sorted(path.parent for path in ROOT.glob("journeys/*/verbline.toml"))
NEW = ("en", "sl")


def dropped(folder: Path) -> list[Drop]:
    """Return what became of every sentence that was taken out of the project in ``folder``; first everything holds."""
    options = Options((str(folder),))
    options.drop_lines = True
    [reading] = readings(options.paths)
    played = play(reading.project(), reading.asked, options)
    assert [str(one.result) for one in played.timed if not one.result.passed] == []
    assert [f"{path}:{one.number}" for path, one in played.coverage.missed] == []
    assert played.drops
    return played.drops


def told(drops: list[Drop], became: str) -> list[str]:
    """Return the sentences that became something, each with its place."""
    return [
        f"{one.path}:{one.sentence.number} {one.sentence.raw}"
        for one in drops
        if one.became == became
    ]


@pytest.mark.parametrize("folder", PROJECTS, ids=lambda folder: folder.name)
def test_every_sentence_of_an_example_is_a_promise(folder: Path) -> None:
    """All scenarios pass and pass through all sentences; each sentence is missed by one, or is an `if` with an `otherwise`."""
    drops = dropped(folder)
    assert told(drops, UNMISSED) == []
    assert {one.sentence.shape for one in drops if one.became == UNCHECKED} <= {"if_"}


@pytest.mark.parametrize("language", NEW)
def test_every_sentence_of_a_new_project_is_a_promise(language: str, tmp_path: Path) -> None:
    """What `verbline new` makes is as complete as the examples, in each language."""
    assert cli.run(["new", str(tmp_path / "club"), "--language", language]) == 0
    drops = dropped(tmp_path / "club")
    assert told(drops, UNMISSED) == told(drops, UNCHECKED) == []


def scenarios(project: Project) -> list[list[str]]:
    """Return the scenarios of a project, file by file, each as the kinds of its lines."""
    return [
        [line.shape for line in scenario.block]
        for name in sorted(project.files, key=lambda name: name.rpartition("/")[0])
        for scenario in project.names[name].of("scenario")
    ]


def test_the_same_project_in_two_languages_promises_the_same() -> None:
    """`mobility` and `mobility-sl` have the same scenarios, line by line."""
    folders = (str(ROOT / "journeys" / name) for name in ("mobility", "mobility-sl"))
    english, slovenian = (scenarios(reading.project()) for reading in readings(tuple(folders)))
    assert english
    assert english == slovenian
