"""Results of scenarios as text: one function a format. Rule: what another program reads follows that program's rules to the letter."""

from __future__ import annotations

from verbline.cli.formats import FORMAT, counted, github_command, json_finding, with_slashes, xml
from verbline.cli.output import wants_color

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from typing import TypeAlias

    from verbline.cli.scenarios import Options, Played, Timed
    from verbline.interpreter.problems import Problem
    from verbline.interpreter.scenarios.drops import Drop

    Format: TypeAlias = "Callable[[Sequence[Played], Options], str]"


def text_of(played: Sequence[Played], options: Options) -> str:
    """Return the results in the format asked for."""
    return FORMATS[options.form](played, options)


def in_pretty(played: Sequence[Played], options: Options) -> str:
    """Return what happened where that was asked for, the missed expectations, and a last line that counts."""
    from verbline.interpreter.scenarios.report import missed_all

    parts = [trace(one) for project in played for one in project.timed if options.trace]
    lines = {path: text for project in played for path, text in project.lines.items()}
    parts += missed_all(problems_of(played), lines, color=wants_color(options.color))
    for project in played:
        if options.coverage:
            parts += [uncovered(project)] if project.coverage.missed else []
        if project.drops is not None:
            parts += [dropped(project.drops)]
    if not options.quiet:
        parts.append(f"{summary(played, all_of_them=not options.name)}\n")
        if options.drop_lines and any(one.drops is None for one in played):
            parts.append("No sentence was taken out: first all scenarios have to pass.\n")
    return "\n".join(parts)


def problems_of(played: Sequence[Played]) -> list[Problem]:
    """Return every missed expectation, in the order of the runs."""
    return [
        problem for project in played for one in project.timed for problem in one.result.problems
    ]


def trace(one: Timed) -> str:
    """Return what happened in one run, a line a record."""
    from verbline.interpreter.scenarios.telling import told

    script = one.result.script
    head = f'{script.path}:{script.sentence.number} "{script.title}"'
    return "\n".join([head, *told(one.result)]) + "\n"


def uncovered(played: Played) -> str:
    """Return the sentences that no scenario passes through, one a line."""
    lines = [
        f"  {path}:{sentence.number}  {sentence.raw}" for path, sentence in played.coverage.missed
    ]
    return "\n".join(["No scenario passes through:", *lines]) + "\n"


def dropped(drops: list[Drop]) -> str:
    """Return the sentences that nobody misses, and how many were taken out."""
    unmissed = [one for one in drops if one.became == "unmissed"]
    lines = [f"  {one.path}:{one.sentence.number}  {one.sentence.raw}" for one in unmissed]
    unchecked = sum(one.became == "unchecked" for one in drops)
    taken = len(drops) - unchecked
    total = (
        f"{counted(taken, 'sentence')} taken out: {taken - len(unmissed)} missed by a scenario,"
        f" {len(unmissed)} by none; {unchecked} more cannot be left out without an error"
    )
    head = ["No scenario misses:", *lines, ""] if unmissed else []
    return "\n".join([*head, total]) + "\n"


def summary(played: Sequence[Played], *, all_of_them: bool) -> str:
    """Return the last line: how many scenarios ran, how many failed, how long it took, what ``all_of_them`` pass through."""
    timed = [one for project in played for one in project.timed]
    if not timed:
        return "no scenarios"
    failed = sum(not one.result.passed for one in timed)
    told = f", {failed} failed, {len(timed) - failed} passed," if failed else " passed"
    found = f"{counted(len(timed), 'scenario')}{told} in {sum(one.millis for one in timed):.0f} ms"
    sentences = sum(project.coverage.counted for project in played)
    if not sentences or not all_of_them:
        return found
    passed = sum(project.coverage.passed for project in played)
    return f"{found}; they pass through {passed} of {counted(sentences, 'sentence')}"


