"""Many lines at once. Rule: a block answers for its lines only where each of them alone would be answered for.

Counting is what tells whether a decoder has kept all that was written. Over a whole block it costs a tenth of what it
costs line by line.
"""

from __future__ import annotations

from operator import attrgetter
from typing import Any

from verbline.runtime.shapes import (
    BACKSLASH,
    BRACKET,
    NESTING_MAX,
    UNREADABLE,
    keys_in,
    keys_written,
)

HALF = NESTING_MAX // 2
OPENING, CLOSING, COLON = b"{}:"
# A compiled module does not stand in a file of text.
COMPILED = not __file__.endswith((".py", ".pyc"))
DATA, CONSENT = attrgetter("data"), attrgetter("consent")

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from verbline.runtime.events import Event
    from verbline.runtime.shapes import Shape


class Block:
    """Lines read by one shape. ``events`` has None for those it could not read, which are in ``failed`` too.

    ``starts`` tells where each line begins in ``text``; most blocks are decoded at once, without being cut into lines.
    """

    __slots__ = ("events", "failed", "shape", "starts", "text")

    def __init__(self, text: bytes, shape: Shape) -> None:
        self.text = text
        self.shape = shape
        self.failed: list[bytes] = []
        self.events: list[Event | None] = []
        self.starts = starts_of(text)
        if not self.starts or not self._decode():
            self._decode_lines()

    def _decode(self) -> bool:
        """Decode all lines at once, as most blocks can be; return whether that was possible."""
        try:
            self.events = self.shape.decode_lines(self.text)
        except UNREADABLE:
            return False
        # Each newline stands between two objects, so where there are as many, each line is one.
        return len(self.events) == len(self.starts)

    def _decode_lines(self) -> None:
        """Decode the lines one by one."""
        decode = self.shape.decode
        self.events, self.starts, start = [], [], 0
        for line in self.text.split(b"\n"):
            self.starts.append(start)
            start += len(line) + 1
            try:
                self.events.append(decode(line))
            except UNREADABLE:
                self.events.append(None)
                self.failed.append(line)

    def length(self, place: int) -> int:
        """Return how many bytes the line at this place has."""
        starts = self.starts
        end = starts[place + 1] - 1 if place + 1 < len(starts) else len(self.text)
        return end - starts[place]

    def lines(self) -> list[bytes]:
        """Return the lines themselves."""
        return self.text.split(b"\n")

    def is_covered(self) -> bool:
        """Return whether ``events`` are all of the lines that could be read: each key once, nothing nested too deep.

        No if this is no way to tell. No line holds fewer colons, or fewer marks before a colon, than its keys ask for. So
        where the sums are equal, they are equal for each line.
        """
        events: list[Any] = self.events
        if self.failed:
            events = list(filter(None, events))
        outer, has_lists = self.shape.outer_keys(events), BRACKET in self.text
        fields = 0
        for event in events:
            fields += len(event.data)
        # Two colons are those of the time of day, unless it is written with \\u003a.
        colons = outer + fields + 2 * len(events)
        if not has_lists and BACKSLASH not in self.text and self._colons() == colons:
            return True
        if has_lists and not self._are_lists_flat():
            return False
        # From here on a level of nesting takes a key or a bracket, and no line has more than half of the limit of each.
        written = keys_written(self.text) - sum([line.count(b'":') for line in self.failed])
        if self.shape.says_consent and max(inner_keys(events, CONSENT), default=0) >= HALF:
            return False
        if written == outer + fields:
            return True
        inner = inner_keys(events, DATA)
        return written == outer + sum(inner) and max(inner, default=0) < HALF

    def _colons(self) -> int:
        """Return how many colons stand in the lines that could be read."""
        return colons_in(self.text) - sum(map(colons_in, self.failed))

    def _are_lists_flat(self) -> bool:
        """Return whether no line has so many lists that they could be nested too deep."""
        return all(line.count(b"[") < HALF for line in self.lines())


def inner_keys(events: list[Event], member: Callable[[Event], object]) -> list[int]:
    """Return how many keys a member of each event holds, all that is nested in it too."""
    return list(map(keys_in, map(member, events)))


def starts_of(text: bytes) -> list[int]:
    """Return where each line begins, if each of them begins and ends as an object does; else nothing.

    No newline stands within an object then: in JSON none may be in a text, and between a closing and an opening brace
    inside of an object there is more than that.
    """
    if text[:1] != b"{" or text[-1:] != b"}":
        return []
    starts, end = [0], text.find(b"\n")
    while end >= 0:
        if text[end - 1] != CLOSING or text[end + 1] != OPENING:
            return []
        end += 1
        starts.append(end)
        end = text.find(b"\n", end)
    return starts


def colons_in(text: bytes) -> int:
    """Return how many colons stand in ``text``."""
    if not COMPILED:
        return text.count(COLON)
    # A compiled loop looks at many letters at once, which `count` does not.
    colons = 0
    for letter in text:
        colons += letter == COLON
    return colons
