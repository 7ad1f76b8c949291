"""Cells of an examples table. Rule: a cell holds one value, and is read as the value would be in a sentence."""

from __future__ import annotations

from verbline.interpreter.nodes import Word
from verbline.interpreter.words import Language, tokens_of

VALUES = frozenset(("STRING", "DATE", "TIME", "NUMBER", "PERCENT"))
KEYWORDS = ("YES", "NO", "UNKNOWN")
CHANNEL, UNIT = "C_", "U_"


def cell_words(text: str, language: Language, terminals: list[str]) -> tuple[Word, ...]:
    """Return a cell's value as words: one, or a number and its unit or currency; nothing where it is no value."""
    tokens = tokens_of(text)
    if not tokens:
        return ()
    kind, _key, start, end = tokens[0]
    if kind == "WORD":
        named = phrase(text, language, terminals, 0)
        return (named,) if named and named_value(named) else ()
    if kind not in VALUES:
        return ()
    value = " ".join(text[start + 1 : end - 1].split()) if kind == "STRING" else text[start:end]
    first = Word(kind, value, start, end)
    if len(tokens) == 1:
        return (first,)
    unit = phrase(text, language, terminals, 1)
    return (first, unit) if kind == "NUMBER" and unit and not named_value(unit) else ()


def named_value(word: Word) -> bool:
    """Return whether a word is a value by itself, and no unit of a number."""
    return word.kind in KEYWORDS or word.kind.startswith(CHANNEL)


def phrase(text: str, language: Language, terminals: list[str], at: int) -> Word | None:
    """Return the word that the tokens from ``at`` to the end of the cell make, or None."""
    tokens = tokens_of(text)
    start, end = tokens[at][2], tokens[-1][3]
    for behind, meanings in language.matches(tokens, at):
        for kind in (terminals[meaning] for meaning in meanings):
            if behind == len(tokens) and (kind in KEYWORDS or kind.startswith((CHANNEL, UNIT))):
                return Word(kind, text[start:end], start, end)
    written = text[start:end]
    return (
        Word("CURRENCY", written, start, end) if len(written) == 3 and written.isupper() else None
    )
