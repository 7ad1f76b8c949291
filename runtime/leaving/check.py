"""The guard's last word, right before an intent leaves. Rule: what was said since the decision counts, and no is no.

Asked is the ledger, as it is committed, and only where somebody said something about this address or as this person since:
what is looked up in every other case is one number.
"""

from __future__ import annotations

from verbline.interpreter.guard.consent import KIND_OF_CHANNEL
from verbline.interpreter.guard.decide import ALLOW, decide
from verbline.interpreter.guard.purpose import Purpose
from verbline.interpreter.guard.question import Question, Sending
from verbline.runtime.consent.standing import Somebody, person_of
from verbline.runtime.leaving.drafts import CONFIRMATION

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from verbline.interpreter.program.program import Program
    from verbline.runtime.channels.intent import Intent
    from verbline.runtime.consent.ledger import Ledger

# A night is no reason not to send what was decided by day: it waits until that is over, see `quiet_until` of intents.
NOT_ASKED_AGAIN = frozenset(("quiet_hours",))
# A purpose of which the files know nothing any more.
GONE = "invalid_request"


class Check:
    """Asks ``ledger`` under the rules of ``program``, which is the current one whatever version decided.

    ``ids`` gives every id that somebody has had, the one they bear now first, by the one they bore; ``now`` is the clock.
    """

    def __init__(
        self,
        program: Program,
        ledger: Ledger,
        now: Callable[[], int],
        ids: Callable[[str], tuple[str, ...]] = lambda person: (person,),
    ) -> None:
        self.program = program
        self.ledger = ledger
        self._now = now
        self._ids = ids

    def refusal(self, intent: Intent) -> str:
        """Return why an intent may not leave any more, nothing where it may."""
        asked = intent.asked
        if asked is None or self.ledger.last().seq <= asked.seq:
            return ""
        kind = KIND_OF_CHANNEL.get(intent.channel)
        if kind is None:
            return ""
        ids, address = self._ids(intent.person), f"{kind}:{intent.address}"
        if not self.ledger.said_since(asked.seq, ids, (address,)):
            return ""
        purpose = self.purpose(intent)
        if purpose is None:
            return GONE
        who = Somebody(ids[0], ids, ((kind, intent.address),), {})
        person = person_of(self.ledger, who, None)
        decision = decide(self.question(intent, purpose, address), person, self.program.policy)
        return (
            ""
            if decision.verdict == ALLOW or decision.reason in NOT_ASKED_AGAIN
            else decision.reason
        )

    def purpose(self, intent: Intent) -> Purpose | None:
        """Return what a message is for as the files say now; None where they do not know it any more."""
        if intent.kind == CONFIRMATION:
            return Purpose(intent.purpose, intent.cls, "contract", (intent.channel,))
        return self.program.purposes.get(intent.purpose)

    def question(self, intent: Intent, purpose: Purpose, address: str) -> Question:
        """Return what the guard is asked: the same as when it was decided, for the one address, now and without caps."""
        asked, zones = intent.asked, (self.program.zone,)
        assert asked is not None, "the guard was asked"
        sending = Sending(purpose, asked.topic, promotion=asked.promotion, similar=asked.similar)
        question = Question(sending, intent.channel, self._now(), asked.country, zones)
        question.contact = address
        return question
