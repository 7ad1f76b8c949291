"""Starts of journeys that are told apart by a value: `starts when "…" where plan is "family"`. Rule: who asks for another
value of a field than the event brings is not even looked at, so a thousand plans cost what one does.

Which starts are left is a first choice: their conditions are still asked.
"""

from __future__ import annotations

from verbline.interpreter.program.comparing import Compared
from verbline.interpreter.program.meanings import PERSON
from verbline.interpreter.program.operands import Named, Written
from verbline.interpreter.program.reckoning import FOLDED, fold
from verbline.interpreter.program.terms import Joined, OneOf

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any

    from verbline.interpreter.program.parts import Moment, StartsWhen
    from verbline.interpreter.program.pieces import Piece

# Fewer starts than these are looked at one by one.
MANY = 4
NO_STARTS: tuple[StartsWhen, ...] = ()


def choices_of(moment: Moment) -> Choices | None:
    """Return the starts on ``moment`` by what they ask for; None where they are few."""
    return Choices(moment) if len(moment.starts) >= MANY else None


class Choices:
    """The starts on one moment. ``always`` are those that ask for no value of a field that the moment carries."""

    __slots__ = ("_always", "_by")

    def __init__(self, moment: Moment) -> None:
        carried = frozenset(name for name, _read in moment.readers)
        always: list[StartsWhen] = []
        by: dict[str, dict[str, list[StartsWhen]]] = {}
        for start in moment.starts:
            asked = demands(start.condition.piece, carried) if start.condition is not None else {}
            if not asked:
                always.append(start)
                continue
            field, texts = next(iter(asked.items()))
            table = by.setdefault(field, {})
            for text in texts:
                table.setdefault(text, []).append(start)
        self._always = tuple(always)
        self._by = tuple(
            (field, {text: tuple(starts) for text, starts in table.items()})
            for field, table in by.items()
        )

    def of(self, fields: Mapping[str, Any]) -> Sequence[StartsWhen]:
        """Return the starts that an event with ``fields`` may mean, in the order in which journeys are served."""
        found: Sequence[StartsWhen] = self._always
        for field, table in self._by:
            value = fields.get(field)
            named = NO_STARTS if value is None else table.get(FOLDED[value], NO_STARTS)
            if named:
                # Each table is in order; two of them have to be put in order together.
                found = sorted((*found, *named), key=place) if found else named
        return found


def place(start: StartsWhen) -> int:
    """Return the place of a start's journey in the order in which journeys are served."""
    return start.journey.index


def demands(piece: Piece, carried: frozenset[str]) -> dict[str, frozenset[str]]:
    """Return the ``carried`` fields that must have one of some folded texts for ``piece`` to be yes."""
    if isinstance(piece, Joined) and not piece.winner:
        found: dict[str, frozenset[str]] = {}
        for term in piece.terms:
            found = {**demands(term, carried), **found}
        return found
    if isinstance(piece, OneOf):
        return dict.fromkeys(named(piece.left, carried), piece.texts)
    if isinstance(piece, Compared) and piece.sign == "==":
        for one, other in ((piece.left, piece.right), (piece.right, piece.left)):
            if isinstance(other, Written) and isinstance(other.value, str):
                return {name: frozenset((fold(other.value),)) for name in named(one, carried)}
    return {}


def named(piece: Piece, carried: frozenset[str]) -> tuple[str, ...]:
    """Return the field that ``piece`` names, where it is a text that the event brings."""
    if not isinstance(piece, Named) or piece.kind.base != "text" or piece.where == PERSON:
        return ()
    return (piece.meant.name,) if piece.meant.name in carried else ()
