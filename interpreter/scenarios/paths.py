"""The ways that lead to a step. Rule: read from the text alone; the trace says which of them was taken."""

from __future__ import annotations

from verbline.interpreter.awaited import ALTERNATIVES, FOLLOWS_IF, ends
from verbline.interpreter.places import BRANCHES

TYPE_CHECKING = False
if TYPE_CHECKING:
    from verbline.interpreter.nodes import Sentence


class Fork:
    """A line that opens a way (``if it happens``), and the step whose answer decides whether it is taken.

    ``away`` says that the way leads past the step in question and ends; otherwise it leads to it.
    """

    __slots__ = ("away", "step", "way")

    def __init__(self, way: Sentence, step: Sentence, *, away: bool) -> None:
        self.way = way
        self.step = step
        self.away = away


def forks_before(step: Sentence) -> list[Fork]:
    """Return the forks on the way to ``step`` in the order in which one meets them."""
    found: list[Fork] = []
    sentence = step
    while sentence.parent is not None:
        here = [Fork(way, decided_by(way), away=True) for way in ended_before(sentence)]
        if sentence.shape in BRANCHES:
            here.append(Fork(sentence, decided_by(sentence), away=False))
        found = here + found
        sentence = sentence.parent
    return found


def ended_before(sentence: Sentence) -> list[Sentence]:
    """Return the ways before ``sentence``, in the same block, that end the journey."""
    found: list[Sentence] = []
    parent = sentence.parent
    for earlier in parent.block if parent else ():
        if earlier is sentence:
            break
        ways = [earlier] if earlier.shape in BRANCHES else earlier.of(*BRANCHES)
        found += [way for way in ways if ends(way.block)]
    return found


def decided_by(way: Sentence) -> Sentence:
    """Return the step whose answer opens ``way``: the `if` itself, the line before an `otherwise`, else the step above."""
    parent = way.parent
    if way.shape == "if_" or parent is None:
        return way
    if way.shape in FOLLOWS_IF and parent.shape != "qualify":
        at = parent.block.index(way)
        before = parent.block[at - 1] if at else way
        # What decides about `otherwise` is the last question before it.
        while before.shape == "if_unknown" and at > 1:
            at -= 1
            before = parent.block[at - 1]
        return before
    assert way.shape in ALTERNATIVES or parent.shape == "qualify", f"{way} opens no way"
    return parent
