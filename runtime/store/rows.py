"""Rows of the outbox, as whoever looks into a store reads them. Rule: nothing here writes, so a store that is at work can be read."""

from __future__ import annotations

from typing import Any, NamedTuple

import msgspec

from verbline.runtime.channels.answers import Answer
from verbline.runtime.channels.intent import Intent
from verbline.runtime.store.keys import LOOKED_UP

TYPE_CHECKING = False
if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator, Sequence

ASKING = ("unknown", "failed")  # what waits for a person
SELECT = "select seq, body, state, due, attempts, changed, answer from outbox"
ROWS = f"{SELECT} where "
ALL = f"{ROWS} seq > ? order by seq limit 500"
OF_STATE = f"{ROWS} seq > ? and state = ? order by seq limit 500"
# Said twice, so that the index of these few is used.
OF_ASKING = (
    f"{ROWS} seq > ? and state = ? and state in ('unknown', 'failed') order by seq limit 500"
)
OF_OPEN = (
    f"{SELECT} indexed by outbox_open where seq > ? and state = ?"
    " and (state in ('ready', 'sending') or due is not null) order by seq limit 500"
)
FIND = f"{ROWS} {LOOKED_UP}"
_intent = msgspec.msgpack.Decoder(Intent).decode
_answer = msgspec.msgpack.Decoder(Answer).decode


class Row(NamedTuple):
    """One intent and what became of it so far; ``due`` is when it is tried next, None where it is not."""

    intent: Intent
    state: str
    due: int | None
    attempts: int
    changed: int
    answer: Answer | None


def row_of(row: Sequence[Any]) -> Row:
    """Return a row as it was read by `ROWS`."""
    _seq, body, state, due, attempts, changed, answer = row
    said = None if answer is None else _answer(answer)
    return Row(with_attempts(body, attempts), state, due, attempts, changed, said)


def with_attempts(body: bytes, attempts: int) -> Intent:
    """Return an intent as it was stored, with how often it was handed over."""
    intent = _intent(body)
    return msgspec.structs.replace(intent, attempts=attempts) if attempts else intent


def some_in(connection: sqlite3.Connection, seq: int, state: str = "") -> tuple[list[Row], int]:
    """Return some rows behind the place ``seq``, those of one state where it is named, and the place of the last."""
    query = OF_ASKING if state in ASKING else OF_OPEN if state in ("ready", "sending") else OF_STATE
    rows = connection.execute(*((query, (seq, state)) if state else (ALL, (seq,)))).fetchall()
    return [row_of(row) for row in rows], rows[-1][0] if rows else seq


def rows_in(connection: sqlite3.Connection, state: str = "") -> Iterator[Row]:
    """Yield all rows in the order in which they were decided, those of one state where it is named."""
    seq = 0
    while True:
        found, seq = some_in(connection, seq, state)
        if not found:
            return
        yield from found


def found_in(connection: sqlite3.Connection, key: str) -> Row | None:
    """Return the row of an intent by its key, None where there is none."""
    row = connection.execute(FIND, (key,)).fetchone()
    return None if row is None else row_of(row)
