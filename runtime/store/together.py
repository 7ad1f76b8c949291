"""Small pieces of work from many threads in one transaction. Rule: each piece is whole or not there, and none waits for itself alone.

What costs is the wait for the disk. So whoever writes does what others wait to do as well, right before it is over: each piece
by itself, so that one that fails is taken back alone. Where the disk fails at another's transaction, they go on waiting; where
it fails at one that was for them, all of them have failed.
"""

from __future__ import annotations

import threading
from typing import Generic, TypeVar

TYPE_CHECKING = False
if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable

    from verbline.runtime.store.writer import Writer

T = TypeVar("T")
# So many pieces are done in one transaction at the most, so that the engine is not kept waiting.
MOST = 256


class Piece(Generic[T]):
    """One piece of work: what it gives, or the error that it ended with."""

    __slots__ = ("done", "error", "given", "work")

    def __init__(self, work: Callable[[sqlite3.Connection], T]) -> None:
        self.work = work
        self.done = False
        self.given: T
        self.error: BaseException | None = None


class Together:
    """Does pieces of work with one ``writer``, in whose every transaction goes along what waits."""

    def __init__(self, writer: Writer) -> None:
        self._writer = writer
        self._waiting: list[Piece[object]] = []
        self._under_way: list[Piece[object]] = []
        self._lock = threading.Lock()
        writer.along = self

    def do(self, work: Callable[[sqlite3.Connection], T]) -> T:
        """Do a piece of work inside a transaction, and return what it gives once that is on the disk."""
        piece = Piece(work)
        with self._lock:
            self._waiting.append(piece)  # type: ignore[arg-type]  # whatever it gives is its own
        with self._writer.alone():
            if self._writer.connection.in_transaction:
                # A part of something larger of this very thread, which does it at once.
                with self._lock:
                    self._waiting = [one for one in self._waiting if one is not piece]
                return work(self._writer.connection)
            while not piece.done:
                self._do_some()
        if piece.error is not None:
            raise piece.error
        return piece.given

    def _do_some(self) -> None:
        """Do what waits, in its order, in one transaction."""
        try:
            with self._writer.writing():
                pass
        except BaseException as error:
            with self._lock:
                some, self._waiting = self._waiting[:MOST], self._waiting[MOST:]
            for piece in some:
                piece.error, piece.done = error, True
            if not isinstance(error, Exception):
                raise

    # For the writer, which holds its lock meanwhile

    def join(self, connection: sqlite3.Connection) -> None:
        """Do what waits as a part of a transaction."""
        if self._waiting:
            with self._lock:
                self._under_way, self._waiting = self._waiting[:MOST], self._waiting[MOST:]
            for piece in self._under_way:
                self._do_one(piece, connection)

    def over(self, *, is_written: bool) -> None:
        """Tell those who wait that their piece is on the disk, or let them go on waiting."""
        under_way, self._under_way = self._under_way, []
        if is_written:
            for piece in under_way:
                piece.done = True
        elif under_way:
            with self._lock:
                self._waiting[:0] = under_way

    @staticmethod
    def _do_one(piece: Piece[object], connection: sqlite3.Connection) -> None:
        piece.error = None
        connection.execute("savepoint piece")
        try:
            piece.given = piece.work(connection)
        except Exception as error:  # noqa: BLE001 - it is raised where the piece came from
            piece.error = error
            connection.execute("rollback to piece")
        connection.execute("release piece")
