"""`verbline simulate`: a log and a project in, sums or a trace out."""

from __future__ import annotations

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
from tests.limits import LONGEST
from tests.tree import ROOT
from verbline import cli
from verbline.runtime import simulate
from verbline.runtime.sources import renamed

SECTION = re.compile(r"^=== (.+)\n", re.MULTILINE)
# Kinds of records about people, and the sums of them.
PEOPLE = {"merge": "merged", "split": "split", "erased": "erased"}
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
    """Return a line of a log.

    One in short says the local time, the type, the source and the fields, as text or, behind ``:=``, as JSON.
    """
    if not re.match(r"\d{4}-", text):
        return text
    time, kind, source, *fields = text.split()
    data: dict[str, Any] = {}
    for field in fields:
        name, value = field.split("=", 1)
        is_json = name.endswith(":")
        data[name.removesuffix(":")] = json.loads(value) if is_json else value
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
        if one["kind"] not in ("outcome", "entry", "parked", *PEOPLE)
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
        begun = journey["entered"] + journey["resumed"]
        assert begun == sum(ends.values()) + journey["inside"]
    assert sums == counts
    for kind, name in PEOPLE.items():
        assert summary[name] == sum(one["kind"] == kind for one in trace)
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


REPEATED = """
person member
  known by member-number
  also known by email

desk "Welcome"
  led by "Maja Kos"
  answers within 4 hours
  open monday to friday from 08:00 to 16:00

moment "course is booked"
  comes from "booking system" as "course.booked"

journey "Ask again"
  starts when "course is booked"
  runs once per person

  repeat up to 2 times, every 1 day
    escalate to desk "Welcome" because "Call"
      if the answer is "reached"
        finish as "reached"
"""


def test_an_answer_meets_the_question_it_was_given_to(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A key names one task: the answer to the first turn of a repeat is none to the second, nor is one to a key nobody has."""
    monkeypatch.chdir(tmp_path)
    Path("verbline.toml").write_text('[project]\nzone = "UTC"\ncountry = "SI"\n', "utf-8")
    Path("a.journey").write_text(REPEATED, "utf-8")
    lines = ["2026-03-02T08:00 course.booked booking-system member-number=M-1 email=a@mail.example"]
    later = "2026-03-03T09:00 verbline.desk.answered verbline answer=reached key="
    last = "2026-03-05T09:00 course.booked booking-system member-number=M-2"
    Path("log").write_text(log_of("\n".join([*lines, last])), "utf-8")
    keys = [one["key"] for one in rows("", capsys) if one["kind"] == "task"]
    assert len(set(keys[:2])) == 2
    for key, outcome in ((keys[0], "finished"), (keys[1], "reached"), ("none", "finished")):
        Path("log").write_text(log_of("\n".join([*lines, later + key, last])), "utf-8")
        ends = [one["outcome"] for one in rows("", capsys) if one["kind"] == "outcome"]
        assert ends[0] == outcome


def test_a_parked_line_has_its_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A line that is no event stands in the trace where the line above was known, though that was about nobody."""
    monkeypatch.chdir(tmp_path)
    case_of(CASES / "simulate" / "offers.case").write(tmp_path)
    with Path("log/shop.jsonl").open("a", encoding="utf-8") as log:
        log.write("no event\n")
    trace = rows("", capsys)
    assert (trace[-1]["kind"], trace[-1]["at"]) == ("parked", "2026-03-10T08:00:00Z")


def test_an_example_log_means_the_same_in_every_language(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """The log of an example is whole, and the same project in Slovenian writes to the same people."""
    trace = {}
    for name in ("mobility", "mobility-sl"):
        log = ROOT / "journeys" / "mobility" / "log"
        told = simulated(f"simulate {ROOT / 'journeys' / name} --log {log} --format jsonl", capsys)
        trace[name] = [json.loads(line) for line in told.splitlines()]
    parts = ("at", "person", "kind", "verdict", "channel", "contact")
    sent = {
        name: [[one.get(part) for part in parts] for one in rows if one["kind"] == "message"]
        for name, rows in trace.items()
    }
    assert sent["mobility"] == sent["mobility-sl"]
    assert Counter(one[3] for one in sent["mobility"]) == {"sent": 8, "refused": 1}
    assert not [one for one in trace["mobility"] if one["kind"] == "parked"]
    ends = Counter(one["outcome"] for one in trace["mobility"] if one["kind"] == "outcome")
    assert ends == {"the family grew": 2, "prepared and welcomed": 1, "cancelled": 1}


def test_fields_have_our_names() -> None:
    """What a source writes otherwise is renamed; a field that has one of our names already stays as it is."""
    names = {"memberNo": "member-number", "km": "kilometres"}
    assert renamed({"memberNo": 1, "x": 2}, names) == {"member-number": 1, "x": 2}
    both = {"member-number": 3, "memberNo": 1}
    assert renamed(both, names) == {"member-number": 3}
    assert renamed(dict(reversed(both.items())), names) == {"member-number": 3}


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
            timeout=LONGEST,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(found) == 1


@pytest.mark.usefixtures("project")
@pytest.mark.parametrize("form", ["json", "jsonl"])
def test_what_nobody_reads_makes_no_difference(
    form: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Fields that no sentence and no message names are not kept, and nothing differs for it."""
    arguments = f"simulate --log log --format {form}"
    short = simulated(arguments, capsys)
    monkeypatch.setattr(simulate, "narrowed", lambda program, _read: program)
    assert simulated(arguments, capsys) == short
