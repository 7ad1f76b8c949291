"""Numbers for addresses and for ids of people. Rule: a number is given out once, also when what it stood for is deleted.

So an entry of the chain can keep a number for ever, and say nothing.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable

# How many names are asked about at once, and how many are remembered.
ASKED = 500
REMEMBERED_MAX = 1 << 16


class Numbers:
    """The numbers of one table, ``contact`` or ``person``; ``known`` are some that were looked up, as long as nobody else has written."""

    __slots__ = ("_column", "_connection", "_table", "known")

    def __init__(self, connection: sqlite3.Connection, table: str, column: str) -> None:
        self._connection = connection
        self._table = table
        self._column = column
        self.known: dict[str, int] = {}

    def of(self, name: str) -> int:
        """Return the number of ``name``, given out where there is none yet."""
        number = self.known.get(name)
        if number is None:
            self.learn((name,))
            number = self.known[name]
        return number

    def learn(self, names: Iterable[str]) -> None:
        """Look ``names`` up, and give numbers to those that have none, in their order."""
        known = self.known
        if len(known) > REMEMBERED_MAX:
            known.clear()
        asked = [one for one in dict.fromkeys(names) if one not in known]
        for place in range(0, len(asked), ASKED):
            some = asked[place : place + ASKED]
            marks = ",".join("?" * len(some))
            rows = self._connection.execute(
                f"select {self._column}, number from {self._table} where {self._column} in ({marks})",  # noqa: S608 - names of the ledger's own
                some,
            )
            known.update(rows)
        new = [one for one in asked if one not in known]
        if new:
            self._give(new)

    def _give(self, names: list[str]) -> None:
        row = self._connection.execute("select value from setting where name = ?", (self._table,)).fetchone()  # fmt: skip
        last = int(row[0]) if row else 0
        given = [(number, name) for number, name in enumerate(names, last + 1)]
        self._connection.executemany(f"insert into {self._table} values (?, ?)", given)  # noqa: S608 - a name of the ledger's own
        self._connection.execute("insert or replace into setting values (?, ?)", (self._table, last + len(names)))  # fmt: skip
        self.known.update((name, number) for number, name in given)
