"""What has to be on record, and whether it is enough. Rule: each state has its answer in each regime; unknown is no."""

from __future__ import annotations

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
from verbline.interpreter.guard.policy import IMPLIED as OR_IMPLIED
from verbline.interpreter.guard.policy import OPT_IN, OPT_OUT
from verbline.interpreter.guard.purpose import CONFIRM_WITHIN

TYPE_CHECKING = False
if TYPE_CHECKING:
    from verbline.interpreter.guard.fold import State
    from verbline.interpreter.guard.policy import Row
    from verbline.interpreter.guard.purpose import Length, Purpose
    from verbline.interpreter.guard.question import Sending

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
}
# What is missing.
LACKING = {
    ABSENT: "no_consent",
    BARE: "no_evidence",
    EXPIRED: "expired",
    SOFT: "soft_opt_in_not_applicable",
    IMPLIED: "no_consent",
}
# Channels by which the link of a confirmation can be sent.
LINKED = frozenset(("email", "sms", "whatsapp", "push", "app"))


def confirmed_within(purpose: Purpose, cls: str, row: Row) -> Length | None:
    """Return how long a yes may wait for the link in the first message to be used; None where it counts at once."""
    if purpose.confirm is not None and row.channel in LINKED:
        return purpose.confirm
    is_asked = cls == MARKETING or (cls == SERVICE and purpose.basis == "consent")
    return CONFIRM_WITHIN if row.confirmed and is_asked else None


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
