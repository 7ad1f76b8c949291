"""The threads of one channel. Rule: nothing leaves before it is written down that it does, and a channel waits for no other.

Whoever keeps the intents is an `Outbox`. It is asked from these threads, so it has to be ready for several at once.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from contextlib import suppress
from random import Random
from typing import Protocol

import msgspec

from verbline.runtime.channels.answers import Later, Refused, Unknown
from verbline.runtime.channels.expected import Expected
from verbline.runtime.channels.intent import RELAXED, URGENT
from verbline.runtime.channels.queues import Queue, again_after
from verbline.runtime.clock import now
from verbline.runtime.templates.rich import html_of, page_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from verbline.runtime.channels.answers import Answer, Channel
    from verbline.runtime.channels.intent import Intent

# How often the outbox is asked though nobody said that there is something.
POLL_SECONDS = 1.0
# How long whoever hands something over makes room for the thread that takes it, in seconds at the most.
ROOM = 0.001


class Outbox(Protocol):
    """Keeps intents: the rows of a store. Instants are milliseconds since 1970 UTC."""

    def due(self, channel: str, lane: int, now: int, limit: int) -> Sequence[Intent]:
        """Return what may leave, in its order, ``limit`` at most.

        That is what is ready and not to be waited for any more; and of each person only what has no earlier intent of
        the same channel and lane before it that is still ready, waited for or under way.
        """
        ...

    def taken(self, key: str, now: int) -> bool:
        """Write down that an intent is being handed over; return no where it is not ready now, withdrawn, or may not leave.

        It is on the disk when this returns. An intent of which this was written and no answer is `Unknown` after a crash.
        """
        ...

    def answered(self, key: str, answer: Answer, now: int, again: int | None) -> None:
        """Write down what became of it; ``again`` is when it is tried next, None where it is not."""
        ...


class Courier:
    """Carries what is due on one channel. ``timeout`` is how many milliseconds one hand-over may take in all.

    ``fault`` is the exception of the outbox or of a thread that ended the work, None while all is well.
    """

    def __init__(
        self,
        name: str,
        channel: Channel,
        outbox: Outbox,
        *,
        rate: tuple[int, int] | None = None,
        concurrency: int = 2,
        timeout: int = 20_000,
        clock: Callable[[], int] = now,
        random: Random | None = None,
    ) -> None:
        self.name = name
        self.channel = channel
        self.outbox = outbox
        self.timeout = timeout
        self.fault: Exception | None = None
        self._clock = clock
        self._random = random or Random()  # noqa: S311 - spreads retries, hides nothing
        self._queue = Queue(rate, concurrency)
        self._changed = threading.Condition()
        # What is being written down as under way, by key; and what of that no thread has yet.
        self._expected: dict[str, Expected] = {}
        self._claimed: deque[Expected] = deque()
        self._taken = threading.Lock()
        self._hungry = threading.Event()
        # Whether something may be ready of which nobody here knows yet: then every answer makes it worth asking.
        self._is_more = True
        self._is_over = False
        self._threads = [
            threading.Thread(target=self._guarded, args=(self._carry,), name=name, daemon=True)
            for _ in range(concurrency)
        ]
        self._threads.append(
            threading.Thread(target=self._guarded, args=(self._feed,), name=name, daemon=True)
        )

    @property
    def state(self) -> str:
        """``open``, ``closed`` by the receiver, ``stopped``, or ``failed``."""
        if self.fault is not None:
            return "failed"
        return "stopped" if self._is_over else "closed" if self._queue.is_closed else "open"

    @property
    def has_ended(self) -> bool:
        """Whether nobody is at work any more."""
        return not any(thread.is_alive() for thread in self._threads)

    def start(self) -> None:
        """Begin."""
        for thread in self._threads:
            thread.start()

    def wake(self) -> None:
        """Say that there may be something new."""
        self._is_more = True
        self._hungry.set()

    def claim(self, intent: Intent) -> bool:
        """Return whether an intent may leave as soon as it is written down; a place is kept for it.

        Then it is either to be `hand`ed, once it stands in the outbox that it is under way, or to be dropped. A thread makes
        it ready meanwhile where somebody says to `expect` it.
        """
        with self._changed:
            return not self._is_over and self._queue.claim(intent, steady())

    def expect(self, intent: Intent) -> None:
        """Let a thread make ready what was claimed, and wait for the word that it leaves."""
        one = self._expected[intent.key] = Expected(intent)
        with self._changed:
            self._claimed.append(one)
            self._changed.notify()

    def hand(self, intent: Intent) -> None:
        """Hand over what was claimed, and of which it is on the disk that it is under way.

        Whoever computes on would have the thread that takes it wait longer than this does.
        """
        if intent.key not in self._expected:
            self.expect(intent)
        self._taken.acquire(blocking=False)
        self._expected.pop(intent.key).tell(is_sure=True)
        self._taken.acquire(timeout=ROOM)

    def drop(self, intent: Intent) -> None:
        """Free the place of what was claimed and is not to leave now."""
        one = self._expected.pop(intent.key, None)
        if one is not None:
            one.tell(is_sure=False)
        with self._changed:
            self._queue.dropped(intent.key)
            self._changed.notify()

    def left(self) -> list[str]:
        """Return the keys of what was claimed and never handed over, after the end of all threads."""
        keys = [one.intent.key for one in self._claimed if one.is_sure]
        self._claimed.clear()
        return keys

    def end(self) -> None:
        """Take nothing new."""
        with self._changed:
            self._is_over = True
            self._changed.notify_all()
        self._hungry.set()

    def stop(self, seconds: float | None = None) -> bool:
        """Take nothing new, wait for what is under way, and return whether that ended in time.

        Without ``seconds`` as long as a hand-over may take.
        """
        self.end()
        deadline = time.monotonic() + (self.timeout / 1000 + 1 if seconds is None else seconds)
        for thread in self._threads:
            thread.join(max(0.0, deadline - time.monotonic()))
        if self.has_ended:
            self.channel.close()
        return self.has_ended

    def _guarded(self, work: Callable[[], None]) -> None:
        """Do the work of a thread; what it cannot do ends this channel and no other."""
        try:
            work()
        except Exception as error:  # noqa: BLE001 - told by `fault`; a thread has nobody else to tell
            with self._changed:
                self.fault = self.fault or error
            self.end()

    def _feed(self) -> None:
        """Ask the outbox for more, whenever somebody says so and once a second."""
        while not self._is_over:
            self._hungry.clear()
            # What waits for something that is under way is not given before that is answered.
            self._is_more = self._queue.flying > 0
            for lane in (URGENT, RELAXED):
                if not self._queue.wants(lane):
                    self._is_more = True
                    continue
                version = self._queue.version
                found = self.outbox.due(self.name, lane, self._clock(), self._queue.capacity)
                if found:
                    with self._changed:
                        self._is_more = True
                        self._queue.take(found, version)
                        self._changed.notify_all()
            self._hungry.wait(POLL_SECONDS)

    def _carry(self) -> None:
        """Hand over one after the other."""
        while (intent := self._next()) is not None:
            answer = self._sent(intent)
            self.outbox.answered(intent.key, answer, self._clock(), self._again(intent, answer))
            with self._changed:
                self._queue.answered(intent.key, answer, steady(), self._random)
                if self._queue:
                    self._changed.notify_all()
            if self._is_more:
                self._hungry.set()

    def _next(self) -> Intent | None:
        """Return what is written down as being handed over, as soon as there is something; None when all is over."""
        while (found := self._first()) is not None:
            if isinstance(found, Expected):
                intent = found.intent
                with suppress(Exception):  # it is met again where it is told
                    intent = in_full(intent)
                if self._is_sure(found):
                    return intent
            elif self.outbox.taken(found.key, self._clock()):
                return found
            else:
                with self._changed:
                    self._queue.dropped(found.key)
                    self._changed.notify_all()
        return None

    def _is_sure(self, one: Expected) -> bool:
        """Wait until it is known whether something leaves that was claimed, and return it."""
        is_sure = one.wait()
        with self._changed:
            if is_sure and self._taken.locked():
                self._taken.release()
        return is_sure

    def _first(self) -> Expected | Intent | None:
        """Return what leaves next, as soon as there is something; None when all is over.

        What was claimed is under way, so it is handed over even at the end.
        """
        with self._changed:
            while True:
                if self._claimed:
                    return self._claimed.popleft()
                if self._is_over:
                    return None
                found = self._queue.next(steady())
                if found is not None:
                    return found
                wake = self._queue.wake_at()
                self._changed.wait(None if wake is None else max(wake - steady(), 1) / 1000)

    def _sent(self, intent: Intent) -> Answer:
        """Return what becomes of an intent."""
        if intent.expires is not None and self._clock() > intent.expires:
            return Refused("stale")
        try:
            return self.channel.send(in_full(intent), time.monotonic() + self.timeout / 1000)
        except Exception as error:  # noqa: BLE001 - whatever an adapter does, the outbox has to learn of it
            return Unknown("adapter_raised", type(error).__name__)

    def _again(self, intent: Intent, answer: Answer) -> int | None:
        """Return when the intent is tried again, None where it is not, or too late by then."""
        repeats = isinstance(answer, Unknown) and self.channel.declares.repeatable != "no"
        if not (isinstance(answer, Later) or repeats):
            return None
        again = self._clock() + again_after(answer, intent.attempts, self._random)
        return None if intent.expires is not None and again > intent.expires else again


def in_full(intent: Intent) -> Intent:
    """Return an intent with the HTML that is made of its text, where it has a place for that."""
    words = intent.words
    if words.clickable is None:
        return intent
    body = html_of(words.text, (*intent.links.values(), *words.clickable))
    whole = msgspec.structs.replace(words, html=page_of(body, intent.language), clickable=None)
    return msgspec.structs.replace(intent, words=whole)


def steady() -> int:
    """Return milliseconds of a clock that never jumps."""
    return time.monotonic_ns() // 1_000_000
