"""The linter: levels, presets, what rules may do. The findings themselves stand in tests/cases/findings."""

from __future__ import annotations

import copy
from collections.abc import Iterator

import pytest

from tests.cases import Case, cases, project_of
from verbline.interpreter import lint as linter
from verbline.interpreter.lint import FAILING, PRESETS, fails, level, lint
from verbline.interpreter.nodes import Sentence, meaning
from verbline.interpreter.problems import Problem, codes, page
from verbline.interpreter.project import Project
from verbline.interpreter.rules import rules
from verbline.interpreter.source import Source, Span
from verbline.interpreter.view import View

CASES = cases("findings")
# Families whose rules speak about what is missing or unused, and must be silent about what they cannot see.
CAREFUL = ("ownership", "purposes", "sending", "guarded", "messages", "tokens", "capture", "offers", "imports")  # fmt: skip
SMALL = {
    "a.journey": 'metric "m"\n  owned by "Marketing"\n\nperson member\n  known by number\n  has shoe-size as text\n'
}


def settings(*lines: str) -> dict[str, str]:
    """Return the small project with these lines in ``[rules]``."""
    head = '[project]\nzone = "UTC"\ncountry = "SI"\n[rules]\n'
    return SMALL | {"verbline.toml": head + "\n".join(lines)}


def told(files: dict[str, str], preset: str) -> dict[str, str]:
    """Return the findings of ``preset``: code -> level."""
    return {problem.code: problem.level for problem in lint(project_of(files), preset=preset)}


def tree(project: Project) -> list[object]:
    """Return everything that a rule could have changed in a project."""
    return [
        (name, file.source.lines, [shown(sentence) for sentence in file.walk()], file.problems)
        for name, file in project.files.items()
    ]


def shown(sentence: Sentence) -> object:
    """Return a line as plain values."""
    node = meaning(sentence.node) if sentence.node else None
    return sentence.number, sentence.raw, sentence.misplaced, len(sentence.block), node


@pytest.mark.parametrize("case", CASES, ids=str)
def test_rules_only_read(case: Case) -> None:
    """No rule changes what it looks at: the tree is the same afterwards, and a second look finds the same."""
    project = case.project()
    before = copy.deepcopy(tree(project))
    first = [str(problem) for problem in lint(project, preset="strict")]
    assert repr(tree(project)) == repr(before)
    assert [str(problem) for problem in lint(project, preset="strict")] == first


@pytest.mark.parametrize("case", CASES, ids=str)
def test_only_safe_rules_carry_edits(case: Case) -> None:
    """What `--fix` would do comes from rules whose page calls the fix safe."""
    problems = lint(case.project(), preset="strict")
    assert {page(one.code)["fix"] for one in problems if one.edits} <= {"safe"}


@pytest.mark.parametrize("case", CASES, ids=str)
def test_every_finding_can_be_told(case: Case) -> None:
    """Each finding has its words in English and in Slovenian, with every value in its place."""
    for problem in lint(case.project(), preset="strict"):
        for problem.language in ("en", "sl"):
            assert problem.message
            assert "{" not in problem.suggestion or problem.suggested


@pytest.mark.parametrize("code", ["C210", "C213", "I512", "M405", "O101", "X605"])
def test_a_broken_line_has_no_consequences(code: str) -> None:
    """Breaking any one line of a good file brings no finding of these rules, in this line or elsewhere."""
    text = page(code)["body"].split("## Good\n```journey\n")[1].split("\n```")[0]
    project = project_of({"a.journey": text})
    careful = {
        code: rule for code, rule in rules().items() if rule.__module__.split(".")[-1] in CAREFUL
    }
    before = {one.code for rule in careful.values() for one in rule(View(project, "a"))}
    lines = text.split("\n")
    for number, line in enumerate(lines):
        if not line.strip() or line.strip() == '"""':
            continue
        indent = line[: len(line) - len(line.lstrip())]
        broken = [*lines[:number], f"{indent}xyzzy {line.strip()}", *lines[number + 1 :]]
        again = project.renewed({"a": Source.of_text("a.journey", "\n".join(broken))})
        found = {one.code for rule in careful.values() for one in rule(View(again, "a"))}
        assert found <= before, line


def test_each_rule_has_its_page() -> None:
    """The table of rules names nothing that cannot be looked up, and each rule's level is one of three."""
    assert set(rules()) <= set(codes())
    assert {page(code)["level"] for code in rules()} <= {"error", "warning", "hint"}
    assert {page(code)["fix"] for code in rules()} <= {"safe", "offer", "none"}


def test_a_preset_shows_its_levels() -> None:
    """Starter shows errors, standard warnings too, strict hints too."""
    assert set(told(settings('O106 = "error"'), "starter").values()) == {"error"}
    assert set(told(SMALL, "standard").values()) == {"warning"}
    assert set(told(SMALL, "strict").values()) == {"warning", "hint"}
    assert told(SMALL, "standard").keys() < told(SMALL, "strict").keys()


@pytest.mark.parametrize(
    ("preset", "failing"),
    [("starter", ["error"]), ("standard", ["error"]), ("strict", ["error", "warning"])],
)
def test_what_fails_a_run(preset: str, failing: list[str]) -> None:
    """An error fails every run; a warning fails the strict one; a hint never does."""
    for name in ("error", "warning", "hint"):
        problem = Problem("O107", "a.journey", Span(1, 1, 1, 2))
        problem.judged = name
        assert fails([problem], preset) == (name in failing)
    assert not fails([], preset)
    assert set(FAILING[preset]) <= set(PRESETS[preset])


