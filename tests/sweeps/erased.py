"""Killed while somebody is erased, and while the store is made again. Rule: nothing of them stays, and nothing of others is lost.

The first day is lived; on the second an operator erases somebody who is kept by a mould. The run is killed there at every so many steps
of what erases: the ledger, who is who, the trace, the outbox, and the file, which is written anew. It goes on to the end, and is
compared with a run without a kill; then the store is made again from the log and compared with itself.
"""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from tests.sweeps.club import BEGIN, Place
from tests.sweeps.killed import came_to, clean_of, killed, progress, those
from verbline.interpreter.zones import HOUR

ERASES = those("consent/", "identity/", "traces/forgetting.py", "operators.py", "store/outbox.py", "engine/opened.py", "engine/pending.py", "ledger.py")  # fmt: skip


class Swept(NamedTuple):
    """What a sweep came to: how many points, what differs in the end, and what in the store that was made again, by point."""

    points: int
    differs: dict[int, str]
    again: dict[int, str]


def begun(folder: Path) -> Place:
    """Return a club that has lived through its first day; what happens on the second stands in its log."""
    place = Place(folder)
    place.happens(0)
    place.live(BEGIN + 10 * HOUR)
    place.happens(1)
    return place


def swept(folder: Path, points: Iterable[int], fault: str = "") -> Swept:
    """Kill the work at each of ``points`` until one lies behind its end."""
    clean = clean_of(folder)
    found = Swept(0, {}, {})
    for after in points:
        place = begun(folder / str(after))
        if not killed(place, after, ERASES, fault):
            break
        what, _twice = came_to(place, clean, goes_on=True)
        if what:
            found.differs[after] = what
        elif told := place.again().differs(place.result()):
            found.again[after] = told
        shutil.rmtree(place.folder)
        found = found._replace(points=found.points + 1)
        progress(found.points)
    return found


def main(points: range, fault: str = "") -> int:
    """Sweep, print what came of it, and return the exit code."""
    with TemporaryDirectory() as folder:
        found = swept(Path(folder), points, fault)
    sys.stdout.write(
        f"killed at {found.points} points while somebody is erased, every {points.step}: differs {len(found.differs)}, made again differs {len(found.again)}\n"
    )
    for point, what in [*found.differs.items(), *found.again.items()]:
        sys.stdout.write(f"  after {point} steps: {what}\n")
    return 1 if found.differs or found.again else 0
