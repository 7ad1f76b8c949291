"""What watchdog tells of changes in a folder, for systems without inotify. Rule: a hint is passed on, whatever it is about."""

from __future__ import annotations

import threading

from watchdog.events import FileSystemEvent, FileSystemEventHandler
from watchdog.observers import Observer

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pathlib import Path
    from typing import Any

READ, WRITTEN = ("opened", "closed_no_write"), ("modified", "closed")


class Observed(FileSystemEventHandler):
    """A watch on ``folder``; `OSError` where there is none to be had.

    ``has_moved`` is set when something else happened than that a file was written.
    """

    def __init__(self, folder: Path) -> None:
        self.has_moved = False
        self._changed = threading.Event()
        self._observer: Any = Observer()
        self._observer.daemon = True
        self._observer.schedule(self, str(folder))
        self._observer.start()

    @property
    def is_alive(self) -> bool:
        """Whether somebody watches."""
        return bool(self._observer.is_alive())

    def on_any_event(self, event: FileSystemEvent) -> None:
        """Take a hint. Reading a file changes nothing."""
        if event.event_type not in READ:
            if event.event_type not in WRITTEN:
                self.has_moved = True
            self._changed.set()

    def wait(self, seconds: float) -> bool:
        """Wait until something happens, ``seconds`` at most; return whether it did."""
        came = self._changed.wait(seconds)
        self._changed.clear()
        return came

    def close(self) -> None:
        """Watch no longer."""
        self._observer.stop()
        if self._observer.is_alive():
            self._observer.join()