def test_a_project_sets_its_levels() -> None:
    """A rule that is not locked can be raised, lowered and switched off."""
    assert told(settings('O107 = "error"'), "starter") == {"O107": "error"}
    assert told(settings('O107 = "hint"'), "strict")["O107"] == "hint"
    assert "O107" not in told(settings('O107 = "hint"'), "standard")
    assert "O107" not in told(settings('O107 = "off"'), "strict")


def test_a_locked_rule_is_never_lowered() -> None:
    """Whatever a project wishes, a locked rule and a finding of `check` keep at least their level."""
    locked = [code for code in rules() if page(code).get("locked")]
    assert "C202" in locked
    for code in (*locked, "N101"):
        own = page(code)["level"]
        for wish in ("off", "hint", "warning", "error"):
            found = level(code, {code: wish})
            assert found == ("error" if wish == "error" else own)


def test_a_clean_project_reads_no_page(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where nothing is found, no page is opened: linting a clean file costs only the rules."""

    def refuse(code: str) -> dict[str, str]:
        raise AssertionError(f"{code} was looked up")

    monkeypatch.setattr(linter, "page", refuse)
    assert lint(project_of({"a.journey": 'moment "x"\n'}), preset="strict") == []


def test_the_table_of_rules_is_made_once() -> None:
    """Asking for the rules again gives the same table."""
    assert rules() is rules()


def test_a_rule_sees_only_its_own_file() -> None:
    """Every finding stands in the file it was asked about, or in a text that this file brings."""

    def places(case: Case) -> Iterator[tuple[str, str]]:
        project = case.project()
        for name in project.files:
            view = View(project, name)
            for rule in rules().values():
                yield from ((view.path, problem.path) for problem in rule(view))

    for case in CASES:
        wrong = {(own, path) for own, path in places(case) if own != path and ".journey" in path}
        assert wrong == set(), case


def test_a_finding_about_a_whole_line_marks_what_the_line_does() -> None:
    """The mark stands under the verb, not under the names and lengths behind it."""
    text = (
        'moment "m"\n  comes from "x" as "y"\n\njourney "j"\n  starts when "m"\n\n'
        '  wait for "m" up to 2 days\n  finish as "done"\n'
    )
    found = lint(project_of({"a.journey": text}))
    marked = [problem.span for problem in found if problem.code == "F305"]
    assert [(span.line, span.column, span.end_column) for span in marked] == [(7, 3, 11)]


def test_what_is_offered_names_what_the_project_has() -> None:
    """A metric, an owner, a desk, a moment and a field to copy are the project's own, and an ellipsis where it has none."""
    whole = {
        "words.journey": 'moment "a"\n  comes from "x" as "a"\nmoment "b"\n  comes from "page" as "b"\n'
        'metric "other"\n  owned by "Sales"\n  counts people who had "a" within 2 days after "b"\n'
        'metric "mine"\n  owned by "Ana"\n  counts people who had "b" within 2 days after "a"\n'
        'desk "Hosts"\n  led by "Ana"\nperson guest\n  known by number\n  has stage as text\n'
    }
    bare = {
        "a.journey": 'use "words"\nform "f"\n  captured by "page"\noffer called "o"\n  shows "m"\n'
        'journey "j"\n  starts when "a"\n  notify the guest by email with "m" for "p"\n  finish as "done"\n'
    }
    offered = {
        "O101": ('owned by "Ana", "…"', 'owned by "…", "…"'),
        "O103": ('aims for "mine"', 'aims for "…"'),
        "O107": ('owned by "Ana", "…"', ""),
        "O110": (
            'escalate to desk "Hosts" within 1 working day because "…"',
            'escalate to desk "…" within 1 working day because "…"',
        ),
        "I502": ('signals "b"', 'signals "…"'),
        "X604": ("suits people where stage is known", "suits people where … is known"),
    }
    for at, files in enumerate((bare | whole, bare | {"words.journey": ""})):
        found = {one.code: one.suggestion for one in lint(project_of(files), preset="strict")}
        assert {code: found.get(code, "") for code in offered} == {
            code: lines[at] for code, lines in offered.items()
        }


def test_the_question_about_a_yes_names_the_person_that_the_journey_speaks_of() -> None:
    """An offer names nobody: the noun is that of the nearest line that does, else the first of the project."""
    people = "person buyer\n  known by number\nperson guest\n  known by number\n"
    rest = (
        'purpose "news"\n  is marketing\n  rests on consent\n  covers email\nmoment "m"\n  comes from "x" as "y"\n'
        'offer called "o"\n  shows "t"\nmessage "t"\n  subject "t"\n  says "t"\n'
        'journey "j"\n  starts when "m"\n\n  offer "o" by email for "news"\n'
    )
    stop = '  stop writing to the guest for "news"\n'
    end = '  finish as "done"\n'
    for text, noun in ((people + rest + stop + end, "guest"), (people + rest + end, "buyer")):
        offered = [
            one.suggestion for one in lint(project_of({"a.journey": text})) if one.code == "C203"
        ]
        assert offered == [f'if the {noun} agrees to "news"']
