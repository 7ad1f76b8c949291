"""The whole of a rebuild. Rule: see `rebuild`; here it is put together, and what it came to is counted."""

from __future__ import annotations

import sys
from contextlib import closing
from typing import NamedTuple

from verbline.runtime.engine.opened import LIVE, Store
from verbline.runtime.engine.outlets import Past
from verbline.runtime.engine.rebuild import Rebuilding, said_in, settle
from verbline.runtime.engine.runner import Runner
from verbline.runtime.engine.sums import counted
from verbline.runtime.engine.telling import Telling
from verbline.runtime.own import own_log

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from verbline.runtime.engine.given import Given


class Made(NamedTuple):
    """What a rebuild came to; ``others`` are versions that ran then and do not run now."""

    batches: int
    people: int
    visits: int
    unknown: int
    others: set[str]


def made_store(
    given: Given,
    new: Path,
    path: Path,
    clock: Callable[[], int],
    progress: Callable[[int, int], object] = lambda _done, _of: None,
) -> Made:
    """Make a store in the file ``new``, which belongs to ``path``, and return what it came to. `LogError`, `StoreError`."""
    own = own_log(given.log)
    states, ids = said_in(own) if own.is_file() else ({}, set[str]())
    with closing(Store(new, given.wanted(LIVE))) as store:
        given.take_up(store.journal)
        with closing(Past(given, store, path, states)) as past:
            runner = Runner(given, store, past, Telling(sys.stderr, clock), clock)
            runner.is_patient = False
            found = Rebuilding(given, runner, past)
            found.run(progress)
            unknown = settle(past.rows, ids, clock())
            # Whoever was erased stands in batches until they are brought to their places.
            runner.engine.settle()
            numbered = runner.engine.world.numbered
            people = sum(one is not None for one in numbered)
            visits = counted(numbered)[1]
        return Made(runner.engine.value("receipts"), people, visits, unknown, found.others)
