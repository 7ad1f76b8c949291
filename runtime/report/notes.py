"""What a report needs of a run, noted while it happens. Rule: nothing is worked out here, and nothing that names a person is kept.

People are numbers, as the identity graph gives them; what becomes of numbers shows only at the end. Only the moments that
some figure is computed from are noted.
"""

from __future__ import annotations

from typing import Any

from verbline.interpreter.step.deeds import SendSignal
from verbline.interpreter.step.sending import Sending
from verbline.runtime.report.book import Book
from verbline.runtime.report.noted import Handed, Left, Seen, Sent

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from verbline.interpreter.person.record import Visit
    from verbline.interpreter.program.parts import Journey, Moment
    from verbline.interpreter.program.readers import Reader
    from verbline.interpreter.step.steps import Step
    from verbline.interpreter.step.turn import Turn
    from verbline.runtime.events import Event

OWN = "verbline"
MERGED = "verbline.merge"
HANDED, BOUNCED = "verbline.message.handed", "verbline.message.bounced"
# What becomes of a message is told under these words; the rest are no end of it.
MESSAGE_ENDS = frozenset(("sent", "refused", "stale", "failed", "withdrawn"))


class Notes(Book):
    """See the module. ``watched`` has the fields that are kept of each watched moment; ways are counted from ``start`` on."""

    def __init__(
        self,
        watched: Mapping[str, tuple[str, ...]],
        moments: Mapping[str, Moment],
        start: int | None = None,
    ) -> None:
        super().__init__(watched, start)
        self.fields, self.declared = watched, moments
        self._readers: dict[str, tuple[tuple[str, Reader | None], ...]] = {}
        for name, fields in watched.items():
            readers = dict(moments[name].readers)
            self._readers[name] = tuple((field, readers.get(field)) for field in fields)
        self._merging = [
            name for name in watched if moments[name].code == MERGED and moments[name].source == OWN
        ]
        self._steps: dict[Step | Seen, Seen] = {}
        self._open: dict[tuple[Visit, str], Handed] = {}
        # When the last event moved a visit, and what was behind a signal, by its key.
        self._moved: dict[Visit, int] = {}
        self._behind: dict[str, int] = {}

    def undecided(self) -> Notes:
        """Return notes of what happened in which nothing is decided yet, before `join`."""
        other = Notes(self.fields, self.declared, self.walks.start)
        other.moments = self.moments
        other.values, other.handed, other.bounced = self.values, self.handed, self.bounced
        other.walks.stands = self.walks.stands
        return other

    def forget(self) -> None:
        """Forget how things stand with people to whom nothing more happens."""
        for passing in (self._open, self._moved, self._behind):
            passing.clear()
        self.walks.forget()

    def happened(self, event: Event, person: int, names: tuple[Moment, ...]) -> None:
        """Note an event that is watched moments."""
        get, at, known = event.data.get, event.happened, event.known
        if known == at:
            known = at  # one number, where it would be two
        for moment in names:
            readers = self._readers.get(moment.name)
            if readers is not None:
                values = tuple(
                    None if read is None or (raw := get(field)) is None else read(raw)
                    for field, read in readers
                )
                self.moments[moment.name].append((at, known, person, values))

    def said(self, event: Event, _number: int | None) -> None:
        """Note what a channel said of a message."""
        key = event.data.get("key")
        if isinstance(key, str):
            if event.type == HANDED:
                handed = event.known, event.happened
                self.handed[key] = min(self.handed.get(key, handed), handed)
            elif event.type == BOUNCED:
                bounced = event.known, str(event.data.get("bounce-kind", ""))
                self.bounced[key] = max(self.bounced.get(key, bounced), bounced)

    def seen(self, step: Step | Seen) -> Seen:
        """Return a step as figures name it."""
        found = self._steps.get(step)
        if found is None:
            late = getattr(step, "late", None)
            found = self._steps[step] = Seen(step.id, step.line, step.text, late)
        return found

    def sink(  # noqa: PLR0917 - a sink is called with these, in this order
        self,
        turn: Turn,
        journey: Journey | None,
        visit: Visit | None,
        step: Step | Seen | None,
        kind: str,
        verdict: str,
        reason: str,
        more: dict[str, Any],
    ) -> None:
        """Take a trace record."""
        if journey is None:
            if kind == "merge":
                for name in self._merging:
                    self.moments[name].append((turn.now, turn.now, turn.person.number, ()))
            return
        if visit is not None:
            self.record(turn, visit, step, kind, verdict, reason, more)

    def record(
        self,
        turn: Any,
        visit: Any,
        step: Step | Seen | None,
        kind: str,
        verdict: str,
        reason: str,
        more: dict[str, Any],
    ) -> None:
        """Take a trace record of a visit; turn and visit may be what a record of a store tells of them."""
        # A timer has the cause of the visit: it is the event that began it which is behind, as it was then.
        if turn.cause[1] and (turn.cause != visit.cause or visit not in self._moved):
            self._moved[visit] = self._behind.get(turn.cause[1], turn.happened)
        self.walks.take(turn, visit, step, kind, verdict, more)
        note = NOTED.get(kind)
        if note is not None:
            note(self, turn, visit, step, verdict, reason, more)

    # By kind of record

    def entry(
        self, turn: Turn, visit: Visit, step: Step | Seen | None, verdict: str, *_: Any
    ) -> None:
        """Take who entered."""
        if verdict == "taken":
            self.entries.setdefault(visit.journey, []).append((turn.now, turn.person.number))

    def outcome(
        self,
        turn: Turn,
        visit: Visit,
        step: Step | Seen | None,
        _v: str,
        _r: str,
        more: dict[str, Any],
    ) -> None:
        """Take how a visit ended."""
        self.outcomes.append((turn.now, visit.journey, more["outcome"]))
        self._moved.pop(visit, None)

    def label(
        self,
        turn: Turn,
        visit: Visit,
        step: Step | Seen | None,
        verdict: str,
        _r: str,
        more: dict[str, Any],
    ) -> None:
        """Take who was qualified."""
        if verdict == "taken":
            self.labels.setdefault(more["label"], []).append((turn.now, turn.person.number))

    def branch(
        self,
        turn: Turn,
        visit: Visit,
        step: Step | Seen | None,
        _v: str,
        _r: str,
        more: dict[str, Any],
    ) -> None:
        """Take which arm somebody drew."""
        name = more.get("experiment")
        if name is not None:
            drawn = self.draws.setdefault(name, {})
            drawn.setdefault(turn.person.number, (turn.now, more["answer"]))

    def signal(
        self,
        turn: Turn,
        visit: Visit,
        step: Step | Seen | None,
        verdict: str,
        _r: str,
        more: dict[str, Any],
    ) -> None:
        """Take a moment that a journey raised."""
        if verdict != "taken":
            return
        behind = self._moved.get(visit, turn.now)
        self._behind[more["key"]] = behind
        name = more["moment"]
        readers = self._readers.get(name)
        if readers is None:
            return
        key = more["key"]
        if isinstance(step, SendSignal):
            given = {field: value.of(turn) for field, value in step.values}
            self.values[key] = tuple(given.get(field) for field, _read in readers)
        values = self.values.get(key) or (None,) * len(readers)
        self.raised[name].append((turn.now, turn.now, turn.person.number, values))

    def message(
        self,
        turn: Turn,
        visit: Visit,
        step: Step | Seen | None,
        verdict: str,
        reason: str,
        more: dict[str, Any],
    ) -> None:
        """Take what became of a message."""
        is_to_desk = isinstance(step, Seen) and ("desk" in more or reason == "no_desk")
        if verdict not in MESSAGE_ENDS or is_to_desk or not isinstance(step, Sending | Seen):
            return
        if verdict != "sent":
            channel = more.get("channel", "")
            self.left.append(
                Left(turn.now, visit.journey, self.seen(step), verdict, reason, channel)
            )
            return
        age = turn.now - self._moved.get(visit, visit.started)
        self.sent.append(
            Sent(
                turn.now, turn.person.number, visit.journey, self.seen(step), more["message"], more["told"], more["channel"],
                more["purpose"], more["contact"], more["key"], age, visit.cause,
            )
        )  # fmt: skip

    def task(
        self,
        turn: Turn,
        visit: Visit,
        step: Step | Seen | None,
        verdict: str,
        _r: str,
        more: dict[str, Any],
    ) -> None:
        """Take what became of a task."""
        assert step is not None, "a task has a step"
        place = visit, step.id
        if verdict == "taken":
            handed = Handed(turn.now, turn.person.number, visit.journey, self.seen(step), more)
            self._open[place] = handed
            self.tasks.append(handed)
        else:
            self._open.pop(place, None)

    def wait(
        self,
        turn: Turn,
        visit: Visit,
        step: Step | Seen | None,
        verdict: str,
        reason: str,
        more: dict[str, Any],
    ) -> None:
        """Take that a desk answered, or did not in time."""
        if verdict == "taken" and "desk" in more and step is not None:
            handed = self._open.pop((visit, step.id), None)
            if handed is not None:
                if reason == "answered":
                    handed.answered = turn.now
                else:
                    handed.ran_out = turn.now


NOTED: dict[str, Callable[..., None]] = {
    "entry": Notes.entry,
    "outcome": Notes.outcome,
    "label": Notes.label,
    "branch": Notes.branch,
    "signal": Notes.signal,
    "message": Notes.message,
    "task": Notes.task,
    "wait": Notes.wait,
}
