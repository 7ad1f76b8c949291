"""When to look at the log again. Rule: what the system says of changes is a hint; a look every second is what counts.

A hint comes within a millisecond, but not for every way of writing, not for a folder that was made anew, and not from a
watch that has died. `degraded` says that only the clock is left; the folder is watched again as soon as that works.
"""

from __future__ import annotations

import threading
from typing import Self

from watchdog.events import FileSystemEvent, FileSystemEventHandler
from watchdog.observers import Observer

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pathlib import Path
    from types import TracebackType
    from typing import Any

POLL = 1.0


class Wake:
    """Wakes whoever waits for a change in ``folder``; ``poll`` is how many seconds it waits at most."""

    def __init__(self, folder: Path, poll: float = POLL) -> None:
        self.folder = folder
        self.poll = poll
        self._changed = threading.Event()
        self._observer: Any = None
        self._inode = -1
        self._watch()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:  # fmt: skip
        self.close()

    @property
    def degraded(self) -> bool:
        """Whether nobody watches, so that a change is met by the next look."""
        return self._observer is None or not self._observer.is_alive()

    def hint(self) -> None:
        """Wake whoever waits, or the next one who does."""
        self._changed.set()

    def wait(self, seconds: float | None = None) -> bool:
        """Wait for a hint, ``seconds`` and the time between two looks at most; return whether one came."""
        longest = self.poll if seconds is None else min(seconds, self.poll)
        came = self._changed.wait(max(0.0, longest))
        self._changed.clear()
        if not came and (self.degraded or self._inode != self._inode_now()):
            self._watch()
        return came

    def close(self) -> None:
        """Watch no longer."""
        observer, self._observer = self._observer, None
        if observer is not None:
            observer.stop()
            if observer.is_alive():
                observer.join()

    def _watch(self) -> None:
        """Watch the folder, where that is possible."""
        self.close()
        self._inode = self._inode_now()
        if self._inode < 0:
            return
        observer = Observer()
        observer.daemon = True
        try:
            observer.schedule(_Hint(self), str(self.folder))
            observer.start()
        except OSError:
            return  # as many watches as a user may have; the clock goes on
        self._observer = observer
        self._changed.set()  # what changed before anybody watched

    def _inode_now(self) -> int:
        try:
            return self.folder.stat().st_ino
        except OSError:
            return -1


class _Hint(FileSystemEventHandler):
    """Passes on that something changed. Reading a file changes nothing."""

    def __init__(self, wake: Wake) -> None:
        self._wake = wake

    def on_any_event(self, event: FileSystemEvent) -> None:
        """See the class."""
        if event.event_type not in ("opened", "closed_no_write"):
            self._wake.hint()
