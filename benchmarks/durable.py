"""The durable run, as the cases call it. Rule: what came of it is read from the store, never from what is in memory.

Two ways: *rehearsed*, where what would leave goes into a file, and *live*, where it goes into the outbox. A live run is
given a clock that shows the end of its log, and no courier begins: what is measured is the log, not a receiver.
"""

from __future__ import annotations

import gc
import io
import json
import shutil
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import datetime
from functools import partial
from os import SEEK_END, sysconf
from pathlib import Path
from typing import NamedTuple

from benchmarks import effects, events, logs
from benchmarks.effects import Effect
from benchmarks.oracle import WrongAnswerError
from verbline.cli.taking import Source
from verbline.runtime.engine.engine import Engine
from verbline.runtime.engine.given import Given, Nobody
from verbline.runtime.engine.live import Live
from verbline.runtime.engine.opened import LIVE, REHEARSAL, Store
from verbline.runtime.engine.outlets import INTENTS, File
from verbline.runtime.engine.pending import looked_into
from verbline.runtime.engine.rehearse import rehearse
from verbline.runtime.engine.sums import summary
from verbline.runtime.engine.telling import Telling
from verbline.runtime.events import milliseconds
from verbline.runtime.identity.store import Store as Graph
from verbline.runtime.own import own_log
from verbline.runtime.traces.told import Told

LOG, STORE = "log.jsonl", "shop.db"
# Where the links of a message lead: without it, none that needs a way out could leave.
LINKS = '\n[links]\nbase = "https://shop.example/v"\n'
# With a clock at the end of the log most messages would be too late to be worth words, so these may come late.
NOTIFY, LATE = 'for "offers"\n', 'for "offers"\n    at most 90 days late\n'
KINDS = {"rehearsed": REHEARSAL, "live": LIVE}
PAGE = sysconf("SC_PAGE_SIZE")
# The last line of a log stands in so many bytes.
LAST = 1_000
# What the customer number of somebody looks like: a letter, a hyphen, and the number.
NUMBER_AT = 2
KIND = "customer-number"


class Taken(NamedTuple):
    """What a run took: seconds on the wall and of CPU, bytes written, the seconds from the closed store to the end of the log.

    And how many people are inside a journey now, and how many bytes the process holds.
    """

    wall: float
    cpu: float
    written: int
    first: float = 0.0
    inside: int = 0
    held: int = 0


def write(name: str, size: str, folder: Path) -> int:
    """Write a data set with a log into ``folder``, ready to be run for good; return how many events it holds."""
    return put(logs.checked(name, size), folder)


def put(log: logs.Log, folder: Path) -> int:
    """Write a project with its log into ``folder``, ready to be run for good; return how many events it holds."""
    count = log.write(folder)
    with (folder / "verbline.toml").open("a", encoding="utf-8") as file:
        file.write(LINKS)
    for path in folder.glob("journeys/*.journey"):
        path.write_text(path.read_text("utf-8").replace(NOTIFY, LATE), "utf-8")
    return count


def given_in(folder: Path) -> Source:
    """Return the project in ``folder`` on its log, as `verbline run` reads it."""
    source = Source(str(folder), folder / LOG, "")
    given = source.read()
    assert not given.errors, given.errors
    return source


@contextmanager
def opened(given: Given, path: Path, kind: str) -> Iterator[Store]:
    """Open the store at ``path``, with the project taken up, as `verbline run` does."""
    if not path.exists():
        given.take_up(Nobody())
    with closing(Store(path, given.wanted(kind))) as store:
        given.take_up(store.journal)
        yield store


def catch_up(source: Source, path: Path, way: str) -> Taken:
    """Take what is new in the log; what is measured begins when the store is open and ends when all is where it belongs."""
    given = source.given
    end = end_of(given.log)
    begun = time.perf_counter()
    with opened(given, path, KINDS[way]) as store:
        gc.freeze()
        before = spent()
        if way == "live":
            clock = partial(int, end)
            live = Live(source, store, Telling(io.StringIO(), clock, notes=False), clock)
            try:
                live.begin()
                first = time.perf_counter() - begun
                engine = live.engine
            finally:
                live.close()
        else:
            with closing(File(given, store)) as file:
                engine = Engine(store, given, file.leaving())
                rehearse(engine, end)
            first = time.perf_counter() - begun
        after = spent()
        inside, now_held = summary(engine)["inside"], held()
    # What stands in the write-ahead log is brought into the file at the latest when the store is closed.
    count = written() - before.written
    return Taken(after.wall - before.wall, after.cpu - before.cpu, count, first, inside, now_held)


