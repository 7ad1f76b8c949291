"""A sentence as text again. Rule: one meaning is written one way; an inflection the author chose stays.

What the grammar leaves open is settled here: the article before a person, commas and "or" in lists, the order of words in
a language. The words themselves come from the language's table.
"""

from __future__ import annotations

from itertools import pairwise

from verbline.interpreter.cells import cell_words
from verbline.interpreter.nodes import Node, Word
from verbline.interpreter.sentence import grammar
from verbline.interpreter.words import SIGNS, Language, tokens_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from verbline.interpreter.nodes import Part, Sentence

SIGN = {name: sign for sign, name in SIGNS.items()}
AS_WRITTEN = frozenset(("DATE", "TIME", "NUMBER", "PERCENT", "CURRENCY"))

# Phrases that bring the article of the person behind them, or need none.
WITH_ARTICLE = {
    "THE", "THE_OTHER", "GIVEN_THE", "GIVEN_THE_OTHER", "GIVEN_A", "GIVEN_ANOTHER", "NOTIFY", "ASK", "STOP_WRITING",
    "TWO",
}  # fmt: skip
# Lists that end in "or", because one of them is taken; and lists of all, which have commas only.
ONE_IS_TAKEN = {
    "notify": "channels",
    "ask": "channels",
    "confirm": "channels",
    "offer": "channels",
    "offer_best": "channels",
    "wait_for": "moments",
}
ALL_ARE_MEANT = {"covers": "channels"}


def sentence_text(sentence: Sentence, language: Language) -> str:
    """Return a sentence in the words of ``language``, which is the one it was read in."""
    node = sentence.node
    assert node is not None, "only what was understood is written anew"
    words = [word for word in arranged(node, sentence.words) if written(word, language)]
    if node.shape in language.order:
        words = in_order(node, words, language.order[node.shape])
    return joined(spelled(word, sentence.raw, language) for word in words)


def cell_text(cell: str, language: Language) -> str:
    """Return one cell of a table in the words of ``language``; as it is where it holds no value."""
    words = cell_words(cell, language, grammar().terminals)
    return joined(spelled(word, cell, language) for word in words) or " ".join(cell.split())


def written(word: Word, language: Language) -> bool:
    """Return whether ``language`` has words for ``word``: some have no article."""
    return word.kind != "THE" or "THE" in language.forms


def spelled(word: Word, raw: str, language: Language) -> str:
    """Return one word in its one true form; ``raw`` is the line it stands in."""
    if word.kind == "NAME":
        return small(raw[word.start : word.end])
    return literal(word) or language.write(word.kind, word.text)


def literal(word: Word) -> str:
    """Return a word that is the same in every language; nothing for a keyword."""
    if word.kind == "STRING":
        return f'"{word.text}"'
    if word.kind == "PLACEHOLDER":
        return f"<{word.text}>"
    return word.text if word.kind in AS_WRITTEN else SIGN.get(word.kind, "")


def small(name: str) -> str:
    """Return a data word in small letters, or as it is where they would not make one word."""
    lowered = name.lower()
    return lowered if len(lowered) == len(name) or len(tokens_of(lowered)) == 1 else name


def joined(pieces: Iterable[str]) -> str:
    """Return the pieces of a sentence with single blanks, and none where a sign leans on its neighbour."""
    text = ""
    for piece in pieces:
        leans = piece in (",", ")") or (piece[0] == "-" and piece != "-")
        text += piece if not text or leans or text[-1] == "(" else f" {piece}"
    return text


def arranged(node: Node, words: Iterable[Word]) -> list[Word]:
    """Return the words of a sentence with what may be left out put in: articles, and signs between the parts of a list."""
    changed = separators(node)
    articles = {who.start for who in people(node)}
    found: list[Word] = []
    for word in words:
        before = found[-1].kind if found else ""
        if word.start in articles and before not in WITH_ARTICLE:
            found.append(Word("THE", "", word.start, word.start))
        if word.kind == "EVERY" and before == "TIMES":
            found.append(Word("COMMA", ",", word.start, word.start))
        kind = changed.get(word.start, word.kind) if word.kind in ("OR", "COMMA") else word.kind
        found.append(word if kind == word.kind else Word(kind, "", word.start, word.end))
    return found


def people(node: Node) -> list[Word]:
    """Return the persons that the sentence and its conditions speak of."""
    return [
        who
        for inner in node.walk()
        if isinstance(inner, Node) and isinstance(who := inner.parts.get("who"), Word)
    ]


def separators(node: Node) -> dict[int, str]:
    """Return where a sign between two parts of a list stands, if it is not the one that belongs there: place -> kind.

    The keys are the places of all blanks between the parts, so that the sign is found wherever it stands.
    """
    name = ONE_IS_TAKEN.get(node.shape) or ALL_ARE_MEANT.get(node.shape)
    if name is None:
        return {}
    listed = node.items(name)
    found: dict[int, str] = {}
    for number, (one, other) in enumerate(pairwise(listed), 2):
        is_last = number == len(listed) and node.shape in ONE_IS_TAKEN
        found |= dict.fromkeys(range(one.end, other.start), "OR" if is_last else "COMMA")
    return found


def in_order(node: Node, words: list[Word], order: Iterable[str]) -> list[Word]:
    """Return ``words`` in the ``order`` a language wants: keywords by their meaning, parts of the sentence by their name."""
    found: list[Word] = []
    for name in order:
        if name.isupper():
            found += [word for word in words if word.kind == name]
        elif name in node.parts:
            start, end = extent(node.parts[name])
            found += [word for word in words if start <= word.start < end]
    return found


def extent(part: Part) -> tuple[int, int]:
    """Return the places where a part of a sentence begins and ends."""
    if isinstance(part, tuple):
        return part[0].start, part[-1].end
    return part.start, part.end
