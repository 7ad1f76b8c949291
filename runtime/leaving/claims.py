"""What may leave as soon as it is decided. Rule: one transaction says that it was decided and that it is under way; then it leaves.

Where a courier is free, and nothing goes first, whoever decides keeps a place with it and writes down the attempt. So between
the decision and the hand-over lies one wait for the disk. All else is ready, and waits for the courier to ask. After a crash
an attempt is an attempt: what was claimed is as unknown as what a courier had taken.
"""

from __future__ import annotations

from typing import Protocol

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from verbline.runtime.channels.intent import Intent
    from verbline.runtime.store.outbox import Outbox


class Carriers(Protocol):
    """Who carries intents out: `Dispatch`."""

    def claim(self, intent: Intent) -> bool:
        """Return whether an intent may leave at once; a place is kept for it."""
        ...

    def expect(self, intent: Intent) -> None:
        """Let what was claimed be made ready, while the disk is waited for."""
        ...

    def hand(self, intent: Intent) -> None:
        """Hand over what was claimed, and of which it is on the disk that it is under way."""
        ...

    def drop(self, intent: Intent) -> None:
        """Free the place of what was claimed and is not to leave now."""
        ...

    def wake(self, channels: set[str] | None = None) -> None:
        """Say that there may be something new, on some channels or on all."""
        ...


class Claims:
    """The claims of one batch in an ``outbox``. ``carriers`` are None while nothing is to leave."""

    def __init__(self, outbox: Outbox) -> None:
        self.carriers: Carriers | None = None
        self._outbox = outbox
        self._fresh: list[Intent] = []
        self._claimed: list[Intent] = []
        self._waiting: set[str] = set()
        self._is_stirred = False

    def put(self, intents: Iterable[Intent]) -> None:
        """Note intents that are new in the outbox."""
        if self.carriers is not None:
            self._fresh += intents

    def stir(self) -> None:
        """Note that something may leave now that could not before."""
        self._is_stirred = True

    def at_once(self, one: Intent, now: int) -> bool:
        """Put an intent into the outbox as under way, the only one of the batch; return no where it is to be put there and wait."""
        if self.carriers is None or self._fresh or not self.carriers.claim(one):
            return False
        self._claimed.append(one)  # its place is free again where this fails
        if self._outbox.put_claimed(one, now):
            return True
        self.carriers.drop(self._claimed.pop())
        return False

    def write(self, now: int, *, is_asked: bool = True) -> None:
        """Claim what was put and may leave at once, inside the transaction of the batch and behind all else that it decides.

        Where it ``is_asked``, the guard has its last word. What is claimed is made ready while the disk is waited for.
        """
        fresh, self._fresh = self._fresh, []
        full: set[tuple[str, int]] = set()
        for one in fresh:
            way = one.channel, one.lane
            if way in full or not self._claim(one, now, is_asked=is_asked):
                full.add(way)
                self._waiting.add(one.channel)
        for one in self._claimed:
            assert self.carriers is not None, "it has a place"
            self.carriers.expect(one)

    def _claim(self, one: Intent, now: int, *, is_asked: bool) -> bool:
        """Return whether an intent has a place with a courier, and stands there as under way."""
        assert self.carriers is not None, "nothing was put before"
        if not self.carriers.claim(one):
            return False
        self._claimed.append(one)
        if self._outbox.claim(one, now, is_asked=is_asked):
            return True
        self.carriers.drop(self._claimed.pop())
        return False

    def done(self) -> None:
        """Hand over what was claimed, and wake who carries the rest: the transaction holds."""
        if self.carriers is None:
            self._is_stirred = False
            return
        for one in self._claimed:
            self.carriers.hand(one)
        if self._is_stirred:
            self.carriers.wake()
        elif self._waiting:
            self.carriers.wake(self._waiting)
        self._forget()

    def undo(self) -> None:
        """Free all places again: the batch was taken back."""
        for one in self._claimed:
            assert self.carriers is not None, "nothing was claimed before"
            self.carriers.drop(one)
        self._forget()

    def _forget(self) -> None:
        self._fresh, self._claimed, self._waiting, self._is_stirred = [], [], set(), False
