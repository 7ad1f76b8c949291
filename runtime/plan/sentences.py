"""What changed, in sentences. Rule: a change is told by what it means for people; what the tables do not know is told whole, both ways."""

from __future__ import annotations

from typing import NamedTuple

from verbline.interpreter.nodes import Node, Word, meaning
from verbline.interpreter.procedure import Procedure
from verbline.interpreter.prose import told
from verbline.interpreter.tellings import BRANCHES

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from verbline.interpreter.nodes import Sentence

WIDENED, NARROWED = "widened", "narrowed"
NEW, REMOVED, CHANGED, MOVED = "new", "removed", "changed", "moved"

# What changed in one part of a line. `{new}` and `{old}` are that part; other names are parts of the new line.
PARTS_TOLD: Mapping[tuple[str, str], str] = {
    ("wait", "length"): "The pause is {new}, was {old}.",
    ("wait_for", "limit"): "The wait for {moments|or} is up to {new}, was {old}.",
    ("wait_for", "moments"): "The wait is for {new|or}, was for {old|or}.",
    ("wait_absent", "length"): "What is waited for is {new} without {moment}, was {old}.",
    ("wait_absent", "limit"): "The wait for an end of {moment} is up to {new}, was {old}.",
    ("notify", "message"): "The message is {new}, was {old}.",
    ("notify", "channels"): "The message {message} goes by {new|or}, went by {old|or}.",
    ("notify", "purpose"): "The message {message} is for {new}, was for {old}.",
    ("notify_desk", "desk"): "The desk {new} is told, was {old}.",
    ("ask", "limit"): "There is an answer to {message} within {new}, was {old}.",
    ("ask", "channels"): "The message {message} goes by {new|or}, went by {old|or}.",
    ("ask", "purpose"): "The message {message} is for {new}, was for {old}.",
    ("ask", "fields"): "{message} asks for {new}, asked for {old}.",
    ("confirm", "within"): "There is an answer to {question} within {new}, was {old}.",
    ("confirm", "question"): "The question is {new}, was {old}.",
    ("confirm", "channels"): "{question} is asked by {new|or}, was by {old|or}.",
    ("confirm", "purpose"): "{question} is asked for {new}, was for {old}.",
    ("offer", "channels"): "The offer {offer} goes by {new|or}, went by {old|or}.",
    ("offer", "purpose"): "The offer {offer} is for {new}, was for {old}.",
    ("offer_best", "offers"): "The best of {new} is offered, was of {old}.",
    ("offer_best", "channels"): "The best offer goes by {new|or}, went by {old|or}.",
    ("offer_best", "purpose"): "The best offer is for {new}, was for {old}.",
    ("escalate", "desk"): "The task goes to the desk {new}, went to {old}.",
    ("escalate", "within"): "The desk {desk} has {new} to answer, had {old}.",
    ("escalate", "reason"): "The desk {desk} is told why: {new}; it was: {old}.",
    ("pass_up", "within"): "The desk {desk} has {new} to answer, had {old}.",
    ("route", "desk"): "The desk {new} becomes responsible, was {old}.",
    ("repeat", "number"): "It is done up to {new} times, was {old}.",
    ("repeat", "length"): "The turns are {new} apart, were {old}.",
    ("experiment", "length"): "The experiment {name} is judged after {new}, was {old}.",
    ("experiment", "metric"): "The experiment {name} is judged by {new}, was {old}.",
    ("arm", "share"): "{new} of people get {name}, were {old}.",
    ("continue_with", "journey"): "It goes on with the journey {new}, was {old}.",
    ("finish", "outcome"): "It ends as {new}, ended as {old}.",
    ("owned_by", "name"): "The owner is {new}, was {old}.",
    ("owned_by", "role"): "The owner's role is {new}, was {old}.",
    ("because", "reason"): "The thought behind it is {new}, was {old}.",
    ("aims_for", "target"): "The goal for {metric} is {new}, was {old}.",
    ("aims_for", "within"): "The goal for {metric} is to be met within {new}, was {old}.",
    ("aims_for", "metric"): "The goal is {new}, was {old}.",
    ("gives_up", "length"): "Whoever is still inside leaves it after {new}, was {old}.",
    ("again_after", "length"): "It may run again after {new}, was {old}.",
    ("once_per", "field"): "It runs once per {new}, was {old}.",
    ("cap", "number"): "Nobody gets more than {new} messages in {length}, was {old}.",
    ("cap", "length"): "The limit of {number} messages holds for {new}, was {old}.",
    ("quiet", "start"): "It sends nothing from {new} on, was {old}.",
    ("quiet", "end"): "It sends nothing up to {new}, was {old}.",
    ("priority", "number"): "Its priority is {new}, was {old}.",
    ("reacts", "length"): "It reacts within {new}, was {old}.",
    ("entry_brake", "number"): "At most {new} people come in within {length}, was {old}.",
    ("takes_in_until", "date"): "Nobody comes in from {new} on, was {old}.",
    ("reviewed", "length"): "It is looked over every {new}, was {old}.",
    ("late_at_most", "length"): "A message may be {new} late, was {old}.",
    ("starts_when", "condition"): "It starts on {moment} when {new}, was when {old}.",
    ("if_", "condition"): "What is asked is whether {new}, was whether {old}.",
    ("otherwise_if", "condition"): "What is asked is whether {new}, was whether {old}.",
    ("qualify", "condition"): "{label} holds if {new}, was if {old}.",
    ("adds", "number"): "{moment} adds {new} points, was {old}.",
    ("takes", "number"): "{moment} takes away {new} points, was {old}.",
    ("halves", "length"): "Points halve every {new}, was {old}.",
    ("stays", "low"): "It stays above {new}, was {old}.",
    ("stays", "high"): "It stays below {new}, was {old}.",
    ("people_where", "condition"): "It holds people of whom {new}; before, of whom {old}.",
    ("suits", "condition"): "It suits people of whom {new}; before, of whom {old}.",
    ("not_again", "length"): "Nobody gets it again within {new}, was {old}.",
    ("answers_within", "length"): "It answers within {new}, was {old}.",
    ("led_by", "name"): "{new} leads it, was {old}.",
    ("backed_up", "desk"): "The desk {new} stands in for it, was {old}.",
    ("comes_from", "system"): "It comes from {new}, came from {old}.",
    ("comes_from", "code"): "Its events are called {new}, were called {old}.",
    ("captured_by", "system"): "It is captured by {new}, was by {old}.",
    ("arrives", "length"): "It is known within {new}, was {old}.",
    ("carries", "kind"): "Its field {name} is {new}, was {old}.",
    ("has_field", "kind"): "The field {name} is {new}, was {old}.",
    ("known_by", "fields"): "Each is known by {new}, was by {old}.",
    ("also_known_by", "contacts"): "They are also known by {new}, were by {old}.",
    ("recognised_by", "fields"): "They are recognised by {new}, were by {old}.",
    ("merge_when", "condition"): "Two of them are one when {new}; before, when {old}.",
    ("merge_never", "condition"): "Two of them are never one when {new}; before, when {old}.",
    ("trust", "source"): "For {fields} we believe {new}, was {old}.",
    ("should", "target"): "It should be {new}, was {old}.",
}


