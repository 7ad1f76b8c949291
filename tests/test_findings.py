"""Findings, case by case."""

from __future__ import annotations

import pytest

from tests.cases import Case, Expectation, cases
from verbline.interpreter.check import check
from verbline.interpreter.problems import Problem


def found(case: Case, expectation: Expectation) -> list[Problem]:
    """Return what the command of ``expectation`` finds."""
    project = case.project()
    if expectation.command == "check":
        return check(project)
    from verbline.interpreter.lint import lint

    return [
        problem
        for problem in lint(project, preset=expectation.preset, today=expectation.today)
        if not expectation.codes or problem.code in expectation.codes
    ]


@pytest.mark.parametrize("case", cases("findings"), ids=str)
def test_findings(case: Case) -> None:
    """Each case gives exactly the findings written in it, at exactly these places, and no others."""
    assert case.expectations, "a case without an expectation proves nothing"
    for expectation in case.expectations:
        if expectation.command == "fix":
            continue  # tests/test_mend.py
        shown = []
        problems = found(case, expectation)
        for number, problem in enumerate(problems):
            place = f"{problem.path}:{problem.span.line}:{problem.span.column} {problem.code}"
            told = number < len(expectation.lines) and expectation.lines[number].count(" ") > 1
            shown.append(f"{place} {problem.message.splitlines()[0]}" if told else place)
        assert tuple(shown) == expectation.lines, [str(problem) for problem in problems]
