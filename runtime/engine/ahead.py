"""Lines read while the disk is waited for. Rule: they come in their order, and what is wrong is told when it is their turn."""

from __future__ import annotations

from collections import deque
from typing import Self

from verbline.runtime.engine.disk import Disk

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from verbline.runtime.engine.reading import Stretch


class Ahead:
    """What ``stretches`` yields. Some of it is read in another thread from `begin` on, until there are ``most`` lines."""

    def __init__(self, stretches: Iterator[Stretch], most: int) -> None:
        self._stretches = stretches
        self._most = most
        self._read: deque[Stretch] = deque()
        self._error: Exception | None = None
        self._thread = Disk("reading ahead")

    def begin(self) -> None:
        """Begin to read what comes next, unless that is under way."""
        self._thread.begin(self._some)

    def end(self) -> None:
        """Wait until nothing is read any more."""
        self._thread.end()

    def __enter__(self) -> Self:
        """Return this."""
        return self

    def __exit__(self, *_error: object) -> None:
        """Leave nothing under way, and begin nothing more."""
        self.end()
        self._most = 0

    def __iter__(self) -> Iterator[Stretch]:
        """Return this."""
        return self

    def __next__(self) -> Stretch:
        """Return what comes next."""
        self.end()
        if self._read:
            return self._read.popleft()
        error, self._error = self._error, None
        if error is not None:
            raise error
        return next(self._stretches)

    def _some(self) -> None:
        room = self._most - sum(len(one.items) for one in self._read)
        while room > 0 and self._error is None:
            try:
                one = next(self._stretches, None)
            except Exception as error:  # noqa: BLE001 - it is raised when it is its turn
                self._error = error
                return
            if one is None:
                return
            self._read.append(one)
            room -= len(one.items)