def in_json(played: Sequence[Played], options: Options) -> str:
    """Return one object that holds every result."""
    import json

    timed = [one for project in played for one in project.timed]
    missed = [one for project in played for one in project.coverage.missed]
    whole: dict[str, object] = {
        "format": FORMAT,
        "passed": sum(one.result.passed for one in timed),
        "failed": sum(not one.result.passed for one in timed),
        "scenarios": [json_result(one, trace=options.trace) for one in timed],
        "coverage": {
            "sentences": sum(project.coverage.counted for project in played),
            "passed": sum(project.coverage.passed for project in played),
            "missed": [
                {"file": path, "line": sentence.number, "text": sentence.raw}
                for path, sentence in missed
            ],
        },
    }
    if options.drop_lines:
        whole["dropped"] = [json_drop(one) for project in played for one in project.drops or ()]
    return json.dumps(whole, ensure_ascii=False, indent=2) + "\n"


def json_result(one: Timed, *, trace: bool) -> dict[str, object]:
    """Return one result for `in_json`; ``row`` is the line of its row in a table of examples, or None."""
    script = one.result.script
    found: dict[str, object] = {
        "name": script.name,
        "file": script.path,
        "line": script.sentence.number,
        "row": script.row or None,
        "passed": one.result.passed,
        "millis": round(one.millis, 3),
        "findings": [json_finding(problem) for problem in one.result.problems],
    }
    if trace:
        found["trace"] = [record.as_dict() for record in one.result.story.records]
    return found


def json_drop(one: Drop) -> dict[str, object]:
    """Return what became of one sentence that was taken out, for `in_json`."""
    return {
        "file": one.path,
        "line": one.sentence.number,
        "text": one.sentence.raw,
        "became": one.became,
        "missed_by": one.by or None,
    }


def in_github(played: Sequence[Played], _options: Options) -> str:
    """Return the commands by which a GitHub workflow marks the lines of missed expectations."""
    return "".join(github_command(problem) for problem in problems_of(played))


def in_junit(played: Sequence[Played], _options: Options) -> str:
    """Return a test suite a file, with a case a scenario and row."""
    timed = [one for project in played for one in project.timed]
    by_path: dict[str, list[Timed]] = {}
    for one in timed:
        by_path.setdefault(one.result.script.path, []).append(one)
    suites = "".join(junit_suite(path, cases) for path, cases in by_path.items())
    failed = sum(not one.result.passed for one in timed)
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n'
        f'<testsuites name="verbline test" tests="{len(timed)}" failures="{failed}" errors="0">\n'
        f"{suites}</testsuites>\n"
    )


def junit_suite(path: str, cases: Sequence[Timed]) -> str:
    """Return the test suite of one file."""
    name = xml(with_slashes(path))
    failed = sum(not one.result.passed for one in cases)
    seconds = sum(one.millis for one in cases) / 1000
    inside = "".join(junit_case(name, one) for one in cases)
    return (
        f'  <testsuite name="{name}" tests="{len(cases)}" failures="{failed}" errors="0"'
        f' time="{seconds:.6f}">\n{inside}  </testsuite>\n'
    )


def junit_case(name: str, one: Timed) -> str:
    """Return one test case; ``name`` is the file's path, escaped."""
    title = xml(one.result.script.title)
    head = f'    <testcase name="{title}" classname="{name}" time="{one.millis / 1000:.6f}"'
    if one.result.passed:
        return f"{head}/>\n"
    failures = "".join(junit_failure(problem) for problem in one.result.problems)
    return f"{head}>{failures}</testcase>\n"


def junit_failure(problem: Problem) -> str:
    """Return one missed expectation of a case."""
    told = f"{problem.path}:{problem.span.line} {problem.message}\n  {problem.suggestion}".rstrip()
    message = xml(problem.message.splitlines()[0])
    return f'<failure message="{message}" type="{problem.code}">{xml(told)}</failure>'


FORMATS: Mapping[str, Format] = {
    "pretty": in_pretty,
    "json": in_json,
    "junit": in_junit,
    "github": in_github,
}
