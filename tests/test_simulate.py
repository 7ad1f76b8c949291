"""`verbline simulate`: a log and a project in, sums or a trace out."""

from __future__ import annotations

import io
import json
import os
import re
import shlex
import subprocess
import sys
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.cases import CASES
from verbline import cli

SECTION = re.compile(r"^=== (.+)\n", re.MULTILINE)
CASE_FILES = sorted((CASES / "simulate").glob("*.case"))


@dataclass(frozen=True)
class Case:
    """A project with a log, and what `simulate` must write, by its options."""

    name: str
    files: dict[str, str]
    runs: tuple[tuple[str, str], ...]

    def write(self, folder: Path) -> None:
        """Write the files under ``folder``."""
        for name, text in self.files.items():
            place = folder / name
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_text(log_of(text) if name.endswith(".jsonl") else text, "utf-8")


def log_of(text: str) -> str:
    """Return the lines of a log; those in short are written out."""
    lines = text.splitlines()
    return "".join(f"{log_line(one, number)}\n" for number, one in enumerate(lines, 1))


def log_line(text: str, number: int) -> str:
    """Return a line of a log; one in short says the local time, the type, the source and the fields."""
    if not re.match(r"\d{4}-", text):
        return text
    time, kind, source, *fields = text.split()
    data = dict(one.split("=", 1) for one in fields)
    event = {"id": f"e{number}", "type": kind, "time": f"{time}:00+01:00", "source": source}
    return json.dumps({**event, "data": data})


def case_of(path: Path) -> Case:
    """Return the case in a file."""
    parts = SECTION.split(path.read_text("utf-8"))[1:]
    sections = [
        (name, text.strip("\n") + "\n") for name, text in zip(parts[::2], parts[1::2], strict=True)
    ]
    files = {name: text for name, text in sections if not name.startswith("simulate")}
    runs = [(name, text) for name, text in sections if name.startswith("simulate")]
    return Case(path.stem, files, tuple(runs))


RUNS = [(case, run) for case in map(case_of, CASE_FILES) for run in case.runs]


def simulated(arguments: str, capsys: pytest.CaptureFixture[str]) -> str:
    """Return what `verbline` writes in the working folder."""
    assert cli.run([*shlex.split(arguments)]) == 0
    shown = capsys.readouterr()
    assert shown.err == ""
    return shown.out


@pytest.mark.parametrize(
    ("case", "run"), RUNS, ids=lambda one: getattr(one, "name", None) or one[0]
)
def test_a_log_comes_to_this(
    case: Case,
    run: tuple[str, str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """The sums that a case tells are those that are written, word for word."""
    monkeypatch.chdir(tmp_path)
    case.write(tmp_path)
    assert simulated(f"{run[0]} --log log", capsys) == run[1]


@pytest.fixture(params=CASE_FILES, ids=lambda path: path.stem)
def project(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Case:
    """Return a case whose project is the working folder."""
    case = case_of(request.param)
    case.write(tmp_path)
    monkeypatch.chdir(tmp_path)
    return case


def rows(arguments: str, capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    """Return the trace of a run."""
    told = simulated(f"simulate --log log --format jsonl {arguments}", capsys)
    return [json.loads(line) for line in told.splitlines()]


@pytest.mark.usefixtures("project")
def test_the_trace_is_what_was_summed(capsys: pytest.CaptureFixture[str]) -> None:
    """Each number of the sums is that many lines of the trace, at the same step."""
    summary = json.loads(simulated("simulate --log log --format json", capsys))
    trace = rows("", capsys)
    counts = Counter(
        (one.get("step"), one["kind"], one["verdict"], one.get("reason"))
        for one in trace
        if one["kind"] not in ("outcome", "entry", "parked")
    )
    sums: Counter[tuple[Any, ...]] = Counter()
    for journey in summary["journeys"]:
        for step in journey["steps"]:
            for record in step["records"]:
                key = (step["step"], record["kind"], record["verdict"], record.get("reason"))
                sums[key] += record["count"]
        of_journey = [one for one in trace if one.get("journey") == journey["journey"]]
        ends = Counter(one["outcome"] for one in of_journey if one["kind"] == "outcome")
        assert journey["outcomes"] == ends
        assert journey["entered"] == sum(ends.values()) + journey["inside"]
    assert sums == counts
    parked = Counter(one["reason"] for one in trace if one["kind"] == "parked")
    assert summary["log"]["parked"] == parked


@pytest.mark.usefixtures("project")
def test_a_trace_can_be_cut_anywhere(capsys: pytest.CaptureFixture[str]) -> None:
    """What happens until an instant and what happens from then on are together all that happens, in order."""
    whole = rows("", capsys)
    instants = [one["at"] for one in whole]
    assert instants == sorted(instants)
    for cut in sorted(set(instants))[1::5]:
        assert [*rows(f"--until {cut}", capsys), *rows(f"--from {cut}", capsys)] == whole


@pytest.mark.usefixtures("project")
def test_a_run_is_the_same_every_time() -> None:
    """Two processes with other hashes of texts write the same bytes, answers by hash and all."""
    command = [sys.executable, "-m", "verbline.cli", "simulate", "--log", "log", "--answers", "60%"]
    found = {
        subprocess.run(
            [*command, "--format", "json"],
            check=True,
            capture_output=True,
            env={**os.environ, "PYTHONHASHSEED": seed},
        ).stdout
        for seed in ("1", "2")
    }
    assert len(found) == 1


WRONG = {
    "a log that is not there": ("--log nowhere", '"nowhere" cannot be read: No such file'),
    "a folder without a log": ("--log empty", 'There is no .jsonl file in "empty".'),
    "more than everybody": ("--log log --answers 101%", '"101%" is no share'),
    "a share that is none": ("--log log --answers half", '"half" is no share'),
    "a time that is none": ("--log log --from soon", '"soon" is no time'),
    "an end before the beginning": ("--log log --from 2026-03-09 --until 2026-03-08", "--until"),
    "no log": ("", "Missing option '--log'"),
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
    monkeypatch.setattr("verbline.cli.simulation.PAUSE", -1)
    assert cli.run(["simulate", "--log", "log"]) == 0
    assert re.search(r"\r\d+ %, \d+ events", terminal.getvalue())
    assert terminal.getvalue().endswith("\r\x1b[K")
    assert capsysbinary.readouterr().out == quiet
