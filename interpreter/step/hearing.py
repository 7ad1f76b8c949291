"""People of a world say something about being written to. Rule: all who hold the address hear it, the speaker first."""

from __future__ import annotations

from verbline.interpreter.guard.consent import ACTS, with_word
from verbline.interpreter.step.happening import consented
from verbline.interpreter.step.joining import Joining

TYPE_CHECKING = False
if TYPE_CHECKING:
    from verbline.interpreter.guard.consent import Consent
    from verbline.interpreter.person.record import Cause, Person
    from verbline.interpreter.step.happening import Met

# The types of the events that bring what somebody said.
CODES = {act: f"verbline.consent.{act}" for act in ACTS}


class Hearing(Joining):
    """See the module."""

    if TYPE_CHECKING:  # what the world adds

        def handle_event(
            self, person: Person, met: Met, happened: int, cause: Cause, whose: str = ""
        ) -> None:
            """Let an event happen to ``person`` now: all the moments that it is."""

    def consent(self, identity: str, consent: Consent, now: int, *, happens: bool = True) -> None:
        """Take what a person said about being written to, for all who hold the same address.

        It is a moment too, that of ``standard/consent``, unless ``happens`` says that its event comes by itself.
        """
        if now > self.now:
            self.until(now)
        consent.seq = self.turn.next_seq()
        person = self.people[identity]
        self._hear(person, consent, identity)
        if consent.contact is not None:
            for other in self.holders.get(consent.contact, ()):
                if other is not person:
                    self._hear(other, consent)
        moments = self.program.by_code.get(CODES[consent.act], ()) if happens else ()
        if not moments:
            return
        told = {"purpose": consent.purpose, "channel": consent.channel, "topic": consent.topic}
        met = [(one, {name: told.get(name) for name, _read in one.readers}) for one in moments]
        self.handle_event(person, met, self.now, (consent.source, ""), identity)

    def give_back(self, identity: str, key: str, cause: Cause) -> None:
        """Let the message called ``key`` hold no place under a cap any more: it did not leave."""
        person = self.people[identity]
        self.turn.begin(person, self.now, cause, self.now)
        for record in (person, *(person.parts.people.values() if person.parts is not None else ())):
            if any(one[3] == key for one in record.accepted):
                record.accepted = tuple(one for one in record.accepted if one[3] != key)

    def _hear(self, person: Person, consent: Consent, whose: str = "") -> None:
        turn, program = self.turn, self.program
        if not (person.visits or program.watches or program.confirmed):
            # Nothing can follow from it.
            person.order = turn.order = turn.order + 1
            person.consents = with_word(person.consents, consent)
            return
        turn.begin(person, self.now, (consent.source, ""), consent.at)
        turn.whose = whose
        consented(turn, consent)
        if turn.starts or turn.signals:
            self.drain()
        if person.timers:
            self.arm(person)
