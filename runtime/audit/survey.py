"""The first look at a log: who writes what, since when, how late, and what its fields look like. Rule: what is kept of
values is a sample that ends with the audit.
"""

from __future__ import annotations

from collections import Counter

from verbline.runtime.audit.lags import DAY, Lags
from verbline.runtime.events import EPOCH, NEVER, milliseconds

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from typing import Any

    from verbline.runtime.events import Event

# Of each type so many first events are looked into, and then one of so many.
FIRST_LOOKED, THEN_ONE_OF = 100, 101
VALUES_KEPT, KINDS_MAX, SHAPES_MAX, DEPTH_MAX = 80, 2_000, 400, 3
OTHERS = ("", "")


class Kind:
    """The events of one source and type. ``shapes`` counts them by the names of their fields."""

    __slots__ = ("consents", "count", "first", "last", "shapes", "timed")

    def __init__(self) -> None:
        self.count = self.timed = self.consents = 0
        self.first, self.last = -NEVER, NEVER
        self.shapes: Counter[tuple[str, ...]] = Counter()


class Field:
    """A field by its full name, such as ``customer.email``: how often it was seen in the sample, and some of its values."""

    __slots__ = ("kinds", "seen", "values")

    def __init__(self) -> None:
        self.seen = 0
        self.values: list[Any] = []
        self.kinds: set[tuple[str, str]] = set()


class Survey:
    """What the events of a log have in common. ``ordered`` are sources whose lags follow from the order of the lines."""

    __slots__ = ("fields", "first", "kinds", "lags", "last", "looked", "ordered")

    def __init__(self) -> None:
        self.kinds: dict[tuple[str, str], Kind] = {}
        self.fields: dict[str, Field] = {}
        self.lags: dict[str, Lags] = {}
        self.ordered: set[str] = set()
        self.looked = 0
        self.first, self.last = -NEVER, NEVER

    def take(self, events: Iterable[Event]) -> None:
        """Count ``events``."""
        kinds = self.kinds
        for event in events:
            key = event.source, event.type
            kind = kinds.get(key)
            if kind is None:
                key = key if len(kinds) < KINDS_MAX else OTHERS
                kind = kinds.setdefault(key, Kind())
            kind.count += 1
            if event.consent:
                kind.consents += 1
            names = tuple(event.data)
            if names in kind.shapes or len(kind.shapes) < SHAPES_MAX:
                kind.shapes[names] += 1
            if kind.count <= FIRST_LOOKED or not kind.count % THEN_ONE_OF:
                self._look(key, event.data)
            if event.happened > NEVER:
                self._time(kind, event)

    def _time(self, kind: Kind, event: Event) -> None:
        at = event.happened
        kind.timed += 1
        kind.first = min(kind.first, at)
        kind.last = max(kind.last, at)
        if event.known > NEVER:
            # A clock that ran ahead has been put right; what it said stands in the stamp.
            said = at if event.stamp is EPOCH else milliseconds(event.stamp)
            lags = self.lags.get(event.source)
            if lags is None:
                lags = self.lags[event.source] = Lags()
                if event.stamp is not EPOCH:
                    self.ordered.add(event.source)
            lags.add(event.known - said)

    def _look(self, key: tuple[str, str], data: Mapping[str, Any]) -> None:
        self.looked += 1
        for name, value in flat(data):
            field = self.fields.get(name)
            if field is None:
                if len(self.fields) >= KINDS_MAX:
                    continue
                field = self.fields[name] = Field()
            field.seen += 1
            field.kinds.add(key)
            if len(field.values) < VALUES_KEPT:
                field.values.append(value)

    def finish(self) -> None:
        """Settle what is told of the whole."""
        self.first = min((one.first for one in self.kinds.values()), default=-NEVER)
        self.last = max((one.last for one in self.kinds.values()), default=NEVER)

    def sources(self) -> dict[str, list[tuple[str, Kind]]]:
        """Return the types of each source, the most frequent first."""
        found: dict[str, list[tuple[str, Kind]]] = {}
        for (source, name), kind in self.kinds.items():
            found.setdefault(source, []).append((name, kind))
        for kinds in found.values():
            kinds.sort(key=lambda one: (-one[1].count, one[0]))
        return dict(sorted(found.items(), key=lambda one: (-sum(k.count for _, k in one[1]), one[0])))  # fmt: skip

    def names(self) -> dict[str, set[tuple[str, str]]]:
        """Return in which kinds of events each field stands, those in no sample too."""
        found = {name: set(field.kinds) for name, field in self.fields.items()}
        for key, kind in self.kinds.items():
            for names in kind.shapes:
                for name in names:
                    found.setdefault(name, set()).add(key)
        return found


def flat(data: Mapping[str, Any], before: str = "", depth: int = 1) -> Iterator[tuple[str, Any]]:
    """Yield the full name and the value of each field, those of objects inside too; lists and nothing are left out."""
    for name, value in data.items():
        if isinstance(value, dict) and depth < DEPTH_MAX:
            yield from flat(value, f"{before}{name}.", depth + 1)
        elif value is not None and value != "" and not isinstance(value, list | dict):
            yield f"{before}{name}", value


def rate(count: int, first: int, last: int) -> float:
    """Return how many events a day there were between two instants; those of less than a day count as one day's."""
    return count / max((last - first) / DAY, 1)
