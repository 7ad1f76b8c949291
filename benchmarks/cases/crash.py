"""The case `crash`: a run that is killed again and again. Rule: what leaves in the end is what the oracle says, each once.

A run ends itself by SIGKILL right before a call of something written in C: a statement of SQLite, a write, an encoding. The
calls come from a seed: half of them anywhere, half while what was written in batches is brought to where it belongs.
Batches are small, so that there are many of them in a log of the smallest size. `tests.sweeps` does the same at every system
call of a short run, with receivers.
"""

from __future__ import annotations

import json
import random
import signal
import subprocess
import sys
from pathlib import Path
from statistics import median

from benchmarks import durable
from benchmarks.case import Case, Room
from benchmarks.clock import clean_environment
from benchmarks.durable import STORE
from benchmarks.oracle import WrongAnswerError

ROWS = {"crash"}
ROOT = Path(__file__).resolve().parent.parent.parent
NAME, SIZE, SEED = "consent", "s", "43"
# How many kills one sample is made of.
KILLS = {"s": 4, "m": 10, "l": 50}

# Takes a way, where it ends (0: nowhere) and whether calls count only while batches are brought to their place. Prints how
# many calls there were, and how long it took until the engine stood ready in the store.
PROGRAM = """
import gc, json, os, signal, sys, time
from pathlib import Path
gc.disable()
from benchmarks import durable
from verbline.runtime.engine import engine, live, rehearse
engine.TOGETHER = 100
live.FOLDED = rehearse.FOLDED = engine.FOLDED = 3
way, left, within = sys.argv[1], int(sys.argv[2]), sys.argv[3] == "within"
settling = {engine.Engine.fold.__code__, engine.Engine.settle.__code__}
depth, calls, settled = 0, 0, 0

def count(frame, event, argument):
    global depth, left, calls, settled
    if event == "c_call":
        calls += 1
        settled += depth > 0
        if depth or not within:
            left -= 1
            if not left:
                os.kill(os.getpid(), signal.SIGKILL)
    elif frame.f_code in settling:
        depth += (event == "call") - (event == "return")

source = durable.given_in(Path("."))
made, begun = engine.Engine.__init__, time.perf_counter()

def make(*arguments, **named):
    made(*arguments, **named)
    print(json.dumps({"ready": time.perf_counter() - begun}), flush=True)

engine.Engine.__init__ = make
sys.setprofile(count)
durable.catch_up(source, Path(durable.STORE), way)
sys.setprofile(None)
print(json.dumps({"anywhere": calls, "within": settled}))
"""


class Crash:
    """Runs that are killed, one after the other in one store until the log is over, then in a new one."""

    row = "crash"

    def __init__(self, room: Room, way: str) -> None:
        self.way = way
        self.what = f"restart after a kill, {way}"
        self.kills = KILLS[room.size]
        self.folder = room.folder / way
        self.environment = {**clean_environment(room.folder), "PYTHONPATH": str(ROOT)}
        self.dice = random.Random(f"{SEED} {way}")
        self.calls: dict[str, int] = {}

    def ready(self) -> None:
        """Write the data set, and count the calls of a run that nobody ends."""
        durable.write(NAME, SIZE, self.folder)
        told, killed = self.run(0, "anywhere")
        if killed:
            raise WrongAnswerError("a run that was to end by itself was ended")
        self.calls = told[-1]
        self.over()

    def run(self, left: int, where: str) -> tuple[list[dict[str, int]], bool]:
        """Return what one run told, and whether it was killed."""
        command = [sys.executable, "-c", PROGRAM, self.way, str(left), where]
        done = subprocess.run(command, cwd=self.folder, env=self.environment, stdout=subprocess.PIPE, check=False)  # fmt: skip
        if done.returncode not in (0, -signal.SIGKILL):
            raise WrongAnswerError(f"a run after a kill ended in {done.returncode}")
        return [json.loads(line) for line in done.stdout.splitlines()], done.returncode != 0

    def over(self) -> None:
        """Judge what is in a store in which the log is over, and remove it."""
        durable.judge_leaving(self.folder / STORE, NAME, SIZE, self.way)
        durable.clear(self.folder)

    def once(self) -> float:
        """Return the median of the seconds until the engine stood ready again; raise where something is missing or there twice."""
        if not self.calls:
            self.ready()
        taken, kills = [], 0
        while kills < self.kills:
            where = self.dice.choice(("anywhere", "within"))
            told, killed = self.run(self.dice.randint(1, self.calls[where] // 2), where)
            taken += [one["ready"] for one in told if "ready" in one]
            kills += killed
            if not killed:
                self.over()
        if self.run(0, "anywhere")[1]:
            raise WrongAnswerError("a run that was to end by itself was ended")
        self.over()
        return median(taken)

    def check(self) -> None:
        """Do nothing: each store was judged when its log was over."""


def cases(room: Room) -> list[Case]:
    """Return the cases of this file."""
    return [Crash(room, way) for way in durable.KINDS]
