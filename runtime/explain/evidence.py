"""What a record rests on. Rule: each kind of reason has its kind of evidence, and what was known then is asked of the ledger as it was then.

The line that spoke is evidence of every record. Beside it stand entries of the ledger, clauses of the journey, declarations,
addresses, earlier visits or messages, or the fields that were looked at.
"""

from __future__ import annotations

from verbline.interpreter.guard.consent import KIND_OF_CHANNEL
from verbline.interpreter.guard.question import Sending
from verbline.runtime.consent.exports import event as entry_of
from verbline.runtime.consent.standing import Somebody, person_of, standing
from verbline.runtime.explain.conditions import asked
from verbline.runtime.explain.rows import instant, real

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any, TypeAlias

    from verbline.interpreter.guard.purpose import Purpose
    from verbline.runtime.consent.rows import Said
    from verbline.runtime.consent.standing import Standing
    from verbline.runtime.explain.case import Case
    from verbline.runtime.explain.rows import Row
    from verbline.runtime.explain.words import Words

    Item: TypeAlias = "dict[str, Any]"

# Reasons that the ledger gives.
ON_RECORD = frozenset({
    "consent", "implied_consent", "soft_opt_in", "not_opted_out", "opted_out", "objected", "expired", "pending_confirmation",
    "no_evidence", "grant_not_from_subject", "soft_opt_in_not_applicable", "no_consent", "paused", "suppressed_bounce",
    "suppressed_complaint", "suppressed_erased", "suppressed_invalid", "soft_bounces",
})  # fmt: skip
# Reasons that the declaration of the purpose gives.
OF_PURPOSE = frozenset({"contract", "legitimate_interest", "transactional", "legal_duty", "invalid_request"})  # fmt: skip
# Reasons that a clause of the journey gives, and the shapes of the clause.
CLAUSES = {
    "segment_left": ("only_for", "except_for"),
    "not_in_segment": ("only_for",),
    "excepted": ("except_for",),
    "not_verified": ("only_verified",),
    "closed": ("takes_in_until",),
    "entry_brake": ("entry_brake",),
    "too_soon": ("again_after",),
    "ran_before": ("once_per",),
    "already_running": ("once_per", "again_after"),
    "no_correlation_value": ("once_per",),
    "gave_up": ("gives_up",),
    "stopped": ("stops_when", "stops_segment", "stops_withdrawn"),
    "journey_stopped": ("stops_when", "stops_segment", "stops_withdrawn", "gives_up"),
    "quiet_hours": ("quiet",),
    "frequency_cap": ("cap",),
}
# Records that say which way was taken.
DECIDES = frozenset({"branch", "label"})
# Reasons that an earlier visit gives.
EARLIER = frozenset({"too_soon", "ran_before", "already_running"})
PURPOSE_LINES = (
    "is_transactional", "is_service", "is_marketing", "is_legal", "is_tracking", "is_recognition", "rests_on",
    "also_rests_on", "covers",
)  # fmt: skip


