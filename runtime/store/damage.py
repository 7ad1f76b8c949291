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
# How what stands in a row, and is not what was written there, is met by whoever reads it.
STRANGE = (
    msgspec.MsgspecError, zlib.error, TypeError, ValueError, LookupError, AttributeError, ArithmeticError, AssertionError,
)  # fmt: skip
BROKEN = (
    '"{path}" is damaged: {why}. Nothing was changed. Put a backup back, or take the file away and make it again with'
    " `verbline rebuild`."
)
NOT_WRITTEN = 'what stands in the table "{table}" is not what was written there ({fault})'


class DamagedError(StoreError):
    """A store that is damaged: nobody waits for it to be whole again."""

    def __init__(self, path: Path, why: str) -> None:
        super().__init__(BROKEN.format(path=path, why=why))


def is_damage(error: sqlite3.Error) -> bool:
    """Return whether an error of SQLite's says that the file is damaged."""
    code = getattr(error, "sqlite_errorcode", None)
    return code is not None and code & PRIMARY in DAMAGES


@contextmanager
def understood(path: Path, table: str) -> Iterator[None]:
    """Tell that the store at ``path`` is damaged where what is read inside from its ``table`` makes no sense."""
    try:
        yield
    except STRANGE as error:
        why = NOT_WRITTEN.format(table=table, fault=type(error).__name__)
        raise DamagedError(path, why) from error
