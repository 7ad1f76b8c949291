"""What a step of a journey has behind it. Rule: what stands in another branch has not happened on the way here."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from verbline.interpreter.nodes import Sentence

# Lines under a step of which only one comes to pass.
ALTERNATIVES = frozenset(
    [
        "if_happens",
        "if_not_happens",
        "if_this_happens",
        "if_neither",
        "if_nobody",
        "if_somebody",
        "if_no_desk",
        "if_answer",
        "if_yes",
        "if_no",
        "if_no_answer",
        "if_answered",
        "if_nothing_fits",
        "if_nothing_sent",
        "if_sent",
        "if_past",
        "case_",
        "case_else",
        "arm",
    ]
)
FOLLOWS_IF = frozenset(("otherwise_if", "if_unknown", "otherwise"))
ANSWERS = ("if_happens", "if_this_happens")
WAITS = frozenset(("wait_for", "wait_absent"))
ENDS = frozenset(("finish", "continue_with"))


def awaited_before(sentence: Sentence) -> Iterator[tuple[list[str], bool]]:
    """Yield the moments awaited before ``sentence`` is reached, and whether one of them surely happened by then."""
    inner = sentence
    while inner.parent is not None:
        parent = inner.parent
        for earlier in earlier_siblings(inner, parent.block):
            if earlier.shape in WAITS:
                yield moments_of(earlier), earlier.shape == "wait_for" and only_if_happened(earlier)
            for step in earlier.block:
                yield from ((moments_of(one), False) for one in step.walk() if one.shape in WAITS)
        # An unclear answer may be the one that it happens.
        answer = inner.shape in ANSWERS or inner.node is None or inner.misplaced
        if parent.shape in WAITS and answer:
            this = inner.shape == "if_this_happens" and inner.node
            named = this.words("moment") if this else []
            yield [word.text for word in named] or moments_of(parent), parent.shape == "wait_for"
        elif parent.shape == "repeat":
            yield from ((moments_of(one), False) for one in parent.walk() if one.shape in WAITS)
        inner = parent


def moments_of(sentence: Sentence) -> list[str]:
    """Return the moments that a wait or a start names."""
    part = "moments" if sentence.shape == "wait_for" else "moment"
    return [word.text for word in sentence.node.words(part)] if sentence.node else []


def earlier_siblings(inner: Sentence, block: list[Sentence]) -> list[Sentence]:
    """Return the lines of ``block`` that are gone through before ``inner``: none that is only another way."""
    if inner.shape in ALTERNATIVES:
        return []
    at = next(at for at, one in enumerate(block) if one is inner)
    if inner.shape in FOLLOWS_IF:
        while at and block[at].shape in FOLLOWS_IF:
            at -= 1
    return block[:at]


def only_if_happened(wait: Sentence) -> bool:
    """Return whether the journey goes on behind a wait only where what it waits for has happened."""
    return any(ends(inner.block) for inner in wait.of("if_not_happens", "if_neither"))


def ends(block: list[Sentence]) -> bool:
    """Return whether the journey is always over at the end of ``block``."""
    if not block:
        return False
    if block[-1].shape in ENDS:
        return True
    first = len(block) - 1
    while first and block[first].shape in FOLLOWS_IF:
        first -= 1
    return block[-1].shape == "otherwise" and all(ends(branch.block) for branch in block[first:])
