"""A store that is damaged. Rule: it is told with the table in which that was met and with the way out, and never waited for.

SQLite keeps no sums of its pages. What breaks their form it finds by itself; what breaks what we wrote into them is found
where it is read again.
"""

from __future__ import annotations

import sqlite3
import zlib
from contextlib import contextmanager

import msgspec

from verbline.runtime.standing import StoreError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

# What an error is, without what is said about it more closely.
PRIMARY = 0xFF
DAMAGES = frozenset((sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB))
# What the machine or somebody else does to a file. It may be over soon, and does not mean that something is wrong with it.
MACHINE = frozenset((
    sqlite3.SQLITE_PERM, sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_NOMEM, sqlite3.SQLITE_READONLY,
    sqlite3.SQLITE_INTERRUPT, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_FULL, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PROTOCOL,
    sqlite3.SQLITE_NOLFS, sqlite3.SQLITE_AUTH,
))  # fmt: skip
# How what stands in a row, and is not what was written there, is met by whoever reads it.
STRANGE = (
    sqlite3.Error, msgspec.MsgspecError, zlib.error, TypeError, ValueError, LookupError, AttributeError, ArithmeticError, AssertionError,
)  # fmt: skip
BROKEN = (
    '"{path}" is damaged: {why}. Nothing was changed. Put a backup back, or take the file away and make it again with'
    " `verbline rebuild`."
)
NOT_WRITTEN = "what stands in {where} is not what was written there ({fault})"
UNMARKED = "an identifier is not the one that was written"
UNUSABLE = '"{path}" cannot be used: {error}. Its folder has to be there and writable too: files are made beside it.'


class DamagedError(StoreError):
    """A store that is damaged: nobody waits for it to be whole again."""

    def __init__(self, path: Path, why: str) -> None:
        super().__init__(BROKEN.format(path=path, why=why))


def is_damage(error: BaseException) -> bool:
    """Return whether an error is one of SQLite's that says that the file is damaged."""
    # Text that is none is met by Python, which gives it no number.
    return code_of(error) in DAMAGES or (
        type(error) is sqlite3.OperationalError and code_of(error) < 0
    )


def is_of_machine(error: BaseException) -> bool:
    """Return whether an error is one of SQLite's for which neither the file nor we can be blamed."""
    return code_of(error) in MACHINE


def code_of(error: BaseException) -> int:
    """Return what an error of SQLite's is, without what is said about it more closely; -1 where it does not say so."""
    code = getattr(error, "sqlite_errorcode", None)
    return -1 if code is None else code & PRIMARY


def unusable(path: Path, error: Exception) -> StoreError:
    """Return what is told of a store that cannot be opened: that it is damaged, unless the machine is to blame."""
    if is_of_machine(error):
        return StoreError(UNUSABLE.format(path=path, error=error))
    return DamagedError(path, str(error))


@contextmanager
def understood(path: Path, table: str = "") -> Iterator[None]:
    """Tell that the store at ``path`` is damaged where what is read inside, from one ``table`` or any, makes no sense."""
    try:
        yield
    except STRANGE as error:
        if is_of_machine(error):
            raise
        if is_damage(error):
            raise DamagedError(path, str(error)) from error
        where = f'the table "{table}"' if table else "it"
        why = NOT_WRITTEN.format(where=where, fault=type(error).__name__)
        raise DamagedError(path, why) from error
