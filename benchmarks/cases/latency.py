"""Rows 6, 7 and 8: from a line that is appended to a message that was handed over. Rule: a stall is not hidden.

Lines come in an open loop: each has its instant, whatever became of those before, and that instant is what counts. One line
in fifty brings a message about; the others are read and remembered. The channel (`receiving`) notes when it is handed
something. Log, store and clock are those of `verbline run`.
"""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from contextlib import closing
from pathlib import Path

from benchmarks import durable, events, receiving
from benchmarks.case import Case, Room
from benchmarks.clock import clean_environment
from benchmarks.durable import LINKS, LOG, STORE
from benchmarks.logs import cart_file, filled, only, open_cart, project
from benchmarks.oracle import WrongAnswerError
from verbline.runtime.traces.told import Told

ROWS = {"6", "7", "8"}
RATES = (100, 1_000, 5_000)
# How many seconds lines come, and one in how many brings a message about.
SECONDS = {"s": 3, "m": 10, "l": 60}
EVERY = 50
# How many wait beside, by the size of the run, and behind which number they begin.
WAITING = {"s": 20_000, "m": 100_000, "l": 1_000_000}
NOBODY = 5_000_000
# How long is waited for the run to stand ready, and for what is still to be handed over, in seconds.
PATIENCE, LOOK = 120.0, 0.1
COMMAND = "import sys; from verbline.cli import main; sys.exit(main())"
ROOT = Path(__file__).parents[2]
SECOND, THOUSANDTH = 1_000_000_000, 1_000_000
AGREES = '"agrees":{"offers":{"email":true}},'


