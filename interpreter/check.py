"""Sentences, names, kinds: what must hold before a journey means anything. Rule: all findings are collected, none is thrown."""

from __future__ import annotations

from verbline.interpreter.examples import check_placeholders
from verbline.interpreter.fields import check_fields
from verbline.interpreter.given import check_given
from verbline.interpreter.literals import check_literals
from verbline.interpreter.mixed import check_mixed
from verbline.interpreter.nodes import Node
from verbline.interpreter.problems import Problem
from verbline.interpreter.proofs import check_scenarios
from verbline.interpreter.resolve import check_names, listed
from verbline.interpreter.topics import check_topics
from verbline.interpreter.uses import check_kinds_of_fields, check_repeated, check_uses
from verbline.interpreter.values import check_conditions
from verbline.interpreter.view import View

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from verbline.interpreter.problems import Term
    from verbline.interpreter.project import Project


def check_layout(view: View) -> Iterator[Problem]:
    """Yield what is wrong with the layout of a file, as it was found while it was parsed."""
    yield from view.file.problems


def check_sentences(view: View) -> Iterator[Problem]:
    """Yield what is wrong with the lines that are no sentence."""
    if view.file.broken:
        # Explaining takes a good part of the interpreter; a file without mistakes does not wait for it.
        from verbline.interpreter.mistakes import broken_lines

        yield from broken_lines(view)


def check_segments(view: View) -> Iterator[Problem]:
    """Yield segments that hold nobody because nothing says whom, and segments that name each other in a circle."""
    for one in view.names.declared.get("segment", {}).values():
        # A line below that was not understood is told itself.
        if not one.sentence.block and one.sentence.column == 1:
            yield view.problem("N111", one.sentence, one.sentence.node)
    names_one = (
        True
        for line in view.of("people_where", "condition")
        for one in (line.node.walk() if line.node else ())
        if isinstance(one, Node) and one.shape == "in_segment"
    )
    if next(names_one, False):
        # Few segments name another one; the rest does not wait for what looks at those that do.
        from verbline.interpreter.memberships import check_memberships

        yield from check_memberships(view)


# What is looked at in every file, in the order in which one thing rests on another.
CHECKS = (
    check_layout,
    check_sentences,
    check_uses,
    check_repeated,
    check_names,
    check_topics,
    check_scenarios,
    check_placeholders,
    check_fields,
    check_kinds_of_fields,
    check_literals,
    check_mixed,
    check_conditions,
    check_given,
    check_segments,
)
# Wordings of a name that is declared in a file that is not used; one line `use "…"` mends all of them.
UNUSED = ("unused", "unknown_unused")


def check(project: Project, names: Iterable[str] | None = None) -> list[Problem]:
    """Return what is wrong with the files ``names`` (all of them by default), in the order of the text."""
    views = [View(project, name) for name in (names if names is not None else project.files)]
    return sorted(
        (problem for view in views for problem in check_file(view)), key=lambda problem: problem.key
    )


def check_file(view: View) -> Iterator[Problem]:
    """Yield what is wrong with one file: its layout, its sentences, its names, its kinds. Nothing is said twice."""
    told: set[tuple[str | int, ...]] = set()
    unused: dict[str | int | Term, list[Problem]] = {}
    for look in CHECKS:
        for problem in look(view):
            key = (*problem.key, problem.variant)
            if key in told:
                continue
            told.add(key)
            if problem.variant in UNUSED:
                unused.setdefault(problem.values["file"], []).append(problem)
            else:
                yield problem
    for problems in unused.values():
        yield as_one(problems)


def as_one(problems: list[Problem]) -> Problem:
    """Return one finding for all names that one missing `use` would bring, at the first of them."""
    first, *others = sorted(problems, key=lambda problem: problem.key)
    if not others:
        return first
    names = [str(problem.values["name"]) for problem in (first, *others)]
    return Problem(
        "N101",
        first.path,
        first.span,
        variant="unused_several",
        language=first.language,
        suggestion=first.suggested,
        values={"names": listed(names), "file": first.values["file"], "count": len(names)},
    )
