"""Names that a ledger has numbered, and that are not in its tables yet. Rule: whoever asks the tables finds them all the same.

Addresses come in no order, so each of them written by itself is a page written. Whoever keeps them elsewhere meanwhile lets
them wait here, in tables of the connection alone, which stand before those of the file under the same names: what is asked
is answered from both, and what is added waits. What is deleted is brought into the file first.
"""

from __future__ import annotations

from verbline.runtime.consent.recent import NAMED as TABLES
from verbline.runtime.consent.recent import settle

TYPE_CHECKING = False
if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable
    from typing import TypeAlias

    Names: TypeAlias = list[tuple[int, str]]

THERE = "select 1 from sqlite_temp_master where name = 'waiting_contact'"


class Waiting:
    """The names of the ledger behind ``connection`` that wait; none at the beginning."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._told = dict.fromkeys(TABLES, 0)
        self._first = dict.fromkeys(TABLES, 0)
        if not connection.execute(THERE).fetchone():
            for table, column in TABLES.items():
                make(connection, table, column)
        for table in TABLES:
            connection.execute(f"delete from waiting_{table}")  # noqa: S608 - a name of ours
            self._told[table] = self._highest(table)

    def _highest(self, table: str) -> int:
        (number,) = self._connection.execute(f"select max(number) from main.{table}").fetchone()  # noqa: S608 - a name of ours
        return number or 0

    def recall(self, *names: Iterable[tuple[int, str]]) -> None:
        """Let names wait again that `done` told, addresses and people."""
        for table, some in zip(TABLES, names, strict=True):
            self._connection.executemany(f"insert into waiting_{table} values (?, ?)", some)  # noqa: S608 - a name of ours
        self.done()

    def done(self) -> list[Names]:
        """Return the addresses and the people that began to wait since this was asked last."""
        found = []
        for table, column in TABLES.items():
            query = f"select number, {column} from waiting_{table} where number > ? order by number"  # noqa: S608 - names of ours
            rows = self._connection.execute(query, (self._told[table],)).fetchall()
            if rows:
                self._told[table] = rows[-1][0]
                self._first[table] = self._first[table] or rows[0][0]
            found.append(rows)
        return found

    @property
    def is_gathered(self) -> bool:
        """Whether something that was told was brought into the file meanwhile."""
        return any(first and self._lowest(table) != first for table, first in self._first.items())

    def _lowest(self, table: str) -> int | None:
        (number,) = self._connection.execute(f"select min(number) from waiting_{table}").fetchone()  # noqa: S608 - a name of ours
        return number  # type: ignore[no-any-return]

    def gather(self) -> None:
        """Bring all names into the file, inside the transaction of the caller."""
        gather(self._connection)
        self._first = dict.fromkeys(TABLES, 0)
        self._told = {table: max(told, self._highest(table)) for table, told in self._told.items()}


def make(connection: sqlite3.Connection, table: str, column: str) -> None:
    """Make the table in which names wait, and what stands before the one of the file."""
    waiting = f"waiting_{table}"
    connection.execute(f"create temp table {waiting} (number integer primary key, {column} text not null unique)")  # fmt: skip
    connection.execute(
        f"create temp view {table} as select number, {column} from main.{table}"  # noqa: S608 - names of ours
        f" union all select number, {column} from {waiting}"
    )


def into(connection: sqlite3.Connection) -> str:
    """Return how the tables begin to which names are added."""
    return "waiting_" if connection.execute(THERE).fetchone() else "recent_"


def gather(connection: sqlite3.Connection) -> None:
    """Bring the names that wait at a connection into their tables, and what is recent, inside the transaction of the caller."""
    settle(connection)
    if not connection.execute(THERE).fetchone():
        return
    for table in TABLES:
        connection.execute(f"insert into main.{table} select * from waiting_{table}")  # noqa: S608 - names of ours
        connection.execute(f"delete from waiting_{table}")  # noqa: S608 - a name of ours
