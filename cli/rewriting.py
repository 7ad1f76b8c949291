"""Files and their one true form. Rule: a file is written only where its meaning stays, and only where it changes."""

from __future__ import annotations

import sys

from verbline.cli.changes import difference, replace
from verbline.cli.findings import say, text_of
from verbline.cli.formats import Report
from verbline.cli.output import complain, write, write_utf8

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from verbline.cli.project import Reading
    from verbline.interpreter.problems import Problem


class Rewriting:
    """One file, at ``path`` and known as ``shown``, and its text in the one true form; ``why`` says why there is none."""

    __slots__ = ("after", "before", "language", "path", "shown", "why")

    def __init__(
        self, path: str, shown: str, before: bytes, after: str, why: str, language: str
    ) -> None:
        self.path = path
        self.shown = shown
        self.before = before
        self.after = after
        self.why = why
        self.language = language

    @property
    def changes(self) -> bool:
        """Whether the file is not in the form yet."""
        return not self.why and self.before != self.after.encode("utf-8")

    @property
    def text(self) -> str:
        """The text as it is."""
        return self.before.decode("utf-8", "replace")

    @property
    def first(self) -> int:
        """The number of the first line that changes."""
        pairs = zip(self.text.split("\n"), self.after.split("\n"), strict=False)
        same = sum(1 for _pair in before_difference(pairs))
        return same + 1


def before_difference(pairs: Iterator[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    """Yield the pairs of lines up to the first two that differ."""
    for pair in pairs:
        if pair[0] != pair[1]:
            return
        yield pair


def rewritings(found: Sequence[Reading], *, move: bool) -> Iterator[Rewriting]:
    """Yield every file asked for with its new text."""
    from verbline.interpreter.format import format_file

    for reading in found:
        if unreadable(reading):
            # Without the project's language a file would be read in the wrong one.
            continue
        for name in reading.asked:
            shown, content = reading.shown[name], reading.contents[name]
            file = reading.parsed(name)
            after = format_file(file, move=move)
            if isinstance(after, str):
                text, why = after, ""
            else:
                text, why = "", f"{shown}:{after.span.line}:{after.span.column} {after.message}"
            yield Rewriting(reading.paths[name], shown, content, text, why, file.language.code)


def unreadable(reading: Reading) -> list[Problem]:
    """Return why the project's settings cannot be read; nothing where they can."""
    return [problem for problem in reading.read_settings().problems if problem.code == "P001"]


def tell_troubles(found: Sequence[Reading], files: Sequence[Rewriting]) -> int:
    """Say what cannot be read or written, and return how many files that are."""
    troubles = [
        f"{problem.path}:{problem.span.line} {problem.message}"
        for reading in found
        for problem in (*reading.problems(), *unreadable(reading))
    ]
    troubles += [one.why for one in files if one.why]
    for trouble in troubles:
        complain(trouble)
    return len(troubles)


def write_all(files: Sequence[Rewriting], *, quiet: bool) -> int:
    """Write what changes, say which files that are, and return how many could not be written."""
    failed = 0
    for one in files:
        if one.changes:
            try:
                replace(one.path, one.before, one.after)
            except OSError as error:
                complain(f"{one.shown} is not written: {error.strerror or error}")
                failed += 1
            else:
                write("" if quiet else f"formatted {one.shown}\n")
    if not quiet:
        write(f"{told(files, 'changed', failed)}\n")
    return failed


def show_all(files: Sequence[Rewriting], *, quiet: bool) -> int:
    """Show what would change as a diff, and return how many files would."""
    changed = [one for one in files if one.changes]
    for one in changed:
        write_utf8("".join(difference(one.shown, one.text, one.after)))
    if not quiet:
        sys.stderr.write(f"{told(files, 'would change')}\n")
    return len(changed)


def check_all(
    found: Sequence[Reading], files: Sequence[Rewriting], form: str, *, quiet: bool
) -> int:
    """Say which files are not in the form, and return how many."""
    changed = [one for one in files if one.changes]
    if form == "pretty":
        for one in changed:
            write(f"{one.shown}:{one.first} is not in its one true form\n")
        if not quiet:
            write(f"{told(files, 'would change')}\n")
        return len(changed)
    problems = [problem for reading in found for problem in reading.problems()]
    problems += [unformatted(one) for one in changed]
    paths = [one.shown for one in files]
    report = Report("fmt", paths, problems, {}, failing=("error", "warning"))
    say(text_of(report, form), form)
    return len(changed)


def unformatted(one: Rewriting) -> Problem:
    """Return the finding that a file is not in the form, at the first line that changes."""
    from verbline.interpreter.problems import Problem
    from verbline.interpreter.source import Span

    end = len(one.text.split("\n")[min(one.first, one.text.count("\n") + 1) - 1].rstrip("\r")) + 1
    return Problem("S801", one.shown, Span(one.first, 1, one.first, end), language=one.language)


def told(files: Sequence[Rewriting], verb: str, failed: int = 0) -> str:
    """Return how many files were looked at, and how many of them change."""
    count = f"{len(files)} file{'' if len(files) == 1 else 's'}"
    changes = sum(one.changes for one in files)
    return f"{changes - failed} of {count} {verb}" if changes else f"{count}, nothing to change"
