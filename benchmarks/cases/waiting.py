"""Row 9: what it takes to wait for very many people. Measured from outside, as the operating system sees it."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from benchmarks import logs
from benchmarks.case import Case, Room
from benchmarks.clock import clean_environment, run
from benchmarks.logs import WAITS
from benchmarks.oracle import WrongAnswerError

ROWS = {"9"}
ROOT = Path(__file__).resolve().parent.parent.parent
MILLION = 1_000_000
MEGABYTE = 1_000_000

# Prints how many bytes the process holds once everybody waits, more than before anybody came; and how many wait.
PROGRAM = """
import json, sys
from pathlib import Path
from benchmarks.engine import Engine

def held():
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * 4096

engine = Engine(Path("."))
before = held()
engine.counted()
print(json.dumps({"bytes": held() - before, "waiting": engine.waiting()}))
"""


class Waiting:
    """Memory for a million people who wait, one timer each. Smaller sizes measure fewer and tell what a million would be."""

    row = "9"

    def __init__(self, room: Room) -> None:
        self.size = room.size
        self.folder = room.folder / "waiting"
        self.people = WAITS[room.size]
        self.what = f"{self.people:,} people who wait"
        self.environment = {**clean_environment(room.folder), "PYTHONPATH": str(ROOT)}
        self.waiting = 0

    def once(self) -> float:
        """Return the megabytes for a million people."""
        if not self.folder.exists():
            logs.checked("waiting", self.size).write(self.folder)
        done = run([sys.executable, "-c", PROGRAM], self.folder, self.environment)
        told = json.loads(done.output)
        self.waiting = told["waiting"]
        return float(told["bytes"] / self.people * MILLION / MEGABYTE)

    def check(self) -> None:
        """Raise unless everybody waits."""
        if self.waiting != self.people:
            raise WrongAnswerError(f"{self.waiting} of {self.people} people wait")


def cases(room: Room) -> list[Case]:
    """Return the cases of this file."""
    return [Waiting(room)]
