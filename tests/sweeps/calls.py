"""Killed, or refused by the system, at every call that writes. Rule: what was not promised is done again, what was is there.

strace stands between the runtime and the system: at the n-th call of a kind it kills the process, or lets the call fail as a
full disk or a broken one does. So SQLite's own writes are met too.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from tests.limits import LONGEST
from tests.sweeps.club import Place
from tests.sweeps.killed import KILLED, came_to, clean_of, progress

ROOT = Path(__file__).resolve().parent.parent.parent
# What writes, and what makes or takes away files.
CALLS = ("write", "pwrite64", "fdatasync", "fsync", "ftruncate", "unlink", "openat")
ERRORS = ("ENOSPC", "EIO", "EMFILE")
# How an errno fits a call: a disk is full when it is written, files run out when one is opened.
FITS = {
    "ENOSPC": ("write", "pwrite64", "fdatasync", "ftruncate"),
    "EIO": ("write", "pwrite64", "fdatasync", "fsync", "ftruncate"),
    "EMFILE": ("openat",),
    "EROFS": ("write", "pwrite64", "fdatasync", "fsync", "ftruncate", "unlink", "openat"),
}
# What does not pass with the next call: a disk that may only be read stays so for a while.
LASTS = {"EROFS": 12}
READ_ONLY = ("EROFS",)
# How long a run may take, in seconds, and what is returned of one that takes longer.
SECONDS, NO_END = 60, -1000


class Point(NamedTuple):
    """The ``number``-th call of a kind, and what happens there: ``KILL`` or the name of an error; an error some ``times``."""

    call: str
    number: int
    what: str
    times: int = 1

    @property
    def inject(self) -> str:
        """The point as strace writes it."""
        how = "signal=KILL" if self.what == "KILL" else f"error={self.what}"
        last = f"..{self.number + self.times - 1}" if self.times > 1 else ""
        return f"inject={self.call}:{how}:when={self.number}{last}"


def has_strace() -> bool:
    """Return whether there is a strace that may trace."""
    program = shutil.which("strace")
    if program is None:
        return False
    done = subprocess.run(
        [program, "-o", os.devnull, "true"], capture_output=True, check=False, timeout=LONGEST
    )
    return done.returncode == 0


def worked(folder: Path, point: Point | None, fault: str = "") -> int:
    """Let the club in ``folder`` work in a process of its own until a point; return its exit code.

    Its runtime may have a ``fault`` planted.
    """
    command = [sys.executable, "-m", "tests.sweeps.work", str(folder), *([fault] if fault else [])]
    if point is not None:
        command = ["strace", "-f", "-qq", "-o", os.devnull, "-e", f"trace={point.call}", "-P", str(folder / "s.db"),
                   "-P", str(folder / "s.db-wal"), "-P", str(folder / "log" / "verbline.runtime.jsonl"),
                   "-e", point.inject, *command]  # fmt: skip
    # Whoever traces and what is traced are ended together.
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True) as running:  # fmt: skip
        try:
            return running.wait(SECONDS)
        except subprocess.TimeoutExpired:
            os.killpg(running.pid, signal.SIGKILL)
            return NO_END


def counted(folder: Path, fault: str = "") -> Counter[str]:
    """Return how often a run that nobody disturbs makes each call on its files."""
    place = Place(folder)
    told = folder / "calls"
    files = [str(place.store), f"{place.store}-wal", str(place.log / "verbline.runtime.jsonl")]
    command = ["strace", "-f", "-qq", "-o", str(told), "-e", f"trace={','.join(CALLS)}"]
    command += [word for file in files for word in ("-P", file)]
    command += [sys.executable, "-m", "tests.sweeps.work", str(folder), *([fault] if fault else [])]
    subprocess.run(command, cwd=ROOT, check=True, timeout=SECONDS)
    found = (line.split(maxsplit=1)[1].partition("(")[0] for line in told.read_text().splitlines())
    return Counter(name for name in found if name in CALLS)


def points(counts: Counter[str], whats: tuple[str, ...], every: int) -> Iterator[Point]:
    """Yield the points of a sweep: every so many calls of each kind."""
    for what in whats:
        for call in FITS.get(what, CALLS):
            for number in range(1, counts[call] + 1, every):
                yield Point(call, number, what, LASTS.get(what, 1))


class Swept(NamedTuple):
    """What a sweep came to: how many points were met, what differed, how often it ended in an error, what arrived twice."""

    points: int
    differs: dict[Point, str]
    ended: int
    twice: int


def swept(folder: Path, whats: tuple[str, ...], every: int, fault: str = "") -> Swept:
    """Disturb a club of its own at each point, let it go on to its end, and compare that with one that nobody disturbs."""
    clean = clean_of(folder)
    counts = counted(folder / "counted", fault)
    met = ended = twice = 0
    differs: dict[Point, str] = {}
    for number, point in enumerate(points(counts, whats, every), 1):
        place = Place(folder / str(number))
        code = worked(place.folder, point, fault)
        assert code in {0, 1, 128 + KILLED, -KILLED, NO_END}, f"{point}: ended with {code}"
        ended += code == 1
        what, again = came_to(place, clean, goes_on=bool(code))
        what = "no end" if code == NO_END else what
        if what:
            differs[point] = what
        twice += again
        met += 1
        progress(met)
    return Swept(met, differs, ended, twice)


def main(whats: tuple[str, ...], every: int, fault: str = "") -> int:
    """Sweep, print what came of it, and return the exit code."""
    if not has_strace():
        sys.stderr.write("strace is not there, or may not trace: this sweep needs it.\n")
        return 2
    with TemporaryDirectory() as folder:
        found = swept(Path(folder), whats, every, fault)
    sys.stdout.write(
        f"{', '.join(whats)} at {found.points} calls: differs {len(found.differs)}, ended in an error {found.ended},"
        f" arrived twice under one key {found.twice}\n"
    )
    for point, what in found.differs.items():
        sys.stdout.write(f"  {point.what} at {point.call} {point.number}: {what}\n")
    return 1 if found.differs else 0
