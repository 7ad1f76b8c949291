"""What goes along with each transaction of a store. Rule: it is told when that is over, and whether it is on the disk."""

from __future__ import annotations

from typing import Protocol

TYPE_CHECKING = False
if TYPE_CHECKING:
    import sqlite3


class Along(Protocol):
    """What others wait to write, and goes along with each transaction."""

    def join(self, connection: sqlite3.Connection) -> None:
        """Write what waits, as a part of the transaction."""
        ...

    def over(self, *, is_written: bool) -> None:
        """Take note that the transaction is over, on the disk or taken back."""
        ...


class Nothing:
    """Nobody waits."""

    def join(self, connection: sqlite3.Connection) -> None:
        """Write nothing."""

    def over(self, *, is_written: bool) -> None:
        """Nothing was written."""
