"""Who came in, counted where people are taken one after the other. Rule: nobody is kept waiting, and whether somebody should have been is told at last.

How many may come into a journey in some time depends on others. Where nobody ever had to wait for that, people can be taken
in any order; where somebody had, only in the order of time.
"""

from __future__ import annotations

from array import array

from verbline.interpreter.step.brakes import Brakes

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from verbline.interpreter.program.parts import Journey
    from verbline.interpreter.step.turn import Turn

# The longest that a unit of time lasts, in milliseconds: clocks change, and months and years differ. Working time has no
# bound that would help.
LONGEST = {
    "minute": 60_000,
    "hour": 3_600_000,
    "day": 30 * 3_600_000,
    "week": 8 * 86_400_000,
    "month": 32 * 86_400_000,
    "year": 367 * 86_400_000,
}
FOREVER = 1 << 62


class OutOfOrderError(Exception):
    """A log that has to be taken in the order of time: what happens to one person depends on others."""


class Entries(Brakes):
    """Stands for the entry brakes: lets everybody in, and tells afterwards whether the brakes would have.

    `OutOfOrderError` as soon as it shows that they would not.
    """

    __slots__ = ("_counted", "_next")

    def __init__(self) -> None:
        super().__init__()
        self._counted: dict[str, tuple[Journey, array[int]]] = {}
        self._next: dict[str, int] = {}

    def closed_until(self, _turn: Turn, _journey: Journey) -> int | None:
        """Return that everybody may enter."""
        return None

    def count(self, journey: Journey, now: int) -> None:
        """Count an entry."""
        counted = self._counted.get(journey.name)
        if counted is None:
            counted = self._counted[journey.name] = (journey, array("q"))
            self._next[journey.name] = max(1, journey.brake[0])
        instants = counted[1]
        instants.append(now)
        if len(instants) == self._next[journey.name]:
            # Looked at each time it has doubled, so that nobody runs to the end in vain.
            self._next[journey.name] *= 2
            checked(journey, instants)

    def counts(self) -> dict[str, array[int]]:
        """Return when people came in, by journey."""
        return {name: instants for name, (_journey, instants) in self._counted.items()}

    def add(self, counts: Mapping[str, array[int]], journeys: Mapping[str, Journey]) -> None:
        """Add who was counted by another, as `counts` has it."""
        for name, instants in counts.items():
            journey, known = self._counted.setdefault(name, (journeys[name], array("q")))
            known.extend(instants)
            self._next.setdefault(name, max(1, journey.brake[0]))

    def check(self) -> None:
        """Raise where somebody may have had to wait."""
        for journey, instants in self._counted.values():
            checked(journey, instants)


def checked(journey: Journey, instants: array[int]) -> None:
    """Raise `OutOfOrderError` where so many entered in so short a time that one more may have had to wait."""
    limit, (number, unit) = journey.brake
    longest = LONGEST.get(unit)
    span = FOREVER if longest is None else int(number * longest) + 1
    in_order = sorted(instants)
    last = max(1, limit) - 1
    for first, instant in zip(in_order, in_order[last:], strict=False):
        if instant - first <= span:
            raise OutOfOrderError(journey.name)
