"""What a disk holds of a run that was recorded, after each of its calls. Rule: what was synced is there; the rest may be.

strace tells each call that writes, in order, with what it writes. From that follows the disk as a kill leaves it behind any
call: all of it, since the system lives on. And as a power loss leaves it: of what was not synced any part may be missing, a
write may be torn at the bounds of sectors, and a later one may be there without an earlier one. The names in a folder are kept
in the order in which they were made and taken away, and are sure when that folder was synced.
"""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from random import Random
from typing import NamedTuple

from tests.tree import ROOT

SECTOR = 512
CALLS = "write,pwrite64,fdatasync,fsync,ftruncate,openat,unlink,link,rename"
PART = re.compile(r"^(\d+) +(\w+)\((.*)<unfinished \.\.\.>$")
REST = re.compile(r"^(\d+) +<\.\.\. (\w+) resumed>(.*)$")
CALL = re.compile(r"^\d+ +(\w+)\((.*)\) += (-?\d+)(?:<([^>]*)>)?")
TEXT = re.compile(r'"((?:\\x[0-9a-f]{2})*)"')
FILE = re.compile(r"^\d+<([^>]*)>")
SECONDS = 120


class Call(NamedTuple):
    """One call: what it does (``write``, ``cut``, ``sync``, ``make``, ``take``, ``link``) to the file at ``path``, and with what.

    ``offset`` is where is written, -1 for the end; or the size to which is cut. ``text`` is what is written, or another name.
    """

    what: str
    path: str
    offset: int = 0
    text: bytes = b""


def bytes_of(told: str) -> bytes:
    """Return what strace has told in hexadecimal."""
    return bytes.fromhex(told.replace("\\x", ""))


def call_of(line: str, made: set[str]) -> Call | None:
    """Return the call that a line tells; None where it changes nothing. ``made`` are the files that were opened to be made."""
    found = CALL.match(line)
    if found is None or int(found[3]) < 0:
        return None
    name, given, result, opened = found.groups()
    texts = [bytes_of(one) for one in TEXT.findall(given)]
    number = FILE.match(given)
    path = bytes_of(number[1]).decode() if number else texts[0].decode()
    match name:
        case "write":
            return Call("write", path, -1, texts[0][: int(result)])
        case "pwrite64":
            return Call("write", path, int(given.rpartition(", ")[2]), texts[0][: int(result)])
        case "ftruncate":
            return Call("cut", path, int(given.rpartition(", ")[2]))
        case "fsync" | "fdatasync":
            return Call("sync", path)
        case "unlink":
            made.discard(path)
            return Call("take", path)
        case "link":
            return Call("link", path, text=texts[1])
        case _:
            assert name == "openat", f"{name} is not understood"
    path = bytes_of(opened).decode()
    if "O_CREAT" not in given or path in made:
        return None
    made.add(path)
    return Call("make", path)


def whole(lines: Iterable[str]) -> Iterator[str]:
    """Yield each call as one line, where it ends; another thread may have called in between."""
    begun: dict[str, str] = {}
    for line in lines:
        part, rest = PART.match(line), REST.match(line)
        if part:
            begun[part[1]] = f"{part[1]} {part[2]}({part[3]}"
        elif rest:
            yield begun.pop(rest[1]) + rest[3]
        else:
            yield line


def recorded(folder: Path, fault: str = "") -> list[Call]:
    """Let the club in ``folder`` work in a process of its own, and return the calls on its files."""
    told = folder / "told"
    command = [
        "strace",
        "-f",
        "-qq",
        "-y",
        "-xx",
        "-s",
        "1000000",
        "-o",
        str(told),
        "-e",
        f"trace={CALLS}",
        sys.executable,
    ]
    command += ["-m", "tests.sweeps.work", str(folder), *([fault] if fault else [])]
    subprocess.run(command, cwd=ROOT, check=True, timeout=SECONDS)
    made: set[str] = set()
    with told.open(encoding="ascii") as lines:
        calls = [call_of(line, made) for line in whole(lines)]
    told.unlink()
    return [
        one._replace(path=inside(one.path, folder), text=one.text if one.what != "link" else inside(one.text.decode(), folder).encode())
        for one in calls
        if one is not None and Path(one.path).is_relative_to(folder)
    ]  # fmt: skip


