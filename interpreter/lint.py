"""The linter: what the checks find, and what the rules find. Rule: a project may be stricter than the rules, rarely milder."""

from __future__ import annotations

from verbline.interpreter.check import check_file
from verbline.interpreter.rules import rules
from verbline.interpreter.view import View

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from verbline.interpreter.problems import Problem
    from verbline.interpreter.project import Project


def lint(
    project: Project, names: Iterable[str] | None = None, *, preset: str = "standard"
) -> list[Problem]:
    """Return the findings in the files ``names`` (all of them by default), in the order of the text."""
    found: list[Problem] = []
    for name in names if names is not None else project.files:
        view = View(project, name)
        found += check_file(view)
        for rule in rules().values():
            found += rule(view)
    return sorted(found, key=lambda problem: problem.key)
