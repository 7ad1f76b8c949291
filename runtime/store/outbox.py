"""What is to leave, as rows of the store. Rule: a key is there once; what was handed over without an answer is unknown.

    ready -> sending -> sent | refused | failed | unknown
    ready -> withdrawn | stale

A row is written in the transaction that decides it, and it says that it is being handed over before it is. So a crash
loses nothing and decides nothing twice; whether the receiver got what was under way only the receiver knows.
"""

from __future__ import annotations

from typing import NamedTuple

import msgspec

from verbline.runtime.channels.answers import Accepted, Answer, Later, Refused, Unknown
from verbline.runtime.channels.intent import Intent
from verbline.runtime.tables import make

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from verbline.runtime.store.writer import Writer

READY, SENDING, SENT, REFUSED, STALE, WITHDRAWN, FAILED, UNKNOWN = (
    "ready", "sending", "sent", "refused", "stale", "withdrawn", "failed", "unknown",
)  # fmt: skip
# What may still leave, and what the same person's next intent waits for.
OPEN = (READY, SENDING)
FIRST = (
    (
        "create table outbox (seq integer primary key, key text not null unique, person text not null, channel text not null,"
        " lane integer not null, state text not null, due integer, attempts integer not null, changed integer not null,"
        " body blob not null, answer blob)"
    ),
    "create index outbox_due on outbox (channel, lane, due, seq) where due is not null",
    "create index outbox_open on outbox (person, channel, lane, seq) where state in ('ready', 'sending') or due is not null",
)
# Of a person only the first of a lane that is not settled yet leaves.
DUE = """
select body, attempts from outbox as one
where channel = ? and lane = ? and due <= ? and (person = '' or not exists (
    select 1 from outbox as before
    where before.person = one.person and before.channel = one.channel and before.lane = one.lane and before.seq < one.seq
    and (before.state in ('ready', 'sending') or before.due is not null)))
order by due, seq limit ?
"""
ADD = "insert or ignore into outbox (key, person, channel, lane, state, due, attempts, changed, body) values (?, ?, ?, ?, 'ready', ?, 0, ?, ?)"
TAKE = "update outbox set state = 'sending', due = null, attempts = attempts + 1, changed = ? where key = ? and due <= ?"
SETTLE = "update outbox set state = ?, due = ?, changed = ?, answer = ? where key = ? and state = 'sending'"
WITHDRAW = "update outbox set state = 'withdrawn', due = null, changed = ? where key = ? and state = 'ready' and attempts = 0"
ROWS = (
    "select seq, body, state, due, attempts, changed, answer from outbox"
    " where seq > ? and (? = '' or state = ?) order by seq limit 500"
)
DROP = "update outbox set state = 'withdrawn', due = null, changed = ? where key = ?"
_encode = msgspec.msgpack.Encoder().encode
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


