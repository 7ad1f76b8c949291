"""What is to leave, as rows of the store. Rule: a key is there once; what was handed over without an answer is unknown.

    ready -> sending -> sent | refused | stale | unknown
    ready -> withdrawn | refused | stale
    failed, stale        from the beginning, where no words could be made, or too late

A row is written in the transaction that decides it, and it says that it is being handed over before it is. So a crash
loses nothing and decides nothing twice; whether the receiver got what was under way only the receiver knows.
"""

from __future__ import annotations

import msgspec

from verbline.runtime.channels.answers import STALE as TOO_LATE
from verbline.runtime.channels.answers import Accepted, Answer, Later, Refused, Unknown
from verbline.runtime.channels.intent import Intent, Words, quiet_until
from verbline.runtime.store import keys as keyed
from verbline.runtime.store import past
from verbline.runtime.store.damage import understood
from verbline.runtime.store.rows import Row, found_in, some_in, with_attempts
from verbline.runtime.store.statements import (
    ADD,
    ADD_CLAIMED,
    ADD_FAILED,
    AGAIN,
    BODY,
    BODY_DUE,
    CLAIM,
    DECIDE,
    DROP,
    DUE,
    FIRST,
    FORGET,
    GIVE_BACK,
    OF_PERSON,
    PUT_BODY,
    RECALL,
    SETTLE,
    TAKE,
    UNDER_WAY,
    WAIT,
    WITHDRAW,
)
from verbline.runtime.store.together import Together
from verbline.runtime.tables import make

TYPE_CHECKING = False
if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from verbline.runtime.store.writer import Writer

READY, SENDING, SENT, REFUSED, STALE, WITHDRAWN, FAILED, UNKNOWN = (
    "ready", "sending", "sent", "refused", "stale", "withdrawn", "failed", "unknown",
)  # fmt: skip
# What may still leave, and what the same person's next intent waits for.
OPEN = (READY, SENDING)
_encode = msgspec.msgpack.Encoder().encode
_intent = msgspec.msgpack.Decoder(Intent).decode


