"""`verbline test`: what is run, what is said, and the exit code."""

import json
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from tests.tree import ROOT
from verbline import cli

COURSE = ROOT / "journeys" / "mobility"
WORDS = """\
person member
  also written members
  known by member-number
  also known by email, phone
  has first-name as text

moment "member joins"
  comes from "desk" as "member.joined"

moment "member leaves"
  comes from "desk" as "member.left"

purpose "service"
  is service
  rests on contract
  covers email, sms
  kept in "desk"

metric "joined"
  owned by "Ana Kos"
  counts people who had "member leaves" within 60 days after "member joins"
  compared over 90 days
  should be at least 70%

message "Hello"
  subject "Hello"
  says "Hello."

journey "Welcome"
  owned by "Ana Kos"
  because "Hello"
  aims for "joined"
  starts when "member joins"
  stops when "member leaves" as "left"
  keeps quiet from 20:00 to 08:00
  gives up after 60 days

  wait 1 day
  notify the member by email with "Hello" for "service"
  wait 2 days
  finish as "done"

scenario "hello"
  given it is 2026-03-02 09:00
  given a member with first-name "Tina"
  when "member joins" happens
  when 3 days pass
  then the member gets "Hello" by email at 2026-03-03 09:00
  then the journey finishes as "done"
"""
LEAVES = """
scenario "who leaves is left alone"
  given it is 2026-03-02 09:00
  given a member with first-name "Tina"
  when "member joins" happens
  when "member leaves" happens
  then the journey finishes as "left"
"""
FAILS = """
scenario "at noon & later"
  given it is 2026-03-02 09:00
  given a member with first-name "Tina"
  when "member joins" happens
  when 3 days pass
  then the member gets "Hello" by email at 2026-03-03 12:00
  then the member gets "Hello" by sms
"""
SETTINGS = """\
[project]
name = "club"
language = "en"
zone = "Europe/Ljubljana"
country = "SI"
"""

Capture = pytest.CaptureFixture[str]


@pytest.fixture
def club(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the working folder: a project whose scenarios pass."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "verbline.toml").write_text(SETTINGS)
    (tmp_path / "club.journey").write_text(WORDS + LEAVES)
    return tmp_path


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


def test_what_nobody_passes_through_is_listed(club: Path, capsys: Capture) -> None:
    """`--coverage` names the sentences that no scenario passes through."""
    (club / "club.journey").write_text(WORDS)
    assert cli.run(["test", "--coverage"]) == 0
    told = capsys.readouterr().out
    assert told.startswith(
        'No scenario passes through:\n  club.journey:34  stops when "member leaves" as "left"\n\n'
    )
    assert told.endswith("they pass through 4 of 5 sentences\n")


def test_what_nobody_misses_is_listed(club: Path, capsys: Capture) -> None:
    """`--drop-lines` takes out each sentence in turn; what no scenario promises is named, and nothing else."""
    assert cli.run(["test", "-q", "--drop-lines"]) == 0
    assert capsys.readouterr().out == (
        "No scenario misses:\n"
        "  club.journey:35  keeps quiet from 20:00 to 08:00\n"
        "  club.journey:36  gives up after 60 days\n"
        "  club.journey:40  wait 2 days\n\n"
        "7 sentences taken out: 4 missed by a scenario, 3 by none;"
        " 0 more cannot be left out without an error\n"
    )
    promised = LEAVES.replace("leave", "stay").replace(
        'when "member stays" happens', "when 25 hours pass"
    )
    promised = promised.replace('finishes as "left"', "is waiting").replace("stayss", "stays")
    (club / "club.journey").write_text(WORDS + LEAVES + promised)
    assert cli.run(["test", "-q", "--drop-lines", "--format", "json"]) == 0
    dropped = json.loads(capsys.readouterr().out)["dropped"]
    caught = {one["line"]: one["missed_by"] for one in dropped if one["became"] == "fails"}
    assert caught[40] == "who leaves is left alone".replace("leave", "stay")
    assert 35 not in caught


def test_what_check_or_lint_would_tell_needs_no_scenario(club: Path, capsys: Capture) -> None:
    """A sentence without which the project has an error is counted, and not held against the scenarios."""
    steps = """\
  confirm "All well?" by sms within 12 hours for "service"
    if yes
      finish as "well"
    if no
      finish as "not well"
    if there is no answer
      go on
  if first-name is "Max"
    wait 1 day
  otherwise
    wait 2 days
"""
    assert "  wait 2 days\n" in WORDS
    (club / "club.journey").write_text(WORDS.replace("  wait 2 days\n", steps) + LEAVES)
    assert cli.run(["test", "-q", "--drop-lines", "--format", "json"]) == 1
    capsys.readouterr()
    longer = WORDS.replace("  wait 2 days\n", steps).replace("3 days pass", "4 days pass")
    (club / "club.journey").write_text(longer + LEAVES)
    assert cli.run(["test", "-q", "--drop-lines", "--format", "json"]) == 0
    dropped = json.loads(capsys.readouterr().out)["dropped"]
    became = {one["text"]: one["became"] for one in dropped}
    assert became["if no"] == "unchecked"  # lint: a question without one of its answers
    assert became['if first-name is "Max"'] == "unchecked"  # check: an otherwise without its if
    assert became["keeps quiet from 20:00 to 08:00"] == "unmissed"
    assert became['finish as "done"'] == "fails"


def test_nothing_is_taken_out_while_scenarios_fail(club: Path, capsys: Capture) -> None:
    """A failing scenario would seem to miss everything."""
    (club / "club.journey").write_text(WORDS + FAILS)
    assert cli.run(["test", "--drop-lines"]) == 1
    assert "No sentence was taken out" in capsys.readouterr().out


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


@pytest.mark.usefixtures("club")
def test_progress_is_for_a_terminal(capsys: Capture, monkeypatch: pytest.MonkeyPatch) -> None:
    """Taking sentences out is silent when piped, and counts on a terminal."""
    cli.run(["test", "-q", "--drop-lines"])
    assert capsys.readouterr().err == ""
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)
    cli.run(["test", "-q", "--drop-lines"])
    told = capsys.readouterr().err
    assert told.startswith("\r1 of 7 sentences")
    assert told.endswith("\r\x1b[K")
