"""`verbline simulate` as a command: what is wrong usage, and what a terminal shows."""

from __future__ import annotations

import io
import json
import re
import shlex
import sys
from pathlib import Path

import pytest

from tests.cases import CASES
from tests.test_simulate import CASE_FILES, case_of
from verbline import cli


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Make a project with a log the working folder."""
    case_of(CASE_FILES[0]).write(tmp_path)
    monkeypatch.chdir(tmp_path)


WRONG = {
    "a log that is not there": ("--log nowhere", '"nowhere" cannot be read: No such file'),
    "a folder without a log": ("--log empty", 'There is no .jsonl file in "empty".'),
    "more than everybody": ("--log log --answers 101%", '"101%" is no share'),
    "a share that is none": ("--log log --answers half", '"half" is no share'),
    "a time that is none": ("--log log --from soon", '"soon" is no time'),
    "an end before the beginning": ("--log log --from 2026-03-09 --until 2026-03-08", "--until"),
    "no log": ("", "Name a log with --log"),
    "another form": ("--log log --format svg", "'svg' is not one of"),
}


@pytest.mark.usefixtures("project")
@pytest.mark.parametrize("name", WRONG)
def test_wrong_usage_is_told(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    """What cannot be done ends in 2 with a sentence, and nothing on standard output."""
    arguments, sentence = WRONG[name]
    Path("empty").mkdir()
    assert cli.run(["simulate", *shlex.split(arguments)]) == 2
    shown = capsys.readouterr()
    assert shown.out == ""
    assert sentence in shown.err


def test_a_project_with_errors_is_not_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Errors are told on standard error, and the run ends in 1."""
    case_of(CASE_FILES[0]).write(tmp_path)
    monkeypatch.chdir(tmp_path)
    Path("a.journey").write_text("journey without a name\n", "utf-8")
    assert cli.run(["simulate", "--log", "log"]) == 1
    shown = capsys.readouterr()
    assert shown.out == ""
    assert "1 error" in shown.err


@pytest.mark.parametrize(
    ("table", "sentence"),
    [
        ('[sources."shop"]\nsource = 7\n', "lists no texts"),
        ('[sources."shop"]\nfields = ["a"]\n', "names no fields"),
        ('[sources]\nshop = "x"\n', "is no table"),
        ('sources = "x"\n', "is no table"),
    ],
)
def test_sources_that_say_nothing_are_told(
    table: str,
    sentence: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Settings of sources that cannot be read end in 2, not in a run that misses half of the log."""
    case = case_of(CASES / "simulate" / "offers.case")
    case.write(tmp_path)
    monkeypatch.chdir(tmp_path)
    settings = Path("verbline.toml").read_text("utf-8")
    Path("verbline.toml").write_text(
        f"{table if table[0] == 's' else ''}{settings}\n{table if table[0] != 's' else ''}", "utf-8"
    )
    assert cli.run(["simulate", "--log", "log"]) == 2
    assert sentence in capsys.readouterr().err


class Terminal(io.StringIO):
    """Standard error where somebody watches."""

    def isatty(self) -> bool:
        """Return yes."""
        return True


@pytest.mark.usefixtures("project")
def test_somebody_who_watches_sees_how_far_it_is(
    monkeypatch: pytest.MonkeyPatch, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    """On a terminal the share of the log that is read is shown and taken away again; the answer stays as it is."""
    assert cli.run(["simulate", "--log", "log"]) == 0
    quiet = capsysbinary.readouterr().out
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    monkeypatch.setattr("verbline.cli.progress.PAUSE", -1)
    assert cli.run(["simulate", "--log", "log"]) == 0
    assert re.search(r"\r\d+ %, \d+ events", terminal.getvalue())
    assert terminal.getvalue().endswith("\r\x1b[K")
    assert capsysbinary.readouterr().out == quiet


@pytest.mark.parametrize("language", ["en", "sl"])
def test_the_log_of_a_new_project_can_be_run(
    language: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """The first log that a newcomer runs is whole: everybody enters, and every event is one that the project knows."""
    monkeypatch.chdir(tmp_path)
    assert cli.run(["new", "studio", "--language", language]) == 0
    capsys.readouterr()
    log = Path("studio", "log.jsonl")
    assert cli.run(["simulate", "studio", "--log", str(log), "--format", "json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["log"]["events"] == len(log.read_text("utf-8").splitlines())
    left_out = ("parked", "duplicates", "strange", "foreign", "nobody", "consent_refused")
    assert not any(told["log"][name] for name in left_out)
    journey = told["journeys"][0]
    assert (journey["entered"], journey["not_admitted"]) == (3, {})
    assert [desk["tasks"] for desk in told["desks"]] == [1]
