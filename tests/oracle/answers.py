"""Three answers, and what is reckoned with them. Rule: a no decides `and`, a yes decides `or`, and unknown comes before the other."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from functools import lru_cache
from typing import Any, TypeAlias

from tests.oracle import values

Truth: TypeAlias = "bool | None"


def every(answers: Iterable[Truth]) -> Truth:
    """Return no if one is no, else unknown if one is unknown, else yes."""
    found = list(answers)
    return False if False in found else None if None in found else True


def some(answers: Iterable[Truth]) -> Truth:
    """Return yes if one is yes, else unknown if one is unknown, else no."""
    found = list(answers)
    return True if True in found else None if None in found else False


def opposite(answer: Truth) -> Truth:
    """Return yes for no and no for yes."""
    return None if answer is None else not answer


@lru_cache(maxsize=100_000)
def left_after(age: int, half: Decimal) -> Decimal:
    """Return what is left of one point after ``age`` milliseconds."""
    return values.EXACT.power(Decimal(2), values.EXACT.divide(Decimal(-age), half))


def faded(total: Decimal, age: int, half: Decimal | None) -> Decimal:
    """Return what is left of a score after ``age`` milliseconds, in thousandths."""
    if half is not None and total:
        total = values.EXACT.multiply(total, left_after(age, half))
    return total.quantize(Decimal("0.001"), context=values.EXACT)


def relation(shape: str, left: Any, right: Any) -> bool:
    """Return whether two comparable values stand in a relation."""
    match shape:
        case "eq":
            return bool(left == right)
        case "ne":
            return bool(left != right)
        case "ge":
            return bool(left >= right)
        case "le":
            return bool(left <= right)
        case "gt" | "after":
            return bool(left > right)
        case "lt" | "before":
            return bool(left < right)
        case _:
            raise AssertionError(shape)
