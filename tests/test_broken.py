"""One broken line is one message. It hides nothing, and nothing else is blamed for it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.broken import KINDS, PROJECTS, broken, changed, files_of, findings, places
from tests.cases import project_of
from tests.trials import tries
from verbline.interpreter.check import check
from verbline.interpreter.project import Project

# A line that is still a sentence may have lost the name it declared: then whoever uses the name is told what is near.
ABOUT_NAMES = {"C201", "M401", "N101", "N103", "N107", "V014"}


def understood(project: Project, path: str, number: int) -> bool:
    """Return whether the line is still a sentence in its place."""
    file = project.files[path.removesuffix(".journey")]
    if any(problem.span.line == number for problem in file.problems):
        return False
    return all(one.number != number or one.node is not None for one in file.walk())


@tries(70)
@given(
    st.integers(0, len(PROJECTS) - 1),
    st.integers(0, 10_000),
    st.integers(0, KINDS - 1),
    st.integers(0, 10_000),
)
def test_a_broken_line_is_told_there_and_nowhere_else(
    number: int, at: int, kind: int, place: int
) -> None:
    """Whatever happens to one line of a correct project, a line that is no sentence gives one message, on that line."""
    project, path, line, text = broken(number, at, kind, place)
    found = check(project)
    elsewhere = [
        one
        for one in found
        if (one.path, one.span.line) != (path, line)
        and (one.path, one.span.line, one.code) not in findings(number)
    ]
    here = [one for one in found if (one.path, one.span.line) == (path, line)]
    if understood(project, path, line):
        assert {one.code for one in elsewhere} <= ABOUT_NAMES, (path, line, text, elsewhere)
    else:
        assert (len(here), elsewhere) == (1, []), (path, line, text, elsewhere)


def test_the_projects_are_correct() -> None:
    """Where nothing is broken nothing is found: else the test above would prove little."""
    assert len(PROJECTS) >= 5
    assert [findings(number) for number in range(len(PROJECTS))] == [frozenset()] * len(PROJECTS)


def test_every_kind_of_change_changes() -> None:
    """Each of the changes makes another line of most lines, and breaks at least one."""
    for kind in range(KINDS):
        lines = [files_of(0)[path].split("\n")[index] for path, index in places(0)]
        different = [line for line in lines if changed(line, kind, 3) != line]
        assert len(different) > len(lines) // 3, kind
        assert any(not understood(*broken(0, at, kind, 3)[:3]) for at in range(0, len(lines), 5)), (
            kind
        )


@pytest.mark.parametrize("indentation", ["", " ", "   ", "\t", "            "])
def test_another_indentation_is_no_avalanche(indentation: str) -> None:
    """A line that stands too far left or right costs few messages, however many lines stand below it."""
    files = files_of(0)
    for path, index in places(0)[::17]:
        lines = files[path].split("\n")
        lines[index] = indentation + lines[index].lstrip()
        found = check(project_of({**files, path: "\n".join(lines)}))
        assert len(found) <= 6, (path, index, found)
