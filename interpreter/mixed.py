"""`and` beside `or`. Rule: what readers understand in two ways is refused, and both ways are shown."""

from __future__ import annotations

from itertools import pairwise

from verbline.interpreter.nodes import Node
from verbline.interpreter.resolve import EXPRESSIONS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from verbline.interpreter.nodes import Part, Sentence, Word
    from verbline.interpreter.problems import Problem
    from verbline.interpreter.view import View


def check_mixed(view: View) -> Iterator[Problem]:
    """Yield conditions that join by `and` and by `or` without brackets."""
    for shape, part in EXPRESSIONS.items():
        for sentence in view.of(shape):
            found = sentence.node.parts.get(part) if sentence.node else None
            for node in mixtures(found) if isinstance(found, Node) else ():
                yield told(view, sentence, node)


def mixtures(node: Node) -> Iterator[Node]:
    """Yield the alternatives under ``node`` of which one is joined by `and`."""
    if node.shape == "or_" and any(is_and(term) for term in node.items("terms")):
        yield node
    for part in node.parts.values():
        for inner in part if isinstance(part, tuple) else (part,):
            if isinstance(inner, Node):
                yield from mixtures(inner)


def is_and(part: Part) -> bool:
    """Return whether ``part`` is joined by `and`, without brackets around it."""
    return isinstance(part, Node) and part.shape == "and_"


def told(view: View, sentence: Sentence, node: Node) -> Problem:
    """Return the finding, with both ways to put brackets."""
    terms: list[Node | Word] = []
    for term in node.items("terms"):
        terms += term.items("terms") if isinstance(term, Node) and is_and(term) else (term,)
    joints = [
        next(
            word
            for word in sentence.words
            if word.kind in ("AND", "OR") and one.end <= word.start and word.end <= other.start
        )
        for one, other in pairwise(terms)
    ]
    texts = [sentence.raw[term.start : term.end] for term in terms]
    first = terms[0]
    left = first.parts.get("left") if isinstance(first, Node) else None
    if left is not None and not isinstance(left, tuple):
        texts[0] = f"… {sentence.raw[left.end : first.end].lstrip()}"
    ways = [bracketed(texts, joints, tight) for tight in ("OR", "AND")]
    return view.problem("S805", sentence, joints[0], suggestion="\n".join(ways))


def bracketed(texts: list[str], joints: list[Word], tight: str) -> str:
    """Return the terms with brackets around each run that is joined by ``tight``."""
    written = ""
    for at, text in enumerate(texts):
        before = at > 0 and joints[at - 1].kind == tight
        behind = at < len(joints) and joints[at].kind == tight
        opening = "(" if behind and not before else ""
        closing = ")" if before and not behind else ""
        joint = f" {joints[at].text} " if at < len(joints) else ""
        written += f"{opening}{text}{closing}{joint}"
    return written
