"""What a run tells: a table for people, one JSON object for programs. Rule: every sample is kept, none is chosen."""

from __future__ import annotations

import json
import os
import platform
import sqlite3
import subprocess
import time
from importlib import metadata
from pathlib import Path
from statistics import median
from typing import Any, NamedTuple

from benchmarks.case import Case
from benchmarks.rounds import Row, Samples
from verbline.interpreter.compiled import word

FORMAT = 1
LIBRARIES = ("verbline", "click", "lark", "msgspec", "orjson", "tzdata")
ROOT = Path(__file__).resolve().parent.parent

Facts = dict[str, Any]


class Outcome(NamedTuple):
    """One case with its samples and the verdict on them."""

    case: Case
    goal: Row
    samples: Samples
    verdict: str
    noisy: bool

    @property
    def fails(self) -> bool:
        """Whether this outcome fails the run."""
        return self.verdict == "missed" and not self.noisy


def machine() -> Facts:
    """Return where and when the run takes place."""
    return {
        "at": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
        "revision": revision(),
        "build": word(),
        "python": platform.python_version(),
        "implementation": platform.python_implementation(),
        "system": f"{platform.system()} {platform.machine()}",
        "cores": os.cpu_count(),
        "sqlite": sqlite3.sqlite_version,
        "libraries": {name: metadata.version(name) for name in LIBRARIES},
        "load": os.getloadavg(),
    }


def revision() -> str:
    """Return the revision of the working tree, with a mark where it has changes."""
    command = ["git", "-C", str(ROOT), "describe", "--always", "--dirty"]
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    return done.stdout.strip() or "unknown"


def whole(
    begun: Facts,
    units: dict[str, float],
    outcomes: list[Outcome],
    counted_: dict[str, Any],
    size: str,
) -> Facts:
    """Return all that a run found out, ready for JSON."""
    return {
        "format": FORMAT,
        "size": size,
        "machine": {**begun, "load_after": os.getloadavg()},
        "units": units,
        "rows": [told(one) for one in outcomes],
        "counters": counted_,
    }


def told(one: Outcome) -> Facts:
    """Return one outcome for JSON."""
    ratios = one.samples.ratios
    return {
        "row": one.goal.row,
        "what": one.case.what,
        "unit": one.goal.unit,
        "median": median(ratios),
        "min": min(ratios),
        "max": max(ratios),
        "ratios": ratios,
        "seconds": one.samples.cases,
        "unit_seconds": one.samples.units,
        "verdict": one.verdict,
        "noisy": one.noisy,
    }


def table(outcomes: list[Outcome], units: dict[str, float], facts: Facts) -> str:
    """Return the run for people."""
    where = facts["machine"]
    lines = [
        f"{where['revision']}, {where['build']} · Python {where['python']}",
        f"load: {where['load'][0]:.1f} before, {where['load_after'][0]:.1f} after",
        "units: " + " · ".join(f"{unit} {length(seconds)}" for unit, seconds in units.items()),
        "",
        f"{'row':4} {'case':30} {'figure':>22}  {'bar':>5} {'goal':>5} {'stretch':>7}  {'took':>8}  verdict",
    ]
    lines += [line(one) for one in outcomes]
    lines += ["", counted(facts["counters"])]
    return "\n".join(lines)


def line(one: Outcome) -> str:
    """Return one line of the table."""
    ratios, goal = one.samples.ratios, one.goal
    figure = f"{median(ratios):.2f} {goal.unit} ({min(ratios):.2f}-{max(ratios):.2f})"
    stretch = "" if goal.stretch is None else f"{goal.stretch:g}"
    took = "" if goal.unit in ("MB", "KB") else length(median(one.samples.cases))
    said = f"{one.verdict}{', noisy' if one.noisy else ''}"
    return (
        f"{goal.row:4} {one.case.what:30} {figure:>22}  {goal.bar:>5g} {goal.goal:>5g} {stretch:>7}"
        f"  {took:>8}  {said}"
    )


def length(seconds: float) -> str:
    """Return a time with the unit that suits it."""
    for unit, one in (("s", 1.0), ("ms", 1e-3)):
        if seconds >= one:
            return f"{seconds / one:.2f} {unit}"
    return f"{seconds * 1e6:.2f} us"


def counted(numbers: dict[str, Any]) -> str:
    """Return the counters, one a line."""
    return "\n".join(f"{value:>8} {name}" for name, value in numbers.items())


def listing(goals: dict[str, Row], with_case: set[str]) -> str:
    """Return the rows, each with its limits and whether something measures it."""
    lines = []
    for row in goals.values():
        mark = "*" if row.row in with_case else " "
        held = [row.bar, row.goal, *([] if row.stretch is None else [row.stretch])]
        told_limits = " / ".join(f"{limit:g}" for limit in held)
        lines.append(f"{mark} {row.row:5} {row.what}  [{told_limits} {row.unit}]")
    return "\n".join([*lines, "", "* has a case.  [bar / goal / stretch unit]"])


def compared(facts: Facts, path: Path) -> str:
    """Return the change of each figure since the run in ``path``."""
    before = {(row["row"], row["what"]): row for row in json.loads(path.read_text("utf-8"))["rows"]}
    lines = [f"since {path}:"]
    for row in facts["rows"]:
        old = before.get((row["row"], row["what"]))
        if old is None:
            lines.append(f"{row['row']:4} {row['what']:30} new")
            continue
        change = row["median"] / old["median"] - 1
        apart = row["min"] > old["max"] or row["max"] < old["min"]
        sure = "" if apart else "  (rounds overlap)"
        lines.append(
            f"{row['row']:4} {row['what']:30} {old['median']:.2f} -> {row['median']:.2f} {row['unit']}"
            f"  {change:+.0%}{sure}"
        )
    return "\n".join(lines)


def save(facts: Facts, path: Path) -> None:
    """Write the run to ``path``."""
    path.write_text(json.dumps(facts, indent=1, ensure_ascii=False) + "\n", "utf-8")
