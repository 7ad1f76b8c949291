"""When to look at the log again. Rule: what the system says of changes is a hint; a look every second is what counts.

A hint comes within a millisecond, but not for every way of writing, not for a folder that was made anew, and not from a
watch that has died. `degraded` says that only the clock is left; the folder is watched again as soon as that works.
"""

from __future__ import annotations

import time
from typing import Protocol, Self

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Collection
    from pathlib import Path
    from types import TracebackType

POLL = 1.0


class Watch(Protocol):
    """Who tells of changes in a folder. ``has_moved`` is set when more happened than that a file was written."""

    has_moved: bool

    @property
    def is_alive(self) -> bool:
        """Whether it still tells."""
        ...

    def wait(self, seconds: float) -> bool:
        """Wait until something happens, ``seconds`` at most; return whether it did."""
        ...

    def close(self) -> None:
        """Watch no longer."""
        ...


def watch_of(folder: Path, quiet: Collection[str] = ()) -> Watch:
    """Return a watch on ``folder``, of the kind that this system has; `OSError` where there is none to be had.

    It may leave out that the ``quiet`` files were written, by name: whoever waits writes them.
    """
    try:
        from verbline.runtime.follow.inotify import Inotify  # noqa: PLC0415 - this one, or the other
    except ImportError:  # pragma: no cover - not on Linux
        from verbline.runtime.follow.observed import Observed  # noqa: PLC0415 - loads watchdog

        return Observed(folder)
    return Inotify(folder, quiet)


class Wake:
    """Wakes whoever waits for a change in ``folder``; ``poll`` is how many seconds it waits at most."""

    def __init__(
        self, folder: Path, poll: float = POLL, watched: Callable[[Path], Watch] = watch_of
    ) -> None:
        self.folder = folder
        self.poll = poll
        self._watched = watched
        self._watch: Watch | None = None
        self._inode = -1
        # Something changed before anybody watched, perhaps.
        self._is_new = self._has_moved = True
        self._looked = 0.0
        self._begin()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:  # fmt: skip
        self.close()

    @property
    def degraded(self) -> bool:
        """Whether nobody watches, so that a change is met by the next look."""
        return self._watch is None or not self._watch.is_alive

    def moved(self) -> bool:
        """Return whether a file may have come, gone, or another name since this said so last: by a hint, or by the clock."""
        now = time.monotonic()
        if not self._has_moved and now < self._looked + self.poll:
            return False
        self._has_moved, self._looked = False, now
        return True

    def wait(self, seconds: float | None = None) -> bool:
        """Wait for a hint, ``seconds`` and the time between two looks at most; return whether one came."""
        longest = max(0.0, self.poll if seconds is None else min(seconds, self.poll))
        if self._is_new:
            self._is_new, came = False, True
        elif self._watch is None:
            time.sleep(longest)
            came = False
        else:
            came = self._watch.wait(longest)
            if self._watch.has_moved:
                self._watch.has_moved, self._has_moved = False, True
        if not came:
            self._has_moved = True
            if self.degraded or self._inode != self._inode_now():
                self._begin()
        return came

    def close(self) -> None:
        """Watch no longer."""
        watch, self._watch = self._watch, None
        if watch is not None:
            watch.close()

    def _begin(self) -> None:
        """Watch the folder, where that is possible."""
        self.close()
        self._inode = self._inode_now()
        if self._inode < 0:
            return
        try:
            self._watch = self._watched(self.folder)
        except OSError:
            return  # as many watches as a user may have; the clock goes on
        self._is_new = True

    def _inode_now(self) -> int:
        try:
            return self.folder.stat().st_ino
        except OSError:
            return -1
