"""Alarms that are set in the order in which they ring, as all are that are as far ahead. Rule: of each queue the first stands among the alarms.

Whoever waits equally long waits behind those who began before. So one of very many is set and taken at the cost of one of few.
"""

from __future__ import annotations

from collections import defaultdict, deque
from heapq import heappush

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Hashable


class Queues:
    """See the module. ``first`` are the queues by the alarm of theirs that stands among ``alarms``, which are a heap."""

    __slots__ = ("_alarms", "_by_length", "first")

    def __init__(self, alarms: list[int]) -> None:
        self._alarms = alarms
        self._by_length: defaultdict[Hashable, deque[int]] = defaultdict(deque)
        self.first: dict[int, deque[int]] = {}

    def add(self, alarm: int, length: Hashable) -> None:
        """Set an alarm, which rings after ``length``."""
        queue = self._by_length[length]
        if queue and alarm >= queue[-1]:
            queue.append(alarm)
            return
        if not queue and alarm not in self.first:
            queue.append(alarm)
            self.first[alarm] = queue
        heappush(self._alarms, alarm)

    def move_up(self, alarm: int) -> None:
        """Let the next one stand among the alarms of the queue whose first one was taken out."""
        queue = self.first.pop(alarm)
        queue.popleft()
        while queue:
            alarm = queue[0]
            if alarm not in self.first:
                self.first[alarm] = queue
                heappush(self._alarms, alarm)
                return
            queue.popleft()  # it stands there as the first of another queue
