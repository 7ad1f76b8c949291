"""Row 19: what an event of a long log takes against one of a short log. Rule: the long one has as many more people as events."""

from __future__ import annotations

from typing import Protocol

from benchmarks import effects
from benchmarks.case import Room
from benchmarks.crowd import shoppers
from benchmarks.logs import Log, crowded
from benchmarks.oracle import WrongAnswerError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from benchmarks.effects import Effect

# So many events has the short log, and so many times as many the long one.
EVENTS = {"s": 3_000, "m": 30_000, "l": 300_000}
LONGER = 10


def shop(room: Room, count: int) -> Log:
    """Return the log of a shop of so many events."""
    return crowded("cart", room.size, shoppers("7", count // 3), count, ["Cart"])


def judge(found: list[Effect], log: Log, count: int) -> None:
    """Raise unless the effects that were found are those of a log of so many events."""
    if effects.checksum(found) != effects.checksum(log.effects()):
        raise WrongAnswerError(f"the effects of {count} events are not the right ones")


class Half(Protocol):
    """One of the two logs."""

    def once(self) -> float:
        """Return the CPU seconds an event."""

    def check(self) -> None:
        """Raise `WrongAnswerError` where the effects are not the right ones."""


class History:
    """A row that holds the long log against the short one; ``made`` returns the case of a log of so many events."""

    def __init__(self, row: str, room: Room, made: Callable[[Room, int], Half]) -> None:
        count = EVENTS[room.size]
        self.row = row
        self.what = f"{LONGER * count:,} events against {count:,}"
        self._short, self._long = made(room, count), made(room, LONGER * count)

    def once(self) -> float:
        """Return the CPU seconds an event of the long log."""
        return self._long.once()

    def beside(self) -> float:
        """Return the CPU seconds an event of the short log."""
        return self._short.once()

    def check(self) -> None:
        """Raise unless both have the right effects."""
        self._short.check()
        self._long.check()
