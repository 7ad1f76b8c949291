"""A disk that is full for a while: store, logs and receiver stand on it. Rule: the run waits, and goes on by itself when there is room.

The disk is a small one in memory, which is mounted where no other process sees it. `python -m tests.sweeps.full FOLDER EVERY FAULT` is
the part that stands inside.
"""

from __future__ import annotations

import errno
import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from itertools import product
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from tests.limits import LONGEST
from tests.sweeps.club import BEGIN, DAYS, Place, Result
from tests.sweeps.killed import OverError, limited
from tests.sweeps.planted import planted
from tests.sweeps.stepped import Stepped
from tests.tree import ROOT
from verbline.interpreter.zones import DAY, HOUR

SIZE = "4m"
MOUNTED = 'mount -t tmpfs -o size="$3" tmpfs "$1" && exec "$2" -m tests.sweeps.full "$1" "$4" "$5"'
SECONDS = 300
# How often the run is seen to wait until there is room again, and how much of the disk is left over when it fills.
WAITS = (1, 4)
LEFT = (0, 3, 6, 12, 24, 48)
PAGE = 4096


class Disk:
    """The disk behind ``folder``, which something fills until ``waits`` was called often enough."""

    def __init__(self, folder: Path, waits: int) -> None:
        self.filler = folder / "filler"
        self.waits = waits
        self.waited = 0

    def fill(self, left: int) -> None:
        """Leave only so many pages."""
        with self.filler.open("wb", buffering=0) as file:
            try:
                while True:
                    file.write(bytes(PAGE))
            except OSError as error:
                if error.errno != errno.ENOSPC:
                    raise
            file.truncate(max(0, file.tell() // PAGE - left) * PAGE)
        self.waited = 0

    def wait(self, _seconds: float = 0) -> None:
        """Note that the run waits, and make room when it has done so often enough."""
        self.waited += 1
        if self.waited >= self.waits:
            self.filler.unlink(missing_ok=True)


def lived(folder: Path, disk: Disk, day: int, left: int) -> tuple[Result, int]:
    """Let a club live through its days, of which one begins on a full disk; return what it came to and how often it waited."""
    place = Place(folder)
    waited = 0
    with Stepped(place, BEGIN) as run:
        run.live.runner.pause = disk.wait
        run.waiting = disk.wait
        run.look()
        for number in range(len(DAYS)):
            assert place.happens(number)
            run.instant = BEGIN + number * DAY + 10 * HOUR
            if number == day:
                disk.fill(left)
            run.look()
            if number == day:
                waited = disk.waited
                disk.filler.unlink(missing_ok=True)
    return place.result(), waited


def ways(every: int) -> Iterator[tuple[int, int, int]]:
    """Yield every so many of all ways: how often it waits, on which day, with how many pages left."""
    yield from list(product(WAITS, range(len(DAYS)), LEFT))[::every]


def inside(folder: Path, every: int, fault: str = "") -> dict[str, Any]:
    """Return what became of each way on the disk behind ``folder``; the runtime may have a ``fault`` planted."""
    clean, _ = lived(folder / "clean", Disk(folder, 0), -1, 0)
    found: dict[str, Any] = {"points": 0, "waited": 0, "twice": 0, "differs": []}
    for waits, day, left in ways(every):
        place = folder / f"{waits}-{day}-{left}"
        what, waited, twice = came_to(place, Disk(folder, waits), (day, left), clean, fault)
        shutil.rmtree(place)
        found["points"] += 1
        found["waited"] += waited > 0
        found["twice"] += twice
        if what:
            found["differs"].append(f"day {day}, {left} pages left, {waits} waits: {what}")
    return found


def came_to(
    place: Path, disk: Disk, full: tuple[int, int], clean: Result, fault: str
) -> tuple[str, int, int]:
    """Return in what the end differs, nothing where it does not, how often the run waited, and how much arrived twice."""
    try:
        with planted(fault), limited():
            result, waited = lived(place, disk, *full)
    except (Exception, OverError) as error:  # noqa: BLE001 - no run ends because a disk is full
        disk.filler.unlink(missing_ok=True)
        return f"ended with {type(error).__name__}", 0, 0
    return result.differs(clean), waited, result.twice


def swept(folder: Path, every: int, fault: str = "") -> dict[str, Any] | None:
    """Return what became of every so many ways; None where nothing may be mounted here."""
    command = ["unshare", "--map-root-user", "--mount", "sh", "-c", MOUNTED, "sh", str(folder), sys.executable, SIZE, str(every), fault]  # fmt: skip
    if not may_mount(folder):
        return None
    done = subprocess.run(
        command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=SECONDS
    )
    assert not done.returncode, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def may_mount(folder: Path) -> bool:
    """Return whether a disk may be mounted where only we see it."""
    if shutil.which("unshare") is None:
        return False
    command = ["unshare", "--map-root-user", "--mount", "mount", "-t", "tmpfs", "tmpfs", str(folder)]  # fmt: skip
    return (
        subprocess.run(command, capture_output=True, check=False, timeout=LONGEST).returncode == 0
    )


def main(every: int, fault: str = "") -> int:
    """Sweep, print what came of it, and return the exit code."""
    with TemporaryDirectory() as folder:
        found = swept(Path(folder), every, fault)
    if found is None:
        sys.stderr.write("Nothing may be mounted here: this sweep needs `unshare` and tmpfs.\n")
        return 2
    sys.stdout.write(
        f"disk full {found['points']} times: waited {found['waited']}, differs {len(found['differs'])}, arrived twice under one key {found['twice']}\n"
    )
    for what in found["differs"]:
        sys.stdout.write(f"  {what}\n")
    return 1 if found["differs"] else 0


if __name__ == "__main__":
    json.dump(inside(Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3]), sys.stdout)
