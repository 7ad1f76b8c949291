"""Where the reading of one file stands. Rule: a place is found again by what was read, never by a name alone.

A file bears its name only until it is rotated away. So a place knows the file's number on its disk, and what its first and
the last bytes were that were read: whoever comes back can tell the same file from another one that took its name.
"""

from __future__ import annotations

import os
from hashlib import sha256
from typing import NamedTuple

from verbline.runtime.lines import LogError

# So many bytes at the beginning, and right before the place, are what a file is known by.
KNOWN_BY = 1024
NO_PRINT = sha256(b"").hexdigest()


class LogChangedError(LogError):
    """A log that is no longer what was read: ``reason`` is cut, replaced or gone, for programs."""

    def __init__(self, reason: str, sentence: str) -> None:
        super().__init__(sentence)
        self.reason = reason


class Place(NamedTuple):
    """Where the reading of a file stands: ``offset`` bytes of it were taken, all of them whole lines.

    ``name`` is what the file was called when it was met. ``head`` and ``tail`` are hashes of its first and of the last
    bytes before ``offset``. ``known`` is when the last line was known, in milliseconds since 1970 UTC. A ``done`` place is
    that of a file that was rotated away and read to its end.
    """

    name: str
    device: int
    inode: int
    offset: int = 0
    known: int = -1 << 62
    head: str = NO_PRINT
    tail: str = NO_PRINT
    done: bool = False

    @property
    def key(self) -> tuple[int, int]:
        """The file's number on its disk."""
        return self.device, self.inode


def prints(descriptor: int, offset: int) -> tuple[str, str]:
    """Return the hashes of the first and of the last bytes of a file up to ``offset``."""
    head, tail = ends(descriptor, offset)
    return print_of(head), print_of(tail)


def ends(descriptor: int, offset: int) -> tuple[bytes, bytes]:
    """Return the first and the last bytes of a file up to ``offset``."""
    size = min(offset, KNOWN_BY)
    head = os.pread(descriptor, size, 0)
    return head, head if offset == size else os.pread(descriptor, size, offset - size)


def print_of(text: bytes) -> str:
    """Return the hash by which bytes are known."""
    return sha256(text).hexdigest()


def is_same(descriptor: int, place: Place) -> bool:
    """Return whether an open file holds what was read of ``place``."""
    if os.fstat(descriptor).st_size < place.offset:
        return False
    return prints(descriptor, place.offset) == (place.head, place.tail)