def end_of(log: Path) -> int:
    """Return what a clock shows at the end of a log: the instant of its last event."""
    with log.open("rb") as file:
        file.seek(-LAST, SEEK_END)
        return milliseconds(
            datetime.fromisoformat(json.loads(file.read().splitlines()[-1])["time"])
        )


def spent() -> Taken:
    """Return what this process has taken so far."""
    return Taken(time.perf_counter(), time.process_time(), written())


def written() -> int:
    """Return how many bytes this process has written, to whatever; 0 where the system does not count them."""
    try:
        told = Path("/proc/self/io").read_text("ascii")
    except OSError:
        return 0
    return int(told.partition("wchar:")[2].split()[0])


def held() -> int:
    """Return how many bytes of memory this process holds; 0 where the system does not tell."""
    try:
        pages = Path("/proc/self/statm").read_text("ascii").split()[1]
    except OSError:
        return 0
    return int(pages) * PAGE


def clear(folder: Path) -> None:
    """Remove what a run has left in ``folder``: the store, what stands beside it, and the runtime's own log."""
    for old in (*folder.glob(f"{STORE}*"), *folder.glob(own_log(folder / LOG).name + "*")):
        old.unlink()


def kept(folder: Path, to: Path) -> None:
    """Copy what a run has left in ``folder``, and its log, to where it can be taken from again and again."""
    to.mkdir(parents=True, exist_ok=True)
    for one in (*folder.glob(f"{STORE}*"), *folder.glob("log.*")):
        shutil.copyfile(one, to / one.name)


def again(folder: Path, kept_in: Path) -> None:
    """Bring ``folder`` to where it was when it was kept."""
    clear(folder)
    kept(kept_in, folder)


class Numbers(dict[str, int]):
    """The customer number that each person ever held under a name, by the graph with what is still to reach its tables."""

    def __init__(self, graph: Graph) -> None:
        super().__init__()
        self._graph = graph

    def __missing__(self, name: str) -> int:
        held = (self._graph.ident(row.ident) for row in self._graph.rows_ever(int(name[1:])))
        found = self[name] = next(int(value[NUMBER_AT:]) for kind, value in held if kind == KIND)
        return found


def effects_in(path: Path) -> list[Effect]:
    """Return what became of each message, by the trace in a store."""
    with closing(sqlite3.connect(path)) as connection:
        numbers = Numbers(looked_into(connection))
        return [
            Effect(
                milliseconds(datetime.fromisoformat(one["at"])),
                one.get("contact") or events.email(numbers[one["person"]]),
                one["journey"],
                one["message"],
                one["verdict"],
                one.get("reason", ""),
            )
            for one in Told(connection).all()
            if one["kind"] == "message"
        ]


def leaving_in(path: Path, way: str) -> int:
    """Return how many messages of a run are there to leave; raise where one is there twice."""
    if way == "live":
        with closing(sqlite3.connect(path)) as connection:
            keys = [
                row[0] for row in connection.execute("select key from outbox where state = 'ready'")
            ]
    else:
        lines = path.with_name(path.name + INTENTS).read_bytes().splitlines()
        told = [json.loads(line) for line in lines]
        keys = [one["key"] for one in told if "failed" not in one]
    if len(set(keys)) != len(keys):
        raise WrongAnswerError(f"{len(keys) - len(set(keys))} messages leave twice")
    return len(keys)


def judge(path: Path, name: str, size: str) -> list[Effect]:
    """Raise unless the trace in the store tells the right effects of a data set; return them."""
    found = effects_in(path)
    if effects.checksum(found) != logs.expected()["effects"][f"{name} {size}"]:
        raise WrongAnswerError(f"the effects of {name} {size} are not the right ones")
    return found


def judge_leaving(path: Path, name: str, size: str, way: str) -> None:
    """Raise unless the trace tells the right effects, and what leaves is what was decided, each once."""
    decided = sum(one.verdict == "sent" for one in judge(path, name, size))
    there = leaving_in(path, way)
    if there != decided:
        raise WrongAnswerError(f"{decided} messages were decided, {there} are there to leave")
