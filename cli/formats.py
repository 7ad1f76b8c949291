"""Findings as text: one function a format. Rule: what another program reads follows that program's rules to the letter.

Each function takes a `Report` and returns the whole text. Lines and columns count from 1, columns in code points, and
the end is the first place after the finding.
"""

from __future__ import annotations

import os

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import TypeAlias

    from verbline.interpreter.problems import Problem
    from verbline.interpreter.source import Span

    Format: TypeAlias = "Callable[[Report], str]"

FORMAT = 1
LEVELS = ("error", "warning", "hint")


class Report:
    """What a command found: the paths it looked at, the findings, and how they are to be shown.

    ``lines`` maps a path to the lines of its file. ``failing`` are the levels that fail the run.
    """

    __slots__ = ("color", "command", "failing", "lines", "paths", "problems", "quiet")

    def __init__(
        self,
        command: str,
        paths: list[str],
        problems: list[Problem],
        lines: Mapping[str, list[str]],
        *,
        failing: tuple[str, ...] = ("error",),
        color: bool = False,
        quiet: bool = False,
    ) -> None:
        self.command = command
        self.paths = paths
        self.problems = problems
        self.lines = lines
        self.failing = failing
        self.color = color
        self.quiet = quiet

    @property
    def code(self) -> int:
        """The exit code: 1 where a finding fails the run."""
        return int(any(problem.level in self.failing for problem in self.problems))

    def count(self, level: str) -> int:
        """Return how many findings have this level."""
        return sum(problem.level == level for problem in self.problems)


def counted(number: int, word: str) -> str:
    """Return a number with its word, such as "1 file" or "no findings"."""
    return f"{number or 'no'} {word}{'' if number == 1 else 's'}"


def summary(report: Report) -> str:
    """Return the last line: how much was found in how much."""
    files = f"{len(report.paths)} file{'' if len(report.paths) == 1 else 's'}"
    found = [counted(report.count(level), level) for level in LEVELS if report.count(level)]
    if not found:
        return f"{files}, no findings"
    mended = sum(bool(problem.edits) for problem in report.problems)
    offer = f"; verbline lint --fix mends {mended}" if mended and report.command == "lint" else ""
    return f"{', '.join(found)} in {files}{offer}"


def in_pretty(report: Report) -> str:
    """Return each finding with its line, ten at most, and a last line that says what was looked at."""
    parts = []
    if report.problems:
        from verbline.interpreter.render import pretty_all

        parts.append(pretty_all(report.problems, report.lines, color=report.color))
    if not report.quiet:
        parts.append(f"{summary(report)}\n")
    return "\n".join(parts)


def in_compact(report: Report) -> str:
    """Return one line a finding: ``path:line:column: level CODE message``."""
    from verbline.interpreter.render import compact

    return "".join(compact(problem) for problem in report.problems)


def in_json(report: Report) -> str:
    """Return one object that holds every finding."""
    import json

    findings = [json_finding(problem) for problem in report.problems]
    whole = {"format": FORMAT, "files": len(report.paths), "findings": findings}
    return json.dumps(whole, ensure_ascii=False, indent=2) + "\n"


def json_finding(problem: Problem) -> dict[str, object]:
    """Return one finding for `in_json`; ``fix`` is None, or the edits that `--fix` would make."""
    return {
        "code": problem.code,
        "name": problem.name,
        "level": problem.level,
        "file": problem.path,
        **spread(problem.span),
        "message": problem.message,
        "suggestion": problem.suggestion or None,
        "fix": [{**spread(edit.span), "text": edit.text} for edit in problem.edits] or None,
    }


def spread(span: Span) -> dict[str, int]:
    """Return a place as four numbers."""
    return {
        "line": span.line,
        "column": span.column,
        "end_line": span.end_line,
        "end_column": span.end_column,
    }


def in_github(report: Report) -> str:
    """Return the commands by which a GitHub workflow marks lines of a change."""
    return "".join(github_command(problem) for problem in report.problems)


