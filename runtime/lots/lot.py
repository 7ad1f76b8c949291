"""One lot of a log, read as a log. Rule: the events of its people come as they would come with those of all others between them."""

from __future__ import annotations

from array import array

from verbline.runtime.events import Parked
from verbline.runtime.lines import LogError, read
from verbline.runtime.log import Log
from verbline.runtime.lots.deal import LOT
from verbline.runtime.lots.glimpse import NoWayError
from verbline.runtime.lots.marks import NOTHING
from verbline.runtime.order import merged
from verbline.runtime.seen import Seen

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from verbline.runtime.events import Event, Item
    from verbline.runtime.lots.deal import Deal
    from verbline.runtime.lots.look import Row
    from verbline.runtime.lots.slots import Slots

WIDTH = 8


class Lot(Log):
    """The lot with this ``number`` of what was dealt of the log at ``path``; ``park`` is told of ids that stand there twice."""

    __slots__ = ("_deal", "_number", "_slots")

    def __init__(
        self,
        path: Path,
        deal: Deal,
        slots: Slots,
        number: int,
        park: Callable[[Parked], object] | None = None,
    ) -> None:
        super().__init__(path, park=park)
        self._deal = deal
        self._slots = slots
        self._number = number

    def batches(self) -> Iterator[list[Event]]:
        """Yield the events, as `Log.batches` does; an id that stands there twice with different words is parked between them."""
        counts, seen = self.counts, Seen(self._stretch) if self._deal.twins else None
        for number, items in merged(self._deal.firsts, self._begin):
            if seen is None:
                counts.events += len(items)
                yield items  # type: ignore[misc]  # which are all events
                continue
            for piece in seen.new(items, number):
                counts.duplicates = seen.duplicates
                if type(piece) is Parked:
                    self._parked(piece)
                elif piece:
                    counts.events += len(piece)
                    yield piece

    def _begin(self, number: int) -> Iterator[list[Item]]:
        """Yield the lines of the lot in one file, some at a time."""
        for row in self._deal.rows[number]:
            self.counts.read += row[2] + 1
            found = self._of(row)
            if found:
                yield found

    def _of(self, row: Row) -> list[Item]:
        """Return the events of the lot in one stretch."""
        number, offset, length, slot, lines_in, told, moved = row
        places = self._places(slot, lines_in)
        if not places:
            return []
        path = self.files[number]
        lines = read(path, offset, length).split(b"\n")
        if len(lines) != lines_in:
            raise LogError(f'"{path}" was changed while it was read.')
        mine = [lines[one] for one in places]
        found = self._decoder.events(b"\n".join(mine), path.name, 0)
        if len(found) != len(places) or Parked in set(map(type, found)):
            raise NoWayError("a line that is no event after all")
        if told:  # else each was known when it happened, as it comes from the decoder
            knowns = array("q", told)
            for place, event in zip(places, found, strict=True):
                event.known = knowns[place]
                if place in moved:
                    event.happened = moved[place]
        if self._deal.twins:
            offsets = [offset]
            for line in lines:
                offsets.append(offsets[-1] + len(line) + 1)
            for place, event in zip(places, found, strict=True):
                event.offset = offsets[place]
        return found

    def _places(self, slot: int, lines: int) -> list[int]:
        """Return which of the lines are the lot's."""
        mine, lots, apart = self._number, self._deal.lots, self._deal.apart
        firsts = self._slots.firsts(slot, lines)
        if apart:
            lot_of = self._deal.lot_of
            return [at for at, one in enumerate(firsts) if lot_of(one) == mine and one != NOTHING]
        return [at for at, one in enumerate(firsts) if (one >> LOT) % lots == mine and one]
