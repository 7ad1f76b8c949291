"""Row 13: answers that are known already. What a script, an editor or a hook asks for again and again."""

from __future__ import annotations

from statistics import median

from benchmarks import datasets, oracle
from benchmarks.case import Case, Room
from benchmarks.clock import Run, clean_environment, run

ROWS = {"13"}


class Unchanged:
    """`lint FILE` of a file that was linted before and has not changed since."""

    row = "13"
    what = "lint FILE, unchanged"

    def __init__(self, room: Room) -> None:
        self.room = room
        self.data = datasets.checked("one")
        self.data.write(room.folder)
        self.path = self.data.journeys[0]
        self.environment = clean_environment(room.folder / "cache")
        self.command = [str(room.installed.program), "lint", "--format", "json", self.path]
        self.last = run(self.command, room.folder, self.environment)

    def once(self) -> float:
        """Return the seconds of a call."""
        return median(self.call() for _shot in range(self.room.shots))

    def call(self) -> float:
        """Return the seconds of one call."""
        self.last = run(self.command, self.room.folder, self.environment)
        return self.last.wall

    def check(self) -> None:
        """Raise unless the answer is the right one."""
        oracle.judge_json(self.last.output, self.data, [self.path])


class Told:
    """An option that only tells something."""

    row = "13"

    def __init__(self, room: Room, option: str, says: str) -> None:
        self.room = room
        self.what = option
        self.says = says
        self.environment = clean_environment(room.folder / "cache")
        self.command = [str(room.installed.program), option]
        self.last = Run(0, 0, 0, "")

    def once(self) -> float:
        """Return the seconds of a call."""
        return median(self.call() for _shot in range(self.room.shots))

    def call(self) -> float:
        """Return the seconds of one call."""
        self.last = run(self.command, self.room.folder, self.environment)
        return self.last.wall

    def check(self) -> None:
        """Raise unless the text says what it has to say."""
        if self.last.code or self.says not in self.last.output:
            raise oracle.WrongAnswerError(f"{self.what} says {self.last.output[:200]!r}")


def cases(room: Room) -> list[Case]:
    """Return the cases of this file."""
    return [
        Unchanged(room),
        Told(room, "--version", "verbline "),
        Told(room, "--help", "translate"),
    ]
