"""The threads of a channel: what leaves was written down before, and nobody waits for another channel."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from random import Random

import pytest

from tests.limits import until
from tests.receivers import HANG, Mails, intent, mail_server, plays, says, web_server
from tests.rows import Rows
from verbline.runtime.channels import queues
from verbline.runtime.channels.answers import (
    Accepted,
    Answer,
    Channel,
    Declares,
    Later,
    Refused,
    Unknown,
)
from verbline.runtime.channels.courier import Courier
from verbline.runtime.channels.guarding import Guard
from verbline.runtime.channels.intent import URGENT, Intent
from verbline.runtime.channels.mail import Mail
from verbline.runtime.channels.talks import Server
from verbline.runtime.channels.webhook import Webhook


class Told:
    """A channel that answers as it is told; ``sent`` are the keys it was given, in order."""

    def __init__(
        self, *answers: Answer | Exception, repeatable: str = "no", seconds: float = 0
    ) -> None:
        self.declares = Declares(repeatable=repeatable)
        self.answers = list(answers)
        self.sent: list[str] = []
        self.seconds = seconds
        self.lock = threading.Lock()
        self.at_once = self.at_once_most = 0
        self.closed = 0

    def send(self, intent: Intent, deadline: float) -> Answer:
        """Answer the next answer, and yes when there is none."""
        with self.lock:
            self.sent.append(intent.key)
            self.at_once += 1
            self.at_once_most = max(self.at_once, self.at_once_most)
            answer = self.answers.pop(0) if self.answers else Accepted()
        time.sleep(self.seconds)
        with self.lock:
            self.at_once -= 1
        if isinstance(answer, Exception):
            raise answer
        return answer

    def close(self) -> None:
        """Count."""
        self.closed += 1


@contextmanager
def carrying(channel: Channel, rows: Rows, name: str = "email", **how: object) -> Iterator[Courier]:
    """Run a courier, and see it end."""
    courier = Courier(name, channel, rows, random=Random(1), **how)  # type: ignore[arg-type]  # noqa: S311
    courier.start()
    try:
        yield courier
    finally:
        assert courier.stop(10)
        assert not [one for one in threading.enumerate() if one.name == name]


def numbered(count: int, **changed: object) -> list[Intent]:
    """Return so many intents to as many people."""
    return [intent(key=f"k{number}", person=f"P{number}", **changed) for number in range(count)]


def test_everything_leaves_once_and_in_order() -> None:
    """Three messages to each of a hundred people leave once each, the earlier before the later."""
    rows = Rows(
        *(
            intent(key=f"{turn}-{person}", person=f"P{person}")
            for turn in range(3)
            for person in range(100)
        )
    )
    channel = Told()
    with carrying(channel, rows, concurrency=4):
        assert rows.wait(300)
    assert len(set(channel.sent)) == len(channel.sent) == 300
    for person in range(100):
        turns = [key for key in channel.sent if key.endswith(f"-{person}")]
        assert turns == sorted(turns)
    assert channel.closed == 1


def test_what_comes_later_is_tried_again_before_what_follows() -> None:
    """A message that is put off keeps its place before the next of the same person."""
    rows = Rows(intent(key="a", person="P"), intent(key="b", person="P"))
    channel = Told(Later("busy", after=50))
    with carrying(channel, rows) as courier:
        while not rows.wait(3, 0.05):
            courier.wake()
    assert channel.sent == ["a", "a", "b"]
    assert rows.settled == {"a": Accepted(), "b": Accepted()}


def test_unknown_is_repeated_only_where_that_is_harmless(monkeypatch: pytest.MonkeyPatch) -> None:
    """By its key the receiver tells the second from the first; without one a person has to decide."""
    monkeypatch.setattr(queues, "PAUSE_MAX", 0)
    for repeatable, sent in (("by key", ["k0", "k0"]), ("yes", ["k0", "k0"]), ("no", ["k0"])):
        rows = Rows(*numbered(1))
        channel = Told(Unknown("cut_off"), repeatable=repeatable)
        moments = iter(range(10**6, 10**12, 10**7))
        with carrying(channel, rows, clock=lambda moments=moments: next(moments)) as courier:
            courier.wake()
            assert rows.wait(len(sent))
            courier.wake()
        assert channel.sent == sent
        assert [again is None for _key, _answer, again in rows.answers] == [False] * (
            len(sent) - 1
        ) + [True]


def test_what_was_withdrawn_or_is_stale_does_not_leave() -> None:
    """The last look is right before the hand-over."""
    rows = Rows(
        intent(key="a", person="P"),
        intent(key="b", person="Q", expires=5),
        intent(key="c", person="R"),
    )
    rows.withdrawn.add("a")
    channel = Told()
    with carrying(channel, rows, clock=lambda: 10):
        assert rows.wait(2)
    assert channel.sent == ["c"]
    assert rows.settled == {"b": Refused("stale"), "c": Accepted()}


def test_no_retry_lies_behind_the_end() -> None:
    """What could only be tried when it is stale is not tried again."""
    rows = Rows(intent(key="a", expires=60_000))
    with carrying(Told(Later("busy", after=100_000)), rows, clock=lambda: 10):
        assert rows.wait(1)
    assert rows.answers == [("a", Later("busy", after=100_000), None)]


def test_an_adapter_that_raises_leaves_an_answer_and_goes_on(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A fault of an adapter is one unknown message, not the end of the channel."""
    monkeypatch.setattr(queues, "PAUSE_MAX", 0)
    rows = Rows(*numbered(2))
    channel = Told(ZeroDivisionError("tina@mail.example"), repeatable="no")
    with carrying(channel, rows, concurrency=1):
        assert rows.wait(2)
    assert rows.settled == {"k0": Unknown("adapter_raised", "ZeroDivisionError"), "k1": Accepted()}


