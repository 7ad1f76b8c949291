"""The one writer of a store. Rule: whoever was taken over from writes nothing more, and two never write at once.

A lock on the file itself keeps others out, by whatever path they come. It is gone with the process that held it. Should it
be lost in another way, the number of the writer stands in the file: each transaction looks whether it is still its own.
SQLite 3.7.0 to 3.51.2 can corrupt a file in WAL mode when two connections write or checkpoint at once; there is but one.
"""

from __future__ import annotations

import fcntl
import os
import sqlite3
import threading
import time
from contextlib import contextmanager

from verbline.runtime.standing import StoreError, address_of
from verbline.runtime.store.along import Nothing
from verbline.runtime.store.damage import DamagedError, is_damage, is_of_machine

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from types import TracebackType

    from verbline.runtime.store.along import Along

TABLE = "create table if not exists writer (one integer primary key check (one = 1), epoch integer not null, pid integer not null)"
# How long somebody else may hold the file, who only looks into it, in seconds.
PATIENCE = 60.0
# Whoever has just begun has not yet written down who it is: so often is asked again, and so long in between, in seconds.
ASKED, BETWEEN = 20, 0.05
# So many pages wait beside the file: what is written again before it is brought over is written once less.
PAGES = 16_000
# So many kilobytes of the file are remembered at the most: what one transaction changes is mostly written once.
CACHE = 32_000


class TakenError(StoreError):
    """The store belongs to another process, whose number is ``pid``; 0 where that is not known."""

    def __init__(self, sentence: str, pid: int) -> None:
        super().__init__(sentence)
        self.pid = pid


class Transaction:
    """All that is written inside, together: `Writer.writing`."""

    __slots__ = ("_is_whole", "_writer")

    def __init__(self, writer: Writer) -> None:
        self._writer = writer
        self._is_whole = False

    def __enter__(self) -> sqlite3.Connection:
        self._is_whole = self._writer.begin()
        return self._writer.connection

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:  # fmt: skip
        if not self._is_whole:
            self._writer.part()
        elif error is None:
            self._writer.commit()
        else:
            self._writer.take_back(error)


