"""A run that ends behind any of its calls, by a kill or because the power is lost. Rule: from what the disk holds it goes on to the same end.

A run is recorded once; then it goes on from each disk that it may have left. So every instruction at which it can be killed is
met: between two calls that write, the disk is the same at each of them.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from tests.rehearsed import dice_of
from tests.sweeps.calls import has_strace
from tests.sweeps.club import OWN, Place, Result
from tests.sweeps.disk import Call, Disk, Recorded, recorded
from tests.sweeps.killed import came_to, clean_of, progress

# What is not on the disk of the runtime: what others say, and the receiver.
ELSEWHERE = ("log/desk.jsonl", "received")
KILLED, LOST = "killed", "power lost"
KEY = "s.db.links"
# How many disks by chance are looked at behind each call.
CHANCES = 1


class Image(NamedTuple):
    """What a disk held behind ``call`` calls, when the run ended in this ``way``."""

    call: int
    way: str
    content: dict[str, bytes]


def images(calls: list[Call], every: int) -> Iterator[Image]:
    """Yield each disk that is another one than all before, behind every so many of ``calls``; no file is the same as none."""
    found = Recorded(ELSEWHERE)
    seen: set[bytes] = set()
    for number, call in enumerate(calls, 1):
        before = found.least()
        found.happens(call)
        if number % every:
            continue
        dice = dice_of(number)
        disks = [
            (KILLED, found.now),
            (LOST, before),
            *((LOST, found.some(dice)) for _ in range(CHANCES)),
        ]
        for way, disk in disks:
            mark = mark_of(disk)
            if mark not in seen:
                seen.add(mark)
                yield Image(number, way, disk.content)


def mark_of(disk: Disk) -> bytes:
    """Return a number for what stands on a disk."""
    found = sha256()
    for name, text in sorted(disk.content.items()):
        found.update(f"{name}\0{len(text)}\0".encode() + text)
    return found.digest()


def written(place: Place, image: Image) -> None:
    """Let the folder of a club hold what a disk held."""
    for path in (place.receiver, *place.folder.glob("s.db*"), *place.log.iterdir()):
        path.unlink(missing_ok=True)
    for name, text in image.content.items():
        if not name.startswith("club/") and not name.endswith("-shm"):
            (place.folder / name).write_bytes(text)


def forgiving(found: Result) -> Result:
    """Return a result without lines of the own log that the disk has torn: they were never promised, and are set aside."""
    trace = [
        one
        for one in found.trace
        if not (f'"{OWN}"' in one and json.loads(one)["kind"] == "parked")
    ]
    return found._replace(trace=trace, torn=0)


def wrong(image: Image, key: bytes) -> str:
    """Return what is missing on a disk though something went out that needs it."""
    if image.content.get("received") and image.content.get(KEY) != key:
        return "the key of links is gone"
    return ""


class Swept(NamedTuple):
    """What a sweep came to, by the way in which runs ended: points, what differs, and how much arrived twice."""

    points: dict[str, int]
    differs: dict[tuple[int, str], str]
    twice: dict[str, int]


class End(NamedTuple):
    """Where a run ends that goes on from an image: ``what`` differs from a run without, nothing where nothing does."""

    image: Image
    what: str
    twice: int


def ends(folder: Path, every: int, fault: str = "") -> Iterator[End]:
    """Let the club go on from every so many of the disks that a run may leave; yield where each comes to."""
    clean = clean_of(folder)
    calls = recorded(Place(folder / "recorded").folder, fault)
    key = (folder / "recorded" / KEY).read_bytes()
    place = Place(folder / "again")
    for image in images(calls, every):
        written(place, image)
        what, twice = came_to(place, clean, goes_on=True, seen=forgiving)
        yield End(image, wrong(image, key) or what, twice)


def swept(folder: Path, every: int, fault: str = "") -> Swept:
    """Return what all ends come to."""
    ways = KILLED, LOST
    found = Swept(dict.fromkeys(ways, 0), {}, dict.fromkeys(ways, 0))
    for count, (image, what, twice) in enumerate(ends(folder, every, fault), 1):
        found.points[image.way] += 1
        found.twice[image.way] += twice
        if what:
            found.differs[image.call, image.way] = what
        progress(count)
    return found


def main(every: int, fault: str = "") -> int:
    """Sweep, print what came of it, and return the exit code."""
    if not has_strace():
        sys.stderr.write("strace is not there, or may not trace: this sweep needs it.\n")
        return 2
    with TemporaryDirectory() as folder:
        found = swept(Path(folder), every, fault)
    for way, points in found.points.items():
        differs = [what for (_, one), what in found.differs.items() if one == way]
        lost = differs.count("arrived")
        sys.stdout.write(
            f"{way}: {points} disks: lost {lost}, differs {len(differs) - lost}, arrived twice under one key {found.twice[way]}\n"
        )
    for (call, way), what in found.differs.items():
        sys.stdout.write(f"  {way} behind call {call}: {what}\n")
    return 1 if found.differs else 0
