"""A project from disk as a program. Rule: a project with errors is not compiled; what is wrong with it is said instead."""

from __future__ import annotations

import sys

from verbline.cli import WrongUsageError
from verbline.cli.output import wants_color
from verbline.cli.paths import readings

TYPE_CHECKING = False
if TYPE_CHECKING:
    from verbline.cli.project import Reading
    from verbline.interpreter.program.program import Program
    from verbline.interpreter.project import Project


class Compiled:
    """One project, read and compiled."""

    __slots__ = ("program", "project", "reading")

    def __init__(self, reading: Reading, project: Project, program: Program) -> None:
        self.reading = reading
        self.project = project
        self.program = program


def compiled(path: str | None) -> Compiled | None:
    """Return the project at ``path``, the one around the working folder where none is named, compiled.

    None where it has errors, which are then told on standard error.
    """
    from verbline.interpreter.program.compile import compile_project

    found = readings((path,) if path else ())
    if len(found) != 1:
        raise WrongUsageError("Name one project: a folder with a verbline.toml.")
    project = sound(found[0])
    return None if project is None else Compiled(found[0], project, compile_project(project))


def sound(reading: Reading) -> Project | None:
    """Return the project of a reading; None where it has errors, which are then told on standard error."""
    from verbline.cli.findings import text_of
    from verbline.cli.formats import Report

    project = reading.project()
    errors = reading.errors(project)
    if not errors:
        return project
    paths = [reading.shown[name] for name in reading.contents]
    color = wants_color("auto") and sys.stderr.isatty()
    report = Report("check", paths, errors, reading.lines(project), color=color)
    sys.stderr.write(text_of(report, "pretty"))
    return None
