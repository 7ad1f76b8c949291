"""What a scenario says about people. Rule: it becomes what events, forms and years would have left in their records."""

from __future__ import annotations

from decimal import Decimal

from verbline.interpreter.guard.consent import KIND_OF_CHANNEL, SUBJECT, YES, Consent
from verbline.interpreter.names import fields_of_person
from verbline.interpreter.nodes import Node, Word
from verbline.interpreter.program.builder import CHANNELS
from verbline.interpreter.scenarios.literals import channel_of
from verbline.interpreter.step.facts import learn

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from typing import Any

    from verbline.interpreter.names import Declaration
    from verbline.interpreter.person.record import Person
    from verbline.interpreter.program.program import Program
    from verbline.interpreter.step.turn import Turn
    from verbline.interpreter.step.world import World

MILLI = 1000
SOURCE = "scenario"


class Knowledge:
    """Writes into the records of one world."""

    __slots__ = ("meanings", "program", "world")

    def __init__(self, program: Program, world: World) -> None:
        self.program = program
        self.meanings = program.meanings
        self.world = world

    def learn(self, turn: Turn, values: Mapping[str, Any], contacts: Mapping[str, str]) -> None:
        """Let ``values`` be known of the turn's person: facts, scores, labels; ``contacts`` are the fields that are addresses."""
        person = turn.person
        for name, value in values.items():
            meant = self.meanings.fields.get(name)
            if meant is not None and meant.of == "score":
                if value is not None:
                    person.scores[meant.key] = (int(Decimal(value) * MILLI), self.world.now)
            elif meant is not None and meant.of == "label":
                self.label(person, meant.key, holds=bool(value))
            else:
                learn(turn, name, value, SOURCE, turn.now)
                if name in contacts:
                    self.drop_addresses(person, contacts[name])
                    self.address(person, contacts[name], value, verified=True)
        person.zone = None

    def label(self, person: Person, label: str, *, holds: bool) -> None:
        """Let a label hold, or not."""
        if holds:
            person.labels[label] = self.world.now
        else:
            person.labels.pop(label, None)

    def address(self, person: Person, kind: str, value: Any, *, verified: bool = False) -> None:
        """Let the person hold an address beside those they have."""
        if isinstance(value, str) and all(one.value != value for one in person.contacts):
            self.world.contact(person.id, kind, value, verified=verified)

    def drop_addresses(self, person: Person, kind: str) -> None:
        """Take from the person all addresses of a kind."""
        for contact in [one for one in person.contacts if one.kind == kind]:
            person.contacts.remove(contact)
            self.world.holders[contact.key].remove(person)

    def said(self, person: Person, node: Node, act: str) -> list[Consent]:
        """Return what a person says to a purpose: a yes for each address on each channel meant, or one no for all of them."""
        channel = channel_of(node)
        if act not in YES:
            return [self.consent(person, node, act, channel or "*", None)]
        known = self.program.purposes.get(node.text("purpose"))
        channels = (channel,) if channel else tuple(known.channels) if known else ()
        said = [
            self.consent(person, node, act, one, contact.key)
            for one in channels
            for contact in person.contacts
            if contact.kind == KIND_OF_CHANNEL[one]
        ]
        return said or [self.consent(person, node, act, one, None) for one in channels]

    def remember(self, person: Person, said: Iterable[Consent]) -> None:
        """Let something have been said before, to all who hold the address that it is about."""
        for consent in said:
            holders = self.world.holders.get(consent.contact or "", ())
            for one in (person, *(other for other in holders if other is not person)):
                one.consents.append(consent)

    def consent(
        self, person: Person, node: Node, act: str, channel: str, contact: str | None
    ) -> Consent:
        """Return one thing that a person says, with the evidence that a declared form leaves."""
        # A yes and its confirmation speak about one address and channel.
        token = f"{node.text('purpose')} {channel} {contact}"
        return Consent(
            seq=self.world.turn.next_seq(),
            at=self.world.now,
            known=self.world.now,
            act=act,
            actor=SUBJECT,
            source=SOURCE,
            person=person.id,
            contact=contact,
            channel=channel,
            purpose=node.text("purpose"),
            topic=node.text("topic") or None,
            complete=True,
            token=token,
        )


def contacts_of(declaration: Declaration | None) -> dict[str, str]:
    """Return the fields of a person noun that are addresses, each with its kind."""
    kinds: dict[str, str] = {}
    for field in fields_of_person(declaration) if declaration else ():
        node = field.sentence.node
        for contact in node.items("contacts") if node else ():
            if isinstance(contact, Node) and contact.text("name") == field.name:
                kind = contact.parts.get("kind")
                channel = CHANNELS[kind.kind] if isinstance(kind, Word) else field.name
                kinds[field.name] = KIND_OF_CHANNEL.get(channel, "email")
    return kinds
