"""When: the window of a report, its cut, months and weeks, and time that is counted in working hours. Rule: each instant has one period.

Instants are milliseconds since 1970 UTC, periods are those of the project's zone.
"""

from __future__ import annotations

from bisect import bisect_right
from datetime import timedelta
from typing import NamedTuple

from verbline.interpreter.program.reckoning import LENGTHS, milliseconds
from verbline.interpreter.program.spans import WORKING, later
from verbline.interpreter.zones import HOUR

TYPE_CHECKING = False
if TYPE_CHECKING:
    from verbline.interpreter.program.program import Program
    from verbline.interpreter.program.reckoning import Duration
    from verbline.interpreter.working import WorkingTime


class Window(NamedTuple):
    """From an instant, which belongs to it, until another one, which does not."""

    start: int
    end: int

    def __contains__(self, instant: object) -> bool:
        return self.start <= instant < self.end  # type: ignore[operator]  # instants alone are asked for

    @property
    def before(self) -> Window:
        """The window of the same length that ends where this one begins."""
        return Window(2 * self.start - self.end, self.start)


class Clock:
    """The zone and the calendar of a project, asked very often."""

    def __init__(self, program: Program) -> None:
        self.zone = program.zone
        self.work = program.work
        self._hours: dict[int, tuple[str, str, int, int]] = {}

    def _of(self, instant: int) -> tuple[str, str, int, int]:
        """Return month, week, weekday and hour at ``instant``; zones are set by quarters of an hour at the finest."""
        quarter = instant // (HOUR // 4)
        found = self._hours.get(quarter)
        if found is None:
            local = self.zone.local(instant)
            year, week, day = local.isocalendar()
            found = (f"{local:%Y-%m}", f"{year}-W{week:02}", day - 1, local.hour)
            self._hours[quarter] = found
        return found

    def month(self, instant: int) -> str:
        """Return the month, such as 2026-03."""
        return self._of(instant)[0]

    def week(self, instant: int) -> str:
        """Return the week of ISO 8601, such as 2026-W11."""
        return self._of(instant)[1]

    def weekday_hour(self, instant: int) -> tuple[int, int]:
        """Return the weekday from 0, monday, and the hour."""
        return self._of(instant)[2:]

    def later(self, instant: int, length: Duration) -> int:
        """Return the instant that lies so much later by the project's clock and calendar."""
        number, unit = length
        if unit in LENGTHS:
            return instant + milliseconds(number, unit)
        if unit == "day" or unit == "week":
            end = self.zone.after_days(instant, int(number) * (7 if unit == "week" else 1))
            if end is not None:
                return end
        return later(self.zone, self.work, instant, number, unit)

    def earlier(self, instant: int, length: Duration) -> int:
        """Return the instant that lies so much earlier."""
        number, unit = length
        return self.later(instant, (-number, unit))


class Open:
    """How much of the time between two instants is working time, for instants within a window."""

    def __init__(self, work: WorkingTime, window: Window) -> None:
        day = work.zone.local(window.start).date() - timedelta(days=2)
        last = work.zone.local(window.end).date() + timedelta(days=1)
        self._starts: list[int] = []
        self._ends: list[int] = []
        # The working time before each span.
        self._before: list[int] = []
        total = 0
        while day <= last:
            for start, end in work.spans(day):
                from_then = max(start, self._ends[-1]) if self._ends else start
                if end > from_then:
                    self._starts.append(from_then)
                    self._ends.append(end)
                    self._before.append(total)
                    total += end - from_then
            day += timedelta(days=1)

    def until(self, instant: int) -> int:
        """Return the working time from the beginning until ``instant``."""
        place = bisect_right(self._starts, instant) - 1
        if place < 0:
            return 0
        return self._before[place] + min(instant, self._ends[place]) - self._starts[place]

    def between(self, start: int, end: int) -> int:
        """Return the working time between two instants."""
        return self.until(end) - self.until(start)


def is_working(length: Duration | None) -> bool:
    """Return whether a length is counted in working time."""
    return length is not None and length[1] in WORKING
