"""Which fields a step can see, and which of them are known there. Rule: a field counts as known only if every way to the
step makes it so; where a line was not understood, nothing is said.
"""

from __future__ import annotations

from verbline.interpreter.nodes import Node, Word, unbracketed
from verbline.interpreter.places import conditions_under, lists_conditions

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from verbline.interpreter.nodes import Part, Sentence
    from verbline.interpreter.overview import Overview

ENDINGS = ("finish", "continue_with")
# A yes to a comparison needs a value on both sides.
COMPARED = ("left", "right", "low", "high", "field")


class Reach:
    """The fields of moments that a journey sees.

    ``certain`` are those that every start brings, ``possible`` those of any start or awaited moment. ``whole`` is false
    where a line or a name was not understood, so that more may be meant.
    """

    __slots__ = ("certain", "moments", "possible", "whole")

    def __init__(self) -> None:
        self.certain: frozenset[str] = frozenset()
        self.possible: frozenset[str] = frozenset()
        self.moments: list[str] = []
        self.whole = True


def reach_of(journey: Sentence, overview: Overview, above: tuple[int, ...] = ()) -> Reach:
    """Return the fields of moments that ``journey`` sees; ``above`` are the journeys that are being looked at already."""
    found = Reach()
    starts: list[frozenset[str]] = []
    seen: set[str] = set()
    for inner in journey.walk():
        node = inner.node
        if node is None:
            found.whole = False
        elif inner.shape in ("starts_when", "wait_for", "wait_absent"):
            names = [word.text for word in (*node.words("moment"), *node.words("moments"))]
            fields = [overview.carried.get(name) for name in names]
            found.whole = (
                found.whole and None not in fields and not any(map(overview.is_unclear, names))
            )
            carried = frozenset(name for some in fields for name in some or ())
            seen |= carried
            found.moments += names
            if inner.shape == "starts_when":
                starts.append(carried)
        elif inner.shape in ("starts_segment", "starts_also"):
            starts.append(frozenset())
        elif inner.shape == "ask":
            seen |= {word.text for word in node.words("fields")}
    for other in continued_from(journey, overview):
        if id(other) in above or other is journey:
            continue
        before = reach_of(other, overview, (*above, id(journey)))
        starts.append(before.certain)
        seen |= before.possible
        found.whole = found.whole and before.whole
    found.certain = frozenset.intersection(*starts) if starts else frozenset()
    found.possible = frozenset(seen)
    return found


def continued_from(journey: Sentence, overview: Overview) -> Iterator[Sentence]:
    """Yield the journeys that continue with ``journey``: their moments come along."""
    name = journey.node.text("name") if journey.node else ""
    for sentence in overview.continuing.get(name, ()):
        above = sentence
        while above.parent is not None:
            above = above.parent
        yield above


def known_at(step: Sentence, overview: Overview) -> set[str]:
    """Return the fields that are known at ``step`` by what the journey has asked or awaited on the way there."""
    known: set[str] = set()
    inner = step
    while inner.parent is not None:
        above = inner.parent
        for earlier in above.block[: position(above, inner)]:
            known |= known_behind(earlier, overview)
        known |= known_inside(above, inner, overview)
        inner = above
    return known


def position(above: Sentence, inner: Sentence) -> int:
    """Return the place of ``inner`` among the lines under ``above``."""
    return next(at for at, one in enumerate(above.block) if one is inner)


def known_inside(above: Sentence, inner: Sentence, overview: Overview) -> set[str]:
    """Return the fields that are known in the block of ``above``, which holds ``inner``."""
    node = above.node
    if node is None:
        return set()
    if above.shape in ("if_", "otherwise_if"):
        return needed_by(above)
    if above.shape == "case_" and above.parent and above.parent.node:
        values = {word.kind for word in node.words("values")}
        return set() if "UNKNOWN" in values else {above.parent.node.text("field")}
    if above.shape == "wait_for":
        return brought_by(above, overview) if inner.shape == "if_happens" else set()
    if above.shape == "if_this_happens":
        return set(overview.carried.get(node.text("moment"), ()))
    return set()


def known_behind(earlier: Sentence, overview: Overview) -> set[str]:
    """Return the fields that are known behind ``earlier``, because the other way ends there."""
    if earlier.shape == "wait_for" and any(
        ends(branch) for branch in earlier.of("if_not_happens", "if_neither")
    ):
        return brought_by(earlier, overview)
    if earlier.shape == "qualify" and any(ends(branch) for branch in earlier.of("otherwise")):
        return needed_by(earlier)
    if earlier.shape == "if_" and ends(earlier) and earlier.node:
        return {
            word.text
            for inner in earlier.node.walk()
            if isinstance(inner, Node) and inner.shape == "is_unknown"
            for word in inner.walk()
            if isinstance(word, Word) and word.kind == "NAME"
        }
    return set()


def ends(branch: Sentence) -> bool:
    """Return whether some line of ``branch`` ends the journey."""
    return any(inner.shape in ENDINGS for inner in branch.walk())


def brought_by(wait: Sentence, overview: Overview) -> set[str]:
    """Return the fields that every moment of a wait carries."""
    assert wait.node is not None, "only understood waits are asked for"
    carried = [set(overview.carried.get(word.text, ())) for word in wait.node.words("moments")]
    return set.intersection(*carried) if carried else set()


def needed_by(sentence: Sentence) -> set[str]:
    """Return the fields without which the condition of ``sentence`` cannot be yes."""
    assert sentence.node is not None, "only understood lines are asked for"
    if not lists_conditions(sentence):
        return needed(sentence.node.parts["condition"])
    listed = [needed(condition) for condition in conditions_under(sentence)]
    if sentence.node.word("condition").kind == "ANY_TRUE":
        return set.intersection(*listed) if listed else set()
    return set().union(*listed)


def needed(condition: Part) -> set[str]:
    """Return the fields that must be known for ``condition`` to be yes."""
    condition = unbracketed(condition)
    if not isinstance(condition, Node):
        return set()
    if condition.shape == "condition":
        return needed(condition.parts["condition"])
    if condition.shape in ("and_", "or_"):
        terms = [needed(term) for term in condition.items("terms")]
        return set().union(*terms) if condition.shape == "and_" else set.intersection(*terms)
    if condition.shape == "not_":
        inner = unbracketed(condition.parts["inner"])
        simple = isinstance(inner, Node) and inner.shape not in ("and_", "or_", "known", "not_")
        return needed(inner) if simple else set()
    return {
        word.text
        for name in COMPARED
        for part in condition.items(name)
        for word in (part.walk() if isinstance(part, Node) else (part,))
        if isinstance(word, Word) and word.kind == "NAME" and condition.shape != "is_unknown"
    }
