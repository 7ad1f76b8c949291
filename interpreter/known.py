"""Which fields a step can see, and which of them are known there. Rule: a field counts as known only if every way to the
step makes it so; where a line was not understood, nothing is said.
"""

from __future__ import annotations

from verbline.interpreter.nodes import Node, Word, unbracketed
from verbline.interpreter.places import conditions_under, lists_conditions
from verbline.interpreter.rings import components

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from verbline.interpreter.nodes import Part, Sentence
    from verbline.interpreter.overview import Overview

ENDINGS = ("finish", "continue_with")
# A yes to a comparison needs a value on both sides.
COMPARED = ("left", "right", "low", "high", "field")


class Reach:
    """The fields of moments that a journey sees.

    ``certain`` are those that every start brings. ``whole`` is false where a line or a name was not understood, so that
    more may be meant. What any start or awaited moment brings is asked with `sees`.
    """

    __slots__ = ("bits", "certain", "numbers", "whole")

    def __init__(
        self, certain: frozenset[str], bits: int, numbers: Mapping[str, int], *, whole: bool
    ) -> None:
        self.certain = certain
        # One bit for each field, by its number: thousands of journeys that follow one another may each see thousands.
        self.bits = bits
        self.numbers = numbers
        self.whole = whole

    def sees(self, name: str) -> bool:
        """Return whether some start or awaited moment brings the field ``name``."""
        return name in self.numbers and bool(self.bits >> self.numbers[name] & 1)


class Own:
    """What the lines of some journeys say: the fields that each ``start`` brings, all fields ``seen``, as in `Reach`."""

    def __init__(self) -> None:
        self.starts: list[frozenset[str]] = []
        self.seen: set[str] = set()
        self.whole = True

    def take(self, journey: Sentence, overview: Overview) -> None:
        """Add what the lines of one journey say."""
        for inner in journey.walk():
            node = inner.node
            if node is None:
                self.whole = False
            elif inner.shape in ("starts_when", "wait_for", "wait_absent"):
                names = [word.text for word in (*node.words("moment"), *node.words("moments"))]
                fields = [overview.carried.get(name) for name in names]
                if None in fields or any(map(overview.is_unclear, names)):
                    self.whole = False
                carried = frozenset(name for some in fields for name in some or ())
                self.seen |= carried
                self.starts += [carried] if inner.shape == "starts_when" else []
            elif inner.shape in ("starts_segment", "starts_also"):
                self.starts.append(frozenset())
            elif inner.shape == "ask":
                self.seen |= {word.text for word in node.words("fields")}


def reaches(overview: Overview) -> dict[Sentence, Reach]:
    """Return what each journey sees. The moments of the journeys that continue with it come along."""
    # A journey leads back to its name, the name to the journeys that continue with it.
    back: dict[Sentence | str, list[Sentence | str]] = {
        name: list(dict.fromkeys(map(top, steps))) for name, steps in overview.continuing.items()
    }
    journeys = [one for names in overview.own for one in names.of("journey")]
    for one in (*journeys, *(one for ones in list(back.values()) for one in ones)):
        name = one.node.text("name") if not isinstance(one, str) and one.node else ""
        back[one] = [name] if name in back else []
    found: dict[Sentence | str, Reach] = {}
    numbers: dict[str, int] = {}
    for group in components(back):
        before = [found[one] for node in group for one in back[node] if one not in group]
        reach = joined(
            [one for one in group if not isinstance(one, str)], before, numbers, overview
        )
        found.update(dict.fromkeys(group, reach))
    return {one: reach for one, reach in found.items() if not isinstance(one, str)}


def joined(
    journeys: list[Sentence], before: list[Reach], numbers: dict[str, int], overview: Overview
) -> Reach:
    """Return what ``journeys`` see, each of which leads to every other; ``before`` is seen by those that lead to them."""
    own = Own()
    for journey in journeys:
        own.take(journey, overview)
    starts = [*own.starts, *(one.certain for one in before)]
    seen = 0
    for name in own.seen:
        seen |= 1 << numbers.setdefault(name, len(numbers))
    for one in before:
        seen |= one.bits
    certain = frozenset.intersection(*starts) if starts else frozenset()
    whole = own.whole and all(one.whole for one in before)
    return Reach(certain, seen, numbers, whole=whole)


def top(line: Sentence) -> Sentence:
    """Return the line at column 1 that ``line`` stands under, or itself."""
    while line.parent is not None:
        line = line.parent
    return line


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
