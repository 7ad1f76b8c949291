"""People as they are declared. Rule: a noun is a word, not a wall: there is one set of fields for all nouns."""

from __future__ import annotations

from verbline.interpreter.guard.consent import KIND_OF_CHANNEL
from verbline.interpreter.guard.purpose import channel_of
from verbline.interpreter.names import fields_of_person
from verbline.interpreter.nodes import Node
from verbline.interpreter.program.systems import system_key

TYPE_CHECKING = False
if TYPE_CHECKING:
    from verbline.interpreter.nodes import Sentence
    from verbline.interpreter.program.compile import Compiler


def take_people(compiler: Compiler) -> None:
    """Take the fields, contact points, places and trusted systems of all person nouns."""
    program = compiler.program
    facts: dict[str, None] = {}
    for one in compiler.overview.declarations("person"):
        facts.update(dict.fromkeys(field.name for field in fields_of_person(one)))
        for line in one.sentence.block:
            take_line(compiler, line)
    program.facts = frozenset(facts)
    if "time-zone" in facts and not program.zone_fields:
        program.zone_fields = ("time-zone",)
    program.place_fields = frozenset((*program.zone_fields, *program.country_fields))


def take_line(compiler: Compiler, line: Sentence) -> None:
    """Take one clause of a person noun."""
    program, node = compiler.program, line.node
    if node is None:
        return
    if line.shape == "also_known_by":
        for contact in node.items("contacts"):
            assert isinstance(contact, Node)
            name, kind = contact_of(contact)
            program.contact_fields[name] = kind
    elif line.shape == "zone_from":
        program.zone_fields = (*program.zone_fields, *(w.text for w in node.words("fields")))
    elif line.shape == "country_from":
        program.country_fields = (*program.country_fields, *(w.text for w in node.words("fields")))
    elif line.shape == "trust" and node.word("source").kind == "STRING":
        for word in node.words("fields"):
            known = program.trusted.get(word.text, ())
            program.trusted[word.text] = (*known, system_key(node.text("source")))


def contact_of(node: Node) -> tuple[str, str]:
    """Return the field that is an address, and of what kind: as it says, else as the field is called, else nothing."""
    name = node.text("name")
    channel = channel_of(node.word("kind")) if node.has("kind") else name
    return name, KIND_OF_CHANNEL.get(channel, "")
