"""Files of which lines were overwritten in place. Rule: whoever overwrites says first how the file will be known; whoever knew it before believes that, and nothing else.

A file is known by hashes of its first bytes and of those before a place (`place.prints`). Where somebody is taken out of the log
these become others. So the runtime's own log tells, for each hash that a place may hold, which one takes its place, a line
after the other: also when it ends half-way, each state of the file is known.
"""

from __future__ import annotations

import os
from hashlib import sha256
from typing import NamedTuple

import msgspec

from verbline.runtime.follow.place import KNOWN_BY, is_same, prints
from verbline.runtime.own import NAME, own_event

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path
    from typing import Any

    from verbline.runtime.follow.place import Place

KIND = "verbline.log.overwritten"
MARK = KIND.encode()
# How many hashes one event tells: it stays far below what a line may hold.
TOLD = 500


class Patch(NamedTuple):
    """What stands at ``offset`` of a file afterwards."""

    offset: int
    text: bytes


class _Told(msgspec.Struct):
    """What an event says: pairs of hashes, before and after."""

    prints: list[tuple[str, str]]


class _Line(msgspec.Struct):
    type: str
    data: msgspec.Raw = msgspec.Raw(b"{}")


def events_of(pairs: Iterable[tuple[str, str]], at: int) -> Iterator[dict[str, Any]]:
    """Yield the events that tell of ``pairs`` at the instant ``at``, in milliseconds."""
    told = list(dict.fromkeys(pairs))
    for first in range(0, len(told), TOLD):
        yield own_event(KIND, at, {"prints": told[first : first + TOLD]})


def changes(descriptor: int, patches: Sequence[Patch]) -> Iterator[tuple[str, str]]:
    """Yield by which hash a file is known before each of ``patches`` and after it, in their order."""
    for count, patch in enumerate(patches):
        before, after = patches[:count], patches[: count + 1]
        for start, end in windows(descriptor, patch):
            text = os.pread(descriptor, end - start, start)
            pair = tuple(sha256(patched(text, start, some)).hexdigest() for some in (before, after))
            if pair[0] != pair[1]:
                yield pair[0], pair[1]


def windows(descriptor: int, patch: Patch) -> Iterator[tuple[int, int]]:
    """Yield the stretches that hold something of a patch, and by which a place behind a whole line knows its file."""
    if patch.offset < KNOWN_BY:
        yield 0, KNOWN_BY
    if not patch.offset:
        yield 0, min(KNOWN_BY, len(patch.text))
    text = os.pread(descriptor, len(patch.text) + 1 + KNOWN_BY, patch.offset)
    place = text.find(b"\n")
    while place >= 0:
        end = patch.offset + place + 1
        yield max(0, end - KNOWN_BY), end
        place = text.find(b"\n", place + 1)


def patched(text: bytes, start: int, patches: Sequence[Patch]) -> bytes:
    """Return what a stretch of a file that begins at ``start`` holds after some patches."""
    found = bytearray(text)
    for offset, new in patches:
        low, high = max(offset, start), min(offset + len(new), start + len(text))
        if low < high:
            found[low - start : high - start] = new[low - offset : high - offset]
    return bytes(found)


def is_known(descriptor: int, place: Place, folder: Path) -> bool:
    """Return whether an open file holds what was read of ``place``, but for lines that the runtime's own log in ``folder`` says were overwritten."""
    if is_same(descriptor, place):
        return True
    if os.fstat(descriptor).st_size < place.offset:
        return False
    follow = successors(folder)
    return all(
        leads(old, new, follow)
        for old, new in zip((place.head, place.tail), prints(descriptor, place.offset), strict=True)
    )


def successors(folder: Path, length: int = 64) -> dict[str, set[str]]:
    """Return which hashes take the place of which, of each so many letters, as own logs in a folder say."""
    found: dict[str, set[str]] = {}
    for before, after in told_in(folder):
        found.setdefault(before[:length], set()).add(after[:length])
    return found


def leads(old: str, new: str, follow: Mapping[str, set[str]]) -> bool:
    """Return whether one hash takes the place of another, in whatever number of steps."""
    met, open_ = {old}, [old]
    while open_ and new not in met:
        some = follow.get(open_.pop(), set()) - met
        met |= some
        open_ += some
    return new in met


def told_in(folder: Path) -> Iterator[tuple[str, str]]:
    """Yield what own logs in a folder say of lines that were overwritten, in their order."""
    for path in sorted(folder.glob(f"*{NAME}*")):
        with path.open("rb") as file:
            for line in file:
                yield from told_by(line) if MARK in line else ()


def told_by(line: bytes) -> list[tuple[str, str]]:
    """Return what a line of an own log says of that; a line that is torn says nothing yet."""
    try:
        said = msgspec.json.decode(line, type=_Line)
        return msgspec.json.decode(said.data, type=_Told).prints if said.type == KIND else []
    except msgspec.MsgspecError:
        return []
