"""Sentences, names, kinds: what must hold before a journey means anything. Rule: all findings are collected, none is thrown."""

from __future__ import annotations

from verbline.interpreter.view import View

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from verbline.interpreter.problems import Problem
    from verbline.interpreter.project import Project


def check(project: Project, names: Iterable[str] | None = None) -> list[Problem]:
    """Return what is wrong with the files ``names`` (all of them by default), in the order of the text."""
    views = [View(project, name) for name in (names if names is not None else project.files)]
    return sorted(
        (problem for view in views for problem in check_file(view)), key=lambda problem: problem.key
    )


def check_file(view: View) -> Iterator[Problem]:
    """Yield what is wrong with one file: its layout, its sentences, its names, its kinds."""
    yield from view.file.problems
