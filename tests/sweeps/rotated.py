"""A log rotated in three ways, under a runtime and between two runs. Rule: every line is taken, or the run stops and says so.

rename: the file gets another name, a new one takes its name. copied: a copy is made and the file cut to nothing, then
written on. deleted: the file is taken away and a new one made. Each before any later line was seen and after, and each time
what is new is as long as what was there, or longer.
"""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Iterator
from itertools import product
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from tests.sweeps import torn
from tests.sweeps.club import Place, Result
from tests.sweeps.killed import progress
from tests.sweeps.stepped import Stepped
from tests.sweeps.torn import LINES, NOW, line_of, log_of
from verbline.runtime.follow.place import LogChangedError

WAYS = ("renamed", "copied", "deleted")
SAME, STOPPED = "the same", "stopped"


class Turn(NamedTuple):
    """The log is rotated in one ``way`` behind ``read`` lines that were read and ``unread`` ones that were not.

    With ``running`` a runtime is at work meanwhile.
    """

    way: str
    read: int
    unread: int
    running: bool


def turns(every: int) -> Iterator[Turn]:
    """Yield every so many of all turns."""
    found = [
        Turn(way, read, unread, running)
        for way, read, unread, running in product(WAYS, range(1, LINES), range(3), (True, False))
        if read + unread <= LINES
    ]
    yield from found[::every]


def write(place: Place, lines: range) -> None:
    """Let some lines be written at the end of what bears the name of the log."""
    with log_of(place).open("ab") as file:
        file.write(b"".join(line_of(number) for number in lines))


def rotate(place: Place, way: str) -> None:
    """Rotate the log."""
    log = log_of(place)
    away = log.with_name("desk.jsonl.1")
    if way == "copied":
        shutil.copyfile(log, away)
        with log.open("r+b") as file:
            file.truncate()
    elif way == "renamed":
        log.rename(away)
        log.touch()
    else:
        log.unlink()
        log.touch()


def without_places(result: Result) -> Result:
    """Return a result in which nobody is told where a line stood, and of one instant not in which order: there are two files now."""
    trace = [{**json.loads(one), "file": "", "offset": 0} for one in result.trace]
    return result._replace(trace=sorted(json.dumps(one) for one in trace))


def turned(place: Place, turn: Turn) -> str:
    """Let the club live through a turn; return why it stopped, if it did."""
    behind = turn.read + turn.unread
    write(place, range(turn.read))
    try:
        with Stepped(place, NOW) as run:
            run.look()
            if turn.running:
                pass_by(place, turn, behind)
                run.look()
        if not turn.running:
            pass_by(place, turn, behind)
            place.live(NOW)
    except LogChangedError as error:
        return error.reason
    return ""


def pass_by(place: Place, turn: Turn, behind: int) -> None:
    """Write what is not read in time, rotate, and write on."""
    write(place, range(turn.read, behind))
    rotate(place, turn.way)
    write(place, range(behind, LINES))


def swept(folder: Path, every: int) -> dict[Turn, str]:
    """Return what became of every so many turns: the same, stopped, or in what it differs."""
    clean = without_places(torn.clean_of(folder / "clean"))
    found = {}
    for count, turn in enumerate(turns(every), 1):
        place = Place(folder / str(count))
        stopped = turned(place, turn)
        found[turn] = STOPPED if stopped else without_places(place.result()).differs(clean) or SAME
        progress(count)
    return found


def main(every: int) -> int:
    """Sweep, print what came of it, and return the exit code."""
    with TemporaryDirectory() as folder:
        found = swept(Path(folder), every)
    wrong = {turn: what for turn, what in found.items() if what not in (SAME, STOPPED)}
    for way in WAYS:
        ends = [what for turn, what in found.items() if turn.way == way]
        sys.stdout.write(
            f"{way} {len(ends)} times: the same {ends.count(SAME)}, stopped {ends.count(STOPPED)}, lost {len(ends) - ends.count(SAME) - ends.count(STOPPED)}\n"
        )
    for turn, what in wrong.items():
        sys.stdout.write(f"  {turn}: {what}\n")
    return 1 if wrong else 0
