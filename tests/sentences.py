"""Makes sentences of the language from its grammar. Rule: every alternative comes up, and each sentence is valid by construction.

A sentence is first a row of meanings, walked out of the grammar's rules; then words of one language are put in.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from itertools import pairwise
from pathlib import Path
from random import Random

from lark.grammar import Rule

from verbline.grammar.build import SIGNS, STARTS, lark_of
from verbline.grammar.table import GRAMMAR
from verbline.interpreter.words import Language

NAMES = ["order is late", "A – B", "č š ž", "3 days", "if yes", "# no comment", "it's, well (so)"]
DATA = ["first-name", "datum-tečaja", "if-score", "engagement", "x2", "not-now", "da-ne", "member"]
LITERALS = {
    "DATE": ["2026-03-14", "2024-02-29"],
    "TIME": ["09:00", "23:59"],
    "NUMBER": ["0", "1", "2", "3", "4", "5", "12", "101", "102", "1.5", "90000"],
    "PERCENT": ["90%", "12.5%"],
    "CURRENCY": ["EUR", "NOK"],
    "PLACEHOLDER": ["<x>", "<a name>"],
}
# Readings that the longest keyword hides: a condition does not begin with a bare yes, no or unknown (see the word tests).
NEVER_NEXT = {("IF", "YES"), ("IF", "NO"), ("IF", "UNKNOWN"), ("IS", "UNKNOWN")}
DEEPEST = 9


class Walk:
    """The rules of the grammar, ready to be walked."""

    def __init__(self, rules: Iterable[Rule]) -> None:
        self.rules: dict[str, list[tuple[str, ...]]] = {}
        for rule in rules:
            expansion = tuple(str(symbol.name) for symbol in rule.expansion)
            self.rules.setdefault(str(rule.origin.name), []).append(expansion)
        self.alternatives = [
            (origin, expansion) for origin, all_of in self.rules.items() for expansion in all_of
        ]
        self.cost = dict.fromkeys(self.rules, 99)
        for _ in self.rules:
            self.cost |= {
                origin: min(map(self.cost_of, expansions))
                for origin, expansions in self.rules.items()
            }

    def cost_of(self, expansion: tuple[str, ...]) -> int:
        """Return how deep the shallowest sentence of an alternative is."""
        return 1 + max((self.cost.get(symbol, 0) for symbol in expansion), default=0)

    def meanings(self, symbol: str, random: Random, room: int = DEEPEST) -> list[str]:
        """Return a row of meanings for ``symbol``, at most ``room`` rules deep where that can be."""
        expansions = self.rules.get(symbol)
        if expansions is None:
            return [symbol]
        fitting = [one for one in expansions if self.cost_of(one) <= room]
        expansion = random.choice(fitting or [min(expansions, key=self.cost_of)])
        return [word for part in expansion for word in self.meanings(part, random, room - 1)]

    def with_alternative(self, number: int, random: Random) -> tuple[str, list[str]] | None:
        """Return a start symbol and a row of meanings that uses one alternative; None where no sentence has it."""
        origin, expansion = self.alternatives[number]
        words = [word for part in expansion for word in self.meanings(part, random, 4)]
        seen = {origin}
        while origin not in STARTS:
            above = [
                (outer, whole, at)
                for outer, whole in self.alternatives
                for at, symbol in enumerate(whole)
                if symbol == origin and outer not in seen
            ]
            if not above:
                return None
            origin, whole, at = random.choice(above)
            seen.add(origin)
            before = [word for part in whole[:at] for word in self.meanings(part, random, 4)]
            after = [word for part in whole[at + 1 :] for word in self.meanings(part, random, 4)]
            words = [*before, *words, *after]
        return origin, words


@cache
def walk() -> Walk:
    """Return the grammar's rules."""
    return Walk(lark_of(Path(GRAMMAR).read_text("utf-8"), strict=False).rules)


def sentence(start: str, random: Random) -> list[str]:
    """Return a row of meanings that is a sentence from ``start``: ``line`` or ``condition``."""
    while True:
        words = walk().meanings(start, random)
        if is_readable(words):
            return words


def is_readable(words: list[str]) -> bool:
    """Return whether no keyword of the row hides another reading."""
    return NEVER_NEXT.isdisjoint(pairwise(words))


def worded(words: Iterable[str], language: Language, random: Random) -> str:
    """Return the sentence in the words of ``language``, any of their forms."""
    return " ".join(word for kind in words if (word := form(kind, language, random)))


def form(kind: str, language: Language, random: Random) -> str:
    """Return the words of one meaning."""
    if kind == "STRING":
        return f'"{random.choice(NAMES)}"'
    if kind == "NAME":
        common: list[str] = [forms[0] for forms in language.table["data"].values()]
        return random.choice([*DATA, *common])
    if kind in LITERALS:
        return random.choice(LITERALS[kind])
    if kind in SIGNS:
        return SIGNS[kind]
    if kind == "THE" and kind not in language.forms:
        return ""
    forms: list[str] = [*language.forms[kind], *language.read.get(kind, ())]
    return random.choice(forms)
