"""Times from a beginning to an end. Rule: median and 90th percentile are those of a curve in which open cases count, and no mean is told.

The share that ended in time is told of the cases that are old enough: of the others nobody knows yet, and those among them
that have ended already would make it look larger.
"""

from __future__ import annotations

from verbline.interpreter.program.reckoning import milliseconds
from verbline.interpreter.zones import DAY, MINUTE
from verbline.runtime.report.estimate import Point, aalen_johansen, kaplan_meier, quantile
from verbline.runtime.report.figures import (
    SECONDS,
    WORKING_SECONDS,
    Curves,
    Figure,
    count_of,
    share_of,
)
from verbline.runtime.report.wanted import length_text
from verbline.runtime.report.window import is_working

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from verbline.interpreter.program.reckoning import Duration
    from verbline.interpreter.working import WorkingTime
    from verbline.runtime.report.asked import Asked
    from verbline.runtime.report.cases import Case
    from verbline.runtime.report.wanted import Metric

# A month and a year are so many days where a median is held against one.
DAYS = {"day": 1.0, "week": 7.0, "month": 30.436875, "year": 365.2425}
POINTS_MAX = 400


class Durations:
    """How long cases last, against a ``target``: by the clock, and in working time where the target is counted in it, or ``both`` are asked for."""

    def __init__(self, asked: Asked, target: Duration | None, *, both: bool = False) -> None:
        self._facts = asked.facts
        self._minimum = asked.minimum
        self._target = target
        self.working = both or is_working(target)
        self._open = asked.open if self.working else None

    def times(self, cases: Sequence[Case], *, working: bool) -> list[tuple[int, int]]:
        """Return the time of each case and the kind of its end, 0 where it is open."""
        cut = self._facts.cut
        if not working:
            return [(case.lasted(cut), case.way) for case in cases]
        assert self._open is not None, "working time is asked for where the target has it"
        between = self._open.between
        return [
            (max(0, between(case.start.at, cut if case.end is None else case.end.at)), case.way)
            for case in cases
        ]

    def in_time(self, cases: Sequence[Case]) -> tuple[int, int, int]:
        """Return how many ended in time, of how many that are old enough, and how many of these are open."""
        assert self._target is not None, "in time for a target"
        hits = of = unanswered = 0
        later, cut = self._facts.clock.later, self._facts.cut
        for case in cases:
            due = later(case.start.at, self._target)
            if due > cut:
                continue
            of += 1
            unanswered += case.end is None
            hits += case.end is not None and case.end.at <= due
        return hits, of, unanswered

    def figures(self, cases: Sequence[Case], metric: Metric | None = None) -> Iterator[Figure]:
        """Yield the count, the open ones, median and 90th percentile, and the share in time."""
        ended = sum(case.end is not None for case in cases)
        yield count_of("cases", "cases", len(cases))
        yield count_of(
            "open", "still open", len(cases) - ended, "counted as longer than they have lasted"
        )
        yield from self.quantiles(cases, metric)
        if self._target is not None:
            hits, of, unanswered = self.in_time(cases)
            label = f"ended within {length_text(self._target)}"
            yield share_of("in_time", label, hits, of, self._minimum)
            yield count_of("overdue", f"open for more than {length_text(self._target)}", unanswered)

    def quantiles(self, cases: Sequence[Case], metric: Metric | None) -> Iterator[Figure]:
        """Yield median and 90th percentile, in working time first where the target is counted in it."""
        for working in (True, False) if self.working else (False,):
            times = self.times(cases, working=working)
            points = kaplan_meier((time, min(way, 1)) for time, way in times)
            median = self.quantile("median", 0.5, points, working=working, of=len(times))
            if metric is not None and working == self.working:
                median = self.against(
                    median, metric, max((time for time, _way in times), default=0)
                )
            yield self.by_clock(median, working=working)
            slowest = self.quantile("p90", 0.9, points, working=working, of=len(times))
            yield self.by_clock(slowest, working=working)

    def by_clock(self, figure: Figure, *, working: bool) -> Figure:
        """Return a figure that says that it counts all hours, where another one beside it does not."""
        is_other = self.working and not working
        return figure._replace(label=f"{figure.label}, by the clock") if is_other else figure

    @staticmethod
    def quantile(
        name: str, share: float, points: Sequence[Point], *, working: bool, of: int
    ) -> Figure:
        """Return when a share of cases has ended."""
        found = quantile(points, share)
        value, low, high = (None if one is None else one / 1000 for one in found)
        note = "" if value is not None else "not reached yet" if of else "nobody yet"
        label = {"median": "median", "p90": "90th percentile"}[name]
        unit = WORKING_SECONDS if working else SECONDS
        return Figure(name + "_working" * working, label, value, unit, low, high, of, note)

    def against(self, median: Figure, metric: Metric, longest: int) -> Figure:
        """Return the median held against the target; one that is not reached lies beyond the ``longest`` time seen."""
        target = metric.target
        if target is None or self._target is None:
            return median
        bound = length_of(self._target, self._facts.program.work) / 1000
        reached = None
        if median.value is not None:
            reached = median.value >= bound if target.least else median.value <= bound
        elif longest / 1000 >= bound and median.of:
            reached = target.least
        text = f"{'at least' if target.least else 'at most'} {target.text}"
        return median._replace(target=text, reached=reached)

    def plot(
        self, name: str, title: str, cases: Sequence[Case], end: int | None = None
    ) -> tuple[Curves, ...]:
        """Return the curve of those still open, or where ``end`` is given of those who had it by then; none of too few."""
        if len(cases) < self._minimum:
            return ()
        times = self.times(cases, working=False)
        if end is not None:
            (points,) = aalen_johansen(times, 1)
            curves, start = ((name, thinned(points)),), 0.0
        else:
            points = kaplan_meier((time, min(way, 1)) for time, way in times)
            curves, start = ((name, thinned(points)),), 1.0
            end = max((time for time, _way in times), default=0)
        return (Curves(name.replace(" ", "_"), title, "days", curves, start, end),)


def thinned(points: Sequence[Point]) -> tuple[Point, ...]:
    """Return a curve in so many points that nobody sees the difference."""
    if len(points) <= POINTS_MAX:
        return tuple(points)
    step = len(points) / POINTS_MAX
    places = dict.fromkeys([*(int(number * step) for number in range(POINTS_MAX)), len(points) - 1])
    return tuple(points[place] for place in places)


def length_of(length: Duration, work: WorkingTime) -> float:
    """Return a length in milliseconds; of working days those that a working day has on average."""
    number, unit = length
    if unit in DAYS:
        return float(number) * DAYS[unit] * DAY
    if unit == "wday":
        spans = [span for spans in work.hours.week.values() for span in spans]
        days = sum(bool(spans) for spans in work.hours.week.values())
        return float(number) * sum(end - start for start, end in spans) * MINUTE / max(1, days)
    return float(milliseconds(number, unit))
