"""What is over in the outbox: how much that was, and what leaves it after a time. Rule: a row leaves, its key stays, so nothing is decided twice.

What may still leave, and what waits for a person, is counted where it stands, since that is little. What is over is counted
when it becomes so. Tasks stay: a desk may answer late.
"""

from __future__ import annotations

import msgspec

from verbline.runtime.channels.intent import Intent
from verbline.runtime.store.keys import gather

TYPE_CHECKING = False
if TYPE_CHECKING:
    import sqlite3

    from verbline.runtime.store.writer import Writer

# The states in which nothing is done any more, as SQL has them.
STATES = ("sent", "refused", "stale", "withdrawn")
OVER = f"({', '.join(map(repr, STATES))})"
COUNT = "insert into outbox_count values (new.state, 1) on conflict (state) do update set number = number + 1"  # fmt: skip
FIRST = (
    "create table outbox_past (key text primary key) without rowid",
    "create table outbox_count (state text primary key, number integer not null) without rowid",
    f"create trigger outbox_came after insert on outbox when new.state in {OVER} begin {COUNT}; end",
    f"create trigger outbox_ended after update of state on outbox when new.state in {OVER} and new.state <> old.state begin {COUNT}; end",
    (
        f"create trigger outbox_began after update of state on outbox when old.state in {OVER} and new.state <> old.state"  # noqa: S608 - states of ours
        " begin update outbox_count set number = number - 1 where state = old.state; end"
    ),
)
ENDED = "select state, number from outbox_count where number > 0"
# The conditions are those of the indexes.
OPEN = (
    "select state, count(*) from outbox indexed by outbox_open where state in ('ready', 'sending')"
    " and (state in ('ready', 'sending') or due is not null) group by state"
)
ASKING = "select state, count(*) from outbox indexed by outbox_asking where state in ('unknown', 'failed') group by state"
# So many rows are looked at together.
TOGETHER = 500
SOME = "select seq, key, state, changed, body from outbox where seq > ? order by seq limit ?"
# What was taken back before it left may be put there again.
KEEP = "insert or ignore into outbox_past values (?)"
WITHDRAWN = "withdrawn"
_intent = msgspec.msgpack.Decoder(Intent).decode


def counts_in(connection: sqlite3.Connection) -> dict[str, int]:
    """Return how many intents are in each state, or have ended in it."""
    return dict(sorted(row for query in (ENDED, OPEN, ASKING) for row in connection.execute(query)))


def leave(writer: Writer, before: int) -> int:
    """Let what was over before an instant leave, some rows in each transaction, and return how many did."""
    total = seq = 0
    while True:
        with writer.writing() as connection:
            count, seq = leave_some(connection, before, seq)
        total += count
        if not seq:
            return total


def leave_some(connection: sqlite3.Connection, before: int, seq: int) -> tuple[int, int]:
    """Let some rows behind the place ``seq`` leave that were over before an instant, inside the transaction of the caller.

    Returns how many left, and the place up to which was looked: 0 where nothing that is behind can leave yet.
    """
    rows = connection.execute(SOME, (seq, TOGETHER)).fetchall()
    old = [row for row in rows if row[3] < before]
    gone = [row for row in old if row[2] in STATES and _intent(row[4]).task is None]
    connection.executemany(KEEP, [(row[1],) for row in gone if row[2] != WITHDRAWN])
    gather(connection)
    connection.executemany("delete from outbox_key where key = ?", [(row[1],) for row in gone])
    connection.executemany("delete from outbox where seq = ?", [(row[0],) for row in gone])
    return len(gone), rows[-1][0] if old and len(rows) == TOGETHER else 0
