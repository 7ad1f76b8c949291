"""The work of `verbline run`. Rule: what cannot be begun is refused in a sentence, before anything has changed."""

from __future__ import annotations

import json
import os
import sys
from contextlib import closing
from functools import partial
from pathlib import Path

from verbline.cli import WrongUsageError
from verbline.cli.knowing import refuse_if_restored
from verbline.cli.output import complain, write_document, write_utf8

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Any

    from verbline.cli.programs import Compiled
    from verbline.interpreter.problems import Problem
    from verbline.runtime.engine.given import Given
    from verbline.runtime.engine.opened import Store


class Asked:
    """What the command line asks for; see `verbline.cli.run`."""

    __slots__ = ("environment", "form", "log", "project", "store")

    def __init__(self, project: str | None, log: str, store: str, form: str) -> None:
        self.project = project
        self.log = Path(log)
        self.store = Path(store)
        self.form = form
        self.environment = ""


def rehearsed(asked: Asked) -> int:
    """Let the log happen in a store of its own, say what it came to and return the exit code."""
    from verbline.cli.programs import compiled
    from verbline.cli.progress import Progress, read_so_far
    from verbline.runtime.channels.making import AdapterError
    from verbline.runtime.clock import now
    from verbline.runtime.engine.engine import Engine
    from verbline.runtime.engine.opened import REHEARSAL, Store
    from verbline.runtime.engine.outlets import File
    from verbline.runtime.engine.rehearse import rehearse
    from verbline.runtime.engine.sums import summary
    from verbline.runtime.lines import LogError
    from verbline.runtime.standing import StoreError
    from verbline.runtime.templates.faults import TemplateError

    found = compiled(asked.project)
    if found is None:
        return 1
    given = given_of(asked, found)
    if given is None:
        return 1
    progress = Progress()
    try:
        with (
            closing(Store(asked.store, given.wanted(REHEARSAL))) as store,
            closing(File(given, store)) as file,
        ):
            engine = Engine(store, given, file.leaving())
            rehearse(engine, now(), lambda counts: progress.show(partial(read_so_far, counts)))
            told = summary(engine)
            told["intents"] = str(file.path)
    except (LogError, StoreError, AdapterError, TemplateError) as error:
        progress.clear()
        complain(str(error))
        return 1
    finally:
        progress.clear()
    write(told, asked.form)
    return 0


def ran(asked: Asked, *, once: bool) -> int:
    """Run the journeys until told to stop, or ``once``; return the exit code."""
    from verbline.cli.programs import compiled
    from verbline.runtime.channels.making import AdapterError
    from verbline.runtime.clock import now
    from verbline.runtime.engine.live import refuse_to_begin_anew
    from verbline.runtime.engine.opened import LIVE, Store
    from verbline.runtime.lines import LogError
    from verbline.runtime.settings.secret import SecretError
    from verbline.runtime.standing import StoreError

    found = compiled(asked.project)
    given = None if found is None else given_of(asked, found)
    if given is None:
        return 1
    try:
        refuse_to_begin_anew(asked.store, asked.log)
        with closing(Store(asked.store, given.wanted(LIVE))) as store:
            refuse_if_restored(store.ledger)
            told = lived(given, store, now, once=once)
    except (LogError, StoreError, AdapterError, SecretError) as error:
        complain(str(error))
        return 1
    if once:
        write(told, asked.form)
    return 0


def lived(given: Given, store: Store, clock: Callable[[], int], *, once: bool) -> dict[str, Any]:
    """Run the journeys on an open store, and return what it came to."""
    import gc
    import signal

    from verbline.cli.progress import Progress, read_so_far
    from verbline.runtime.engine.live import Live
    from verbline.runtime.engine.sums import summary
    from verbline.runtime.engine.telling import Telling

    progress = Progress()
    telling = Telling(sys.stderr, clock, notes=not once)
    live = Live(given, store, telling, clock, lambda counts: progress.show(partial(read_so_far, counts)))  # fmt: skip
    for one in (signal.SIGTERM, signal.SIGINT):
        signal.signal(one, live.stop)
    try:
        live.begin()
        progress.clear()
        # What is there stays for long; what comes and goes is looked for among the rest alone.
        gc.freeze()
        gc.enable()
        if once:
            live.once()
        else:
            live.follow()
    finally:
        progress.clear()
        live.close()
    return summary(live.engine)


def given_of(asked: Asked, found: Compiled) -> Given | None:
    """Return what an engine is given of a project; None where its settings have errors, which are then told.

    Wrong usage where something else of it cannot be read.
    """
    from importlib import metadata

    from verbline.cli.version import VERSION
    from verbline.interpreter.settings import settings_of
    from verbline.runtime.consent.keys import NoKeyError, key_in
    from verbline.runtime.engine.given import Given
    from verbline.runtime.settings.read import UnknownEnvironmentError, runtime_of
    from verbline.runtime.sources import SourcesError, sources_of

    reading = found.reading
    assert reading.settings is not None, "a project has settings"
    try:
        sources = sources_of(reading.settings)
        key = key_in(os.environ)
        settings, problems = runtime_of(reading.settings_shown, reading.settings, asked.environment)
    except (NoKeyError, SourcesError, UnknownEnvironmentError) as error:
        raise WrongUsageError(str(error)) from error
    except OSError as error:
        raise WrongUsageError(f"The key of the ledger cannot be read: {error.strerror}.") from error
    if problems:
        tell_problems(found, problems)
        return None
    given = Given(found.project, found.program, asked.log, sources, settings)
    given.name = settings_of("verbline.toml", reading.settings).name
    given.folder = Path(reading.folder)
    given.key = key
    given.environment = os.environ
    given.notes = {"tz": metadata.version("tzdata"), "program": VERSION}
    return given


def tell_problems(found: Compiled, problems: Sequence[Problem]) -> None:
    """Tell on standard error what is wrong with the settings."""
    from verbline.cli.findings import text_of
    from verbline.cli.formats import Report

    reading = found.reading
    lines = reading.lines(found.project)
    report = Report("check", [reading.settings_shown], list(problems), lines, color=False)
    sys.stderr.write(text_of(report, "pretty"))


def write(told: dict[str, Any], form: str) -> None:
    """Write the sums of a run."""
    if form == "json":
        write_utf8(json.dumps(told, ensure_ascii=False, indent=1) + "\n")
        return
    from verbline.cli.run_text import text_of

    write_document(text_of(told))
