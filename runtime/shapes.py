"""Decoding at speed: lines of one log look alike. Rule: what is decoded here is all of the line, each key of it once.

The outer members of a line make its shape. A shape knows how many keys its lines have outside, so that counting those
of ``data`` tells whether a key stands twice, of which a decoder keeps the last and says nothing. Numbers with a point
are `Decimal`, never a binary fraction; one of more than 28 digits is None, as unknown as a missing one.
"""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import Annotated, Any, cast

import msgspec

from verbline.runtime.events import Event, Stamp

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

DIGITS_MAX = 28
NUMBERS_KEPT_MAX = 1 << 14
NESTING_MAX = 64
MEMBERS_MAX = 32
NO_LINE = -1 << 30
BRACKET, BACKSLASH, TAB = b"[\\\t"

# What a decoder may raise about bytes that somebody else wrote.
UNREADABLE = (ValueError, RecursionError, ArithmeticError)

Name = Annotated[str, msgspec.Meta(min_length=1)]
MEMBERS: dict[str, tuple[str, object]] = {
    "id": ("id", Name),
    "type": ("type", Name),
    "time": ("stamp", Stamp),
    "source": ("source", str),
    "data": ("data", dict[str, Any]),
    "consent": ("consent", list[dict[str, Any]]),
    "agrees": ("agrees", dict[str, dict[str, bool]]),
}


class Numbers(dict[str, Decimal | None]):
    """From the text of a number to its value. Prices repeat, so most are made once."""

    __slots__ = ()

    def __missing__(self, text: str) -> Decimal | None:
        value = number_of(text)
        if len(self) < NUMBERS_KEPT_MAX:
            self[text] = value
        return value


def number_of(text: str) -> Decimal | None:
    """Return the number that ``text`` writes, or None where it takes more than 28 digits."""
    try:
        value = Decimal(text)
    except InvalidOperation:
        return None
    if len(text) > DIGITS_MAX or "e" in text or "E" in text:
        size = max(len(value.as_tuple().digits), abs(value.adjusted()))
        return value if size <= DIGITS_MAX else None
    return value


def may_be_shape(members: frozenset[str]) -> bool:
    """Return whether lines with these outer members are worth a shape: as many as an event has, none of the reader's."""
    return len(members) <= MEMBERS_MAX and all(
        name.isidentifier() and len(name) <= MEMBERS_MAX for name in members
    )


class Shape:
    """Lines whose outer members bear exactly the names ``members``.

    ``decode`` gives the `Event` of a line, or raises one of `UNREADABLE`. ``colons`` is how many stand outside ``data``:
    one behind each key and two in a time of day; or a number that no line has, where lines carry consent.
    """

    __slots__ = ("agreeing", "colons", "decode", "members", "objects", "others")

    def __init__(self, members: frozenset[str], numbers: Numbers) -> None:
        fields = [
            (*MEMBERS.get(key, (f"other{place}", object)), msgspec.field(name=key))
            for place, key in enumerate(sorted(members))
        ]
        made = msgspec.defstruct(
            "Line", cast("Any", fields), bases=(Event,), kw_only=True, gc=False, eq=False
        )
        decoder = msgspec.json.Decoder(made, float_hook=numbers.__getitem__)
        self.decode = cast("Callable[[bytes], Event]", decoder.decode)
        self.members = members
        self.objects = 2 if "data" in members else 1
        self.agreeing = not members.isdisjoint(("consent", "agrees"))
        self.colons = NO_LINE if self.agreeing else len(members) + 2
        self.others = tuple(field[0] for field in fields if field[0].startswith("other"))

    def kept(self, event: Event) -> int:
        """Return how many keys of its line are kept in ``event``, one of this shape."""
        kept = len(self.members) + keys_in(event.data)
        if self.agreeing:
            kept += keys_in(event.consent) + keys_in(event.agrees)
        for name in self.others:
            kept += keys_in(getattr(event, name))
        return kept

    def covers(self, event: Event, line: bytes) -> bool:
        """Return whether ``event`` is all of ``line``, each key once and nothing nested too deep; no if it cannot tell."""
        kept = self.kept(event)
        # A level takes a key or a bracket.
        return kept == keys_written(line) and kept + line.count(b"[") < NESTING_MAX


def keys_written(text: bytes) -> int:
    """Return how many keys stand in ``text`` at least, and exactly where no quoted text holds a quotation mark and a colon.

    -1 where a blank may stand between a key and its colon, so that counting them this way would miss some.
    """
    if text.find(b'" :') >= 0 or TAB in text or text.find(b'"\r') >= 0:
        return -1
    return text.count(b'":')


def keys_in(value: object) -> int:
    """Return how many keys stand in ``value`` and in all that it holds."""
    keys = 0
    if type(value) is dict:
        keys = len(value)
        inner: Iterable[object] = value.values()
    elif type(value) is list:
        inner = value
    else:
        return 0
    for one in inner:
        if type(one) is dict or type(one) is list:
            keys += keys_in(one)
    return keys
