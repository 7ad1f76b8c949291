"""Alarms that wait in queues ring as those of one heap."""

from __future__ import annotations

from heapq import heappop
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks import logs
from benchmarks.engine import Engine
from tests.test_briefly import both
from verbline.interpreter.step import queues as step_queues
from verbline.interpreter.step.queues import PERSON, PERSON_BITS, Queues

if TYPE_CHECKING:
    from pathlib import Path

PASSES, STOPS = 3, 4


class Waiting:
    """Somebody who waits, in brief or as a record: then the alarm is the instant alone."""

    def __init__(self, alarm: int) -> None:
        self.alarm = alarm


@given(
    steps=st.lists(st.tuples(st.integers(0, 9), st.integers(0, STOPS), st.booleans()), max_size=60)
)
def test_alarms_in_queues_ring_in_the_order_of_a_heap(steps: list[tuple[int, int, bool]]) -> None:
    """Whatever is set and whenever it rings: each in its turn, and of those that nobody waits for any more none is missed."""
    alarms: list[int] = []
    people: list[Any] = [None]
    queues, now = Queues(alarms), 1
    for at, length, is_record in steps:
        if length == PASSES:
            now += at
            rung = []
            while alarms and alarms[0] < now << PERSON_BITS:
                rung.append(alarms[0])
                if alarms[0] in queues.first:
                    queues.move_up(alarms[0], people)
                else:
                    heappop(alarms)
            assert rung == sorted(rung)
            bound = now << PERSON_BITS
            due = {one for one in map(alarm_of, enumerate(people)) if one and one < bound}
            assert due <= set(rung)
            for alarm in due:
                people[alarm & PERSON].alarm = 0
        elif length == STOPS:
            if (number := at % len(people)) and at % 2:
                people[number].alarm = 0
            elif number:
                people[number] = None
        else:
            alarm = now + at << PERSON_BITS | len(people)
            people.append(Waiting(now + at if is_record else alarm))
            queues.add(alarm, length)


def alarm_of(numbered: tuple[int, Any]) -> int:
    """Return the alarm of somebody, 0 where they do not wait."""
    number, person = numbered
    if person is None or not person.alarm:
        return 0
    alarm: int = person.alarm
    return alarm if alarm > PERSON else alarm << PERSON_BITS | number


def test_whoever_waits_for_longer_than_there_is_time_waits(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An author may let people wait for any number of hours; when that is over takes more than 64 bits."""
    logs.make("cart", "s").write(tmp_path)
    (path,) = (tmp_path / "journeys").iterdir()
    text = path.read_text("utf-8")
    path.write_text(text.replace("up to 1 day", f"up to {10**17} hours"), "utf-8")
    engine = Engine(tmp_path)
    assert both(engine, monkeypatch) > 500
    assert engine.waiting() > 0
    assert engine.world is not None
    assert engine.world.alarms[0] > 1 << 90


@pytest.mark.text
def test_what_nobody_waits_for_is_left_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It never stands among the alarms; and whoever waits is not taken for somebody who does not."""
    logs.make("cart", "s").write(tmp_path)
    engine = Engine(tmp_path)
    found = engine.counted()
    with monkeypatch.context() as fault:
        fault.setattr(step_queues, "is_set", lambda _alarm, _person: True)
        assert engine.counted() == found
        fault.setattr(step_queues, "is_set", lambda _alarm, _person: False)
        assert engine.counted() != found
