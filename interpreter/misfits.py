"""What to say where two values do not fit. Rule: the wording names what was meant, where that can be told from the values."""

from __future__ import annotations

import re

from verbline.interpreter.kinds import INSTANTS
from verbline.interpreter.nodes import Node, Word

TYPE_CHECKING = False
if TYPE_CHECKING:
    from verbline.interpreter.kinds import Kind
    from verbline.interpreter.source import Span

# A number that compares with a date like this is somebody's age; a smaller one is rather a number of days.
AGE_MIN = 13
# How a text looks that should have stood without quotes.
BARE = {
    "number": re.compile(r"\d+(\.\d+)?"),
    "date": re.compile(r"\d{4}-\d\d-\d\d"),
    "datetime": re.compile(r"\d{4}-\d\d-\d\d"),
    "money": re.compile(r"\d+(\.\d+)? [A-Z]{3}"),
    "duration": re.compile(r"\d+ [^\W\d]+( [^\W\d]+)?"),
}


class Side:
    """One side of a comparison: the part of the tree, its place, its text as written, and its kind."""

    __slots__ = ("kind", "part", "span", "text")

    def __init__(self, part: Node | Word, span: Span, text: str, kind: Kind) -> None:
        self.part = part
        self.span = span
        self.text = text
        self.kind = kind

    @property
    def word(self) -> str:
        """What kind of word it is, where it is one word."""
        return self.part.kind if isinstance(self.part, Word) else ""

    @property
    def written(self) -> bool:
        """Whether the value itself is written, and not a field that holds it."""
        shapes = ("duration", "money")
        return self.part.shape in shapes if isinstance(self.part, Node) else self.word != "NAME"


def misfit(left: Side, right: Side) -> tuple[str, Side, Side]:
    """Return the wording for two values of different kinds, the side it points at, and the other one."""
    for one, other in ((left, right), (right, left)):
        variant = writing(one, other)
        if variant:
            return variant, other, one
    if left.kind.name in INSTANTS and right.word == "NUMBER":
        return ("age" if float(right.text) >= AGE_MIN else "days"), left, right
    if left.kind.name == "list":
        return "list", left, right
    return "", left, right


def writing(one: Side, other: Side) -> str:
    """Return the wording where ``other`` only has to be written another way to be of the kind of ``one``."""
    kind = one.kind.base
    if other.word == "STRING" and kind in BARE and BARE[kind].fullmatch(unquoted(other.text)):
        return "quotes_off"
    if other.word == "STRING" and kind == "yesno":
        return "yes"
    if kind == "text" and other.written and other.word != "TIME" and one.word == "NAME":
        return "quotes_on"
    if kind == "money" and other.word == "NUMBER":
        return "currency"
    return "unit" if kind == "duration" and other.word == "NUMBER" else ""


def unquoted(text: str) -> str:
    """Return a written text without its quotes."""
    return text.strip('"“”„«»')


def not_instant(left: Side, right: Side) -> Side | None:
    """Return the first side that is no date."""
    return next((side for side in (left, right) if side.kind.name not in INSTANTS), None)


def cell_text(part: Node | Word) -> str:
    """Return a cell as it is written in a sentence."""
    if isinstance(part, Word):
        return f'"{part.text}"' if part.kind == "STRING" else part.text
    return " ".join(word.text for word in part.parts.values() if isinstance(word, Word))
