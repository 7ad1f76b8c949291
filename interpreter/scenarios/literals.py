"""The values that a scenario gives. Rule: a written value becomes what an event with that value would have brought."""

from __future__ import annotations

from datetime import date, datetime, time

from verbline.interpreter.guard import purpose
from verbline.interpreter.kinds import TEXT
from verbline.interpreter.nodes import Node, Word
from verbline.interpreter.program.conditions import compile_value
from verbline.interpreter.program.written import fitting, value_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from verbline.interpreter.kinds import Kind
    from verbline.interpreter.program.meanings import Meanings
    from verbline.interpreter.step.turn import Turn
    from verbline.interpreter.zones import Zone


def channel_of(node: Node) -> str:
    """Return the channel that a sentence names, or nothing."""
    return purpose.channel_of(node.word("channel")) if node.has("channel") else ""


def instant_of(node: Node, zone: Zone) -> int:
    """Return the instant of the date and the time that a sentence names."""
    day = date.fromisoformat(node.text("date"))
    return zone.instant(datetime.combine(day, time.fromisoformat(node.text("time"))))


class Literals:
    """Reads what a line gives; ``turn`` is that of the person meant, for what has to be reckoned: a sum, ``today``."""

    __slots__ = ("meanings", "turn")

    def __init__(self, meanings: Meanings, turn: Turn) -> None:
        self.meanings = meanings
        self.turn = turn

    def values(self, node: Node) -> dict[str, Any]:
        """Return the fields that a sentence gives values to."""
        known = self.meanings.fields
        found: dict[str, Any] = {}
        for name, parts in assigned(node):
            kind = known[name].kind if name in known else TEXT
            given = [self.value(part, kind) for part in parts]
            found[name] = None if given == [None] else fitting(given, kind)
        return found

    def value(self, part: Word | Node, kind: Kind) -> Any:
        """Return what is given at ``part``, to a field of ``kind`` or to a list of such."""
        kind = kind.of or kind
        if isinstance(part, Word) and part.kind == "DATE" and kind.name == "datetime":
            return self.turn.zone.start_of(date.fromisoformat(part.text))
        written = part.shape in ("money", "duration") if isinstance(part, Node) else True
        if not written or (isinstance(part, Word) and part.kind in ("NAME", "TODAY", "NOW")):
            return compile_value(part, self.meanings).of(self.turn)
        return value_of(part)


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