def github_command(problem: Problem) -> str:
    """Return one workflow command; columns only where the finding is on one line, as GitHub wants it."""
    span = problem.span
    values = {"file": with_slashes(problem.path), "line": span.line, "endLine": span.end_line}
    if span.line == span.end_line:
        values |= {"col": span.column, "endColumn": span.end_column}
    values["title"] = f"{problem.code} {problem.name}"
    told = ",".join(f"{key}={github_value(str(value))}" for key, value in values.items())
    level = {"hint": "notice"}.get(problem.level, problem.level)
    return f"::{level} {told}::{github_text(whole_message(problem))}\n"


def github_text(text: str) -> str:
    """Return the text of a workflow command: one line, whatever it says."""
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def github_value(text: str) -> str:
    """Return the value of a property of a workflow command."""
    return github_text(text).replace(":", "%3A").replace(",", "%2C")


def whole_message(problem: Problem) -> str:
    """Return the message with the sentence to copy below it."""
    suggestion = problem.suggestion
    return f"{problem.message}\n  {suggestion}" if suggestion else problem.message


def with_slashes(path: str) -> str:
    """Return a path as it is written outside Windows."""
    return path.replace(os.sep, "/")


def in_junit(report: Report) -> str:
    """Return a test suite a file: a failed case a finding that fails the run, a passed one for the others."""
    by_path: dict[str, list[Problem]] = {path: [] for path in report.paths}
    for problem in report.problems:
        by_path.setdefault(problem.path, []).append(problem)
    suites = "".join(
        junit_suite(path, problems, report.failing) for path, problems in by_path.items()
    )
    failed = sum(problem.level in report.failing for problem in report.problems)
    cases = sum(max(len(problems), 1) for problems in by_path.values())
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n'
        f'<testsuites name="verbline {report.command}" tests="{cases}" failures="{failed}" errors="0">\n'
        f"{suites}</testsuites>\n"
    )


def junit_suite(path: str, problems: list[Problem], failing: tuple[str, ...]) -> str:
    """Return the test suite of one file; a file without findings is one passed case."""
    name = xml(with_slashes(path))
    failed = sum(problem.level in failing for problem in problems)
    cases = "".join(
        junit_case(name, problem, failed=problem.level in failing) for problem in problems
    )
    cases = cases or f'    <testcase name="no findings" classname="{name}"/>\n'
    return (
        f'  <testsuite name="{name}" tests="{max(len(problems), 1)}" failures="{failed}" errors="0">\n'
        f"{cases}  </testsuite>\n"
    )


def junit_case(name: str, problem: Problem, *, failed: bool) -> str:
    """Return one test case; ``name`` is the file's path, escaped."""
    span = problem.span
    title = xml(f"{problem.code} {problem.name} {span.line}:{span.column}")
    place = f"{problem.path}:{span.line}:{span.column}"
    text = xml(f"{place} {whole_message(problem)}")
    body = (
        f'<failure message="{xml(problem.message)}" type="{problem.level}">{text}</failure>'
        if failed
        else f"<system-out>{text}</system-out>"
    )
    return f'    <testcase name="{title}" classname="{name}">{body}</testcase>\n'


def xml(text: str) -> str:
    """Return text that may stand in XML, in an attribute too; signs that XML has no way to write become U+FFFD."""
    shown = "".join(sign if may_stand(ord(sign)) else "\ufffd" for sign in text)
    for sign, name in (
        ("&", "amp"),
        ("<", "lt"),
        (">", "gt"),
        ('"', "quot"),
        ("\n", "#10"),
        ("\t", "#9"),
    ):
        shown = shown.replace(sign, f"&{name};")
    return shown


def may_stand(number: int) -> bool:
    """Return whether XML 1.0 has this code point."""
    return (
        number in (9, 10)
        or 0x20 <= number <= 0xD7FF
        or 0xE000 <= number <= 0xFFFD
        or number >= 0x10000
    )


FORMATS: Mapping[str, Format] = {
    "pretty": in_pretty,
    "compact": in_compact,
    "json": in_json,
    "github": in_github,
    "junit": in_junit,
}
