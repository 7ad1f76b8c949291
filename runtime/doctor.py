"""What stands in the way of running a project on this machine. Rule: every look is told, also where all is well; none changes anything.

Nothing is sent and no receiver is asked: what is looked at is the machine, the settings, the log and the store.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
import sys
from collections import deque
from contextlib import closing
from typing import NamedTuple

from verbline.interpreter.compiled import why_plain
from verbline.interpreter.zones import database_version
from verbline.runtime.channels.dispatch import DESK, Dispatch
from verbline.runtime.channels.dispatch import Project as Dispatched
from verbline.runtime.channels.making import OUTBOX, AdapterError
from verbline.runtime.follow.wake import Wake
from verbline.runtime.identity.schema import is_marked
from verbline.runtime.lines import LogError, size_of
from verbline.runtime.log import files_of
from verbline.runtime.own import own_log
from verbline.runtime.settings.secret import SecretError
from verbline.runtime.standing import address_of
from verbline.runtime.store.damage import STRANGE, UNMARKED
from verbline.runtime.store.journal import loaded
from verbline.runtime.store.names import other_name
from verbline.runtime.store.rows import rows_in
from verbline.runtime.templates.environment import Templates
from verbline.runtime.templates.faults import TemplateError
from verbline.runtime.templates.worker import Job, Worker

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from verbline.interpreter.program.program import Program
    from verbline.runtime.channels.answers import Answer
    from verbline.runtime.channels.intent import Intent
    from verbline.runtime.settings.tables import Runtime

OK, NOTE, WARNING, ERROR = "ok", "note", "warning", "error"
# SQLite can corrupt a file in WAL mode from the first of these versions on, and no longer from the second.
WAL_RESET = ((3, 7, 0), (3, 51, 3))
# A store needs so much room, or as much as it has now: a file that is packed anew stands twice.
ROOM_MIN = 256 << 20
PROBE = "{% for one in many %}{{ one | escape }}{% endfor %}"


class Look(NamedTuple):
    """What one look has found: how bad it is, what it is about, and a sentence."""

    level: str
    about: str
    sentence: str


class Silent:
    """An outbox in which nothing is."""

    def due(self, channel: str, lane: int, now: int, limit: int) -> Sequence[Intent]:
        """Return nothing."""
        return ()

    def taken(self, key: str, now: int) -> bool:
        """Say that nothing may be handed over."""
        return False

    def answered(self, key: str, answer: Answer, now: int, again: int | None) -> None:
        """Write down nothing."""


def of_machine() -> Iterator[Look]:
    """Yield what is found about the machine."""
    yield Look(OK, "Python", f"{sys.version.split()[0]}.")
    yield of_build()
    first, mended = WAL_RESET
    version = sqlite3.sqlite_version
    if first <= sqlite3.sqlite_version_info < mended:
        yield Look(
            NOTE,
            "SQLite",
            f"{version} can corrupt a file when two connections write at once (3.7.0 to 3.51.2). Verbline writes over one,"
            " so let no other program write to the store while it runs; reading it is safe.",
        )
    else:
        yield Look(OK, "SQLite", f"{version}.")
    yield Look(OK, "time zones", f"{database_version()}, from the package and not from the machine.")  # fmt: skip


def of_build() -> Look:
    """Return whether what counts most is compiled."""
    reason = why_plain()
    if not reason:
        return Look(OK, "build", "compiled.")
    return Look(NOTE, "build", f"plain, because {reason}. All works; reading a log takes longer.")


def of_templates() -> Look:
    """Return whether texts can be made in a process of their own, with limits."""
    try:
        Templates().render(PROBE, {"many": ["a"]}, rich=True)
        with Worker() as worker:
            (made,) = worker.render_all([Job(PROBE, {"many": ["<"]}, rich=True)])
    except (TemplateError, OSError) as error:
        return Look(ERROR, "templates", f"No text can be made: {error}.")
    if isinstance(made, TemplateError):
        return Look(ERROR, "templates", f"No text can be made: {made}.")
    return Look(OK, "templates", "Texts are made in a process of its own, with limits.")


def of_channels(program: Program, settings: Runtime) -> Iterator[Look]:
    """Yield what is found about the channels and desks that the journeys use."""
    channels = sorted({one for journey in program.journeys.values() for one in journey.channels})
    for name in channels:
        table = settings.channels.get(name)
        about = f"channel {name}"
        if table is None:
            yield Look(WARNING, about, f"No settings: what would be sent goes into {OUTBOX}/{name}.jsonl.")  # fmt: skip
        elif table.adapter in ("file", "console"):
            yield Look(WARNING, about, f"The adapter is {table.adapter}: nothing leaves this machine.")  # fmt: skip
        else:
            yield Look(OK, about, f"{table.adapter}.")
    for name in sorted(program.desks):
        about = f"desk {name}"
        desk = settings.desks.get(name)
        if desk is None:
            yield Look(WARNING, about, f"No settings: its tasks go into {OUTBOX}/desks.jsonl.")
        else:
            way = "email" if desk.email else "webhook" if desk.webhook else "file"
            yield Look(OK, about, f"Tasks go by {way}.")


def of_links(program: Program, settings: Runtime) -> Look:
    """Return whether answers and the way out have a link to stand in."""
    needing = sorted(
        one.name
        for one in program.journeys.values()
        if any(step.shape == "confirm" or is_marketing(step) for step in one.steps.values())
    )
    if settings.links.base:
        kept = "" if settings.links.key else " The key that signs them is made by the runtime and kept beside the store."  # fmt: skip
        return Look(OK, "links", f"{settings.links.base}.{kept}")
    if needing:
        told = ", ".join(f'"{name}"' for name in needing)
        return Look(ERROR, "links", f"[links] names no base, and {told} asks or sells: there has to be a way to answer and a way out.")  # fmt: skip
    return Look(OK, "links", "None are needed.")


def is_marketing(step: object) -> bool:
    """Return whether a step sends what people can leave."""
    purpose = getattr(step, "purpose", None)
    return purpose is not None and purpose.cls == "marketing"


def of_adapters(
    program: Program, settings: Runtime, folder: Path, environment: Mapping[str, str]
) -> Look:
    """Return whether every channel can be made: adapters are there, and secrets where their names say."""
    channels = {one for journey in program.journeys.values() for one in journey.channels}
    project = Dispatched(sorted(channels), sorted(program.desks), folder, environment)
    try:
        dispatch = Dispatch(project, settings, Silent())
    except (SecretError, AdapterError) as error:
        return Look(ERROR, "secrets and adapters", str(error))
    for courier in dispatch.couriers.values():
        courier.channel.close()
    told = sum(name.startswith(DESK) for name in dispatch.couriers)
    return Look(OK, "secrets and adapters", f"{len(dispatch.couriers) - told} channels and {told} desks can be made.")  # fmt: skip


def of_log(log: Path) -> Iterator[Look]:
    """Yield what is found about the log: whether it can be read, watched, and written beside."""
    try:
        files = files_of(log)
        size = sum(map(size_of, files))
    except LogError as error:
        yield Look(ERROR, "log", str(error))
        return
    yield Look(OK, "log", f"{len(files)} file{'s' * (len(files) != 1)}, {size:,} bytes.")
    own = own_log(log)
    if not os.access(own if own.exists() else own.parent, os.W_OK):
        yield Look(ERROR, "the runtime's own log", f'"{own}" cannot be written.')
    folder = log if log.is_dir() else log.parent
    with Wake(folder) as wake:
        if wake.degraded:
            yield Look(WARNING, "watching the log", "The system watches no more folders: new lines are met once a second.")  # fmt: skip
        else:
            yield Look(OK, "watching the log", "A new line is met at once.")


def of_store(store: Path) -> Iterator[Look]:
    """Yield what is found about the store, read and not touched."""
    if not store.exists():
        yield Look(NOTE, "store", f'"{store}" is not there yet: `verbline run` makes it.')
        yield from of_room(store, 0)
        return
    size = store.stat().st_size
    if not size:
        yield Look(ERROR, "store", f'"{store}" is empty: that is no store. `verbline rebuild` makes it from the logs.')  # fmt: skip
        return
    hindrance = other_name(store)
    if hindrance:
        yield Look(ERROR, "store", hindrance)
        return
    try:
        with closing(sqlite3.connect(address_of(store), uri=True)) as connection:
            (answer,) = connection.execute("pragma integrity_check(1)").fetchone()
            if answer == "ok":
                read_through(connection)
                answer = "ok" if is_marked(connection) else UNMARKED
    except sqlite3.Error as error:
        answer = str(error)
    except STRANGE as error:
        answer = f"what stands in it is not what was written there ({type(error).__name__})"
    if answer != "ok":
        yield Look(ERROR, "store", f'"{store}" is damaged: {answer}. `verbline rebuild` makes it from the logs.')  # fmt: skip
        return
    yield Look(OK, "store", f"{size:,} bytes, whole.")
    yield from of_room(store, size)


def read_through(connection: sqlite3.Connection) -> None:
    """Read what no page of a file can vouch for: people, what is kept by name, and what is to leave. One of `STRANGE` where it makes no sense."""
    tables = {row[0] for row in connection.execute("select name from sqlite_master")}
    if {"batch", "record", "kept"} <= tables:
        loaded(connection)
    if "outbox" in tables:
        deque(rows_in(connection), maxlen=0)


def of_room(store: Path, size: int) -> Iterator[Look]:
    """Yield how much room the disk of the store has."""
    folder = store.absolute().parent
    if not folder.is_dir():
        yield Look(ERROR, "store", f'There is no folder "{folder}".')
        return
    free = shutil.disk_usage(folder).free
    level = OK if free >= max(ROOM_MIN, size) else WARNING
    yield Look(level, "room for the store", f"{free >> 20:,} MiB are free.")
