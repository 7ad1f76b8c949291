"""When each line was known, and which comes next. Rule: within a file what stands below is never known before what stands above.

A line is known at its own time, or when the line above was, if that is later. Files are merged by these instants, ties
by the place of the file in the list. Instants are milliseconds since 1970 UTC.

One clock that runs ahead would pull all lines below it into the future. So a line that jumps more than a day ahead, of
which most of those that follow know nothing, is known when the line above was, and happened then.
"""

from __future__ import annotations

import heapq
from bisect import bisect_left, bisect_right
from collections import deque
from itertools import count

from verbline.runtime.events import NEVER, Parked

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from verbline.runtime.events import Item

DAY = 86_400_000
FOREVER = 1 << 62
# How many of the lines that follow are asked, how many there have to be, and how many of four have to lie behind.
ASKED = 16
ASKED_MIN = 8
BEHIND_OF_FOUR = 3


class Clocks:
    """How often the clocks of a log did not agree: lines ``ahead`` of it, and lines more than a day ``late``."""

    __slots__ = ("ahead", "late")

    def __init__(self) -> None:
        self.ahead = 0
        self.late = 0


def with_known(
    batches: Iterator[list[Item]], clocks: Clocks, now: int | None = None, known: int = NEVER
) -> Iterator[list[Item]]:
    """Yield the lines of one file with their ``known`` set.

    ``now`` is what the clock shows, None where nobody asks it: a last line that leaps over it is ahead too. ``known`` is
    when the line above the first was known.
    """
    ahead = Ahead(batches)
    for items in ahead:
        if items and is_in_order(items, known):
            known = items[-1].known
            yield items
            continue
        for place, item in enumerate(items):
            at = item.happened
            if at > known:
                if at - known > DAY and is_ahead(at, known, ahead.below(items, place), now):
                    clocks.ahead += 1
                    known = known if known > NEVER else min(ahead.below(items, place))
                    item.happened = known
                else:
                    known = at
            elif NEVER < at < known - DAY:
                clocks.late += 1
            item.known = known
        yield items


def is_in_order(items: list[Item], known: int) -> bool:
    """Return whether each line says already that it was known when it happened, and that is so: none leaps and none is late."""
    last = known + DAY
    for item in items:
        if type(item) is Parked:
            return False
        at = item.happened
        if at < known or at != item.known:
            return False
        known = at
    return known <= last


class Ahead:
    """The lines of a file, some at a time, with a look at those that follow; what is looked at is read once."""

    __slots__ = ("_batches", "_read")

    def __init__(self, batches: Iterator[list[Item]]) -> None:
        self._batches = batches
        self._read: deque[list[Item]] = deque()

    def __iter__(self) -> Iterator[list[Item]]:
        """Yield the lines in their order."""
        while True:
            items = self._read.popleft() if self._read else next(self._batches, None)
            if items is None:
                return
            yield items

    def below(self, items: list[Item], place: int) -> list[int]:
        """Return when the next lines below ``place`` of ``items`` happened, so many as are asked, if there are."""
        near = items[place + 1 : place + 1 + ASKED]
        for batch in self._following(ASKED - len(near)):
            near += batch[: ASKED - len(near)]
        return [item.happened for item in near if item.happened > NEVER]

    def _following(self, number: int) -> Iterator[list[Item]]:
        """Yield what follows, until there are so many lines."""
        for place in count():
            if number <= 0:
                return
            if place == len(self._read):
                items = next(self._batches, None)
                if items is None:
                    return
                self._read.append(items)
            yield self._read[place]
            number -= len(self._read[place])


def is_ahead(at: int, known: int, nexts: list[int], now: int | None) -> bool:
    """Return whether the clock that said ``at`` runs ahead, as the line above and those below see it."""
    if len(nexts) >= ASKED_MIN:
        behind = sum(one < at - DAY for one in nexts)
        return behind * 4 >= len(nexts) * BEHIND_OF_FOUR
    return now is not None and NEVER < known <= now < at


class Stream:
    """One file on its way into the merge: what was read of it and is not passed on yet."""

    __slots__ = ("batches", "items", "number", "place")

    def __init__(self, number: int, batches: Iterator[list[Item]]) -> None:
        self.number = number
        self.batches = batches
        self.items: list[Item] = []
        self.place = 0

    def head(self) -> int | None:
        """Return when the next line was known, None after the last; read on where that is needed."""
        while self.place == len(self.items):
            items = next(self.batches, None)
            if items is None:
                return None
            self.items, self.place = items, 0
        return self.items[self.place].known

    def until(self, known: int, number: int) -> list[Item]:
        """Return the lines that come before one of the file ``number``, known at ``known``, and go behind them."""
        cut_at = bisect_right if self.number < number else bisect_left
        cut = cut_at(self.items, known, lo=self.place, key=known_of)
        items = self.items[self.place : cut]
        self.place = cut
        return items


def known_of(item: Item) -> int:
    """Return when a line was known."""
    return item.known


def merged(
    firsts: Sequence[int], begin: Callable[[int], Iterator[list[Item]]]
) -> Iterator[tuple[int, list[Item]]]:
    """Yield the lines of several files in their order, each time some of one file, with the file's number.

    ``firsts`` says of each file when its first line was known. ``begin`` opens one; it is called when the file's turn
    comes, so files that follow each other in time are never open together.
    """
    heap = [(known, number) for number, known in enumerate(firsts)]
    heapq.heapify(heap)
    streams: dict[int, Stream] = {}
    while heap:
        _, number = heapq.heappop(heap)
        stream = streams.get(number)
        if stream is None:
            stream = streams[number] = Stream(number, begin(number))
        head = stream.head()
        limit = heap[0] if heap else (FOREVER, len(firsts))
        if head is None:
            del streams[number]
        elif (head, number) < limit:
            items = stream.until(*limit)
            yield number, items
            known = stream.head()
            if known is not None:
                heapq.heappush(heap, (known, number))
        else:
            heapq.heappush(heap, (head, number))
