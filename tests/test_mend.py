"""Safe fixes: `verbline lint --fix`. What each fix makes of a file stands in the cases, behind `=== fix`."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.cases import Case, cases, project_of
from verbline.interpreter import lint as linter
from verbline.interpreter.lint import lint
from verbline.interpreter.mend import mend, mended
from verbline.interpreter.problems import Edit, Problem
from verbline.interpreter.project import Project
from verbline.interpreter.source import Source, Span
from verbline.interpreter.view import View

CASES = cases("findings")


def texts(project: Project) -> dict[str, str]:
    """Return the text of each file."""
    return {name: "\n".join(file.source.lines) for name, file in project.files.items()}


@pytest.mark.parametrize(
    "case",
    [case for case in CASES if any(one.command == "fix" for one in case.expectations)],
    ids=str,
)
def test_fixes(case: Case) -> None:
    """Each file of a case looks as the case says once its safe fixes are made."""
    found = texts(mend(case.project()))
    for expectation in case.expectations:
        if expectation.command == "fix":
            name = expectation.codes[0].removesuffix(".journey")
            assert found[name].strip("\n") == expectation.text.strip("\n")


@pytest.mark.parametrize("case", CASES, ids=str)
def test_fixing_ends(case: Case) -> None:
    """A second run changes nothing, and neither a changed file nor the project has more findings than before."""
    project = case.project()
    once = mend(project)
    assert texts(mend(once)) == texts(once)
    before, after = (lint(one, preset="strict") for one in (project, once))
    assert len(after) <= len(before)
    for name, file in once.files.items():
        if file.source is not project.files[name].source:
            counts = [sum(one.path == file.path for one in found) for found in (before, after)]
            assert counts[1] <= counts[0]


def test_only_the_named_files_change() -> None:
    """A fix for one file leaves the others as they are."""
    line = 'purpose "p"\n  is marketing\n  rests on consent\n  covers email, sms\n  lapses after 1 year\n'
    project = project_of({"a.journey": line, "b.journey": line.replace('"p"', '"q"')})
    found = texts(mend(project, ["b"]))
    assert found["a"] == line
    assert "asked separately" in found["b"]


@pytest.mark.parametrize("content", [b"# \xe9\n", b"# " + b"x" * 2 * 1024 * 1024])
def test_a_file_that_was_not_read_whole_is_left_alone(content: bytes) -> None:
    """A byte that is no UTF-8, or a file that is too large, would be lost in writing."""
    line = b'purpose "p"\n  is marketing\n  rests on consent\n  covers email, sms\n'
    source = Source.of_bytes("a.journey", line + content)
    project = project_of({"a.journey": ""}).renewed({"a": source})
    assert any(one.edits for one in lint(project, preset="strict"))
    assert mend(project).files["a"].source is source


def plant(monkeypatch: pytest.MonkeyPatch, *edits: Edit) -> None:
    """Make S811 propose ``edits`` in every file that says "old"."""

    def rule(view: View) -> Iterator[Problem]:
        if any("old" in line for line in view.file.source.lines):
            yield Problem("S811", view.path, Span(1, 1, 1, 2), edits=edits)

    monkeypatch.setattr(linter, "rules", lambda: {"S811": rule})


def test_a_fix_that_makes_it_worse_is_not_made(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the fixed file has more findings than before, it stays as it was."""
    text = 'moment "old"\nmoment "x"\n'
    plant(monkeypatch, Edit(Span(1, 1, 2, 7), "journey that\nis broken\nin three\nlines"))
    assert texts(mend(project_of({"a.journey": text}))) == {"a": text}


