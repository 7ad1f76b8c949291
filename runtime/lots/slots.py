"""What is kept of each line beside the log. Rule: two numbers a line, in memory that all processes see."""

from __future__ import annotations

import mmap
from array import array

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

WIDTH = 8


class Slots:
    """The first mark that each line bears, and a hash of its id; what nobody writes to takes no memory."""

    __slots__ = ("_firsts", "_ids", "_maps")

    def __init__(self, number: int) -> None:
        self._maps = [mmap.mmap(-1, max(1, number) * WIDTH) for _column in range(2)]
        self._firsts, self._ids = (memoryview(one).cast("q") for one in self._maps)

    def put(self, slot: int, firsts: Sequence[int], ids: Sequence[int]) -> None:
        """Keep what lines bear, the first of which has this slot."""
        end = slot + len(firsts)
        self._firsts[slot:end] = memoryview(array("q", firsts))
        self._ids[slot:end] = memoryview(array("q", ids))

    def firsts(self, slot: int, number: int) -> list[int]:
        """Return the first marks of so many lines."""
        return self._firsts[slot : slot + number].tolist()

    def ids(self, slot: int, number: int) -> list[int]:
        """Return the hashes of the ids of so many lines; 0 for a line that is no event."""
        return self._ids[slot : slot + number].tolist()

    def close(self) -> None:
        """Give back the memory."""
        self._firsts.release()
        self._ids.release()
        for one in self._maps:
            one.close()
