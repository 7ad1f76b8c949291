"""Rounds and verdicts. Rule: a ratio is formed within a round, so that a slow minute slows both sides of it.

Nothing here knows what is measured; the functions take numbers and give numbers.
"""

from __future__ import annotations

from collections.abc import Callable
from statistics import median
from typing import Any, NamedTuple

# Units that spread more than this say more about the machine than about us.
NOISY = 0.40

Measure = Callable[[], float]


class Row(NamedTuple):
    """One row of goals.toml. ``more`` says that a larger figure is the better one."""

    row: str
    what: str
    unit: str
    bar: float
    goal: float
    stretch: float | None
    more: bool

    @classmethod
    def of(cls, table: dict[str, Any]) -> Row:
        """Return the row of one table of the file."""
        return cls(
            table["row"],
            table["what"],
            table["unit"],
            table["bar"],
            table["goal"],
            table.get("stretch"),
            table.get("more") == "better",
        )

    def holds(self, figure: float, limit: float) -> bool:
        """Return whether ``figure`` keeps ``limit``."""
        return figure >= limit if self.more else figure <= limit


class Samples(NamedTuple):
    """The counted rounds of one case: what the unit took and what the case took, both in seconds."""

    units: list[float]
    cases: list[float]

    @property
    def ratios(self) -> list[float]:
        """The figure of each round."""
        return [case / unit for case, unit in zip(self.cases, self.units, strict=True)]

    @property
    def spread(self) -> float:
        """How far the units lie apart, as a share of their median."""
        return (max(self.units) - min(self.units)) / median(self.units)


def take(pairs: list[tuple[Measure, Measure]], rounds: int) -> list[Samples]:
    """Return the samples of every (unit, case).

    Each round visits every case, its unit just before it: a disturbance hits one round of many cases, not all rounds
    of one.
    """
    samples = [Samples([], []) for _pair in pairs]
    for _round in range(rounds):
        for (unit, case), kept in zip(pairs, samples, strict=True):
            kept.units.append(unit())
            kept.cases.append(case())
    return samples


def verdict(row: Row, samples: Samples) -> str:
    """Return ``stretch``, ``goal``, ``bar`` or ``missed``: the best limit that the median keeps.

    The bar counts as missed only when the best round misses it too.
    """
    middle = median(samples.ratios)
    best = max(samples.ratios) if row.more else min(samples.ratios)
    if row.stretch is not None and row.holds(middle, row.stretch):
        return "stretch"
    if row.holds(middle, row.goal):
        return "goal"
    return "bar" if row.holds(middle, row.bar) or row.holds(best, row.bar) else "missed"


def noisy(samples: Samples) -> bool:
    """Return whether the units of these rounds spread too far to judge by them."""
    return samples.spread > NOISY
