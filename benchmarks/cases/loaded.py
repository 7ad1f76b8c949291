"""Rows 16, 17 and 18: a thousand journeys. What a house pays for having many, at the start and for each event."""

from __future__ import annotations

from benchmarks import datasets
from benchmarks.case import Case, Room
from benchmarks.cases.simulated import Simulated
from benchmarks.clock import cpu_of
from benchmarks.engine import Engine
from benchmarks.oracle import WrongAnswerError

ROWS = {"16", "17", "18"}
HOUSES = {"s": "hundred-right", "m": "thousand-right", "l": "thousand-right"}
THOUSAND = 1_000


class ManyLoaded:
    """The same number of events, each for one journey: of a thousand, against the only one."""

    row = "16"
    what = "1,000 journeys loaded, an event"

    def __init__(self, room: Room) -> None:
        self.one, self.many = Simulated("journeys-1", room), Simulated("journeys-1000", room)

    def once(self) -> float:
        """Return the CPU seconds an event with a thousand journeys."""
        return self.many.per_event()

    def beside(self) -> float:
        """Return the CPU seconds an event with one."""
        return self.one.per_event()

    def check(self) -> None:
        """Raise unless the effects are right."""
        self.one.check()
        self.many.check()


class OneName:
    """A thousand journeys that start on the same moment, each for its own value: against an event of the cart."""

    row = "17"
    what = "1,000 journeys on one name"

    def __init__(self, room: Room) -> None:
        self.cart, self.guards = Simulated("cart", room), Simulated("guards", room)

    def once(self) -> float:
        """Return the CPU seconds an event."""
        return self.guards.per_event()

    def beside(self) -> float:
        """Return the CPU seconds an event of the cart, row 1."""
        return self.cart.per_event()

    def check(self) -> None:
        """Raise unless the effects are right."""
        self.cart.check()
        self.guards.check()


class Compiled:
    """A house of journeys of 58 lines, from its files to a program that can run: CPU time for a thousand of them."""

    row = "18"

    def __init__(self, room: Room) -> None:
        self.data = datasets.checked(HOUSES[room.size])
        self.folder = room.folder / "house"
        self.data.write(self.folder)
        self.count = len(self.data.journeys)
        self.what = f"compile {self.count:,} journeys"
        self.names: set[str] = set()

    def once(self) -> float:
        """Return the CPU seconds for a thousand journeys."""
        return cpu_of(self.load, 1) * THOUSAND / self.count

    def load(self) -> None:
        """Load the house."""
        self.names = set(Engine(self.folder).program.journeys)

    def check(self) -> None:
        """Raise unless every journey is there."""
        if len(self.names) != self.count:
            raise WrongAnswerError(f"{len(self.names)} journeys of {self.count} were compiled")


def cases(room: Room) -> list[Case]:
    """Return the cases of this file."""
    return [ManyLoaded(room), OneName(room), Compiled(room)]
