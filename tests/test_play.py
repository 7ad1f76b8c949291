"""`verbline play`: a journey stepped through. Rule: what is played comes out as a scenario that passes."""

import io
import shutil
import sys
from pathlib import Path

import pytest

from verbline import cli

JOURNEYS = Path(__file__).parent.parent / "journeys"
COURSE = "mobility/journeys/safe-driving-course.journey"
AT = "2026-03-06 14:10"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the working folder, with the example projects in it."""
    for name in ("mobility", "mobility-sl", "beverages", "manufacturing"):
        shutil.copytree(JOURNEYS / name, tmp_path / name)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("VERBLINE_CACHE", "off")
    return tmp_path


def played(monkeypatch: pytest.MonkeyPatch, said: list[str], *arguments: str) -> int:
    """Return how a game ends in which this is said."""
    monkeypatch.setattr(sys, "stdin", io.StringIO("".join(f"{one}\n" for one in said)))
    return cli.run(["play", *arguments])


def test_what_was_played_is_a_scenario_that_passes(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Numbers lead through the journey; the scenario stands beside it and passes."""
    made = folder / "mobility/scenarios/played.journey"
    assert played(monkeypatch, ["1", "1", "1", "1", "2"], COURSE, "--at", AT, "-o", str(made)) == 0
    out = capsys.readouterr().out
    assert "Mon 2026-03-09 09:00     38  " in out
    assert "The journey stands at line 44." in out
    text = made.read_text("utf-8")
    assert '  when "member attends the course" happens with booking-number' in text
    assert '  then the member gets "How to prepare for your course" by email at 2026-03-09 09:00\n' in text  # fmt: skip
    assert '  then desk "Member welcome" gets a task\n' in text
    assert cli.run(["test", str(made)]) == 0


def test_the_last_line_is_taken_back(
    monkeypatch: pytest.MonkeyPatch, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    """Nothing of it is left, neither in the scenario nor of what followed from it."""
    assert played(monkeypatch, ["1", "when 15 days pass", "u", "q"], COURSE, "--at", AT) == 0
    shown = capsysbinary.readouterr().out.decode()
    scenario = shown[shown.index("\nscenario ") :]
    assert "pass" not in scenario
    assert "then the journey is waiting\n" in scenario


def test_a_line_that_is_wrong_is_told_and_changes_nothing(
    monkeypatch: pytest.MonkeyPatch, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    """No such sentence, no such moment, an answer that nobody owes, a number that is not in the list."""
    said = ["fly away", 'when "moon rises" happens', 'when desk "Member welcome" answers', "9", "u"]
    assert played(monkeypatch, said, COURSE, "--at", AT) == 0
    shown = capsysbinary.readouterr().out.decode()
    assert shown.count("That does not happen: ") == 3
    assert "There is no 9 in the list.\n" in shown
    assert "Nothing has happened yet.\n" in shown
    assert shown.endswith(f"  given it is {AT}\n  then the member gets nothing\n")


@pytest.mark.parametrize(
    ("file", "wanted", "ends"),
    [
        ("mobility-sl/journeys/tecaj-varne-voznje.journey", "by email", "stands at line"),
        ("beverages/journeys/outlet-offers.journey", "finishes as", "has ended"),
        ("manufacturing/journeys/sample-request.journey", "We have your request", "has ended"),
    ],
)
def test_other_journeys_are_played_too(
    file: str, wanted: str, ends: str, monkeypatch: pytest.MonkeyPatch,
    capsysbinary: pytest.CaptureFixture[bytes],
) -> None:  # fmt: skip
    """In another language, with an experiment, with a question: the first choice always leads on."""
    assert played(monkeypatch, ["1", "1", "1"], file, "--at", AT) == 0
    shown = capsysbinary.readouterr().out.decode()
    assert wanted in shown[shown.index("\nscenario ") :]
    assert ends in shown


def test_a_journey_that_people_enter_by_a_segment_is_offered_every_moment(
    monkeypatch: pytest.MonkeyPatch, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    """No moment starts it, so all that systems bring may."""
    assert played(monkeypatch, [], "manufacturing/journeys/close-reading.journey", "--at", AT) == 0
    assert b'when "engineer sizes a drive" happens with product-line "servo"' in capsysbinary.readouterr().out  # fmt: skip


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ([COURSE, "--journey", "No such"], "Name one of its journeys with --journey"),
        (["mobility/vocabulary/people.journey"], "has no journey"),
        ([COURSE, "--at", "yesterday"], "is no time such as"),
        ([COURSE, "-o", "mobility/verbline.toml"], "is there already"),
    ],
)
def test_wrong_usage(
    arguments: list[str], told: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:  # fmt: skip
    """It ends in 2 and says what to write."""
    assert played(monkeypatch, [], *arguments) == 2
    assert told in capsys.readouterr().err


def test_a_project_with_errors_is_not_played(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """What is wrong is told, and the exit code is 1."""
    path = folder / COURSE
    path.write_text(path.read_text("utf-8").replace("notify the member", "notfy the member"), "utf-8")  # fmt: skip
    assert played(monkeypatch, [], COURSE) == 1
    assert "notfy" in capsys.readouterr().err
