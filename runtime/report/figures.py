"""The shape of a report: sections of figures, lists and plots. Rule: a figure says of how many it is told, and of too few it tells no share.

Every form of a report, text, JSON, CSV and the page, is written from these alone.
"""

from __future__ import annotations

from typing import NamedTuple

from verbline.runtime.report.estimate import Interval, wilson

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import TypeAlias

    from verbline.runtime.report.estimate import Point

    # By which dimensions a figure is told apart, and their values.
    Group: TypeAlias = "Mapping[str, str]"

# The units of figures. Of money it is the currency, and "EUR a day".
COUNT, SHARE, SECONDS, WORKING_SECONDS, NUMBER, DIFFERENCE = (
    "count",
    "share",
    "seconds",
    "working seconds",
    "number",
    "difference of shares",
)
NOTHING: Group = {}


class Figure(NamedTuple):
    """One number. ``value`` is None where it cannot be told, and ``note`` says why; ``of`` is how many it is told of.

    ``reached`` says whether a target is reached; None where there is none, or nothing can be told. ``group`` is what the
    figure is told apart by.
    """

    key: str
    label: str
    value: float | None
    unit: str = COUNT
    low: float | None = None
    high: float | None = None
    of: int | None = None
    note: str = ""
    target: str = ""
    reached: bool | None = None
    group: Group = NOTHING


class Listing(NamedTuple):
    """Rows of texts under a title, such as the cases that are stale; ``more`` counts those that are not told."""

    key: str
    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    more: int = 0


class Bars(NamedTuple):
    """Counts by what they are of; ``of`` names what a bar counts. As a funnel each bar is a part of the one before."""

    key: str
    title: str
    of: str
    bars: tuple[tuple[str, int], ...]
    funnel: bool = False


class Curves(NamedTuple):
    """Shares over time, by name: points of milliseconds since the beginning; ``start`` is the share at the beginning."""

    key: str
    title: str
    axis: str
    curves: tuple[tuple[str, tuple[Point, ...]], ...]
    start: float
    end: int


class Heat(NamedTuple):
    """Counts by weekday, from monday, and hour."""

    key: str
    title: str
    of: str
    cells: tuple[tuple[int, ...], ...]


class Section(NamedTuple):
    """A part of the report: what it says of itself, its figures, lists and plots."""

    key: str
    title: str
    says: tuple[str, ...]
    figures: tuple[Figure, ...]
    lists: tuple[Listing, ...] = ()
    plots: tuple[Bars | Curves | Heat, ...] = ()


def share_of(key: str, label: str, hits: int, of: int, minimum: int) -> Figure:
    """Return a share with its interval by Wilson; of fewer than ``minimum`` the counts alone."""
    if of < minimum:
        return Figure(key, label, None, SHARE, of=of, note=too_few(hits, of, minimum))
    share, low, high = wilson(hits, of)
    return Figure(key, label, share, SHARE, low, high, of, note=f"{hits:,} of {of:,}")


def too_few(hits: int, of: int, minimum: int) -> str:
    """Return why a share is not told."""
    if not of:
        return "nobody yet"
    return f"{hits:,} of {of:,}: fewer than {minimum}, so no share is told"


def count_of(key: str, label: str, count: int, note: str = "") -> Figure:
    """Return a count."""
    return Figure(key, label, count, COUNT, note=note)


def within(interval: Interval) -> Mapping[str, float]:
    """Return the bounds of an interval as a figure takes them."""
    return {"low": interval.low, "high": interval.high}
