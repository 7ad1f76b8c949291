"""Pairs of versions as text: a project and a log that stand in one file, and what a case changes in them."""

from __future__ import annotations

import json
import re
import shutil
from collections import Counter, defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.apart import project_at
from tests.cases import CASES
from tests.test_simulate import case_of
from verbline.cli.plan_sides import sources_in
from verbline.cli.planning import Asked, planned
from verbline.interpreter.step.records import Record
from verbline.runtime.log import Log
from verbline.runtime.simulate import Simulation

FOLDER = CASES / "plan"
# What is how a journey is written, not what happens to anybody.
WRITTEN = ("version", "visit", "step", "line", "key")
SECTION = re.compile(r"^=== (.+)\n", re.MULTILINE)


@dataclass(frozen=True)
class Pair:
    """One case: what its new version changes, and what `verbline plan` has to say."""

    path: Path
    steps: tuple[tuple[str, str], ...]
    expected: str

    def write(self, folder: Path) -> tuple[Path, Path, Path]:
        """Write both versions and the log under ``folder``, and return the old side, the new side and the log."""
        base = case_of(FOLDER / "base.case")
        old, new = folder / "old", folder / "new"
        base.write(old)
        shutil.move(old / "log", folder / "log")
        shutil.copytree(old, new)
        for title, text in self.steps:
            what, name = title.split()
            place = new / name
            if what == "remove":
                place.unlink()
            elif what == "add":
                place.write_text(text, "utf-8")
            else:
                place.write_text(changed(place.read_text("utf-8"), text), "utf-8")
        return old, new, folder / "log"


def changed(text: str, change: str) -> str:
    """Return ``text`` with the lines behind ``-`` replaced by those behind ``+``; a part of a line may stand alone."""
    before = [line[1:] for line in change.splitlines() if line.startswith("-")]
    after = [line[1:] for line in change.splitlines() if line.startswith("+")]
    old, new = "\n".join(before), "\n".join(after)
    assert text.count(old) == 1, f"{old!r} stands there {text.count(old)} times"
    return text.replace(old, new)


def pair_of(path: Path) -> Pair:
    """Return the case in a file."""
    parts = SECTION.split(path.read_text("utf-8"))[1:]
    sections = [(name, text.strip("\n") + "\n") for name, text in zip(parts[::2], parts[1::2], strict=True)]  # fmt: skip
    (expected,) = (text for name, text in sections if name == "plan")
    return Pair(path, tuple(one for one in sections if one[0] != "plan"), expected)


PAIRS = [pair_of(path) for path in sorted(FOLDER.glob("*.case")) if path.stem != "base"]
SAME_PEOPLE = [pair for pair in PAIRS if pair.path.stem != "identity-rule"]
# Who gets nothing else and is told otherwise: other words are told by no trace.
REWORDED = "other-words"


def plan(pair: Pair, folder: Path, **more: str) -> dict[str, Any]:
    """Return the plan of a pair as JSON has it."""
    old, new, log = pair.write(folder)
    asked = Asked(str(new), str(old), str(log))
    for name, value in more.items():
        setattr(asked, name, value)
    found = planned(asked)
    assert found is not None
    return found


def named(found: dict[str, Any]) -> set[str]:
    """Return everybody whom a plan names."""
    ways = found["replay"]["people"]["ways"].values()
    return {one for way in ways for one in way["ids"]}


def traces(folder: Path, log: Path) -> dict[str, Counter[str]]:
    """Return what a simulation of its own tells of each person, without how the journeys are written."""
    found = project_at(folder)
    told: defaultdict[str, Counter[str]] = defaultdict(Counter)

    def tell(record: Record) -> None:
        row = record.as_dict()
        person = row.pop("person")
        told[person][json.dumps({name: row[name] for name in row if name not in WRITTEN})] += 1

    Simulation(found.project, found.program, sources=sources_in(found), tell=tell).run(Log(log))
    return told


def differ(pair: Pair, folder: Path) -> set[str]:
    """Return in whom two separate simulations differ."""
    old, new, log = pair.write(folder)
    before, after = traces(old, log), traces(new, log)
    return {one for one in before.keys() | after.keys() if before[one] != after[one]}
