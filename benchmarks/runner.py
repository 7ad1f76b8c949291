"""The order of a run: install, make ready, measure, judge, tell. Rule: a wrong answer ends the run, whatever its time.

A row that misses its bar is measured once more with twice the rounds; only then does the run fail. Goals are told and
never fail. Where the units themselves spread, the run says "noisy" and its times fail nothing.
"""

from __future__ import annotations

import argparse
import gc
import os
import re
import sys
import tempfile
import tomllib
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules

from benchmarks import cases as case_files
from benchmarks import limits, report
from benchmarks.case import Case, Compared, Room
from benchmarks.counters import counters
from benchmarks.installed import Installed, install
from benchmarks.oracle import WrongAnswerError
from benchmarks.report import Outcome
from benchmarks.rounds import Measure, Row, Samples, noisy, take, verdict

GOALS = Path(__file__).resolve().parent / "goals.toml"
ROUNDS = 5
MISSED, WRONG = 1, 3


def rows() -> dict[str, Row]:
    """Return every row of goals.toml by its number."""
    table = tomllib.loads(GOALS.read_text("utf-8"))
    return {row["row"]: Row.of(row) for row in table["row"]}


def options(arguments: Sequence[str] | None) -> argparse.Namespace:
    """Return the options of the command line."""
    parser = argparse.ArgumentParser(
        "python -m benchmarks",
        description="Measures what users wait for, as ratios to what this machine can do at this hour. "
        "Ends in 1 when a bar is missed, in 3 when an answer is wrong. See benchmarks/README.md.",
    )
    parser.add_argument("--list", action="store_true", help="show the rows, and which have a case")
    parser.add_argument("--case", metavar="RE", default="", help='only cases whose row or text matches, such as "12|13"')  # fmt: skip
    parser.add_argument("--size", choices=("s", "m", "l"), default="m", help="s: a minute, m: ten minutes, l: longer (default: m)")  # fmt: skip
    parser.add_argument("--rounds", metavar="N", type=int, default=ROUNDS, help=f"counted rounds (default: {ROUNDS})")  # fmt: skip
    parser.add_argument("--core", metavar="K", type=int, help="the core to stay on (default: the last one)")  # fmt: skip
    parser.add_argument("--json", metavar="F", type=Path, help="write every sample to this file")
    parser.add_argument("--compare", metavar="F", type=Path, help="show the change since the run in this file")  # fmt: skip
    parser.add_argument(
        "--pure", action="store_true", help="measure the text, as it runs where nothing is compiled"
    )
    parser.add_argument(
        "--beside", metavar="FOLDER", type=Path, help=argparse.SUPPRESS
    )  # the environment of the wheel that runs here
    parser.add_argument("--counters", action="store_true", help="only count, measure no time")
    return parser.parse_args(arguments)


def main(arguments: Sequence[str] | None = None) -> int:
    """Return the exit code of a run."""
    asked = options(arguments)
    if asked.list:
        print(report.listing(rows(), rows_with_case()))
        return 0
    if asked.counters:
        print(report.counted(counters()))
        return 0
    pin(asked.core)
    begun = report.machine()
    with tempfile.TemporaryDirectory(prefix="verbline-benchmarks-") as name:
        try:
            folder = Path(name)
            installed = Installed(asked.beside) if asked.beside else install(folder, pure=True)
            return measure(asked, Room(folder, installed, asked.size), begun)
        except WrongAnswerError as error:
            print(f"A wrong answer, so no time counts: {error}", file=sys.stderr)
            return WRONG


def measure(asked: argparse.Namespace, room: Room, begun: report.Facts) -> int:
    """Return the exit code of the cases asked for."""
    chosen = matching(made(room), asked.case)
    goals = rows()
    known = Units(room)
    outcomes = judged(chosen, goals, known, asked.rounds)
    whole = report.whole(begun, known.told(), outcomes, counters(), asked.size)
    print(report.table(outcomes, known.told(), whole))
    if asked.compare:
        print(report.compared(whole, asked.compare))
    if asked.json:
        report.save(whole, asked.json)
    return MISSED if any(one.fails for one in outcomes) else 0


def judged(chosen: list[Case], goals: dict[str, Row], known: Units, rounds: int) -> list[Outcome]:
    """Return what came out of each case; the missed ones were measured twice."""
    outcomes = judge(chosen, goals, taken(chosen, goals, known, rounds))
    missed = [one.case for one in outcomes if one.verdict == "missed"]
    if not missed:
        return outcomes
    again = {
        id(one.case): one for one in judge(missed, goals, taken(missed, goals, known, 2 * rounds))
    }
    return [again.get(id(one.case), one) for one in outcomes]


def taken(chosen: list[Case], goals: dict[str, Row], known: Units, rounds: int) -> list[Samples]:
    """Return the samples of the cases, after a warm-up; the answer has to be right before and after."""
    units = [
        case.beside if isinstance(case, Compared) else known.of(goals[case.row].unit)
        for case in chosen
    ]
    for case, unit in zip(chosen, units, strict=True):
        unit()
        case.once()
        case.check()
    # What one case holds must not be looked through for garbage while another one is measured.
    gc.collect()
    gc.freeze()
    samples = take([(unit, case.once) for unit, case in zip(units, chosen, strict=True)], rounds)
    for case in chosen:
        case.check()
    return samples


def judge(chosen: list[Case], goals: dict[str, Row], samples: list[Samples]) -> list[Outcome]:
    """Return the verdict on each case."""
    return [
        Outcome(case, goals[case.row], one, verdict(goals[case.row], one), noisy(one))
        for case, one in zip(chosen, samples, strict=True)
    ]


class Units:
    """The units, each made ready once, when it is first asked for."""

    def __init__(self, room: Room) -> None:
        folder = room.folder / "units"
        folder.mkdir()
        self.makers = limits.units(room.installed.python, folder, room.shots)
        self.ready: dict[str, Measure] = {}

    def of(self, unit: str) -> Measure:
        """Return how ``unit`` is measured."""
        if unit not in self.ready:
            self.ready[unit] = self.makers[unit]()
        return self.ready[unit]

    def told(self) -> dict[str, float]:
        """Return every unit in seconds, measured now."""
        return {unit: self.of(unit)() for unit in self.makers if unit not in limits.FIXED}


def pin(core: int | None) -> None:
    """Stay on one core, and with this process all that it starts."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {max(os.sched_getaffinity(0)) if core is None else core})


def modules() -> list[str]:
    """Return the names of the files that hold cases."""
    return sorted(f"{case_files.__name__}.{one.name}" for one in iter_modules(case_files.__path__))


def made(room: Room) -> list[Case]:
    """Return every case, each file's in a folder of its own."""
    found: list[Case] = []
    for name in modules():
        folder = room.folder / name.rpartition(".")[2]
        folder.mkdir()
        found += import_module(name).cases(Room(folder, room.installed, room.size))
    return found


def matching(found: list[Case], wanted: str) -> list[Case]:
    """Return the cases whose row or text matches, in the order of the rows."""
    pattern = re.compile(wanted)
    chosen = [case for case in found if pattern.fullmatch(case.row) or pattern.search(case.what)]
    order = list(rows())
    return sorted(chosen, key=lambda case: order.index(case.row))


def rows_with_case() -> set[str]:
    """Return the rows that some file of cases measures."""
    return {row for name in modules() for row in import_module(name).ROWS}


if __name__ == "__main__":
    sys.exit(main())
