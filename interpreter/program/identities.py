"""What a step is called for ever. Rule: a step keeps its identity while its journey, its path and its own meaning stay.

Where it stands in the file plays no part, nor does the language it is written in. The path is the chain of lines that it
stands under; of several steps alike in one block the first keeps the name the block gives it, the others are numbered.
"""

from __future__ import annotations

from hashlib import sha256

from verbline.interpreter.nodes import meaning

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from verbline.interpreter.nodes import Sentence

DIGITS = 12
# Lines that belong to the one above them and have no identity of their own.
PARTS = frozenset(("condition", "show"))
# What a journey says about itself that changes nothing of what it does.
TALK = frozenset(("owned_by", "because", "aims_for", "reviewed", "inside_finish", "inside_move"))


def digest(text: str, digits: int = DIGITS) -> str:
    """Return the first hexadecimal digits of the SHA-256 hash of ``text``."""
    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:digits]


def said(sentence: Sentence) -> str:
    """Return the meaning of one line with the lines that belong to it, as text."""
    own = repr(meaning(sentence.node)) if sentence.node is not None else sentence.raw
    parts = [said(inner) for inner in sentence.block if inner.shape in PARTS]
    return "\n".join([own, *parts])


def identities(name: str, lines: Iterable[Sentence]) -> dict[Sentence, str]:
    """Return the identity of each of ``lines`` and of all below them, in the journey called ``name``."""
    return dict(_named(digest(name), lines))


def _named(above: str, lines: Iterable[Sentence]) -> Iterator[tuple[Sentence, str]]:
    seen: dict[str, int] = {}
    for line in lines:
        own = digest(f"{above}\n{said(line)}")
        seen[own] = seen.get(own, 0) + 1
        if seen[own] > 1:
            own = digest(f"{own}\n{seen[own]}")
        yield line, own
        if line.block:
            yield from _named(own, line.block)


def version_of(journey: Sentence, words: Iterable[str]) -> str:
    """Return the hash of what a journey means; ``words`` are the messages and offers that it sends."""
    lines = (_whole(line) for line in journey.block if line.shape not in TALK)
    return digest("\0".join([*lines, *words]), 16)


def _whole(line: Sentence) -> str:
    return "\n".join([said(line), *(f"  {_whole(inner)}" for inner in line.block)])
