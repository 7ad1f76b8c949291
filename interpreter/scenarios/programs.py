"""A project as one file's scenarios see it. Rule: only the journeys of the file and of the files it uses are there."""

from __future__ import annotations

from verbline.interpreter.program.compile import compile_project
from verbline.interpreter.scenarios.facts import conditions_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from verbline.interpreter.program.program import Program
    from verbline.interpreter.project import Project
    from verbline.interpreter.scenarios.script import Script


def files_seen(project: Project, name: str) -> list[str]:
    """Return the names of the project's files that the file ``name`` sees, itself among them."""
    parts = project.scopes[name].parts
    return [one for one, names in project.names.items() if names in parts]


def program_for(project: Project, name: str, scripts: Iterable[Script]) -> Program:
    """Return the program for the scripts of the file ``name``, which remembers as much as their expectations look back to."""
    program = compile_project(project, files=files_seen(project, name))
    for script in scripts:
        for condition in conditions_of(script.lines, program.meanings):
            for moment, number in condition.needs.items():
                found = program.moments[moment]
                found.keep = max(found.keep, number)
                found.idle = found.plain = False
    return program
