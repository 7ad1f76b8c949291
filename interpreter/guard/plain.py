"""The plain case: one address, and one yes or nothing said. Rule: what is answered here, `decide` would answer word for word.

Most messages go to somebody who has one address and said one thing. What the purpose and the country make of that is worked
out once for a message, a country and a channel; whatever is not plain is left to `decide`.
"""

from __future__ import annotations

from verbline.interpreter.guard.consent import KIND_OF_CHANNEL
from verbline.interpreter.guard.fold import GRANTED, NOTHING_SAID, State
from verbline.interpreter.guard.regimes import (
    FREE,
    UNSENT,
    confirmed_within,
    judged,
    regime_of,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from verbline.interpreter.guard.policy import Policy, Row
    from verbline.interpreter.guard.question import Contact, Person, Question, Sending


class Terms:
    """What one yes, and what nothing at all, are worth to a message in one country by one channel: allowed or not, and why."""

    __slots__ = ("bare", "channel", "key", "kind", "regime", "topic", "yes")

    def __init__(self, sending: Sending, channel: str, row: Row) -> None:
        purpose = sending.purpose
        self.channel = channel
        self.key = purpose.key
        self.topic = sending.topic
        self.kind = KIND_OF_CHANNEL[channel]
        self.regime = regime_of(purpose, purpose.cls, row)
        granted = State(None)
        granted.name = GRANTED
        self.yes = judged(sending, purpose.cls, self.regime, row, granted)
        self.bare = judged(sending, purpose.cls, self.regime, row, NOTHING_SAID)


def terms_of(question: Question, policy: Policy) -> Terms | None:
    """Return the terms of a message; None where more than a yes decides: caps, quiet hours, confirmation, an end of the yes."""
    sending, channel = question.sending, question.channel
    purpose, row = sending.purpose, policy.row(question.country, channel)
    cls = purpose.cls
    if (
        channel not in purpose.channels
        or not (sending.topic is None or sending.topic in purpose.topics)
        or sending.promotion
        or cls in FREE
        or cls in UNSENT
        or purpose.lapses is not None
        or confirmed_within(purpose, cls, row) is not None
        or row.quiet
        or sending.quiet
        or any(not cap.only or cap.only == cls for cap in sending.caps)
    ):
        return None
    return Terms(sending, channel, row)


def plainly(
    question: Question, person: Person, policy: Policy
) -> tuple[Terms, Contact, tuple[int, ...]] | None:
    """Return the terms, the address and the place of the yes in the ledger where the case is plain; None where it is not."""
    known = question.sending.terms
    place = question.country, question.channel, policy
    terms = known[place] if place in known else known.setdefault(place, terms_of(question, policy))
    if terms is None or question.contact or question.wishes or question.known is not None:
        return None
    evidence = stated(terms, person, question.at)
    return None if evidence is None else (terms, person.contacts[0], evidence)


def stated(terms: Terms, person: Person, at: int) -> tuple[int, ...] | None:
    """Return the place in the ledger of the one yes that was said, nothing where nothing was; None where it is not so plain."""
    if person.erased or person.disputed or person.merged:
        return None
    return plainly_stated(terms, person, at)


def plainly_stated(terms: Terms, person: Person, at: int) -> tuple[int, ...] | None:
    """Return the same of a person who is neither erased nor in dispute, and never was another's."""
    contacts, consents = person.contacts, person.consents
    if len(contacts) != 1 or len(consents) > 1:
        return None
    contact = contacts[0]
    if contact.health or contact.kind != terms.kind:
        return None
    if not consents:
        return ()
    one = consents[0]
    if (
        one.act == "grant"
        and one.purpose == terms.key
        and one.channel == terms.channel
        and one.complete
        and one.basis == "consent"
        and one.when <= at
        and one.until is None
        and one.corrects is None
        and (one.topic is None or one.topic == terms.topic)
        and one.epoch == contact.epoch
        and one.person == person.id
        and one.contact == f"{contact.kind}:{contact.value}"
    ):
        return (one.seq,)
    return None
