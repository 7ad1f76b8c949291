"""A first look at a piece of a log. Rule: what is seen here is when each line was known, whom it names, and nothing else.

Most lines are read no further than that takes.
"""

from __future__ import annotations

from array import array
from itertools import chain
from operator import attrgetter
from typing import Any, NamedTuple, cast

from verbline.runtime.careful import FIRST, LAST
from verbline.runtime.events import NEVER, Parked, milliseconds
from verbline.runtime.lines import BLOCK, Lines, blocks, read
from verbline.runtime.lots.glimpse import NoWayError, Seer, first_known
from verbline.runtime.lots.whom import Whom
from verbline.runtime.order import DAY, Ahead, is_ahead

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path
    from typing import TypeAlias

    from verbline.runtime.lots.glimpse import Stretch
    from verbline.runtime.lots.marks import Marks
    from verbline.runtime.lots.slots import Slots

    # Number of the file, offset, bytes, slot of the first line, lines, when each was known (nothing: when it happened),
    # and which happened when, by their places, since their clocks ran ahead.
    Row: TypeAlias = tuple[int, int, int, int, int, bytes, dict[int, int]]

# No line that is an event has fewer bytes.
LINE_MIN = 32
STAMP = attrgetter("stamp")
# So many bytes are read together; a lot takes its share of them.
TOGETHER = 2 * BLOCK


class Piece(NamedTuple):
    """Lines of one file: its number, where the first begins, where the first behind them does, and the first slot."""

    number: int
    start: int
    end: int
    slot: int


class Look:
    """What was seen of pieces of a log, one after the other.

    ``rows`` are the stretches, ``bounds`` say of each piece when the line above it was taken to be known, and when its first
    and its last were; ``whom`` has whom they name.
    """

    def __init__(self, files: Sequence[Path], marks: Marks, region: str, now: int | None) -> None:
        self._files = files
        self._now = now
        self._seer = Seer(marks.fields)
        self.whom = Whom(marks, region)
        self.rows: list[Row] = []
        self.bounds: list[tuple[int, int, int]] = []
        self.ahead = self.late = 0

    def take(self, piece: Piece, slots: Slots) -> None:
        """Look at a piece."""
        number, slot = piece.number, piece.slot
        path = self._files[number]
        begun = known = self.known_before(path, piece.start)
        first: int | None = None
        room = slot + (piece.end - piece.start) // LINE_MIN + 2
        stretches = Ahead(chain(self.within(path, piece), self.beyond(path, piece.end)))
        for one in stretches:
            stretch = cast("Stretch", one)
            if stretch.is_beyond:
                break
            lines = len(stretch.lines)
            if slot + lines > room:
                raise NoWayError("lines too short")
            told, moved = b"", dict[int, int]()
            end = self.in_order(stretch, known)
            if end is None:
                end, told, moved = self.one_by_one(stretch, stretches, known)
            known = end
            if first is None and stretch:
                first = first_known(stretch, told)
            self.whom.note(stretch, (number, path.name), slot, slots)
            self.rows.append((number, stretch.offset, stretch.length, slot, lines, told, moved))
            slot += lines
        self.bounds.append((begun, NEVER if first is None else first, known))

    def within(self, path: Path, piece: Piece) -> Iterator[list[Any]]:
        """Yield the lines of a piece."""
        for lines in blocks(path, TOGETHER, piece.start, piece.end):
            yield self._seer.stretch(lines, path.name)

    def beyond(self, path: Path, end: int) -> Iterator[list[Any]]:
        """Yield what stands behind a piece, for those who ask what follows."""
        for lines in blocks(path, TOGETHER, end):
            found = self._seer.stretch(lines, path.name)
            found.is_beyond = True
            yield found

    def known_before(self, path: Path, start: int) -> int:
        """Return when the line above ``start`` was known, as far as the lines right above it tell."""
        if not start:
            return NEVER
        begin = max(0, start - TOGETHER)
        text = read(path, begin, start - 1 - begin)
        cut = text.find(b"\n") + 1 if begin else 0
        above = self._seer.stretch(Lines(begin + cut, len(text) - cut, text[cut:]), path.name)
        stretches = Ahead(chain((above,), self.beyond(path, start)))
        counted = self.ahead, self.late
        known = self.one_by_one(cast("Stretch", next(iter(stretches))), stretches, NEVER)[0]
        self.ahead, self.late = counted
        return known

    # When they were known

    def in_order(self, stretch: Stretch, known: int) -> int | None:
        """Return when the last line was known, where each was known when it happened and none leaps; else None."""
        if stretch.places is not None or not stretch:
            return None
        stamps = list(map(STAMP, stretch))
        if stamps != sorted(stamps):
            return None
        first, last = milliseconds(stamps[0]), milliseconds(stamps[-1])
        if not known <= first <= last <= known + DAY:
            return None
        return last

    def one_by_one(
        self, stretch: Stretch, stretches: Ahead, known: int
    ) -> tuple[int, bytes, dict[int, int]]:
        """Return when the last line was known, when each was, and which of them happened then since their clocks run ahead.

        See `runtime.order`, which says the same of events.
        """
        found, moved = array("q", [NEVER] * len(stretch.lines)), dict[int, int]()
        for at_place, item in enumerate(stretch):
            place = at_place if stretch.places is None else stretch.places[at_place]
            at = item.happened
            if not (FIRST <= at <= LAST or at == NEVER):
                raise NoWayError("a time that no clock shows")
            if at > known:
                if at - known > DAY and is_ahead(
                    at, known, stretches.below(stretch, at_place), self._now
                ):
                    self.ahead += 1
                    known = known if known > NEVER else min(stretches.below(stretch, at_place))
                    moved[place] = known
                else:
                    known = at
            elif NEVER < at < known - DAY:
                self.late += 1
            if type(item) is Parked:
                item.known = known
            elif found:
                found[place] = known
        return known, found.tobytes(), moved
