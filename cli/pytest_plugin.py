"""Scenarios as tests of pytest: ``pytest journeys/``. Rule: where there is no ``.journey`` file, nothing is loaded or changed.

pytest finds this module by its entry point ``verbline``; ``pytest -p no:verbline`` leaves it out. Each scenario, and each
row of its examples, is one test; what it misses is shown as `verbline test` shows it. A file that stands in no project is
looked at only where the call names it.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from verbline.cli.project import Reading
    from verbline.interpreter.problems import Problem
    from verbline.interpreter.scenarios.run import Runner
    from verbline.interpreter.scenarios.script import Script

SUFFIX = ".journey"


class Projects:
    """The projects that were met in one session, each read and compiled once."""

    def __init__(self) -> None:
        self.runners: dict[str, Runner] = {}
        self.errors: dict[str, list[Problem]] = {}

    def runner(self, reading: Reading) -> Runner:
        """Return what runs the scenarios of a project."""
        key = self.key(reading)
        if key not in self.runners:
            from verbline.interpreter.scenarios.run import Runner

            self.runners[key] = Runner(reading.project())
        return self.runners[key]

    def errors_in(self, reading: Reading) -> list[Problem]:
        """Return what keeps the scenarios of a project from being run."""
        key = self.key(reading)
        if key not in self.errors:
            self.errors[key] = reading.errors(self.runner(reading).project)
        return self.errors[key]

    def key(self, reading: Reading) -> str:
        """Return what tells projects apart: the folder, or the one file that is a project of its own."""
        alone = reading.settings is None and len(reading.paths) == 1
        return next(iter(reading.paths.values())) if alone else reading.folder


PROJECTS = pytest.StashKey[Projects]()


def pytest_configure(config: pytest.Config) -> None:
    """Make the place where projects are kept."""
    config.stash[PROJECTS] = Projects()


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    """Return the scenarios of a file of journeys."""
    if file_path.suffix != SUFFIX:
        return None
    from verbline.cli.folders import project_folder

    in_project = project_folder(os.path.dirname(os.path.abspath(file_path))) is not None
    if not in_project and not parent.session.isinitpath(file_path):
        return None
    return JourneyFile.from_parent(parent, path=file_path)


class JourneyFile(pytest.File):
    """One file of journeys."""

    def collect(self) -> Iterator[pytest.Item]:
        """Yield a test a scenario, and a row of its examples."""
        from verbline.cli.paths import one_file
        from verbline.interpreter.render import pretty

        projects = self.config.stash[PROJECTS]
        reading, name = one_file(os.fspath(self.path))
        runner = projects.runner(reading)
        scripts = runner.scripts(name)
        errors = projects.errors_in(reading) if scripts else []
        if errors:
            lines = reading.lines(runner.project)
            shown = (pretty(one, lines.get(one.path, ())) for one in errors[:10])
            raise self.CollectError("\n".join(shown))
        for script in scripts:
            item = Scenario.from_parent(self, name=script.title)
            item.runner, item.file, item.script = runner, name, script
            yield item


class Scenario(pytest.Item):
    """One scenario, or one row of its examples."""

    runner: Runner
    file: str
    script: Script

    def runtest(self) -> None:
        """Run it; a missed expectation fails it."""
        result = self.runner.run(self.file, self.script)
        if not result.passed:
            raise MissedError(result.problems)

    def repr_failure(  # type: ignore[override]
        self, excinfo: pytest.ExceptionInfo[BaseException], style: str | None = None
    ) -> str | object:
        """Return what was missed, as `verbline test` tells it."""
        if not isinstance(excinfo.value, MissedError):
            return super().repr_failure(excinfo)
        from verbline.interpreter.scenarios.report import missed_all

        lines = {self.script.path: self.script.scope.file.source.lines}
        return "\n".join(missed_all(excinfo.value.problems, lines))

    def reportinfo(self) -> tuple[Path, int, str]:
        """Return where the scenario begins, counted from 0, and its name."""
        return self.path, self.script.sentence.number - 1, self.script.title


class MissedError(Exception):
    """Expectations that were missed."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("; ".join(problem.message for problem in problems))
        self.problems = problems
