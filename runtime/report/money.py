"""Amounts. Rule: two currencies are never added without a rate, and what has none is told apart.

Rates stand in ``[report.rates]``: what one of a currency is worth in that of the report.
"""

from __future__ import annotations

from decimal import Decimal
from statistics import median
from typing import NamedTuple

from verbline.runtime.report.figures import NUMBER, Figure, count_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from typing import Any

    from verbline.runtime.report.cases import Occasion
    from verbline.runtime.report.roles import Roles
    from verbline.runtime.report.wanted import Metric


class Amounts(NamedTuple):
    """Numbers of one currency, nothing where they are plain numbers, and how many could not be added."""

    currency: str
    numbers: list[Decimal]
    foreign: int
    unknown: int


def amounts_of(found: Iterable[Occasion], place: int) -> list[Any]:
    """Return the values that stand in one place of occasions."""
    return [one.values[place] for one in found]


def in_one(values: Sequence[Any], roles: Roles) -> Amounts:
    """Return values in one currency: that of the settings, else the one that most of them have."""
    counts: dict[str, int] = {}
    for value in values:
        if isinstance(value, tuple):
            counts[value[1]] = counts.get(value[1], 0) + 1
    main = roles.currency or max(sorted(counts), key=lambda one: counts[one], default="")
    numbers: list[Decimal] = []
    foreign = unknown = 0
    for value in values:
        if value is None:
            unknown += 1
        elif not isinstance(value, tuple):
            numbers.append(Decimal(value))
        elif value[1] == main:
            numbers.append(value[0])
        elif value[1] in roles.rates:
            numbers.append(value[0] * roles.rates[value[1]])
        else:
            foreign += 1
    return Amounts(main, numbers, foreign, unknown)


def sum_figures(values: Sequence[Any], metric: Metric, roles: Roles) -> Iterator[Figure]:
    """Yield the sum, how many it is of, their median, and what could not be added."""
    found = in_one(values, roles)
    unit = found.currency or NUMBER
    total = sum(found.numbers, Decimal(0))
    figure = Figure("sum", metric.name, float(total), unit, of=len(found.numbers))
    yield against(figure, metric, total, found.currency)
    yield count_of("count", "moments", len(values))
    if found.numbers:
        yield Figure("median", "median", float(median(found.numbers)), unit, of=len(found.numbers))
    yield from left_out(found)


def left_out(found: Amounts) -> Iterator[Figure]:
    """Yield how many amounts could not be added."""
    if found.foreign:
        yield count_of(
            "foreign",
            "of another currency",
            found.foreign,
            "not in the sum: [report.rates] has no rate",
        )
    if found.unknown:
        yield count_of("unknown", "without an amount", found.unknown, "not in the sum")


def against(figure: Figure, metric: Metric, total: Decimal, currency: str) -> Figure:
    """Return a sum held against the target of its metric; one of another currency says nothing."""
    target = metric.target
    if target is None:
        return figure
    value = target.value
    bound = value[0] if isinstance(value, tuple) else value
    text = f"{'at least' if target.least else 'at most'} {target.text}"
    if target.kind == "money" and isinstance(value, tuple) and value[1] != currency:
        return figure._replace(target=text, note=f"the target is in {value[1]}")
    reached = total >= Decimal(bound) if target.least else total <= Decimal(bound)
    return figure._replace(target=text, reached=reached)
