"""An outbox in memory, as a store keeps one. Rule: it says no wherever a store would, and remembers what it was told."""

from __future__ import annotations

import threading

import msgspec

from verbline.runtime.channels.answers import Accepted, Answer, Refused
from verbline.runtime.channels.intent import Intent


class Rows:
    """Rows in the order in which they came: each ready, sending, waited for, or settled."""

    def __init__(self, *intents: Intent) -> None:
        self.lock = threading.Lock()
        self.ready: dict[str, Intent] = {one.key: one for one in intents}
        self.sending: set[str] = set()
        self.not_before: dict[str, int] = {}
        self.settled: dict[str, Answer] = {}
        self.answers: list[tuple[str, Answer, int | None]] = []
        self.withdrawn: set[str] = set()
        self.changed = threading.Condition(self.lock)

    def due(self, channel: str, lane: int, now: int, limit: int) -> list[Intent]:
        """Return what may leave: the first of each person, and all that is ready of nobody."""
        with self.lock:
            seen: set[str] = set()
            found = []
            for one in self.ready.values():
                if (one.channel, one.lane) != (channel, lane) or one.person in seen:
                    continue
                if one.person:
                    seen.add(one.person)
                if one.key not in self.sending and self.not_before.get(one.key, 0) <= now:
                    found.append(one)
            return found[:limit]

    def taken(self, key: str, now: int) -> bool:
        """Note that it is being handed over."""
        with self.lock:
            is_due = self.not_before.get(key, 0) <= now
            if key not in self.ready or key in self.sending or key in self.withdrawn or not is_due:
                self.ready = {k: v for k, v in self.ready.items() if k not in self.withdrawn}
                return False
            self.sending.add(key)
            return True

    def answered(self, key: str, answer: Answer, now: int, again: int | None) -> None:
        """Note what became of it."""
        with self.changed:
            self.answers.append((key, answer, again))
            self.sending.discard(key)
            if again is None:
                assert key not in self.settled, "settled twice"
                self.settled[key] = answer
                del self.ready[key]
            else:
                assert not isinstance(answer, Accepted | Refused)
                self.not_before[key] = again
                one = self.ready[key]
                self.ready[key] = msgspec.structs.replace(one, attempts=one.attempts + 1)
            self.changed.notify_all()

    def wait(self, number: int, seconds: float = 10) -> bool:
        """Wait until so many answers came, and return whether they did."""
        with self.changed:
            return self.changed.wait_for(lambda: len(self.answers) >= number, seconds)
