"""`verbline read`: one file, told on standard output."""

import io
import sys
from pathlib import Path

import pytest

from tests.tree import ROOT
from verbline import cli

COURSE = ROOT / "journeys" / "mobility" / "journeys" / "safe-driving-course.journey"
EXAMPLES = sorted((ROOT / "journeys").rglob("*.journey"))


def test_a_journey_is_told(capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    """The prose names the journey, its owner, its steps and the desks of another file of the project."""
    assert cli.run(["read", str(COURSE)]) == 0
    shown = capsysbinary.readouterr()
    told = shown.out.decode()
    assert shown.err == b""
    assert told.startswith("# Prepare for the safe driving course\n\nMaja Kos, Head of Member")
    assert "Nina Hribar leads it." in told
    assert told.endswith("\n")
    assert not told.endswith("\n\n")


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.name)
def test_every_example_can_be_told(path: Path, capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    """No file of the examples is told as nothing, and none breaks the teller."""
    assert cli.run(["read", str(path)]) == 0
    assert len(capsysbinary.readouterr().out.splitlines()) > 3


def test_standard_input_is_told(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A text that was never saved can be told, with the names of the project around it."""
    text = COURSE.read_text("utf-8").replace('"never came"', '"stayed at home"')
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(text.encode())))
    assert cli.run(["read", "-", "--stdin-filename", str(COURSE)]) == 0
    assert "stayed at home" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ([], "Missing argument 'FILE'"),
        (["no-such.journey"], 'There is no file or folder "no-such.journey"'),
        ([str(COURSE.parent)], "is a folder; name one file in it"),
        ([str(ROOT / "README.md")], "There is no journey in"),
        ([str(COURSE), str(COURSE)], "unexpected extra argument"),
    ],
)
def test_one_file_has_to_be_named(
    arguments: list[str], sentence: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Anything else is wrong usage, with a sentence that says why."""
    assert cli.run(["read", *arguments]) == 2
    shown = capsys.readouterr()
    assert sentence in shown.err
    assert shown.out == ""
