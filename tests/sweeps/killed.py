"""Killed at every so many steps of our code, in every thread. Rule: nothing is lost, no state differs, a key leaves once.

What is counted is instructions of the runtime's own code, so that the n-th of them is a place between two system calls or
inside a computation: anywhere a power cut could come, but inside SQLite, which the sweep over system calls reaches.
"""

from __future__ import annotations

import os
import shutil
import signal
import sys
import threading
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from types import FrameType
from typing import Any, NamedTuple

from tests.limits import code_of, limit
from tests.sweeps.club import Place, Result
from tests.sweeps.planted import planted
from verbline.runtime.lines import LogError
from verbline.runtime.standing import StoreError
from verbline.runtime.store.outbox import SENT, UNKNOWN

KILLED = 9
# How long a club may need to go on to its end, in seconds.
LONGEST = 20
# And after how many more it is told so again.
SNOOZE = 0.01
# How many steps lie between two kills of one run, which goes on after the first.
AGAIN = 977


class Steps(NamedTuple):
    """What is counted: instructions (``opcode``) or entries into functions (``call``) of files in whose path ``code`` stands.

    ``code`` may be several. Where a ``function`` is named, only those of that name.
    """

    code: str | tuple[str, ...] = f"{os.sep}runtime{os.sep}"
    event: str = "opcode"
    function: str = ""

    def has(self, path: str) -> bool:
        """Return whether a file is among those of which steps are counted."""
        return (
            self.code in path
            if isinstance(self.code, str)
            else any(one in path for one in self.code)
        )


def those(*paths: str) -> Steps:
    """Return the instructions of some files and folders of the runtime."""
    return Steps(tuple(f"{os.sep}runtime{os.sep}{path.replace('/', os.sep)}" for path in paths))


EVERY_STEP = Steps()
# What brings a batch to the disk, and what carries it out: rendered, claimed, handed over, answered, told to the own log.
PARTS = {
    "all": EVERY_STEP,
    "commit": those("store/", "traces/", "engine/engine.py", "engine/runner.py", "engine/receipts.py", "engine/pending.py", "own.py"),
    "dispatch": those("leaving/", "channels/", "templates/", "store/outbox.py", "store/together.py", "engine/outlets.py", "engine/live.py", "own.py"),
}  # fmt: skip
# Where records are written: behind the ids of the events that led to them, and before the batch is on the disk.
HALF_WRITTEN = Steps(f"{os.sep}runtime{os.sep}store{os.sep}journal.py", "call", "add")


class Killer:
    """Ends the process when so many steps of our code have run, in whatever thread."""

    def __init__(self, after: int, steps: Steps) -> None:
        self.left = after
        self.steps = steps

    def __call__(self, frame: FrameType, event: str, _: object) -> Killer | None:
        """Count a step."""
        if not self.steps.has(frame.f_code.co_filename):
            return None
        if event == self.steps.event and self.steps.function in ("", frame.f_code.co_name):
            self.left -= 1
            if self.left <= 0:
                os._exit(KILLED)
        frame.f_trace_opcodes = self.steps.event == "opcode"
        return self


def killed(place: Place, after: int, steps: Steps = EVERY_STEP, fault: str = "") -> bool:
    """Let the club work in another process and kill it after so many steps; return whether it got that far.

    Its runtime may have a ``fault`` planted.
    """
    child = os.fork()
    if not child:
        try:
            limit()
            killer = Killer(after, steps)
            threading.settrace(killer)
            sys.settrace(killer)
            with planted(fault):
                place.work()
            os._exit(0)
        except BaseException:  # noqa: BLE001 - told by the exit code
            import traceback

            traceback.print_exc()
        finally:
            os._exit(1)
    code = code_of(child)
    assert code in {0, KILLED}, f"the work ended with {code}"
    return code == KILLED