class Outbox:
    """The intents of a store. Instants are milliseconds since 1970 UTC.

    ``refusal`` is asked once more right before an intent is handed over; where it gives a reason, the intent is refused for
    that. ``settled`` is told of every intent that needs no more attempts with the state that it is in and the answer, in the
    transaction that says so.
    """

    def __init__(
        self,
        writer: Writer,
        refusal: Callable[[Intent], str] = lambda _: "",
        settled: Callable[[Intent, str, Answer | None, int], object] = lambda *_: None,
    ) -> None:
        self._writer = writer
        self._together = Together(writer)
        self._refusal = refusal
        self._settled = settled
        with writer.writing() as connection:
            make(connection, "outbox", "outbox", (*FIRST, *past.FIRST, *keyed.FIRST))
            keyed.remember(connection)

    def put(self, intents: Iterable[Intent]) -> int:
        """Add intents; return how many were not there before."""
        # Of those with one key the first counts.
        first: dict[str, Intent] = {}
        for one in intents:
            first.setdefault(one.key, one)
        rows = [
            (key, one.person, one.channel, one.lane, one.at, one.at, _encode(one))
            for key, one in first.items()
        ]
        with self._writer.writing() as connection:
            return keyed.added(connection, ADD, rows)

    def put_claimed(self, intent: Intent, now: int) -> bool:
        """Add an intent that is being handed over; return no, and do nothing, where it was there before or is to wait."""
        if intent.at > now or quiet_until(intent, now) is not None:
            return False
        row = intent.key, intent.person, intent.channel, intent.lane, now, _encode(intent)
        with self._writer.writing() as connection:
            return keyed.added_one(connection, ADD_CLAIMED, row)

    def put_failed(self, intent: Intent, answer: Refused, now: int) -> bool:
        """Add an intent that cannot leave, with the reason; return whether it was not there before."""
        state = STALE if answer.reason == TOO_LATE else FAILED
        row = (intent.key, intent.person, intent.channel, intent.lane, state, now, _encode(intent), _encode(answer))  # fmt: skip
        with self._writer.writing() as connection:
            return keyed.added_one(connection, ADD_FAILED, row)

    def withdraw(self, keys: Iterable[str], now: int) -> list[str]:
        """Take back what was not handed over yet; return the keys of what was taken back."""
        found = []
        with self._writer.writing() as connection:
            for key in keys:
                row = connection.execute(WITHDRAW, (now, key)).fetchone()
                if row is not None:
                    found.append(key)
                    self._settled(_intent(row[0]), WITHDRAWN, None, now)
        return found

    def again(self, intent: Intent, now: int) -> bool:
        """Make an intent ready that was taken back before it was handed over; return whether there was one."""
        with self._writer.writing() as connection:
            row = (intent.at, now, _encode(intent), intent.key)
            return bool(connection.execute(AGAIN, row).rowcount)

    def find(self, key: str) -> Row | None:
        """Return an intent by its key, None where there is none."""
        with self._writer.reading() as connection:
            return found_in(connection, key)

    def forget(self, people: Iterable[str]) -> None:
        """Take back what was for these people and has not left, and forget their addresses and what was written to them."""
        with self._writer.writing() as connection:
            for person in people:
                for key, body in connection.execute(OF_PERSON, (person,)).fetchall():
                    connection.execute(FORGET, (_encode(emptied(_intent(body), address=True)), key))

    def recover(self, repeatable: Mapping[str, str], now: int, only: str = "") -> int:
        """Note after a crash what was under way, on the channel ``only`` where one is named; return how much that was.

        By channel ``repeatable`` says whether it may be handed over again: ``yes``, ``by key`` or ``no``. What may not
        waits for a person's word.
        """
        with self._writer.writing() as connection:
            rows = connection.execute(UNDER_WAY)
            found = [row for row in rows.fetchall() if only in ("", row[1])]
            for key, channel in found:
                again = now if repeatable.get(channel, "no") != "no" else None
                answer = _encode(Unknown("crash"))
                connection.execute(SETTLE, (UNKNOWN, again, now, answer, key))
            return len(found)

    def claim(self, intent: Intent, now: int, *, is_asked: bool = True) -> bool:
        """Write down that an intent, which was just put there, is being handed over; return no where it is to wait.

        It is on the disk when the transaction of the caller is. Whether it may leave ``is_asked`` once more.
        """
        if (is_asked and self._refusal(intent)) or quiet_until(intent, now) is not None:
            return False
        with self._writer.writing() as connection:
            return bool(connection.execute(CLAIM, (now, intent.key, now)).rowcount)

    def give_back(self, keys: Iterable[str], now: int) -> None:
        """Write down that intents were not handed over though they were claimed: they are ready again."""
        with self._writer.writing() as connection:
            connection.executemany(GIVE_BACK, [(now, now, key) for key in keys])

    # For the couriers, from their threads

    def due(self, channel: str, lane: int, now: int, limit: int) -> Sequence[Intent]:
        """Return what may leave, in its order, ``limit`` at most."""
        with self._writer.reading() as connection:
            rows = connection.execute(DUE, (channel, lane, now, limit)).fetchall()
        with understood(self._writer.path, "outbox"):
            return [with_attempts(body, attempts) for body, attempts in rows]

    def taken(self, key: str, now: int) -> bool:
        """Write down that an intent is being handed over; return no where it may not leave."""
        return self._together.do(lambda connection: self._taken(connection, key, now))

    def _taken(self, connection: sqlite3.Connection, key: str, now: int) -> bool:
        row = connection.execute(BODY_DUE, (key, now)).fetchone()  # fmt: skip
        if row is None:
            return False
        intent = _intent(row[0])
        reason = self._refusal(intent)
        if reason:
            answer = Refused(reason)
            connection.execute(DROP, (now, _encode(answer), key))
            self._settle(connection, intent, REFUSED, answer, now)
            return False
        if (over := quiet_until(intent, now)) is not None:
            connection.execute(WAIT, (over, now, key))
            return False
        connection.execute(TAKE, (now, key, now))
        return True

    def answered(self, key: str, answer: Answer, now: int, again: int | None) -> None:
        """Write down what became of an intent; ``again`` is when it is tried next, None where it is not."""
        self._together.do(lambda connection: self._answered(connection, key, answer, now, again))

    def _answered(
        self, connection: sqlite3.Connection, key: str, answer: Answer, now: int, again: int | None
    ) -> None:
        state = state_of(answer, again)
        done = connection.execute(SETTLE, (state, again, now, _encode(answer), key)).rowcount
        if again is None and done:
            (body,) = connection.execute(BODY, (key,)).fetchone()
            self._settle(connection, _intent(body), state, answer, now)

    def _settle(
        self, connection: sqlite3.Connection, intent: Intent, state: str, answer: Answer, now: int
    ) -> None:
        """Tell that an intent needs no more attempts; what was secret in it goes, unless somebody may try again."""
        if intent.is_secret and state != UNKNOWN:
            connection.execute(PUT_BODY, (_encode(emptied(intent)), intent.key))  # fmt: skip
        self._settled(intent, state, answer, now)

    # For people

    def decide(self, key: str, now: int, *, again: bool) -> bool:
        """Let a person say of an unknown intent that it is sent ``again``, or that it is left; return whether there was one."""
        with self._writer.writing() as connection:
            changed = connection.execute(
                DECIDE,
                (READY if again else FAILED, now if again else None, now, key),
            )
            return bool(changed.rowcount)

    def recall(self, key: str, state: str, answer: Answer | None, now: int) -> None:
        """Let an intent be in the state that is known of it from elsewhere: it is not to leave any more."""
        told = None if answer is None else _encode(answer)
        with self._writer.writing() as connection:
            connection.execute(RECALL, (state, now, told, key))

    def counts(self) -> dict[str, int]:
        """Return how many intents are in each state."""
        with self._writer.reading() as connection:
            return past.counts_in(connection)

    def leave(self, before: int) -> int:
        """Let the rows of what was over before an instant leave, and return how many did; their keys stay."""
        return past.leave(self._writer, before)

    def rows(self, state: str = "") -> Iterator[Row]:
        """Yield the intents in the order in which they were decided; those of one state where it is named."""
        seq = 0
        while True:
            with self._writer.reading() as connection:
                found, seq = some_in(connection, seq, state)
            if not found:
                return
            yield from found


def emptied(intent: Intent, *, address: bool = False) -> Intent:
    """Return an intent without its words, and on demand without the address and what a desk was shown."""
    found = msgspec.structs.replace(intent, words=Words(text=""), links={})
    if not address:
        return found
    task = None if found.task is None else msgspec.structs.replace(found.task, shown=())
    return msgspec.structs.replace(found, address="", task=task, asked=None, token="")


def state_of(answer: Answer, again: int | None) -> str:
    """Return the state that an answer leads to."""
    if isinstance(answer, Accepted):
        return SENT
    if isinstance(answer, Refused):
        return STALE if answer.reason == TOO_LATE else REFUSED
    if isinstance(answer, Unknown):
        return UNKNOWN
    assert isinstance(answer, Later), "there are four answers"
    return READY if again is not None else STALE
