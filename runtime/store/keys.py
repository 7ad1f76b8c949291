"""By its key, where a row of the outbox stands. Rule: a key is there once; those of late wait in memory, which the rows themselves can fill again.

Keys come in no order, so each of them written by itself is a page written. So those of many batches are brought into their
table together. Whoever writes looks both up under one name, `outbox_seq`; whoever only reads looks through the last rows.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Sequence

FIRST = (
    "create table outbox_key (key text primary key, seq integer not null) without rowid",
    # Up to which row the keys stand in their table.
    "create table outbox_noted (one integer primary key check (one = 1), seq integer not null)",
    "insert into outbox_noted values (1, 0)",
)
MEMORY = (
    "create temp table outbox_fresh (key text primary key, seq integer not null) without rowid",
    "create temp view outbox_seq as select key, seq from main.outbox_key union all select key, seq from outbox_fresh",
    "insert into outbox_fresh select key, seq from main.outbox where seq > (select seq from main.outbox_noted)",
)
THERE = "select 1 from sqlite_temp_master where name = 'outbox_fresh'"
# Where a row is looked for by whoever writes, and by whoever only reads.
BY_KEY = "where seq = (select seq from outbox_seq where key = ?)"
LOOKED_UP = "(seq = (select seq from outbox_key where key = ?1) or seq > (select seq from outbox_noted) and key = ?1)"  # fmt: skip
# What whoever adds a row does then, and whoever adds several first and then: their keys are known from there on.
NOTE_ONE = "insert into outbox_fresh values (?, ?)"
LAST = "select coalesce(max(seq), 0) from main.outbox"
NOTE = "insert into outbox_fresh select key, seq from main.outbox where seq > ?"
GATHER = (
    "insert into main.outbox_key select key, seq from outbox_fresh",
    "update main.outbox_noted set seq = max(seq, (select coalesce(max(seq), 0) from outbox_fresh))",
    "delete from outbox_fresh",
)


def by_key(statement: str) -> str:
    """Return a statement in which a row is looked for by its key."""
    assert statement.count("where key = ?") == 1, "it looks for one row"
    return statement.replace("where key = ?", BY_KEY)


def remember(connection: sqlite3.Connection) -> None:
    """Let the keys of late be in memory, and those of new rows, where they are not; inside the transaction of the caller."""
    if not connection.execute(THERE).fetchone():
        for statement in MEMORY:
            connection.execute(statement)


def added(connection: sqlite3.Connection, statement: str, rows: Iterable[Sequence[object]]) -> int:
    """Add ``rows`` with different keys by a statement, inside the transaction of the caller; return how many were added."""
    (last,) = connection.execute(LAST).fetchone()
    count = connection.executemany(statement, rows).rowcount
    connection.execute(NOTE, (last,))
    return max(0, count)


def added_one(connection: sqlite3.Connection, statement: str, row: Sequence[object]) -> bool:
    """Do the same with one row, which begins with its key; return whether it was added."""
    cursor = connection.execute(statement, row)
    if cursor.rowcount < 1:
        return False
    connection.execute(NOTE_ONE, (row[0], cursor.lastrowid))
    return True


def gather(connection: sqlite3.Connection) -> None:
    """Bring all keys into their table, inside the transaction of the caller."""
    if connection.execute(THERE).fetchone():
        for statement in GATHER:
            connection.execute(statement)
