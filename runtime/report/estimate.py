"""Shares and durations of which not everything is known yet. Rule: what is still open is never left out and never counted as ended.

What is open at the cut is censored: its time is known to be longer than so much. Where a case can end in two ways, the other
way is not censoring but another end, and each way has its own curve. Nothing here knows what the cases are.
"""

from __future__ import annotations

from math import exp, lgamma, log, sqrt
from typing import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

# The normal quantile of a two-sided interval of 95 %.
Z95 = 1.959963984540054


class Interval(NamedTuple):
    """A value between two bounds."""

    value: float
    low: float
    high: float


class Point(NamedTuple):
    """A curve at an instant and until the next point: the estimate, its bounds, and who was there right before."""

    at: int
    value: float
    low: float
    high: float
    at_risk: int


def wilson(hits: int, of: int) -> Interval:
    """Return a share with its interval by Wilson's score; everything from 0 to 1 where there is nobody."""
    if not of:
        return Interval(0.0, 0.0, 1.0)
    share, square = hits / of, Z95 * Z95
    middle = share + square / (2 * of)
    spread = Z95 * sqrt(share * (1 - share) / of + square / (4 * of * of))
    below = 0.0 if not hits else (middle - spread) / (1 + square / of)
    above = 1.0 if hits == of else (middle + spread) / (1 + square / of)
    return Interval(share, below, above)


def newcombe(hits: int, of: int, other_hits: int, other_of: int) -> Interval:
    """Return how much larger the first of two shares is, with the interval of Newcombe's method 10: two Wilson intervals joined."""
    one, two = wilson(hits, of), wilson(other_hits, other_of)
    difference = one.value - two.value
    below = sqrt((one.value - one.low) ** 2 + (two.high - two.value) ** 2)
    above = sqrt((one.high - one.value) ** 2 + (two.value - two.low) ** 2)
    return Interval(difference, difference - below, difference + above)


class Ended(NamedTuple):
    """So many cases that ended at one time by each way, and how many were still there right before."""

    at: int
    by_way: tuple[int, ...]
    at_risk: int


def table(times: Iterable[tuple[int, int]], ways: int = 1) -> list[Ended]:
    """Return what ended when. A case is its time and its end: a way from 1 on, or 0 where it was still open by then.

    Of those of one time the ends come before the open ones, as usual.
    """
    by_time: dict[int, list[int]] = {}
    total = 0
    for time, way in times:
        assert time >= 0, "a case lasts from 0 on"
        assert 0 <= way <= ways, "a case ends in a known way"
        by_time.setdefault(time, [0] * (ways + 1))[way] += 1
        total += 1
    found: list[Ended] = []
    for time in sorted(by_time):
        counts = by_time[time]
        if any(counts[1:]):
            found.append(Ended(time, tuple(counts[1:]), total))
        total -= sum(counts)
    return found


def kaplan_meier(times: Iterable[tuple[int, int]]) -> list[Point]:
    """Return the share still open after each time at which something ended, with log-log bounds on Greenwood's variance."""
    points: list[Point] = []
    survival, greenwood = 1.0, 0.0
    for at, (ends,), at_risk in table(times):
        survival *= 1 - ends / at_risk
        if ends < at_risk:
            greenwood += ends / (at_risk * (at_risk - ends))
        low, high = log_log(survival, sqrt(greenwood)) if ends < at_risk else (0.0, 0.0)
        points.append(Point(at, survival, low, high, at_risk))
    return points


def log_log(share: float, relative: float) -> tuple[float, float]:
    """Return the bounds of a share on the scale of log(-log), where ``relative`` is the standard error over the share."""
    if share <= 0 or share >= 1:
        return share, share
    spread = exp(Z95 * relative / -log(share))
    return share**spread, share ** (1 / spread)


def aalen_johansen(times: Iterable[tuple[int, int]], ways: int) -> list[list[Point]]:
    """Return for each way of ending the share that has ended so, after each time at which something ended.

    The variance is that of the delta method (Marubini and Valsecchi), the bounds stand on the scale of log(-log).
    """
    rows = table(times, ways)
    return [incidence(rows, way) for way in range(ways)]


def incidence(rows: Sequence[Ended], way: int) -> list[Point]:
    """Return the cumulative incidence of one way of ending."""
    points: list[Point] = []
    survival, reached = 1.0, 0.0
    # The variance at each time is a sum over all times before, in which the reached share stands; these are its parts.
    a0 = a1 = a2 = b0 = c0 = c1 = 0.0
    for at, by_way, at_risk in rows:
        ends, mine = sum(by_way), by_way[way]
        step = survival * mine / at_risk
        reached += step
        # The share reached by then, including this time, enters each later difference.
        if ends < at_risk:
            part = ends / (at_risk * (at_risk - ends))
            a0, a1, a2 = a0 + part, a1 + part * reached, a2 + part * reached * reached
        b0 += survival * survival * (at_risk - mine) * mine / at_risk**3
        part = survival * mine / at_risk**2
        c0, c1 = c0 + part, c1 + part * reached
        variance = (reached * reached * a0 - 2 * reached * a1 + a2) + b0 - 2 * (reached * c0 - c1)
        low, high = log_log(reached, sqrt(max(variance, 0.0)) / reached) if reached else (0.0, 0.0)
        points.append(Point(at, reached, low, high, at_risk))
        survival *= 1 - ends / at_risk
    return points


def value_at(points: Sequence[Point], time: int, start: float) -> Interval:
    """Return the value of a curve at a time; ``start`` before its first point."""
    found = Interval(start, start, start)
    for point in points:
        if point.at > time:
            break
        found = Interval(point.value, point.low, point.high)
    return found


class Quantile(NamedTuple):
    """A time by which a share has ended, with its bounds; None where the curve does not get so far."""

    value: int | None
    low: int | None
    high: int | None


def quantile(points: Sequence[Point], share: float) -> Quantile:
    """Return when a ``share`` has ended, by a curve of those still open, with the bounds where its bounds cross the line.

    Where the curve runs along the line for a while, its beginning counts.
    """
    line = 1 - share + 1e-12

    def first(which: int) -> int | None:
        return next((point.at for point in points if point[which] <= line), None)

    return Quantile(first(1), first(2), first(3))


def ordered_quantile(values: Sequence[float], share: float) -> float:
    """Return a quantile of values, all of them known: between two of them, on the straight line from one to the other."""
    assert values, "a quantile of something"
    listed = sorted(values)
    place = share * (len(listed) - 1)
    below = int(place)
    rest = place - below
    if not rest:
        return listed[below]
    return listed[below] + (listed[below + 1] - listed[below]) * rest


def chi_square_tail(statistic: float, degrees: int) -> float:
    """Return how likely a chi-square of so many degrees of freedom is to be larger: the regularized upper gamma function."""
    shape, at = degrees / 2, statistic / 2
    if at <= 0:
        return 1.0
    scale = exp(shape * log(at) - at - lgamma(shape))
    if at < shape + 1:
        term = total = 1 / shape
        place = shape
        while term > total * 1e-16:
            place += 1
            term *= at / place
            total += term
        return 1 - total * scale
    # Lentz's way through the continued fraction.
    even = at + 1 - shape
    result = ratio = 1 / even
    upper = 1e300
    for number in range(1, 10_000):
        part = -number * (number - shape)
        even += 2
        ratio = 1 / (part * ratio + even)
        upper = even + part / upper
        change = upper * ratio
        result *= change
        if abs(change - 1) < 1e-15:
            break
    return result * scale
