"""Findings as text: what another program reads follows that program's rules."""

import json
import re
import xml.etree.ElementTree as ET
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from verbline.cli.findings import FORMATS, text_of
from verbline.cli.formats import Report, github_text, github_value, xml
from verbline.interpreter.problems import Edit, Problem
from verbline.interpreter.source import Span

SIGNS = "a,b:c%d <&\"'> č 🙂\r\x00"


def finding(code: str = "P002", path: str = "a.journey", line: int = 2, **values: str) -> Problem:
    """Return a finding with signs that every format has to take care of."""
    told = {"key": SIGNS, "table": "t", "nearest": "n", **values}
    return Problem(
        code,
        path,
        Span(line, 3, line, 7),
        suggestion="zone = 1",
        edits=(Edit(Span(line, 3, line, 7), "x"),),
        related=(("b c.journey", 4),),
        values=told,
    )


def report(problems: list[Problem], **options: Any) -> Report:
    """Return a report on two files."""
    paths = ["a.journey", "clean.journey"]
    lines = {"a.journey": ["eins", "  zwei drei"]}
    return Report("lint", paths, problems, lines, **options)


def warning() -> Problem:
    """Return a finding that does not fail a run."""
    found = finding()
    found.judged = "warning"
    return found


def hint() -> Problem:
    """Return a finding of the least level."""
    found = finding()
    found.judged = "hint"
    return found


def test_json_has_the_shape_that_scripts_rely_on() -> None:
    """Every key of a finding is there, with its kind; what is absent is null."""
    whole = json.loads(text_of(report([finding()]), "json"))
    assert whole == {
        "format": 1,
        "files": 2,
        "findings": [
            {
                "code": "P002",
                "name": "setting-unknown",
                "level": "error",
                "file": "a.journey",
                "line": 2,
                "column": 3,
                "end_line": 2,
                "end_column": 7,
                "message": f'There is no setting "{SIGNS}" in [t]. Did you mean "n"?',
                "suggestion": "zone = 1",
                "fix": [{"line": 2, "column": 3, "end_line": 2, "end_column": 7, "text": "x"}],
            }
        ],
    }
    bare = Problem("P001", "a.journey", Span(1, 1, 1, 2), variant="open")
    (one,) = json.loads(text_of(report([bare]), "json"))["findings"]
    assert (one["suggestion"], one["fix"]) == (None, None)


def test_compact_is_one_line_a_finding() -> None:
    """Whatever a message holds, a finding is one line that editors can jump to."""
    told = text_of(report([finding(key="one\ntwo"), warning()]), "compact")
    first, second = told.rstrip("\n").split("\n")
    assert first.startswith('a.journey:2:3: error P002 There is no setting "one two"')
    assert second.startswith("a.journey:2:3: warning P002 ")


def test_github_commands_are_escaped() -> None:
    """A message of several lines, a colon or a comma stays inside its command."""
    told = text_of(report([finding(path="a:b,c.journey", key="50%\nmore"), hint()]), "github")
    first, second = told.rstrip("\n").split("\n")
    assert first == (
        "::error file=a%3Ab%2Cc.journey,line=2,endLine=2,col=3,endColumn=7,title=P002 setting-unknown"
        '::There is no setting "50%25%0Amore" in [t]. Did you mean "n"?%0A  zone = 1'
    )
    assert second.startswith("::notice ")


def test_github_takes_columns_only_within_a_line() -> None:
    """A finding over several lines names its lines alone."""
    over = Problem("P001", "a.journey", Span(1, 3, 2, 4), variant="open")
    assert "col=" not in text_of(report([over]), "github").partition("::")[2].partition("::")[0]


@given(st.text())
def test_what_github_reads_back_is_what_was_said(text: str) -> None:
    """No text breaks out of its command, and none is lost."""
    for shown in (github_text(text), github_value(text)):
        assert not set(shown) & set("\r\n")
        back = re.sub(r"%([0-9A-F]{2})", lambda match: chr(int(match[1], 16)), shown)
        assert back == text
    assert not set(github_value(text)) & set(":,")


@given(st.text())
def test_any_text_may_stand_in_xml(text: str) -> None:
    """Every text can be read back from an attribute and from between tags; only unwritable signs change."""
    shown = xml(text)
    root = ET.fromstring(f'<a b="{shown}">{shown}</a>'.encode("utf-8", "strict"))  # noqa: S314 - our own text
    allowed = "".join(sign if re.match(r"[\t\n\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]", sign) else "\ufffd" for sign in text)  # fmt: skip
    assert root.get("b") == allowed
    assert (root.text or "") == allowed


def test_junit_has_a_suite_a_file_and_a_case_a_finding() -> None:
    """What fails the run is a failure, what does not is a passed case, a clean file is a passed case."""
    problems = [finding(), warning(), finding(path="verbline.toml")]
    root = ET.fromstring(text_of(report(problems), "junit").encode())  # noqa: S314 - our own text
    assert root.tag == "testsuites"
    assert (root.get("tests"), root.get("failures"), root.get("errors")) == ("4", "2", "0")
    suites = {one.get("name"): one for one in root}
    assert list(suites) == ["a.journey", "clean.journey", "verbline.toml"]
    assert (suites["a.journey"].get("tests"), suites["a.journey"].get("failures")) == ("2", "1")
    first, second = suites["a.journey"]
    failure = first.find("failure")
    assert failure is not None
    assert failure.get("type") == "error"
    assert (failure.text or "").startswith("a.journey:2:3 There is no setting")
    assert second.find("failure") is None
    assert "There is no setting" in (second.findtext("system-out") or "")
    assert [len(list(case)) for case in suites["clean.journey"]] == [0]
    assert all(case.get("name") and case.get("classname") for case in root.iter("testcase"))