class Open:
    """One run that is followed, at one rate. What it told is read once by each of the rows."""

    def __init__(self, room: Room, rate: int) -> None:
        self.rate, self.seconds = rate, SECONDS[room.size]
        self.folder = room.folder / str(rate)
        # The channel is one of ours, which the run has to find.
        here = os.pathsep.join(filter(None, (os.environ.get("PYTHONPATH"), str(ROOT))))
        self.environment = clean_environment(room.folder) | {"PYTHONPATH": here}
        self.unread: dict[str, float] = {}
        self.handed = self.wanted = 0

    def figure(self, name: str) -> float:
        """Return ``p50`` or ``p99`` of a run, in seconds."""
        if name not in self.unread:
            taken = sorted(self.run())
            self.unread = {
                "p50": taken[len(taken) // 2],
                "p99": taken[min(len(taken) - 1, len(taken) * 99 // 100)],
            }
        return self.unread.pop(name)

    def run(self) -> list[float]:
        """Return the seconds from the instant of each line to the hand-over."""
        self.prepare()
        sent = self.followed([sys.executable, "-c", COMMAND, *self.words])
        begun, found = self.begun(sent), receiving.received(self.folder)
        self.wanted, self.handed = len(sent), sum(map(len, found.values()))
        if self.handed != self.taken() or found.keys() != sent.keys():
            raise WrongAnswerError(f"{self.handed} messages were handed over, and {self.wanted} were decided")  # fmt: skip
        self.judge()
        return [(found[to][0] - begun[to]) / SECOND for to in sent]

    def judge(self) -> None:
        """Raise unless the store tells the right effects: each message that was asked for, once."""
        found = Counter(
            one.contact for one in durable.effects_in(self.folder / STORE) if one.verdict == "sent"
        )
        if sum(found.values()) != self.wanted or len(found) != self.wanted:
            raise WrongAnswerError(f"{self.wanted} messages were asked for, {len(found)} decided")

    def followed(self, command: list[str]) -> dict[str, int]:
        """Let a run follow the lines until everything is handed over; return when each message was asked for."""
        with subprocess.Popen(command, cwd=self.folder, env=self.environment, stderr=subprocess.PIPE) as run:  # fmt: skip
            assert run.stderr is not None
            for line in run.stderr:
                if b'"caught up"' in line:
                    break
            else:
                raise WrongAnswerError("the run ended before it stood ready")
            sent = self.write()
            until = time.monotonic() + PATIENCE
            while not self.is_over(sent) and time.monotonic() < until:
                time.sleep(LOOK)
            run.send_signal(signal.SIGTERM)
            run.stderr.read()
        return sent

    def is_over(self, sent: dict[str, int]) -> bool:
        """Return whether the store knows that everything was handed over."""
        return self.taken() >= len(sent)

    @property
    def words(self) -> list[str]:
        """What is said to `verbline`."""
        return ["run", ".", "--log", LOG, "--store", STORE]

    def begun(self, sent: dict[str, int]) -> dict[str, int]:
        """Return from when on each message is waited for, by its address: from the instant of its line on."""
        return sent

    def files(self) -> dict[str, str]:
        """Return the files of the project."""
        return project(
            ("vocabulary/plans.journey", filled("plans")),
            ("journeys/plan.journey", filled("plan", plan="p0")),
        )

    def asks(self, to: str) -> tuple[str, str]:
        """Return the code and the fields of a line that brings a message to an address about."""
        return "plan.chosen", f'"email":"{to}","plan":"p0",'

    def prepare(self) -> None:
        """Write the project and a log of one line, and no store."""
        durable.clear(self.folder)
        (self.folder / receiving.NAME).unlink(missing_ok=True)
        for path, text in self.files().items():
            place = self.folder / path
            place.parent.mkdir(parents=True, exist_ok=True)
            more = LINKS + receiving.SETTINGS if path.endswith(".toml") else ""
            place.write_text(text + more, "utf-8")
        writer = events.Writer(only)
        line = writer.line(events.SHOP, "page.viewed", time.time_ns() // THOUSANDTH, 0, "")
        (self.folder / LOG).write_bytes(line + b"\n")

    def write(self) -> dict[str, int]:
        """Append the lines, each at its instant, and return when each message was asked for, by its address."""
        writer, sent, number = events.Writer(only), {}, 0
        writer.count = 1
        begun, last = time.time_ns(), self.rate * self.seconds
        descriptor = os.open(self.folder / LOG, os.O_WRONLY | os.O_APPEND)
        try:
            while number < last:
                lines = []
                while (at := begun + number * SECOND // self.rate) <= time.time_ns() and number < last:  # fmt: skip
                    number += 1
                    fields, code = '"page":"/shelf",', "page.viewed"
                    if number % EVERY == 0:
                        to = events.email(number)
                        (code, fields), sent[to] = self.asks(to), at
                    told = at // THOUSANDTH
                    lines.append(
                        writer.line(events.SHOP, code, told, number, fields, AGREES) + b"\n"
                    )
                if lines:
                    os.write(descriptor, b"".join(lines))
                time.sleep(max(0, at - time.time_ns()) / SECOND)
        finally:
            os.close(descriptor)
        return sent

    def taken(self) -> int:
        """Return of how many messages the store knows that the channel took them."""
        with closing(sqlite3.connect(self.folder / STORE)) as connection:
            return int(
                connection.execute("select count(*) from outbox where state = 'sent'").fetchone()[0]
            )


class Beside(Open):
    """The same beside many who have signed up, and wait for a month."""

    def __init__(self, room: Room, rate: int) -> None:
        super().__init__(room._replace(folder=room.folder / "beside"), rate)
        self.waiting = WAITING[room.size]

    def files(self) -> dict[str, str]:
        """Return the files of the project."""
        return super().files() | {"journeys/cart.journey": open_cart("30 days")}

    def prepare(self) -> None:
        """Write the project, and a log in which they have signed up just now."""
        super().prepare()
        sign_up(self.folder / LOG, NOBODY + 1, self.waiting)

    def judge(self) -> None:
        """Raise unless all of them wait."""
        with closing(sqlite3.connect(self.folder / STORE)) as connection:
            told = Told(connection).all()
            number = sum(one["kind"] == "wait" and one["verdict"] == "held" for one in told)
        if number < self.waiting:
            raise WrongAnswerError(f"{number} of {self.waiting} people wait")
        super().judge()


def sign_up(log: Path, first: int, count: int) -> int:
    """Append lines in which so many people sign up at this very instant, and return it, in milliseconds since 1970."""
    writer, at = events.Writer(only), time.time_ns() // THOUSANDTH
    with log.open("ab") as file:
        for number in range(first, first + count):
            fields = f'"email":"{events.email(number)}",'
            writer.count = number
            file.write(writer.line(events.SHOP, "signup", at, number, fields, AGREES) + b"\n")
    return at


class Timed(Open):
    """The same with a wait of a minute between the line and the message; what counts begins when it is due."""

    def files(self) -> dict[str, str]:
        """Return the files of the project."""
        return project(("journeys/cart.journey", cart_file("", only(0), ["Cart"], "1 minute")))

    def asks(self, to: str) -> tuple[str, str]:
        """Return the code and the fields of a line that brings a message to an address about."""
        return "signup", f'"email":"{to}",'

    def begun(self, sent: dict[str, int]) -> dict[str, int]:
        """Return when each message was due, by its address: a decision bears that instant."""
        told = durable.effects_in(self.folder / STORE)
        return sent | {one.contact: one.at * THOUSANDTH for one in told}


class Median:
    """Row 6: half of the messages."""

    row = "6"
    name = "p50"

    def __init__(self, opened: Open) -> None:
        self.opened = opened
        self.what = f"append to hand-over, {self.name}, {opened.rate:,}/s"

    def once(self) -> float:
        """Return the seconds."""
        return self.opened.figure(self.name)

    def check(self) -> None:
        """Raise unless everything was handed over."""
        if self.opened.handed != self.opened.wanted:
            raise WrongAnswerError(f"{self.opened.handed} of {self.opened.wanted} messages were handed over")  # fmt: skip


class Slowest(Median):
    """Row 7: all but one message in a hundred."""

    row = "7"
    name = "p99"


class Due(Median):
    """Row 8: all but one in a hundred of the timers."""

    row = "8"
    name = "p99"

    def __init__(self, opened: Open) -> None:
        super().__init__(opened)
        self.what = f"timer due to hand-over, {self.name}"


def cases(room: Room) -> list[Case]:
    """Return the cases of this file."""
    opened = [Open(room, rate) for rate in RATES]
    timed = Timed(room._replace(folder=room.folder / "timed"), RATES[1])
    beside = Beside(room, RATES[1])
    figures = [Median(beside), Slowest(beside)]
    for one in figures:
        one.what += f", {beside.waiting:,} wait"
    return [*map(Median, opened), *map(Slowest, opened), Due(timed), *figures]
