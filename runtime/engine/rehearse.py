"""A log on its own time, through the store. Rule: what it comes to is what `simulate` says, wherever it was broken off.

It ends when the log does, and what is due up to its last event has fallen due.
"""

from __future__ import annotations

from functools import partial

from verbline.runtime.engine.ahead import Ahead
from verbline.runtime.engine.engine import FOLDED, TOGETHER
from verbline.runtime.engine.reading import Backlog

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from verbline.runtime.engine.engine import Engine
    from verbline.runtime.log import Counts


def rehearse(
    engine: Engine, now: int | None, progress: Callable[[Counts], object] = bool
) -> Counts:
    """Let happen what is new in the log, up to its end, and return what was read; ``now`` is what the clock shows."""
    while not engine.is_taken:
        with engine.batch():
            engine.take_over()
    backlog = Backlog(engine.files, now=now, torn=True)
    with Ahead(backlog.stretches(), TOGETHER) as ahead:
        catch_up(engine, ahead, partial(progress, backlog.counts))
    engine.settle()
    return backlog.counts


def catch_up(engine: Engine, ahead: Ahead, behind: Callable[[], object]) -> None:
    """Let happen what comes ``ahead``, and then what is due up to the last event; ``behind`` is called behind each batch."""
    stretch, is_over, batches = None, False, 0
    while not is_over:
        with engine.batch(meanwhile=ahead.begin):
            while engine.room > 0:
                stretch = stretch or next(ahead, None)
                if stretch is None:
                    is_over = engine.last is None or engine.reach(engine.last)
                    break
                stretch = engine.take(stretch)
        batches += 1
        if batches % FOLDED == 0:
            engine.fold(FOLDED)
        behind()
