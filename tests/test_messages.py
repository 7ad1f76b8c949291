"""What authors read when a line is no sentence: case by case, word for word."""

from __future__ import annotations

from functools import cache

import pytest

from tests.cases import Case, cases
from verbline.interpreter.check import check
from verbline.interpreter.problems import Problem, term
from verbline.interpreter.reading import Parsed
from verbline.interpreter.render import LINES_MAX, pretty, pretty_all
from verbline.interpreter.sentence import grammar

ALL = 1000
CASES = cases("messages")
# What is said about a line itself; the suggestions of other codes may be parts of a sentence or several lines.
ABOUT_LINES = ("S0", "V001", "V002", "V003", "V015", "F304", "C201")


def lines_of(case: Case) -> dict[str, list[str]]:
    """Return the lines of each file of a case."""
    return {file.path: file.source.lines for file in case.project().files.values()}


@pytest.mark.parametrize("case", CASES, ids=str)
def test_messages(case: Case) -> None:
    """Each case gives exactly the text written in it, in both languages, and gives it again when asked again."""
    shown = pretty_all(check(case.project()), lines_of(case), most=ALL)
    assert shown.rstrip("\n") == case.files["pretty"].rstrip("\n")
    assert shown == pretty_all(check(case.project()), lines_of(case), most=ALL)


def test_every_case_speaks_both_languages() -> None:
    """Whatever is told in English is told in Slovenian."""
    assert len(CASES) >= 24
    for case in CASES:
        codes: dict[str, list[str]] = {"en": [], "sl": []}
        for problem in check(case.project()):
            codes[problem.language].append(problem.code)
        assert codes["en"] == codes["sl"] != [], str(case)


@cache
def found() -> list[tuple[Case, Problem]]:
    """Return every problem of every case about lines."""
    every = [*CASES, *cases("findings/mistakes")]
    return [(case, problem) for case in every for problem in check(case.project())]


def test_no_message_takes_more_than_eight_lines() -> None:
    """A finding with its line, its marks and its suggestion fits in eight lines, and nothing of it is cut off."""
    for case, problem in found():
        text = pretty(problem, lines_of(case)[problem.path])
        assert len(text.splitlines()) <= LINES_MAX, text
        for line in problem.suggestion.splitlines():
            assert line in text, text


def test_every_suggested_sentence_is_one() -> None:
    """What is suggested in place of a line can be copied: the parser reads it."""
    tried = 0
    for case, problem in found():
        if not problem.code.startswith(ABOUT_LINES) or "\n" in problem.suggestion:
            continue
        suggestion = problem.suggestion
        if not suggestion or suggestion == '"""':
            continue
        project = case.project()
        language = project.grammar.language(problem.language)
        read = [
            project.grammar.sentence(suggestion, language, start) for start in ("line", "condition")
        ]
        assert any(isinstance(one, Parsed) for one in read), (problem, suggestion)
        tried += 1
    assert tried > 40


@pytest.mark.parametrize("code", grammar().languages())
def test_what_newcomers_write_is_no_word_of_the_language(code: str) -> None:
    """A word that is answered with another one is in small letters, stands for one meaning of the language, and is not read as it."""
    table, language = grammar(), grammar().language(code)
    hints = table.hints(code)
    assert len(hints.instead) > 40
    for meaning, written in hints.instead.items():
        read = {*language.forms[meaning], *language.read.get(meaning, ())}
        assert not read.intersection(written), meaning
        assert all(one == one.casefold().strip() for one in written), meaning
        assert len(set(written)) == len(written), meaning


@pytest.mark.parametrize("code", grammar().languages())
def test_every_language_can_be_named_in_every_language(code: str) -> None:
    """A message can say in which language a file is written."""
    for reader in grammar().languages():
        assert term(f"in-{code}", reader)
