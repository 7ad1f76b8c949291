"""The consent guard, case by case."""

from __future__ import annotations

import pytest

from tests.cases import CASES
from tests.guarded import Case, instant, options, read_cases, shown

TOLD = [
    pytest.param(case, words, expected, id=f"{path.stem}: {case} [{' '.join(words)}]")
    for path in sorted((CASES / "guard").glob("*.txt"))
    for case in read_cases(path.read_text("utf-8"))
    for words, expected in case.asks
]


@pytest.mark.parametrize(("case", "words", "expected"), TOLD)
def test_a_case_is_decided_as_it_says(case: Case, words: list[str], expected: list[str]) -> None:
    """Verdict, reason and what else a line names are what the guard gives."""
    decision = case.decide(words)
    assert [decision.verdict, decision.reason] == expected[:2]
    for name, value in options(expected[2:]).items():
        told = instant(value) if name == "until" else value
        assert shown(decision, name) == told, name
