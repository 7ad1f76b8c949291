"""What a batch decides, on its way out. Rule: it is in the outbox in the transaction that decides it, in the order of deciding.

    take …            while the batch happens: the sink of the world
    render()          before the transaction: the words of all that was taken
    write(now)        inside of it: rows, withdrawals, lines for the runtime's own log
    done()            behind it; before that, the same can be written again

Whoever runs journeys calls these. ``out`` is where it goes: `Rows` of a store, or the file of a `Rehearsal`.
"""

from __future__ import annotations

from typing import Any, Protocol

import msgspec

from verbline.interpreter.step.sending import SENT
from verbline.runtime.channels.answers import STALE
from verbline.runtime.leaving.drafts import TASK
from verbline.runtime.leaving.events import failed_event, signal_event
from verbline.runtime.leaving.keys import keys_of, later_key
from verbline.runtime.leaving.tasks import note_of, task_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from verbline.interpreter.person.record import Visit
    from verbline.interpreter.program.parts import Journey
    from verbline.interpreter.step.steps import Step
    from verbline.interpreter.step.turn import Turn
    from verbline.runtime.channels.answers import Refused
    from verbline.runtime.channels.intent import Intent
    from verbline.runtime.leaving.alike import Alike, Posted
    from verbline.runtime.leaving.drafts import Drafts
    from verbline.runtime.leaving.same import Desks
    from verbline.runtime.leaving.words import Rendered, Wording

# Ends of a visit behind which it goes on elsewhere, or has come to its end by itself: what it decided still leaves.
LEAVES_ON = frozenset(("", "merged", "identity_split"))
AGAIN = "identity_split"
# What of that which is taken becomes an intent.
INTENTS = frozenset(("put", "again", "post"))


class Out(Protocol):
    """Where intents go, all of them in the transaction of the caller."""

    def put(self, intents: Iterable[Intent]) -> int:
        """Add intents that are ready; return how many were not there before."""
        ...

    def put_failed(self, intent: Intent, fault: Refused, now: int) -> None:
        """Add an intent that cannot leave, with the reason."""
        ...

    def again(self, intent: Intent, now: int) -> bool:
        """Make an intent ready that was taken back before it left; return whether there was one."""
        ...

    def withdraw(self, keys: Iterable[str], now: int) -> list[str]:
        """Take back what was not handed over yet; return the keys of what was taken back."""
        ...

    def handed(self, key: str) -> Intent | None:
        """Return an intent that was handed over, or may have been; None where it was not."""
        ...

    def forget(self, people: Iterable[str]) -> None:
        """Take back what was for people who were erased, and forget their addresses and words."""
        ...

    def tell(self, events: Iterable[dict[str, Any]]) -> None:
        """Let events be appended to the runtime's own log."""
        ...

    def flush(self, intents: Sequence[Intent] = (), *, is_one: bool = False) -> None:
        """Add the last intents and write what is not written yet: the batch is over.

        ``is_one`` says that nobody said anything since it was decided.
        """
        ...

    def done(self) -> None:
        """Let leave what is to leave: the transaction holds."""
        ...


