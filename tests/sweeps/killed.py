"""Killed at every so many steps of our code, in every thread. Rule: nothing is lost, no state differs, a key leaves once.

What is counted is instructions of the runtime's own code, so that the n-th of them is a place between two system calls or
inside a computation: anywhere a power cut could come, but inside SQLite, which the sweep over system calls reaches.
"""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Callable, Iterable
from pathlib import Path
from tempfile import TemporaryDirectory
from types import FrameType
from typing import Any, NamedTuple

from tests.sweeps.club import Place, Result

KILLED = 9
# How many steps lie between two kills of one run, which goes on after the first.
AGAIN = 977


class Steps(NamedTuple):
    """What is counted: instructions (``opcode``) or entries into functions (``call``) of files in whose path ``code`` stands.

    Where a ``function`` is named, only those of that name.
    """

    code: str = f"{os.sep}runtime{os.sep}"
    event: str = "opcode"
    function: str = ""


EVERY_STEP = Steps()
# Where records are written: behind the ids of the events that led to them, and before the batch is on the disk.
HALF_WRITTEN = Steps(f"{os.sep}runtime{os.sep}store{os.sep}journal.py", "call", "add")


class Killer:
    """Ends the process when so many steps of our code have run, in whatever thread."""

    def __init__(self, after: int, steps: Steps) -> None:
        self.left = after
        self.steps = steps

    def __call__(self, frame: FrameType, event: str, _: object) -> Killer | None:
        """Count a step."""
        if self.steps.code not in frame.f_code.co_filename:
            return None
        if event == self.steps.event and self.steps.function in ("", frame.f_code.co_name):
            self.left -= 1
            if self.left <= 0:
                os._exit(KILLED)
        frame.f_trace_opcodes = self.steps.event == "opcode"
        return self


def killed(place: Place, after: int, steps: Steps = EVERY_STEP) -> bool:
    """Let the club work in another process and kill it after so many steps; return whether it got that far."""
    child = os.fork()
    if not child:
        try:
            killer = Killer(after, steps)
            threading.settrace(killer)
            sys.settrace(killer)
            place.work()
            os._exit(0)
        except BaseException:  # noqa: BLE001 - told by the exit code
            import traceback

            traceback.print_exc()
        finally:
            os._exit(1)
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    assert code in {0, KILLED}, f"the work ended with {code}"
    return code == KILLED


class Swept(NamedTuple):
    """What a sweep came to: how many points, what differed by point, and how much arrived twice."""

    points: int
    differs: dict[int, str]
    twice: int


def clean_of(folder: Path, repeatable: str = "by key") -> Result:
    """Return what a run without a fault comes to."""
    place = Place(folder / "clean", repeatable)
    place.work()
    return place.result()


def swept(
    folder: Path,
    points: Iterable[int],
    crashes: int = 1,
    *,
    steps: Steps = EVERY_STEP,
    tell: Callable[[int], Any] = bool,
) -> Swept:
    """Kill the work at each of ``points``, each ``crashes`` times, until one lies behind its end; compare each with a clean run."""
    clean = clean_of(folder)
    count = twice = 0
    differs: dict[int, str] = {}
    for after in points:
        place = Place(folder / str(after))
        met = 0
        while met < crashes and killed(place, after + AGAIN * met, steps):
            met += 1
        if not met:
            break
        place.work()
        found = place.result()
        what = found.differs(clean)
        if what:
            differs[after] = what
        count += 1
        twice += found.twice
        tell(count)
    return Swept(count, differs, twice)


def main(every: int, first: int, crashes: int) -> int:
    """Sweep, print what came of it, and return the exit code."""
    with TemporaryDirectory() as folder:
        found = swept(Path(folder), range(first, 1 << 40, every), crashes, tell=progress)
    lost = sum(what == "arrived" for what in found.differs.values())
    sys.stdout.write(
        f"killed at {found.points} points: lost {lost}, state differs {len(found.differs) - lost},"
        f" arrived twice under one key {found.twice}\n"
    )
    for point, what in found.differs.items():
        sys.stdout.write(f"  after {point} steps: {what}\n")
    return 1 if found.differs else 0


def progress(count: int) -> None:
    """Say how far it is, on a terminal."""
    if sys.stderr.isatty():
        sys.stderr.write(f"\r{count} points")
