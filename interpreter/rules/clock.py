"""Rules about conditions that time alone changes. Rule: the instant of the change can be worked out beforehand."""

from __future__ import annotations

from verbline.interpreter.nodes import Node, Word, unbracketed
from verbline.interpreter.places import lists_conditions

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from verbline.interpreter.nodes import Part, Sentence
    from verbline.interpreter.problems import Problem
    from verbline.interpreter.rules import Rule
    from verbline.interpreter.view import View

CLOCK = frozenset(("TODAY", "NOW"))
SIDES = ("left", "right", "low", "high")


def unscheduled(view: View) -> Iterator[Problem]:
    """Yield comparisons that become true as time passes, at an instant that cannot be worked out."""
    for sentence in view.of("people_where", "no_longer"):
        yield from in_sentence(view, sentence)


def in_sentence(view: View, sentence: Sentence) -> Iterator[Problem]:
    """Yield what cannot be worked out in the condition of ``sentence`` and in those listed under it."""
    if sentence.node is None:
        return
    if lists_conditions(sentence):
        for inner in sentence.of("condition"):
            yield from in_sentence(view, inner)
        return
    condition = sentence.node.parts["condition"]
    for node in condition.walk() if isinstance(condition, Node) else ():
        if isinstance(node, Node) and node.has("left"):
            variant = unclear(view, node)
            if variant is not None:
                yield view.problem("F326", sentence, node, variant=variant)


def unclear(view: View, node: Node) -> str | None:
    """Return why the instant at which a comparison changes cannot be worked out, or None where it can."""
    sides = [unbracketed(node.parts[side]) for side in SIDES if node.has(side)]
    with_clock = [side for side in sides if holds_clock(side)]
    # A distance from now is the clock on the right.
    both = with_clock and (
        node.shape.endswith("_ago") or (with_clock[0] is sides[0] and len(with_clock) > 1)
    )
    if both or not all(stands_alone(side) for side in with_clock):
        return ""
    fading = [name for side in sides for name in names_in(side) if fades(view, name)]
    return "scores" if len(fading) > 1 else None


def holds_clock(part: Part) -> bool:
    """Return whether `today` or `now` stands in ``part``."""
    inner = part.walk() if isinstance(part, Node) else (part,)
    return any(isinstance(word, Word) and word.kind in CLOCK for word in inner)


def stands_alone(part: Part) -> bool:
    """Return whether ``part`` is `today` or `now`, give or take what is no clock."""
    if isinstance(part, Word):
        return True
    if not isinstance(part, Node) or part.shape != "sum":
        return False
    terms = part.items("terms")
    clocks = [at for at in range(0, len(terms), 2) if holds_clock(terms[at])]
    bare = [at for at in clocks if isinstance(unbracketed(terms[at]), Word)]
    signs = [term.kind for term in terms[1::2] if isinstance(term, Word)]
    return len(clocks) == len(bare) == 1 and (clocks[0] == 0 or signs[clocks[0] // 2 - 1] == "PLUS")


def names_in(part: Part) -> list[str]:
    """Return the fields in ``part``, each as often as it stands there."""
    inner = part.walk() if isinstance(part, Node) else (part,)
    return [word.text for word in inner if isinstance(word, Word) and word.kind == "NAME"]


def fades(view: View, name: str) -> bool:
    """Return whether ``name`` is a score that halves as time passes."""
    meaning = view.fields.person.get(name)
    return (
        meaning is not None
        and meaning.score is not None
        and bool(meaning.score.sentence.of("halves"))
    )


RULES: Mapping[str, Rule] = {"F326": unscheduled}
