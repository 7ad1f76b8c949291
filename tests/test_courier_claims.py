"""What is claimed leaves at once. Rule: a courier asks for more where somebody waits behind it, and only there."""

from functools import partial

import pytest

from tests.limits import until
from tests.receivers import intent
from tests.rows import Rows
from tests.test_courier import Told, carrying, numbered
from verbline.runtime.channels import courier as couriers
from verbline.runtime.channels.courier import Courier
from verbline.runtime.channels.intent import Intent


class Asked(Rows):
    """Rows that count how often they were asked for more; nothing was claimed there before."""

    def __init__(self, *intents: Intent) -> None:
        super().__init__(*intents)
        self.asked = 0

    def due(self, channel: str, lane: int, now: int, limit: int) -> list[Intent]:
        """Count, and return what may leave."""
        self.asked += 1
        return super().due(channel, lane, now, limit)

    def claim(self, courier: Courier, one: Intent) -> None:
        """Let a message leave as whoever decides it does."""
        until(lambda: courier.claim(one))  # its place is free in a moment
        with self.lock:
            self.ready[one.key] = one
            self.sending.add(one.key)
        courier.hand(one)


def test_who_waits_for_a_message_that_was_claimed_leaves_behind_its_answer(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """No look by the clock is waited for: whoever has answered asks for more where somebody said that there is."""
    monkeypatch.setattr(couriers, "POLL_SECONDS", 1_000)
    first, second = (intent(key=key, person="P") for key in "ab")
    for _ in range(20):
        rows, channel = Asked(), Told(seconds=0.01)
        with carrying(channel, rows) as courier:
            rows.claim(courier, first)
            with rows.lock:
                rows.ready["b"] = second
            courier.wake()
            assert rows.wait(2)
        assert channel.sent == ["a", "b"]


def test_nobody_asks_for_more_where_everything_was_claimed(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is handed over at once leaves nothing behind that an answer could make room for."""
    monkeypatch.setattr(couriers, "POLL_SECONDS", 1_000)
    rows, channel = Asked(), Told()
    with carrying(channel, rows) as courier:
        until(lambda: rows.asked >= 2)  # both lanes, at the beginning
        for number, one in enumerate(numbered(50), 1):
            rows.claim(courier, one)
            assert rows.wait(number)
        assert rows.asked <= 6


def test_what_is_expected_leaves_once_it_is_on_the_disk_and_else_not_at_all() -> None:
    """A thread has it before; what is dropped leaves nothing behind."""
    rows, channel = Asked(), Told()
    with carrying(channel, rows, concurrency=3) as courier:
        first, second = numbered(2)
        for one in (first, second):
            until(partial(courier.claim, one))
            courier.expect(one)
        until(lambda: not courier._claimed)  # threads have both
        assert not channel.sent
        courier.drop(first)
        with rows.lock:
            rows.ready[second.key] = second
            rows.sending.add(second.key)
        courier.hand(second)
        assert rows.wait(1)
    assert channel.sent == [second.key]
    assert courier.left() == []
