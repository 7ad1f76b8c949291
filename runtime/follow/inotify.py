"""What Linux tells of changes in a folder. Rule: whoever waits hears of them in its own thread, with no other in between.

A hint that passes through several threads waits for each of them, behind whoever computes just then. Where the system knows
no inotify(7), `ImportError` is raised, and there is `observed`.
"""

from __future__ import annotations

import ctypes
import os
import select
import time
from math import ceil
from struct import Struct

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Iterator
    from pathlib import Path

# Bits of <sys/inotify.h>.
MODIFY, CLOSE_WRITE, MOVED_FROM, MOVED_TO, CREATE, DELETE = 0x2, 0x8, 0x40, 0x80, 0x100, 0x200
DELETE_SELF, MOVE_SELF, IGNORED = 0x400, 0x800, 0x8000
WRITTEN = MODIFY | CLOSE_WRITE
ALL = WRITTEN | MOVED_FROM | MOVED_TO | CREATE | DELETE | DELETE_SELF | MOVE_SELF
# The watch, what happened, a number that two events share, and the length of the name behind.
EVENT = Struct("iIII")
READ = 1 << 16

_libc = ctypes.CDLL(None, use_errno=True)
if not hasattr(_libc, "inotify_init1"):  # pragma: no cover - not on Linux
    raise ImportError("This system has no inotify.")


class Inotify:
    """A watch on ``folder``; `OSError` where there is none to be had. ``is_alive`` ends when the folder is gone.

    ``has_moved`` is set when something else happened than that a file was written. That one of the ``quiet`` files was
    written, by name, is nothing that happens.
    """

    def __init__(self, folder: Path, quiet: Collection[str] = ()) -> None:
        self._quiet = frozenset(map(os.fsencode, quiet))
        self._descriptor = checked(_libc.inotify_init1(os.O_NONBLOCK | os.O_CLOEXEC))
        try:
            checked(_libc.inotify_add_watch(self._descriptor, os.fsencode(folder), ALL))
        except OSError:
            self.close()
            raise
        self._poll = select.poll()
        self._poll.register(self._descriptor, select.POLLIN)
        self.is_alive = True
        self.has_moved = False

    def wait(self, seconds: float) -> bool:
        """Wait until something happens, ``seconds`` at most; return whether it did."""
        until = time.monotonic() + seconds
        while self._poll.poll(ceil(seconds * 1_000)):
            if self._take(os.read(self._descriptor, READ)):
                return True
            seconds = max(0.0, until - time.monotonic())
        return False

    def _take(self, told: bytes) -> bool:
        """Take what was told; return whether it is more than that quiet files were written."""
        came = False
        for mask, name in happened(told):
            if mask & ~WRITTEN:
                self.has_moved = came = True
                if mask & IGNORED:
                    self.is_alive = False
            elif name not in self._quiet:
                came = True
        return came

    def close(self) -> None:
        """Watch no longer."""
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1
        self.is_alive = False


def happened(told: bytes) -> Iterator[tuple[int, bytes]]:
    """Yield what happened, event by event, and to which file."""
    place = 0
    while place < len(told):
        _watch, mask, _pair, length = EVENT.unpack_from(told, place)
        place += EVENT.size
        yield mask, told[place : place + length].rstrip(b"\0")
        place += length


def checked(given: int) -> int:
    """Return what a call has given, unless it has failed."""
    if given < 0:
        code = ctypes.get_errno()
        raise OSError(code, os.strerror(code))
    return given