class Swept(NamedTuple):
    """What a sweep came to: how many points, what differed by point, how much arrived twice or is unknown, and at how many points."""

    points: int
    differs: dict[int, str]
    twice: int
    windows: int
    unknown: int


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
    fault: str = "",
    repeatable: str = "by key",
) -> Swept:
    """Kill the work at each of ``points``, each ``crashes`` times, until one lies behind its end; compare each with a clean run.

    ``repeatable`` says whether the receiver may get a message again.
    """
    clean = clean_of(folder, repeatable)
    count = twice = windows = unknown = 0
    differs: dict[int, str] = {}
    for after in points:
        place = Place(folder / str(after), repeatable)
        left: list[str] = []
        met = 0
        while met < crashes and killed(place, after + AGAIN * met, steps, fault):
            met += 1
        if not met:
            break
        what, again = came_to(place, clean, goes_on=True, seen=partial(settled, clean, left))
        if what:
            differs[after] = what
        shutil.rmtree(place.folder)
        count += 1
        twice += again
        unknown += len(left)
        windows += bool(again or left)
        tell(count)
    return Swept(count, differs, twice, windows, unknown)


def settled(clean: Result, left: list[str], found: Result) -> Result:
    """Return a result in which what waits for a person's word is what it would have been; its keys are noted in ``left``.

    Only where the receiver may get nothing twice, a message waits for that.
    """
    left += [key for key, state in found.rows if state == UNKNOWN]
    if not left:
        return found
    rows = [(key, SENT if state == UNKNOWN else state) for key, state in found.rows]
    arrived = found.arrived | Counter(dict.fromkeys(left, 1))
    return found._replace(
        rows=rows, arrived=arrived, own=clean.own, people=clean.people, trace=clean.trace
    )


def came_to(
    place: Place,
    clean: Result,
    *,
    goes_on: bool,
    seen: Callable[[Result], Result] = lambda found: found,
) -> tuple[str, int]:
    """Return in what the end of a club differs, nothing where it does not, and how much arrived twice; first it may go on.

    ``seen`` leaves out what may differ.
    """
    try:
        with limited():
            if goes_on:
                place.work()
            found = place.result()
    except OverError:
        return "no end", 0
    except (StoreError, LogError, OSError) as error:
        return f"refused: {error}", 0
    except Exception as error:  # noqa: BLE001 - a sweep tells of all of them
        return f"ended with {type(error).__name__}", 0
    return seen(found).differs(clean), found.twice


class OverError(BaseException):
    """Something takes longer than it may. A runtime tries again after any `Exception`, and would never end."""


@contextmanager
def limited() -> Iterator[None]:
    """End with an `OverError` what takes longer than it may.

    Python drops what is raised in a callback of its garbage collector, so the alarm comes again until it is heard.
    """

    def over(_signal: int, _frame: object) -> None:
        raise OverError

    before = signal.signal(signal.SIGALRM, over)
    signal.setitimer(signal.ITIMER_REAL, LONGEST, SNOOZE)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def main(part: str, points: range, crashes: int, fault: str = "", repeatable: str = "by key") -> int:  # fmt: skip
    """Sweep, print what came of it, and return the exit code."""
    with TemporaryDirectory() as folder:
        found = swept(Path(folder), points, crashes, steps=PARTS[part], tell=progress, fault=fault, repeatable=repeatable)  # fmt: skip
    lost = sum(what == "arrived" for what in found.differs.values())
    sys.stdout.write(
        f"killed at {found.points} points of {part}, every {points.step}: lost {lost}, state differs {len(found.differs) - lost},"
        f" arrived twice under one key {found.twice}, unknown {found.unknown}, in all at {found.windows} points\n"
    )
    for point, what in found.differs.items():
        sys.stdout.write(f"  after {point} steps: {what}\n")
    return 1 if found.differs else 0


def progress(count: int) -> None:
    """Say how far it is, on a terminal."""
    if sys.stderr.isatty():
        sys.stderr.write(f"\r{count} points")