class Leaving:
    """See the module. ``ledger`` says how far the ledger goes, ``note`` makes a note to the owner of what failed, if any.

    ``clock`` is what the time is when words are made: what is stale by then gets none. A rehearsal has none.
    """

    def __init__(
        self,
        drafts: Drafts,
        wording: Wording,
        out: Out,
        *,
        ledger: Callable[[], int] = int,
        note: Callable[[Intent, str, int], Intent | None] = lambda _intent, _reason, _now: None,
        clock: Callable[[], int] | None = None,
    ) -> None:
        self.drafts = drafts
        self.wording = wording
        self.out = out
        self._ledger = ledger
        self._note = note
        self._clock = clock
        self.alike: Alike | None = None  # made by whoever posts letters
        self._seq: int | None = None
        # What was decided since the last batch: what to do, and with what.
        self._taken: list[tuple[str, Any]] = []
        self._rendered: list[Rendered] | None = None

    @property
    def is_any(self) -> bool:
        """Whether anything was taken since the last batch."""
        return bool(self._taken)

    # While the batch happens

    def take(  # noqa: PLR0917 - a sink is called with these, in this order
        self,
        turn: Turn,
        journey: Journey | None,
        visit: Visit | None,
        step: Step | None,
        kind: str,
        verdict: str,
        reason: str,
        more: dict[str, Any],
    ) -> None:
        """Take what a record of the trace means for the outside; most of them mean nothing."""
        if kind == "message":
            if verdict == SENT:
                self._message(turn, journey, visit, step, more)
        elif kind == "outcome":
            if reason not in LEAVES_ON and visit is not None and visit.done:
                self._taken.append(("stop", keys_of(visit)))
        elif kind == "task":
            self._task(turn, journey, step, verdict, reason, more)
        elif kind == "signal" and verdict == "taken":
            self._taken.append(("tell", signal_event(turn, more, self.drafts.secrets)))
        elif kind == "erased":
            self._taken.append(("forget", (turn.person.id, *turn.person.merged)))

    def post(self, letter: Posted) -> None:
        """Take a message that says the same to everybody."""
        if self._seq is None:
            self._seq = self._ledger()
        self._taken.append(("post", letter))

    def _message(
        self,
        turn: Turn,
        journey: Journey | None,
        visit: Visit | None,
        step: Step | None,
        more: dict[str, Any],
    ) -> None:
        if "desk" in more:
            draft = note_of(self.drafts, turn, journey, visit, step, more)
        else:
            if self._seq is None:
                self._seq = self._ledger()
            draft = self.drafts.message(turn, journey, visit, step, more, self._seq)
        self._taken.append(("put", draft))

    def _task(
        self,
        turn: Turn,
        journey: Journey | None,
        step: Step | None,
        verdict: str,
        reason: str,
        more: dict[str, Any],
    ) -> None:
        if verdict == "taken":
            what = "again" if reason == AGAIN else "put"
            self._taken.append((what, task_of(self.drafts, turn, journey, step, more)))
        elif verdict == "withdrawn":
            self._taken.append(("back", (more["key"], turn.now)))

    def ask(self, desks: Desks, desk: str, people: tuple[int, int], now: int) -> None:
        """Let a ``desk`` be asked whether two people are one."""
        self._taken.append(("put", desks.asking(desk, people, now)))

    # The batch is over

    def render(self) -> None:
        """Make the words of all that was taken. `TemplateError` where there is no room to do that at present."""
        if self._rendered is not None:
            return
        drafts = [about for what, about in self._taken if what in ("put", "again")]
        posted = [about for what, about in self._taken if what == "post"]
        now = self._clock() if self._clock is not None else None
        letters: Iterator[Rendered] = iter(())
        if posted and self.alike is not None and self._seq is not None:
            letters = iter(self.alike.of(posted, self._seq, now))
        others = iter(self.wording.in_time(drafts, now))
        self._rendered = [
            next(letters if what == "post" else others)
            for what, _about in self._taken
            if what in INTENTS
        ]

    def write(self, now: int, *, is_one: bool = False) -> None:
        """Write all that was taken, in its order, inside the transaction of the caller.

        ``is_one`` says that one event or one timer has brought all of it about: nobody said anything since it was decided.
        """
        if not self._taken:
            return
        self.render()
        assert self._rendered is not None, "it was just rendered"
        rendered, out = iter(self._rendered), self.out
        ready: list[Intent] = []
        for what, about in self._taken:
            one = next(rendered) if what in INTENTS else None
            if one is not None and one.fault is not None:
                self._fail(one.intent, one.fault, now)
            elif one is not None and what != "again":
                ready.append(one.intent)
            else:
                # What was decided before stands in the rows before it is taken back.
                out.put(ready)
                ready = []
                self._do(what, one.intent if one is not None else about, now)
        out.flush(ready, is_one=is_one)

    def _do(self, what: str, about: Any, now: int) -> None:
        match what:
            case "again":
                self._hand_again(about, now)
            case "stop":
                self.out.withdraw(about, now)
            case "back":
                take_back(self.out, about[0], about[1], now)
            case "forget":
                self.out.forget(about)
            case _:
                assert what == "tell", f"{what} is done elsewhere"
                self.out.tell([about])

    def _fail(self, intent: Intent, fault: Refused, now: int) -> None:
        """Write down that an intent cannot leave, and tell the owner of its journey, unless it is only too late."""
        self.out.put_failed(intent, fault, now)
        if fault.reason == STALE:
            return
        if intent.kind != TASK:
            self.out.tell([failed_event(intent, fault, now)])
        note = self._note(intent, fault.reason, now)
        if note is not None:
            self.out.put([note])

    def _hand_again(self, intent: Intent, now: int) -> None:
        """Hand over again a task that was taken back: the row that had not left, or another one that is answered like it."""
        if self.out.again(intent, now):
            return
        if intent.task is not None and self.out.handed(intent.key) is not None:
            task = msgspec.structs.replace(intent.task, key=intent.key)
            key = later_key(intent.key, "again", intent.at)
            intent = msgspec.structs.replace(intent, key=key, task=task)
        self.out.put([intent])

    def done(self) -> None:
        """Let leave what was taken, and forget it: it is written."""
        self.out.done()
        self._taken.clear()
        self._rendered = None
        self._seq = None


def take_back(out: Out, key: str, at: int, now: int) -> None:
    """Take back a task that was taken back ``at``: before it has left, or by telling the desk."""
    if out.withdraw([key], now):
        return
    intent = out.handed(key)
    if intent is not None and intent.task is not None:
        task = msgspec.structs.replace(intent.task, is_withdrawn=True, key=key)
        told = later_key(key, "back", at)
        out.put(
            [msgspec.structs.replace(intent, key=told, task=task, at=at, expires=None, attempts=0)]
        )
