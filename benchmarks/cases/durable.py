"""Rows 4 and 5: a log on disk, through the store: the time and the bytes of an event. What a restart after a night costs."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path

from benchmarks import durable, limits
from benchmarks.case import Case, Room
from benchmarks.cases.simulated import lines_of
from benchmarks.clock import clean_environment, run
from benchmarks.durable import LOG, STORE
from benchmarks.oracle import WrongAnswerError

ROWS = {"4", "5"}
ROOT = Path(__file__).resolve().parent.parent.parent
KILOBYTE = 1_000

# Prints what a catch-up took, in a process of its own: a log is caught up with by a process that has just begun.
PROGRAM = """
import gc, json, sys
from pathlib import Path
gc.disable()
from benchmarks import durable, limits
taken = durable.catch_up(durable.given_in(Path(".")), Path(durable.STORE), sys.argv[1])
print(json.dumps(taken._asdict()))
"""


def caught_up(folder: Path, way: str, environment: dict[str, str]) -> dict[str, float]:
    """Return what a process takes that catches up with the log in ``folder``."""
    done = run([sys.executable, "-c", PROGRAM, way], folder, environment)
    if done.code:
        raise WrongAnswerError(f"a durable run in {folder.name} ended in {done.code}")
    told: dict[str, float] = json.loads(done.output)
    return told


class CaughtUp:
    """One data set, caught up with in an empty store; what each run took is kept."""

    def __init__(self, room: Room, name: str, way: str) -> None:
        self.name, self.way, self.size = name, way, room.size
        self.folder = room.folder / f"{name}-{way}"
        self.environment = {**clean_environment(room.folder), "PYTHONPATH": str(ROOT)}
        self.events = 0
        self.last: dict[str, float] = {}
        self.unit: Callable[[], float] | None = None

    def ready(self) -> None:
        """Write the log, where it is not there yet."""
        if not self.events:
            self.events = durable.write(self.name, self.size, self.folder)

    def appended(self) -> float:
        """Return what A is for the lines of this log."""
        if self.unit is None:
            self.ready()
            lines = lines_of(self.folder / LOG)
            self.unit = limits.appending(self.folder.parent, lines)
        return self.unit()

    def taken(self) -> dict[str, float]:
        """Return what one run takes."""
        self.ready()
        durable.clear(self.folder)
        self.last = caught_up(self.folder, self.way, self.environment)
        return self.last

    def check(self) -> None:
        """Raise unless the trace holds the right effects, and what leaves is what was decided, each once."""
        durable.judge_leaving(self.folder / STORE, self.name, self.size, self.way)


class Time:
    """Row 4: the seconds an event."""

    row = "4"

    def __init__(self, log: CaughtUp) -> None:
        self.what = f"catch-up, {log.name}, {log.way}"
        self.log = log

    def once(self) -> float:
        """Return the seconds on the wall for an event."""
        return self.log.taken()["wall"] / self.log.events

    def beside(self) -> float:
        """Return what it takes to append an event of the same log."""
        return self.log.appended()

    def check(self) -> None:
        """Raise unless the effects are right."""
        self.log.check()


class Bytes:
    """Row 5: the kilobytes an event. They are the same in every round, so one run tells them."""

    row = "5"

    def __init__(self, log: CaughtUp) -> None:
        self.what = f"KB written, {log.name}, {log.way}"
        self.log = log

    def once(self) -> float:
        """Return the kilobytes that are written for an event."""
        return (self.log.last or self.log.taken())["written"] / self.log.events / KILOBYTE

    def check(self) -> None:
        """Raise unless the effects are right."""
        self.log.check()


def cases(room: Room) -> list[Case]:
    """Return the cases of this file."""
    logs = [CaughtUp(room, "cart", way) for way in durable.KINDS]
    # Of row 8: what is due at one instant keeps the rate of row 4.
    burst = CaughtUp(room, "burst", "live")
    return [*map(Time, (*logs, burst)), *map(Bytes, logs)]
