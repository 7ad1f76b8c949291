"""Who may write a store. Rule: one process at a time, and whoever comes second is told which one.

A lock on the file itself keeps others out, by whatever path they come. It is gone with the process that held it.
"""

from __future__ import annotations

import fcntl
import os
import sqlite3
import time

from verbline.runtime.standing import StoreError, address_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pathlib import Path

# Whoever has just begun has not yet written down who it is: so often is asked again, and so long in between, in seconds.
ASKED, BETWEEN = 20, 0.05


class TakenError(StoreError):
    """The store belongs to another process, whose number is ``pid``; 0 where that is not known."""

    def __init__(self, sentence: str, pid: int) -> None:
        super().__init__(sentence)
        self.pid = pid


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
