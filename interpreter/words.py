"""The words of a language: from text to words, from words to meanings. Rule: a word can have several meanings, and only
the parser knows which of them can stand here.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

OPENING, CLOSING = "“”„«»", "“”«»"

# Order decides: a date before a number, a wrong date before a right number, an open quote after a closed one.
PATTERN = r"""\s*(?:
    (?P<STRING>"[^"]*"|[“”„«»][^“”„«»"]*[“”«»])
    |(?P<WORD>[^\W\d_][\w-]*)
    |(?P<DATE>\d{4}-\d\d-\d\d(?![\w-]))
    |(?P<TIME>\d\d:\d\d(?![\w:]))
    |(?P<BAD_TIME>\d{1,2}[:.]\d\d\s?(?:am|pm|h)\b|\d:\d\d(?![\w:])|\d{1,2}\s?(?:am|pm)\b)
    |(?P<BAD_DATE>\d{1,2}[./]\s?\d{1,2}[./](?:\s?\d{2,4}(?![\d:]))?(?!\w)|\d{4}[./]\d{1,2}[./]\d{1,2}|\d{4}-\d{1,2}-\d{1,2}(?![\w-]))
    |(?P<BAD_NUMBER>\d+,\d+\s?%?|[1-9]\d{0,2}(?:(?:\.\d{3}){2,}|(?:\.\d{3})+(?=,\d)|\.\d\d0(?!\s?%))(?:,\d+)?(?!\d|\.\d))
    |(?P<PERCENT>\d+(?:\.\d+)?\s?%)
    |(?P<NUMBER>\d+(?:\.\d+)?)
    |(?P<PLACEHOLDER><[^<>"=]+>)
    |(?P<OPERATOR>[<>=!≤≥≠]+=?|&&?|\|\|?)
    |(?P<SIGN>[,()+*/:-])
    |(?P<OPEN_QUOTE>["“”„«»].*)
    |(?P<STRANGE>\S)
    )"""
# Most lines have none of these, and sets of far-apart letters take long to compile: so most runs do without.
RARE = "“”„«»≤≥≠"
PLAIN = re.compile(PATTERN.translate(str.maketrans(RARE, '"""""<<<')), re.VERBOSE)
FIRST_MARK = "\u0300"
LEANING = re.compile(r" +(?=[,:])")
SIGNS = {
    ",": "COMMA",
    "+": "PLUS",
    "-": "MINUS",
    "*": "STAR",
    "/": "SLASH",
    "(": "LPAR",
    ")": "RPAR",
}

Token = tuple[
    str, str, int, int
]  # kind, key (a word in small letters, a sign; else empty), start, end


@cache
def whole() -> re.Pattern[str]:
    """Return the whole pattern, with the rare signs."""
    return re.compile(PATTERN, re.VERBOSE)


def tokens_of(text: str) -> list[Token]:
    """Return the tokens of one line; ``text`` has no comment, no indentation, and composed letters."""
    tokens: list[Token] = []
    pattern, seen = PLAIN, text
    if not text.isascii():
        pattern = whole() if any(sign in text for sign in RARE) else PLAIN
        seen = lettered(text) if max(text) >= FIRST_MARK else text
    for match in pattern.finditer(seen):
        kind = match.lastgroup
        if kind is None:
            continue
        start, end = match.span(kind)
        key = text[start:end].lower() if kind in ("WORD", "SIGN") else ""
        tokens.append((kind, key, start, end))
    return tokens


def lettered(text: str) -> str:
    """Return ``text`` as long as it is, with a letter for each sign that belongs to a letter beyond ASCII before it.

    Many scripts write vowels as such signs, and a word goes on behind them.
    """
    letters = list(text)
    for at in range(1, len(letters)):
        before = letters[at - 1]
        if before > "\x7f" and before.isalpha() and unicodedata.category(letters[at])[0] == "M":
            letters[at] = before
    return "".join(letters)


def kind_of_word(word: str) -> str:
    """Return what a word that is none of the language can be: data, a currency too, or neither."""
    if "_" in word:
        return "NEITHER"
    return "CODE" if len(word) == 3 and word.isupper() else "DATA"


class Language:
    """One word table, made ready: a tree of phrases, the forms to write, the data words every project has."""

    def __init__(self, code: str, table: Mapping[str, Any], number: Mapping[str, int]) -> None:
        self.code = code
        self.name: str = table["name"]
        self.forms: Mapping[str, list[str]] = table["words"]
        self.read: Mapping[str, list[str]] = table.get("read", {})
        self.order: Mapping[str, list[str]] = table.get("order", {})
        self.table = table
        self.phrases: dict[str, Any] = {}
        # Every word that a phrase of the language holds.
        self.keys: set[str] = set()
        for words in (self.forms, self.read):
            for meaning, forms in words.items():
                for form in forms:
                    self._learn(form, number[meaning])
        self.data: dict[str, str] = {
            form: word for word, forms in table.get("data", {}).items() for form in forms
        }

    def _learn(self, form: str, terminal: int) -> None:
        place = self.phrases
        # A form is words and perhaps a comma, a colon or a first hyphen, so its keys are those of `tokens_of`, found sooner.
        spaced = form.replace(",", " ,").replace(":", " :")
        for key in (f"- {spaced[1:]}" if form[0] == "-" else spaced).split():
            self.keys.add(key)
            place = place.setdefault(key, {})
        place[""] = (*place.get("", ()), terminal)

    def form(self, text: str, tokens: list[Token]) -> list[str]:
        """Return what the parser tells lines apart by: words of the language and signs as they are, of all else only the kind."""
        keys = self.keys
        return [
            (key or kind) if kind != "WORD" or key in keys else kind_of_word(text[start:end])
            for kind, key, start, end in tokens
        ]

    def matches(self, tokens: list[Token], at: int) -> list[tuple[int, tuple[int, ...]]]:
        """Return every phrase that begins at token ``at``, the longest first.

        A phrase is given as the token behind it and its meanings, as numbers of terminals.
        """
        found: list[tuple[int, tuple[int, ...]]] = []
        place: dict[str, Any] | None = self.phrases
        for behind in range(at, len(tokens)):
            key = tokens[behind][1]
            place = place.get(key) if place and key else None
            if place is None:
                break
            if "" in place:
                found.append((behind + 1, place[""]))
        found.reverse()
        return found

    def write(self, meaning: str, form: str = "") -> str:
        """Return the words for ``meaning``: ``form`` where it is one of its inflections, else the first one."""
        forms = self.forms[meaning]
        folded = LEANING.sub("", " ".join(form.lower().split()))
        return folded if folded in forms else forms[0]

    def data_word(self, word: str) -> str:
        """Return the data word's name in the tree: most stand for themselves."""
        return self.data.get(word, word)
