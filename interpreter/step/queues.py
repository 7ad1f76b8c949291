"""Alarms that are set in the order in which they ring, as all are that are as far ahead. Rule: of each queue the first stands among the alarms.

Whoever waits equally long waits behind those who began before. So one of very many is set and taken at the cost of one of few.
"""

from __future__ import annotations

from collections import deque
from heapq import heappop, heappush, heapreplace
from typing import Any

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Hashable, Sequence


# An alarm is one number: the instant, and in its lower bits the person it is for.
PERSON_BITS = 32
PERSON = (1 << PERSON_BITS) - 1


class Queue:
    """One queue: the alarms ``behind`` its first, and its ``last``, 0 where there is none."""

    __slots__ = ("behind", "last")

    def __init__(self) -> None:
        self.behind: deque[int] = deque()
        self.last = 0


class Queues:
    """See the module. ``first`` are the queues by the alarm of theirs that stands among ``alarms``, which are a heap."""

    __slots__ = ("_alarms", "_by_length", "first")

    def __init__(self, alarms: list[int]) -> None:
        self._alarms = alarms
        self._by_length: dict[Hashable, Queue] = {}
        self.first: dict[int, Queue] = {}

    def add(self, alarm: int, length: Hashable) -> None:
        """Set an alarm, which rings after ``length``."""
        queue = self._by_length.get(length)
        if queue is None:
            queue = self._by_length[length] = Queue()
        if queue.last:
            if alarm >= queue.last:
                queue.last = alarm
                queue.behind.append(alarm)
                return
        elif alarm not in self.first:
            queue.last = alarm
            self.first[alarm] = queue
        heappush(self._alarms, alarm)

    def move_up(self, alarm: int, numbered: Sequence[Any]) -> None:
        """Take out the first of the alarms, which is that of a queue, and let the next one of the queue stand there.

        What nobody waits for any more is left out; people stand by their numbers in ``numbered``.
        """
        first = self.first
        queue = first.pop(alarm)
        behind = queue.behind
        while behind:
            alarm = behind.popleft()
            # It may stand there as the first of another queue.
            if alarm not in first and is_set(alarm, numbered[alarm & PERSON]):
                first[alarm] = queue
                heapreplace(self._alarms, alarm)
                return
        queue.last = 0
        heappop(self._alarms)


def is_set(alarm: int, person: Any) -> bool:
    """Return whether an alarm is that of a person, who is kept in brief, a record, or None."""
    return person is not None and (person.alarm == alarm or person.alarm == alarm >> PERSON_BITS)
