"""What `verbline check` and `verbline lint` do. Rule: no click here, so that a plain call need not load it."""

from __future__ import annotations

from verbline.cli.answers import Answers
from verbline.cli.output import wants_color, write, write_utf8
from verbline.cli.paths import readings

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from verbline.cli.formats import Report
    from verbline.cli.project import Reading
    from verbline.interpreter.problems import Problem
    from verbline.interpreter.project import Project

FORMATS = ("pretty", "compact", "json", "github", "sarif", "junit")
COLORS = ("auto", "always", "never")
FOR_PEOPLE = ("pretty", "compact")
PRESETS = ("starter", "standard", "strict")


class Options:
    """The options of one call, each with the value it has when it is not given."""

    __slots__ = ("color", "command", "form", "paths", "preset", "quiet", "stdin_filename")

    def __init__(
        self,
        command: str,
        paths: Sequence[str] = (),
        *,
        form: str = "pretty",
        color: str = "auto",
        quiet: bool = False,
        preset: str = "standard",
        stdin_filename: str | None = None,
    ) -> None:
        self.command = command
        self.paths = tuple(paths)
        self.form = form
        self.color = color
        self.quiet = quiet
        self.preset = preset
        self.stdin_filename = stdin_filename


def answer(options: Options) -> int:
    """Find what there is to find, print it in the format asked for and return the exit code."""
    found = readings(options.paths, options.stdin_filename)
    color = options.form == "pretty" and wants_color(options.color)
    question = (options.command, options.form, options.preset, str(color), str(options.quiet))
    date = today() if options.command == "lint" else ""
    answers = Answers((*question, date), found)
    known = answers.find()
    if known is None:
        report = report_on(found, options, color=color, date=date)
        known = report.code, text_of(report, options.form)
        answers.keep(*known)
    code, text = known
    say(text, options.form)
    return code


def say(text: str, form: str) -> None:
    """Write a report: for people as their terminal wants it, for programs as UTF-8."""
    (write if form in FOR_PEOPLE else write_utf8)(text)


def today() -> str:
    """Return the date on which acceptances run out, such as ``2027-03-01``."""
    import time

    return time.strftime("%Y-%m-%d")


def report_on(found: Sequence[Reading], options: Options, *, color: bool, date: str) -> Report:
    """Return what the command of ``options`` finds in the projects."""
    from verbline.cli.formats import Report

    problems: list[Problem] = []
    paths: list[str] = []
    lines: dict[str, list[str]] = {}
    for reading in found:
        project = reading.project()
        inside = [
            *project.settings.problems,
            *reading.problems(),
            *problems_in(project, reading.asked, options, date),
        ]
        problems += sorted(inside, key=lambda problem: problem.key)
        paths += [reading.shown[name] for name in reading.asked]
        lines |= reading.lines(project)
        if reading.texts:
            lines |= text_lines(project, reading)
    return Report(
        options.command,
        paths,
        problems,
        lines,
        failing=failing(options),
        color=color,
        quiet=options.quiet,
    )


def text_lines(project: Project, reading: Reading) -> dict[str, list[str]]:
    """Return the lines of the text files that were read, by the path that findings name."""
    texts = {path: reading.text(path) for path in reading.texts}
    return {
        project.overview.folder + path: text.splitlines()
        for path, text in texts.items()
        if text is not None
    }


def problems_in(project: Project, names: list[str], options: Options, date: str) -> list[Problem]:
    """Return what the command of ``options`` finds in the files ``names``."""
    if options.command == "check":
        from verbline.interpreter.check import check

        return check(project, names)
    from verbline.interpreter.lint import lint

    return lint(project, names, preset=options.preset, today=date)


def failing(options: Options) -> tuple[str, ...]:
    """Return the levels that fail the run."""
    if options.command == "check":
        return ("error",)
    from verbline.interpreter.lint import FAILING

    return FAILING[options.preset]


def text_of(report: Report, form: str) -> str:
    """Return the report in one of `FORMATS`."""
    if form == "sarif":
        from verbline.cli.sarif import in_sarif

        return in_sarif(report)
    from verbline.cli import formats

    return formats.FORMATS[form](report)