def sarif(problems: list[Problem]) -> dict[str, Any]:
    """Return the one run of a SARIF file, whose frame is checked."""
    whole = json.loads(text_of(report(problems), "sarif"))
    assert whole["version"] == "2.1.0"
    assert whole["$schema"].endswith("sarif-2.1.0.json")
    assert set(whole) == {"$schema", "version", "runs"}
    (run,) = whole["runs"]
    assert isinstance(run, dict)
    return run


URI = re.compile(r"(?:file:///)?[A-Za-z0-9._~!$&'()*+,;=:@%/-]+")


def assert_is_place(place: dict[str, Any]) -> None:
    """Fail where a place is not what the schema asks of a physicalLocation."""
    inner = place["physicalLocation"]
    assert URI.fullmatch(inner["artifactLocation"]["uri"])
    region = inner["region"]
    assert all(type(number) is int and number >= 1 for number in region.values())
    assert set(region) <= {"startLine", "startColumn", "endLine", "endColumn"}
    assert region.get("endLine", region["startLine"]) >= region["startLine"]


def test_sarif_follows_its_schema() -> None:
    """Every result names a rule of the list, a level of the standard, and places that count in code points."""
    run = sarif([finding(), hint(), finding("P003", key="x"), finding(path="/abs dir/č.journey")])
    driver = run["tool"]["driver"]
    assert run["columnKind"] == "unicodeCodePoints"
    assert driver["name"] == "Verbline"
    assert re.fullmatch(r"\d+\.\d+\.\d+", driver["semanticVersion"])
    assert len({rule["id"] for rule in driver["rules"]}) == len(driver["rules"]) == 2
    for rule in driver["rules"]:
        assert rule["shortDescription"]["text"]
        assert rule["help"]["text"]
        assert rule["help"]["markdown"]
        assert rule["defaultConfiguration"]["level"] in ("error", "warning", "note", "none")
    for result in run["results"]:
        assert driver["rules"][result["ruleIndex"]]["id"] == result["ruleId"]
        assert result["level"] in ("error", "warning", "note", "none")
        assert result["message"]["text"]
        for place in (*result["locations"], *result["relatedLocations"]):
            assert_is_place(place)
        ((change,),) = (fix["artifactChanges"] for fix in result["fixes"])
        assert change["replacements"][0]["insertedContent"] == {"text": "x"}
        assert change["replacements"][0]["deletedRegion"]["startColumn"] == 3
    assert [result["level"] for result in run["results"]] == ["error", "note", "error", "error"]
    uri = run["results"][3]["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
    assert uri == "file:///abs%20dir/%C4%8D.journey"


def test_sarif_without_findings_is_a_run_without_results() -> None:
    """An empty list says that nothing was found; a missing one would say that nothing was looked for."""
    assert sarif([])["results"] == []


def test_pretty_ends_after_ten_findings_with_a_count() -> None:
    """A wall of findings helps nobody: ten are shown, the rest is counted."""
    told = text_of(report([finding(line=1) for _ in range(13)]), "pretty")
    assert told.count("a.journey:1:3") == 10
    assert "3 more" in told


@pytest.mark.parametrize(
    ("problems", "last"),
    [
        ([], "2 files, no findings"),
        ([finding()], "1 error in 2 files; verbline lint --fix mends 1"),
        ([finding(), finding(), warning()], "2 errors, 1 warning in 2 files; verbline lint --fix mends 3"),
        ([hint()], "1 hint in 2 files; verbline lint --fix mends 1"),
    ],
)  # fmt: skip
def test_the_last_line_says_what_was_looked_at(problems: list[Problem], last: str) -> None:
    """The reader sees how much was found in how much, unless they asked for quiet."""
    assert text_of(report(problems), "pretty").rstrip("\n").split("\n")[-1] == last
    assert last not in text_of(report(problems, quiet=True), "pretty")


@pytest.mark.parametrize("form", [form for form in FORMATS if form not in ("pretty", "compact")])
def test_programs_see_every_finding(form: str) -> None:
    """Only the pretty format leaves findings out."""
    told = text_of(report([finding() for _ in range(25)]), form)
    assert max(told.count("setting-unknown"), told.count('"P002"')) >= 25


@pytest.mark.parametrize(
    ("problems", "failing", "code"),
    [
        ([], ("error",), 0),
        ([finding()], ("error",), 1),
        ([warning(), hint()], ("error",), 0),
        ([warning()], ("error", "warning"), 1),
        ([hint()], ("error", "warning"), 0),
    ],
)
def test_the_exit_code_follows_the_levels(
    problems: list[Problem], failing: tuple[str, ...], code: int
) -> None:
    """Only a level that fails the run gives 1."""
    assert report(problems, failing=failing).code == code
