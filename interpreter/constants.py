"""Values that are written out. Rule: they are worked out exactly, as the engine does, in decimals of 28 digits."""

from __future__ import annotations

from verbline.interpreter.index import folded
from verbline.interpreter.nodes import Node, Word, unbracketed

TYPE_CHECKING = False
if TYPE_CHECKING:
    from decimal import Decimal
    from typing import TypeAlias

    from verbline.interpreter.nodes import Part

    Exact: TypeAlias = "int | Decimal | str"

# Units that can be compared with each other, and how many of the smaller one there are.
UNITS = {
    "U_MINUTE": ("minutes", 1), "U_HOUR": ("minutes", 60), "U_DAY": ("days", 1), "U_WEEK": ("days", 7),
    "U_MONTH": ("months", 1), "U_YEAR": ("months", 12), "U_WHOUR": ("working hours", 1), "U_WDAY": ("working days", 1),
}  # fmt: skip


class Fixed:
    """A written value: its kind, what it is measured in (a currency, a unit), and how much it is; a text is folded."""

    __slots__ = ("amount", "kind", "measure")

    def __init__(self, kind: str, amount: Exact, measure: str = "") -> None:
        self.kind = kind
        self.amount = amount
        self.measure = measure


def number_of(text: str) -> int | Decimal:
    """Return a written number, exactly."""
    if "." not in text:
        return int(text)
    from decimal import Decimal

    return Decimal(text)


def fixed(part: Part) -> Fixed | None:
    """Return the value that ``part`` writes out, or None where it depends on anything."""
    part = unbracketed(part)
    if isinstance(part, Word):
        return fixed_word(part)
    if not isinstance(part, Node):
        return None
    if part.shape == "money":
        return Fixed("money", number_of(part.text("number")), part.text("currency"))
    if part.shape == "duration":
        measure, times = UNITS.get(part.word("unit").kind, ("", 0))
        number = part.word("number")
        if not measure or number.kind != "NUMBER":
            return None
        return Fixed("duration", number_of(number.text) * times, measure)
    return worked_out(part) if part.shape in ("sum", "product") else None


def fixed_word(word: Word) -> Fixed | None:
    """Return the value of one word, or None where it is no literal."""
    if word.kind == "NUMBER":
        return Fixed("number", number_of(word.text))
    if word.kind == "PERCENT":
        return Fixed("number", divided(number_of(word.text[:-1]), 100))
    if word.kind == "STRING":
        return Fixed("text", folded(word.text))
    if word.kind in ("YES", "NO"):
        return Fixed("yesno", word.kind)
    return Fixed("date", word.text) if word.kind == "DATE" else None


def worked_out(node: Node) -> Fixed | None:
    """Return the value of a sum or a product of written values, or None where it cannot be known."""
    terms = node.items("terms")
    found = fixed(terms[0])
    for at in range(1, len(terms), 2):
        sign, other = terms[at], fixed(terms[at + 1])
        if found is None or other is None or not isinstance(sign, Word):
            return None
        found = joined(found, sign.kind, other)
    return found


def joined(one: Fixed, sign: str, other: Fixed) -> Fixed | None:
    """Return ``one sign other``, or None where the two do not go together."""
    left, right = one.amount, other.amount
    if isinstance(left, str) or isinstance(right, str):
        return None
    if sign in ("PLUS", "MINUS"):
        if (one.kind, one.measure) != (other.kind, other.measure):
            return None
        return Fixed(one.kind, plus(left, right if sign == "PLUS" else -right), one.measure)
    if sign == "STAR" and "number" in (one.kind, other.kind):
        kept = one if other.kind == "number" else other
        return Fixed(kept.kind, times(left, right), kept.measure)
    if sign == "SLASH" and right != 0:
        if other.kind == "number":
            return Fixed(one.kind, divided(left, right), one.measure)
        if (one.kind, one.measure) == (other.kind, other.measure) == ("money", one.measure):
            return Fixed("number", divided(left, right))
    return None


def plus(one: int | Decimal, other: int | Decimal) -> int | Decimal:
    """Return the sum, rounded as the engine does."""
    from decimal import Decimal

    return Decimal(one) + Decimal(other)


def times(one: int | Decimal, other: int | Decimal) -> int | Decimal:
    """Return the product, rounded as the engine does."""
    from decimal import Decimal

    return Decimal(one) * Decimal(other)


def divided(one: int | Decimal, other: int | Decimal) -> int | Decimal:
    """Return the quotient, rounded as the engine does."""
    from decimal import Decimal

    return Decimal(one) / Decimal(other)


def day_number(date: str) -> int:
    """Return the place of a date in the calendar, so that the next day has the next number."""
    from datetime import date as calendar_date

    return calendar_date.fromisoformat(date).toordinal()
