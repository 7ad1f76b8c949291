"""Which ids were there before. Rule: the same event again is one event; another event under its id is parked.

An id is kept as 8 bytes in a table that is at most seven tenths full: a hash of source and id, and the stretch of a file in
which the event stands. What has the same hash is read again from there and compared in full, so no answer depends on a hash
alone.
"""

from __future__ import annotations

from array import array
from operator import attrgetter

from verbline.runtime.events import Event, Fault, Parked

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from typing import Protocol, TypeAlias

    from verbline.runtime.events import Item

    # The number of a file, and the offsets of the first and the last line of a stretch.
    Stretch: TypeAlias = tuple[int, int, int]

    class Counting(Protocol):
        """Counts the events that were there before."""

        duplicates: int


CONFLICT = Fault("conflict", "bears the id of an earlier event and says something else")
SLOTS_MIN = 1 << 10
SLOTS_AT_START_MAX = 1 << 24
STRETCH_BITS = 32
STRETCH = 0xFFFF_FFFF
HASH = 0xFFFF_FFFF_0000_0000
# So many stretches that were read again are remembered: what is sent twice is mostly sent in its order.
REMEMBERED = 8
OF_ONE = attrgetter("source", "id")


class Seen:
    """The ids of a log. ``again`` returns the events that stand in a stretch of a file.

    ``duplicates`` counts the events that were there before.
    """

    __slots__ = ("_again", "_free", "_read", "_stretches", "_table", "duplicates")

    def __init__(self, again: Callable[[int, int, int], list[Event]], expected: int = 0) -> None:
        slots = SLOTS_MIN
        while slots * 7 < expected * 10 and slots < SLOTS_AT_START_MAX:
            slots *= 2
        self._again = again
        self._table = array("Q", bytes(8 * slots))
        self._free = slots * 7 // 10
        # Number of the file, first and last offset of each stretch; the first stretch is none.
        self._stretches = array("Q", (0, 0, 0))
        self._read: dict[int, dict[tuple[str, str], Event]] = {}
        self.duplicates = 0

    def new(self, items: list[Item], number: int) -> Iterator[list[Event] | Parked]:
        """Yield the events of ``items`` that are new, and apart from them, each at its place, what is parked."""
        if Parked not in set(map(type, items)):
            yield from self._new(items, number)  # type: ignore[arg-type]  # which are all events
            return
        events: list[Event] = []
        for item in items:
            if type(item) is Parked:
                yield from self._new(events, number)
                yield item
                events = []
            else:
                events.append(item)
        yield from self._new(events, number)

    def _new(self, events: list[Event], number: int) -> Iterator[list[Event] | Parked]:
        """Do what `new` does for lines that are all events."""
        old = self._enter(events, number) if events else {}
        if not old:
            yield events
            return
        yield from sifted(events, lambda event: old.get(id(event)), self)

    def _enter(self, events: list[Event], number: int) -> dict[int, bool]:
        """Enter the ids of one stretch, and return which events were there before, by identity, and whether they are the same."""
        while self._free < len(events):
            self._grow()
        stretch = len(self._stretches) // 3
        self._stretches.extend((number, events[0].offset, events[-1].offset))
        table, old = self._table, {}
        mask = len(table) - 1
        marks = [hash((event.source, event.id)) & HASH for event in events]
        for place, event in enumerate(events):
            mark = marks[place]
            slot = mark >> STRETCH_BITS & mask
            while entry := table[slot]:
                if entry ^ mark <= STRETCH:
                    is_same = self._compared(event, entry & STRETCH, stretch)
                    if is_same is not None:
                        old[id(event)] = is_same
                        break
                slot = slot + 1 & mask
            else:
                table[slot] = mark | stretch
        self._free -= len(events)
        return old

    def _compared(self, event: Event, stretch: int, own: int) -> bool | None:
        """Return whether an event of ``stretch`` says the same as ``event`` of the stretch ``own``; None if none has its id."""
        first = self._in(stretch).get(OF_ONE(event))
        if stretch == own and first is not None and first.offset >= event.offset:
            return None  # itself: another id has the same hash
        return is_again(event, first)

    def _in(self, stretch: int) -> dict[tuple[str, str], Event]:
        """Return the events of a stretch, the first of each id."""
        found = self._read.get(stretch)
        if found is None:
            while len(self._read) >= REMEMBERED:
                del self._read[next(iter(self._read))]
            where = self._stretches[3 * stretch : 3 * stretch + 3]
            found = self._read[stretch] = {}
            for event in self._again(*where):
                found.setdefault((event.source, event.id), event)
        return found

    def _grow(self) -> None:
        """Double the table."""
        old = self._table
        slots = 2 * len(old)
        self._free += slots * 7 // 10 - len(old) * 7 // 10
        table = self._table = array("Q", bytes(8 * slots))
        mask = slots - 1
        for entry in old:
            if entry:
                slot = entry >> STRETCH_BITS & mask
                while table[slot]:
                    slot = slot + 1 & mask
                table[slot] = entry


def sifted(
    items: Iterable[Item], was_there: Callable[[Event], bool | None], counts: Counting
) -> Iterator[list[Event] | Parked]:
    """Yield the events of ``items`` that are new, and apart from them, each at its place, what is parked.

    ``was_there`` says of an event whether it was there before saying the same, None where it is new.
    """
    new: list[Event] = []
    for item in items:
        if isinstance(item, Parked):
            yield new
            yield item
            new = []
            continue
        is_same = was_there(item)
        if is_same is None:
            new.append(item)
        elif is_same:
            counts.duplicates += 1
        else:
            yield new
            yield Parked(CONFLICT, item.file, item.offset, 0, item.known)
            new = []
    yield new


def is_again(event: Event, first: Event | None) -> bool | None:
    """Return whether ``event`` says the same as an earlier one, however written; None if its id is another."""
    if first is None or (first.source, first.id) != (event.source, event.id):
        return None
    return (first.type, first.stamp, first.data, first.consent) == (
        event.type,
        event.stamp,
        event.data,
        event.consent,
    )
