"""The work of `verbline run`. Rule: what cannot be begun is refused in a sentence, before anything has changed."""

from __future__ import annotations

import json
import sys
from contextlib import closing, contextmanager
from functools import partial
from pathlib import Path

from verbline.cli import WrongUsageError
from verbline.cli.knowing import refuse_if_restored
from verbline.cli.output import complain, write_document, write_utf8
from verbline.cli.taking import Source, report_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import Any

    from verbline.runtime.engine.given import Given
    from verbline.runtime.engine.opened import Store


# How long one thread computes while another one could, in seconds; usually that is ten times as long.
TURN = 0.0005


class Asked:
    """What the command line asks for; see `verbline.cli.run`."""

    __slots__ = ("form", "log", "source", "store")

    def __init__(
        self, project: str | None, log: str, store: str, *, environment: str, form: str
    ) -> None:
        self.log = Path(log)
        self.store = Path(store)
        self.form = form
        self.source = Source(project, self.log, environment)


def run_as(asked: Asked, *, rehearse: bool, once: bool, metrics: str | None) -> int:
    """Run in the way that is asked for and return the exit code; with ``metrics`` numbers are served there meanwhile."""
    if rehearse and once:
        raise WrongUsageError("Say --rehearse or --once, not both.")
    if metrics is None:
        return rehearsed(asked) if rehearse else ran(asked, once=once)
    if rehearse or once:
        raise WrongUsageError("--metrics goes with a run that goes on.")
    from verbline.cli.metering import serving

    with serving(metrics) as asked.source.metrics:
        return ran(asked, once=False)


def rehearsed(asked: Asked) -> int:
    """Let the log happen in a store of its own, say what it came to and return the exit code."""
    from verbline.runtime.engine.opened import REHEARSAL

    given = given_of(asked)
    if given is None:
        return 1
    with refusing() as answer:
        with opened(asked, given, REHEARSAL) as store:
            write(happened(given, store), asked.form)
        answer.code = 0
    return answer.code


@contextmanager
def opened(asked: Asked, given: Given, kind: str) -> Iterator[Store]:
    """Open the store, and take the project up for who is in it; none is made for a project that is not taken up."""
    from verbline.runtime.engine.given import Nobody
    from verbline.runtime.engine.opened import Store

    if not asked.store.exists():
        given.take_up(Nobody())
    with closing(Store(asked.store, given.wanted(kind))) as store:
        given.take_up(store.journal)
        yield store


def happened(given: Given, store: Store) -> dict[str, Any]:
    """Let the log happen in an open store, and return what it came to."""
    from verbline.cli.progress import Progress, read_so_far
    from verbline.runtime.clock import now
    from verbline.runtime.engine.engine import Engine
    from verbline.runtime.engine.outlets import File
    from verbline.runtime.engine.rehearse import rehearse
    from verbline.runtime.engine.sums import summary

    progress = Progress()
    with closing(File(given, store)) as file:
        engine = Engine(store, given, file.leaving())
        try:
            rehearse(engine, now(), lambda counts: progress.show(partial(read_so_far, counts)))
        finally:
            progress.clear()
        return {**summary(engine), "intents": str(file.path)}


def ran(asked: Asked, *, once: bool) -> int:
    """Run the journeys until told to stop, or ``once``; return the exit code."""
    from verbline.runtime.clock import now
    from verbline.runtime.engine.opened import LIVE, refuse_to_begin_anew

    given = given_of(asked)
    if given is None:
        return 1
    with refusing() as answer:
        refuse_to_begin_anew(asked.store, asked.log)
        with opened(asked, given, LIVE) as store:
            refuse_if_restored(store.ledger)
            told = lived(asked, store, now, once=once)
            if once:
                write(told, asked.form)
            answer.code = 0
    return answer.code


class Answer:
    """The exit code of a run that may be refused."""

    __slots__ = ("code",)

    def __init__(self) -> None:
        self.code = 1


@contextmanager
def refusing() -> Iterator[Answer]:
    """Say why something cannot be, instead of failing."""
    from verbline.runtime.channels.making import AdapterError
    from verbline.runtime.lines import LogError
    from verbline.runtime.settings.secret import SecretError
    from verbline.runtime.standing import StoreError
    from verbline.runtime.templates.faults import TemplateError
    from verbline.runtime.uptake.stored import NotTakenError

    try:
        yield Answer()
    except (
        LogError,
        StoreError,
        AdapterError,
        SecretError,
        TemplateError,
        NotTakenError,
    ) as error:
        complain(str(error))


def lived(asked: Asked, store: Store, clock: Callable[[], int], *, once: bool) -> dict[str, Any]:
    """Run the journeys on an open store, and return what it came to."""
    import signal

    from verbline.cli.progress import Progress, read_so_far
    from verbline.runtime.engine import cycles
    from verbline.runtime.engine.live import Live
    from verbline.runtime.engine.sums import summary
    from verbline.runtime.engine.telling import Telling

    progress = Progress()
    telling = Telling(sys.stderr, clock, notes=not once)
    live = Live(asked.source, store, telling, clock, lambda counts: progress.show(partial(read_so_far, counts)))  # fmt: skip
    live.runner.is_patient = not once
    for one in (signal.SIGTERM, signal.SIGINT):
        signal.signal(one, live.stop)
    try:
        live.begin()
        progress.clear()
        # Who hands something over does not wait for long until whoever computes makes room.
        sys.setswitchinterval(TURN)
        with cycles.apart():
            if once:
                live.once()
            else:
                live.follow()
    finally:
        progress.clear()
        live.close()
    return summary(live.engine)


def given_of(asked: Asked) -> Given | None:
    """Return what an engine is given of the project; None where it has errors, which are then told on standard error."""
    from verbline.runtime.engine.given import UnreadableError

    try:
        given = asked.source.read()
    except UnreadableError as error:
        raise WrongUsageError(str(error)) from error
    if given.errors:
        sys.stderr.write(report_of(asked.source.reading, given, given.errors))
        return None
    return given


def write(told: dict[str, Any], form: str) -> None:
    """Write the sums of a run."""
    if form == "json":
        write_utf8(json.dumps(told, ensure_ascii=False, indent=1) + "\n")
        return
    from verbline.cli.run_text import text_of

    write_document(text_of(told))
