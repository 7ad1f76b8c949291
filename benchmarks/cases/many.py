"""Row 14: a whole house of journeys, cold, on one core. What a check of every change in CI waits for."""

from __future__ import annotations

import shutil

from benchmarks import datasets, oracle
from benchmarks.case import Case, Room
from benchmarks.clock import Run, clean_environment, run

FILES = {"s": "hundred", "m": "thousand", "l": "thousand"}

ROWS = {"14"}


class ManyFiles:
    """`lint` of a project whose journeys have 58 lines each, with all checks and no answer kept from before.

    The figure is CPU time per journey; the start of the process, the settings and the vocabularies are in it.
    """

    row = "14"

    def __init__(self, room: Room) -> None:
        self.room = room
        self.data = datasets.checked(FILES[room.size])
        self.data.write(room.folder)
        self.count = len(self.data.journeys)
        self.what = f"lint {self.count:,} files, cold"
        self.environment = clean_environment(room.folder / "cache")
        self.last = Run(0, 0, 0, "")

    def once(self) -> float:
        """Return the CPU seconds a journey."""
        shutil.rmtree(self.room.folder / "cache", ignore_errors=True)
        command = [str(self.room.installed.program), "lint", "--preset", "strict", "--format", "json", "."]  # fmt: skip
        self.last = run(command, self.room.folder, self.environment)
        return self.last.cpu / self.count

    def check(self) -> None:
        """Raise unless every mistake was found and nothing else."""
        oracle.judge_json(self.last.output, self.data)


class LongFile:
    """`lint` of one file of 5,000 lines, counted as the files of 58 lines that it is made of."""

    row = "14"
    what = "lint 5,000 lines in one file"

    def __init__(self, room: Room) -> None:
        self.room = room
        self.data = datasets.checked("long")
        self.lines = self.data.files[self.data.journeys[0]].count("\n")
        self.data.write(room.folder)
        self.environment = clean_environment(room.folder / "cache")
        self.last = Run(0, 0, 0, "")

    def once(self) -> float:
        """Return the CPU seconds for each 58 lines."""
        shutil.rmtree(self.room.folder / "cache", ignore_errors=True)
        command = [str(self.room.installed.program), "lint", "--format", "json", *self.data.journeys]  # fmt: skip
        self.last = run(command, self.room.folder, self.environment)
        return self.last.cpu / (self.lines / datasets.LINES)

    def check(self) -> None:
        """Raise unless the file was linted and found clean."""
        oracle.judge_json(self.last.output, self.data)


def cases(room: Room) -> list[Case]:
    """Return the cases of this file."""
    if room.size == "s":
        return [ManyFiles(room)]
    return [ManyFiles(room), LongFile(Room(room.folder / "long", room.installed, room.size))]
