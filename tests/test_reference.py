"""The language reference runs: what it shows is read, resolved and found right."""

from __future__ import annotations

import re
from itertools import takewhile

import pytest

from tests.cases import project_of
from tests.tree import ROOT
from verbline.interpreter.check import check
from verbline.interpreter.format import format_file
from verbline.interpreter.nodes import Node
from verbline.interpreter.parse import parse
from verbline.interpreter.project import Project
from verbline.interpreter.proofs import REASONS
from verbline.interpreter.sentence import grammar
from verbline.interpreter.source import Source

REFERENCE = (ROOT / "grammar" / "README.md").read_text("utf-8")
FENCE = re.compile(r"^```journey ?(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
EXAMPLES = [
    (REFERENCE.count("\n", 0, match.start()) + 1, match[1], match[2])
    for match in FENCE.finditer(REFERENCE)
]
SHARED = next(text for _line, place, text in EXAMPLES if place == "project")

# What stands above the lines of an example that is a part of a declaration.
ABOVE = {
    "person": "person driver\n",
    "steps": 'journey "Example"\n  starts when "member books a course"\n  runs once per booking-number\n\n',
    "scenario": "person account-holder\n  known by account-number\n\n"
    'journey "Example"\n  starts when "member books a course"\n\n'
    '  qualify as "ready to talk" if engagement is at least 30\n    otherwise\n      finish as "done"\n'
    '  experiment "letter or call" judged by "booked members who come" after 120 days\n'
    '    50% of people get "letter"\n      finish as "done"\n'
    '    50% of people get "question"\n'
    '      confirm "Are you still coming tomorrow?" by sms within 12 hours for "course service"\n'
    '        if yes\n          finish as "done"\n        if no\n          finish as "done"\n'
    '        if there is no answer\n          finish as "done"\n\n'
    'scenario "example"\n',
    "conditions": 'journey "Example"\n  starts when "member books a course"\n\n'
    '  qualify as "ready to talk" if engagement is at least 30\n    otherwise\n      finish as "done"\n',
}


def file_of(place: str, text: str) -> str:
    """Return the file an example stands for."""
    if place in ("", "project"):
        return text
    lines = text.splitlines()
    if place == "conditions":
        lines = [line for one in lines for line in (f"if {one}", '  finish as "done"')]
    return ABOVE[place] + "".join(f"  {line}\n" for line in lines)


def project_with(place: str, text: str) -> Project:
    """Return a project of the shared example and one other, which uses it."""
    body = file_of(place, text)
    head = "" if body.startswith("language:") else 'use "shared"\n'
    head = "language: en\n" + head if head else ""
    files = {"shared.journey": SHARED, "messages/letter.md": "Hello {first-name or dear member}"}
    if place != "project":
        files["example.journey"] = head + body
    return project_of(files)


@pytest.mark.parametrize(("line", "place", "text"), EXAMPLES, ids=[str(one[0]) for one in EXAMPLES])
def test_every_example_is_right(line: int, place: str, text: str) -> None:
    """Each example of the reference is read without a finding."""
    project = project_with(place, text)
    assert [f"line {line}: {problem}: {problem.message}" for problem in check(project)] == []
    assert all(sentence.node for file in project.files.values() for sentence in file.walk())


def shapes_shown() -> set[str]:
    """Return the shapes of all sentences, conditions and parts in the examples."""
    found: set[str] = set()
    for _line, place, text in EXAMPLES:
        for file in project_with(place, text).files.values():
            for sentence in file.walk():
                assert sentence.node is not None
                found |= {part.shape for part in sentence.node.walk() if isinstance(part, Node)}
    return found


def test_every_sentence_has_an_example() -> None:
    """No shape of the grammar is without an example in the reference."""
    assert grammar().shapes - shapes_shown() == set()


def test_the_contents_name_every_chapter() -> None:
    """The list at the top names the chapters in their order."""
    lines = REFERENCE.splitlines()
    listed = re.findall(
        r"^- \[(.+?)\]",
        "\n".join(takewhile(lambda one: not one.startswith("## "), lines)),
        re.MULTILINE,
    )
    assert listed == [line.removeprefix("## ") for line in lines if line.startswith("## ")]


def test_the_reference_lists_every_reason() -> None:
    """The reasons that may stand behind `because` in a scenario are those of the reference, in its order."""
    text = " ".join(REFERENCE.split())
    listed = text.split("the same in every language: ")[1].split(".")[0]
    assert tuple(listed.split(", ")) == REASONS


def test_the_readme_shows_a_journey_in_its_true_form() -> None:
    """The journey on the first page is understood line by line and written as the formatter writes it."""
    text = FENCE.findall((ROOT / "README.md").read_text("utf-8"))[0][1]
    file = project_of({"readme.journey": text}).files["readme"]
    assert all(sentence.node and not sentence.misplaced for sentence in file.walk())
    assert format_file(file) == text


@pytest.mark.parametrize(("line", "place", "text"), EXAMPLES)
def test_the_examples_are_in_the_one_true_form(line: int, place: str, text: str) -> None:
    """Whoever copies an example gets it back from the formatter as it was."""
    body = file_of(place, text)
    assert format_file(parse(Source.of_text(f"README.md:{line}", body), grammar())) == body
