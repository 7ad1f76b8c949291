"""The ways that lead to a step. Rule: read from the text alone; the trace says which of them was taken."""

from __future__ import annotations

from verbline.interpreter.awaited import ALTERNATIVES, FOLLOWS_IF
from verbline.interpreter.places import BRANCHES

TYPE_CHECKING = False
if TYPE_CHECKING:
    from verbline.interpreter.nodes import Sentence


class Fork:
    """A line that opens a way (``if it happens``), and the step whose answer decides whether it is taken."""

    __slots__ = ("step", "way")

    def __init__(self, way: Sentence, step: Sentence) -> None:
        self.way = way
        self.step = step


def forks_above(step: Sentence) -> list[Fork]:
    """Return the forks on the way to ``step``, the outermost first."""
    found: list[Fork] = []
    sentence: Sentence | None = step
    while sentence is not None:
        if sentence.shape in BRANCHES:
            found.append(Fork(sentence, decided_by(sentence)))
        sentence = sentence.parent
    return found[::-1]


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
