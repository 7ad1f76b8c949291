"""What leaves, as rows of the store. Rule: what becomes of a row is told to the runtime's own log in the same transaction."""

from __future__ import annotations

from typing import Any

from verbline.runtime.channels.answers import Refused, Unknown
from verbline.runtime.channels.delivery import event_of
from verbline.runtime.clock import now
from verbline.runtime.leaving.claims import Claims
from verbline.runtime.leaving.drafts import NOTE, TASK
from verbline.runtime.leaving.events import REFUSED as NOT_TAKEN
from verbline.runtime.leaving.events import STALE as TOO_LATE
from verbline.runtime.leaving.events import WITHDRAWN as TAKEN_BACK
from verbline.runtime.leaving.events import message_event
from verbline.runtime.leaving.own_lines import OwnLines
from verbline.runtime.store.outbox import REFUSED, SENDING, SENT, STALE, UNKNOWN, WITHDRAWN, Outbox

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from pathlib import Path

    from verbline.runtime.channels.answers import Answer
    from verbline.runtime.channels.intent import Intent
    from verbline.runtime.events import Event
    from verbline.runtime.store.writer import Writer

# What came of a row that may have arrived.
GONE = frozenset((SENT, SENDING, UNKNOWN))
# States of which an event tells that a message does not leave.
KINDS = {WITHDRAWN: TAKEN_BACK, REFUSED: NOT_TAKEN, STALE: TOO_LATE}
NOT_TOLD = frozenset((TASK, NOTE))
DECIDED = "verbline.decided"
# What an operator decides about an intent of which nobody knows whether it arrived.
SEND_AGAIN, LEAVE = "send again", "leave"


class Rows:
    """The ``outbox`` of a store, the ``claims`` of a batch, and the ``lines`` that are still to be appended to the log at ``own``.

    ``refusal`` is asked right before an intent leaves, see `check`; ``clock`` gives the time. ``note`` makes a note to the owner of an intent of
    which nobody knows whether it arrived, None where nobody can be told.
    """

    def __init__(
        self,
        writer: Writer,
        own: Path,
        *,
        refusal: Callable[[Intent], str] = lambda _: "",
        note: Callable[[Intent, str, int], Intent | None] = lambda _intent, _reason, _now: None,
        clock: Callable[[], int] = now,
    ) -> None:
        self.writer = writer
        self.lines = OwnLines(writer, own)
        self.outbox = Outbox(writer, refusal, self._settled)
        self.claims = Claims(self.outbox)
        self._note = note
        self._clock = clock

    # For what a batch decides: see `leaving.Out`

    def put(self, intents: Iterable[Intent]) -> int:
        """Add intents that are ready; return how many were not there before."""
        listed = list(intents)
        count = self.outbox.put(listed) if listed else 0
        if count == len(listed):
            self.claims.put(listed)
        else:
            self.claims.stir()
        return count

    def put_failed(self, intent: Intent, fault: Refused, now: int) -> None:
        """Add an intent that cannot leave, with the reason."""
        self.outbox.put_failed(intent, fault, now)

    def again(self, intent: Intent, now: int) -> bool:
        """Make an intent ready that was taken back before it left; return whether there was one."""
        self.claims.stir()
        return self.outbox.again(intent, now)

    def withdraw(self, keys: Iterable[str], now: int) -> list[str]:
        """Take back what was not handed over yet; return the keys of what was taken back."""
        found = self.outbox.withdraw(keys, now)
        if found:
            self.claims.stir()
        return found

    def handed(self, key: str) -> Intent | None:
        """Return an intent that was handed over, or may have been; None where it was not."""
        row = self.outbox.find(key)
        return row.intent if row is not None and row.state in GONE else None

    def forget(self, people: Iterable[str]) -> None:
        """Take back what was for people who were erased, and forget their addresses and words."""
        self.outbox.forget(people)

    def tell(self, events: Iterable[Mapping[str, Any]]) -> None:
        """Let events be appended to the runtime's own log."""
        self.lines.put(events)

    def flush(self, intents: Sequence[Intent] = (), *, is_one: bool = False) -> None:
        """Add the last intents, and claim what may leave at once; ``is_one`` says that nobody said anything since it was decided."""
        now = self._clock()
        if not (is_one and len(intents) == 1 and self.claims.at_once(intents[0], now)):
            self.put(intents)
        self.claims.write(now, is_asked=not is_one)

    def done(self) -> None:
        """Hand over what was claimed: the transaction holds."""
        self.claims.done()

    # For what becomes of it

    def recover(self, repeatable: Mapping[str, str], now: int, only: str = "") -> int:
        """Note after a crash what was under way, on the channel ``only`` where one is named; return how much that was.

        Owners are told of what waits for them.
        """
        found = self.outbox.recover(repeatable, now, only)
        if found:
            with self.writer.writing():
                for row in list(self.outbox.rows(UNKNOWN)):
                    if row.due is None and row.changed == now:
                        self._settled(row.intent, UNKNOWN, row.answer, now)
        return found

    def append(self) -> int:
        """Append to the log what is to be told; return how many events that were. Behind the transaction, not in it."""
        return self.lines.append()

    def heed(self, event: Event, now: int) -> bool:
        """Do what an operator decided about an intent of which nobody knew whether it arrived; return whether there was one."""
        key, what = event.data.get("key"), event.data.get("what")
        if event.type != DECIDED or not isinstance(key, str) or what not in (SEND_AGAIN, LEAVE):
            return False
        self.claims.stir()
        return self.outbox.decide(key, now, again=what == SEND_AGAIN)

    def _settled(self, intent: Intent, state: str, answer: Answer | None, now: int) -> None:
        """Tell what became of an intent: to the log, and where a person has to decide to the owner of the journey."""
        if intent.kind not in NOT_TOLD:
            self.lines.put(self._events(intent, state, answer, now))
        if state == UNKNOWN and isinstance(answer, Unknown):
            note = self._note(intent, answer.reason, now)
            if note is not None:
                self.outbox.put([note])

    def _events(
        self, intent: Intent, state: str, answer: Answer | None, now: int
    ) -> Iterable[Mapping[str, Any]]:
        said = event_of(intent, answer, now) if answer is not None else None
        if said is not None:
            yield said
        kind = KINDS.get(state)
        if kind is not None:
            reason = answer.reason if isinstance(answer, Refused) else ""
            yield message_event(intent, kind, now, **({"reason": reason} if reason else {}))
