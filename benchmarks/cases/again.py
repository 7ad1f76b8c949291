"""Row 15, line, key and house: one process that has seen the project. What somebody waits for who types, or who keeps a watcher running."""

from __future__ import annotations

import hashlib
from pathlib import Path

from benchmarks import datasets, oracle
from benchmarks.case import Case, Room
from benchmarks.clock import cpu_of
from benchmarks.datasets import DataSet, Finding
from verbline.cli.project import library
from verbline.interpreter.parse import parse
from verbline.interpreter.problems import Problem
from verbline.interpreter.sentence import grammar
from verbline.interpreter.source import Source
from verbline.interpreter.workspace import Workspace

ROWS = {"15", "line", "key", "house"}
FILES = {"s": "hundred", "m": "thousand", "l": "thousand"}
# The line that changes: a clause of the journey, and with it what half of the rules look at.
CHANGING = "gives up after 150 days"
CHANGES = 20


def opened(data: DataSet) -> Workspace:
    """Return a workspace that holds the files of ``data``."""
    workspace = Workspace(library, preset="strict", today="2027-01-01")
    for path, text in data.files.items():
        workspace.update(path, text.encode())
    return workspace


def places(found: list[Problem]) -> list[Finding]:
    """Return where something was found."""
    return [Finding(one.path, one.span.line, one.span.column, one.code) for one in found]


class Unchanged:
    """Every file is read and hashed again, and nothing has changed: CPU time for each journey."""

    row = "15"

    def __init__(self, room: Room) -> None:
        self.data = datasets.checked(FILES[room.size])
        self.data.write(room.folder)
        self.places = {path: room.folder / path for path in self.data.files}
        self.count = len(self.data.journeys)
        self.what = f"lint {self.count:,} files again"
        self.hashes: dict[str, bytes] = {}
        self.workspace = opened(self.data)
        self.found = self.workspace.findings()

    def once(self) -> float:
        """Return the CPU seconds a journey."""
        return cpu_of(self.again, 1) / self.count

    def again(self) -> None:
        """Look at every file, and tell what is wrong with them."""
        for path, place in self.places.items():
            content = place.read_bytes()
            digest = hashlib.sha256(content).digest()
            if self.hashes.get(path) != digest:
                self.hashes[path] = digest
                self.workspace.update(path, content)
        self.found = self.workspace.findings()

    def check(self) -> None:
        """Raise unless every mistake was found and nothing else."""
        oracle.judge(places(self.found), self.data)


class ChangedLine:
    """One line of a file is changed, and the findings in that file are asked for: CPU time for each change."""

    row = "line"
    what = "a changed line, all checks"

    def __init__(self, data: DataSet) -> None:
        self.data = data
        self.path = data.journeys[0]
        self.name = Path(self.path).with_suffix("").as_posix()
        self.workspace = opened(self.data)
        self.workspace.findings()
        self.days = 150
        self.found: list[Problem] = []

    def once(self) -> float:
        """Return the CPU seconds a change; no text comes twice."""
        return cpu_of(self.change, CHANGES)

    def change(self) -> None:
        """Change a number of the line and ask again."""
        self.days += 1
        self.workspace.update(self.path, changed(self.data, self.path, self.days))
        self.found = self.workspace.findings([self.name])

    def check(self) -> None:
        """Raise unless the file is still clean, and what is wrong with it is still found."""
        oracle.judge(places(self.found), self.data, [self.path])
        self.workspace.update(self.path, changed(self.data, self.path, 150).replace(b"  gives", b"   gives", 1))  # fmt: skip
        spoiled = places(self.workspace.findings([self.name]))
        if [one.code for one in spoiled] != ["S010"]:
            raise oracle.WrongAnswerError(f"a doubtful indentation gives {spoiled}")


class ChangedInHouse(ChangedLine):
    """The same where the file is one of very many: some checks look at all of them."""

    row = "house"
    what = "a changed line in a house"


class ChangedTree:
    """One line of a file is changed and the file's tree made again: CPU time for each change."""

    row = "key"
    what = "a changed line, the tree"

    def __init__(self, data: DataSet) -> None:
        self.data = data
        self.path = data.journeys[0]
        self.days = 150
        self.file = parse(
            Source.of_bytes(self.path, self.data.files[self.path].encode()), grammar()
        )

    def once(self) -> float:
        """Return the CPU seconds a change."""
        return cpu_of(self.change, CHANGES)

    def change(self) -> None:
        """Change a number of the line and parse again."""
        self.days += 1
        content = changed(self.data, self.path, self.days)
        self.file = parse(Source.of_bytes(self.path, content), grammar())

    def check(self) -> None:
        """Raise unless the tree holds the changed line."""
        lines = [one for one in self.file.walk() if one.shape == "gives_up"]
        if not any(
            one.node and one.node.node("length").text("number") == str(self.days) for one in lines
        ):
            raise oracle.WrongAnswerError(f"the tree has {lines}")


def changed(data: DataSet, path: str, days: int) -> bytes:
    """Return the file with another number in its changing line."""
    return data.files[path].replace(CHANGING, f"gives up after {days} days").encode()


def cases(room: Room) -> list[Case]:
    """Return the cases of this file."""
    page, house = datasets.checked("page"), datasets.checked(FILES[room.size])
    return [Unchanged(room), ChangedLine(page), ChangedTree(page), ChangedInHouse(house)]