class Evidence:
    """Finds what the records of one case rest on."""

    def __init__(self, case: Case, words: Words) -> None:
        self.case = case
        self.words = words

    def of(self, row: Row) -> list[Item]:
        """Return what a record rests on, each with a sentence."""
        return [
            *([self.line(row)] if row.line else ()),
            *self._read(row),
            *self._address(row),
            *self._ledger(row),
            *self._purpose(row),
            *self._clauses(row),
            *self._earlier(row),
        ]

    def line(self, row: Row) -> Item:
        """Return the line that spoke, as it stood in the version of the record."""
        place = self.case.texts.place(row.line, row.journey, row.version)
        said = place.sentence or self.words.word("text-gone")
        return {"what": "line", **place.told(), "said": self._at_line(place.line, said)}

    def _at_line(self, line: str, sentence: str) -> str:
        return self.words.word("rests-on-line", line=line, sentence=sentence)

    def _read(self, row: Row) -> Iterator[Item]:
        """Yield the fields that a condition looked at."""
        for field, value in row.read.items():
            said = self.words.word("looked-at", field=field, value=self.words.value(real(value)))
            yield {"what": "field", "field": field, "value": value, "said": said}
        if row.kind in DECIDES:
            yield from asked(self, row)

    def _address(self, row: Row) -> Iterator[Item]:
        """Yield how the address of a message was known, or that none was."""
        if row.kind == "entry" and row.reason == "no_contact_point":
            journey = self.case.program.version_of(row.journey, row.version)
            for channel in journey.channels if journey is not None else ():
                yield self._none(channel)
        if row.kind != "message" or row.is_to_desk:
            return
        channel = str(row.more.get("channel", ""))
        kind = KIND_OF_CHANNEL.get(channel, "")
        contact = row.more.get("contact")
        if contact:
            yield from self._held(kind, str(contact))
        elif row.reason == "no_contact_point":
            yield self._none(channel)

    def _none(self, channel: str) -> Item:
        said = self.words.word("no-address", channel=channel)
        return {"what": "no address", "channel": channel, "said": said}

    def _held(self, kind: str, value: str) -> Iterator[Item]:
        for one in self.case.told["identifiers"]:
            if (one["kind"], one["value"]) == (kind, value) and one["since"] is not None:
                yield {"what": "address", "address": f"{kind}:{value}", **self.since(one, value)}

    def since(self, one: dict[str, Any], name: str) -> Item:
        """Return since when an identifier was known, how, and by which event, with a sentence about ``name``."""
        at = instant(one["since"])
        event = self._brought(at, one["value"])
        values = {"address": name, "at": self.words.at(at), "how": self.words.word(f"how-{one['how']}")}  # fmt: skip
        if event is None:
            return {"since": one["since"], "how": one["how"], "said": self.words.word("address-known", **values)}  # fmt: skip
        said = self.words.word("address-known-by", **values, event=self.words.cause(*event))
        cause = {"source": event[0], "id": event[1]}
        return {"since": one["since"], "how": one["how"], "event": cause, "said": said}

    def _brought(self, at: int, value: str) -> tuple[str, str] | None:
        """Return the event that brought an identifier at an instant."""
        then = [one for one in self.case.seen if one.known == at]
        named = [one for one in then if value in map(str, one.data.values())]
        return next((one.cause for one in (*named, *then)), None)

    # Consent

    def standing(self, row: Row, *, now: bool = False) -> Standing | None:
        """Return where the person stood with a message when it was decided, or how that is known ``now``; None where nothing asks."""
        purpose = self.purpose(row)
        channel = str(row.more.get("channel", ""))
        if purpose is None or channel not in KIND_OF_CHANNEL:
            return None
        return self.stood(row, purpose, channel, self._topic(row), now=now)

    def stood(
        self, row: Row, purpose: Purpose, channel: str, topic: str, *, now: bool = False
    ) -> Standing:
        """Return where the person stood with a purpose and a channel at the instant of a record; ``now`` as that is known today."""
        case = self.case
        known = None if now else case.ledger.seq_at(row.at)
        held = case.contacts(row.at)
        kind, contact = KIND_OF_CHANNEL[channel], str(row.more.get("contact", ""))
        if not contact:
            contact = next((value for one, value in held if one == kind), "")
        elif (kind, contact) not in held:
            held.append((kind, contact))
        who = Somebody(row.person, case.ids, held, case.values)
        person = person_of(case.ledger, who, known)
        key = f"{kind}:{contact}" if contact else ""
        sending = Sending(purpose, topic)
        return standing(case.program, person, sending, (channel, key, row.at, known))

    def purpose(self, row: Row) -> Purpose | None:
        """Return the purpose under which a message to the person was decided; None where it is no such message."""
        if row.kind != "message" or row.is_to_desk or row.more.get("told") == "confirmation":
            return None
        return self.case.program.purposes.get(str(row.more.get("purpose", "")))

    def _topic(self, row: Row) -> str:
        program = self.case.program
        journey = program.version_of(row.journey, row.version) or program.journeys.get(row.journey)
        step = journey.steps.get(row.step) if journey is not None else None
        return str(getattr(step, "topic", "") or "")

    def _ledger(self, row: Row) -> Iterator[Item]:
        """Yield the entries of the ledger that decided, or that there were none."""
        if row.reason not in ON_RECORD or row.kind != "message":
            return
        found = self.standing(row)
        entries = {one.consent.seq: one for one in self.case.words()}
        places = [] if found is None else [one for one in found.evidence if one in entries]
        for seq in places:
            yield self.entry(entries[seq])
        if not places:
            contact = "" if found is None else found.contact
            channel = str(row.more.get("channel", ""))
            yield self.no_entry(str(row.more.get("purpose", "")), channel, self._topic(row), contact)  # fmt: skip

    def no_entry(self, purpose: str, channel: str, topic: str, contact: str = "") -> Item:
        """Return that nothing about something was on record then."""
        named = {"purpose": purpose, "channel": channel or "*", "topic": topic, "contact": contact}
        said = self.words.word("nothing-on-record", about=self.words.about(named))
        return {"what": "no entry", "said": said}

    def entry(self, said: Said) -> Item:
        """Return an entry of the ledger with a sentence."""
        told = entry_of(self.case.ledger, said)
        sentence = self.words.entry(told, said.consent.when, said.consent.known)
        return {"what": "consent", **told, "said": sentence}

    # What is declared

    def _purpose(self, row: Row) -> Iterator[Item]:
        """Yield what the declaration of the purpose says."""
        if row.reason in OF_PURPOSE and row.kind == "message":
            name = str(row.more.get("purpose", ""))
            found = self.case.texts.declared("purpose", name, *PURPOSE_LINES)
            if found:
                sentence = f"{found[0].sentence}: {'; '.join(one.sentence for one in found[1:])}"
                said = self._at_line(found[0].line, sentence)
                yield {"what": "purpose", "line": found[0].line, "sentence": sentence, "said": said}

    def _clauses(self, row: Row) -> Iterator[Item]:
        """Yield the clauses of the journey that decided, or where it has none, what holds for all."""
        shapes = CLAUSES.get(row.reason, ())
        found = self.case.texts.clauses(row.journey, row.version, *shapes) if shapes else []
        for place in found:
            said = self._at_line(place.line, place.sentence)
            yield {"what": "clause", **place.told(), "said": said}
        if row.reason == "quiet_hours":
            yield {"what": "country", "said": self.words.word("country-hours")}
        if row.reason == "frequency_cap":
            yield from self._capped(row)

    def _capped(self, row: Row) -> Iterator[Item]:
        """Yield the last messages that went out before one that a cap stopped."""
        before = [one for one in self.case.rows if one.at <= row.at and one.kind == "message" and one.verdict == "sent" and not one.is_to_desk]  # fmt: skip
        for one in before[-5:]:
            said = self.words.word("earlier-message", message=one.message, at=self.words.at(one.at))
            yield {"what": "message", "at": one.told["at"], "message": one.message, "said": said}

    def _earlier(self, row: Row) -> Iterator[Item]:
        """Yield the visit that keeps another one out, and when a message that is stale was reached."""
        if row.reason in EARLIER:
            entries = [one for one in self.case.rows if (one.kind, one.verdict, one.journey) == ("entry", "taken", row.journey) and one.at <= row.at]  # fmt: skip
            for one in entries[-1:]:
                said = self.words.word("earlier-visit", at=self.words.at(one.at), event=self.words.cause(*one.cause))  # fmt: skip
                yield {"what": "visit", "visit": one.visit, "at": one.told["at"], "said": said}
        if row.reason == "stale":
            reached = [one for one in self.case.rows if one.visit == row.visit and one.step == row.step and one.at <= row.at]  # fmt: skip
            for one in reached[:1]:
                said = self.words.word("reached", at=self.words.at(one.at))
                yield {"what": "reached", "at": one.told["at"], "said": said}
