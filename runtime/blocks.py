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
DATA, CONSENT = attrgetter("data"), attrgetter("consent")

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from verbline.runtime.events import Event
    from verbline.runtime.shapes import Shape


class Block:
    """Lines read by one shape. ``events`` has None for those it could not read, which are in ``failed`` too."""

    __slots__ = ("events", "failed", "lines", "shape", "text")

    def __init__(self, text: bytes, shape: Shape, lines: list[bytes] | None = None) -> None:
        self.text = text
        self.shape = shape
        self.lines = text.split(b"\n") if lines is None else lines
        self.failed: list[bytes] = []
        self.events: list[Event | None] = []
        self._decode()

    def _decode(self) -> None:
        decode = self.shape.decode
        try:
            # Most blocks hold events alone, and are through before a loop would have begun.
            self.events = list(map(decode, self.lines))
        except UNREADABLE:
            self.events = []
            for line in self.lines:
                try:
                    self.events.append(decode(line))
                except UNREADABLE:
                    self.events.append(None)
                    self.failed.append(line)

    def is_covered(self) -> bool:
        """Return whether ``events`` are all of the lines that could be read: each key once, nothing nested too deep.

        No if this is no way to tell. No line holds fewer colons, or fewer marks before a colon, than its keys ask for. So
        where the sums are equal, they are equal for each line.
        """
        events: list[Any] = self.events
        if self.failed:
            events = [event for event in events if event is not None]
        outer, has_lists = self.shape.outer_keys(events), BRACKET in self.text
        fields = sum(map(len, map(DATA, events)))
        # Two colons are those of the time of day, unless it is written with \\u003a.
        colons = outer + fields + 2 * len(events)
        if not has_lists and BACKSLASH not in self.text and self._count(b":") == colons:
            return True
        if has_lists and not self._are_lists_flat():
            return False
        # From here on a level of nesting takes a key or a bracket, and no line has more than half of the limit of each.
        written = keys_written(self.text) - sum(line.count(b'":') for line in self.failed)
        if self.shape.says_consent and max(inner_keys(events, CONSENT), default=0) >= HALF:
            return False
        if written == outer + fields:
            return True
        inner = inner_keys(events, DATA)
        return written == outer + sum(inner) and max(inner, default=0) < HALF

    def _count(self, sign: bytes) -> int:
        """Return how often ``sign`` stands in the lines that could be read."""
        return self.text.count(sign) - sum(line.count(sign) for line in self.failed)

    def _are_lists_flat(self) -> bool:
        """Return whether no line has so many lists that they could be nested too deep."""
        return all(line.count(b"[") < HALF for line in self.lines)


def inner_keys(events: list[Event], member: Callable[[Event], object]) -> list[int]:
    """Return how many keys a member of each event holds, all that is nested in it too."""
    return list(map(keys_in, map(member, events)))
