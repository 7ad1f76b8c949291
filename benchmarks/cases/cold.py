"""Row 12: one file that was never seen, in a new process. What somebody waits for who saves a file and lints it."""

from __future__ import annotations

from statistics import median

from benchmarks import datasets, oracle
from benchmarks.case import Case, Room
from benchmarks.clock import Run, clean_environment, run

SEEN = "# seen "

ROWS = {"12"}


class ColdLint:
    """`lint FILE` of 58 lines beside its vocabulary of 43; a comment changes each time, so no answer is known."""

    row = "12"
    what = "lint FILE, unseen"

    def __init__(self, room: Room) -> None:
        self.room = room
        self.data = datasets.checked("one")
        self.data.write(room.folder)
        self.path = self.data.journeys[0]
        self.place = room.folder / self.path
        self.environment = clean_environment(room.folder / "cache")
        self.turn = 0
        self.last = Run(0, 0, 0, "")

    def once(self) -> float:
        """Return the seconds of a call on a file with a comment that was never there before."""
        return median(self.call() for _shot in range(self.room.shots))

    def call(self) -> float:
        """Return the seconds of one call."""
        self.turn += 1
        lines = self.data.files[self.path].split("\n")
        at = next(number for number, line in enumerate(lines) if line.startswith("#"))
        lines[at] = f"{SEEN}{self.turn}"
        self.place.write_text("\n".join(lines), "utf-8")
        command = [str(self.room.installed.program), "lint", "--format", "json", self.path]
        self.last = run(command, self.room.folder, self.environment)
        return self.last.wall

    def check(self) -> None:
        """Raise unless the file was linted and found clean."""
        oracle.judge_json(self.last.output, self.data, [self.path])


def cases(room: Room) -> list[Case]:
    """Return the cases of this file."""
    return [ColdLint(room)]
