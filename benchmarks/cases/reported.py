"""Rows report and plan: a year of a motoring club, on two cores. What somebody waits for who asks what came of it, or what a change would do."""

from __future__ import annotations

import json
import shutil
from collections import Counter
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks.case import Case, Room
from benchmarks.cases.by_hand import all_cores
from benchmarks.clock import Run, clean_environment, run
from benchmarks.oracle import WrongAnswerError
from benchmarks.years.diary import DAY
from benchmarks.years.made import year_of

if TYPE_CHECKING:
    from datetime import datetime

    from benchmarks.years.diary import Diary

ROWS = {"report", "plan"}
PROJECT = "mobility"
HERE = Path(__file__).resolve().parent.parent.parent / "journeys" / PROJECT
MILLION = 1_000_000
# Members by size: each brings some four events. Of a few it is measured what a process takes before it reads a log.
PEOPLE, FEW, SEED = {"s": 4_000, "m": 60_000, "l": 244_000}, 200, 7
# What the change is that is planned.
CHANGE = 'wait for "member attends the course" up to 120 days', 'wait for "member attends the course" up to 100 days'  # fmt: skip
CHANGES_TOLD = 2


class Year:
    """The year of so many members, as a log in ``folder``, and what its lines say by themselves."""

    def __init__(self, folder: Path, people: int) -> None:
        self.folder = folder / f"{PROJECT}-{people}"
        self.people = people

    @cached_property
    def diary(self) -> Diary:
        """What the systems of the club wrote."""
        found = year_of(PROJECT, self.people, SEED)
        if not self.folder.exists():
            found.write(self.folder)
        return found

    @cached_property
    def events(self) -> Counter[str]:
        """How many events there are of each type, each counted once."""
        seen = {line.event["id"]: line.event["type"] for line in self.diary.lines}
        return Counter(seen.values())

    @cached_property
    def bookings(self) -> int:
        """How many bookings there are of members whom the register had told of by then: others can be reached nowhere."""
        told: dict[str, datetime] = {}
        for line in self.diary.lines:
            member = line.event["data"].get("memberNo")
            if line.event["type"] == "member.saved":
                told[member] = min(line.written, told.get(member, line.written))
        booked = {
            line.event["id"]
            for line in self.diary.lines
            if line.event["type"] == "course.booked"
            and line.written >= told.get(line.event["data"]["memberNo"], line.written + DAY)
        }
        return len(booked)


class Asking:
    """A command over a year: seconds on the wall for a million events, behind what it takes over a log of a few."""

    row = what = ""

    def __init__(self, room: Room) -> None:
        self.room = room
        self.year, self.few = Year(room.folder, PEOPLE[room.size]), Year(room.folder, FEW)
        self.environment = clean_environment(room.folder / "cache")
        self.last = Run(0, 0, 0, "")

    def words(self, log: Path) -> list[str]:
        """Return the command."""
        raise NotImplementedError

    def process(self, year: Year) -> Run:
        """Return one process that has ended."""
        assert year.diary.lines, "a year has events"
        with all_cores():
            command = [str(self.room.installed.program), *self.words(year.folder)]
            return run(command, self.room.folder, self.environment)

    def once(self) -> float:
        """Return the seconds for a million events."""
        begun = self.process(self.few).wall
        self.last = self.process(self.year)
        events = self.year.events.total() - self.few.events.total()
        return (self.last.wall - begun) / events * MILLION


class Reported(Asking):
    """`verbline report`, with all figures."""

    row = "report"
    what = "report, a million events"

    def words(self, log: Path) -> list[str]:
        """Return the command."""
        return ["report", str(HERE), "--log", str(log), "--format", "json"]

    def check(self) -> None:
        """Raise unless every event was read, every booking entered, and every member is somebody."""
        told = json.loads(self.last.output)
        section = {one["key"]: one["figures"] for one in told["sections"]}
        journeys, people = section["journeys"], section["people"]
        events, entered = self.year.events, value(journeys, "entered")
        expect({
            "events": (told["events"], events.total()),
            "bookings": (entered, self.year.bookings),
            "ends": (value(journeys, "outcome") + value(journeys, "inside"), entered),
            "members": (value(people, "unique"), self.year.people),
        })  # fmt: skip


class Planned(Asking):
    """`verbline plan`: a wait is longer than it was."""

    row = "plan"
    what = "plan, a million events"

    def words(self, log: Path) -> list[str]:
        """Return the command; the old side is made of the project as it stands."""
        old = self.room.folder / "before"
        if not old.exists():
            shutil.copytree(HERE, old, ignore=shutil.ignore_patterns("log"))
            file = old / "journeys" / "safe-driving-course.journey"
            file.write_text(file.read_text("utf-8").replace(*CHANGE), "utf-8")
        return ["plan", str(HERE), "--against", str(old), "--log", str(log), "--format", "json"]

    def check(self) -> None:
        """Raise unless every event was read, and who no longer runs out of time stands inside, or ends otherwise."""
        told = json.loads(self.last.output)
        replay, events = told["replay"], self.year.events
        ends = [sum(row[side] for row in replay["outcomes"]) for side in ("before", "after")]
        inside = [sum(row[side] for row in replay["inside"]) for side in ("before", "after")]
        entered = self.year.bookings
        late = next(row for row in replay["outcomes"] if row["outcome"] == "never came")
        expect({
            "exit": (self.last.code, CHANGES_TOLD),
            "events": (replay["log"]["events"], events.total()),
            "members": (replay["people"]["after"], self.year.people),
            "before": (ends[0] + inside[0], entered),
            "after": (ends[1] + inside[1], entered),
            "never came": (late["before"] - late["after"], inside[1] - inside[0]),
        })  # fmt: skip
        if late["before"] <= late["after"] or not replay["people"]["differ"]:
            raise WrongAnswerError(f"the plan says {late}")


def value(figures: list[dict[str, Any]], key: str) -> int:
    """Return what figures of one key come to."""
    return sum(int(one["value"]) for one in figures if one["key"] == key)


def expect(found: dict[str, tuple[int, int]]) -> None:
    """Raise unless each is what it should be."""
    wrong = {name: both for name, both in found.items() if both[0] != both[1]}
    if wrong:
        raise WrongAnswerError(f"found, and expected: {wrong}")


def cases(room: Room) -> list[Case]:
    """Return the cases of this file."""
    return [Reported(room), Planned(room)]
