"""Whether somebody has saved a project anew. Rule: files are read once they have stood still, for an editor writes in pieces.

Some editors cut a file and write it, others write another file and rename it. What is looked at is which files there are, and
of each which one it is, how long, and when it was written last.
"""

from __future__ import annotations

from pathlib import Path

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from typing import TypeAlias

    Look: TypeAlias = "tuple[tuple[str, tuple[int, ...]], ...]"

# For so long nothing may have changed before it is read, and so often it is looked at the most, in milliseconds.
STILL, OFTEN = 1_000, 250


class Saved:
    """The files that ``names`` gives. ``still`` is for how long they have to stand still, in milliseconds."""

    def __init__(self, names: Callable[[], Iterable[str]], still: int = STILL) -> None:
        self._names = names
        self._still = still
        self._taken = self._last = self._look()
        self._since: int | None = None
        self._looked = 0

    def is_new(self, now: int) -> bool:
        """Return whether the files are others than those that were read last, and have stood still up to ``now``.

        That is said once; it is said again when they change again.
        """
        if 0 <= now - self._looked < min(OFTEN, self._still):
            return False
        self._looked = now
        found = self._look()
        if found != self._last:
            self._last, self._since = found, now
            return False
        if found == self._taken or self._since is None or now - self._since < self._still:
            return False
        self._taken, self._since = found, None
        return True

    def _look(self) -> Look:
        return tuple((name, print_of(name)) for name in sorted(set(self._names())))


def print_of(path: str) -> tuple[int, ...]:
    """Return what tells one state of a file from another; nothing where there is no such file."""
    try:
        found = Path(path).stat()
    except OSError:
        return ()
    return found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns, found.st_ctime_ns
