"""Scenarios in any order. Whatever lines follow each other, a run ends, and what it misses is told in whole sentences."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.cases import Case, cases, project_of
from verbline.interpreter.check import check
from verbline.interpreter.reading import Parsed
from verbline.interpreter.scenarios.report import missed
from verbline.interpreter.scenarios.run import Result, run_scenarios
from verbline.interpreter.scenarios.telling import told
from verbline.interpreter.sentence import grammar

WORDS = ("given ", "when ", "then ")
# With the examples a line means nothing alone; the files beside one another have lines of several languages.
CASES = [
    case
    for case in cases("scenarios")
    if case.path.stem
    in ("consent", "desks", "endings", "facts", "never", "offers", "people", "questions")
]


class Deck:
    """The lines of a case's scenarios: those that introduce people, and all others."""

    def __init__(self, case: Case) -> None:
        self.case = case
        self.name = next(path for path in case.files if path.endswith(".journey"))
        text = case.files[self.name]
        self.head = re.sub(r'^scenario "(.|\n)*?(?=^\w|\Z)', "", text, flags=re.MULTILINE)
        lines = {line.strip() for line in text.splitlines() if line.strip().startswith(WORDS)}
        self.people = sorted(line for line in lines if re.match(r'given an? \w+ "', line))
        lines -= {*self.people} | {line for line in lines if line.startswith("given it is")}
        self.lines = sorted(lines)

    def results(self, drawn: list[list[str]]) -> list[Result]:
        """Return what comes of scenarios with these lines."""
        start = "given it is 2026-03-27 21:30"
        texts = [
            "\n  ".join([f'scenario "number {number}"', start, *self.people, *lines])
            for number, lines in enumerate(drawn)
        ]
        text = "\n\n".join([self.head, *texts, ""])
        project = project_of({**self.case.files, self.name: text})
        assert [str(one) for one in check(project) if one.level == "error"] == []
        return run_scenarios(project)


def wrong_in(result: Result) -> list[str]:
    """Return what is told badly: with something left out, at too great a length, or as no sentence of the language."""
    script = result.script
    words = grammar().language(script.language)
    found = []
    for problem in result.problems:
        text = missed(problem, script.scope.file.source.lines)
        if re.search(r"\{\w*\}|\(\)| ,| \.$", text, re.MULTILINE) or len(text.splitlines()) > 8:
            found.append(text)
        whole = isinstance(
            grammar().sentence(problem.suggestion or "when 1 day passes", words, "line"), Parsed
        )
        if problem.suggestion and not whole:
            found.append(problem.suggestion)
    return found


@pytest.mark.parametrize("case", CASES, ids=str)
def test_any_lines_can_be_run(case: Case) -> None:
    """No order of lines breaks a run or what is said about it, and the same lines give the same result."""
    deck = Deck(case)
    scenarios = st.lists(st.lists(st.sampled_from(deck.lines), max_size=12), min_size=4, max_size=4)

    @settings(max_examples=12)
    @given(scenarios)
    def run(drawn: list[list[str]]) -> None:
        results = deck.results(drawn)
        assert [wrong for result in results for wrong in wrong_in(result)] == []
        first = [list(told(result)) for result in results]
        assert [list(told(result)) for result in deck.results(drawn)] == first

    run()
