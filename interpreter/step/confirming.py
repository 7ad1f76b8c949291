"""The request for a confirmation, where a yes counts only once a link was used. Rule: one request for each yes that waits, to
the very address it was given for, and never a reminder.

It is a transactional message, and passes the guard like any other.
"""

from __future__ import annotations

from hashlib import sha256

from verbline.interpreter.guard.agree import states
from verbline.interpreter.guard.consent import SUBJECT
from verbline.interpreter.guard.decide import decide
from verbline.interpreter.guard.fold import PENDING
from verbline.interpreter.guard.purpose import Purpose
from verbline.interpreter.guard.question import Question, Sending

TYPE_CHECKING = False
if TYPE_CHECKING:
    from verbline.interpreter.guard.consent import Consent
    from verbline.interpreter.step.turn import Turn

# The words of ``standard/consent``, where the purpose names no message of its own.
USUAL_WORDS = "Please confirm your wish"


def waits_for_link(turn: Turn, consent: Consent) -> Purpose | None:
    """Return the purpose for which a yes at the address of ``consent`` is pending now; None where none is."""
    if consent.act != "grant" or consent.actor != SUBJECT or consent.contact is None:
        return None
    purpose = turn.program.purpose_keys.get(consent.purpose)
    if purpose is None:
        return None
    question = asking(turn, purpose, consent)
    found = states(question, turn.person, turn.program.policy)
    return purpose if any(one.name == PENDING for one in found) else None


def asking(turn: Turn, purpose: Purpose, consent: Consent) -> Question:
    """Return the question about one purpose at the address and by the channel of ``consent``."""
    country = turn.program.country_of(turn.person)
    sending = Sending(purpose, consent.topic or "")
    question = Question(sending, consent.channel, turn.now, country, (turn.zone,))
    question.contact = consent.contact or ""
    return question


def request(turn: Turn, purpose: Purpose, consent: Consent) -> None:
    """Send the request for the link, if the guard allows it."""
    asked = Purpose(purpose.name, "transactional", "contract", (consent.channel,))
    question = asking(turn, asked, consent)
    question.sending.topic = None
    decision = decide(question, turn.person, turn.program.policy)
    key = sha256(
        f"confirm\0{turn.person.id}\0{consent.contact}\0{consent.seq}".encode()
    ).hexdigest()
    told = {
        "message": purpose.confirm_message or USUAL_WORDS,
        "told": "confirmation",
        "channel": consent.channel,
        "contact": (consent.contact or "").partition(":")[2],
        "purpose": purpose.name,
        "key": key[:32],
        "line": turn.program.purpose_lines[purpose.name],
    }
    verdict = "sent" if decision.verdict == "allow" else "refused"
    turn.sink(turn, None, None, None, "message", verdict, decision.reason, told)