class Line(NamedTuple):
    """One change in a sentence. ``what`` is new, removed, changed or moved; ``place`` where it stands, as ``file:line``.

    ``permission`` says that it is widened or narrowed, ``review`` whom it concerns beside whoever answers for the whole.
    """

    what: str
    text: str
    place: str = ""
    permission: str = ""
    review: str = ""


def whole(line: Sentence) -> str:
    """Return a line in prose, with what is told in one breath with it."""
    assert line.node is not None, "what was not understood is an error, and is not compared"
    if line.shape in BRANCHES:
        return f"{told(BRANCHES[line.shape], Procedure().listing(line))}."
    if line.shape in ("again_after", "once_per"):
        # Side by side the two are told as one thing.
        return f"{line.raw[:1].upper()}{line.raw[1:]}."
    return Procedure().sentence(line)


def altered(old: Sentence, new: Sentence) -> Iterator[str]:
    """Yield in sentences what changed between two lines, of which one has become the other."""
    assert old.node is not None, "a pair was understood"
    assert new.node is not None, "a pair was understood"
    before, after = Procedure().listing(old), Procedure().listing(new)
    names = [name for name in {**before.parts, **after.parts} if said(before, name) != said(after, name)]  # fmt: skip
    keys = [(new.shape, name) for name in names]
    if not keys or any(key not in PARTS_TOLD or not both(before, after, key[1]) for key in keys):
        yield f"{whole(new)} Before: {whole(old)}"
        return
    for key in keys:
        yield of_part(PARTS_TOLD[key], before, after, key[1])


def said(node: Node, name: str) -> object:
    """Return what a part means; words made of several lines by what they say."""
    part = node.parts.get(name)
    if isinstance(part, Word) and part.kind == "SAID":
        return part.text
    return None if part is None else meaning(part)


def both(before: Node, after: Node, name: str) -> bool:
    """Return whether both have the part."""
    return before.has(name) and after.has(name)


def of_part(template: str, before: Node, after: Node, name: str) -> str:
    """Return what changed in one part."""
    sides = {"new": after.parts[name], "old": before.parts[name]}
    return told(template, Node(after.shape, {**after.parts, **sides}, after.start, after.end))
