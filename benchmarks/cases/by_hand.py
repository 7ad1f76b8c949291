"""Row 2: the program that one would write by hand. Both are whole processes, from the log to what came of it.

Verbline shares a log of more than 20 MB between the cores of the machine; a second case holds it to one.
"""

from __future__ import annotations

import contextlib
import json
import os
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from benchmarks import logs, written_by_hand
from benchmarks.case import Case, Room
from benchmarks.clock import Run, clean_environment, run
from benchmarks.events import Clock
from benchmarks.oracle import WrongAnswerError

ROWS = {"2", "core"}


class ByHand:
    """The cart journey on the same log, by `verbline simulate` and by a program of eighty lines: seconds on the wall."""

    def __init__(self, room: Room, *, on_one_core: bool = False) -> None:
        self.row = "core" if on_one_core else "2"
        self.what = f"simulate, own program{' (one core)' if on_one_core else ''}"
        self.on_one_core = on_one_core
        self.room = room
        self.folder = room.folder / "cart"
        self.environment = clean_environment(room.folder / "cache")
        self.last = Run(0, 0, 0, "")

    def once(self) -> float:
        """Return the seconds that Verbline takes."""
        command = [str(self.room.installed.program), "simulate", ".", "--log", "log.jsonl"]
        if self.on_one_core:
            command += ["--jobs", "1"]
        with contextlib.nullcontext() if self.on_one_core else all_cores():
            self.last = self.process(*command, "--format", "json")
        return self.last.wall

    def beside(self) -> float:
        """Return the seconds that the program written by hand takes."""
        script = Path(written_by_hand.__file__)
        return self.process(
            str(self.room.installed.python), str(script), "log.jsonl", "theirs.jsonl"
        ).wall

    def process(self, *command: str) -> Run:
        """Return one process that has ended."""
        if not self.folder.exists():
            logs.checked("cart", self.room.size).write(self.folder)
        done = run(list(command), self.folder, self.environment)
        if done.code:
            raise WrongAnswerError(f"{command} ended with {done.code}")
        return done

    def check(self) -> None:
        """Raise unless both found the right effects: the one counts them, the other wrote them down."""
        clock = Clock()
        right = list(logs.make("cart", self.room.size).effects())
        if counted(self.last.output) != Counter((one.verdict, one.reason) for one in right):
            raise WrongAnswerError(f"simulate counts {counted(self.last.output)}")
        effects = {(clock.text(one.at), one.contact, one.verdict, one.reason) for one in right}
        if written(self.folder / "theirs.jsonl") != effects:
            raise WrongAnswerError("the program written by hand does not find the right effects")


@contextlib.contextmanager
def all_cores() -> Iterator[None]:
    """Let what is started here use every core, though this process stays on one."""
    if not hasattr(os, "sched_setaffinity"):
        yield
        return
    kept = os.sched_getaffinity(0)
    os.sched_setaffinity(0, range(os.cpu_count() or 1))
    try:
        yield
    finally:
        os.sched_setaffinity(0, kept)


def counted(output: str) -> Counter[tuple[str, str]]:
    """Return how many messages had each verdict and reason, as `simulate` tells it."""
    found: Counter[tuple[str, str]] = Counter()
    for journey in json.loads(output)["journeys"]:
        for step in journey["steps"]:
            for one in step["records"]:
                if one["kind"] == "message":
                    found[one["verdict"], one["reason"]] += one["count"]
    return found


def written(path: Path) -> set[tuple[str, ...]]:
    """Return the effects that a program has written."""
    read = map(json.loads, path.read_text("utf-8").splitlines())
    return {
        (one["at"].replace("+00:00", "Z"), one["contact"], one["verdict"], one["reason"])
        for one in read
    }


def cases(room: Room) -> list[Case]:
    """Return the cases of this file."""
    return [ByHand(room), ByHand(room, on_one_core=True)]