def test_an_outbox_that_fails_ends_its_channel_and_says_so() -> None:
    """Where nothing can be written down nothing leaves."""

    class Full(Rows):
        def taken(self, key: str, now: int) -> bool:
            raise OSError(28, "No space left")

    channel = Told()
    with carrying(channel, Full(*numbered(3))) as courier:
        deadline = time.monotonic() + 5
        while courier.fault is None and time.monotonic() < deadline:
            time.sleep(0.01)
        assert courier.state == "failed"
        assert isinstance(courier.fault, OSError)
    assert channel.sent == []


def test_what_is_urgent_does_not_wait_behind_a_campaign() -> None:
    """With a thousand messages waiting and slow ones under way, an urgent one leaves within one call."""
    rows = Rows(*numbered(1000))
    channel = Told(seconds=0.05)
    with carrying(channel, rows, concurrency=3) as courier:
        rows.wait(5)
        with rows.lock:
            rows.ready["now"] = intent(key="now", person="P", lane=URGENT)
        courier.wake()
        start = time.monotonic()
        while "now" not in channel.sent and time.monotonic() < start + 5:
            time.sleep(0.002)
        assert time.monotonic() - start < 2
    assert channel.at_once_most <= 3


def test_the_rate_holds_with_threads() -> None:
    """Twenty in a second are twenty in a second, whoever sends them."""
    rows = Rows(*numbered(60))
    channel = Told()
    with carrying(channel, rows, concurrency=4, rate=(20, 1000)):
        time.sleep(1.0)
        assert 5 <= len(channel.sent) <= 21


def test_stopping_waits_for_what_is_under_way() -> None:
    """What was begun is finished and written down; nothing else begins."""
    rows = Rows(*numbered(50))
    channel = Told(seconds=0.2)
    with carrying(channel, rows, concurrency=2) as courier:
        until(lambda: len(channel.sent) >= 2)
    assert courier.state == "stopped"
    assert len(rows.settled) == len(channel.sent) < 10
    assert rows.sending == set()


def test_a_slow_channel_delays_no_other() -> None:
    """Beside a web server that takes and hangs and a mail server that is gone, a third channel is as quick as alone."""
    with web_server(plays(HANG)) as hanging, web_server(says("200 OK")) as quick:
        guard = Guard(["127.0.0.1/32"])
        channels: dict[str, Channel] = {
            "app": Webhook(hanging.url, guard=guard),
            "email": Mail(Server("127.0.0.1", 1, tls="off"), "a@club.example"),
            "sms": Webhook(quick.url, guard=guard),
        }
        rows = {name: Rows(*numbered(40, channel=name)) for name in channels}
        running = [
            Courier(name, channel, rows[name], timeout=20_000, random=Random(1))  # noqa: S311
            for name, channel in channels.items()
        ]
        for courier in running:
            courier.start()
        start = time.monotonic()
        assert rows["sms"].wait(40)
        assert time.monotonic() - start < 5
        assert rows["app"].settled == rows["email"].settled == {}
        hanging.over.set()
        ended = [courier.stop(10) for courier in running]
        assert ended == [True] * 3
        assert {type(answer) for _key, answer, _again in rows["app"].answers} <= {Unknown}
        assert {type(answer) for _key, answer, _again in rows["email"].answers} == {Later}


@pytest.mark.parametrize("repeatable", ["no"])
def test_mails_of_a_campaign_arrive_once(repeatable: str) -> None:
    """A hundred mails through a real server: each once, with its own Message-ID."""
    mails = Mails()
    rows = Rows(*numbered(100))
    with mail_server(mails) as port:
        channel = Mail(
            Server("127.0.0.1", port, tls="off"), "a@club.example", repeatable=repeatable
        )
        with carrying(channel, rows, concurrency=4):
            assert rows.wait(100, 20)
    found = [one["Message-ID"] for one in mails.messages]
    assert sorted(found) == sorted(f"<k{number}@club.example>" for number in range(100))
