"""Scores: numbers that grow with what people do and fade with time. Rule: the same points at the same instants give the
same score, whatever the order in which they become known, and no binary fraction has a part in it.

A score is kept in thousandths with the instant from which it fades: value * 2^(-age / half-life), in decimals of 28
digits. It is rounded when it is read or changed, half to even, and kept within its bounds both times. Points that
become known late have faded since they happened; they never turn the clock of the score back.
"""

from __future__ import annotations

from decimal import ROUND_HALF_EVEN, Decimal

from verbline.interpreter.person.record import put
from verbline.interpreter.program.reckoning import CONTEXT
from verbline.interpreter.zones import DAY, HOUR, MINUTE

TYPE_CHECKING = False
if TYPE_CHECKING:
    from verbline.interpreter.person.record import Person
    from verbline.interpreter.program.reckoning import Duration, Number

# Fading is smooth, so a half-life is a length: a month is a twelfth of a year, a year 365.2425 days, and working time
# is what a usual week holds of it: 40 hours, 5 days.
LENGTHS = {
    "minute": MINUTE, "hour": HOUR, "day": DAY, "week": 7 * DAY, "month": 2_629_746_000, "year": 31_556_952_000,
    "whour": 7 * DAY // 40, "wday": 7 * DAY // 5,
}  # fmt: skip
LN_2 = Decimal("0.6931471805599453094172321215")
HALF = Decimal("0.5")
WHOLE = Decimal(1)
THOUSAND = 1000
# After so many half-lives nothing is left of any score that fits into 28 digits.
HALVES_MAX = 128


class Score:
    """A score: ``half`` is its half-life in milliseconds, or None; ``low`` and ``high`` are its bounds in thousandths, or None."""

    __slots__ = ("half", "high", "low", "name")

    def __init__(
        self,
        name: str,
        half: Duration | None = None,
        low: Number | None = None,
        high: Number | None = None,
    ) -> None:
        self.name = name
        self.half = None if half is None else round(half[0] * LENGTHS[half[1]])
        self.low = None if low is None else thousandths(low)
        self.high = None if high is None else thousandths(high)

    def __repr__(self) -> str:
        return f"Score({self.name})"

    def read(self, person: Person, now: int) -> int:
        """Return the score in thousandths."""
        kept = person.scores.get(self.name)
        return self.bounded(0) if kept is None else self.bounded(self.faded(kept[0], now - kept[1]))

    def number(self, person: Person, now: int) -> Number:
        """Return the score as a number: whole, or with up to three decimals."""
        found = self.read(person, now)
        return found // THOUSAND if found % THOUSAND == 0 else Decimal(found).scaleb(-3)

    def change(self, person: Person, points: int, happened: int, now: int) -> int:
        """Add ``points``, in thousandths, for what happened then; return the score after it."""
        kept = person.scores.get(self.name)
        happened = min(happened, now)
        if kept is None:
            value, since = self.bounded(0) + points, happened
        elif happened >= kept[1]:
            value, since = self.faded(kept[0], happened - kept[1]) + points, happened
        else:
            value, since = kept[0] + self.faded(points, kept[1] - happened), kept[1]
        put(person, "scores", self.name, (self.bounded(value), since))
        return self.read(person, now)

    def faded(self, value: int, age: int) -> int:
        """Return what is left of ``value`` thousandths after ``age`` milliseconds."""
        if self.half is None or age <= 0 or value == 0:
            return value
        if age >= self.half * HALVES_MAX:
            return 0
        halves, rest = divmod(age, self.half)
        left = CONTEXT.divide(Decimal(value), Decimal(1 << halves))  # exact, so that a half is one
        if rest:
            part = CONTEXT.divide(Decimal(rest), Decimal(self.half))
            left = CONTEXT.multiply(left, CONTEXT.exp(-CONTEXT.multiply(part, LN_2)))
        return int(left.quantize(WHOLE, ROUND_HALF_EVEN, CONTEXT))

    def bounded(self, value: int) -> int:
        """Return ``value`` within the bounds of the score."""
        if self.low is not None and value < self.low:
            return self.low
        return self.high if self.high is not None and value > self.high else value

    def falls_to(self, person: Person, now: int, level: int) -> int | None:
        """Return the first instant after ``now`` at which the score has faded to ``level`` thousandths from nought or nearer.

        None where it never does, or has already.
        """
        kept = person.scores.get(self.name)
        if kept is None or self.half is None or level < 0:
            return None
        value, since = abs(kept[0]), kept[1]
        if self.faded(value, now - since) <= level:
            return None
        halves = CONTEXT.divide(
            CONTEXT.ln(CONTEXT.divide(Decimal(value), Decimal(level) + HALF)), LN_2
        )
        at = max(now + 1, since + int(CONTEXT.multiply(halves, Decimal(self.half))))
        while at > now + 1 and self.faded(value, at - 1 - since) <= level:
            at -= 1
        while self.faded(value, at - since) > level:
            at += 1
        return at


def thousandths(number: Number) -> int:
    """Return a written number in thousandths, half to even."""
    return int((Decimal(number) * THOUSAND).quantize(WHOLE, ROUND_HALF_EVEN, CONTEXT))
