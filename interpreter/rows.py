"""The rows of an examples table. Rule: a cell is one value as it stands in a sentence, so a table means what its sentences mean."""

from __future__ import annotations

import re

from verbline.interpreter.nodes import Word
from verbline.interpreter.source import Span, typed
from verbline.interpreter.words import tokens_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from verbline.interpreter.lines import Line
    from verbline.interpreter.parse import File
    from verbline.interpreter.sentence import Grammar
    from verbline.interpreter.words import Token

# A text in any of the quotes that are read.
QUOTED = re.compile('"[^"]*"|[“”„«»][^“”„«»"]*[“”«»]')
ANY_QUOTE = re.compile('["“”„«»]')
CHANNELS = ("C_EMAIL", "C_SMS", "C_PHONE", "C_POST", "C_PUSH", "C_APP", "C_WHATSAPP")
CELL_WORDS = frozenset(("YES", "NO", "UNKNOWN", *CHANNELS))
CURRENCY = re.compile("[A-Z]{3}")
CELL_LITERALS = ("DATE", "TIME", "NUMBER", "PERCENT")


def cells_of(row: str) -> list[str]:
    """Return what stands between the bars of a row; a bar inside quotes is a sign like any other."""
    inside = row[1:].removesuffix("|")
    # As many signs as before, so that the bars that are left stand where they stood.
    bare = QUOTED.sub(lambda text: " " * len(text[0]), inside)
    if bare == inside or ANY_QUOTE.search(bare):
        # A quote that is not closed ends at its bar, so that one slip spoils one cell.
        return inside.split("|")
    cells, start = [], 0
    for cell in bare.split("|"):
        cells.append(inside[start : start + len(cell)])
        start += len(cell) + 1
    return cells


def cells(file: File, grammar: Grammar, line: Line, *, header: bool) -> tuple[Word, ...]:
    """Return the cells of a row, in code points from the start of the line: titles in the first row, values in the others."""
    found, at = [], 1
    for raw in cells_of(line.text):
        text = raw.strip()
        start = at + len(raw) - len(raw.lstrip())
        end = start + len(text)
        if line.places is not None:
            start, end = typed(line.places, start), typed(line.places, end)
        start, end = line.column - 1 + start, line.column - 1 + end
        kind, value = ("NAME", " ".join(text.split())) if header else value_of(text, file, grammar)
        if not kind:
            span = Span(line.number, start + 1, line.number, max(end, start + 1) + 1)
            file.report("S026", span, "" if text else "empty", cell=text)
        # What is no value has no kind, so that nothing else is said about it.
        found.append(Word(kind, value, start, end))
        at += len(raw) + 1
    return tuple(found)


def value_of(text: str, file: File, grammar: Grammar) -> tuple[str, str]:
    """Return the kind and the value of a cell; the kind is empty where the cell is no value."""
    tokens = tokens_of(text)
    kind = tokens[0][0] if tokens else ""
    if kind == "WORD":
        return next(
            (word for word in words_to_end(tokens, 0, file, grammar) if word in CELL_WORDS), ""
        ), text
    if kind == "NUMBER" and len(tokens) > 1:
        currency = CURRENCY.fullmatch(text[tokens[1][2] :])
        unit = any(word.startswith("U_") for word in words_to_end(tokens, 1, file, grammar))
        return "AMOUNT" if currency or unit else "", text
    if len(tokens) != 1:
        return "", text
    if kind == "STRING":
        return kind, " ".join(text[1:-1].split())
    return kind if kind in CELL_LITERALS else "", text


def words_to_end(tokens: list[Token], at: int, file: File, grammar: Grammar) -> list[str]:
    """Return the meanings of the phrase that reaches from token ``at`` to the end."""
    return [
        grammar.terminals[one]
        for behind, meanings in file.language.matches(tokens, at)
        if behind == len(tokens)
        for one in meanings
    ]
