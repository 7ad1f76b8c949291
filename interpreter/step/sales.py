"""Purposes that also rest on a sale. Rule: the address was known at the sale, and a no that was said stands."""

from __future__ import annotations

from verbline.interpreter.guard.consent import KIND_OF_CHANNEL, Consent

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from verbline.interpreter.guard.purpose import Purpose
    from verbline.interpreter.step.turn import Turn

BASIS = "soft:sale"


def rest_on_sale(turn: Turn, purposes: Iterable[Purpose]) -> None:
    """Keep that the person bought something, for each of their addresses; once for each, however often they buy."""
    person = turn.person
    # What another holder of an address bought is theirs.
    known = {
        (one.purpose, one.channel, one.contact)
        for one in person.consents
        if one.basis == BASIS and one.person == person.id
    }
    for purpose in purposes:
        for contact in person.contacts:
            for channel in purpose.channels:
                here = (purpose.key, channel, contact.key)
                if KIND_OF_CHANNEL[channel] == contact.kind and here not in known:
                    person.consents.append(sold(turn, purpose.name, channel, contact.key))


def sold(turn: Turn, purpose: str, channel: str, contact: str) -> Consent:
    """Return the event that a sale is for one purpose, channel and address."""
    return Consent(
        seq=turn.next_seq(),
        at=turn.happened,
        known=turn.now,
        act="grant",
        actor="system:journey",
        source=turn.cause[0],
        person=turn.person.id,
        purpose=purpose,
        channel=channel,
        contact=contact,
        basis=BASIS,
        complete=True,
    )
