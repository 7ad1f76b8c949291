"""Many timers due at one instant, and what is asked for meanwhile. Rule: what is due goes first, and nothing is lost behind it.

Everybody has signed up at one instant, and is to be written to so long after it. `verbline run` catches up with that, waits, and
then lets all of it fall due, while lines come that bring urgent messages about. Semantics want that timers which are due before
a line was read fall due before it happens; so the slowest of the urgent ones waits for all of the storm.
"""

from __future__ import annotations

import sqlite3
import sys
import time
from contextlib import closing

from benchmarks import events, receiving
from benchmarks.case import Case, Room
from benchmarks.cases.latency import COMMAND, SECOND, THOUSANDTH, Open, sign_up
from benchmarks.durable import LOG, STORE
from benchmarks.logs import SHOP, filled, only, open_cart, project
from benchmarks.oracle import WrongAnswerError

ROWS = {"storm"}
# How many wait, how long, in minutes, and how many lines come a second meanwhile.
WAIT = {"s": 10_000, "m": 100_000, "l": 500_000}
MINUTES = {"s": 1, "m": 2, "l": 5}
RATE = 20
# Figures are told for so many timers.
PER = 100_000
# What goes before all that a consent is needed for.
SERVICE, URGENT = "  is service\n", "  is transactional\n"
ASKS = "plan.chosen"


class Storm(Open):
    """One run with a storm in it. ``told`` are the seconds until the last timer has fallen due, and until the slowest line was answered."""

    def __init__(self, room: Room) -> None:
        super().__init__(room, RATE)
        self.folder = room.folder / "storm"
        self.people, self.wait = WAIT[room.size], MINUTES[room.size] * 60 * SECOND
        self.signed_up = 0
        self.unread: dict[str, float] = {}

    def files(self) -> dict[str, str]:
        """Return the files of the project."""
        length = f"{self.wait // SECOND // 60} minute" + "s" * (self.wait > 60 * SECOND)
        found = project(
            ("vocabulary/plans.journey", filled("plans")),
            ("journeys/plan.journey", filled("plan", plan="p0")),
            ("journeys/cart.journey", open_cart(length)),
        )
        return found | {SHOP: found[SHOP].replace(SERVICE, URGENT)}

    def prepare(self) -> None:
        """Write the project, and a log in which everybody has signed up just now."""
        super().prepare()
        self.signed_up = sign_up(self.folder / LOG, 1, self.people)

    def write(self) -> dict[str, int]:
        """Wait for the storm, then append lines that ask for something urgent until all of it has fallen due."""
        due = self.signed_up * THOUSANDTH + self.wait
        if time.time_ns() > due:
            raise WrongAnswerError("the log was not caught up with before the storm")
        time.sleep((due - time.time_ns()) / SECOND)
        writer, sent, number = events.Writer(only), {}, self.people
        with (self.folder / LOG).open("ab", buffering=0) as file:
            while self.decided() < self.people:
                number += 1
                to, writer.count = events.email(number), number
                sent[to] = at = time.time_ns()
                fields = f'"email":"{to}","plan":"p0",'
                file.write(writer.line(events.SHOP, ASKS, at // THOUSANDTH, number, fields) + b"\n")
                time.sleep(1 / RATE)
        self.unread["drained"] = (time.time_ns() - due) / SECOND
        return sent

    def decided(self) -> int:
        """Return how many messages were decided."""
        with closing(sqlite3.connect(self.folder / STORE)) as connection:
            (last,) = connection.execute("select max(seq) from outbox").fetchone()
        return int(last or 0)

    def is_over(self, sent: dict[str, int]) -> bool:
        """Return whether what was asked for meanwhile was handed over."""
        return sent.keys() <= receiving.received(self.folder).keys()

    def run(self) -> list[float]:
        """Return the seconds from the instant of each line to the hand-over."""
        self.prepare()
        sent = self.followed([sys.executable, "-c", COMMAND, *self.words])
        found = receiving.received(self.folder)
        twice = sum(len(one) > 1 for one in found.values())
        if twice or not self.is_over(sent):
            raise WrongAnswerError(f"{twice} messages were handed over twice, or some never")
        self.wanted = self.people + len(sent)
        self.judge()
        return [(found[to][0] - sent[to]) / SECOND for to in sent]

    def figure(self, name: str) -> float:
        """Return ``drained`` or ``slowest``, in seconds for `PER` timers."""
        if name not in self.unread:
            slowest = max(self.run())
            self.unread["slowest"] = slowest
        return self.unread.pop(name) * PER / self.people


class Part:
    """One figure of a storm."""

    row = "storm"

    def __init__(self, storm: Storm, name: str, what: str) -> None:
        self.storm, self.name = storm, name
        self.what = f"{storm.people:,} timers at once, {what}"

    def once(self) -> float:
        """Return the seconds for `PER` timers."""
        return self.storm.figure(self.name)

    def check(self) -> None:
        """Do nothing: what was decided and handed over was looked at behind the run."""


def cases(room: Room) -> list[Case]:
    """Return the cases of this file."""
    storm = Storm(room)
    return [
        Part(storm, "drained", "until all fell due"),
        Part(storm, "slowest", "slowest urgent line"),
    ]
