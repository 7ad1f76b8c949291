"""`verbline doctor`. Rule: it looks at everything, changes nothing, and ends in 1 where `run` would be refused."""

from __future__ import annotations

import json
from typing import NamedTuple

import click

from verbline.cli import options
from verbline.cli.output import COLORS, wants_color, write_document, write_utf8

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from verbline.runtime.doctor import Look

MARKS = {"ok": "ok      ", "note": "note    ", "warning": "warning ", "error": "error   "}
SHADES = {"warning": "warning", "error": "error"}


class Asked(NamedTuple):
    """What the command line asks for."""

    project: str | None
    log: str | None
    store: str | None
    environment: str


@click.command(short_help="Find what stands in the way of `run`.")
@options.PROJECT
@click.option("--log", metavar="LOG", help="The log: a file, or a folder of .jsonl files.")
@click.option("--store", metavar="FILE", help="The store of the running project.")
@click.option("--environment", metavar="NAME", default="", help="With the settings of this environment.")  # fmt: skip
@options.form("How the answer is written.")
@options.COLOR
def doctor(
    project: str | None, log: str | None, store: str | None, environment: str, form: str, color: str
) -> int:
    """Find what stands in the way of `run`.

    PROJECT is a folder with a verbline.toml; by default the project around the working folder. Looked at
    are the versions that matter, the settings, channels, desks, secrets and links, and where they are
    named the log and the store. Nothing is sent, and nothing is changed. Ends in 1 where something is
    an error; a warning is what runs, though perhaps not as meant.
    """
    found = list(looks(Asked(project, log, store, environment)))
    if form == "json":
        form_of = {"format": 1, "looks": [one._asdict() for one in found]}
        write_utf8(json.dumps(form_of, ensure_ascii=False, indent=1) + "\n")
    else:
        write_document("".join(lines(found, color=wants_color(color))))
    return 1 if any(one.level == "error" for one in found) else 0


def looks(asked: Asked) -> Iterator[Look]:
    """Yield everything that is found."""
    from pathlib import Path

    from verbline.runtime import doctor as runtime

    yield from runtime.of_machine()
    yield runtime.of_templates()
    yield from of_project(asked)
    if asked.log is not None:
        yield from runtime.of_log(Path(asked.log))
    if asked.store is not None:
        yield from runtime.of_store(Path(asked.store))


def of_project(asked: Asked) -> Iterator[Look]:
    """Yield what is found about the project and its settings."""
    import os
    from pathlib import Path

    from verbline.cli import WrongUsageError
    from verbline.cli.programs import compiled
    from verbline.runtime import doctor as runtime
    from verbline.runtime.settings.read import UnknownEnvironmentError, runtime_of

    found = compiled(asked.project)
    if found is None:
        yield runtime.Look("error", "project", "It has errors: `verbline check` tells them.")
        return
    count = len(found.program.journeys)
    yield runtime.Look("ok", "project", f"{count} journey{'s' * (count != 1)}, no errors.")
    reading = found.reading
    try:
        settings, problems = runtime_of(reading.settings_shown, reading.settings or b"", asked.environment)  # fmt: skip
    except UnknownEnvironmentError as error:
        raise WrongUsageError(str(error)) from error
    for problem in problems:
        yield runtime.Look("error", f"{problem.path}:{problem.span.line}", problem.message)
    if problems:
        return
    yield from runtime.of_channels(found.program, settings)
    yield runtime.of_links(found.program, settings)
    yield runtime.of_adapters(found.program, settings, Path(reading.folder), os.environ)


def lines(found: list[Look], *, color: bool) -> Iterator[str]:
    """Yield the lines of the answer for people."""
    width = max(len(one.about) for one in found)
    for look in found:
        mark = MARKS[look.level]
        shade = COLORS.get(SHADES.get(look.level, ""), "")
        if color and shade:
            mark = f"\x1b[{shade}m{mark}\x1b[0m"
        yield f"{mark}{look.about:<{width}}  {look.sentence}\n"
    bad = sum(one.level == "error" for one in found)
    doubtful = sum(one.level == "warning" for one in found)
    yield f"{bad} error{'s' * (bad != 1)}, {doubtful} warning{'s' * (doubtful != 1)}\n"
