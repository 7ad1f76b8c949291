"""What Python looks through for objects that only refer to each other. Rule: while lines come, never what has lived for long.

A run holds millions of objects that stay. To look through them takes longer than a message may take, and finds nothing. So
what has come to stay is set apart, once a second; it is looked through when much of it has gone, as when a project was taken
up or a batch has failed.
"""

from __future__ import annotations

import gc
from contextlib import contextmanager

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

# Of how many objects, and collections of those, the youngest are looked through; the oldest never are by themselves.
YOUNG, SECOND, NEVER = 700, 10, 1_000_000_000


@contextmanager
def apart() -> Iterator[None]:
    """Set apart what is there, and look through what comes; afterwards as often as before.

    What was set apart stays so: whoever has followed a log ends, and would look through all of it once more.
    """
    before = gc.get_threshold()
    gc.freeze()
    gc.set_threshold(YOUNG, SECOND, NEVER)
    gc.enable()
    try:
        yield
    finally:
        gc.set_threshold(*before)


def settle() -> None:
    """Set apart what has come to stay, where that has begun."""
    if has_begun():
        gc.collect(1)
        gc.freeze()


def anew() -> None:
    """Look through everything once, where that has begun: much of it may have gone."""
    if has_begun():
        gc.unfreeze()
        gc.collect()
        gc.freeze()


def has_begun() -> bool:
    """Return whether what stays is set apart in this process."""
    return gc.get_threshold()[2] == NEVER
