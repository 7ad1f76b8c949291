"""What the words of a language are probably meant as where they are no sentence. Rule: nothing here is ever read as a sentence."""

from __future__ import annotations

from verbline.grammar import table as saved

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from verbline.interpreter.sentence import Grammar


class Hints:
    """What messages about broken lines know of one language.

    ``instead`` maps a meaning to what people write at first for it, ``fillers`` are words that can be left out,
    ``negations`` turn a meaning round. ``days`` is the word for days behind a number, ``days_after`` the one that
    stands after some words, ``name`` a data word.
    """

    __slots__ = ("days", "days_after", "fillers", "instead", "name", "negations")

    def __init__(self, grammar: Grammar, code: str) -> None:
        table = saved.hints(grammar.table, code)
        language = grammar.language(code)
        examples = table["examples"]
        self.instead: Mapping[str, list[str]] = table["instead"]
        self.fillers = frozenset(table["fillers"])
        self.negations = list(table["negations"])
        self.days: str = examples.get("days") or language.write("U_DAY")
        self.days_after: Mapping[str, str] = examples.get("days_after", {})
        self.name: str = examples.get("NAME", "name")
