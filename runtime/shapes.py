"""Decoding at speed: lines of one log look alike. Rule: what is decoded here is all of the line, each key of it once.

Of two equal keys a decoder keeps the last and says nothing. A shape knows the outer members of its lines, so it can tell
how many keys an event has kept, and counting those in the text tells whether one stands twice. Numbers with a point are
`Decimal`, never a binary fraction; one of more than 28 digits is None, as unknown as a missing one.
"""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from operator import attrgetter
from typing import Annotated, Any, cast

import msgspec

from verbline.runtime.events import Event, Stamp

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from verbline.runtime.agreements import Agreements

DIGITS_MAX = 28
NUMBERS_KEPT_MAX = 1 << 14
NESTING_MAX = 64
MEMBERS_MAX = 32
BRACKET, BACKSLASH, TAB = b"[\\\t"

# What a decoder may raise about bytes that somebody else wrote.
UNREADABLE = (ValueError, RecursionError, ArithmeticError)

Name = Annotated[str, msgspec.Meta(min_length=1)]
# From an outer member to its attribute, its kind, and what is there where the line does not have it.
MEMBERS: dict[str, tuple[str, object, object]] = {
    "id": ("id", Name, ""),
    "type": ("type", Name, ""),
    "time": ("stamp", Stamp, None),
    "source": ("source", Name, ""),
    "data": ("data", dict[str, Any], {}),
    "consent": ("consent", list[dict[str, Any]], None),
    "agrees": ("agrees", msgspec.Raw, None),
}
CONSENT = frozenset(("consent", "agrees"))
CONSENT_OF = attrgetter("consent")
NEEDED = frozenset(("id", "type", "time"))
# All others are plain in every standard; a line where one is not is read with care.
PLAIN = str | int | float | bool | None


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


class Known:
    """What is remembered of the lines of a log: numbers by their text, and short answers by their bytes."""

    __slots__ = ("agreements", "numbers")

    def __init__(self, agreements: Agreements) -> None:
        self.agreements = agreements
        self.numbers = Numbers()


class Shape:
    """What the lines of a log have in common.

    ``required`` are the outer members that every line so far had, ``optional`` those that some had. ``decode`` gives the
    `Event` of a line, or raises one of `UNREADABLE`. ``says_consent``: lines may tell who agrees to what.
    """

    __slots__ = (
        "_absent",
        "_known",
        "decode",
        "decode_lines",
        "optional",
        "required",
        "says_consent",
    )

    def __init__(self, required: frozenset[str], optional: frozenset[str], known: Known) -> None:
        fields: list[tuple[str, object, object]] = []
        self._absent: list[tuple[Callable[[Event], object], object]] = []
        for place, key in enumerate(sorted(required | optional)):
            other = (f"other{place}", PLAIN | msgspec.UnsetType, msgspec.UNSET)
            name, kind, absent = MEMBERS.get(key, other)
            if key in required:
                fields.append((name, kind, msgspec.field(name=key)))
            else:
                if name != "agrees":
                    self._absent.append((attrgetter(name), absent))
                fields.append((name, kind, msgspec.field(name=key, default=absent)))
        made = msgspec.defstruct(
            "Line", cast("Any", fields), bases=(Event,), kw_only=True, gc=False, eq=False
        )
        decoder = msgspec.json.Decoder(made, float_hook=known.numbers.__getitem__)
        self.decode = cast("Callable[[bytes], Event]", decoder.decode)
        self.decode_lines = cast("Callable[[bytes], list[Event | None]]", decoder.decode_lines)
        self.required = required
        self.optional = optional
        self.says_consent = not CONSENT.isdisjoint(required | optional)
        self._known = known

    def including(self, members: frozenset[str], *, is_first: bool = False) -> Shape | None:
        """Return the shape of these lines and one with ``members``; None if that is this one, or would be none.

        The first that is learned tells more than what is usual: what it has is taken to be in every line.
        """
        required = members if is_first else self.required & members
        optional = (self.required | self.optional | members) - required
        if (required, optional) == (self.required, self.optional):
            return None
        if len(required | optional) > MEMBERS_MAX or not required >= NEEDED:
            return None
        if not all(name.isidentifier() and name.isascii() for name in members):
            return None
        return Shape(required, optional, self._known)

    def outer_keys(self, events: Sequence[Event]) -> int:
        """Return how many keys of their lines ``events`` keep outside of ``data``."""
        keys = len(self.required) * len(events)
        for member, absent in self._absent:
            keys += len(events) - list(map(member, events)).count(absent)
        if self.says_consent:
            of = self._known.agreements.of
            said: list[Any] = [event for event in events if event.agrees is not None]
            keys += 0 if "agrees" in self.required else len(said)
            for event in said:
                agreement = of(event.agrees)
                event.agrees = agreement
                keys += agreement.keys
            if "consent" in self.required or "consent" in self.optional:
                keys += sum(map(keys_in, map(CONSENT_OF, events)))
        return keys

    def covers(self, event: Event, line: bytes) -> bool:
        """Return whether ``event`` is all of ``line``, each key once and nothing nested too deep; no if it cannot tell."""
        kept = self.outer_keys((event,)) + keys_in(event.data)
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
    keys, left = 0, [value]
    # Not by calling itself: how deep a line may be nested is for the decoder to say.
    for one in left:
        if type(one) is dict:
            keys += len(one)
            left += [inner for inner in one.values() if type(inner) is dict or type(inner) is list]
        elif type(one) is list:
            left += [inner for inner in one if type(inner) is dict or type(inner) is list]
    return keys
