"""The values that a scenario gives. Rule: a written value becomes what an event with that value would have brought."""

from __future__ import annotations

from datetime import date, datetime, time
from decimal import Decimal

from verbline.interpreter.constants import number_of
from verbline.interpreter.kinds import TEXT, Kind
from verbline.interpreter.nodes import Node, Word
from verbline.interpreter.program.builder import CHANNELS
from verbline.interpreter.program.meanings import duration_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from verbline.interpreter.zones import Zone


def channel_of(node: Node) -> str:
    """Return the channel that a sentence names, or nothing."""
    return CHANNELS[node.word("channel").kind] if node.has("channel") else ""


def instant_of(node: Node, zone: Zone) -> int:
    """Return the instant of the date and the time that a sentence names."""
    day = date.fromisoformat(node.text("date"))
    return zone.instant(datetime.combine(day, time.fromisoformat(node.text("time"))))


class Literals:
    """Reads values at one instant: what ``today`` and ``now`` mean, and when a day begins."""

    __slots__ = ("now", "zone")

    def __init__(self, zone: Zone, now: int) -> None:
        self.zone = zone
        self.now = now

    def value(self, part: Word | Node, kind: Kind) -> Any:
        """Return what is written at ``part``, as a value of ``kind``."""
        if isinstance(part, Word):
            return self.word(part, kind)
        if part.shape == "brackets":
            return self.value(part.parts["inner"], kind)  # type: ignore[arg-type]
        if part.shape == "duration":
            return duration_of(part)
        assert part.shape == "money", f"{part} is no value that a scenario can give"
        return Decimal(part.text("number")), part.text("currency")

    def word(self, word: Word, kind: Kind) -> Any:
        """Return the value of one word."""
        if word.kind in ("DATE", "TODAY"):
            day = (
                date.fromisoformat(word.text)
                if word.kind == "DATE"
                else self.zone.local(self.now).date()
            )
            return self.zone.start_of(day) if kind.name == "datetime" else day
        if word.kind in ("YES", "NO"):
            return word.kind == "YES"
        if word.kind in ("NUMBER", "PERCENT"):
            return number_of(word.text.rstrip(" %"))
        if word.kind == "NOW":
            return self.now
        return None if word.kind == "UNKNOWN" else word.text

    def values(self, node: Node, kinds: dict[str, Kind]) -> dict[str, Any]:
        """Return the fields that a sentence gives values to; ``kinds`` are their kinds, text where it has none."""
        found: dict[str, Any] = {}
        for name, parts in assigned(node):
            kind = kinds.get(name, TEXT)
            if kind.name == "list":
                of = kind.of or TEXT
                given = tuple(self.value(part, of) for part in parts)
                found[name] = None if given == (None,) else given
            else:
                found[name] = self.value(parts[0], kind)
        return found


def assigned(node: Node) -> Iterator[tuple[str, list[Word | Node]]]:
    """Yield each field that a sentence gives something to, with all that it gives."""
    field = ""
    parts: list[Word | Node] = []
    for item in node.items("values"):
        if isinstance(item, Node) and item.shape == "assign":
            if field:
                yield field, parts
            value = item.parts["value"]
            assert not isinstance(value, tuple)
            field, parts = item.text("field"), [value]
        else:
            parts.append(item)
    if field:
        yield field, parts
