"""Comparisons with today and now. Rule: the instant named is never later than the one at which the answer turns.

`today` and `now` move evenly towards what they are compared with, and then the instant is exact. Months of different
lengths, clocks that are set and working time make the way uneven: there an earlier instant is named, and asked again.
"""

from __future__ import annotations

from datetime import date

from verbline.interpreter.program.comparing import MIRRORED, SIGNS, Compared, Scored
from verbline.interpreter.program.operands import (
    Clock,
    Instant,
    Points,
    Reckoned,
    Written,
    as_instant,
)
from verbline.interpreter.program.pieces import Piece, earliest
from verbline.interpreter.program.reckoning import LENGTHS
from verbline.interpreter.program.spans import WORKING, first, next_day, next_shift, start_of
from verbline.interpreter.zones import DAY, HOUR

TYPE_CHECKING = False
if TYPE_CHECKING:
    from verbline.interpreter.program.operands import Operand
    from verbline.interpreter.step.turn import Turn

# What changes as soon as the other side is reached; the rest changes when it is passed.
AT_REACHING = frozenset((">=", "<", "==", "!="))
# How far, in all, months of different lengths and clocks that are set can lead away from an even pace, for each duration.
UNEVEN = 6 * DAY
QUARTER = 900_000
LAST_DAY = date.max.toordinal() - 1


class Dated(Compared):
    """A comparison of days or of instants, of which time moves at least one."""

    __slots__ = ()

    def change(self, turn: Turn) -> int | None:
        """Return when the side that time moves reaches or passes the other; nearer to now where its way is uneven."""
        left, right = self.left.of(turn), self.right.of(turn)
        if left is None or right is None:
            # The clock is always known; what is unknown beside it stays unknown, unless the calendar ends.
            return None
        measured = [*units(turn, self.left), *units(turn, self.right)]
        if not WORKING.isdisjoint(measured):
            return self.by_trying(turn)
        both = self.left.timed and self.right.timed
        sign, mover, still = self.sign, self.left, right
        if not self.left.timed:
            sign, mover, still = MIRRORED[sign], self.right, left
        ahead = distance(mover.of(turn), still)
        uneven = UNEVEN * len(measured)
        if self.left.kind.name == "date":
            return self.by_day(turn, sign, ahead, both=both, uneven=uneven)
        if isinstance(mover, Instant) and not both:
            if isinstance(mover.day, Clock):
                return self.by_midnight(turn, sign, still)
            uneven += UNEVEN
        if both or -uneven < ahead < uneven:
            # What lies behind is not met again, unless a way back leads there.
            apart = abs(ahead) if both or ahead >= 0 else UNEVEN
            return self.unevenly(turn, (left, right), apart)
        if uneven:
            return turn.now + ahead - uneven + 1 if ahead > 0 else None
        return self.steadily(turn, sign, ahead)

    def steadily(self, turn: Turn, sign: str, ahead: int) -> int | None:
        """Return when `now` reaches or passes an instant that lies ``ahead``."""
        if ahead > 0:
            return turn.now + ahead + (sign not in AT_REACHING)
        return turn.now + 1 if ahead == 0 and sign not in (">=", "<") else None

    def unevenly(self, turn: Turn, sides: tuple[int, int], apart: int) -> int:
        """Return a time until which both sides move evenly, and do not meet: before midnights and before clocks are set."""
        soon = min(turn.now + max(apart, 1), next_day(turn.zone, turn.now))
        if any(next_shift(turn.zone, side - DAY, side + 2 * DAY) for side in sides):
            # Clocks are set at whole quarters of an hour.
            soon = min(soon, turn.now - turn.now % QUARTER + QUARTER)
        return soon

    def by_day(self, turn: Turn, sign: str, ahead: int, *, both: bool, uneven: int) -> int | None:
        """Return the beginning of the day on which the answer may turn; ``ahead`` is in days."""
        margin = uneven // DAY
        if both or (margin and -margin <= ahead <= margin):
            return next_day(turn.zone, turn.now)
        found = None
        if ahead > 0 or (ahead == 0 and sign not in (">=", "<")):
            today = turn.zone.local(turn.now).toordinal()
            reached = today + ahead + (sign not in AT_REACHING or ahead == 0)
            found = start_of(turn.zone, date.fromordinal(min(reached - margin, LAST_DAY)))
        if -2 < ahead < 2:
            # Where a clock is set back over midnight, a day comes back for a while, and begins a second time.
            again = found is not None and found <= turn.now
            shift = next_shift(turn.zone, turn.now, turn.now + 26 * HOUR)
            return earliest([next_day(turn.zone, turn.now) if again else found, shift])
        return found

    def by_midnight(self, turn: Turn, sign: str, still: int) -> int | None:
        """Return when the beginning of `today` reaches or passes the instant ``still``."""
        day = turn.zone.local(still).toordinal()
        if start_of(turn.zone, date.fromordinal(day)) < still:
            day, sign = day + 1, ">="
        today = turn.zone.local(turn.now).toordinal()
        return self.by_day(turn, sign, day - today, both=False, uneven=0)

    def by_trying(self, turn: Turn) -> int | None:
        """Return when a comparison with working time turns, found by halving: working time only goes forward."""
        here, low, step = self.side(turn, turn.now), turn.now, DAY
        for _ in range(16):
            high = low + step
            if self.side(turn, high) != here:
                return first(low, high, lambda at: self.side(turn, at) != here)
            low, step = high, 2 * step
        return low


def distance(mover: date | int, other: date | int) -> int:
    """Return how far ``other`` lies ahead of ``mover``: days between dates, milliseconds between instants."""
    if isinstance(mover, int) or isinstance(other, int):
        assert isinstance(mover, int), "two dates or two instants"
        assert isinstance(other, int), "two dates or two instants"
        return other - mover
    return other.toordinal() - mover.toordinal()


def units(turn: Turn, operand: Piece) -> list[str]:
    """Return the units of the durations that lead from the clock to a value, those that are lengths left out."""
    if not operand.timed:
        return []
    found = [one.of(turn) for one in added(operand)]
    return [length[1] for length in found if length is not None and length[1] not in LENGTHS]


def added(operand: Piece) -> list[Operand]:
    """Return the durations that are added to a value or taken from it."""
    found: list[Operand] = []
    while isinstance(operand, Reckoned | Instant):
        if isinstance(operand, Instant):
            operand = operand.day
        else:
            start, *durations = operand.terms()
            operand, found = start, [*durations, *found]
    return found


def compared(shape: str, left: Operand, right: Operand) -> Piece:
    """Return the comparison ``shape`` of two values; one of a date with a date and time compares instants."""
    if left.kind.name != right.kind.name and {left.kind.name, right.kind.name} == {
        "date",
        "datetime",
    }:
        left, right = as_instant(left), as_instant(right)
    sign = SIGNS[shape]
    if left.kind.name in ("date", "datetime") and (left.timed or right.timed):
        return Dated(sign, left, right)
    if left.kind.name == "number":
        if isinstance(right, Points) and isinstance(left, Written):
            left, right, sign = right, left, MIRRORED[sign]
        return Scored(sign, left, right)
    return Compared(sign, left, right)
