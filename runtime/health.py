"""How a running project is, as its store and its log tell it. Rule: nobody asks the process, and nothing is written.

A store tells whether somebody is at work, how far the log was read, what is to leave, and what was set aside.
"""

from __future__ import annotations

import json
import os
from typing import Any, NamedTuple

import msgspec

from verbline.interpreter.heartbeats import heartbeats
from verbline.runtime.aside import open_in
from verbline.runtime.backwards import Wanted, came
from verbline.runtime.engine.pulse import NAME as PULSE
from verbline.runtime.engine.reading import Files, places_of
from verbline.runtime.engine.receipts import MARK
from verbline.runtime.log import files_of
from verbline.runtime.own import own_log
from verbline.runtime.store.journal import named_in
from verbline.runtime.store.past import counts_in

TYPE_CHECKING = False
if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator
    from pathlib import Path

    from verbline.interpreter.heartbeats import Heartbeat
    from verbline.interpreter.program.program import Program
    from verbline.interpreter.project import Project
    from verbline.runtime.follow.place import Place

# Receipts of what was read, and what became of messages: the last of them stand there unread whenever a run has ended.
TOLD = (MARK, b'"type":"verbline.message.')
READY = "select count(*), min(changed) from outbox where state = 'ready'"
DUE = "select count(*), min(due) from outbox where state = 'ready' and due <= ?"
WAITING = "select count(*) from outbox where state = 'unknown' and due is null"


class Life(NamedTuple):
    """The last sign of life: ``at`` an instant, None where there was none; ``pid`` is the process that wrote last."""

    at: int | None
    pid: int
    is_there: bool
    is_degraded: bool
    channels: dict[str, str]


class Outbox(NamedTuple):
    """How much is in each state, how much could leave now and since when, and how much waits for a person's word."""

    counts: dict[str, int]
    oldest: int | None
    due: int
    due_since: int | None
    waiting: int


class Read(NamedTuple):
    """How far a file of the log was read, in bytes; ``unread`` are those that matter, ``is_gone`` where it cannot be found."""

    file: str
    read: int
    unread: int
    is_gone: bool


class Beat(NamedTuple):
    """What is expected of a moment, how many came that count, and whether it is silent; ``journeys`` listen to it."""

    moment: str
    number: int
    length: str
    came: int
    latest: int | None
    is_silent: bool
    owner: str
    journeys: list[str]


class Health(NamedTuple):
    """All of it; ``log`` and ``beats`` are None where they cannot be told."""

    life: Life
    last: int | None
    outbox: Outbox
    parked: dict[str, int]
    log: list[Read] | None
    beats: list[Beat] | None


def health_of(connection: sqlite3.Connection, log: Path | None, now: int) -> Health:
    """Return how the project is whose store stands behind ``connection``. `LogError` where the log cannot be read."""
    kept = named_in(connection)
    parked: dict[str, int] = {}
    for line in open_in(connection)[0]:
        parked[line.reason] = parked.get(line.reason, 0) + 1
    last = msgspec.msgpack.decode(kept["last"]) if "last" in kept else None
    places = places_of(kept, msgspec.msgpack.decode)
    read = None if log is None else list(reads(log, places))
    return Health(life_in(connection), last, outbox_in(connection, now), parked, read, None)


def life_in(connection: sqlite3.Connection) -> Life:
    """Return the last sign of life."""
    row = connection.execute("select value from known where name = ?", (PULSE,)).fetchone()
    told: dict[str, Any] = json.loads(row[0]) if row else {}
    writer = connection.execute("select pid from writer").fetchone()
    pid = int(writer[0]) if writer else 0
    return Life(
        told.get("at"),
        pid,
        is_there(pid),
        bool(told.get("is_degraded")),
        dict(told.get("couriers", {})),
    )


def is_there(pid: int) -> bool:
    """Return whether there is a process of this number on this machine."""
    try:
        os.kill(pid, 0)
    except PermissionError:
        return True
    except OSError:
        return False
    return pid > 0


def outbox_in(connection: sqlite3.Connection, now: int) -> Outbox:
    """Return what is to leave."""
    _count, oldest = connection.execute(READY).fetchone()
    due, since = connection.execute(DUE, (now,)).fetchone()
    (waiting,) = connection.execute(WAITING).fetchone()
    return Outbox(counts_in(connection), oldest, due, since, waiting)


# The log


def places_in(connection: sqlite3.Connection) -> dict[int, Place]:
    """Return how far the files of the log were read."""
    return places_of(named_in(connection), msgspec.msgpack.decode)


def reads(log: Path, places: dict[int, Place]) -> Iterator[Read]:
    """Yield how far each file was read that is there, or should be; those that are read to their end and gone are left out."""
    files, own = Files(log), own_log(log)
    names = files.names()
    by_key = {key: name for name, key in names.items()}
    known = {one.key: one for one in places.values() if not one.done}
    usual = {path.name for path in files_of(log)}
    found = {by_key[key]: place for key, place in known.items() if key in by_key}
    for place in known.values():
        if place.key not in by_key and place.name not in usual:
            yield Read(place.name, place.offset, 0, is_gone=True)
    for name in sorted(usual | found.keys()):
        path = files.folder / name
        same = (one for one in known.values() if one.name == name and one.key not in by_key)
        here = found.get(name) or next(same, None)
        offset = here.offset if here else 0
        yield Read(name, offset, unread(path, offset, is_own=path == own), is_gone=False)


def unread(path: Path, offset: int, *, is_own: bool) -> int:
    """Return how many bytes stand behind ``offset``, without what a runtime has told itself in its own log."""
    if not is_own:
        return max(0, path.stat().st_size - offset)
    with path.open("rb") as file:
        file.seek(offset)
        return sum(len(line) for line in file if not any(mark in line for mark in TOLD))


def beats_of(
    project: Project, program: Program, log: Path, places: dict[int, Place], now: int
) -> list[Beat]:
    """Return what is expected of moments, and whether it comes. `LogError`."""
    wanted = {
        one.moment: (one, Wanted(one.number, one.since(now, program.work)))
        for one in heartbeats(project)
    }
    if not wanted:
        return []
    begun = came(listed(log, places), program, {name: one[1] for name, one in wanted.items()}, now)
    return [beat_of(one, found, program, begun, now) for one, found in wanted.values()]


def listed(log: Path, places: dict[int, Place]) -> list[Path]:
    """Return the files of the log, also those that bear another name by now, without the runtime's own."""
    files = Files(log)
    by_key = {key: name for name, key in files.names().items()}
    names = {path.name for path in files_of(log)}
    names |= {by_key[one.key] for one in places.values() if one.key in by_key}
    names.discard(own_log(log).name)
    return [files.folder / name for name in sorted(names, reverse=True)]


def beat_of(one: Heartbeat, found: Wanted, program: Program, begun: int, now: int) -> Beat:
    """Return what came of what is expected."""
    instants, moment = list(found.came.values()), program.moments[one.moment]
    listening = {*(moment.heeded or ()), *(start.journey.name for start in moment.starts)}
    return Beat(
        one.moment,
        one.number,
        one.words,
        len(instants),
        max(instants, default=None),
        one.is_silent(instants, begun, now, program.work),
        one.owner,
        sorted(listening),
    )
