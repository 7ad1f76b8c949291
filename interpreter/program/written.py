"""Values that are written out in a file. Rule: they are the same values that an event would bring."""

from __future__ import annotations

from datetime import date, time
from decimal import Decimal

from verbline.interpreter.constants import number_of
from verbline.interpreter.kinds import DATE, NUMBER, TEXT, TIME, UNKNOWN, YESNO, Kind
from verbline.interpreter.nodes import Node, Word
from verbline.interpreter.program.meanings import duration_of
from verbline.interpreter.program.reckoning import CONTEXT, FOLDED, exact

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


def literal(word: Word) -> tuple[Kind, Any]:
    """Return the kind and the value of a word that is written out."""
    if word.kind == "STRING":
        return TEXT, word.text
    if word.kind == "NUMBER":
        return NUMBER, number_of(word.text)
    if word.kind == "PERCENT":
        return NUMBER, exact(CONTEXT.divide(Decimal(word.text[:-1]), Decimal(100)))
    if word.kind == "DATE":
        return DATE, date.fromisoformat(word.text)
    if word.kind == "TIME":
        return TIME, time.fromisoformat(word.text)
    if word.kind == "UNKNOWN":
        return UNKNOWN, None
    assert word.kind in ("YES", "NO"), f"{word} is no value"
    return YESNO, word.kind == "YES"


def value_of(part: Word | Node) -> Any:
    """Return the value of a literal: a word, an amount or a duration."""
    if isinstance(part, Word):
        return literal(part)[1]
    if part.shape == "money":
        return Decimal(number_of(part.text("number"))), part.text("currency")
    assert part.shape == "duration", f"{part} is no literal"
    return duration_of(part)


def fitting(values: list[Any], kind: Kind) -> Any:
    """Return written values as a field of ``kind`` holds them: several as a list, a text of a set as its declaration spells it."""
    if kind.name == "list":
        assert kind.of is not None, "a list says of what"
        return tuple(fitting([value], kind.of) for value in values)
    value = values[0]
    if kind.name == "one_of" and isinstance(value, str):
        return next((one for one in kind.values if FOLDED[one] == FOLDED[value]), None)
    return value
