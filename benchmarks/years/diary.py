"""What the systems of a firm write down. Rule: a file is one system's, and its lines stand in the order in which it wrote.

An event happened at one instant and was written at that or a later one. Instants are milliseconds since 1970 UTC.
"""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from pathlib import Path

    from benchmarks.dice import Dice

ZONE = ZoneInfo("Europe/Ljubljana")
MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)
FIRST, LAST = date(2025, 10, 1), date(2026, 9, 30)
DAYS = (LAST - FIRST).days + 1
SATURDAY = 5
OWN = "verbline.runtime"
# One line in so many is sent once more, with the same id.
TWICE = 250


class Line(NamedTuple):
    """One event: when it was written, by which system, and what it says."""

    written: datetime
    file: str
    number: int
    event: dict[str, Any]


class Diary:
    """Collects the events of a firm; ``sources`` are the systems by the names of their files."""

    def __init__(self, dice: Dice, sources: dict[str, str]) -> None:
        self.dice = dice
        self.sources = {**sources, OWN: "verbline"}
        self.lines: list[Line] = []

    def add(
        self,
        file: str,
        kind: str,
        at: datetime,
        content: dict[str, Any],
        *,
        written: datetime | None = None,
        **more: Any,
    ) -> None:
        """Write down what happened ``at`` a local time; nothing where the year was over when it was written."""
        written = written or at
        if written.date() > LAST:
            return
        number = len(self.lines) + 1
        event = {
            "specversion": "1.0", "id": f"{file[:2]}-{number:06}", "source": self.sources[file], "type": kind,
            "time": at.replace(tzinfo=ZONE).isoformat(timespec="seconds"), "data": content, **more,
        }  # fmt: skip
        self.lines.append(Line(written, file, number, event))
        if not self.dice.number(0, TWICE - 1):
            self.lines.append(Line(written + 5 * MINUTE, file, number, event))

    def write(self, folder: Path) -> int:
        """Write one file for each system under ``folder``; return how many lines there are."""
        folder.mkdir(parents=True, exist_ok=True)
        files: dict[str, list[str]] = {}
        for line in sorted(self.lines, key=lambda one: (instant(one.written), one.number)):
            text = json.dumps(line.event, ensure_ascii=False) + "\n"
            files.setdefault(line.file, []).append(text)
        for name, texts in files.items():
            (folder / f"{name}.jsonl").write_text("".join(texts), "utf-8")
        return len(self.lines)


def instant(at: datetime) -> datetime:
    """Return a local time as one in universal time, so that those of two sides of a clock change stand in their order."""
    return at.replace(tzinfo=ZONE).astimezone(UTC)


class Hours:
    """When things happen: by day more than by night, more in some months than in others."""

    def __init__(self, dice: Dice, seasons: tuple[float, ...] = (1.0,) * 12) -> None:
        self.dice = dice
        self.seasons = seasons

    def some_day(self) -> date:
        """Return a day of the year, likelier one of a busy month."""
        while True:
            found = FIRST + DAY * self.dice.number(0, DAYS - 1)
            if self.dice.share() * max(self.seasons) < self.seasons[found.month - 1]:
                return found

    def at_work(self, day: date) -> datetime:
        """Return a time in the working hours of ``day``, or of the next working day."""
        while day.weekday() >= SATURDAY:
            day += DAY
        return datetime.combine(day, time(7)) + MINUTE * self.dice.number(0, 539)

    def at_leisure(self, day: date) -> datetime:
        """Return a time of ``day`` at which people look at their telephones: mostly in the evening."""
        late = max(self.dice.number(0, 1019), self.dice.number(0, 1019))
        return datetime.combine(day, time(6)) + MINUTE * late


def workdays_on(day: date, number: int) -> date:
    """Return the day that is so many working days after ``day``."""
    while number:
        day += DAY
        number -= day.weekday() < SATURDAY
    return day
