"""What every adapter keeps, as tests. Rule: whoever writes an adapter copies this file and makes a class like those below it.

    class TestSms(ChannelContract):
        @pytest.fixture
        def sample(self) -> Iterator[Sample]:
            with my_receiver() as receiver:
                yield Sample(Sms(receiver.url), receiver.keys, intent(channel="sms", address="+38640123456"))

A `Sample` is an adapter with a receiver behind it: ``taken()`` gives the keys that the receiver has, in order.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

import msgspec
import pytest

from verbline.runtime.channels.answers import Accepted, Answer, Channel, Later, Refused, Unknown
from verbline.runtime.channels.intent import Intent, Words

SECONDS = 5.0
# What nobody means and somebody tries.
HOSTILE = [
    "a\r\nBcc: evil@x.example", "a\nb", "a\rb", "\x00", "\x1b[31m", "\u2028", "\x85", "\ud800", "a\udcffb", "", " ", "@", "a@b@c",
    "x" * 5000, "{{ 7 | times: 7 }}", "<img src=x onerror=alert(1)>", "=1+1", "\u202e", "a@x>\r\nRCPT TO:<evil@y>",
]  # fmt: skip


class Sample:
    """An adapter, what its receiver has, and an intent that it takes."""

    def __init__(self, channel: Channel, taken: Callable[[], list[str]], intent: Intent) -> None:
        self.channel = channel
        self.taken = taken
        self.intent = intent

    def send(self, intent: Intent | None = None, seconds: float = SECONDS) -> Answer:
        """Hand an intent over, and hold the adapter to its time."""
        start = time.monotonic()
        answer = self.channel.send(intent or self.intent, start + seconds)
        assert time.monotonic() - start < max(seconds, 0) + 1
        return answer

    def changed(self, **changed: object) -> Intent:
        """Return the intent with something changed."""
        return msgspec.structs.replace(self.intent, **changed)


class ChannelContract:
    """See the module."""

    def test_what_it_accepts_is_there(self, sample: Sample) -> None:
        """`Accepted` means that the receiver has it, under its key, once."""
        assert isinstance(sample.send(), Accepted)
        assert sample.taken() == [sample.intent.key]

    def test_it_declares_what_it_does(self, sample: Sample) -> None:
        """The declaration is one that the outbox understands, and does not change."""
        declares = sample.channel.declares
        assert declares.repeatable in ("yes", "by key", "no")
        assert declares.size_max > 0
        sample.send()
        assert sample.channel.declares == declares

    def test_a_repetition_bears_the_same_key(self, sample: Sample) -> None:
        """A second hand-over of the same intent can be told by the receiver as the first one come again."""
        sample.send()
        sample.send(sample.changed(attempts=1))
        assert set(sample.taken()) == {sample.intent.key}

    def test_time_that_is_up_is_up(self, sample: Sample) -> None:
        """Where no time is left nothing leaves, and nobody is told that it did."""
        answer = sample.send(seconds=-1)
        if isinstance(answer, Accepted):
            assert sample.taken() == [sample.intent.key], "accepted, and not there"
        else:
            assert isinstance(answer, Later)
            assert sample.taken() == []

    @pytest.mark.parametrize("text", HOSTILE, ids=ascii)
    def test_nothing_hostile_breaks_it(self, sample: Sample, text: str) -> None:
        """Whatever stands in words, addresses and keys, there is an answer, and no exception."""
        words = Words(subject=text, text=text, html=f"<p>{text}")
        for one in (
            sample.changed(words=words),
            sample.changed(address=text),
            sample.changed(key=text or "x", message=text, purpose=text),
        ):
            assert isinstance(sample.send(one), Accepted | Refused | Later | Unknown)

    def test_what_is_too_large_is_refused(self, sample: Sample) -> None:
        """More than it declares is refused for good, and does not leave."""
        huge = Words(
            text="a line of words\n" * (sample.channel.declares.size_max // 8), subject="x"
        )
        answer = sample.send(sample.changed(words=huge))
        assert isinstance(answer, Refused)
        assert answer.reason == "too_large"
        assert sample.taken() == []

    def test_it_is_called_by_several_at_once(self, sample: Sample) -> None:
        """Each of ten at once has its own answer, and the receiver has each of them."""
        keys = [f"k{number}" for number in range(10)]
        answers: dict[str, Answer] = {}

        def hand_over(key: str) -> None:
            answers[key] = sample.send(sample.changed(key=key), seconds=20)

        threads = [threading.Thread(target=hand_over, args=(key,)) for key in keys]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(30)
        assert not any(thread.is_alive() for thread in threads)
        assert {type(answer) for answer in answers.values()} == {Accepted}
        assert sorted(sample.taken()) == keys

    def test_it_can_be_closed_twice(self, sample: Sample) -> None:
        """Closing lets go of what is open; doing it again is nothing."""
        sample.send()
        sample.channel.close()
        sample.channel.close()
