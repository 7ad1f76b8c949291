"""Where people inside an older version find their step again. Rule: by what it says and where it stands; of the same place,
by what it says but for its lengths and times of day.

Two lines are the same where they say the same at the same place. Of what is left in a block, lines that differ in lengths and
times of day alone are the same where the block has as many of them as it had: `wait 7 days` that became `wait 14 days`.
"""

from __future__ import annotations

from verbline.interpreter.nodes import KEEP_TEXT, Word
from verbline.interpreter.program.identities import PARTS, identities, said

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from verbline.interpreter.nodes import Part, Sentence

LENGTH, TIME = "duration", "TIME"


def targets(name: str, older: Sentence, newest: Sentence) -> Mapping[str, str]:
    """Return the identities of the steps of the journey called ``name`` in its newest version by those in the ``older``."""
    before, now = identities(name, older.block), identities(name, newest.block)
    return {before[one]: now[other] for one, other in pairs(older.block, newest.block)}


def pairs(
    older: Iterable[Sentence], newest: Iterable[Sentence]
) -> Iterator[tuple[Sentence, Sentence]]:
    """Yield the lines of two blocks, and of all below them, that are the same."""
    left, right = list(older), list(newest)
    found = list(paired(left, right, said, exactly=False))
    left = [one for one in left if all(one is not known for known, _other in found)]
    right = [one for one in right if all(one is not known for _one, known in found)]
    found += paired(left, right, loosely, exactly=True)
    for one, other in found:
        yield one, other
        yield from pairs(one.block, other.block)


def paired(
    older: Iterable[Sentence],
    newest: Iterable[Sentence],
    says: Callable[[Sentence], str],
    *,
    exactly: bool,
) -> Iterator[tuple[Sentence, Sentence]]:
    """Yield the lines that say the same, in their order; ``exactly`` where both blocks have as many of them."""
    left, right = gathered(older, says), gathered(newest, says)
    for told, ones in left.items():
        others = right.get(told, [])
        if not exactly or len(ones) == len(others):
            yield from zip(ones, others, strict=False)


def gathered(
    lines: Iterable[Sentence], says: Callable[[Sentence], str]
) -> dict[str, list[Sentence]]:
    """Return the lines by what they say."""
    found: dict[str, list[Sentence]] = {}
    for line in lines:
        found.setdefault(says(line), []).append(line)
    return found


def loosely(sentence: Sentence) -> str:
    """Return what a line says with those that belong to it, but for lengths and times of day."""
    own = repr(loose(sentence.node)) if sentence.node is not None else sentence.raw
    parts = [loosely(inner) for inner in sentence.block if inner.shape in PARTS]
    return "\n".join([own, *parts])


def loose(part: Part) -> object:
    """Return the meaning of ``part`` but for lengths and times of day."""
    if isinstance(part, Word):
        return (part.kind, part.text) if part.kind in KEEP_TEXT and part.kind != TIME else part.kind
    if isinstance(part, tuple):
        return tuple(loose(inner) for inner in part)
    if part.shape == LENGTH:
        return LENGTH
    return part.shape, tuple(sorted((name, loose(inner)) for name, inner in part.parts.items()))
