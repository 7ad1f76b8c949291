"""The consent guard. Rule: whoever may not clearly be written to may not be written to, and the decision says why.

`decide` looks at one message, one person and one channel. The checks stand in the order in which they are read; the first
that says something decides. A legal message is treated as a transactional one.
"""

from __future__ import annotations

from verbline.interpreter.guard.caps import NEVER
from verbline.interpreter.guard.consent import KIND_OF_CHANNEL
from verbline.interpreter.guard.fold import (
    ABSENT,
    BARE,
    DENIED,
    EXPIRED,
    GRANTED,
    IMPLIED,
    PENDING,
    SOFT,
)
from verbline.interpreter.guard.fold import state as state_of
from verbline.interpreter.guard.health import (
    COMPLAINED,
    INVALID,
    RARE,
    SUPPRESSED,
    health_of,
    paused_until,
)
from verbline.interpreter.guard.heard import Asked, merged_into
from verbline.interpreter.guard.merged import state_of_merged
from verbline.interpreter.guard.policy import IMPLIED as OR_IMPLIED
from verbline.interpreter.guard.policy import NONE, OPT_IN, OPT_OUT
from verbline.interpreter.guard.purpose import CONFIRM_WITHIN
from verbline.interpreter.guard.question import Address, Decision

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from verbline.interpreter.guard.consent import Consent
    from verbline.interpreter.guard.fold import State
    from verbline.interpreter.guard.policy import Policy, Row
    from verbline.interpreter.guard.purpose import Length, Purpose
    from verbline.interpreter.guard.question import Contact, Person, Question, Sending
    from verbline.interpreter.guard.quiet import Quiet

ALLOW, DENY, DEFER = "allow", "deny", "defer"
MARKETING, SERVICE, TRACKING, RECOGNITION = "marketing", "service", "tracking", "recognition"
# A class that no consent holds back -> what its messages are sent for.
FREE = {"transactional": "transactional", "legal": "legal_duty"}
# Classes that are no messages: they are never held for a better hour.
UNSENT = frozenset((TRACKING, RECOGNITION))
# What a service message rests on -> why it may go out before a no.
GROUNDS = {
    "contract": "contract",
    "legitimate": "legitimate_interest",
    "duty": "legal_duty",
    "consent": "consent",
}
# What is missing.
LACKING = {
    ABSENT: "no_consent",
    BARE: "no_evidence",
    EXPIRED: "expired",
    SOFT: "soft_opt_in_not_applicable",
    IMPLIED: "no_consent",
}
COMPLAINT = SUPPRESSED[COMPLAINED]
# Where the person is asked, and no address.
NOBODYS = (None,)
# Channels by which the link of a confirmation can be sent.
LINKED = frozenset(("email", "sms", "whatsapp", "push", "app"))


def decide(question: Question, person: Person, policy: Policy) -> Decision:
    """Return whether the message of ``question`` may go to ``person`` by its channel now and where, or until when not."""
    sending = question.sending
    purpose, channel, topic = sending.purpose, question.channel, sending.topic
    if channel not in purpose.channels or not (topic is None or topic in purpose.topics):
        return Decision(DENY, "invalid_request", None, policy.version)
    if person.erased:
        return Decision(DENY, "person_erased", None, policy.version)
    cls = purpose.cls
    if sending.promotion and (cls == SERVICE or cls in FREE):
        cls = MARKETING
    if person.disputed and (cls not in FREE or not question.address):
        return Decision(DENY, "identity_uncertain", None, policy.version)
    addresses: Sequence[Contact | None] = NOBODYS
    if cls != RECOGNITION:
        addresses = addresses_of(question, person, cls)
        if not addresses:
            lacking = "contact_not_owned" if question.contact else "no_contact_point"
            return Decision(DENY, lacking, None, policy.version)
    first = None
    for contact in addresses:
        decision = at_address(question, person, policy, cls, contact)
        if decision.verdict != DENY:
            return decision
        first = first or decision
    assert first is not None, "there is an address"
    return first


def addresses_of(question: Question, person: Person, cls: str) -> Sequence[Contact]:
    """Return the addresses to try, verified before unverified, then the newest.

    What no consent holds back may go to the address in the event, and where the person is in dispute only there.
    """
    kind, only = KIND_OF_CHANNEL[question.channel], question.contact
    found = [
        one
        for one in person.contacts
        if one.kind == kind and (not only or f"{kind}:{one.value}" == only)
    ]
    if len(found) > 1:
        found.sort(key=lambda one: (not one.verified, -one.since))
    address = question.address
    if cls in FREE and address.startswith(f"{kind}:") and (not only or only == address):
        value = address[len(kind) + 1 :]
        named = [one for one in found if one.value == value]
        if person.disputed:
            return named or [Address(kind, value)]
        return found if named else [*found, Address(kind, value)]
    return () if person.disputed else found


