"""Whom lines name. Rule: each bears a first mark, and what stood beside it in any line is of the same people.

Lines that all bear a mark in the sole field are gone through together; others one by one.
"""

from __future__ import annotations

from operator import attrgetter
from typing import Any

import msgspec

from verbline.interpreter.guard.said import OWN_TYPE
from verbline.runtime.events import Event, Parked
from verbline.runtime.lots.glimpse import NoWayError, id_of
from verbline.runtime.lots.marks import NOBODY, NOTHING
from verbline.runtime.own import SOURCE
from verbline.runtime.seen import OF_ONE

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from verbline.runtime.lots.glimpse import Glimpse, Stretch
    from verbline.runtime.lots.marks import Marks
    from verbline.runtime.lots.slots import Slots

OWN = "verbline."
DATA, TYPE = attrgetter("data"), attrgetter("type")
FROM, SAID = attrgetter("source"), attrgetter("consent")


class Whom:
    """Whom the lines of some pieces name.

    ``pairs`` say which first mark stood beside another mark, ``joined`` which ones did too; ``lone`` are first marks that are
    not of the sole field. ``ids`` are hashes of the ids of all events. ``parked`` are the lines that are no events: when each
    was known, the number of its file, its offset, its length, and the reason.
    """

    def __init__(self, marks: Marks, region: str) -> None:
        self._marks = marks
        self._region = region
        self._types: set[str] = set()
        self.pairs: dict[int, int] = {}
        self.joined: list[tuple[int, int]] = []
        self.lone: set[int] = set()
        self.ids: set[int] = set()
        self.parked: list[tuple[int, int, int, int, str]] = []
        self.events = 0

    def note(self, stretch: Stretch, file: tuple[int, str], slot: int, slots: Slots) -> None:
        """Note whom the lines name, which stand in the file with this number and name, and under which ids they stand."""
        number, name = file
        if stretch.places is None and self._types.issuperset(map(TYPE, stretch)):
            led = self.led(stretch)
            if led is not None:
                has_sources = all(map(FROM, stretch))
                told = map(OF_ONE, stretch) if has_sources else (id_of(one, name) for one in stretch)  # fmt: skip
                self.enter(led, list(map(hash, told)), slot, slots)
                self.events += len(stretch)
                return
        firsts, ids = [NOTHING] * len(stretch.lines), [0] * len(stretch.lines)
        places = stretch.places or range(len(stretch))
        for place, item in zip(places, stretch, strict=True):
            if item.__class__ is Parked:
                fault = item.fault
                self.parked.append((item.known, number, item.offset, item.length, fault.reason))
                continue
            ids[place] = hash(id_of(item, name)) or 1
            firsts[place] = self.first(item, stretch.lines[place])
            self.events += 1
        self.enter(firsts, ids, slot, slots)

    def enter(self, firsts: list[int], ids: list[int], slot: int, slots: Slots) -> None:
        """Keep the first marks of lines, and the hashes of their ids."""
        self.ids.update(ids)
        slots.put(slot, firsts, ids)

    def led(self, stretch: Stretch) -> list[int] | None:
        """Return the first marks of lines that all bear one of the sole field, as it is mostly; None of others."""
        sole, found = self._marks.sole, list(map(DATA, stretch))
        try:
            firsts = self._marks.led([data[sole] for data in found])
        except KeyError:
            return None
        if firsts is None:
            return None
        if max(map(len, found)) > 1:
            for stood, others in self._marks.beside(firsts, found):
                self.join_all(stood, others)
        if any(map(SAID, stretch)):
            for first, item in zip(firsts, stretch, strict=True):
                if item.consent:
                    self.join(first, self._marks.spoken(item.consent, self._region))
        return firsts

    def first(self, item: Glimpse | Event, line: bytes) -> int:
        """Return the first mark of an event, and note that the others are of the same people."""
        data = item.data
        found = self._marks.all(data)
        is_led = self._marks.sole in data and len(found) >= len(data)
        if item.consent is not None or item.type not in self._types:
            found += self.said(item, line)
        if not found:
            return NOBODY
        first = found[0]
        self.join(first, found[1:])
        if not is_led:
            self.lone.add(first)
        return first

    def join_all(self, firsts: list[int], others: list[int]) -> None:
        """Note that each of the ``others`` is of the same people as its first."""
        new = dict(zip(others, firsts, strict=True))
        if len(new) == len(others) and new.keys().isdisjoint(self.pairs.keys()):
            self.pairs.update(new)
            return
        for first, other in zip(firsts, others, strict=True):
            self.join(first, (other,))

    def join(self, first: int, others: Iterable[int]) -> None:
        """Note that other marks are of the same people as the first."""
        pairs = self.pairs
        for other in others:
            if pairs.setdefault(other, first) != first:
                self.joined.append((other, first))

    def said(self, item: Glimpse | Event, line: bytes) -> list[int]:
        """Return the marks of the addresses for which an event says whether somebody may be written to there."""
        kind = item.type
        entries: Sequence[Any] = item.consent or ()
        if not kind.startswith(OWN):
            self._types.add(kind)
        elif item.source == SOURCE or not kind.startswith(OWN_TYPE):
            raise NoWayError(kind)
        else:
            seen = not isinstance(item, Event)
            data = msgspec.json.decode(line).get("data", {}) if seen else item.data
            entries = (*entries, data)
        return self._marks.spoken(entries, self._region) if entries else []
