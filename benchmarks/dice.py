"""Chance from a seed. Rule: the same seed gives the same choices in every release of Python and on every machine.

Only `random.random` is promised to stay as it is, so all else is made of it, and of sums and comparisons alone:
a logarithm may differ in its last digit from one machine to the next.
"""

from __future__ import annotations

import random
from collections.abc import Callable


class Dice:
    """Choices from a seed."""

    def __init__(self, seed: str) -> None:
        # A number from 0 to below 1.
        self.share: Callable[[], float] = random.Random(seed).random

    def number(self, low: int, high: int) -> int:
        """Return a whole number from ``low`` to ``high``."""
        return low + int(self.share() * (high - low + 1))

    def one(self, choices: list[str]) -> str:
        """Return one of ``choices``."""
        return choices[self.number(0, len(choices) - 1)]

    def waiting(self, mean: float) -> float:
        """Return how long something takes that happens as often at any time: an exponential number with this mean."""
        whole = 0
        while True:
            first = last = self.share()
            falling = 1
            while (following := self.share()) < last:
                last = following
                falling += 1
            if falling % 2:
                return mean * (whole + first)
            whole += 1
