"""Which form of a word stands beside which. Rule: the word table of the language decides; this file knows no language.

The head of each table in grammar/words says how it is read.
"""

from __future__ import annotations

import re

from verbline.grammar import table as saved
from verbline.interpreter.sentence import grammar

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any

    from verbline.interpreter.nodes import Word
    from verbline.interpreter.words import Language

RELATION = re.compile(r"(?P<operand>[niv])(?: % (?P<modulo>\d+))? (?P<sign>!?=) (?P<range>[\d.,]+)")
NUMBERS = ("NUMBER", "PLACEHOLDER")


class Inflection:
    """The changing words of one language."""

    def __init__(self, language: Language) -> None:
        choices = saved.choices(grammar().table, language.code)
        self.language = language
        self.agrees: Mapping[str, Mapping[str, Any]] = choices["agrees"]
        self.inflected: Mapping[str, Mapping[str, Any]] = choices["inflected"]
        self.plural: Mapping[str, str] = choices["plural"]
        cases = {name: phrases for name, phrases in choices["cases"].items() if name != "before"}
        self.after: Mapping[str, str] = {
            phrase: name for name, phrases in cases.items() for phrase in phrases
        }
        behind = choices["cases"].get("before", {})
        self.before: Mapping[str, str] = {
            phrase: name for name, phrases in behind.items() for phrase in phrases
        }

    def form(self, at: int, words: Sequence[Word], written: Sequence[str], listed: int) -> str:
        """Return the form of word ``at`` of a sentence.

        ``written`` are the forms of the words before it, ``listed`` is the number of parts in the sentence's list.
        """
        kind = words[at].kind
        if kind in self.agrees:
            return self.agreeing(self.agrees[kind], at, words, listed)
        if kind in self.inflected:
            forms = self.inflected[kind]
            first = next(name for name in forms if name != "gender")
            found = forms.get(self.case(at, words, written), forms[first])
            return str(found if isinstance(found, str) else found[self.number(at, words)])
        first_form: str = self.language.forms[kind][0]
        return first_form

    def agreeing(
        self, forms: Mapping[str, Any], at: int, words: Sequence[Word], listed: int
    ) -> str:
        """Return the form whose condition holds."""
        for condition, form in forms.items():
            if condition in ("else", "also"):
                continue
            if all(self.holds(mark, at, words, listed) for mark in condition.split()):
                return str(form)
        return str(forms["else"])

    def holds(self, mark: str, at: int, words: Sequence[Word], listed: int) -> bool:
        """Return whether one mark of a condition holds for word ``at``."""
        if mark.startswith("listed="):
            return str(listed) == mark.removeprefix("listed=")
        side, _, pattern = mark.partition(":")
        if pattern:
            beside = at + 1 if side == "next" else at - 1
            text = words[beside].text.lower() if 0 <= beside < len(words) else ""
            return re.match(pattern, text) is not None
        if mark in ("m", "f", "n"):
            return self.gender(at, words) == mark
        return self.number(at, words) == mark

    def gender(self, at: int, words: Sequence[Word]) -> str:
        """Return the gender of the noun behind word ``at``, with or without a number between them."""
        behind = words[at + 1 : at + 3]
        genders = (self.inflected.get(word.kind, {}).get("gender", "") for word in behind)
        return next((gender for gender in genders if gender), "")

    def number(self, at: int, words: Sequence[Word]) -> str:
        """Return the category of the number beside word ``at``: before it, behind it, or before the unit before it."""
        for beside in (at - 1, at + 1, at - 2):
            if 0 <= beside < len(words) and words[beside].kind in NUMBERS:
                return category(words[beside].text, self.plural)
        return "other"

    def case(self, at: int, words: Sequence[Word], written: Sequence[str]) -> str:
        """Return the case in which the noun at ``at`` stands, or nothing where no phrase governs it."""
        behind = self.before.get(words[at + 1].kind, "") if at + 1 < len(words) else ""
        if behind:
            return behind
        for place in range(at - 1, -1, -1):
            case = self.after.get(written[place]) or self.after.get(words[place].kind)
            if case:
                return case
        return ""


def category(number: str, rules: Mapping[str, str]) -> str:
    """Return the category of a number by the first of ``rules`` that it fulfils; ``other`` where it fulfils none."""
    whole, _, decimals = number.partition(".")
    if not whole.isdecimal():
        return "other"
    operands = {"n": float(number), "i": float(whole), "v": float(len(decimals))}
    for name, rule in rules.items():
        if any(
            all(holds(relation, operands) for relation in part.split(" and "))
            for part in rule.split(" or ")
        ):
            return name
    return "other"


def holds(relation: str, operands: Mapping[str, float]) -> bool:
    """Return whether one relation of a plural rule holds: ``i % 100 = 3..4``."""
    match = RELATION.fullmatch(relation)
    assert match is not None, f"a plural rule cannot be read: {relation}"
    value = operands[match["operand"]]
    if match["modulo"]:
        value %= int(match["modulo"])
    bounds = (part.partition("..") for part in match["range"].split(","))
    inside = any(
        int(low) <= value <= int(high or low) and value == int(value) for low, _, high in bounds
    )
    return inside == (match["sign"] == "=")
