"""The linter: what the checks find, and what the rules find. Rule: a project may be stricter than the rules, rarely milder.

`[rules]` of ``verbline.toml`` gives a rule another level; a locked rule can only be raised. An acceptance in a comment
takes one finding away (`accept`). A preset says which levels are shown, and which of them fail a run:

    starter     errors                         an error fails
    standard    errors and warnings            an error fails
    strict      errors, warnings and hints     an error or a warning fails
"""

from __future__ import annotations

from verbline.interpreter.accept import without_accepted
from verbline.interpreter.check import check_file
from verbline.interpreter.problems import Problem, codes, page
from verbline.interpreter.rules import rules
from verbline.interpreter.toml import place_in
from verbline.interpreter.view import View

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from verbline.interpreter.project import Project

PRESETS: Mapping[str, tuple[str, ...]] = {
    "starter": ("error",),
    "standard": ("error", "warning"),
    "strict": ("error", "warning", "hint"),
}
FAILING: Mapping[str, tuple[str, ...]] = {
    "starter": ("error",),
    "standard": ("error",),
    "strict": ("error", "warning"),
}
WEIGHT: Mapping[str, int] = {"off": 0, "hint": 1, "warning": 2, "error": 3}
# Findings about acceptances and levels; they belong to the linter itself and are in no family of rules.
OWN = ("S807", "S821", "S822", "S823")
SETTINGS = "verbline.toml"


def lint(
    project: Project,
    names: Iterable[str] | None = None,
    *,
    preset: str = "standard",
    today: str = "",
) -> list[Problem]:
    """Return the findings in the files ``names`` (all of them by default), in the order of the text.

    ``today`` is the date on which acceptances run out, such as ``2027-03-01``; without it none does.
    """
    table = rules()
    found: list[Problem] = []
    for name in names if names is not None else project.files:
        view = View(project, name)
        problems = list(check_file(view))
        for rule in table.values():
            problems += rule(view)
        found += without_accepted(view, problems, is_locked, today)
    return weighed(project, found, preset)


def weighed(project: Project, found: Iterable[Problem], preset: str) -> list[Problem]:
    """Return the findings that ``preset`` shows, in the order of the text, and those about the levels themselves."""
    all_found = (*found, *lowered(project))
    shown = [problem for problem in all_found if judged(problem, project) in PRESETS[preset]]
    return sorted(shown, key=lambda problem: problem.key)


def fails(problems: Iterable[Problem], preset: str) -> bool:
    """Return whether findings of `lint` fail a run with ``preset``."""
    return any(problem.level in FAILING[preset] for problem in problems)


def judged(problem: Problem, project: Project) -> str:
    """Return the level of ``problem`` in this project, ``off`` included, and set it."""
    problem.judged = level(problem.code, project.settings.rules)
    return problem.judged


def level(code: str, wishes: Mapping[str, str]) -> str:
    """Return the level of ``code`` in a project with these ``[rules]``."""
    own = str(page(code)["level"])
    wished = wishes.get(code, own)
    return own if WEIGHT[wished] < WEIGHT[own] and is_locked(code) else wished


def is_locked(code: str) -> bool:
    """Return whether a project may only raise ``code``: a locked rule, or a finding of `check`, which is no rule at all."""
    return bool(page(code).get("locked")) or (code not in rules() and code not in OWN)


def lowered(project: Project) -> Iterator[Problem]:
    """Yield the settings that would lower a locked rule."""
    if not project.settings.rules:
        return
    known = codes()
    for code, wished in project.settings.rules.items():
        own = str(page(code)["level"]) if code in known else wished
        if WEIGHT[wished] < WEIGHT[own] and is_locked(code):
            lines = (project.text(SETTINGS) or "").split("\n")
            yield Problem(
                "S823",
                project.overview.folder + SETTINGS,
                place_in(lines, ("rules", code)),
                variant="off" if wished == "off" else "",
                language=project.settings.language,
                values={"code": code, "own": own, "wished": wished},
            )
