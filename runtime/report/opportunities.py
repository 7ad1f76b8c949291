"""Opportunities, one by one and as the factors of a group. Rule: nothing here knows a window; whoever asks brings the opportunities."""

from __future__ import annotations

from typing import NamedTuple

from verbline.interpreter.zones import DAY
from verbline.runtime.report.estimate import kaplan_meier, quantile
from verbline.runtime.report.figures import SECONDS, Figure

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from verbline.runtime.report.cases import Occasion

WON, LOST = 1, 2


class Opportunity(NamedTuple):
    """An opportunity: when it was created and qualified, and how it ended (0 while it is open), with what was won."""

    start: Occasion
    qualified: int | None
    way: int
    end: Occasion | None
    amount: Any
    by: str

    def days(self, until: int) -> float:
        """Return how many days it lasted, or has lasted by ``until``."""
        return max(0, (until if self.end is None else self.end.at) - self.start.at) / DAY

    def is_open(self, at: int) -> bool:
        """Return whether it is open at an instant."""
        return self.start.at < at and (self.end is None or self.end.at >= at)


class Factors(NamedTuple):
    """The factors of a group; None where one cannot be told."""

    n: int
    won: int
    lost: int
    amount: float | None
    days: float | None

    @property
    def velocity(self) -> float | None:
        """The product."""
        if self.amount is None or not self.days or not self.won:
            return None
        return self.n * self.won / (self.won + self.lost) * self.amount / self.days


def lasting(ones: Sequence[Opportunity], cut: int) -> list[tuple[int, int]]:
    """Return how long each has lasted by the cut, and how it ended."""
    return [(max(0, (one.end.at if one.end else cut) - one.start.at), one.way) for one in ones]


def stage(key: str, label: str, times: Sequence[tuple[int, int]]) -> Figure:
    """Return the median time of a stage."""
    value, low, high = (
        None if one is None else one / 1000 for one in quantile(kaplan_meier(times), 0.5)
    )
    return Figure(
        key,
        label,
        value,
        SECONDS,
        low,
        high,
        len(times),
        "" if value is not None else "not reached yet",
    )
