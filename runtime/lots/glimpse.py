"""What is seen of lines at first sight. Rule: a line that is not as most are is read in full, with all that stand beside it."""

from __future__ import annotations

from array import array
from typing import Any, TypedDict, cast

import msgspec

from verbline.runtime.decode import Decoder
from verbline.runtime.events import Event, Parked, Stamp, milliseconds
from verbline.runtime.lines import Lines
from verbline.runtime.log import items_of
from verbline.runtime.shapes import UNREADABLE, Name

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence


class NoWayError(Exception):
    """A log that cannot be dealt into lots: what happens to one person may depend on anybody."""


class Glimpse(msgspec.Struct, gc=False, kw_only=True):
    """What is seen of a line; ``data`` holds the fields that name people."""

    id: Name
    type: Name
    source: Name = ""
    stamp: Stamp = msgspec.field(name="time")
    consent: list[dict[str, Any]] | None = None
    data: dict[str, Any] = {}

    @property
    def happened(self) -> int:
        """When it happened."""
        return milliseconds(self.stamp)


def glimpses(fields: Sequence[str]) -> msgspec.json.Decoder[Glimpse]:
    """Return what reads a line as a `Glimpse`, with these fields."""
    seen = TypedDict("seen", dict.fromkeys(fields, Any), total=False)  # type: ignore[misc]
    made = msgspec.defstruct("Seen", [("data", seen, {})], bases=(Glimpse,), gc=False, kw_only=True)
    return cast("msgspec.json.Decoder[Glimpse]", msgspec.json.Decoder(made))


class Stretch(list[Any]):
    """Lines that are read together, as glimpses; where not all of them are as most are, as events and what is parked.

    ``lines`` are their texts, ``places`` says of each item which line it is, where that is not its own place.
    """

    __slots__ = ("is_beyond", "length", "lines", "offset", "places")

    def __init__(self, offset: int, length: int, lines: list[bytes]) -> None:
        super().__init__()
        self.offset = offset
        self.length = length
        self.lines = lines
        self.places: Sequence[int] | None = None
        self.is_beyond = False


def first_known(stretch: Stretch, told: bytes) -> int:
    """Return when the first line was known; ``told`` says when each was, nothing where each was when it happened."""
    first = stretch[0]
    if type(first) is Parked:
        return first.known
    place = stretch.places[0] if stretch.places is not None else 0
    found: int = array("q", told)[place] if told else first.happened
    return found


def id_of(item: Glimpse | Event, name: str) -> tuple[str, str]:
    """Return what tells an event from all others; ``name`` is that of its file."""
    return (item.source or name, item.id)


class Seer:
    """Reads lines at first sight. ``fields`` are those that name people."""

    __slots__ = ("_decoder", "decode")

    def __init__(self, fields: Sequence[str]) -> None:
        self.decode: Callable[[bytes], Glimpse] = glimpses(fields).decode
        self._decoder = Decoder()

    def stretch(self, lines: Lines, name: str) -> Stretch:
        """Return what is seen of some lines."""
        text = lines.text
        found = Stretch(lines.offset, lines.length, [] if text is None else text.split(b"\n"))
        if text is not None:
            try:
                found += map(self.decode, found.lines)
            except UNREADABLE:
                found.clear()
            else:
                return found
        return self.in_full(found, lines, name)

    def in_full(self, found: Stretch, lines: Lines, name: str) -> Stretch:
        """Return the same lines, read in full."""
        offset, place_of = lines.offset, dict[int, int]()
        for place, line in enumerate(found.lines):
            place_of[offset] = place
            offset += len(line) + 1
        for items in items_of(iter((lines,)), name, self._decoder):
            found += items
        found.places = [place_of.get(one.offset, 0) for one in found]
        return found
