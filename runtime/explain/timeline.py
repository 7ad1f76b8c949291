"""One person's time, in order. Rule: what happened comes before what it led to, and everything says where it stands.

An entry is an event, a change of who the person is, something they said about being written to, or a record of the trace
with its trigger, its evidence, and what is known today that was not known then.
"""

from __future__ import annotations

from operator import itemgetter

from verbline.interpreter.reasons import reason
from verbline.interpreter.scenarios.telling import in_words_of
from verbline.interpreter.step.records import instant_text
from verbline.runtime.explain.evidence import Evidence
from verbline.runtime.explain.rows import instant

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any, TypeAlias

    from verbline.interpreter.person.record import Cause
    from verbline.runtime.consent.rows import Said
    from verbline.runtime.consent.standing import Standing
    from verbline.runtime.explain.case import Case
    from verbline.runtime.explain.rows import Row
    from verbline.runtime.explain.seen import Seen
    from verbline.runtime.explain.words import Words

    # When, its place among what happened at that instant, and what is told.
    Entry: TypeAlias = "tuple[tuple[int, int, int], dict[str, Any]]"

# What happens at an instant comes first; timers come after all of it.
LAST = 1 << 40
# Of one event: who it showed somebody to be, what it said about being written to, what came of it.
WHO, SAID, TOLD = 1 << 20, 1 << 40, 1 << 60
NOTES = {"merge": "joined", "split": "parted", "not same": "not-same", "forget": "forgotten"}
ANSWERS = {"verbline.desk.answered": "desk-answered", "verbline.question.answered": "answered"}
MESSAGE = "verbline.message."
VERDICTS = {"allow": "may", "deny": "may-not", "defer": "may-later"}