def inside(path: str, folder: Path) -> str:
    """Return the name of a file in ``folder``; nothing for the folder itself."""
    return path.removeprefix(str(folder)).removeprefix("/")


class Disk:
    """The files of a folder by number, and the names under which they stand."""

    def __init__(self) -> None:
        self.names: dict[str, int] = {}
        self.files: dict[int, bytes] = {}

    def apply(self, call: Call, number: int) -> None:
        """Let a call happen to file ``number``."""
        text = self.files.get(number, b"")
        match call.what:
            case "make" | "link":
                self.names[call.text.decode() or call.path] = number
                self.files.setdefault(number, b"")
            case "take":
                self.names.pop(call.path, None)
            case "cut":
                self.files[number] = text[: call.offset].ljust(call.offset, b"\0")
            case "write":
                at = len(text) if call.offset < 0 else call.offset
                text = text.ljust(at, b"\0")
                self.files[number] = text[:at] + call.text + text[at + len(call.text) :]
            case _:
                assert call.what == "sync", f"{call.what} is not understood"

    def copy(self) -> Disk:
        """Return the same once more."""
        found = Disk()
        found.names, found.files = dict(self.names), dict(self.files)
        return found

    @property
    def content(self) -> dict[str, bytes]:
        """What stands under each name."""
        return {name: self.files.get(number, b"") for name, number in self.names.items()}


class Recorded:
    """A disk to which calls happen: ``now`` is what the system shows, ``sure`` what stands there whatever happens.

    What happens to the files in ``elsewhere``, which others keep, is sure at once.
    """

    def __init__(self, elsewhere: Iterable[str]) -> None:
        self.now, self.sure = Disk(), Disk()
        self._elsewhere = frozenset(elsewhere)
        self._numbers: dict[str, int] = {}
        self._count = 0
        # What is not sure: names in their order, and what was written to each file.
        self._named: list[tuple[Call, int]] = []
        self._written: list[tuple[Call, int]] = []

    def happens(self, call: Call) -> None:
        """Let a call happen."""
        if call.what == "make" and call.path not in self._numbers:
            self._count += 1
            self._numbers[call.path] = self._count
        number = self._numbers.get(call.path, 0)
        if call.what == "sync":
            self._sync(call.path, number)
            return
        if call.what == "link":
            self._numbers[call.text.decode()] = number
        if call.what == "take":
            self._numbers.pop(call.path, None)
        if call.what == "write" and call.offset < 0:
            call = call._replace(offset=len(self.now.files.get(number, b"")))
        self.now.apply(call, number)
        if call.path in self._elsewhere:
            self.sure.apply(call, number)
        elif call.what in ("write", "cut"):
            self._written.append((call, number))
        else:
            self._named.append((call, number))

    def _sync(self, path: str, number: int) -> None:
        if number:
            for call, one in self._written:
                if one == number:
                    self.sure.apply(call, one)
            self._written = [found for found in self._written if found[1] != number]
            return
        for call, one in self._named:
            if folder_of(call.path) == path:
                self.sure.apply(call, one)
        self._named = [found for found in self._named if folder_of(found[0].path) != path]

    def least(self) -> Disk:
        """Return the disk on which nothing is that was not synced."""
        return self.sure.copy()

    def some(self, dice: Random) -> Disk:
        """Return the disk on which some of what was not synced is, by chance."""
        found = self.sure.copy()
        for folder in sorted({folder_of(call.path) for call, _ in self._named}):
            named = [one for one in self._named if folder_of(one[0].path) == folder]
            for call, number in named[: dice.randint(0, len(named))]:
                found.apply(call, number)
        chance = dice.choice((0.1, 0.5, 0.9))
        for call, number in self._written:
            if dice.random() < chance:
                for piece in torn(call, dice) if dice.random() < 0.5 else (call,):
                    found.apply(piece, number)
        return found


def folder_of(path: str) -> str:
    """Return the folder of a file as it is named where it is synced."""
    return path.rpartition("/")[0]


def torn(call: Call, dice: Random) -> Iterator[Call]:
    """Yield those sectors of a write that reach the disk, by chance."""
    if call.what != "write":
        yield call
        return
    at = call.offset
    end = at + len(call.text)
    while at < end:
        behind = min(end, at - at % SECTOR + SECTOR)
        if dice.random() < 0.5:
            yield call._replace(offset=at, text=call.text[at - call.offset : behind - call.offset])
        at = behind
