"""Which ids were there before. Rule: the same event again is one event; another event under its id is parked.

An id is kept as 12 bytes in a table that is at most seven tenths full: a hash of source and id, and the place of the
line. What has the same hash is read again from there and compared in full, so no answer depends on a hash alone.
"""

from __future__ import annotations

from array import array

from verbline.runtime.events import Event, Fault, Parked

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from verbline.runtime.events import Item

CONFLICT = Fault("conflict", "bears the id of an earlier event and says something else")
SLOTS_MIN = 1 << 10
SLOTS_AT_START_MAX = 1 << 24
HASH = (1 << 32) - 1
# The place of a line: the number of its file, one more than 0, and its offset.
OFFSET_BITS = 44


class Seen:
    """The ids of a log. ``again`` returns the event that stands in a file, given by its number, at an offset.

    ``duplicates`` counts the events that were there before.
    """

    __slots__ = ("_again", "_free", "_hashes", "_places", "duplicates")

    def __init__(self, again: Callable[[int, int], Event | None], expected: int = 0) -> None:
        slots = SLOTS_MIN
        while slots * 7 < expected * 10 and slots < SLOTS_AT_START_MAX:
            slots *= 2
        self._again = again
        self._clear(slots)
        self.duplicates = 0

    def _clear(self, slots: int) -> None:
        self._hashes = array("I", bytes(4 * slots))
        self._places = array("Q", bytes(8 * slots))
        self._free = slots * 7 // 10

    def new(self, items: list[Item], number: int) -> Iterator[list[Event] | Parked]:
        """Yield the events of ``items`` that are new, and apart from them, each at its place, what is parked."""
        base = number + 1 << OFFSET_BITS
        while self._free < len(items):
            self._grow()
        hashes, places = self._hashes, self._places
        mask = len(places) - 1
        events: list[Event] = []
        for item in items:
            if type(item) is Parked:
                yield events
                yield item
                events = []
                continue
            mark = hash((item.source, item.id)) & HASH
            slot = mark & mask
            if places[slot]:
                slot, is_same = self._find(item, mark, slot)
                if is_same is not None:
                    if is_same:
                        self.duplicates += 1
                        continue
                    yield events
                    yield Parked(CONFLICT, item.file, item.offset, 0, item.known)
                    events = []
                    continue
            hashes[slot] = mark
            places[slot] = base + item.offset
            events.append(item)
        self._free -= len(items)
        yield events

    def _find(self, event: Event, mark: int, slot: int) -> tuple[int, bool | None]:
        """Return the slot of an event's id, from ``slot`` on, and what `_compared` says of it; a free one if it is new."""
        hashes, places = self._hashes, self._places
        mask = len(places) - 1
        while places[slot]:
            if hashes[slot] == mark:
                is_same = self._compared(event, places[slot])
                if is_same is not None:
                    return slot, is_same
            slot = slot + 1 & mask
        return slot, None

    def _compared(self, event: Event, place: int) -> bool | None:
        """Return whether the event at ``place`` says the same as ``event``, however written; None if its id is another."""
        number, offset = divmod(place, 1 << OFFSET_BITS)
        return is_again(event, self._again(number - 1, offset))

    def _grow(self) -> None:
        """Double the table."""
        old_hashes, old_places = self._hashes, self._places
        used = len(old_places) * 7 // 10 - self._free
        self._clear(2 * len(old_places))
        self._free -= used
        hashes, places, mask = self._hashes, self._places, len(self._places) - 1
        for mark, place in zip(old_hashes, old_places, strict=True):
            if place:
                slot = mark & mask
                while places[slot]:
                    slot = slot + 1 & mask
                hashes[slot], places[slot] = mark, place


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
