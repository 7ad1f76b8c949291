"""The ledger as JSON, for a person or an authority. Rule: everything on record is told, in both times; nothing is added.

`whole` is every event as it is kept. `records` are consent records with the members of ISO/IEC TS 27560, in the words of
the Data Privacy Vocabulary: one record for each address, channel, purpose and topic, with the states it went through.
"""

from __future__ import annotations

from verbline.interpreter.guard.consent import EVERY, NO, SUBJECT, Consent, ordered
from verbline.interpreter.step.records import instant_text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from typing import Any, TypeAlias

    from verbline.runtime.consent.ledger import Ledger
    from verbline.runtime.consent.rows import Said

    Part: TypeAlias = tuple[str | None, str, str, str | None]

FORMAT = 1
SCHEMA = "https://w3id.org/dpv/schema/iso-27560#record"
CONTEXT = {"dpv": "https://w3id.org/dpv#", "dct": "http://purl.org/dc/terms/"}
REQUESTED, GIVEN, REFUSED, WITHDRAWN = "ConsentRequested", "ConsentGiven", "ConsentRefused", "ConsentWithdrawn"  # fmt: skip
EXPIRED, INVALIDATED, RENEWED, UNKNOWN = "ConsentExpired", "ConsentInvalidated", "ConsentRenewed", "ConsentUnknown"  # fmt: skip
HOLDS = frozenset((GIVEN, RENEWED))


def whole(ledger: Ledger, people: Sequence[str], contacts: Sequence[str]) -> dict[str, Any]:
    """Return every event of ``people`` and ``contacts``, with the words that were shown, and where the ledger stands."""
    events = [event(ledger, one) for one in ledger.said(people, contacts)]
    return {
        "format": FORMAT,
        "people": list(people),
        "contacts": list(contacts),
        "events": events,
        "anchor": str(ledger.last()),
    }


def event(ledger: Ledger, said: Said) -> dict[str, Any]:
    """Return one event; what is not there is null."""
    one = said.consent
    return {
        "seq": one.seq,
        "at": instant_text(one.at),
        "recorded": instant_text(one.known),
        "act": one.act,
        "actor": one.actor,
        "source": one.source or None,
        "person": one.person,
        "contact": one.contact,
        "holder": one.epoch,
        "channel": one.channel,
        "purpose": one.purpose,
        "topic": one.topic,
        "basis": one.basis,
        "evidence": one.complete,
        "until": None if one.until is None else instant_text(one.until),
        "corrects": one.corrects,
        "notice": said.notice or None,
        "words": ledger.words(said.notice) if said.notice else None,
        "record": said.record or None,
        "cause": {"source": said.sender, "id": said.event} if said.event else None,
    }


def records(
    ledger: Ledger, people: Sequence[str], contacts: Sequence[str], controller: str, now: int
) -> list[dict[str, Any]]:
    """Return the consent records of ``people`` and ``contacts`` as they stand at ``now``.

    A permission that rests on a sale or an inquiry is no consent, and stands in `whole` alone.
    """
    said = ledger.said(people, contacts)
    by_seq = {one.consent.seq: one for one in said}
    consents = ordered(one.consent for one in said if one.consent.basis == "consent")
    found = []
    for part in parts(consents):
        states = states_of((one for one in consents if covers(one, part)), now)
        number = next(seq for _state, _at, seq in states)
        found.append(record(ledger, part, controller, number, [event_of(by_seq[seq], state, at) for state, at, seq in states]))  # fmt: skip
    return found


def parts(consents: Iterable[Consent]) -> list[Part]:
    """Return the address, channel, purpose and topic of every yes, and of every no that no yes is behind."""
    named = [(one.contact, one.channel, one.purpose, one.topic, one.act) for one in consents]
    yes = dict.fromkeys(part[:4] for part in named if part[4] == "grant")
    no = dict.fromkeys(part[:4] for part in named if part[4] in NO)
    return [*yes, *(part for part in no if part not in yes)]


def covers(one: Consent, part: Part) -> bool:
    """Return whether an event is about ``part``: a yes about exactly this, a no about this or more.

    What a confirmation is about, its token says.
    """
    if one.act == "confirm":
        return True
    contact, channel, purpose, topic = part
    is_this = (one.contact, one.channel, one.purpose, one.topic) == part
    if one.act == "grant":
        return is_this
    return (
        one.act in NO
        and one.contact in (contact, None)
        and one.channel in (channel, EVERY)
        and one.purpose in (purpose, EVERY)
        and one.topic in (topic, None)
    )


def states_of(events: Iterable[Consent], now: int) -> list[tuple[str, int, int]]:
    """Return the states that ``events``, in order, lead through until ``now``: state, since when, by which event."""
    found: list[tuple[str, int, int]] = []
    requests: set[str] = set()
    until: int | None = None
    for one in events:
        if until is not None and until <= one.when and found[-1][0] in HOLDS:
            found.append((EXPIRED, until, found[-1][2]))
        before = found[-1][0] if found else ""
        state = state_after(one, before, requests)
        if state:
            found.append((state, one.when, one.seq))
            until = one.until if state in HOLDS else None if state in (WITHDRAWN, REFUSED, INVALIDATED) else until  # fmt: skip
    if until is not None and until <= now and found[-1][0] in HOLDS:
        found.append((EXPIRED, until, found[-1][2]))
    return found


def state_after(one: Consent, before: str, requests: set[str]) -> str:
    """Return the state that an event leads to; nothing where it changes none. ``requests`` takes tokens that wait."""
    if one.act == "erase":
        return INVALIDATED
    if one.act in NO:
        return WITHDRAWN if before in HOLDS else REFUSED
    if one.act == "confirm":
        if not one.token or one.token not in requests:
            return ""
        requests.discard(one.token)
    elif one.actor != SUBJECT and before in (WITHDRAWN, REFUSED, INVALIDATED):
        return ""
    elif not one.complete:
        return "" if before else UNKNOWN
    elif one.token:
        requests.add(one.token)
        return "" if before in HOLDS else REQUESTED
    return RENEWED if before in HOLDS else GIVEN


def record(
    ledger: Ledger, part: Part, controller: str, number: int, events: list[dict[str, Any]]
) -> dict[str, Any]:
    """Return one consent record; its header, what is processed, the parties, and what happened."""
    contact, channel, purpose, topic = part
    return {
        "@context": CONTEXT,
        "@type": "dpv:ConsentRecord",
        "schema_version": SCHEMA,
        "record_id": f"{number}:{channel}:{purpose}" + (f":{topic}" if topic else ""),
        "pii_principal_id": contact,
        "dpv:hasPurpose": purpose,
        "topic": topic,
        "channel": channel,
        "dpv:hasLegalBasis": "dpv:Consent",
        "dpv:hasDataController": controller,
        "dpv:hasConsentStatus": events[-1]["dpv:hasConsentStatus"],
        "notices": {
            name: ledger.words(name) for name in dict.fromkeys(one["dpv:hasNotice"] for one in events) if name
        },
        "events": events,
    }  # fmt: skip


def event_of(said: Said, state: str, at: int) -> dict[str, Any]:
    """Return a state with when it began, who said so and how, and until when it holds."""
    one = said.consent
    return {
        "dpv:hasConsentStatus": f"dpv:{state}",
        "dpv:isIndicatedAtTime": instant_text(at),
        "recorded": instant_text(one.known),
        "dpv:isIndicatedBy": one.actor,
        "dpv:hasIndicationMethod": one.source or None,
        "dpv:hasNotice": said.notice or None,
        "until": None if one.until is None else instant_text(one.until),
        "entry": one.seq,
    }
