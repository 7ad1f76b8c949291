"""What `verbline test` does. Rule: a project with errors is not run; what is wrong with it is said instead."""

from __future__ import annotations

import time
from functools import partial

from verbline.cli import WrongUsageError
from verbline.cli.findings import say
from verbline.cli.formats import Report
from verbline.cli.output import wants_color
from verbline.cli.paths import readings

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from verbline.cli.project import Reading
    from verbline.interpreter.project import Project
    from verbline.interpreter.scenarios.coverage import Coverage
    from verbline.interpreter.scenarios.drops import Drop
    from verbline.interpreter.scenarios.run import Result
    from verbline.interpreter.scenarios.script import Script


class Options:
    """The options of one call, each with the value it has when it is not given."""

    __slots__ = ("color", "coverage", "drop_lines", "form", "name", "paths", "quiet", "trace")

    def __init__(
        self,
        paths: Sequence[str] = (),
        *,
        form: str = "pretty",
        color: str = "auto",
        quiet: bool = False,
    ) -> None:
        self.paths = tuple(paths)
        self.form = form
        self.color = color
        self.quiet = quiet
        self.name = ""
        self.trace = False
        self.coverage = False
        self.drop_lines = False


class Timed:
    """What came of one script, and how many milliseconds it took."""

    __slots__ = ("millis", "result")

    def __init__(self, result: Result, millis: float) -> None:
        self.result = result
        self.millis = millis


class Played:
    """What came of the scenarios of one project; ``drops`` is None where no sentence was taken out."""

    __slots__ = ("coverage", "drops", "lines", "project", "timed")

    def __init__(self, project: Project, timed: list[Timed], coverage: Coverage) -> None:
        self.project = project
        self.timed = timed
        self.coverage = coverage
        self.drops: list[Drop] | None = None
        self.lines = {file.path: file.source.lines for file in project.files.values()}


def answer(options: Options) -> int:
    """Run the scenarios, print what came of them in the format asked for, and return the exit code."""
    from verbline.cli.results import text_of

    found = readings(options.paths)
    projects = [one.project() for one in found]
    of_each = list(zip(found, projects, strict=True))
    broken = [one for one, project in of_each if not sound(one, project, options)]
    if broken:
        return 1
    played = [play(project, one.asked, options) for one, project in of_each]
    if options.name and not any(one.timed for one in played):
        raise WrongUsageError(f'There is no scenario whose name holds "{options.name}".')
    say(text_of(played, options), options.form)
    passed = all(one.result.passed for project in played for one in project.timed)
    return 0 if passed else 1


def sound(reading: Reading, project: Project, options: Options) -> bool:
    """Return whether a project has no errors; say which it has where it has some."""
    from verbline.cli.findings import text_of

    errors = reading.errors(project)
    if errors:
        paths = [reading.shown[name] for name in reading.contents]
        color = options.form == "pretty" and wants_color(options.color)
        report = Report("test", paths, errors, reading.lines(project), color=color)
        say(text_of(report, options.form), options.form)
    return not errors


def play(project: Project, files: Sequence[str], options: Options) -> Played:
    """Run the scenarios in ``files`` of one project, and take out sentences where that was asked for."""
    from verbline.interpreter.scenarios.coverage import coverage

    timed = list(run(project, files, options.name))
    results = [one.result for one in timed]
    played = Played(project, timed, coverage(project, results, files))
    if options.drop_lines and all(one.passed for one in results):
        played.drops = list(drops(project, files, results))
    return played


def run(project: Project, files: Sequence[str], name: str) -> Iterator[Timed]:
    """Yield what came of each script in ``files`` whose name holds ``name``."""
    from verbline.interpreter.scenarios.run import Runner

    runner = Runner(project)
    for file in files:
        for script in runner.scripts(file):
            if is_wanted(script, name):
                runner.program(file)
                begun = time.perf_counter()
                result = runner.run(file, script)
                yield Timed(result, (time.perf_counter() - begun) * 1000)


def is_wanted(script: Script, name: str) -> bool:
    """Return whether a scenario's name, or its row, holds ``name``."""
    return name.casefold() in script.title.casefold()


def drops(project: Project, files: Sequence[str], results: list[Result]) -> Iterator[Drop]:
    """Yield what becomes of each sentence that is taken out, and show how far it has come."""
    from verbline.cli.progress import Progress
    from verbline.interpreter.scenarios.drops import Dropper

    dropper = Dropper(project, results)
    candidates = dropper.candidates(files)
    progress = Progress(at_once=True)
    for number, (file, sentence) in enumerate(candidates, 1):
        progress.show(partial("{} of {} sentences".format, number, len(candidates)))
        yield dropper.drop(file, sentence)
    progress.clear()
