"""Row 22: what others take for the same journey over the same log, where they are installed. Rule: their effects are right too.

In memory both are whole processes on one core. What is durable is compared with a run through the store that is rehearsed.
DBOS does more for each event and is slow, so it gets the first lines of the log alone; what counts is the time of an event.
"""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

from benchmarks import durable, logs, written_by_hand
from benchmarks.case import Case, Room
from benchmarks.cases.by_hand import counted, written
from benchmarks.cases.durable import PROGRAM, ROOT
from benchmarks.clock import Run, clean_environment, run
from benchmarks.events import Clock
from benchmarks.oracle import WrongAnswerError

ROWS = {"22", "flow", "kept flow", "kept steps"}
PEERS = Path(__file__).resolve().parent.parent / "peers"
PYTHON = PEERS / ".venv" / "bin" / "python"
# So many lines are enough to learn what an event takes of who is slow.
FEW = 300
KEPT = "kept"


class Ours:
    """What Verbline takes for the log of the data set ``cart``: seconds on the wall for an event, of whole processes."""

    def __init__(self, room: Room) -> None:
        self.room = room
        self.folder = room.folder / "cart"
        self.environment = clean_environment(room.folder / "cache")
        self.events = 0

    def ready(self) -> Path:
        """Return the folder with the project and the log."""
        if not self.events:
            self.events = durable.write("cart", self.room.size, self.folder)
            lines = (self.folder / durable.LOG).read_bytes().split(b"\n")
            (self.folder / "few.jsonl").write_bytes(b"\n".join(lines[:FEW]) + b"\n")
        return self.folder

    def in_memory(self) -> float:
        """Return the time of an event in `verbline simulate` on one core."""
        command = (str(self.room.installed.program), "simulate", ".", "--jobs", "1")
        done = self.process(*command, "--log", durable.LOG, "--format", "json")
        if sum(counted(done.output).values()) != len(self.right()):
            raise WrongAnswerError("simulate counts other effects")
        return done.wall / self.events

    def through_the_store(self) -> float:
        """Return the time of an event in a rehearsed run that begins with an empty store."""
        durable.clear(self.ready())
        environment = {**self.environment, "PYTHONPATH": str(ROOT)}
        done = run([sys.executable, "-c", PROGRAM, "rehearsed"], self.folder, environment)
        if done.code:
            raise WrongAnswerError(f"a durable run ended in {done.code}")
        durable.judge_leaving(self.folder / durable.STORE, "cart", self.room.size, "rehearsed")
        return done.wall / self.events

    def process(self, *command: str) -> Run:
        """Return a process that has ended in the folder of the log."""
        done = run(list(command), self.ready(), self.environment)
        if done.code:
            raise WrongAnswerError(f"{command} ended with {done.code}")
        return done

    def right(self) -> set[tuple[str, str, str, str]]:
        """Return the right effects."""
        clock = Clock()
        told = logs.make("cart", self.room.size).effects()
        return {(clock.text(one.at), one.contact, one.verdict, one.reason) for one in told}


class Peer:
    """One of the others, beside Verbline: how many times as long it takes."""

    def __init__(self, row: str, what: str, ours: Ours, program: str) -> None:
        self.row, self.what = row, what
        self.ours = ours
        self.program = program
        # A file of its own: all are checked once more when all have run.
        self.effects = f"{row.replace(' ', '-')}.jsonl"

    def once(self) -> float:
        """Return the time of an event with the other."""
        self.clear()
        return self.ours.process(*self.command(), durable.LOG, self.effects).wall / self.ours.events

    def clear(self) -> None:
        """Remove what was written before."""
        folder = self.ours.ready()
        (folder / self.effects).unlink(missing_ok=True)
        for kept in folder.glob(f"{KEPT}*"):
            shutil.rmtree(kept) if kept.is_dir() else kept.unlink()

    def command(self) -> list[str]:
        """Return how the other is called, but for the log and the file of effects."""
        node = shutil.which("node")
        assert node is not None, "a case is made where it can run"
        return [node, str(PEERS / self.program)]

    def beside(self) -> float:
        """Return the time of an event with Verbline."""
        return self.ours.in_memory()

    def check(self) -> None:
        """Raise unless the other has written the right effects."""
        if written(self.ours.folder / self.effects) != self.ours.right():
            raise WrongAnswerError(f"{self.what}: not the right effects")


class Flow(Peer):
    """A flow in memory."""

    def command(self) -> list[str]:
        """Return how the other is called."""
        return [str(PYTHON), str(PEERS / self.program)]


class KeptFlow(Flow):
    """A flow that keeps the state and its place in the log, against a run through the store."""

    def once(self) -> float:
        """Return the time of an event with the other."""
        self.clear()
        return self.ours.process(*self.command(), durable.LOG, self.effects, KEPT).wall / self.ours.events  # fmt: skip

    def beside(self) -> float:
        """Return the time of an event with Verbline."""
        return self.ours.through_the_store()


class KeptSteps(KeptFlow):
    """Steps that are kept one by one, over a few lines of the log."""

    def once(self) -> float:
        """Return the time of an event with the other."""
        self.clear()
        return self.ours.process(*self.command(), "few.jsonl", self.effects, KEPT).wall / FEW

    def check(self) -> None:
        """Raise unless it has written what the program written by hand does, which is held to the right effects in row 2."""
        by_hand = Path(written_by_hand.__file__)
        self.ours.process(sys.executable, str(by_hand), "few.jsonl", "right.jsonl")
        folder = self.ours.folder
        if written(folder / self.effects) != written(folder / "right.jsonl"):
            raise WrongAnswerError(f"{self.what}: not the right effects")


def cases(room: Room) -> list[Case]:
    """Return the cases of those who are installed, and say who is not. A small log would measure how they begin."""
    if room.size == "s":
        return []
    ours = Ours(room)
    found: list[Case] = []
    for is_there, name, made in (
        (shutil.which("node") and (PEERS / "node_modules" / "xstate").is_dir(), "XState", [Peer("22", "XState, in memory", ours, "journey.mjs")]),
        (has("bytewax"), "bytewax", [Flow("flow", "bytewax, in memory", ours, "flow.py"), KeptFlow("kept flow", "bytewax, with recovery", ours, "flow.py")]),
        (has("dbos"), "DBOS", [KeptSteps("kept steps", "DBOS, on SQLite", ours, "steps.py")]),
    ):  # fmt: skip
        if is_there:
            found += made
        else:
            print(f"{name} is not installed, so nothing is compared with it; see benchmarks/README.md.", file=sys.stderr)  # fmt: skip
    return found


def has(library: str) -> bool:
    """Return whether the peers' own environment holds a library."""
    return any((PEERS / ".venv" / "lib").glob(f"python*/site-packages/{library}"))
