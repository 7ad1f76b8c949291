"""The table at which a log is dealt. Rule: every process looks at a piece, one of them deals, and all hold the same deal."""

from __future__ import annotations

from functools import partial
from typing import Any

from verbline.runtime.lots.crew import settled
from verbline.runtime.lots.deal import Deal, Found, dealt, found_by, pieces_of, slots_of
from verbline.runtime.lots.look import Look
from verbline.runtime.lots.marks import Marks
from verbline.runtime.lots.slots import Slots

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from verbline.runtime.feed import Feed
    from verbline.runtime.lots.crew import Work


class Table:
    """So many ``lots`` of the log in ``files``, by the rules of ``feed``; ``now`` is what the clock shows.

    Once it was dealt, ``parked`` are the lines that are no events, and ``counts`` how many clocks ran ahead, how many lines
    were late, and how many events there are.
    """

    def __init__(self, files: Sequence[Path], feed: Feed, lots: int, now: int | None) -> None:
        self.lots = lots
        self.parked: list[tuple[int, int, int, int, str]] = []
        self.counts = (0, 0, 0)
        self._files = files
        self._now = now
        rules = feed.graph.links.rules
        self._region = rules.region
        self._marks = Marks(rules, feed.program, feed.renames)
        self._shares = pieces_of(files, lots)
        self.slots = Slots(slots_of(self._shares))

    def close(self) -> None:
        """Give back the memory."""
        self.slots.close()

    def dealt(self, number: int) -> Work:
        """Look at the piece of a process, and return the deal, to be had by ``yield from``. `NoWayError` where there is none."""
        look = Look(self._files, self._marks, self._region, self._now)
        for piece in self._shares[number]:
            look.take(piece, self.slots)
        found = yield from settled(
            tuple(found_by(look)), None if number else partial(self._deal, look.whom.ids)
        )
        deal, self.parked, self.counts = found
        return Deal(*deal)

    def _deal(self, ids: set[int], founds: list[Any]) -> tuple[Any, ...]:
        """Return the deal, what was parked, and the counts, of what all have seen."""
        seen = [Found(*one) for one in founds]
        deal = dealt(seen, self._shares, len(self._files), self.slots, ids)
        parked = [row for one in seen for row in one.parked]
        counts = tuple(sum(one.counts[at] for one in seen) for at in range(3))
        return tuple(deal), parked, counts
