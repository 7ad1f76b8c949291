"""The pages of the findings: each is whole, speaks every language, and its examples are run."""

import re
import tomllib
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.cases import project_of
from tests.pages import CODE, PARTS, placeholders, wordings
from verbline.interpreter.check import check
from verbline.interpreter.lint import lint
from verbline.interpreter.problems import PAGES, Problem, codes, page
from verbline.interpreter.project import Project
from verbline.interpreter.reading import Parsed
from verbline.interpreter.rules import rules
from verbline.interpreter.sentence import grammar

KEYS = {
    "code",
    "name",
    "level",
    "fix",
    "locked",
    "since",
    "message",
    "suggestion",
    "note",
    "title",
    "body",
}
LANGUAGES = ("en", "sl")
LINES_MAX = 8
# Told before there is a project: tests/test_settings.py runs them.
SETTINGS = tuple(code for code in codes() if code.startswith("P"))
# Bytes, sizes and folders, which no page can show; cases run them.
UNSHOWN = ("P005", "S030", "S032", "S033", "S035")
# Found by `fmt --check`: tests/test_cli_fmt.py runs it.
OF_THE_FORM = ("S801",)
# Found by running a scenario: tests/test_scenarios.py runs it.
OF_A_RUN = ("T900",)
SHOWN = [code for code in codes() if code not in (*SETTINGS, *UNSHOWN, *OF_THE_FORM, *OF_A_RUN)]


def example(code: str, kind: str) -> dict[str, str]:
    """Return the files of a page's example; the first file needs no line with its name."""
    body = str(page(code)["body"])
    parts = re.findall(rf"^## {kind}\n```journey\n(.*?)\n```$", body, re.DOTALL | re.MULTILINE)
    assert len(parts) == 1, f"{code} has {len(parts)} examples under {kind}"
    text = str(parts[0])
    if not text.startswith("=== "):
        text = f"=== example.journey\n{text}"
    files = {}
    for section in f"\n{text}".split("\n=== ")[1:]:
        title, _, content = section.partition("\n")
        files[title.strip()] = f"{content}\n"
    return files


def findings(files: Mapping[str, str]) -> tuple[Project, list[Problem]]:
    """Return the project of ``files`` and what lint at its strictest finds in it."""
    project = project_of(dict(files))
    return project, lint(project, preset="strict")


@pytest.mark.parametrize("code", codes())
def test_the_front_matter_is_whole(code: str) -> None:
    """Every page says what it is, how heavy, whether it can be mended, and since when."""
    found = page(code)
    assert set(found) <= KEYS
    assert found["code"] == code
    assert re.fullmatch(r"[a-z][a-z0-9]*(-[a-z0-9]+)*", found["name"])
    assert found["level"] in ("error", "warning", "hint")
    assert found["fix"] in ("safe", "offer", "none")
    assert found.get("locked", True) in (True, False)
    assert re.fullmatch(r"\d+\.\d+", found["since"])


def test_no_two_findings_share_a_name() -> None:
    """A name stands for one finding, as its code does."""
    names = [page(code)["name"] for code in codes()]
    assert sorted(set(names)) == sorted(names)


@pytest.mark.parametrize("code", codes())
def test_a_message_speaks_every_language_alike(code: str) -> None:
    """Each wording stands in both languages, shows the same values in both, and is short and without inner names."""
    messages = wordings(code, "message")
    assert messages, "a finding without a message"
    assert all(set(wordings(code, part)) <= {"", *messages} for part in PARTS)
    for part in PARTS:
        for variant, wording in wordings(code, part).items():
            assert set(wording) == set(LANGUAGES), (part, variant)
            assert len({frozenset(placeholders(text)) for text in wording.values()}) == 1, variant
            for text in wording.values():
                assert text.strip(), (part, variant)
                assert len(text.strip().splitlines()) <= LINES_MAX
                assert not re.search(r"\b[A-Z]+_[A-Z_]+\b", text), "a name of the grammar"
                assert "unexpected" not in text.lower()


def is_sentence(line: str, language: str) -> bool:
    """Return whether ``line`` is a sentence of the language, part of a message, or leaves something to the author."""
    table = grammar()
    text = line.strip()
    open_end = "…" in re.sub(r'"[^"]*"', "", text)
    return (
        open_end
        or "{" in text
        or text == '"""'
        or isinstance(table.sentence(text, table.language(language), "line"), Parsed)
    )


@pytest.mark.parametrize("code", [code for code in codes() if code not in SETTINGS])
def test_a_suggestion_is_a_sentence(code: str) -> None:
    """What a page offers to copy can be copied, in each language."""
    wrong = [
        line
        for wording in wordings(code, "suggestion").values()
        for language, text in wording.items()
        for line in text.splitlines()
        if line.strip() and not placeholders(text) and not is_sentence(line, language)
    ]
    assert wrong == []


@pytest.mark.parametrize("code", codes())
def test_the_reason_comes_first(code: str) -> None:
    """A page begins with why it matters, and holds nothing but that and its two examples."""
    body = str(page(code)["body"])
    reason, _, examples = body.partition("## ")
    assert reason.strip().endswith((".", "?", "!")), "no reason, or an unfinished one"
    assert "```" not in reason
    heads = re.findall(r"^## (.*)$", body, re.MULTILINE)
    assert heads == ["Bad", "Good"] or code in UNSHOWN
    assert re.fullmatch(r"((Bad|Good)\n```journey\n.*?\n```\s*(## )?)*", examples, re.DOTALL)


def test_every_file_among_the_pages_is_a_page() -> None:
    """A page whose name is no code would never be found."""
    assert [code for code in codes() if not CODE.fullmatch(code)] == []
    terms = tomllib.loads(Path(PAGES, "terms.toml").read_text("utf-8"))
    assert list(terms) == sorted(terms)
    assert all(set(entry) >= set(LANGUAGES) for entry in terms.values())


@pytest.mark.parametrize("code", SHOWN)
def test_the_bad_example_is_found(code: str) -> None:
    """The bad example of a page has this finding, at a place that exists, with every value filled in."""
    files = example(code, "Bad")
    project, problems = findings(files)
    found = [problem for problem in problems if problem.code == code]
    assert found, [str(problem) for problem in problems]
    for problem in found:
        text = files.get(problem.path, "")
        lines = text.split("\n")
        span = problem.span
        assert 1 <= span.line <= span.end_line <= len(lines), problem
        assert 1 <= span.column <= len(lines[span.line - 1]) + 1, problem
        assert span.end_column <= len(lines[span.end_line - 1]) + 2, problem
        assert (span.line, span.column) < (span.end_line, span.end_column), problem
        assert problem.message
        assert not re.search(r"\{\w*\}", problem.message.replace("{leave-link}", ""))
        if code in rules():
            lines = [line for line in problem.suggestion.splitlines() if line.strip()]
            assert [line for line in lines if not is_sentence(line, problem.language)] == []
    assert project.files


@pytest.mark.parametrize("code", SHOWN)
def test_the_good_example_is_clean(code: str) -> None:
    """The mended example no longer has the finding; that of a rule has no finding of `check` at all."""
    files = example(code, "Good")
    assert files != example(code, "Bad")
    project, problems = findings(files)
    assert [str(problem) for problem in problems if problem.code == code] == []
    if code in rules():
        assert [str(problem) for problem in check(project)] == []
