"""One file that grows, held open. Rule: a line is taken once its newline is there, and every byte is taken once.

The file is read through the descriptor it was met with, so that it is read to its end also when another file has taken its
name.
"""

from __future__ import annotations

import os

from verbline.runtime.decode import TOO_LONG, TORN
from verbline.runtime.events import Parked
from verbline.runtime.follow.place import (
    KNOWN_BY,
    LogChangedError,
    Place,
    ends,
    is_same,
    print_of,
)
from verbline.runtime.lines import BLOCK, LINE_MAX, within_limit

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from verbline.runtime.decode import Decoder
    from verbline.runtime.events import Item


class Piece:
    """What some whole lines of a file say, and the ``place`` behind them."""

    __slots__ = ("items", "place")

    def __init__(self, items: list[Item], place: Place) -> None:
        self.items = items
        self.place = place


class Growing:
    """See the module. ``place`` is behind the last line that was given out; ``scanned`` is behind what was looked at."""

    __slots__ = ("_changed", "_decoder", "_ends", "_quiet", "descriptor", "place", "scanned")

    def __init__(self, descriptor: int, place: Place, decoder: Decoder) -> None:
        self.descriptor = descriptor
        self.place = place
        self.scanned = place.offset
        # Since when it has not grown, and the size it had then; set once it bears no name of the log any more.
        self._quiet: tuple[float, int] | None = None
        self._decoder = decoder
        self._changed = (-1, -1)
        # What the hashes of the place are made of, once it was read.
        self._ends: tuple[bytes, bytes] | None = None

    def close(self) -> None:
        """Let go of the file."""
        os.close(self.descriptor)

    def quiet_for(self, now: float) -> float:
        """Return for how many seconds the file has not grown, as far as this was asked before."""
        size = os.fstat(self.descriptor).st_size
        if self._quiet is None or self._quiet[1] != size:
            self._quiet = now, size
        return now - self._quiet[0]

    def wake(self) -> None:
        """Note that the file belongs to the log again."""
        self._quiet = None

    def read(self, path: Path, block: int = BLOCK) -> Iterator[Piece]:
        """Yield the whole lines that are new; ``path`` is what the file is called in messages.

        `LogChangedError` where what was read is no longer there.
        """
        if self._check(path) == self.scanned:
            return
        while True:
            text = os.pread(self.descriptor, block, self.scanned)
            cut = text.rfind(b"\n")
            if cut >= 0:
                start = self.place.offset
                whole = text[: cut + 1] if start == self.scanned else None
                end = self.scanned + cut + 1
                self.scanned = end
                yield self._piece(start, end, whole)
            else:
                self.scanned += len(text)
            if len(text) < block:
                return

    def _check(self, path: Path) -> int:
        """Return how large the file is. Refuse one that was cut, or whose bytes before the place are others now."""
        state = os.fstat(self.descriptor)
        if state.st_size < self.place.offset:
            lost = "what was written between may not have been read"
            message = f'"{path}" was cut below what was read of it: {lost}.'
            raise LogChangedError("cut", message)
        changed = state.st_mtime_ns, state.st_size
        if changed != self._changed and not self._is_same():
            raise LogChangedError("replaced", f'"{path}" no longer holds what was read of it.')
        self._changed = changed
        if state.st_size < self.scanned:
            self.scanned = self.place.offset  # a line that was not whole was taken back
        return state.st_size

    def _is_same(self) -> bool:
        """Return whether the file holds what was read of it."""
        found = ends(self.descriptor, self.place.offset)
        if self._ends is None and is_same(self.descriptor, self.place):
            self._ends = found
        return self._ends == found

    def _piece(self, start: int, end: int, whole: bytes | None = None) -> Piece:
        """Return what stands between two offsets, the second behind a newline; ``whole`` is that, where it was read."""
        items: list[Item] = []
        name = self.place.name
        if end - 1 - start > LINE_MAX and self._is_one_line(start, end):
            items.append(Parked(TOO_LONG, name, start, end - 1 - start))
        else:
            if whole is None:
                whole = os.pread(self.descriptor, end - start, start)
            for lines in within_limit(start, whole[:-1]):
                if lines.text is None:
                    items.append(Parked(TOO_LONG, name, lines.offset, lines.length))
                else:
                    items += self._decoder.events(lines.text, name, lines.offset)
        self._move(end, whole)
        return Piece(items, self.place)

    def _is_one_line(self, start: int, end: int) -> bool:
        """Return whether no newline stands between two offsets but the last; it is not kept in memory to be told."""
        position = start
        while position < end - 1:
            piece = os.pread(self.descriptor, min(LINE_MAX, end - 1 - position), position)
            if b"\n" in piece:
                return False
            position += len(piece)
        return True

    def last_words(self) -> Piece | None:
        """Return what stands behind the last newline of a file that nobody writes any more, if anything does."""
        size = os.fstat(self.descriptor).st_size
        start = self.place.offset
        if size <= start:
            return None
        items: list[Item] = []
        if size - start > LINE_MAX:
            items.append(Parked(TORN, self.place.name, start, size - start))
        else:
            text = os.pread(self.descriptor, size - start, start)
            items += self._decoder.events(text, self.place.name, start)
            if items and isinstance(items[-1], Parked):
                items[-1].fault = TORN
        self._move(size)
        return Piece(items, self.place)

    def _move(self, offset: int, whole: bytes | None = None) -> None:
        """Go on to ``offset``; ``whole`` is all that stands between, where that was read."""
        before = self._ends
        if before is None or whole is None:
            head, tail = ends(self.descriptor, offset)
        else:
            head, tail = before
            head = head if len(head) == KNOWN_BY else (head + whole)[:KNOWN_BY]
            tail = (tail + whole[-KNOWN_BY:])[-KNOWN_BY:]
        is_old = before is not None and head == before[0]
        told = self.place.head if is_old else print_of(head)
        self.place = self.place._replace(offset=offset, head=told, tail=print_of(tail))
        self._ends = head, tail
        self.scanned = offset
