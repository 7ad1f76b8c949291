"""Faults planted in the runtime, by name. Rule: a sweep that none of them turns red proves nothing.

`python -m tests.sweeps NAME --plant FAULT` sweeps a runtime that has one, and has to end in 1.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any
from unittest import mock

from verbline.runtime.channels.answers import Accepted, Answer
from verbline.runtime.channels.courier import Courier
from verbline.runtime.channels.intent import Intent
from verbline.runtime.engine import opened, runner
from verbline.runtime.engine.brief import Brief
from verbline.runtime.store.writer import Writer, undo

_sent = Courier._sent
_kept = Brief.kept


@contextmanager
def _loose(self: Writer) -> Iterator[sqlite3.Connection]:
    """Write each statement by itself: what belongs together is not on the disk together."""
    with self._threads:
        try:
            yield self.connection
            self.along.join(self.connection)
        except sqlite3.Error as error:
            self.along.over(is_written=False)
            raise self.told(error) from error
        self.along.over(is_written=True)


@contextmanager
def _deaf(self: Writer) -> Iterator[sqlite3.Connection]:
    """Go on as if it were written where it could not be."""
    with self._threads:
        connection = self.connection
        if connection.in_transaction:
            yield connection
            return
        with suppress(sqlite3.Error):
            connection.execute("begin immediate")
        yield connection
        self.along.join(connection)
        with suppress(sqlite3.Error):
            connection.execute("commit")
        undo(connection)
        self.along.over(is_written=True)


def _early(self: Courier, intent: Intent) -> Answer:
    """Write down that something was sent before it is."""
    self.outbox.answered(intent.key, Accepted(), self._clock(), None)
    return _sent(self, intent)


def _late(self: Brief) -> Iterator[tuple[str, bytes]]:
    """Keep the moulds of a batch with the next one."""
    before: list[tuple[str, bytes]] = getattr(self, "before", [])
    self.before = list(_kept(self))  # type: ignore[attr-defined]
    yield from before


def _unsynced(connect: Callable[..., sqlite3.Connection]) -> Callable[..., sqlite3.Connection]:
    """Return a way to connect that never waits for the disk."""

    def loose(*given: Any, factory: type[sqlite3.Connection] = sqlite3.Connection, **named: Any) -> sqlite3.Connection:  # fmt: skip
        def execute(self: sqlite3.Connection, sql: str, *values: Any) -> sqlite3.Cursor:
            return factory.execute(self, sql.replace("synchronous = full", "synchronous = off"), *values)  # fmt: skip

        return connect(*given, factory=type("Loose", (factory,), {"execute": execute}), **named)

    return loose


# What is planted, and where. What each breaks: what belongs together is written apart; what could not be written is taken for
# written; what is to leave is noted as sent before it is; a mould is written behind those who are kept by it; a disk that is
# full is not waited for; a store is opened by any name; the store, or the own log, does not wait for the disk.
FAULTS: dict[str, tuple[Any, str, Any]] = {
    "loose": (Writer, "writing", _loose),
    "deaf": (Writer, "writing", _deaf),
    "early": (Courier, "_sent", _early),
    "late": (Brief, "kept", _late),
    "impatient": (runner, "WAITS", ()),
    "nameless": (opened, "other_name", lambda _path: ""),
    "unsynced": (sqlite3, "connect", _unsynced(sqlite3.connect)),
    "untold": (os, "fsync", lambda _descriptor: None),
}


@contextmanager
def planted(name: str) -> Iterator[None]:
    """Let the runtime have a fault meanwhile; none where no ``name`` is given."""
    if not name:
        yield
        return
    with mock.patch.object(*FAULTS[name]):
        yield
