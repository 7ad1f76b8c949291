"""Row 2: the program that one would write by hand. Both are whole processes, from the log to the written effects."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from benchmarks import logs, written_by_hand
from benchmarks.case import Case, Room
from benchmarks.clock import clean_environment, run
from benchmarks.events import Clock
from benchmarks.oracle import WrongAnswerError

ROWS = {"2"}
ROOT = Path(__file__).resolve().parent.parent.parent


class ByHand:
    """The cart journey on the same log, by Verbline and by a program of eighty lines: seconds on the wall."""

    row = "2"
    what = "simulate, against one's own program"

    def __init__(self, room: Room) -> None:
        self.size = room.size
        self.folder = room.folder / "cart"
        self.environment = {**clean_environment(room.folder), "PYTHONPATH": str(ROOT)}

    def ready(self) -> None:
        """Write the project and its log, once."""
        if not self.folder.exists():
            logs.checked("cart", self.size).write(self.folder)

    def once(self) -> float:
        """Return the seconds that Verbline takes."""
        return self.process("-m", "benchmarks.engine", ".", "ours.jsonl")

    def beside(self) -> float:
        """Return the seconds that the program written by hand takes."""
        return self.process(written_by_hand.__file__, "log.jsonl", "theirs.jsonl")

    def process(self, *arguments: str) -> float:
        """Return the seconds of one process."""
        self.ready()
        done = run([sys.executable, *arguments], self.folder, self.environment)
        if done.code:
            raise WrongAnswerError(f"{arguments} ended with {done.code}")
        return done.wall

    def check(self) -> None:
        """Raise unless both wrote the right effects."""
        clock = Clock()
        right = {
            (clock.text(one.at), one.contact, one.verdict, one.reason)
            for one in logs.make("cart", self.size).effects()
        }
        for name in ("ours.jsonl", "theirs.jsonl"):
            if written(self.folder / name) != right:
                raise WrongAnswerError(f"{name} does not hold the right effects")


def written(path: Path) -> set[tuple[str, ...]]:
    """Return the effects that a program has written."""
    read = map(json.loads, path.read_text("utf-8").splitlines())
    return {
        (one["at"].replace("+00:00", "Z"), one["contact"], one["verdict"], one["reason"])
        for one in read
    }


def cases(room: Room) -> list[Case]:
    """Return the cases of this file."""
    return [ByHand(room)]
