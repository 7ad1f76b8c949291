"""The units: what the machine can do at this hour. Rule: they are measured in every run, beside the cases.

P  a bare Python that does nothing, on the wall
L  lark parsing a file of 58 lines and 375 words with a grammar of the usual kind, CPU
ms a millisecond, for rows that are bound by what people notice; s a second
MB a megabyte of memory; KB a kilobyte on disk
U  decoding one event of 310 bytes by orjson, CPU; a case with a log of its own decodes the lines of that log
A  appending one event to SQLite with four columns of its own, unique id, 1,000 in a transaction, on the wall; a case with a
   log of its own appends the lines of that log
F  one fdatasync of 4 KiB, p50, on the wall; F + wake: and the time until another thread hears of an append
"""

from __future__ import annotations

import json
import os
import sqlite3
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from statistics import median
from threading import Thread

import orjson
from lark import Lark
from lark.indenter import Indenter

from benchmarks.clock import clean_environment, cpu_of, wall_of
from benchmarks.datasets import TEMPLATES
from benchmarks.rounds import Measure
from verbline.runtime.follow.wake import Wake

EVENTS = 5_000
BATCH = 1_000
BLOCK = bytes(4096)
# What stands in columns of its own beside the line, and how both are added.
COLUMNS = ("id", "source", "type", "time")
INSERT = "insert into events (id, source, type, time, body) values (?, ?, ?, ?, ?)"
# Units that no machine can change.
FIXED = {"ms": 0.001, "s": 1.0, "MB": 1.0, "KB": 1.0}


class Blocks(Indenter):
    """The nesting of the grammar that lark parses."""

    NL_type = "_NL"
    OPEN_PAREN_types: list[str] = []  # noqa: RUF012 - lark's own class says list
    CLOSE_PAREN_types: list[str] = []  # noqa: RUF012
    INDENT_type = "_INDENT"
    DEDENT_type = "_DEDENT"
    tab_len = 8


def event(number: int) -> bytes:
    """Return one event of 310 bytes, as a log would hold it."""
    whole = {
        "specversion": "1.0",
        "id": f"e-{number:09}",
        "source": "booking-system",
        "type": "course.booked",
        "time": "2026-03-14T09:12:33Z",
        "subject": f"member-{number % 9_973:07}",
        "data": {
            "booking-number": f"B-{number:07}",
            "course-date": "2026-03-21",
            "course-place": "Vransko",
            "seats": number % 7,
            "price": 123.5,
            "first-name": "Tina",
            "channel": "email",
        },
    }
    return json.dumps(whole, separators=(",", ":")).encode().ljust(310)


def bare(python: Path, folder: Path, shots: int) -> Measure:
    """Return how P is measured."""
    environment = clean_environment(folder)
    return lambda: wall_of([str(python), "-c", "pass"], folder, environment, shots)


def lark(times: int) -> Measure:
    """Return how L is measured."""
    parser = Lark((TEMPLATES / "journey.lark").read_text("utf-8"), parser="lalr", postlex=Blocks())
    text = (TEMPLATES / "lark.txt").read_text("utf-8")
    return lambda: cpu_of(lambda: parser.parse(text), times)


def decoding(lines: list[bytes], times: int) -> Measure:
    """Return how U is measured, with these lines."""
    decode = orjson.loads

    def work() -> None:
        for line in lines:
            decode(line)

    return lambda: cpu_of(work, times) / len(lines)


def appending(folder: Path, lines: list[bytes]) -> Measure:
    """Return how A is measured, with these lines: a new database each time."""
    events = [(*map(orjson.loads(line).get, COLUMNS), line) for line in lines]
    path = folder / "append.db"

    def once() -> float:
        for old in folder.glob("append.db*"):
            old.unlink()
        database = sqlite3.connect(path, isolation_level=None)
        database.execute("pragma journal_mode = wal")
        database.execute("pragma synchronous = normal")
        database.execute(f"create table events (position integer primary key, {', '.join(COLUMNS)}, body blob, unique (id))")  # fmt: skip
        begun = time.perf_counter()
        for start in range(0, len(events), BATCH):
            database.execute("begin")
            database.executemany(INSERT, events[start : start + BATCH])
            database.execute("commit")
        taken = time.perf_counter() - begun
        database.close()
        for old in folder.glob("append.db*"):
            old.unlink()
        return taken / len(events)

    return once


def syncing(folder: Path, times: int) -> Measure:
    """Return how F is measured."""
    path = folder / "sync"

    def once() -> float:
        taken = []
        with path.open("wb", buffering=0) as file:
            for _time in range(times):
                file.write(BLOCK)
                begun = time.perf_counter()
                os.fdatasync(file.fileno())
                taken.append(time.perf_counter() - begun)
        return median(taken)

    return once


def waking(folder: Path, times: int) -> Measure:
    """Return how F + wake is measured: an fdatasync, and the time until somebody else hears of an append."""
    sync = syncing(folder, times)

    def once() -> float:
        taken = []
        with Wake(folder) as wake, (folder / "wake.jsonl").open("ab", buffering=0) as file:
            for _time in range(times):
                begun: list[float] = []

                def append(begun: list[float] = begun) -> None:
                    begun.append(time.perf_counter())
                    file.write(b"\n")

                thread = Thread(target=append)
                thread.start()
                wake.wait(1.0)
                taken.append(time.perf_counter() - begun[0])
                thread.join()
        return median(taken) + sync()

    return once


def fixed(size: float) -> Measure:
    """Return how a unit is measured that is the same everywhere."""
    return lambda: size


def units(python: Path, folder: Path, shots: int) -> dict[str, Callable[[], Measure]]:
    """Return unit -> a function that makes it ready and returns how it is measured, in seconds."""
    return {
        "P": lambda: bare(python, folder, shots),
        "L": lambda: lark(shots * 4),
        **{unit: partial(fixed, size) for unit, size in FIXED.items()},
        "U": lambda: decoding([event(number) for number in range(EVENTS)], shots),
        "A": lambda: appending(folder, [event(number) for number in range(EVENTS)]),
        "F": lambda: syncing(folder, 50),
        "F + wake": lambda: waking(folder, 50),
    }
