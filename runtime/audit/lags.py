"""How late events are recorded. Rule: a share of events is known to one part in a hundred, however many there are."""

from __future__ import annotations

from collections import Counter
from math import log

DAY = 86_400_000
# Buckets grow by two parts in a hundred, so that their middle is at most one off.
GROWTH = 1.02
STEP = log(GROWTH)


class Lags:
    """The time from when events happened to when they were recorded, in milliseconds.

    ``late`` are those of more than a day, ``ahead`` those of a clock that ran ahead.
    """

    __slots__ = ("_buckets", "ahead", "count", "late")

    def __init__(self) -> None:
        self._buckets: Counter[int] = Counter()
        self.count = self.late = self.ahead = 0

    def add(self, lag: int) -> None:
        """Count one event."""
        self.count += 1
        if lag < 0:
            self.ahead += 1
            lag = 0
        elif lag > DAY:
            self.late += 1
        self._buckets[0 if lag < 1 else 1 + int(log(lag) / STEP)] += 1

    def of_share(self, share: float) -> int | None:
        """Return the time within which ``share`` of the events were recorded, None where there are none."""
        wanted, passed = share * self.count, 0
        for bucket, number in sorted(self._buckets.items()):
            passed += number
            if passed >= wanted:
                return 0 if not bucket else round(GROWTH ** (bucket - 0.5))
        return None
