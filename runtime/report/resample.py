"""What a number could as well have been, had other people come. Rule: the same cases and the same name give the same bounds everywhere.

The cases are drawn again, with repetition, as many times as it takes; the middle 95 % of what comes out are the bounds. The
draws are a sequence that a hash begins, so nothing of chance is in them.
"""

from __future__ import annotations

from hashlib import sha256

from verbline.runtime.report.estimate import Interval, ordered_quantile

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from typing import TypeVar

    Case = TypeVar("Case")

ROUNDS = 400
# So many draws in all: of very many cases fewer rounds are taken, and their bounds are close anyway.
DRAWS_MAX = 4_000_000
ROUNDS_MIN = 60
MASK = (1 << 64) - 1


def numbers(name: str) -> Iterator[int]:
    """Yield whole numbers below 2^64 without end (splitmix64), which ``name`` begins."""
    state = int.from_bytes(sha256(name.encode("utf-8", "surrogatepass")).digest()[:8], "big")
    while True:
        state = (state + 0x9E3779B97F4A7C15) & MASK
        mixed = ((state ^ (state >> 30)) * 0xBF58476D1CE4E5B9) & MASK
        mixed = ((mixed ^ (mixed >> 27)) * 0x94D049BB133111EB) & MASK
        yield mixed ^ (mixed >> 31)


def drawn(cases: Sequence[Case], source: Iterator[int]) -> list[Case]:
    """Return as many cases as there are, each drawn from all of them."""
    size = len(cases)
    return [cases[next(source) * size >> 64] for _ in range(size)]


def bootstrap(
    one: Sequence[Case],
    other: Sequence[Case],
    difference: Callable[[Sequence[Case], Sequence[Case]], float | None],
    name: str,
) -> Interval | None:
    """Return a difference between two groups with its bounds; None where it, or most of its draws, cannot be told."""
    value = difference(one, other)
    if value is None:
        return None
    source = numbers(name)
    rounds = max(ROUNDS_MIN, min(ROUNDS, DRAWS_MAX // (len(one) + len(other))))
    found = [difference(drawn(one, source), drawn(other, source)) for _ in range(rounds)]
    told = [one_value for one_value in found if one_value is not None]
    if len(told) < rounds // 2:
        return None
    return Interval(value, ordered_quantile(told, 0.025), ordered_quantile(told, 0.975))