def at_address(
    question: Question, person: Person, policy: Policy, cls: str, contact: Contact | None
) -> Decision:
    """Return the decision about one address; None where the person is asked and no address."""
    at, known, consents = question.at, question.known, person.consents
    row = policy.row(question.country, question.channel)
    asked = asked_of(question, cls, row, person, contact)
    rare = [one for one in consents if one.act in RARE]
    unfit = unfit_because(asked, contact, consents if rare else (), at, known)
    if unfit and not (unfit == COMPLAINT and cls in FREE):
        return Decision(DENY, unfit, contact, policy.version)
    if cls in FREE:
        regime, state, reason = NONE, None, FREE[cls]
    else:
        state = (state_of_merged if asked.merged else state_of)(asked, consents, at, known)
        regime = regime_of(asked.purpose, cls, row)
        is_allowed, reason = judged(question.sending, cls, regime, row, state)
        if not is_allowed:
            return Decision(DENY, reason, contact, policy.version, regime, state)
    if cls in UNSENT:
        return Decision(ALLOW, reason, contact, policy.version, regime, state)
    if cls in FREE:
        until, why = held_if_relaxed(question, policy, row), "quiet_hours"
    else:
        pause = paused_until(asked, rare, at, known) if rare else None
        until, why = held_until(question, person, policy, cls, row, pause)
    if until is None:
        return Decision(ALLOW, reason, contact, policy.version, regime, state)
    if until >= NEVER:
        return Decision(DENY, why, contact, policy.version, regime, state)
    return Decision(DEFER, why, contact, policy.version, regime, state, until)


def asked_of(
    question: Question, cls: str, row: Row, person: Person, contact: Contact | None
) -> Asked:
    """Return what the record is asked about one address."""
    sending = question.sending
    purpose = sending.purpose
    key = None if contact is None else f"{contact.kind}:{contact.value}"
    asked = Asked(person.id, key, question.channel, purpose, question.zones[0], row)
    asked.topic = sending.topic
    asked.confirm = confirmed_within(purpose, cls, row)
    if contact is not None:
        asked.epoch = contact.epoch
    if person.merged:
        asked.merged = merged_into(person.id, person.merged, person.consents)
    return asked


def confirmed_within(purpose: Purpose, cls: str, row: Row) -> Length | None:
    """Return how long a yes may wait for the link in the first message to be used; None where it counts at once."""
    if purpose.confirm is not None and row.channel in LINKED:
        return purpose.confirm
    is_asked = cls == MARKETING or (cls == SERVICE and purpose.basis == "consent")
    return CONFIRM_WITHIN if row.confirmed and is_asked else None


def unfit_because(
    asked: Asked, contact: Contact | None, consents: Sequence[Consent], at: int, known: int | None
) -> str:
    """Return the reason code of what stands against the address, or nothing."""
    if contact is None:
        return ""
    if contact.health:
        return SUPPRESSED.get(contact.health, SUPPRESSED[INVALID])
    return health_of(asked, consents, at, known) if consents else ""


def regime_of(purpose: Purpose, cls: str, row: Row) -> str:
    """Return what has to be on record before anything goes out; the country decides about marketing alone."""
    if purpose.basis == "consent" or cls in UNSENT:
        return OPT_IN
    return row.regime if cls == MARKETING else OPT_OUT


def judged(sending: Sending, cls: str, regime: str, row: Row, state: State) -> tuple[bool, str]:
    """Return whether what is on record is enough, and the reason code."""
    name, purpose = state.name, sending.purpose
    if name == DENIED:
        return False, state.note
    if name == PENDING:
        return False, "pending_confirmation"
    if regime == OPT_OUT and cls == SERVICE:
        return True, GROUNDS[purpose.basis]
    if name == GRANTED:
        return True, "consent"
    if regime == OPT_OUT:
        return True, "not_opted_out"
    if name == SOFT:
        is_fit = purpose.soft and sending.similar and state.kind in row.soft
        if is_fit and regime == OPT_IN and cls == MARKETING:
            return True, "soft_opt_in"
    if name == IMPLIED and regime == OR_IMPLIED:
        return True, "implied_consent"
    return False, LACKING[name]


def held_if_relaxed(question: Question, policy: Policy, row: Row) -> int | None:
    """Return until when a message waits that nothing holds back, unless its journey has time; None where it may go."""
    if not question.sending.relaxed:
        return None
    end = quiet_until(question, policy, row, question.at)
    if end is None or question.latest is None:
        return end
    return min(end, question.latest) if question.latest > question.at else None


def held_until(
    question: Question, person: Person, policy: Policy, cls: str, row: Row, pause: int | None
) -> tuple[int | None, str]:
    """Return until when the message has to wait and why: None where it may go now, `NEVER` where it would be stale."""
    at, zone = question.at, question.zones[0]
    until, why = pause, "paused"
    for cap in question.sending.caps:
        if cap.only and cap.only != cls:
            continue
        frees = cap.frees(person.accepted, at, zone)
        if frees is not None and (until is None or frees > until):
            until, why = frees, "frequency_cap"
    if until is None:
        return quiet_until(question, policy, row, at), "quiet_hours"
    if until < NEVER:
        until = quiet_until(question, policy, row, until) or until
    return (until if is_fresh(question, policy, row, until) else NEVER), why


def is_fresh(question: Question, policy: Policy, row: Row, until: int) -> bool:
    """Return whether the message is still fresh at ``until``."""
    limit = question.fresh_until
    if until >= NEVER or limit is None or until <= limit:
        return until < NEVER
    if question.fresh_in_quiet:
        return False
    quiet = quiet_of(question, policy, row)
    return quiet is not None and until - quiet.time_between(question.at, until) <= limit


def quiet_until(question: Question, policy: Policy, row: Row, at: int) -> int | None:
    """Return when the quiet at ``at`` is over; None where it is not quiet."""
    quiet = quiet_of(question, policy, row)
    return None if quiet is None else quiet.end_of(at)


def quiet_of(question: Question, policy: Policy, row: Row) -> Quiet | None:
    """Return the quiet of the country, the journey and the person together; None where nobody wants any."""
    spans = row.quiet + question.sending.quiet + question.wishes
    return policy.quiet(spans, question.zones) if spans else None
