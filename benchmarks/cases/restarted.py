"""Rows 10, 11, 20 and kept history: what a store costs that has seen much: memory and a start with many who wait, a long log."""

from __future__ import annotations

from benchmarks import durable, events
from benchmarks.case import Case, Room
from benchmarks.cases.durable import ROOT, caught_up
from benchmarks.cases.waiting import MEGABYTE, Waiting
from benchmarks.clock import clean_environment
from benchmarks.crowd import END, MORNING
from benchmarks.history import History, judge, shop
from benchmarks.logs import EVENTS, WAITS, only
from benchmarks.oracle import WrongAnswerError

ROWS = {"10", "11", "20", "kept history"}
MILLION = 1_000_000
FEW = 100
# Events of one piece of a log, and how many pieces the long one has before the one that is measured.
PIECE = {"s": 3_000, "m": 15_000, "l": 100_000}
PIECES = 9


def views(count: int, people: int, start: int) -> bytes:
    """Return the lines of ``count`` page views of so many people; ``start`` is how many there were before."""
    writer = events.Writer(only)
    writer.count = MILLION * 10 + start
    lines = [
        writer.line(events.SHOP, "page.viewed", END + number, number % people, '"page":"/shelf",')
        for number in range(start, start + count)
    ]
    return b"\n".join(lines) + b"\n"


class Kept:
    """A store that was brought somewhere once, and is taken from there for each sample."""

    def __init__(self, room: Room, name: str, lines: int | None = None) -> None:
        self.name, self.size, self.lines = name, room.size, lines
        self.folder, self.kept = (
            room.folder / f"{name}-{lines}",
            room.folder / f"{name}-{lines}-kept",
        )
        self.environment = {**clean_environment(room.folder), "PYTHONPATH": str(ROOT)}

    def ready(self, more: bytes = b"") -> None:
        """Bring the store where it is to begin: the first lines of the data set, then ``more``."""
        durable.write(self.name, self.size, self.folder)
        log = self.folder / durable.LOG
        if self.lines is not None:
            log.write_bytes(b"".join(log.read_bytes().splitlines(keepends=True)[: self.lines]))
        self.append(more)
        self.taken()
        durable.kept(self.folder, self.kept)

    def append(self, more: bytes) -> None:
        """Append lines to the log."""
        with (self.folder / durable.LOG).open("ab") as file:
            file.write(more)

    def taken(self) -> dict[str, float]:
        """Return what it takes to begin again and take what is new."""
        return caught_up(self.folder, "live", self.environment)

    def after(self, more: bytes) -> dict[str, float]:
        """Return what it takes to begin again where the store was kept, and take ``more``."""
        if not self.kept.exists():
            self.ready()
        durable.again(self.folder, self.kept)
        self.append(more)
        return self.taken()


class Begun:
    """A million people wait, and the first event comes. Smaller sizes tell what a million would take."""

    def __init__(self, room: Room) -> None:
        self.people = WAITS[room.size]
        self.many, self.few = Kept(room, "waiting"), Kept(room, "waiting", FEW)
        self.inside = 0.0

    def both(self, name: str) -> tuple[float, float]:
        """Return a figure of a run where few wait, and how much more of it a million take."""
        line = signed_up(self.people)
        few, many = self.few.after(line), self.many.after(line)
        self.inside = many["inside"]
        return few[name], (many[name] - few[name]) / (self.people - FEW) * MILLION

    def check(self) -> None:
        """Raise unless everybody waits, and who came last too."""
        if self.inside != self.people + 1:
            raise WrongAnswerError(f"{self.inside:.0f} of {self.people + 1} people wait")


class Restart(Begun):
    """Row 11: from the closed store to the first event."""

    row = "11"

    def __init__(self, room: Room) -> None:
        super().__init__(room)
        self.what = f"restart, {self.people:,} who wait"

    def once(self) -> float:
        """Return the seconds, for a million people."""
        return sum(self.both("first"))


class Memory(Begun):
    """Row 10: what the process holds for those who wait, against the same in memory."""

    row = "10"

    def __init__(self, room: Room) -> None:
        super().__init__(room)
        self.what = f"memory, {self.people:,} who wait"
        self.simulated = Waiting(room._replace(folder=room.folder / "simulated"))

    def once(self) -> float:
        """Return the megabytes for a million people."""
        return self.both("held")[1] / MEGABYTE

    def beside(self) -> float:
        """Return the megabytes for a million people without a store."""
        return self.simulated.once()


def signed_up(number: int) -> bytes:
    """Return the line of somebody who signs up a moment after the others, but without a word on offers."""
    writer = events.Writer(only)
    writer.count = number
    return (
        writer.line(events.SHOP, "signup", MORNING, number, f'"email":"{events.email(number)}",')
        + b"\n"
    )


class LongLog:
    """Row 20: the CPU time an event behind a log that is ten times as long, the people being the same."""

    row = "20"
    what = "an event behind ten logs"

    def __init__(self, room: Room) -> None:
        self.piece = PIECE[room.size]
        small = room._replace(size="s")
        self.young = Kept(small._replace(folder=room.folder / "young"), "cart")
        self.old = Kept(small._replace(folder=room.folder / "old"), "cart")
        self.people = EVENTS["s"] // 3

    def views(self, pieces: int, count: int) -> bytes:
        """Return so many pieces of a log behind those that were before."""
        return views(count * self.piece, self.people, pieces * self.piece)

    def once(self) -> float:
        """Return the CPU seconds an event of the tenth piece."""
        if not self.old.kept.exists():
            self.old.ready(self.views(0, PIECES))
        return self.old.after(self.views(PIECES, 1))["cpu"] / self.piece

    def beside(self) -> float:
        """Return the CPU seconds an event of the first piece."""
        return self.young.after(self.views(0, 1))["cpu"] / self.piece

    def check(self) -> None:
        """Raise unless the effects are those of the data set: whoever looks at pages brings none about."""
        for one in (self.young, self.old):
            durable.judge_leaving(one.folder / durable.STORE, one.name, one.size, "live")


class Shop:
    """A shop of so many events, caught up with in an empty store."""

    def __init__(self, room: Room, count: int) -> None:
        self.folder = room.folder / str(count)
        self.environment = {**clean_environment(room.folder), "PYTHONPATH": str(ROOT)}
        self.log = shop(room, count)

    def once(self) -> float:
        """Return the CPU seconds an event."""
        if not self.folder.exists():
            self.events = durable.put(self.log, self.folder)
        durable.clear(self.folder)
        return caught_up(self.folder, "live", self.environment)["cpu"] / self.events

    def check(self) -> None:
        """Raise unless the effects are the right ones."""
        found = durable.effects_in(self.folder / durable.STORE)
        judge(found, self.log, self.events)


def cases(room: Room) -> list[Case]:
    """Return the cases of this file."""
    return [
        Memory(room._replace(folder=room.folder / "memory")),
        Restart(room._replace(folder=room.folder / "restart")),
        LongLog(room),
        History("kept history", room._replace(folder=room.folder / "history"), Shop),
    ]
