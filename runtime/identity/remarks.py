"""What was said of people, and when the graph changed: of the tables in memory those that few people have. Rule: as in `memory`."""

from __future__ import annotations

from array import array
from bisect import bisect_right

from verbline.runtime.identity.store import Note

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

NO_TRAITS: Mapping[str, tuple[object, ...]] = {}


def numbers(code: str) -> array[int]:
    """Return a column whose row 0 is nobody's."""
    return array(code, [0])


class Remarks:
    """See the module. ``seq`` is the number of the last change of the graph."""

    def __init__(self) -> None:
        self.seq = 0
        self._traits: dict[int, dict[str, tuple[object, ...]]] = {}
        self._apart: dict[int, set[int]] = {}
        self._notes: list[Note] = []
        self._dated, self._instants = numbers("q"), numbers("q")

    def traits(self, person: int) -> Mapping[str, tuple[object, ...]]:
        """Return what was said about a person under this number, by field."""
        return self._traits.get(person, NO_TRAITS)

    def learn(self, person: int, field: str, value: object) -> None:
        """Add a value to a trait."""
        known = self._traits.setdefault(person, {})
        known[field] = (*known.get(field, ()), value)

    def forget(self, person: int) -> None:
        """Remove what was said about a person under this number."""
        self._traits.pop(person, None)
        for at, one in enumerate(self._notes):
            if person in (one.a, one.b) and ":" in one.why:
                self._notes[at] = one._replace(why=one.why.partition(":")[0])

    def settled(self) -> None:
        """Let go of what was said of people: nobody is compared by it any more."""
        self._traits.clear()

    def apart(self, person: int) -> Iterable[int]:
        """Return the people whom somebody has called not the same as this one."""
        return self._apart.get(person, ())

    def put_apart(self, a: int, b: int) -> None:
        """Note that two people are not the same."""
        self._apart.setdefault(a, set()).add(b)
        self._apart.setdefault(b, set()).add(a)

    def drop_apart(self, a: int, b: int) -> None:
        """Note that two people may be the same again."""
        self._apart.get(a, set()).discard(b)
        self._apart.get(b, set()).discard(a)

    def note(self, note: Note) -> None:
        """Add a line to the log of the graph."""
        self._notes.append(note)

    def notes(self, what: str = "") -> Sequence[Note]:
        """Return the log of the graph, or only the lines that say ``what``."""
        return [one for one in self._notes if one.what == what] if what else self._notes

    def dated(self, at: int) -> None:
        """Note that what changes from now on changes at the instant ``at``."""
        if self._dated[-1] == self.seq + 1:
            self._instants[-1] = at
        elif self._instants[-1] != at or len(self._dated) == 1:
            self._dated.append(self.seq + 1)
            self._instants.append(at)

    def when(self, seq: int) -> int | None:
        """Return when the change number ``seq`` was made; None where nobody has said."""
        place = bisect_right(self._dated, seq) - 1
        return self._instants[place] if place > 0 else None
