"""The disk is waited for in another thread, while something else is done. Rule: its answer is taken before it is asked again."""

from __future__ import annotations

import threading
import weakref
from queue import SimpleQueue

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import TypeAlias

    Work: TypeAlias = Callable[[], object]


class Disk:
    """Does one piece of work at a time in its thread, which ends with whoever asks."""

    __slots__ = ("__weakref__", "_answers", "_asked", "_is_under_way", "_thread")

    def __init__(self, name: str) -> None:
        self._asked: SimpleQueue[Work | None] = SimpleQueue()
        self._answers: SimpleQueue[Exception | None] = SimpleQueue()
        self._is_under_way = False
        given = self._asked, self._answers
        self._thread = threading.Thread(target=answer, args=given, name=name, daemon=True)

    def begin(self, work: Work) -> None:
        """Let ``work`` be done."""
        self.end()
        if self._thread.ident is None:
            self._thread.start()
            weakref.finalize(self, self._asked.put, None)
        self._is_under_way = True
        self._asked.put(work)

    def end(self) -> bool:
        """Wait for what is under way; return whether there was something, and it succeeded."""
        if not self._is_under_way:
            return False
        self._is_under_way = False
        return self._answers.get() is None


def answer(asked: SimpleQueue[Work | None], answers: SimpleQueue[Exception | None]) -> None:
    """Do what is asked for, until nobody asks any more."""
    while (work := asked.get()) is not None:
        try:
            work()
        except Exception as error:  # noqa: BLE001 - whoever asked is told
            answers.put(error)
        else:
            answers.put(None)
        del work  # it may hold whoever asked, with whom this ends