class Timeline:
    """Tells a case in its order."""

    def __init__(self, case: Case, words: Words) -> None:
        self.case = case
        self.words = words
        self.evidence = Evidence(case, words)
        self._words: list[Said] | None = None
        self._named: dict[Cause, int] = {}
        self._places: dict[Cause, tuple[int, int]] = {}

    def told(self, journey: str = "") -> list[dict[str, Any]]:
        """Return all entries in their order; of the records those of one ``journey``, where it is named."""
        found = [*self._events(), *self._identity(), *self._consents(), *self._records(journey)]
        return [entry for _place, entry in sorted(found, key=itemgetter(0))]

    def _events(self) -> Iterator[Entry]:
        """Yield what happened to the person."""
        words = self.words
        for number, one in enumerate(self.case.seen):
            event, what = words.cause(*one.cause), self.what(one)
            said = words.word("happened", what=what, event=event)
            if one.is_late:
                said = words.word("happened-late", what=what, event=event, at=words.at(one.happened))  # fmt: skip
            told = {"at": instant_text(one.known), "what": "event", "said": said, "event": one.told()}  # fmt: skip
            yield (one.known, number, 0), told

    def what(self, one: Seen) -> str:
        """Return what an event is, by its moments, else by its type."""
        key = ANSWERS.get(one.type)
        if key is not None:
            values = {name: one.data.get(name, "") for name in ("desk", "answer")}
            return self.words.word(key, **values)
        if one.type.startswith(MESSAGE):
            return self.words.delivered(one.type.removeprefix(MESSAGE), one.data)
        named = ", ".join(f'"{name}"' for name in one.moments)
        return named or self.words.word("came", type=one.type)

    def _identity(self) -> Iterator[Entry]:
        """Yield who turned out to be the person, or not."""
        for number, one in enumerate(self.case.told["history"]):
            at = instant(one["at"])
            key = NOTES.get(one["what"], "noted")
            people = [*one["people"], "", ""]
            how = ": ".join(part for part in (self.words.joined(one["how"]), one["said"]) if part)
            said = self.words.word(key, one=people[0], other=people[1], what=one["what"], how=how)
            if self._is_told(at):
                told = {"at": one["at"], "what": "identity", "said": said, "identity": one}
                through = self._through(at)
                place = LAST - 2 if through is None else self._place(through, at)
                if through is not None:
                    told["through"] = {"source": through[0], "id": through[1]}
                yield (at, place, WHO + number), told

    def _through(self, at: int) -> Cause | None:
        """Return the event by which a change of who the person is became known: the only one of its instant."""
        then = [one for one in self.case.seen if one.known == at]
        return then[0].cause if len(then) == 1 else None

    def _place(self, cause: Cause, at: int, otherwise: int = LAST) -> int:
        """Return the place of an event among those of an instant, so that what came of it stands behind it."""
        if len(self._places) != len(self.case.seen):
            self._places = {one.cause: (one.known, number) for number, one in enumerate(self.case.seen)}  # fmt: skip
        known, place = self._places.get(cause, (None, otherwise))
        return place if known == at else otherwise

    def _consents(self) -> Iterator[Entry]:
        """Yield what was said about being written to, when it became known."""
        for one in self.consents():
            if self._is_told(one.consent.known):
                item = self.evidence.entry(one)
                told = {"at": item["recorded"], "what": "consent", "said": item.pop("said"), "consent": item}  # fmt: skip
                known = one.consent.known
                place = self._place((one.sender, one.event), known, LAST - 1)
                yield (known, place, SAID + one.consent.seq), told

    def consents(self) -> list[Said]:
        """Return what the person said, and what was said at their addresses."""
        if self._words is None:
            self._words = self.case.words()
        return self._words

    def _is_told(self, at: int) -> bool:
        return self.case.at is None or at <= self.case.at

    # Records

    def _records(self, journey: str) -> Iterator[Entry]:
        """Yield the records, each behind the event that led to it, or behind all events of its instant."""
        for number, row in enumerate(self.case.rows):
            if journey and row.journey != journey:
                continue
            yield (row.at, self._place(row.cause, row.at), TOLD + number), self.record(row)

    def record(self, row: Row) -> dict[str, Any]:
        """Return a record with all that explains it."""
        told: dict[str, Any] = {
            "at": row.told["at"],
            "what": "record",
            "said": in_words_of(self.words, row, row.person),  # type: ignore[arg-type]  # it has all that is asked
            "line": row.line,
            "sentence": self.case.texts.place(row.line, row.journey, row.version).sentence,
            "trigger": self.trigger(row),
            "evidence": self.evidence.of(row),
        }
        if row.kind == "message":
            told |= self.then_and_now(row)
        left = self.case.left.get(str(row.more.get("key", "")))
        if left is not None:
            said = self.words.word(f"left-{left.state}", at=self.words.at(left.changed))
            changed = instant_text(left.changed)
            told["left"] = {"state": left.state, "attempts": left.attempts, "changed": changed, "said": said}  # fmt: skip
        return told | {"record": dict(row.told)}

    def trigger(self, row: Row) -> dict[str, Any]:
        """Return what led to a record: an event, or that the time had come."""
        words = self.words
        event = self.case.event(row.cause)
        if event is not None and event.known == row.at:
            said = words.word("trigger-event", what=self.what(event), event=words.cause(*event.cause))  # fmt: skip
            return {"what": "event", **event.told(), "said": said}
        if not row.cause[1]:
            return {"what": "time", "said": words.word("trigger-time-alone")}
        cause = {"source": row.cause[0], "id": row.cause[1]}
        if event is None and self.first_named(row) == row.at:
            said = words.word("trigger-event-alone", event=words.cause(*row.cause))
            return {"what": "event", **cause, "said": said}
        known = {} if event is None else {"event": event.told()}
        said = words.word("trigger-time", event=words.cause(*row.cause))
        return {"what": "time", **cause, **known, "said": said}

    def first_named(self, row: Row) -> int:
        """Return when the event that a record names was known: where it is not at hand, when the first record names it."""
        if not self._named:
            for one in self.case.rows:
                self._named.setdefault(one.cause, one.at)
        return self._named.get(row.cause, row.at)

    def then_and_now(self, row: Row) -> dict[str, Any]:
        """Return how the guard's answer about a message is known today, and what became known only later."""
        then, now = self.evidence.standing(row), self.evidence.standing(row, now=True)
        if then is None or now is None:
            return {}
        found: dict[str, Any] = {"was_known": answer(then), "is_known": answer(now)}
        if (then.verdict, then.reason, then.state) != (now.verdict, now.reason, now.state):
            said = self.words.word("then-now", said=self._verdict(now))
            found["differs"] = {"said": said}
        later = [*self._later(row), *self._late_events(row)]
        return found | ({"came_later": later} if later else {})

    def _verdict(self, one: Standing) -> str:
        why = reason(one.reason, self.words.language, purpose=one.purpose, channel=one.channel)
        return self.words.word(VERDICTS[one.verdict], reason=why)

    def _later(self, row: Row) -> Iterator[dict[str, Any]]:
        """Yield what was said before a record about its purpose, and recorded only after it."""
        purpose = self.evidence.purpose(row)
        for one in self.consents():
            said = one.consent
            concerns = purpose is not None and said.purpose in (purpose.key, "*")
            if concerns and said.when <= row.at < said.known:
                yield self.evidence.entry(one)

    def _late_events(self, row: Row) -> Iterator[dict[str, Any]]:
        """Yield what happened before a record and became known only after it."""
        words = self.words
        for one in self.case.seen:
            if one.moments and one.is_late and one.happened <= row.at < one.known:
                event = words.cause(*one.cause)
                said = words.word("happened-late", what=self.what(one), event=event, at=words.at(one.happened))  # fmt: skip
                yield {"what": "event", **one.told(), "said": said}


def answer(one: Standing) -> dict[str, Any]:
    """Return what was on record, and what the guard says of it."""
    return {
        "state": one.state or None,
        "verdict": one.verdict,
        "reason": one.reason,
        "evidence": list(one.evidence),
    }
