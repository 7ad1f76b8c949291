"""How far something is. Rule: it is shown on a terminal only, now and then, and nothing of it stays."""

from __future__ import annotations

import sys
import time

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from verbline.runtime.log import Counts

# How long nothing is shown, and how often it is renewed, in seconds.
PAUSE = 0.3


class Progress:
    """One line on standard error; ``at_once`` shows it from the first moment on."""

    __slots__ = ("_is_shown", "_next", "_terminal")

    def __init__(self, *, at_once: bool = False) -> None:
        self._terminal = sys.stderr.isatty()
        self._is_shown = False
        self._next = time.perf_counter() + (0 if at_once else PAUSE)

    def show(self, told: Callable[[], str]) -> None:
        """Show what ``told`` returns, if it is time to."""
        if self._terminal and time.perf_counter() >= self._next:
            self._next = time.perf_counter() + PAUSE
            sys.stderr.write(f"\r{told()}")
            sys.stderr.flush()
            self._is_shown = True

    def clear(self) -> None:
        """Take away what is shown."""
        if self._is_shown:
            sys.stderr.write("\r\x1b[K")
            sys.stderr.flush()


def read_so_far(counts: Counts) -> str:
    """Return how much of a log was read."""
    share = counts.read * 100 // max(1, counts.size * counts.passes)
    return f"{share} %, {counts.events:,} events"
