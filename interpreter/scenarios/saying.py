"""What people say about being written to. Rule: it is said as a declared form would say it, and a no reaches further than a yes.

A yes counts for each address on each channel that is meant. A no counts for the person and for each address, so that it
binds whoever shares one; without a channel it is one for all of them. Where a yes needs a link, what was *given* has been
confirmed, and what happens in the scenario has not. What a provider finds out is about an address, and no wish.
"""

from __future__ import annotations

from verbline.interpreter.guard.consent import (
    EVERY,
    KIND_OF_CHANNEL,
    OF_ADDRESS,
    SUBJECT,
    YES,
    Consent,
)
from verbline.interpreter.scenarios.literals import channel_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from verbline.interpreter.nodes import Node
    from verbline.interpreter.person.record import Person
    from verbline.interpreter.program.program import Program
    from verbline.interpreter.step.world import World

SOURCE, PROVIDER = "scenario", "system:scenario"
# Whoever is in a scenario may be written to under these, whatever they rest on, until the scenario says no.
ALLOWED = frozenset(("service", "transactional", "legal"))
TYPE, DELIVERY = "verbline.consent.", "verbline.message."
# The field in which a provider says what is wrong with an address.
REASON = "block-reason"


class Wish:
    """One thing that is said: ``act`` as the ledger calls it; ``channel`` and ``topic`` are empty where none is named.

    ``why`` is what is wrong with an address, such as ``bounced``, where that is what is said.
    """

    __slots__ = ("act", "channel", "purpose", "topic", "why")

    def __init__(self, act: str, purpose: str, channel: str, topic: str, why: str = "") -> None:
        self.act = act
        self.why = why
        self.purpose = purpose
        self.channel = channel
        self.topic = topic

    @classmethod
    def of_line(cls, act: str, node: Node) -> Wish:
        """Return what a line of a scenario says."""
        return cls(act, node.text("purpose"), channel_of(node), node.text("topic"))

    @classmethod
    def of_moment(cls, code: str, fields: Mapping[str, Any]) -> Wish | None:
        """Return what a moment says, where its ``code`` is one of the ledger's own; else None."""
        if not code.startswith(TYPE):
            return None
        told = {name: fields.get(name) or "" for name in ("purpose", "channel", "topic")}
        named = {name: "" if value == EVERY else value for name, value in told.items()}
        purpose = named["purpose"] or EVERY
        act, why = code.removeprefix(TYPE), fields.get(REASON) or ""
        return cls(act, purpose, named["channel"], named["topic"], why)


def of_delivery(code: str, fields: Mapping[str, Any]) -> list[Wish]:
    """Return what a moment of ``standard/delivery`` says about an address, as the runtime writes it beside the event."""
    channel, purpose = (str(fields.get(name) or "") for name in ("channel", "purpose"))
    hard = fields.get("bounce-kind") == "hard"
    leaves = Wish("withdraw", purpose or EVERY, channel, "")
    match code.removeprefix(DELIVERY):
        case "bounced":
            return [Wish("suppress" if hard else "bounce", EVERY, channel, "", "bounced" if hard else "soft")]  # fmt: skip
        case "complained":
            return [Wish("suppress", EVERY, channel, "", "complained"), leaves]
        case "unsubscribed":
            return [leaves]
        case _:
            return []


class Saying:
    """Says things in one world."""

    __slots__ = ("program", "world")

    def __init__(self, program: Program, world: World) -> None:
        self.program = program
        self.world = world

    def allow(self, person: Person) -> None:
        """Let the person be written to under every purpose that sells nothing, at each of their addresses."""
        for purpose in self.program.purposes.values():
            if purpose.cls in ALLOWED and purpose.basis == "consent":
                for act in ("grant", "confirm"):
                    self.before(person, Wish(act, purpose.name, "", ""))

    def before(self, person: Person, wish: Wish) -> None:
        """Let something have been said before, to all who hold the address that it is about."""
        for consent in self.consents(person, wish):
            holders = self.world.holders.get(consent.contact or "", ())
            for one in (person, *(other for other in holders if other is not person)):
                one.consents.append(consent)

    def now(self, person: Person, wish: Wish, whose: str) -> None:
        """Let something be said now: it counts at once, and happens once, however many channels it is about.

        ``whose`` word it is, of those who the person was.
        """
        speaker = person if person.parts is None else person.parts.people[whose]
        for consent in self.consents(speaker, wish):
            self.world.consent(whose, consent, self.world.now, happens=False)
        told = {
            "purpose": wish.purpose,
            "channel": wish.channel or EVERY,
            "topic": wish.topic or None,
            REASON: wish.why or None,
        }
        for moment in self.program.by_code.get(f"{TYPE}{wish.act}", ()):
            self.world.moment(whose, moment.name, told, self.world.now)

    def consents(self, person: Person, wish: Wish) -> list[Consent]:
        """Return what the ledger keeps of it: one entry an address, and of a no one more for the whole person."""
        if wish.act in YES:
            known = self.program.purposes.get(wish.purpose)
            every = tuple(known.channels) if known else ()
        else:
            every = (EVERY,)
        channels = (wish.channel,) if wish.channel else every
        said = [
            self.consent(person, wish, channel, contact.key)
            for channel in channels
            for contact in person.contacts
            if channel == EVERY or contact.kind == KIND_OF_CHANNEL.get(channel)
        ]
        if wish.act in OF_ADDRESS or (wish.act in YES and said):
            return said
        return said + [self.consent(person, wish, channel, None) for channel in channels]

    def consent(self, person: Person, wish: Wish, channel: str, contact: str | None) -> Consent:
        """Return one entry of the ledger, with the evidence that a declared form leaves."""
        return Consent(
            seq=self.world.turn.next_seq(),
            at=self.world.now,
            known=self.world.now,
            act=wish.act,
            actor=PROVIDER if wish.act in OF_ADDRESS else SUBJECT,
            source=SOURCE,
            person=person.id,
            contact=contact,
            channel=channel,
            purpose=wish.purpose,
            topic=wish.topic or None,
            basis=wish.why or "consent",
            complete=True,
            # A yes and its confirmation speak about one address and channel.
            token=f"{wish.purpose} {channel} {contact}",
        )
