"""What kind a value has. Rule: a value has one kind and is never turned into another.

A text from a known set goes wherever a text goes. Whatever cannot be judged, because a name in it is unknown, has no
kind, so that nothing is said about it a second time.
"""

from __future__ import annotations

from verbline.interpreter.nodes import Node, Word, unbracketed

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import TypeAlias

    from verbline.interpreter.names import Field
    from verbline.interpreter.nodes import Part

    # What a field's name means: its kind, or None where it means nothing here.
    KindOfName: TypeAlias = Callable[[str], "Kind | None"]


class Kind:
    """One kind: ``name`` is text, number, money, date, datetime, duration, yesno, list, one_of, time or unknown.

    ``of`` is the kind of a list's values, ``values`` the set of a one_of, ``currency`` that of an amount, where declared.
    """

    __slots__ = ("currency", "name", "of", "values")

    def __init__(
        self, name: str, *, of: Kind | None = None, values: tuple[str, ...] = (), currency: str = ""
    ) -> None:
        self.name = name
        self.of = of
        self.values = values
        self.currency = currency

    def __repr__(self) -> str:
        return (
            f"{self.name}{self.of or ''}{list(self.values) if self.values else ''}{self.currency}"
        )

    @property
    def base(self) -> str:
        """What its values are compared as: a one_of is a text."""
        return "text" if self.name == "one_of" else self.name


TEXT = Kind("text")
NUMBER = Kind("number")
MONEY = Kind("money")
DATE = Kind("date")
DATETIME = Kind("datetime")
DURATION = Kind("duration")
YESNO = Kind("yesno")
TIME = Kind("time")
UNKNOWN = Kind("unknown")

BY_WORD = {
    "STRING": TEXT, "NUMBER": NUMBER, "PERCENT": NUMBER, "DATE": DATE, "TIME": TIME, "YES": YESNO, "NO": YESNO,
    "UNKNOWN": UNKNOWN, "TODAY": DATE, "NOW": DATETIME,
}  # fmt: skip
BY_TYPE = {
    "T_TEXT": TEXT, "T_NUMBER": NUMBER, "T_DATE": DATE, "T_DATETIME": DATETIME, "T_DURATION": DURATION, "T_YESNO": YESNO,
}  # fmt: skip
# Kinds whose values stand in an order.
ORDERED = frozenset(("number", "money", "date", "datetime", "duration"))
INSTANTS = frozenset(("date", "datetime"))
# Units that are parts of a day: a date and some hours is a date and time.
PARTS_OF_A_DAY = frozenset(("U_MINUTE", "U_HOUR", "U_WHOUR"))


def kind_of_type(declared: Node | Word | None) -> Kind:
    """Return the kind that a declaration writes; identifiers, which have no type, are texts."""
    if declared is None:
        return TEXT
    if isinstance(declared, Word):
        return BY_TYPE[declared.kind]
    if declared.shape == "t_one_of":
        return Kind("one_of", values=tuple(word.text for word in declared.words("values")))
    if declared.shape == "t_list":
        of = declared.parts["of"]
        assert not isinstance(of, tuple)
        return Kind("list", of=kind_of_type(of))
    assert declared.shape == "t_money", declared
    return Kind("money", currency=declared.text("currency")) if declared.parts else MONEY


def kind_of(part: Part | None, name: KindOfName) -> Kind | None:
    """Return the kind of an expression; ``name`` tells what a field's name means at its place."""
    if isinstance(part, Word):
        return name(part.text) if part.kind == "NAME" else BY_WORD.get(part.kind)
    if not isinstance(part, Node):
        return None
    if part.shape == "brackets":
        return kind_of(part.parts["inner"], name)
    if part.shape == "duration":
        return DURATION
    if part.shape == "money":
        return Kind("money", currency=part.text("currency"))
    if part.shape in ("sum", "product"):
        return kind_of_chain(part, name)
    return YESNO


def kind_of_chain(node: Node, name: KindOfName) -> Kind | None:
    """Return the kind of a sum or a product, or None where its terms do not fit."""
    terms = node.items("terms")
    kind = kind_of(terms[0], name)
    for at in range(1, len(terms), 2):
        sign, right = terms[at], terms[at + 1]
        assert isinstance(sign, Word)
        other = kind_of(right, name)
        if kind is None or other is None:
            return None
        kind = after(kind, sign.kind, other, right)
    return kind


def after(left: Kind, sign: str, right: Kind, written: Node | Word) -> Kind | None:
    """Return the kind of ``left sign right``, or None where the two do not go together; ``written`` is the right side."""
    if sign in ("STAR", "SLASH"):
        return times(left, sign, right)
    if left.name in INSTANTS and right.name == "duration":
        return left if left.name == "datetime" or whole_days(written) else DATETIME
    if sign == "PLUS" and left.name == "duration" and right.name in INSTANTS:
        return right
    if left.name == right.name and left.name in ("number", "duration"):
        return left
    if left.name == right.name == "money":
        return left if left.currency else right
    return None


def times(left: Kind, sign: str, right: Kind) -> Kind | None:
    """Return the kind of a product or a quotient, or None where the two do not go together."""
    if right.name == "number" and left.name in ("number", "money", "duration"):
        return left
    if sign == "STAR" and left.name == "number" and right.name in ("money", "duration"):
        return right
    return NUMBER if sign == "SLASH" and left.name == right.name == "money" else None


def whole_days(part: Part) -> bool:
    """Return whether ``part`` is a written duration of days or more, so that a date and it make a date."""
    part = unbracketed(part)
    return (
        isinstance(part, Node)
        and part.shape == "duration"
        and part.word("unit").kind not in PARTS_OF_A_DAY
    )


def lacking(field: Field, words: list[Word]) -> list[str] | None:
    """Return what ``field`` can be beside ``words``: values in quotes, YES, NO and UNKNOWN; None where it can be anything."""
    kinds = {word.kind for word in words}
    if isinstance(field.kind, Word) and field.kind.kind == "T_YESNO":
        left = [kind for kind in ("YES", "NO") if kind not in kinds]
    elif isinstance(field.kind, Node) and field.kind.shape == "t_one_of":
        named = {word.text.casefold() for word in words}
        values = field.kind.words("values")
        left = [f'"{word.text}"' for word in values if word.text.casefold() not in named]
    else:
        return None
    return left if field.known or "UNKNOWN" in kinds else [*left, "UNKNOWN"]