class Writer:
    """The writer of the store at ``path``, which is made where there is none and ``create`` says so.

    `TakenError` where another process is that, `StoreError` where the file cannot be used.
    """

    def __init__(self, path: Path, *, create: bool = True) -> None:
        self.path = path
        self._threads = threading.RLock()
        self.along: Along = Nothing()
        self._lock = locked(path, create=create)
        try:
            self.connection = self._connected()
            self.epoch = self._begin()
        except sqlite3.Error as error:
            self._unlock()
            raise self.told(error) from error
        except BaseException:
            self._unlock()
            raise

    def _connected(self) -> sqlite3.Connection:
        connection = sqlite3.connect(
            self.path, isolation_level=None, timeout=PATIENCE, check_same_thread=False
        )
        try:
            connection.execute("pragma journal_mode = wal")
            connection.execute("pragma synchronous = full")
            connection.execute(f"pragma wal_autocheckpoint = {PAGES}")
            connection.execute(f"pragma cache_size = -{CACHE}")
        except BaseException:
            connection.close()
            raise
        return connection

    def _begin(self) -> int:
        """Write down who writes from now on; return the number."""
        connection = self.connection
        try:
            connection.execute("begin immediate")
            connection.execute(TABLE)
            connection.execute(
                "insert into writer values (1, 1, ?) on conflict (one) do update set epoch = epoch + 1, pid = excluded.pid",
                (os.getpid(),),
            )
            (epoch,) = connection.execute("select epoch from writer").fetchone()
            connection.execute("commit")
        except BaseException:
            connection.close()
            raise
        return int(epoch)

    def close(self) -> None:
        """Let go of the store."""
        with self._threads:
            self.connection.close()
            self._unlock()

    def _unlock(self) -> None:
        # Not before the connection is closed: closing any descriptor of a file drops SQLite's own locks on it.
        if self._lock >= 0:
            os.close(self._lock)
            self._lock = -1

    def writing(self) -> Transaction:
        """Hold all that is written inside together: it is on the disk when this ends, or nothing of it is there.

        Other threads wait meanwhile. `TakenError` where the store has another writer by now, `StoreError` where it cannot be
        written; then what was inside can be tried again. `DamagedError` where that is no use.
        """
        return Transaction(self)

    def begin(self) -> bool:
        """Begin a transaction, for `Transaction`; return no where this is a part of a larger one."""
        self._threads.acquire()
        connection = self.connection
        if connection.in_transaction:
            return False
        try:
            connection.execute("begin immediate")
            self._still()
        except BaseException as error:
            self.take_back(error)
            raise
        return True

    def part(self) -> None:
        """End a part of a larger transaction."""
        self._threads.release()

    def commit(self) -> None:
        """End a transaction: it is on the disk."""
        try:
            self.along.join(self.connection)
            self.connection.execute("commit")
        except BaseException as error:
            self.take_back(error)
            raise
        self.along.over(is_written=True)
        self._threads.release()

    def take_back(self, error: BaseException) -> None:
        """End a transaction in which there was an error, which is raised as a sentence where it is the file's."""
        try:
            undo(self.connection)
            self.along.over(is_written=False)
            if is_damage(error) or is_of_machine(error):
                raise self.told(error) from error
        finally:
            self._threads.release()

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Let no other thread write or read inside."""
        with self._threads:
            yield

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """Read; other threads wait meanwhile. `StoreError` where the file cannot be read."""
        with self._threads:
            try:
                yield self.connection
            except sqlite3.Error as error:
                if is_damage(error) or is_of_machine(error):
                    raise self.told(error, "read") from error
                raise

    def bring_over(self) -> None:
        """Bring what waits beside the file into it, so that what is written next takes that room again.

        A file that need not grow is on the disk in half the time. Whoever just reads there is not waited for. `StoreError` as
        by `writing`.
        """
        with self._threads:
            try:
                self._still()
                self.connection.execute("pragma wal_checkpoint(passive)").fetchone()
            except sqlite3.Error as error:
                raise self.told(error) from error

    def _still(self) -> None:
        """Refuse to write for somebody who was taken over from."""
        row = self.connection.execute("select epoch, pid from writer").fetchone()
        if row is None or row[0] != self.epoch:
            pid = row[1] if row else 0
            raise TakenError(f'Process {pid} has taken over "{self.path}" meanwhile.', pid)

    def told(self, error: BaseException, done: str = "written") -> StoreError:
        """Return an error of SQLite's as a sentence that names the file."""
        if is_damage(error):
            return DamagedError(self.path, str(error))
        return StoreError(f'"{self.path}" cannot be {done}: {error}.')


def undo(connection: sqlite3.Connection) -> None:
    """Take back what was begun, where that did not happen by itself."""
    if connection.in_transaction:
        connection.execute("rollback")


def locked(path: Path, *, create: bool) -> int:
    """Return a descriptor that holds the lock of the file at ``path``."""
    try:
        flags = os.O_RDWR | os.O_CLOEXEC | (os.O_CREAT if create else 0)
        descriptor = os.open(path, flags, 0o640)
    except OSError as error:
        raise StoreError(f'"{path}" cannot be opened: {error.strerror}.') from error
    if not create and not os.fstat(descriptor).st_size:
        os.close(descriptor)
        raise StoreError(f'"{path}" is empty: that is no store, and nothing is begun anew in it.')
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        pid = holder_of(path)
        os.close(descriptor)
        who = f"process {pid}" if pid else "another process"
        raise TakenError(f'"{path}" is in use by {who}.', pid) from error
    except BaseException:
        os.close(descriptor)
        raise
    return descriptor


def holder_of(path: Path) -> int:
    """Return the number of the process that writes; 0 where that cannot be found out.

    What stands in the file is who wrote last: a number that no process bears is that of the one before.
    """
    for _ in range(ASKED):
        pid = written_in(path)
        if pid and is_there(pid):
            return pid
        time.sleep(BETWEEN)
    return 0


def written_in(path: Path) -> int:
    """Return the number of the process that stands in the file; 0 where that cannot be read."""
    try:
        connection = sqlite3.connect(address_of(path), uri=True, timeout=1.0)
    except sqlite3.Error:
        return 0
    try:
        row = connection.execute("select pid from writer").fetchone()
    except sqlite3.Error:
        return 0
    finally:
        connection.close()
    return int(row[0]) if row else 0


def is_there(pid: int) -> bool:
    """Return whether there is a process of this number."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:  # somebody else's
        pass
    return True
