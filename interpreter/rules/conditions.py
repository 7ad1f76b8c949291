"""Rules about conditions: what cannot vary, what contradicts itself, what is caught before, what nobody says about unknown.

Rule: a condition is only blamed after every kind of value has been tried.
"""

from __future__ import annotations

from verbline.interpreter.conditions import FACTS, Conditions, Misunderstood
from verbline.interpreter.constants import fixed
from verbline.interpreter.known import known_at
from verbline.interpreter.logic import UNKNOWN, YES, Joined, Not, Surely, Unclear
from verbline.interpreter.meanings import written
from verbline.interpreter.nodes import Node, Word
from verbline.interpreter.places import lists_conditions

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from verbline.interpreter.logic import Term
    from verbline.interpreter.nodes import Part, Sentence
    from verbline.interpreter.problems import Problem
    from verbline.interpreter.rules import Rule
    from verbline.interpreter.view import View

HAVE_CONDITION = (
    "if_", "otherwise_if", "qualify", "people_where", "suits", "starts_when", "stops_when", "wait_for", "wait_absent",
    "adds", "takes", "no_longer", "repeat", "merge_when", "merge_ask", "merge_never",
)  # fmt: skip
# Steps whose condition may be unknown, with what then happens.
ASKED = ("if_", "otherwise_if", "qualify")
FOLLOWS = frozenset(("otherwise_if", "if_unknown"))
LISTED_MAX = 3
WRITTEN = frozenset(("NUMBER", "PERCENT", "DATE", "STRING"))


def unvarying(view: View) -> Iterator[Problem]:
    """Yield conditions that are always or never yes."""
    for sentence, part, variant in fixed_parts(view):
        if variant != "contradiction":
            shown = words(sentence, part)
            yield view.problem("F323", sentence, part, variant=variant, condition=shown)


def contradictions(view: View) -> Iterator[Problem]:
    """Yield conditions whose parts can never be yes together."""
    for sentence, part, variant in fixed_parts(view):
        if variant == "contradiction":
            listed = isinstance(part, Word)
            shown = words(sentence, part)
            yield view.problem(
                "S812", sentence, part, variant="list" if listed else "", condition=shown
            )


def fixed_parts(view: View) -> list[tuple[Sentence, Node | Word, str]]:
    """Return the smallest parts of conditions that cannot vary, worked out once for both rules."""
    found = view.fields.unvarying
    if found is None:
        found = view.fields.unvarying = []
        for sentence in view.of(*HAVE_CONDITION):
            if sentence.node is not None and sentence.node.has("condition"):
                found += fixed_in(view, sentence)
    return found


def fixed_in(view: View, sentence: Sentence) -> list[tuple[Sentence, Node | Word, str]]:
    """Return the smallest parts of one condition that cannot vary."""
    assert sentence.node is not None, "only sentences with a condition are asked for"
    if plainly_varies(view, sentence.node.parts["condition"]):
        return []
    conditions = Conditions(view, declared=False)
    try:
        whole = conditions.of(sentence)
    except Misunderstood:
        return []
    outcomes = whole.outcomes()
    part = sentence.node.parts["condition"]
    if lists_conditions(sentence):
        found = [one for inner in sentence.of("condition") for one in fixed_in(view, inner)]
        if not found and YES not in outcomes and isinstance(part, Word):
            return [(sentence, part, "contradiction")]
        return found
    if len(outcomes) > 1 and YES in outcomes and isinstance(part, Node) and simple(part):
        return []
    return [(sentence, one, variant) for one, variant in smallest(conditions.terms, part)]


def plainly_varies(view: View, part: Part) -> bool:
    """Return whether a condition is one fact, or one field beside a written value: both answers are possible."""
    if not isinstance(part, Node):
        return False
    left, right = part.parts.get("left"), part.parts.get("right")
    if part.shape in FACTS or not isinstance(left, Word) or left.kind != "NAME":
        return part.shape in FACTS
    meaning = view.fields.person.get(left.text)
    field = meaning is None or meaning.score is None
    return field and isinstance(right, Word) and right.kind in WRITTEN


def simple(part: Node) -> bool:
    """Return whether a condition has no parts that could be fixed for themselves."""
    return part.shape not in ("and_", "or_", "not_", "brackets")


def smallest(terms: Mapping[int, Term], part: Part) -> list[tuple[Node | Word, str]]:
    """Return the smallest parts of a condition that cannot vary, and how."""
    if isinstance(part, tuple):
        return []
    inner = part.items("terms") or part.items("inner") if isinstance(part, Node) else ()
    found = [one for term in inner for one in smallest(terms, term)]
    term = terms.get(id(part))
    if found or term is None:
        return found
    outcomes = term.outcomes()
    if YES not in outcomes:
        joined = isinstance(part, Node) and part.shape in ("and_", "or_")
        return [(part, "contradiction" if joined else "never")]
    return [(part, "always")] if outcomes == {YES} else []


