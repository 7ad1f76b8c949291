"""What is about to leave. Rule: a thread makes it ready while the disk is waited for, and nothing of it leaves before that is over."""

from __future__ import annotations

import threading

TYPE_CHECKING = False
if TYPE_CHECKING:
    from verbline.runtime.channels.intent import Intent


class Expected:
    """An intent that is being written down as under way. ``is_sure`` once that is on the disk."""

    __slots__ = ("_known", "intent", "is_sure")

    def __init__(self, intent: Intent) -> None:
        self.intent = intent
        self.is_sure = False
        self._known = threading.Lock()
        self._known.acquire()

    def tell(self, *, is_sure: bool) -> None:
        """Say that it is on the disk, or that it is not to leave now; once."""
        self.is_sure = is_sure
        self._known.release()

    def wait(self) -> bool:
        """Wait until that is known, and return it."""
        self._known.acquire()
        return self.is_sure
