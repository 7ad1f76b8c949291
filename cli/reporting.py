"""The work of `verbline report`. Rule: the log is only read, and a file is written whole or not at all."""

from __future__ import annotations

import os
import sys
from contextlib import contextmanager
from functools import partial

from verbline.cli import WrongUsageError
from verbline.cli.simulation import instant_of, opened

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from typing import Any

    from verbline.cli.programs import Compiled
    from verbline.cli.progress import Progress
    from verbline.runtime.log import Log
    from verbline.runtime.report.report import Report
    from verbline.runtime.report.run import Facts
    from verbline.runtime.report.window import Window

# From so many events on it is told how long it took and how much memory it needed.
MANY = 100_000


class Asked:
    """What the command line asks for; see `verbline.cli.report`."""

    __slots__ = ("by", "color", "form", "log", "out", "project", "start", "store", "until")

    def __init__(self, project: str | None, log: str, *, form: str, color: str) -> None:
        self.project = project
        self.log = log
        self.form = form
        self.color = color
        self.start: str | None = None
        self.until: str | None = None
        self.by: tuple[str, ...] = ()
        self.out: str | None = None
        self.store: str | None = None


def answer(asked: Asked) -> int:
    """Compute the report, write it and return the exit code."""
    from verbline.cli.output import must_be_writable
    from verbline.cli.programs import compiled

    found = compiled(asked.project)
    if found is None:
        return 1
    zone = found.program.zone
    start, until = instant_of(asked.start, zone), instant_of(asked.until, zone)
    if start is not None and until is not None and until <= start:
        raise WrongUsageError("The time of --until has to lie after that of --from.")
    if asked.out is not None:
        must_be_writable(asked.out)
    write(asked, *computed(asked, found, start, until))
    return 0


def computed(
    asked: Asked, found: Compiled, start: int | None, until: int | None
) -> tuple[Report, dict[str, str]]:
    """Return the report, and pictures of the journeys where they are shown; wrong usage where the log or the settings cannot be read."""
    import time

    from verbline.cli.progress import Progress
    from verbline.runtime.lines import LogError
    from verbline.runtime.report.report import report
    from verbline.runtime.report.roles import RolesError
    from verbline.runtime.shares import EndedError

    progress, began = Progress(), time.perf_counter()
    try:
        facts = noted(asked, found, start, until, progress)
        window = window_of(facts, start, until)
        made = report(
            found.project,
            facts,
            window,
            asked.by,
            lambda title: progress.show(lambda: f"\x1b[K{title}"),
        )
    except (LogError, RolesError, EndedError) as error:
        raise WrongUsageError(str(error)) from error
    finally:
        progress.clear()
    tell_cost(facts.run.events, time.perf_counter() - began)
    return made, drawn(found, facts) if asked.form == "html" else {}


def noted(
    asked: Asked, found: Compiled, start: int | None, until: int | None, progress: Progress
) -> Facts:
    """Let the log happen, and return what was noted of it."""
    from verbline.cli.progress import read_so_far
    from verbline.runtime.report.roles import roles_of
    from verbline.runtime.report.run import facts
    from verbline.runtime.report.wanted import wanted
    from verbline.runtime.sources import SourcesError, sources_of

    try:
        sources = sources_of(found.reading.settings)
    except SourcesError as error:
        raise WrongUsageError(str(error)) from error

    def show(log: Log) -> None:
        progress.show(partial(read_so_far, log.counts))

    with records_of(asked, found) as records:
        return facts(
            found.project,
            found.program,
            wanted(found.project, found.program),
            roles_of(found.reading.settings, found.program),
            lambda run: opened(asked.log, run, None),
            bounds=(start, until),
            sources=sources,
            records=records,
            progress=show,
        )


@contextmanager
def records_of(asked: Asked, found: Compiled) -> Iterator[Iterable[Mapping[str, Any]] | None]:
    """Hold the records of the store; None where none was named. Wrong usage where it is none of this project."""
    if asked.store is None:
        yield None
        return
    from pathlib import Path

    from verbline.runtime.consent.keys import key_in
    from verbline.runtime.explain.stored import stored
    from verbline.runtime.standing import StoreError
    from verbline.runtime.traces.told import Told

    try:
        path, name = Path(asked.store), found.project.settings.name
        with stored(path, found.project, name, key_in(os.environ)) as store:
            yield Told(store.connection).all()
    except StoreError as error:
        raise WrongUsageError(str(error)) from error


def drawn(found: Compiled, facts: Facts) -> dict[str, str]:
    """Return the journeys as pictures, with how many went which way."""
    from verbline.runtime.pictures.walking import pictures

    return pictures(found.project, facts.notes.walks)


def window_of(facts: Facts, start: int | None, until: int | None) -> Window | None:
    """Return the window that was asked for; None where each metric takes its own."""
    from verbline.runtime.report.window import Window

    if start is None and until is None:
        return None
    if start is None:
        return None
    return Window(start, max(start + 1, facts.cut if until is None else until))


def tell_cost(events: int, seconds: float) -> None:
    """Say of a large log how long it took, and how much memory was needed."""
    if events >= MANY:
        from verbline.cli.memory import most

        sys.stderr.write(f"{events:,} events in {seconds:.1f} s{most()}\n")


def text_of(asked: Asked, made: Report, pictures: dict[str, str]) -> str:
    """Return the report in the form asked for."""
    from verbline.runtime.report.written import as_csv, as_json

    match asked.form:
        case "json":
            return as_json(made)
        case "csv":
            return as_csv(made)
        case "html":
            from verbline.runtime.report.page import page

            return page(made, pictures)
        case _:
            from verbline.cli.output import wants_color
            from verbline.cli.report_text import text_of as told

            return told(made, color=asked.out is None and wants_color(asked.color))


def write(asked: Asked, made: Report, pictures: dict[str, str]) -> None:
    """Write the report to standard output, or into a file that then appears at once."""
    from verbline.cli.output import write_document, write_file, write_utf8

    text = text_of(asked, made, pictures)
    if asked.out is None:
        (write_document if asked.form == "text" else write_utf8)(text)
        return
    write_file(asked.out, text)
