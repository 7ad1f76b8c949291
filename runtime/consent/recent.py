"""What was numbered and said lately. Rule: whoever asks the ledger finds it, and it is brought into the tables many batches at a time.

Addresses, ids and the last entries about them come in no order, and what costs is the number of pages that a transaction touches.
So they stand in small tables first; what `recent_head` says of a number holds, whatever `head` says.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable

NAMED = {"contact": "address", "person": "id"}
RECENT = (
    "create table recent_head (number integer primary key, last integer not null)",
    "create table recent_contact (number integer primary key, address text not null unique)",
    "create table recent_person (number integer primary key, id text not null unique)",
)
# So many rows are brought into their tables together: with more, the small ones are small no longer.
MOST = 24_000
HEAD = (
    "insert into recent_head values (?, ?) on conflict (number) do update set last = excluded.last"
)
SETTLE = (
    "insert or replace into main.head select number, last from recent_head order by number",
    "delete from recent_head",
    *(
        statement
        for table, column in NAMED.items()
        for statement in (
            f"insert into main.{table} select number, {column} from recent_{table} order by {column}",  # noqa: S608 - names of ours
            f"delete from recent_{table}",  # noqa: S608 - a name of ours
        )
    ),
)
COUNT = (
    "select (select count(*) from recent_head) + (select count(*) from recent_contact)"
    " + (select count(*) from recent_person)"
)


def note(connection: sqlite3.Connection, lasts: Iterable[tuple[int, int]]) -> None:
    """Note the places of the last entries about some numbers, inside the transaction of the caller."""
    connection.executemany(HEAD, lasts)


def settle(connection: sqlite3.Connection) -> None:
    """Bring what is recent into the tables, inside the transaction of the caller."""
    for statement in SETTLE:
        connection.execute(statement)


def how_many(connection: sqlite3.Connection) -> int:
    """Return how many rows are recent."""
    (found,) = connection.execute(COUNT).fetchone()
    return int(found)
