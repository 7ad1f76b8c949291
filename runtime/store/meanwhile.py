"""What is written while the next is decided. Rule: whoever uses the connection waits until all is there that was to be.

SQLite works without Python's lock for as long as one statement takes. So a transaction whose last statements are few and long
ends in another thread. What is decided meanwhile is no more sure than that: where it fails, both are lost, and whoever goes on
is told so first.
"""

from __future__ import annotations

import sqlite3
from functools import partial
from typing import Any

from verbline.runtime.store.disk import Disk

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import NoReturn, TypeAlias

    # Writes with a connection, as a part of a transaction, and asks nothing.
    Later: TypeAlias = Callable[[sqlite3.Connection], object]


class Shared(sqlite3.Connection):
    """A connection before whose use something may have to be done: ``first``."""

    first: Callable[[], object] | None = None

    def execute(self, statement: str, *values: Any) -> sqlite3.Cursor:
        """Execute a statement."""
        if self.first is not None:
            self.first()
        return super().execute(statement, *values)

    def executemany(self, statement: str, *values: Any) -> sqlite3.Cursor:
        """Execute a statement for each of some rows."""
        if self.first is not None:
            self.first()
        return super().executemany(statement, *values)

    @property
    def in_transaction(self) -> bool:
        """Whether a transaction has begun."""
        if self.first is not None:
            self.first()
        return super().in_transaction


class Meanwhile:
    """What is still to be done with a ``connection``, before anybody uses it again.

    ``begin`` begins a transaction, ``over`` is told that one is over, and ``fails`` raises the error that it ended with as a
    sentence. ``lost`` is that error, where one was lost in the other thread, until somebody has taken note of it.
    """

    def __init__(
        self,
        connection: Shared,
        begin: Callable[[], object],
        over: Callable[[], object],
        fails: Callable[[Exception], NoReturn],
    ) -> None:
        self.lost: Exception | None = None
        self._connection = connection
        self._begin, self._over, self._fails = begin, over, fails
        self._disk = Disk("writing")
        self._works: list[Later] = []
        self._is_ending = self._is_due = False

    @property
    def is_ending(self) -> bool:
        """Whether a transaction ends at this moment, behind which none is to begin yet."""
        return self._is_ending and not self._is_due

    def add(self, work: Later) -> None:
        """Let ``work`` be a part of the transaction, at its end."""
        self._works.append(work)
        self._watch()

    def begin_then(self) -> None:
        """Begin another transaction once the one that ends is over, and the connection is used."""
        self._is_due = True

    def end(self) -> None:
        """End a transaction: it is on the disk."""
        self._end(self._given())

    def begin_to_end(self) -> None:
        """Begin to end a transaction in the other thread."""
        works = self._given()
        self._is_ending = True
        self._watch()
        self._disk.begin(partial(self._end, works))

    def sure(self) -> None:
        """Wait until what ends is over, and raise the error that it ended with, if any."""
        if not self._is_ending:
            return
        self._disk.end()
        self._is_ending = False
        self._watch()
        if self._disk.error is None:
            self._over()
            return
        try:
            self._fails(self._disk.error)
        except Exception as error:
            self.lost = error
            self._watch()
            raise

    def ready(self) -> None:
        """Let a transaction have begun where one is due, behind what ends."""
        if self.lost is not None:
            raise self.lost
        self.sure()
        if self._is_due:
            self._is_due = False
            self._connection.first = None  # nothing is done before it has begun
            self._begin()
            self._watch()

    def drop(self) -> None:
        """Forget what was still to be done: the transaction is taken back, or was never begun."""
        self._is_due = False
        self._works = []
        self._watch()

    def go_on(self) -> bool:
        """Take note of what was lost, and return whether there was something."""
        lost, self.lost = self.lost, None
        self._watch()
        return lost is not None

    def _watch(self) -> None:
        """Let whoever uses the connection do first what there is to do."""
        is_any = self._is_ending or self._is_due or self._works or self.lost is not None
        self._connection.first = self._first if is_any else None

    def _first(self) -> None:
        if not self._disk.is_here:
            self.ready()
            for work in self._given():
                work(self._connection)

    def _given(self) -> list[Later]:
        """Return what is to be done at the end of the transaction in hand, and remember it no more."""
        works, self._works = self._works, []
        self._watch()
        return works

    def _end(self, works: list[Later]) -> None:
        for work in works:
            work(self._connection)
        self._connection.execute("commit")
