"""Records packed as they are told. Rule: what comes out is what `pack` makes of the record, without making the record.

Of each step, kind and set of further fields it is looked up once what goes into the site and what is the record's own; a
number of the site is found by what is left to tell records apart. Whatever is unusual goes the long way.
"""

from __future__ import annotations

from verbline.interpreter.person.record import key_of
from verbline.interpreter.program.forms import to_plain
from verbline.interpreter.step.records import Record
from verbline.runtime.traces.telling import INSTANTS, OCCURRENCES, pack
from verbline.runtime.traces.terms import COMMON

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from verbline.interpreter.person.record import Visit
    from verbline.interpreter.program.parts import Journey
    from verbline.interpreter.step.steps import Step
    from verbline.interpreter.step.turn import Turn
    from verbline.runtime.traces.packing import Packed
    from verbline.runtime.traces.terms import Terms

# So many shapes are remembered; a version that is taken up brings new ones.
SHAPES_MAX = 20_000


class Shape:
    """What records have in common that come from one place with the same further fields. ``sites`` are known numbers."""

    __slots__ = ("common", "own", "sites", "usual")

    def __init__(self, names: tuple[str, ...]) -> None:
        self.common = tuple(name for name in names if name in COMMON)
        self.own = tuple(name for name in names if name not in COMMON)
        self.sites: dict[tuple[Any, ...], int] = {}
        self.usual = "line" not in names  # a record that brings its line is one of few


class Shapes:
    """See the module."""

    def __init__(self, terms: Terms, folder: str) -> None:
        self._terms = terms
        self._folder = folder
        self._shapes: dict[tuple[Any, ...], Shape] = {}

    def packed(  # noqa: PLR0917 - a sink is called with these, in this order
        self,
        turn: Turn,
        journey: Journey | None,
        visit: Visit | None,
        step: Step | None,
        kind: str,
        verdict: str,
        reason: str,
        more: dict[str, Any],
    ) -> Packed:
        """Return a record packed, from what a sink is told."""
        place = (step, journey, kind, *more)
        shape = self._shapes.get(place)
        if shape is None:
            if len(self._shapes) >= SHAPES_MAX:
                self._shapes.clear()
            shape = self._shapes[place] = Shape(tuple(more))
        if visit is not None:
            version, name = visit.version, bytes.fromhex(visit.id)
        else:
            version, name = journey.version if journey is not None else "", b""
        values = [more[one] for one in shape.common]
        number = shape.sites.get((verdict, reason, version, *values)) if shape.usual else None
        own = [] if number is None else owned(shape, turn.now, visit, step, more)
        if number is not None and own is not None:
            return number, name, own
        record = Record(turn, journey, visit, step, kind, verdict, reason, more)
        found = pack(record, self._terms, self._folder)
        is_whole = len(self._terms.site(found[0]).fields) == len(more)
        if is_whole and shape.usual and not self._terms.are_many and all(type(one) is str for one in values):  # fmt: skip
            shape.sites[verdict, reason, version, *values] = found[0]
        return found


def owned(
    shape: Shape, now: int, visit: Visit | None, step: Step | None, more: dict[str, Any]
) -> list[Any] | None:
    """Return what is the record's own; None where something of it is empty, and so left out."""
    found = []
    for name in shape.own:
        value = more[name]
        if value is None or value == "":
            return None
        if name in INSTANTS:
            found.append(value - now)
        elif name == "key":
            found.append(occurrence(value, visit, step))
        else:
            found.append(value if type(value) is str else plain(value))
    return found


def occurrence(key: str, visit: Visit | None, step: Step | None) -> int | str:
    """Return of which occurrence of a step's effect a key is; the key itself where it follows from none."""
    if visit is not None and step is not None:
        for number in OCCURRENCES:
            if key == key_of(visit.id, step.id, number):
                return number
    return key


def plain(value: Any) -> Any:
    """Return a value as records tell it."""
    if isinstance(value, dict):
        return {name: to_plain(one) for name, one in value.items()}
    return to_plain(value)
