"""Two years of a motoring club: ``python -m benchmarks.two_years --members 10000``. Rule: the log says what is right.

Every member books a course now and then, cancels some, comes to most and mostly brings a driver of the family. The log is
written from these records, played through the project in journeys/mobility by `verbline simulate`, and what comes of it is
held against the records: one entry for each booking, and an outcome for each visit but those that the log leaves inside.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

BEGIN = datetime(2024, 3, 4, 6, tzinfo=UTC)
DAYS = 730
PLACES = ("Vransko", "Ljubljana", "Maribor")
ROOT = Path(__file__).parent.parent


def events(members: int, seed: int) -> tuple[list[dict[str, Any]], Counter[str]]:
    """Return the events of the club in the order of their times, and how many there are of each type."""
    dice = Random(seed)
    found: list[dict[str, Any]] = []
    booking = 0
    for member in range(members):
        who = {"member-number": f"M-{member}", "email": f"m{member}@mail.example"}
        at = BEGIN + timedelta(days=dice.uniform(0, 20))
        name = {"first-name": f"Member {member}", "family-drivers": dice.randint(0, 3)}
        found.append(event("member-register", "member.saved", at, who | name))
        at += timedelta(days=dice.uniform(1, 160))
        while at < BEGIN + timedelta(days=DAYS - 170):
            booking += 1
            found += of_booking(dice, who, f"B-{booking}", at)
            at += timedelta(days=dice.uniform(20, 160))
    found.sort(key=lambda one: (one["time"], one["data"]["member-number"]))
    for number, one in enumerate(found):
        one["id"] = f"e-{number}"
    return found, Counter(one["type"] for one in found)


def event(source: str, kind: str, at: datetime, data: dict[str, Any]) -> dict[str, Any]:
    """Return one event; its id is given when all are in order."""
    stamp = at.isoformat(timespec="milliseconds").replace("+00:00", "Z")
    return {"specversion": "1.0", "source": source, "type": kind, "time": stamp, "data": data}


def of_booking(
    dice: Random, who: dict[str, Any], number: str, at: datetime
) -> list[dict[str, Any]]:
    """Return what becomes of one booking."""
    course = at + timedelta(days=dice.randint(5, 60))
    data = who | {"booking-number": number}
    told = {"course-date": course.date().isoformat(), "course-place": dice.choice(PLACES)}
    found = [event("booking-system", "course.booked", at, data | told)]
    if dice.random() < 0.1:
        cancelled = at + (course - at) * dice.random() * 0.9
        return [*found, event("booking-system", "course.cancelled", cancelled, data)]
    if dice.random() < 0.85:
        came = course.replace(hour=15)
        found.append(event("training-ground", "course.attended", came, data))
        if dice.random() < 0.5:
            added = came + timedelta(days=dice.uniform(0, 12))
            found.append(event("member-desk", "family.driver.added", added, data))
    return found


def simulate(log: Path) -> dict[str, Any]:
    """Return what `verbline simulate` says about the log."""
    answer = subprocess.run(
        [
            sys.executable, "-m", "verbline.cli", "simulate", str(ROOT / "journeys/mobility"), "--log", str(log),
            "--answers", "60%", "--format", "json",
        ],
        capture_output=True, check=True, text=True,
    )  # fmt: skip
    found: dict[str, Any] = json.loads(answer.stdout)
    return found


def main() -> int:
    """Write the log, play it, compare, and print how long it took."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.two_years", description=__doc__)
    parser.add_argument("--members", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=2024)
    given = parser.parse_args()
    made, counts = events(given.members, given.seed)
    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder) / "log.jsonl"
        log.write_text("".join(json.dumps(one) + "\n" for one in made), "utf-8")
        begun = time.monotonic()
        told = simulate(log)
        seconds = time.monotonic() - begun
    [journey] = told["journeys"]
    entries, outcomes = journey["entered"], sum(journey["outcomes"].values())
    right = entries == counts["course.booked"] and outcomes + journey["inside"] == entries
    print(f"{len(made)} events of {given.members} members in {DAYS} days: {seconds:.1f} s")
    print(f"{entries} entries, {outcomes} outcomes: {journey['outcomes']}")
    print("every booking has its entry and its end" if right else f"WRONG: {counts}")
    return 0 if right else 1


if __name__ == "__main__":
    sys.exit(main())
