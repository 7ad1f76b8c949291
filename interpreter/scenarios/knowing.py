"""What a scenario says about people. Rule: it becomes what events, forms and years would have left in their records."""

from __future__ import annotations

from decimal import Decimal

from verbline.interpreter.names import fields_of_person
from verbline.interpreter.nodes import Node
from verbline.interpreter.person.record import put
from verbline.interpreter.program.people import contact_of
from verbline.interpreter.step.facts import learn

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
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
                    put(person, "scores", meant.key, (int(Decimal(value) * MILLI), self.world.now))
            elif meant is not None and meant.of == "label":
                self.label(person, meant.key, holds=bool(value))
            elif name == "last-action":
                person.last_action = value or ""
            elif name == "last-action-time":
                person.last_time = value
            else:
                learn(turn, name, value, SOURCE, turn.now)
                if name in contacts:
                    self.drop_addresses(person, contacts[name])
                    self.address(person, contacts[name], value, verified=True)
        person.zone = None

    def label(self, person: Person, label: str, *, holds: bool) -> None:
        """Let a label hold, or not."""
        if holds:
            put(person, "labels", label, self.world.now)
        else:
            person.labels = {one: at for one, at in person.labels.items() if one != label}

    def address(
        self, person: Person, kind: str, value: Any, *, verified: bool = False, whose: str = ""
    ) -> None:
        """Let the person hold an address beside those they have, ``whose`` it is of those they were."""
        if isinstance(value, str) and all(one.value != value for one in person.contacts):
            self.world.contact(whose or person.id, kind, value, verified=verified)

    def drop_addresses(self, person: Person, kind: str) -> None:
        """Take from the person all addresses of a kind."""
        for contact in [one for one in person.contacts if one.kind == kind]:
            person.contacts.remove(contact)
            self.world.holders[contact.key].remove(person)


def contacts_of(declaration: Declaration | None) -> dict[str, str]:
    """Return the fields of a person noun that are addresses, each with its kind."""
    kinds: dict[str, str] = {}
    for field in fields_of_person(declaration) if declaration else ():
        node = field.sentence.node
        for contact in node.items("contacts") if node else ():
            if isinstance(contact, Node) and contact.text("name") == field.name:
                kinds[field.name] = contact_of(contact)[1] or "email"
    return kinds
