"""docs/versions.md: what it says is so."""

import re
import shlex

import click

from tests.test_uptake import taken, why, words_of
from tests.tree import ROOT
from tests.versioned import MOVES, WORDS, club, world_of
from verbline.cli.prove import prove
from verbline.cli.run_project import run
from verbline.cli.taking import CERTIFICATE
from verbline.interpreter.check import check
from verbline.interpreter.program.compile import compile_project
from verbline.interpreter.reasons import table
from verbline.runtime.uptake.saved import STILL
from verbline.runtime.uptake.stored import TOGETHER

PAGE = (ROOT / "docs" / "versions.md").read_text("utf-8")


def blocks(language: str) -> list[str]:
    """Return the examples in a language."""
    return re.findall(rf"^```{language}\n(.*?)^```", PAGE, re.DOTALL | re.MULTILINE)


def test_the_journey_is_right_and_its_people_move() -> None:
    """The example checks, with the words around it."""
    (text,) = blocks("journey")
    project = club("\n" + text, WORDS)
    assert [one for one in check(project) if one.level == "error"] == []
    assert compile_project(project).journeys["Welcome"].moves


def test_the_refusal_is_what_is_said() -> None:
    """Word for word."""
    (text,) = blocks("text")
    old, new = club(), club(MOVES.replace('wait for "pays" up', 'wait for "speaks" up'))
    assert why(taken(new, world_of(old, "P1", "P2"), words_of(old))) == [text.rstrip("\n")]


def options_of(command: click.Command) -> set[str]:
    """Return the options of a command."""
    return {one for each in command.params for one in each.opts}


def test_commands_files_and_codes_are_those_of_the_code() -> None:
    """Options, the certificate's name, how long files stand still, and the reasons."""
    (line,) = blocks("sh")
    assert {word for word in shlex.split(line) if word.startswith("--")} <= options_of(run)
    assert f"`verbline prove --output {CERTIFICATE}`" in PAGE
    assert "--output" in options_of(prove)
    assert f"for {TOGETHER:,} people at a time" in PAGE
    assert STILL == 1_000
    assert "have stood still for a second" in PAGE
    assert {"other_clock_rules", "step_gone", "journey_ended"} <= table("reasons").keys()
