"""Many lines at once. Rule: a block answers for its lines only where each of them alone would be answered for.

Counting is what tells whether a decoder has kept all that was written. Over a whole block it costs a tenth of what it
costs line by line.
"""

from __future__ import annotations

from verbline.runtime.shapes import (
    BACKSLASH,
    BRACKET,
    NESTING_MAX,
    UNREADABLE,
    keys_written,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from verbline.runtime.events import Event
    from verbline.runtime.shapes import Shape


class Block:
    """Lines read by one shape. ``events`` has None for those it could not read, which are in ``failed`` too."""

    __slots__ = ("events", "failed", "fields", "lines", "shape", "text")

    def __init__(self, text: bytes, shape: Shape) -> None:
        self.text = text
        self.shape = shape
        self.lines = text.split(b"\n")
        self.failed: list[bytes] = []
        self.events: list[Event | None] = []
        self.fields = 0
        self._decode()

    def _decode(self) -> None:
        decode, keep = self.shape.decode, self.events.append
        fields = 0
        for line in self.lines:
            try:
                event = decode(line)
                fields += len(event.data)
                keep(event)
            except UNREADABLE:
                keep(None)
                self.failed.append(line)
        self.fields = fields

    def is_covered(self) -> bool:
        """Return whether ``events`` are all of the lines that could be read: each key once, nothing nested too deep.

        No if this is no way to tell. No line holds fewer colons, marks or braces than its keys and objects ask for, so
        where the sums are equal, they are equal for each line.
        """
        has_lists, shape = BRACKET in self.text, self.shape
        events = len(self.lines) - len(self.failed)
        # A time of day may be written with \\u003a, and then has fewer colons than are counted for it.
        colons = shape.colons * events + self.fields
        if not has_lists and BACKSLASH not in self.text and self._count(b":") == colons:
            return True
        written = keys_written(self.text)
        if written < 0 or (has_lists and not self._are_lists_flat()):
            return False
        written -= sum(line.count(b'":') for line in self.failed)
        if not has_lists and self._count(b"{") == shape.objects * events:
            return written == len(shape.members) * events + self.fields
        return written == self._kept()

    def _count(self, sign: bytes) -> int:
        """Return how often ``sign`` stands in the lines that could be read."""
        return self.text.count(sign) - sum(line.count(sign) for line in self.failed)

    def _are_lists_flat(self) -> bool:
        """Return whether no line has so many lists that they could be nested too deep."""
        return all(line.count(b"[") < NESTING_MAX // 2 for line in self.lines)

    def _kept(self) -> int:
        """Return how many keys were kept, -1 where one line has so many that they could be nested too deep."""
        total = 0
        for event in self.events:
            if event is not None:
                kept = self.shape.kept(event)
                if kept >= NESTING_MAX // 2:
                    return -1
                total += kept
        return total