def words(sentence: Sentence, part: Node | Word) -> str:
    """Return a part of a sentence as it is written."""
    return sentence.raw[part.start : part.end]


def covered(view: View) -> Iterator[Problem]:
    """Yield branches that nobody reaches, because an earlier condition or case has caught everyone."""
    for sentence in view.of("otherwise_if"):
        chain = [sentence, *earlier(sentence)]
        conditions = Conditions(view, declared=False)
        try:
            terms: list[Term] = [conditions.of(one) for one in chain]
        except Misunderstood:
            continue
        own = terms[0]
        if YES not in own.outcomes() or any(term.outcomes() == {YES} for term in terms[1:]):
            continue
        missed = [Not(Surely(term)) for term in terms[1:]]
        if YES not in Joined(min, [Surely(own), *missed]).outcomes():
            line = chain[-1] if len(chain) == 2 else None
            variant = "" if line else "several"
            first = chain[-1]
            yield view.problem(
                "F322", sentence, variant=variant, line=first.number, earlier=first.raw
            )
    for depending in view.of("depending"):
        yield from covered_cases(view, depending)


def earlier(sentence: Sentence) -> list[Sentence]:
    """Return the conditions before an `otherwise if`, the nearest first."""
    block = sentence.parent.block if sentence.parent else []
    at = next((at for at, one in enumerate(block) if one is sentence), 0)
    found = []
    for one in reversed(block[:at]):
        if one.shape in ("if_", "otherwise_if"):
            found.append(one)
        if one.shape not in FOLLOWS:
            break
    return found


def covered_cases(view: View, depending: Sentence) -> Iterator[Problem]:
    """Yield values of a case that an earlier case has already."""
    seen: dict[object, Sentence] = {}
    for case in depending.of("case_"):
        for value in case.node.items("values") if case.node else ():
            known = fixed(value)
            key = (known.kind, known.amount, known.measure) if known else words(case, value)
            first = seen.setdefault(key, case)
            if first is not case:
                shown = words(case, value)
                yield view.problem(
                    "F322", case, value, variant="case", value=shown, line=first.number
                )


def unknown_unspoken(view: View) -> Iterator[Problem]:
    """Yield conditions that can be unknown, where nothing says what then happens."""
    for sentence in view.of(*ASKED):
        if not says_unknown(sentence):
            fields = unsure_fields(view, sentence)
            if fields and sentence.node is not None:
                part = sentence.node.parts["condition"]
                assert isinstance(part, Node | Word), "a condition is one part"
                if_unknown = f"{view.language.write('IF_UNKNOWN')}\n  …"
                yield view.problem(
                    "F311",
                    sentence,
                    part,
                    variant="qualify" if sentence.shape == "qualify" else "",
                    suggestion=if_unknown,
                    fields=", ".join(written(name, view.language) for name in fields[:LISTED_MAX])
                    + (", …" if len(fields) > LISTED_MAX else ""),
                )


def says_unknown(sentence: Sentence) -> bool:
    """Return whether an `if unknown` says what happens, or a line that was not understood may say it."""
    if sentence.shape == "qualify":
        return not sentence.lacks("if_unknown")
    block = sentence.parent.block if sentence.parent else []
    at = next((at for at, one in enumerate(block) if one is sentence), len(block))
    for one in block[at + 1 :]:
        if one.may_be("if_unknown"):
            return True
        if one.shape != "otherwise_if":
            return False
    return False


def unsure_fields(view: View, sentence: Sentence) -> list[str]:
    """Return the fields through which the condition of ``sentence`` can be unknown; none where it never is."""
    conditions = Conditions(view, declared=True)
    try:
        if not can_be_unknown(conditions, sentence):
            return []
        known = known_at(sentence, view.project.overview)
        if known.isdisjoint(conditions.unsure):
            return conditions.unsure
        conditions = Conditions(view, declared=True, known=known)
        return conditions.unsure if can_be_unknown(conditions, sentence) else []
    except Misunderstood:
        return []


def can_be_unknown(conditions: Conditions, sentence: Sentence) -> bool:
    """Return whether the condition of ``sentence`` can be unknown where the conditions before it have left it the word."""
    own = conditions.of(sentence)
    if UNKNOWN not in own.outcomes():
        return False
    before = earlier(sentence) if sentence.shape == "otherwise_if" else []
    if not before:
        return True
    unsure, conditions.unsure = conditions.unsure, []
    # An earlier condition that is unknown leads to its own `if unknown`, where it has one.
    left = [
        Surely(Not(term)) if says_unknown(one) else Not(Surely(term))
        for one, term in ((one, conditions.of(one)) for one in before)
    ]
    conditions.unsure = unsure
    return YES in Joined(min, [*left, Unclear(own)]).outcomes()


RULES: Mapping[str, Rule] = {
    "F311": unknown_unspoken,
    "F322": covered,
    "F323": unvarying,
    "S812": contradictions,
}
