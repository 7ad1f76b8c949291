"""The tables of a file. Rule: they are made together or not at all, and one that is there is not made again."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable

    from sqlite_utils import Database


def make(connection: sqlite3.Connection, group: str, table: str, statements: Iterable[str]) -> None:
    """Make the tables of a ``group`` with ``statements``, where ``table``, which is one of them, is not there yet."""
    there = "select 1 from sqlite_master where type = 'table' and name = ?"
    if connection.execute(there, (table,)).fetchone():
        return
    # Takes a tenth of a second, and only a new file needs it.
    from sqlite_utils import Database, Migrations  # noqa: PLC0415

    steps = Migrations(group)

    @steps(name="1")
    def first(database: Database) -> None:
        for statement in statements:
            database.execute(statement)

    steps.apply(Database(connection))
