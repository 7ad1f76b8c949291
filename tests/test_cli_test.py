"""`verbline test`: what is run, what is said, and the exit code."""

import json
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from tests.club import FAILS, WORDS, made
from tests.tree import ROOT
from verbline import cli

COURSE = ROOT / "journeys" / "mobility"
Capture = pytest.CaptureFixture[str]


@pytest.fixture
def club(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the working folder: a project whose scenarios pass."""
    monkeypatch.chdir(tmp_path)
    return made(tmp_path)


@pytest.mark.usefixtures("club")
def test_scenarios_that_pass_end_in_0(capsys: Capture) -> None:
    """The last line counts scenarios, time and sentences; `-q` leaves it out."""
    assert cli.run(["test"]) == 0
    told = capsys.readouterr().out
    assert told.startswith("2 scenarios passed in ")
    assert told.endswith(" ms; they pass through 5 of 5 sentences\n")
    assert cli.run(["test", "-q"]) == 0
    assert capsys.readouterr().out == ""


def test_every_example_passes(capsys: Capture) -> None:
    """The scenarios of the example projects hold."""
    assert cli.run(["test", "-q", str(ROOT / "journeys")]) == 0
    assert capsys.readouterr().out == ""


def test_a_scenario_that_fails_ends_in_1(club: Path, capsys: Capture) -> None:
    """Each missed expectation is shown with its line, what happened instead and why."""
    (club / "club.journey").write_text(WORDS + FAILS)
    assert cli.run(["test"]) == 1
    told = capsys.readouterr().out
    assert told.startswith(
        'club.journey:51 scenario "at noon & later"              T900 expectation not met\n'
        '  56 |   then the member gets "Hello" by email at 2026-03-03 12:00\n'
        "         but it went out on Tue 2026-03-03 09:00 (line 39).\n"
        "  Why: until then the journey stood at line 38: wait 1 day\n"
    )
    assert "2 scenarios, 1 failed, 1 passed, in " in told


def test_ten_are_shown_and_one_reason_once(club: Path, capsys: Capture) -> None:
    """Past ten missed expectations only their number is told; a reason is told once a scenario."""
    lines = "".join(f"  then the member gets nothing more{by}\n" for by in ("", " by email"))
    missed = """
scenario "number NUMBER"
  given it is 2026-03-02 09:00
  given a member with first-name "Tina"
  when "member joins" happens
LINES  when 2 days pass
"""
    texts = [missed.replace("NUMBER", str(number)).replace("LINES", lines) for number in range(7)]
    (club / "club.journey").write_text(WORDS + "".join(texts))
    assert cli.run(["test", "-q"]) == 1
    told = capsys.readouterr().out
    assert told.count("T900 expectation not met") == 10
    assert told.count("  Why: ") == 5
    assert told.endswith("\n\n… and 4 more\n")


def test_a_project_with_errors_is_not_run(club: Path, capsys: Capture) -> None:
    """What `check` finds is said instead, in the format asked for."""
    (club / "club.journey").write_text(WORDS.replace("wait 2 days", "wiat 2 days"))
    assert cli.run(["test"]) == 1
    assert "club.journey:40:3" in capsys.readouterr().out
    assert cli.run(["test", "--format", "json"]) == 1
    assert json.loads(capsys.readouterr().out)["findings"][0]["code"] == "S001"


@pytest.mark.usefixtures("club")
def test_a_name_picks_scenarios(capsys: Capture) -> None:
    """`-k` runs those whose name holds it, in capitals or not; nobody of that name is wrong usage."""
    assert cli.run(["test", "-k", "LEAVES"]) == 0
    assert capsys.readouterr().out.startswith("1 scenario passed in ")
    assert cli.run(["test", "-k", "nobody"]) == 2
    assert 'no scenario whose name holds "nobody"' in capsys.readouterr().err


def test_a_path_picks_files(club: Path, capsys: Capture) -> None:
    """Only the scenarios of the files named are run; a project without any says so."""
    (club / "other.journey").write_text('use "club"\n')
    assert cli.run(["test", "other.journey"]) == 0
    assert capsys.readouterr().out == "no scenarios\n"


@pytest.mark.usefixtures("club")
def test_the_trace_tells_what_happened(capsys: Capture) -> None:
    """Each step stands with its time on the wall and its line, between the lines of the scenario."""
    assert cli.run(["test", "-q", "--trace", "-k", "hello"]) == 0
    assert capsys.readouterr().out == (
        'club.journey:43 "hello"\n'
        '  Mon 2026-03-02 09:00     46  when "member joins" happens\n'
        '  Mon 2026-03-02 09:00     29    member enters "Welcome"\n'
        "  Mon 2026-03-02 09:00     38    waits until Tue 2026-03-03 09:00\n"
        "  Mon 2026-03-02 09:00     47  when 3 days pass\n"
        "  Tue 2026-03-03 09:00     38    goes on: the time has passed\n"
        '  Tue 2026-03-03 09:00     39    "Hello" goes out by email: "service" rests on the contract'
        " and needs no yes\n"
        "  Tue 2026-03-03 09:00     40    waits until Thu 2026-03-05 09:00\n"
        "  Thu 2026-03-05 09:00     40    goes on: the time has passed\n"
        '  Thu 2026-03-05 09:00     41    "Welcome" finishes as "done"\n'
    )


def test_json_holds_every_result(club: Path, capsys: Capture) -> None:
    """Scenarios, findings, coverage and, with `--trace`, the records of the contract."""
    (club / "club.journey").write_text(WORDS + FAILS)
    assert cli.run(["test", "--format", "json", "--trace"]) == 1
    told = json.loads(capsys.readouterr().out)
    assert (told["format"], told["passed"], told["failed"]) == (1, 1, 1)
    hello, noon = told["scenarios"]
    assert (hello["name"], hello["file"], hello["line"], hello["row"]) == (
        "hello",
        "club.journey",
        43,
        None,
    )
    assert (hello["passed"], noon["passed"]) == (True, False)
    assert [finding["line"] for finding in noon["findings"]] == [56, 57]
    assert {finding["code"] for finding in noon["findings"]} == {"T900"}
    assert [record["kind"] for record in hello["trace"]][:2] == ["entry", "wait"]
    assert told["coverage"]["sentences"] == 5
    assert [one["line"] for one in told["coverage"]["missed"]] == [34]


def test_junit_has_a_case_a_scenario(club: Path, capsys: Capture) -> None:
    """Suites, cases, failures and times are there, and names are escaped."""
    (club / "club.journey").write_text(WORDS + FAILS)
    assert cli.run(["test", "--format", "junit"]) == 1
    suites = ET.fromstring(capsys.readouterr().out)  # noqa: S314 - our own text
    assert (suites.get("tests"), suites.get("failures")) == ("2", "1")
    cases = suites.findall("testsuite/testcase")
    assert [case.get("name") for case in cases] == ["hello", "at noon & later"]
    assert [len(case.findall("failure")) for case in cases] == [0, 2]
    assert all(float(str(case.get("time"))) >= 0 for case in cases)
    assert "went out on Tue 2026-03-03 09:00" in str(cases[1].findall("failure")[0].text)


def test_github_marks_the_lines(club: Path, capsys: Capture) -> None:
    """A workflow command for each missed expectation, and nothing else."""
    (club / "club.journey").write_text(WORDS + FAILS)
    assert cli.run(["test", "--format", "github"]) == 1
    told = capsys.readouterr().out.splitlines()
    assert len(told) == 2
    assert told[0].startswith("::error file=club.journey,line=56,endLine=56,col=3,")
    assert "title=T900 expectation-not-met::but it went out on Tue" in told[0]
