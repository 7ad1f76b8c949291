"""Safe fixes. Rule: a file is changed only by rules whose fix is safe, and never ends up with more findings than it had."""

from __future__ import annotations

from verbline.interpreter.lint import lint
from verbline.interpreter.problems import Edit, Problem, page
from verbline.interpreter.source import Source

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from verbline.interpreter.project import Project

# One fix can make room for the next; a file that is still changing after so many is left as it is.
ROUNDS_MAX = 10


def mend(project: Project, names: Iterable[str] | None = None, *, today: str = "") -> Project:
    """Return the project with everything mended that can be mended safely in the files ``names`` (all by default).

    A file's new text is its ``source.lines``; a file whose fixes would only bring other findings stays as it is.
    """
    state = State(project, lint(project, preset="strict", today=today), today)
    wanted = list(names if names is not None else project.files)
    for _round in range(ROUNDS_MAX):
        changed = {
            name: source
            for name in wanted
            if name not in state.given_up
            and (source := changed_source(state.project, name, state.problems))
        }
        if not changed:
            break
        state.change(changed)
    return state.project


class State:
    """A project being mended: its state and findings so far, and the files that are left as they are."""

    def __init__(self, project: Project, problems: list[Problem], today: str) -> None:
        self.project = project
        self.problems = problems
        self.today = today
        self.given_up: set[str] = set()

    def change(self, changed: Mapping[str, Source]) -> None:
        """Take over as many of the changed files as make nothing worse."""
        tried = self.project.renewed(changed)
        found = lint(tried, preset="strict", today=self.today)
        if not self.is_worse(found, [source.path for source in changed.values()]):
            self.project, self.problems = tried, found
        elif len(changed) == 1:
            self.given_up.update(changed)
        else:
            names = list(changed)
            for half in (names[: len(names) // 2], names[len(names) // 2 :]):
                self.change({name: changed[name] for name in half})

    def is_worse(self, found: list[Problem], paths: Iterable[str]) -> bool:
        """Return whether there are more findings or errors than before, in the project or in a file of ``paths``."""
        before = self.problems
        return (
            len(found) > len(before)
            or count(found, level="error") > count(before, level="error")
            or any(count(found, path=path) > count(before, path=path) for path in paths)
        )


def count(problems: Iterable[Problem], *, path: str = "", level: str = "") -> int:
    """Return how many of ``problems`` stand in file ``path``, or have this level."""
    return sum(
        (not path or problem.path == path) and (not level or problem.level == level)
        for problem in problems
    )


def changed_source(project: Project, name: str, problems: list[Problem]) -> Source | None:
    """Return the source of file ``name`` with its safe fixes, or None where there are none."""
    source = project.files[name].source
    if source.broken or not source.whole:
        # What could not be read to the last letter cannot be written back.
        return None
    own = [problem for problem in problems if problem.path == source.path]
    text = mended(source, own)
    return Source.of_text(source.path, text) if text != "\n".join(source.lines) else None


def mended(source: Source, problems: Iterable[Problem]) -> str:
    """Return the text of ``source`` after the safe fixes of ``problems``; of two that overlap the first is made."""
    lines = list(source.lines)
    for edit in sorted(fitting(safe_edits(problems)), key=first, reverse=True):
        change(lines, edit)
    return "\n".join(lines)


def safe_edits(problems: Iterable[Problem]) -> Iterator[tuple[Edit, ...]]:
    """Yield the edits of each problem whose rule has a safe fix."""
    for problem in problems:
        if problem.edits and page(problem.code)["fix"] == "safe":
            yield problem.edits


def fitting(fixes: Iterable[tuple[Edit, ...]]) -> list[Edit]:
    """Return the edits of all fixes but those that overlap an earlier one; a fix is made whole or not at all."""
    made: list[Edit] = []
    for edits in fixes:
        if not any(overlap(edit, other) for edit in edits for other in made):
            made += edits
    return made


def first(edit: Edit) -> tuple[int, int]:
    """Return where an edit begins."""
    return edit.span.line, edit.span.column


def overlap(one: Edit, other: Edit) -> bool:
    """Return whether two edits change the same letters, or insert at the same place."""
    begin, end = sorted((one, other), key=first)
    last = (begin.span.end_line, begin.span.end_column)
    return first(begin) == first(end) or first(end) < last


def change(lines: list[str], edit: Edit) -> None:
    """Make one edit in ``lines``."""
    span = edit.span
    before = lines[span.line - 1][: span.column - 1]
    after = lines[span.end_line - 1][span.end_column - 1 :] if span.end_line <= len(lines) else ""
    lines[span.line - 1 : span.end_line] = (before + edit.text + after).split("\n")
