"""From the bytes of a log to events. Rule: every line that is not blank comes out once, as an event or parked.

The decoder learns from the lines it meets what those of the log have in common; so most are read at once, and the others
one by one, with care.
"""

from __future__ import annotations

from typing import Any, cast

from verbline.runtime.agreements import Agreements, with_consent
from verbline.runtime.blocks import Block
from verbline.runtime.careful import DAY, FAR_TIME, FIRST, LAST, Careful
from verbline.runtime.events import EPOCH, Event, Fault, Parked
from verbline.runtime.shapes import UNREADABLE, Known, Shape

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import TypeAlias

    # An event and what is wrong with a line; None for a blank one.
    Decoded: TypeAlias = Event | Fault | None

LEARNED_MAX = 32
USUAL = frozenset(("specversion", "id", "source", "type", "time", "data"))
TOO_LONG = Fault("too_long", "is longer than 1 MiB")
TORN = Fault("torn", "was not written to its end")


class Decoder:
    """Reads the lines of one log. It remembers what the lines it has met had in common, and numbers."""

    __slots__ = ("_agreements", "_careful", "_learned", "_shape")

    def __init__(self) -> None:
        known = Known(Agreements())
        self._agreements = known.agreements
        self._careful = Careful(known.numbers)
        self._shape = Shape(USUAL, frozenset(), known)
        self._learned = 0

    def events(self, text: bytes, file: str, offset: int) -> list[Event | Parked]:
        """Return what the lines of ``text`` say, which stands in ``file`` from ``offset`` on, each known when it happened."""
        block = Block(text, self._shape)
        is_covered = block.is_covered()
        if is_covered and not block.failed:
            return self._all(block, file, offset)
        found: list[Event | Parked] = []
        decoded = self._decoded(block, is_covered=is_covered)
        for line, event in zip(block.lines(), decoded, strict=True):
            if type(event) is Fault:
                found.append(Parked(event, file, offset, len(line)))
            elif event is not None:
                past = event.stamp - EPOCH
                at = past.days * DAY + past.seconds * 1_000 + past.microseconds // 1_000
                event.happened = event.known = at
                event.file = file
                event.offset = offset
                if not event.source:
                    event.source = file
                    event.sourced = False
                found.append(event)
                if not FIRST <= at <= LAST:
                    found[-1] = Parked(FAR_TIME, file, offset, len(line))
            offset += len(line) + 1
        return found

    def _all(self, block: Block, file: str, offset: int) -> list[Event | Parked]:
        """Return what `events` does of lines that are all covered, as they are in nearly all blocks."""
        found = cast("list[Event | Parked]", block.events)
        says_consent, faults = block.shape.says_consent, []
        starts = block.starts
        for place, event in enumerate(cast("list[Event]", block.events)):
            past = event.stamp - EPOCH
            at = past.days * DAY + past.seconds * 1_000 + past.microseconds // 1_000
            event.happened = event.known = at
            event.file = file
            event.offset = offset + starts[place]
            if not event.source:
                event.source = file
                event.sourced = False
            if says_consent and (event.agrees is not None or event.consent is not None):
                agrees: Any = event.agrees
                if event.consent is None and type(agrees.entries) is list:
                    event.consent, event.agrees = agrees.entries, None
                elif type(told := with_consent(event, self._agreements)) is Fault:
                    faults.append((event, told))
                    continue
            if not FIRST <= at <= LAST:
                faults.append((event, FAR_TIME))
        for event, fault in faults:
            place = found.index(event)
            found[place] = Parked(fault, file, event.offset, block.length(place))
        return found

    def _decoded(self, block: Block, *, is_covered: bool) -> Sequence[Decoded]:
        """Return what each line of ``block`` is."""
        shape = block.shape
        return [
            self._whole(event)
            if event is not None and (is_covered or shape.covers(event, line))
            else self._other(line)
            for line, event in zip(block.lines(), block.events, strict=True)
        ]

    def _whole(self, event: Event) -> Event | Fault:
        """Return an event of which nothing is missing, with what it says about consent."""
        if event.agrees is None and event.consent is None:
            return event
        return with_consent(event, self._agreements)

    def _other(self, line: bytes) -> Decoded:
        """Return what a line is that the shape of the last block does not cover."""
        try:
            event = self._shape.decode(line)
            if self._shape.covers(event, line):
                return self._whole(event)
        except UNREADABLE:
            if not line or line.isspace():
                return None
        read, members = self._careful.read(line)
        if type(read) is not Fault and self._learned < LEARNED_MAX:
            shape = self._shape.including(members, is_first=not self._learned)
            if shape is not None:
                self._shape = shape
                self._learned += 1
        return read
