"""A clock that jumps while a club runs. Rule: no timer rings twice, none is lost; what is too late by then is not sent.

Back and forth by minutes, days and a month, at any moment of the days, and back to where it was.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.rehearsed import dice_of
from tests.sweeps.club import BEGIN, DAYS, Place, line_of
from tests.sweeps.killed import progress
from tests.sweeps.stepped import Stepped
from verbline.interpreter.zones import DAY, HOUR, MINUTE

JUMPS = (288 * 1000, -288 * 1000, 3 * DAY, -3 * DAY, 30 * DAY, -30 * DAY)
STEP = 45 * MINUTE
LENGTH = 5 * DAY
OFTEN = 0.1


class Jumped:
    """A club under a clock that jumps: what was decided of each visit."""

    def __init__(self, folder: Path, seed: int) -> None:
        self.place = Place(folder)
        self.dice = dice_of(seed)
        self.jumps: list[int] = []

    def live(self) -> None:
        """Live through all days by a clock that goes on truly and jumps now and then, for good or for a while."""
        due = [
            (BEGIN + day * DAY + one[2] * HOUR, line_of(day, *one))
            for day, happens in enumerate(DAYS)
            for one in happens
        ]
        off = 0
        with Stepped(self.place, BEGIN) as run:
            for true in range(BEGIN, BEGIN + LENGTH, STEP):
                if self.dice.random() < OFTEN:
                    off = 0 if off else self.dice.choice(JUMPS)
                    self.jumps.append(off)
                run.instant = true + off
                with (self.place.log / "desk.jsonl").open("ab") as file:
                    while due and due[0][0] <= true:
                        file.write(due.pop(0)[1])
                run.look()
        self.place.live(BEGIN + LENGTH + 61 * DAY)

    def wrong(self) -> list[str]:
        """Return what is wrong with what was decided and sent."""
        result = self.place.result()
        trace = [json.loads(one) for one in result.trace]
        told = Counter[tuple[str, str]]()
        for one in trace:
            if one["kind"] in ("message", "outcome"):
                told[one["visit"], one.get("step", one["kind"])] += one["verdict"] != "held"
        faults = [f"{visit} told {count} times of {step}" for (visit, step), count in told.items() if count > 1]  # fmt: skip
        ended = sum(one["kind"] == "outcome" for one in trace)
        began = sum(one["kind"] == "entry" and one["verdict"] == "taken" for one in trace)
        if ended != began:
            faults.append(f"{began} began and {ended} ended")
        if result.twice:
            faults.append(f"{result.twice} arrived twice")
        return faults + ([] if result.whole == "ok" else [result.whole])


def swept(folder: Path, seeds: range) -> tuple[int, dict[int, list[str]]]:
    """Return how often clocks jumped, and what was wrong by seed."""
    jumps, faults = 0, {}
    for count, seed in enumerate(seeds, 1):
        one = Jumped(folder / str(seed), seed)
        one.live()
        jumps += len(one.jumps)
        wrong = one.wrong()
        if wrong:
            faults[seed] = wrong
        progress(count)
    return jumps, faults


def main(count: int) -> int:
    """Sweep, print what came of it, and return the exit code."""
    with TemporaryDirectory() as folder:
        jumps, faults = swept(Path(folder), range(count))
    sys.stdout.write(f"{count} clubs whose clocks jumped {jumps} times: wrong {len(faults)}\n")
    for seed, wrong in faults.items():
        sys.stdout.write(f"  seed {seed}: {', '.join(wrong)}\n")
    return 1 if faults else 0
