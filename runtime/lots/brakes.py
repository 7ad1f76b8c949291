"""Entry brakes of one lot. Rule: everybody may enter, as long as so few come in that all lots together hold nobody back.

Where each of N lots takes in fewer than an Nth of the limit in any span of time, all of them take in fewer than the limit.
"""

from __future__ import annotations

from array import array
from typing import Any

from verbline.interpreter.step.brakes import Brakes
from verbline.runtime.entries import FOREVER, LONGEST
from verbline.runtime.lots.glimpse import NoWayError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from verbline.interpreter.program.parts import Journey
    from verbline.interpreter.step.turn import Turn


class LotBrakes(Brakes):
    """The entries of one of so many ``lots``; `NoWayError` as soon as they are too many."""

    __slots__ = ("_journeys", "_lots", "_next")

    def __init__(self, lots: int) -> None:
        super().__init__()
        self._lots = lots
        self._journeys: dict[str, Journey] = {}
        self._next: dict[str, int] = {}

    def open_for(self, journey: Journey, now: int) -> Any:
        """Return the entries of a journey."""
        entries = self.entries.get(journey.name)
        if entries is not None and len(entries) >= self._next[journey.name]:
            # Looked at each time it has doubled, so that nobody runs to the end in vain.
            self._next[journey.name] = 2 * len(entries)
            self._check(journey)
        return entries

    def full_until(self, turn: Turn, journey: Journey) -> int | None:
        """Return that everybody may enter."""
        return None

    def closed_until(self, turn: Turn, journey: Journey) -> int | None:
        """Return that everybody may enter."""
        self.open_for(journey, turn.now)
        return None

    def count(self, journey: Journey, now: int) -> None:
        """Count an entry."""
        entries: Any = self.entries.get(journey.name)
        if entries is None:
            self._journeys[journey.name] = journey
            self._next[journey.name] = max(1, journey.brake[0])
            entries = array("q")
            self.entries[journey.name] = entries
        entries.append(now)

    def check(self) -> None:
        """Raise where somebody may have had to wait."""
        for journey in self._journeys.values():
            self._check(journey)

    def _check(self, journey: Journey) -> None:
        limit, (number, unit) = journey.brake
        longest = LONGEST.get(unit)
        span = FOREVER if longest is None else int(number * longest) + 1
        share = -(-limit // self._lots)
        in_order = sorted(self.entries[journey.name])
        for first, last in zip(in_order, in_order[max(0, share - 1) :], strict=False):
            if last - first <= span:
                raise NoWayError(f"brake of {journey.name}")
