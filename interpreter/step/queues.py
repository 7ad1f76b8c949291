"""Alarms that are set in the order in which they ring, as all are that are as far ahead. Rule: of each queue the first stands among the alarms.

Whoever waits equally long waits behind those who began before. So one of very many is set and taken at the cost of one of few.
"""

from __future__ import annotations

from collections import defaultdict, deque
from heapq import heappop, heappush, heapreplace
from typing import Any

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Hashable, Sequence


# An alarm is one number: the instant, and in its lower bits the person it is for.
PERSON_BITS = 32
PERSON = (1 << PERSON_BITS) - 1


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

    def move_up(self, alarm: int, numbered: Sequence[Any]) -> None:
        """Take out the first of the alarms, which is that of a queue, and let the next one of the queue stand there.

        What nobody waits for any more is left out; people stand by their numbers in ``numbered``.
        """
        first = self.first
        queue = first.pop(alarm)
        queue.popleft()
        while queue:
            alarm = queue[0]
            if alarm not in first and is_set(alarm, numbered[alarm & PERSON]):
                first[alarm] = queue
                heapreplace(self._alarms, alarm)
                return
            queue.popleft()  # else it stands there as the first of another queue
        heappop(self._alarms)


def is_set(alarm: int, person: Any) -> bool:
    """Return whether an alarm is that of a person, who is kept in brief, a record, or None."""
    return person is not None and (person.alarm == alarm or person.alarm == alarm >> PERSON_BITS)
