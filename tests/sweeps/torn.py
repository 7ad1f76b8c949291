"""A line that is not whole yet, cut at every byte. Rule: it waits for its newline, then it is one line.

Twice each: a runtime that follows sees the log grow by one byte after the other; and one that ends at each cut goes on when
the rest is there.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.sweeps.club import BEGIN, Place, Result
from tests.sweeps.killed import progress
from tests.sweeps.stepped import Stepped
from verbline.interpreter.step.records import instant_text
from verbline.interpreter.zones import HOUR

LINES = 6
CUT = 3  # lines, from the end
NOW = BEGIN + HOUR


def line_of(number: int) -> bytes:
    """Return the line of somebody who joins, or asks for news; the last but one is no event, and names are not all ASCII."""
    if number == LINES - 2:
        return b'{"id": "torn"\n'
    asks = number % 3 == 0
    event = {
        "id": f"joined-{number}",
        "source": "desk",
        "type": "member.asked" if asks else "member.joined",
        "time": instant_text(NOW),
        "data": {"member-number": f"M-{number}", "email": f"m{number}@mail.example"} | ({} if asks else {"first-name": "Žan 🚲"}),
        **({"agrees": {"news": {"email": True}}} if asks else {}),
    }  # fmt: skip
    return json.dumps(event, ensure_ascii=False).encode() + b"\n"


TEXT = b"".join(line_of(number) for number in range(LINES))
# Every byte of the last three lines, with the newline of each.
CUTS = range(len(b"".join(line_of(number) for number in range(LINES - CUT))), len(TEXT) + 1)


def log_of(place: Place) -> Path:
    """Return the file that is cut."""
    return place.log / "desk.jsonl"


def followed(folder: Path) -> dict[int, str]:
    """Let the log grow by a byte at a time under a runtime; return what differs, by how much was there."""
    clean = clean_of(folder / "whole")
    place = Place(folder / "grown")
    log_of(place).write_bytes(TEXT[: CUTS[0]])
    differs = {}
    with Stepped(place, NOW) as run, log_of(place).open("ab", buffering=0) as file:
        run.look()
        for cut in CUTS[1:]:
            file.write(TEXT[cut - 1 : cut])
            run.look()
            whole = TEXT[:cut].rfind(b"\n") + 1
            if run.read["desk.jsonl"] != whole:
                differs[cut] = f"read to {run.read['desk.jsonl']}, not to {whole}"
    what = ended(place).result().differs(clean)
    return {**differs, len(TEXT): what} if what else differs


def ended(place: Place) -> Place:
    """Let everything leave that is due."""
    place.live(NOW)
    return place


def clean_of(folder: Path) -> Result:
    """Return what a run comes to that finds the log whole."""
    place = Place(folder)
    log_of(place).write_bytes(TEXT)
    return ended(place).result()


def continued(folder: Path, every: int) -> tuple[int, dict[int, str]]:
    """End a run at every so many cuts, and go on when the rest is there; return how many, and what differs by cut."""
    clean = clean_of(folder / "clean")
    differs = {}
    for count, cut in enumerate(CUTS[::every], 1):
        place = Place(folder / str(cut))
        log_of(place).write_bytes(TEXT[:cut])
        place.live(NOW)
        log_of(place).write_bytes(TEXT)
        what = ended(place).result().differs(clean)
        if what:
            differs[cut] = what
        progress(count)
    return count, differs


def main(every: int) -> int:
    """Sweep, print what came of it, and return the exit code."""
    with TemporaryDirectory() as folder:
        grown = followed(Path(folder))
        count, cut = continued(Path(folder), every)
    sys.stdout.write(
        f"grown by {len(CUTS) - 1} bytes one after the other: wrong {len(grown)}; ended and continued at {count} cuts: wrong {len(cut)}\n"
    )
    for where, what in [*grown.items(), *cut.items()]:
        sys.stdout.write(f"  at {where}: {what}\n")
    return 1 if grown or cut else 0