class Outbox:
    """The intents of a store. Instants are milliseconds since 1970 UTC.

    ``may_leave`` is asked once more right before an intent is handed over; what it refuses is withdrawn. ``settled`` is told
    of every intent that needs no more attempts, in the transaction that says so.
    """

    def __init__(
        self,
        writer: Writer,
        may_leave: Callable[[Intent], bool] = lambda _: True,
        settled: Callable[[str, Answer], object] = lambda _key, _answer: None,
    ) -> None:
        self._writer = writer
        self._may_leave = may_leave
        self._settled = settled
        with writer.writing() as connection:
            make(connection, "outbox", "outbox", FIRST)

    def put(self, intents: Iterable[Intent]) -> int:
        """Add intents; return how many were not there before."""
        with self._writer.writing() as connection:
            before = connection.total_changes
            connection.executemany(
                ADD,
                [
                    (one.key, one.person, one.channel, one.lane, one.at, one.at, _encode(one))
                    for one in intents
                ],
            )
            return connection.total_changes - before

    def withdraw(self, keys: Iterable[str], now: int) -> list[str]:
        """Take back what was not handed over yet; return the keys of what was taken back."""
        with self._writer.writing() as connection:
            return [key for key in keys if connection.execute(WITHDRAW, (now, key)).rowcount]

    def recover(self, repeatable: Mapping[str, str], now: int) -> int:
        """Note after a crash what was under way; return how much that was.

        By channel ``repeatable`` says whether it may be handed over again: ``yes``, ``by key`` or ``no``. What may not
        waits for a person's word.
        """
        with self._writer.writing() as connection:
            rows = connection.execute("select key, channel from outbox where state = 'sending'")
            found = rows.fetchall()
            for key, channel in found:
                again = now if repeatable.get(channel, "no") != "no" else None
                answer = _encode(Unknown("crash"))
                connection.execute(SETTLE, (UNKNOWN, again, now, answer, key))
            return len(found)

    # For the couriers, from their threads

    def due(self, channel: str, lane: int, now: int, limit: int) -> Sequence[Intent]:
        """Return what may leave, in its order, ``limit`` at most."""
        with self._writer.reading() as connection:
            rows = connection.execute(DUE, (channel, lane, now, limit)).fetchall()
        return [with_attempts(body, attempts) for body, attempts in rows]

    def taken(self, key: str, now: int) -> bool:
        """Write down that an intent is being handed over; return no where it may not leave."""
        with self._writer.writing() as connection:
            row = connection.execute("select body from outbox where key = ? and due <= ?", (key, now)).fetchone()  # fmt: skip
            if row is None:
                return False
            if not self._may_leave(_intent(row[0])):
                connection.execute(DROP, (now, key))
                return False
            connection.execute(TAKE, (now, key, now))
            return True

    def answered(self, key: str, answer: Answer, now: int, again: int | None) -> None:
        """Write down what became of an intent; ``again`` is when it is tried next, None where it is not."""
        state = state_of(answer, again)
        with self._writer.writing() as connection:
            connection.execute(SETTLE, (state, again, now, _encode(answer), key))
            if again is None:
                self._settled(key, answer)

    # For people

    def decide(self, key: str, now: int, *, again: bool) -> bool:
        """Let a person say of an unknown intent that it is sent ``again``, or that it is left; return whether there was one."""
        with self._writer.writing() as connection:
            changed = connection.execute(
                "update outbox set state = ?, due = ?, changed = ? where key = ? and state = 'unknown'",
                (READY if again else FAILED, now if again else None, now, key),
            )
            return bool(changed.rowcount)

    def counts(self) -> dict[str, int]:
        """Return how many intents are in each state."""
        with self._writer.reading() as connection:
            rows = connection.execute("select state, count(*) from outbox group by state order by state")  # fmt: skip
            return dict(rows.fetchall())

    def rows(self, state: str = "") -> Iterator[Row]:
        """Yield the intents in the order in which they were decided; those of one state where it is named."""
        seq = 0
        while True:
            with self._writer.reading() as connection:
                rows = connection.execute(ROWS, (seq, state, state)).fetchall()
            if not rows:
                return
            for _, body, found, due, attempts, changed, answer in rows:
                said = None if answer is None else _answer(answer)
                yield Row(with_attempts(body, attempts), found, due, attempts, changed, said)
            seq = rows[-1][0]


def with_attempts(body: bytes, attempts: int) -> Intent:
    """Return an intent as it was stored, with how often it was handed over."""
    intent = _intent(body)
    return msgspec.structs.replace(intent, attempts=attempts) if attempts else intent


def state_of(answer: Answer, again: int | None) -> str:
    """Return the state that an answer leads to."""
    if isinstance(answer, Accepted):
        return SENT
    if isinstance(answer, Refused):
        return STALE if answer.reason == "stale" else REFUSED
    if isinstance(answer, Unknown):
        return UNKNOWN
    assert isinstance(answer, Later), "there are four answers"
    return READY if again is not None else STALE
