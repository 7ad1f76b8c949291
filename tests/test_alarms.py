"""Alarms that wait in queues ring as those of one heap."""

from __future__ import annotations

from heapq import heappop

from hypothesis import given
from hypothesis import strategies as st

from verbline.interpreter.step.queues import Queues


@given(steps=st.lists(st.tuples(st.integers(0, 9), st.integers(0, 3)), max_size=60))
def test_alarms_in_queues_ring_in_the_order_of_a_heap(steps: list[tuple[int, int]]) -> None:
    """Whatever is set and whenever it rings: each in its turn, those set twice at least once."""
    alarms: list[int] = []
    straight: list[int] = []
    queues, now = Queues(alarms), 0
    for at, length in steps:
        if length == 3:
            now += at
            rung = []
            while alarms and alarms[0] < now:
                alarm = heappop(alarms)
                if alarm in queues.first:
                    queues.move_up(alarm)
                rung.append(alarm)
            assert rung == sorted(rung)
            assert set(rung) == {one for one in straight if one < now}
            straight = [one for one in straight if one >= now]
        else:
            queues.add(now + at, length)
            straight.append(now + at)
