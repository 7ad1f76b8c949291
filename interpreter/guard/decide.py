"""The consent guard. Rule: whoever may not clearly be written to may not be written to, and the decision says why.

`decide` looks at one message, one person and one channel. The checks stand in the order in which they are read; the first
that says something decides. A legal message is treated as a transactional one.
"""

from __future__ import annotations

from verbline.interpreter.guard.caps import NEVER
from verbline.interpreter.guard.consent import KIND_OF_CHANNEL
from verbline.interpreter.guard.fold import ABSENT, GRANTED
from verbline.interpreter.guard.fold import state as state_of
from verbline.interpreter.guard.health import (
    COMPLAINED,
    INVALID,
    SUPPRESSED,
    health_of,
    of_addresses,
    paused_until,
    rests_until,
)
from verbline.interpreter.guard.heard import Asked, merged_into
from verbline.interpreter.guard.holds import held_if_relaxed, held_until
from verbline.interpreter.guard.merged import state_of_merged
from verbline.interpreter.guard.plain import plainly
from verbline.interpreter.guard.policy import NONE
from verbline.interpreter.guard.question import Address
from verbline.interpreter.guard.regimes import (
    FREE,
    MARKETING,
    RECOGNITION,
    SERVICE,
    UNSENT,
    confirmed_within,
    judged,
    regime_of,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from verbline.interpreter.guard.consent import Consent
    from verbline.interpreter.guard.fold import State
    from verbline.interpreter.guard.policy import Policy, Row
    from verbline.interpreter.guard.question import Contact, Person, Question

ALLOW, DENY, DEFER = "allow", "deny", "defer"
COMPLAINT = SUPPRESSED[COMPLAINED]
# Where the person is asked, and no address.
NOBODYS = (None,)


class Decision:
    """``verdict`` is allow, deny or defer; ``until`` when to ask again; ``evidence`` the places of the events in the ledger.

    ``policy`` is the version of the country table, ``regime`` and ``state`` what was held against each other.
    """

    __slots__ = ("contact", "evidence", "policy", "reason", "regime", "state", "until", "verdict")

    def __init__(
        self,
        verdict: str,
        reason: str,
        contact: Contact | None,
        policy: str,
        regime: str = "",
        state: State | None = None,
        until: int | None = None,
    ) -> None:
        self.verdict = verdict
        self.reason = reason
        self.contact = contact
        self.policy = policy
        self.regime = regime
        self.state = state.name if state is not None else ""
        self.evidence = state.evidence if state is not None else ()
        self.until = until

    def __repr__(self) -> str:
        return f"Decision({self.verdict} {self.reason} {self.until or ''})"


def decide(question: Question, person: Person, policy: Policy) -> Decision:
    """Return whether the message of ``question`` may go to ``person`` by its channel now and where, or until when not."""
    plain = plainly(question, person, policy)
    if plain is None:
        return decide_in_full(question, person, policy)
    terms, contact, evidence = plain
    is_allowed, reason = terms.yes if evidence else terms.bare
    decision = Decision(
        ALLOW if is_allowed else DENY, reason, contact, policy.version, terms.regime
    )
    decision.state = GRANTED if evidence else ABSENT
    decision.evidence = evidence
    return decision


def decide_in_full(question: Question, person: Person, policy: Policy) -> Decision:
    """Return the same as `decide`, whatever the case."""
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
    rare = of_addresses(consents)
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
        wait = waiting(asked, rare, at, known) if rare else (None, "")
        until, why = held_until(question, person, policy, cls, row, wait)
    if until is None:
        return Decision(ALLOW, reason, contact, policy.version, regime, state)
    if until >= NEVER:
        return Decision(DENY, why, contact, policy.version, regime, state)
    return Decision(DEFER, why, contact, policy.version, regime, state, until)


def waiting(
    asked: Asked, rare: Sequence[Consent], at: int, known: int | None
) -> tuple[int | None, str]:
    """Return until when nothing is sent because of the address or of the person's own wish, and why; None where it is."""
    pause, rest = paused_until(asked, rare, at, known), rests_until(asked, rare, at, known)
    if rest is not None and (pause is None or rest > pause):
        return rest, "soft_bounces"
    return pause, "paused"


def asked_of(
    question: Question, cls: str, row: Row, person: Person, contact: Contact | None
) -> Asked:
    """Return what the record is asked about one address."""
    sending = question.sending
    purpose = sending.purpose
    key = None if contact is None else f"{contact.kind}:{contact.value}"
    asked = Asked(person.id, key, question.channel, purpose, question.clock, row)
    asked.topic = sending.topic
    asked.confirm = confirmed_within(purpose, cls, row)
    if contact is not None:
        asked.epoch = contact.epoch
    if person.merged:
        asked.merged = merged_into(person.id, person.merged, person.consents)
    return asked


def unfit_because(
    asked: Asked, contact: Contact | None, consents: Sequence[Consent], at: int, known: int | None
) -> str:
    """Return the reason code of what stands against the address, or nothing."""
    if contact is None:
        return ""
    if contact.health:
        return SUPPRESSED.get(contact.health, SUPPRESSED[INVALID])
    return health_of(asked, consents, at, known) if consents else ""
