"""Rows 1, 3 and 19: a log in memory, what each further journey costs, and a long history. What somebody waits for who tries out a journey."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from pathlib import Path
from time import process_time

from benchmarks import effects, limits, logs
from benchmarks.case import Case, Room
from benchmarks.clock import cpu_of
from benchmarks.engine import Engine
from benchmarks.history import History, judge, shop
from benchmarks.oracle import WrongAnswerError

ROWS = {"1", "3", "19"}
MORE = 10


class Simulated:
    """One data set, made ready when it is first run."""

    def __init__(self, name: str, room: Room) -> None:
        self.name = name
        self.size = room.size
        self.folder = room.folder / name
        self.engine: Engine | None = None
        self.unit: Callable[[], float] | None = None
        self.events = 0

    def ready(self) -> Engine:
        """Return the engine with the program and the log of the data set."""
        if self.engine is None:
            logs.checked(self.name, self.size).write(self.folder)
            self.engine = Engine(self.folder)
        return self.engine

    def per_event(self) -> float:
        """Return the CPU seconds an event of one run."""
        engine = self.ready()
        engine.let_go()

        def run() -> None:
            self.events, _counts = engine.counted()

        return cpu_of(run, 1) / self.events

    def decoded(self) -> float:
        """Return what U is for the lines of this log."""
        if self.unit is None:
            self.ready()
            self.unit = limits.decoding(lines_of(self.folder / "log.jsonl"), 1)
        return self.unit()

    def check(self) -> None:
        """Raise unless every message and every refusal is the right one, and no other came."""
        engine = self.ready()
        told = engine.effects()
        if engine.messages() != Counter((one.verdict, one.reason) for one in told):
            raise WrongAnswerError(
                f"what is counted of {self.name} {self.size} is not what is told"
            )
        found = effects.checksum(told)
        if found != logs.expected()["effects"][f"{self.name} {self.size}"]:
            raise WrongAnswerError(f"the effects of {self.name} {self.size} are not the right ones")


def lines_of(path: Path) -> list[bytes]:
    """Return the lines of a log."""
    return path.read_bytes().split(b"\n")[:-1]


class Cart:
    """One journey, three events a person: CPU time an event."""

    row = "1"
    what = "simulate, an event"

    def __init__(self, room: Room) -> None:
        self.log = Simulated("cart", room)

    def once(self) -> float:
        """Return the CPU seconds an event."""
        return self.log.per_event()

    def beside(self) -> float:
        """Return U for the lines of the same log."""
        return self.log.decoded()

    def check(self) -> None:
        """Raise unless the effects are right."""
        self.log.check()


class Matching:
    """Ten journeys that all listen to the same events, against one: CPU time an event for each further journey."""

    row = "3"
    what = "each further matching journey"

    def __init__(self, room: Room) -> None:
        self.one, self.many = Simulated("matching-1", room), Simulated(f"matching-{MORE}", room)

    def once(self) -> float:
        """Return the CPU seconds an event and further journey."""
        return (self.many.per_event() - self.one.per_event()) / (MORE - 1)

    def beside(self) -> float:
        """Return U for the lines of the same log."""
        return self.one.decoded()

    def check(self) -> None:
        """Raise unless the effects are right."""
        self.one.check()
        self.many.check()


class Shop:
    """A shop of so many events, in memory."""

    def __init__(self, room: Room, count: int) -> None:
        self.count = count
        self.folder = room.folder / str(count)
        self.log = shop(room, count)
        self.engine: Engine | None = None

    def once(self) -> float:
        """Return the CPU seconds an event."""
        if self.engine is None:
            self.log.write(self.folder)
            self.engine = Engine(self.folder)
        self.engine.let_go()
        begun = process_time()
        events, _counts = self.engine.counted()
        taken = (process_time() - begun) / events
        self.engine.let_go()
        return taken

    def check(self) -> None:
        """Raise unless the effects are the right ones."""
        assert self.engine is not None, "a run comes first"
        found = self.engine.effects()
        self.engine.let_go()
        judge(found, self.log, self.count)


def cases(room: Room) -> list[Case]:
    """Return the cases of this file."""
    return [
        Cart(room),
        Matching(room),
        History("19", room._replace(folder=room.folder / "simulated-history"), Shop),
    ]