def test_one_bad_fix_does_not_stop_the_others(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of several files only those stay as they were whose fix would make something worse, there or in another file."""
    plant(monkeypatch, Edit(Span(1, 9, 1, 12), "new"))
    files = {
        "a.journey": 'moment "old"\n',
        "b.journey": 'moment "old moment"\n',
        "c.journey": 'use "b"\n\nscore s\n  adds 5 points for "old moment"\n',
        "d.journey": 'desk   "old"\n',
    }
    found = texts(mend(project_of(files)))
    assert found["a"] == 'moment "new"\n'
    assert found["b"] == files["b.journey"]
    assert found["d"] == 'desk   "new"\n'


def test_a_file_is_not_mended_at_its_own_cost(monkeypatch: pytest.MonkeyPatch) -> None:
    """A file with more findings than before stays as it was, even where another file has fewer."""
    after = {"#x": "#xx", "#xxxx": "##"}

    def rule(view: View) -> Iterator[Problem]:
        line, place = view.file.source.lines[0], Span(1, 1, 1, 3)
        edits = (Edit(place, after[line]),) if line in after else ()
        for _mark in range(line.count("x")):
            yield Problem("S811", view.path, place, edits=edits)

    monkeypatch.setattr(linter, "rules", lambda: {"S811": rule})
    found = texts(mend(project_of({"a.journey": "#x", "b.journey": "#xxxx"})))
    assert found == {"a": "#x", "b": "##xxx"}


def test_a_file_is_not_mended_at_the_cost_of_others(monkeypatch: pytest.MonkeyPatch) -> None:
    """A file stays as it was where its fix would bring more findings elsewhere than it takes away."""

    def rule(view: View) -> Iterator[Problem]:
        other, place = view.project.files["a"].source.lines[0], Span(1, 1, 1, 3)
        edits = (Edit(place, "##"),) if view.name == "a" else ()
        for _mark in range({"#x": 1, "##": 0 if view.name == "a" else 3}[other]):
            yield Problem("S811", view.path, place, edits=edits)

    monkeypatch.setattr(linter, "rules", lambda: {"S811": rule})
    found = texts(mend(project_of({"a.journey": "#x", "b.journey": "#b"})))
    assert found == {"a": "#x", "b": "#b"}


def test_a_fix_that_never_ends_is_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    """A rule that always finds more to mend does not keep the program."""
    plant(monkeypatch, Edit(Span(1, 9, 1, 9), "old "))
    found = texts(mend(project_of({"a.journey": 'moment "old"\n'})))
    assert found["a"].count("old") == 11


def edit(line: int, start: int, end: int, text: str) -> Problem:
    """Return a finding with one safe edit in a line."""
    place = Span(line, start, line, end)
    return Problem("S811", "a.journey", place, edits=(Edit(place, text),))


@pytest.mark.parametrize(
    ("edits", "result"),
    [
        ([edit(1, 1, 4, "ONE")], "ONE two\nthree"),
        ([edit(1, 1, 4, "ONE"), edit(1, 5, 8, "TWO"), edit(2, 1, 1, ">")], "ONE TWO\n>three"),
        ([edit(1, 5, 8, "TWO"), edit(1, 1, 4, "ONE\nand")], "ONE\nand TWO\nthree"),
        ([edit(1, 1, 4, "ONE"), edit(1, 3, 8, "late")], "ONE two\nthree"),
        ([edit(1, 1, 1, "first "), edit(1, 1, 1, "second ")], "first one two\nthree"),
        ([edit(1, 1, 4, "a"), edit(1, 4, 4, "!")], "a! two\nthree"),
        ([edit(2, 1, 6, "")], "one two\n"),
    ],
)
def test_edits(edits: list[Problem], result: str) -> None:
    """Edits are made from the end of the file; of two that overlap the first one counts."""
    assert mended(Source.of_text("a.journey", "one two\nthree"), edits) == result


def test_a_whole_line_can_go() -> None:
    """An edit from the start of a line to the start of the next takes the line away."""
    problem = Problem(
        "S811",
        "a",
        Span(1, 1, 2, 1),
        edits=(Edit(Span(1, 1, 2, 1), ""), Edit(Span(3, 1, 4, 1), "")),
    )
    assert mended(Source.of_text("a", "one\ntwo\nthree"), [problem]) == "two\n"


def test_an_unsafe_edit_is_left_out() -> None:
    """An edit of a rule whose fix is not safe is never made, whatever the rule says."""
    problem = edit(1, 1, 4, "ONE")
    problem.code = "O107"
    assert mended(Source.of_text("a.journey", "one two"), [problem]) == "one two"
