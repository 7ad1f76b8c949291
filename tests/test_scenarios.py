"""Scenarios, case by case: which pass, and what is said of those that do not, to the letter.

A case is a project; its section ``=== test`` holds what came of every scenario and row in the order of the text:
``passed  NAME``, or what `verbline test` shows of each missed expectation.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from tests.cases import Case, cases, project_of
from tests.pages import placeholders
from tests.test_pages import example
from tests.tree import ROOT
from verbline.interpreter.check import check
from verbline.interpreter.nodes import Node
from verbline.interpreter.places import SCENARIO
from verbline.interpreter.proofs import REASONS
from verbline.interpreter.reasons import table
from verbline.interpreter.scenarios.expected import LOOKS
from verbline.interpreter.scenarios.report import missed
from verbline.interpreter.scenarios.run import Result, run_scenarios
from verbline.interpreter.scenarios.stage import ACTS

CASES = cases("scenarios")


def shown(result: Result) -> str:
    """Return what came of one run, as a case writes it."""
    lines = result.script.scope.file.source.lines
    return "".join(missed(problem, lines) for problem in result.problems) or (
        f"passed  {result.script.title}\n"
    )


@pytest.mark.parametrize("case", CASES, ids=str)
def test_scenarios(case: Case) -> None:
    """Each scenario of a case passes or is missed exactly as the case writes it."""
    project = case.project()
    assert [str(problem) for problem in check(project) if problem.level == "error"] == []
    assert "".join(shown(result) for result in run_scenarios(project)) == case.files["test"]


def test_every_line_of_a_scenario_can_be_run() -> None:
    """What the grammar allows in a scenario is carried out or judged; nothing is both."""
    assert set(ACTS) | set(LOOKS) == SCENARIO - {"examples"}
    assert not set(ACTS) & set(LOOKS)


def lines_of_cases() -> Iterator[Node]:
    """Yield what each line of each scenario of the cases says."""
    for case in CASES:
        for names in case.project().names.values():
            lines = [line for one in names.of("scenario") for line in one.block]
            yield from (line.node for line in lines if line.node is not None)


def test_the_cases_hold_every_form_of_every_line() -> None:
    """Every part that a line of a scenario can have stands in some case."""
    seen: dict[str, set[str]] = {}
    for node in lines_of_cases():
        seen.setdefault(node.shape, set()).update(node.parts)
    missing = {shape: parts - seen.get(shape, set()) for shape, parts in grammar_parts().items()}
    assert {shape: parts for shape, parts in missing.items() if parts} == {}


def grammar_parts() -> dict[str, set[str]]:
    """Return the parts that the grammar names for each line of a scenario."""
    text = (ROOT / "grammar" / "journey.lark").read_text("utf-8")
    shared = dict(re.findall(r"^(_\w+): .*?// (.*)$", text, re.MULTILINE))
    # Who is meant is worked out in one place for all lines: the cases of people hold every form of it.
    shared |= {"_who": "who", "_given_who": "who"}
    found: dict[str, set[str]] = {}
    for words, shape, parts in re.findall(
        r"^(?:given:|    \|) (.*?)-> ([gwt]_\w+) *// *(.*)$", text, re.MULTILINE
    ):
        if shape.startswith("t_") and "THEN" not in words:
            continue
        names = parts.split() + [
            name for rule in re.findall(r"_\w+", words) for name in shared.get(rule, "").split()
        ]
        plain = {re.split(r"[:*]", name)[0] for name in names} - {"^"}
        found.setdefault(shape, set()).update(plain)
    return found


@pytest.mark.parametrize("kind", ["Bad", "Good"])
def test_the_examples_of_the_page_are_run(kind: str) -> None:
    """The bad example of T900 misses an expectation, the good one none."""
    results = run_scenarios(project_of(example("T900", kind)))
    assert len(results) == 1
    codes = [problem.code for problem in results[0].problems]
    assert codes == (["T900"] if kind == "Bad" else [])
    assert all(problem.suggestion for problem in results[0].problems)


@pytest.mark.parametrize("name", ["reasons", "told"])
def test_what_is_told_speaks_every_language_alike(name: str) -> None:
    """Each sentence stands in both languages and shows the same values in both."""
    for key, wording in table(name).items():
        assert set(wording) == {"en", "sl"}, key
        assert len({frozenset(placeholders(text)) for text in wording.values()}) == 1, key


def test_every_reason_that_a_run_gives_has_words() -> None:
    """No record of the cases has a reason that could only be told by its code."""
    records = [
        record
        for case in CASES
        for result in run_scenarios(case.project())
        for record in result.story.records
    ]
    assert len({record.reason for record in records}) > 15
    known = {*table("reasons"), *(key.removeprefix("waited-") for key in table("told")), ""}
    assert {record.reason for record in records} <= known
    kinds = {f"trace-{one.kind}-{one.verdict.replace(' ', '-')}" for one in records}
    assert kinds <= set(table("told"))


def test_every_reason_that_a_scenario_may_name_has_words() -> None:
    """What stands behind `because` can be told in words."""
    assert {reason.replace(" ", "_") for reason in REASONS} <= set(table("reasons"))
