"""Rules about who is who. Rule: two people become one only for a reason that strangers do not share."""

from __future__ import annotations

from verbline.interpreter.conditions import Conditions, Misunderstood
from verbline.interpreter.kinds import kind_of_type
from verbline.interpreter.logic import YES, Joined, Not, Surely
from verbline.interpreter.meanings import written
from verbline.interpreter.names import fields_of_moment, fields_of_person
from verbline.interpreter.nearness import distance
from verbline.interpreter.nodes import Node, unbracketed

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from verbline.interpreter.names import Declaration, Field
    from verbline.interpreter.nodes import Part, Sentence, Word
    from verbline.interpreter.problems import Problem
    from verbline.interpreter.rules import Rule
    from verbline.interpreter.view import View

# Letters that a short word needs before one more or one less makes it look like another.
LETTERS_MIN = 4
# From this length on, one exchanged letter is rather a slip than another word.
LONG_WORD = 8
# Words such as "of" and "v" carry no meaning of their own.
SMALL_WORD = 2


def no_key(view: View) -> Iterator[Problem]:
    """Yield people whom nothing identifies."""
    for person in view.of("person"):
        if person.node is not None and person.lacks("known_by"):
            name = person.node.text("name")
            yield view.problem("I503", person, person.node.word("name"), name=name)


def weak_merge(view: View) -> Iterator[Problem]:
    """Yield merge rules that strangers can meet."""
    for rule in view.of("merge_when"):
        if rule.node is None or rule.parent is None:
            continue
        strength = strengths(view)
        for way in ways(rule.node.parts["condition"]):
            traits = [strength.get(name, "") for name in way]
            if not way or "key" in traits or "" in traits:
                continue
            if len(way) == 1:
                yield told_weak(view, rule, way, "contact" if traits == ["contact"] else "")
                break
            if set(traits) == {"text"}:
                yield told_weak(view, rule, way, "texts")
                break


def told_weak(view: View, rule: Sentence, way: list[str], variant: str) -> Problem:
    """Return the finding about one rule."""
    part = rule.node.parts["condition"] if rule.node else None
    assert part is not None, "only understood rules are looked at"
    assert not isinstance(part, tuple), "a condition is one part"
    return view.problem(
        "I504",
        rule,
        part,
        variant=variant,
        fields=", ".join(written(name, view.language) for name in way),
    )


def strengths(view: View) -> dict[str, str]:
    """Return how well each field of a person tells people apart: key, contact, text, or trait."""
    found: dict[str, str] = {}
    for person in view.scope.declarations("person"):
        for field in fields_of_person(person):
            shape = field.sentence.shape
            text = kind_of_type(field.kind).base == "text"
            strength = {
                "known_by": "key",
                "also_known_by": "contact",
                "recognised_by": "contact",
            }.get(shape, "text" if text else "trait")
            if found.get(field.name) != "key":
                found[field.name] = strength
    return found


def ways(condition: Part) -> list[list[str]]:
    """Return each way to meet a merge rule, as the fields that have to be the same; other conditions count for nothing."""
    part = unbracketed(condition)
    if not isinstance(part, Node):
        return [[]]
    if part.shape == "same":
        return [[part.text("field")]]
    if part.shape == "or_":
        return [way for term in part.items("terms") for way in ways(term)]
    if part.shape == "and_":
        found: list[list[str]] = [[]]
        for term in part.items("terms"):
            found = [[*way, *more] for way in found for more in ways(term)]
        return found
    return [[]]


def contradicting(view: View) -> Iterator[Problem]:
    """Yield merge rules that a rule against merging always overrules."""
    for rule in view.of("merge_when", "merge_ask"):
        person = rule.parent
        for never in person.of("merge_never") if person else ():
            conditions = Conditions(view, declared=False)
            try:
                wanted, refused = conditions.of(rule), conditions.of(never)
            except Misunderstood:
                continue
            left = Joined(min, [Surely(wanted), Not(Surely(refused))])
            if YES in wanted.outcomes() and YES not in left.outcomes():
                yield view.problem("I505", rule, line=never.number, never=never.raw)
                break


def near_duplicates(view: View) -> Iterator[Problem]:
    """Yield fields of one person or one moment whose names say nearly the same."""
    for kind in ("person", "moment"):
        fields_of = fields_of_person if kind == "person" else fields_of_moment
        for declaration in own(view, kind):
            fields = fields_of(declaration)
            for at, field in enumerate(fields):
                twin = next((one for one in fields[:at] if twins(one.name, field.name)), None)
                if twin is not None:
                    yield view.problem(
                        "I506",
                        field.sentence,
                        word_of(field),
                        name=written(field.name, view.language),
                        twin=written(twin.name, view.language),
                        line=twin.sentence.number,
                    )


def own(view: View, kind: str) -> list[Declaration]:
    """Return the file's own declarations of a kind, each once."""
    found = view.names.declared.get(kind, {}).values()
    return list({id(one.sentence): one for one in found}.values())


def word_of(field: Field) -> Word | None:
    """Return the word that names a field."""
    return next((word for word in field.sentence.words if word.text == field.name), None)


def twins(one: str, other: str) -> bool:
    """Return whether two names are likely meant to be the same: the same words, or one letter of difference."""
    if one == other:
        return False
    first, second = (
        sorted(part for part in name.split("-") if len(part) > SMALL_WORD) for name in (one, other)
    )
    if numberless(one) == numberless(other):
        return False
    if first == second and first:
        return True
    if min(len(one), len(other)) < LETTERS_MIN or distance(one, other, 1) > 1:
        return False
    swapped = sorted(one) == sorted(other)
    return len(one) != len(other) or swapped or min(len(one), len(other)) >= LONG_WORD


def numberless(name: str) -> str:
    """Return a name without its digits: address-1 and address-2 are two things."""
    return "".join(letter for letter in name if not letter.isdigit()).rstrip("-")


def two_systems(view: View) -> Iterator[Problem]:
    """Yield moments that come from two systems."""
    for moment in view.of("moment"):
        sources = moment.of("comes_from")
        for again in sources[1:]:
            first, second = (
                one.node.text("system") if one.node else "" for one in (sources[0], again)
            )
            variant = "same" if first == second else ""
            yield view.problem(
                "I508", again, variant=variant, first=first, second=second, line=sources[0].number
            )


def learned_key(view: View) -> Iterator[Problem]:
    """Yield journeys that write what identifies a person."""
    keys = ("known_by", "also_known_by", "recognised_by")
    for step in view.of("learn", "learn_list"):
        word = step.node.word("field") if step.node else None
        meaning = view.fields.person.get(word.text) if word else None
        if (
            word is not None
            and meaning
            and any(one.sentence.shape in keys for one in meaning.fields)
        ):
            yield view.problem("I510", step, word, name=written(word.text, view.language))


RULES: Mapping[str, Rule] = {
    "I503": no_key,
    "I504": weak_merge,
    "I505": contradicting,
    "I506": near_duplicates,
    "I508": two_systems,
    "I510": learned_key,
}
