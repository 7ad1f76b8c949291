"""The graph's tables in memory. Rule: numbers lie in arrays, so that a person costs tens of bytes and not hundreds."""

from __future__ import annotations

from verbline.runtime.identity.columns import Columns
from verbline.runtime.identity.store import Edge, Row

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

GIVEN = "given"
# The numbers of rows that are not the first of their identifier.
FURTHER = 1 << 30


class Memory(Columns):
    """Tables that end with the process; a `Store`.

    Nearly every identifier has one row of `member`, which bears its number and stands in columns beside it: ``_since`` (-1:
    none yet) and ``_before``, the row that its person came by before; ``owners`` says who holds it, as `owner` does. Further
    rows are numbered from `FURTHER` on and stand in ``_more``, as (identifier, person, since, row before); ``_newest`` and
    ``_older`` tell their order, and ``_first`` who held the first row where that is not the owner. What few rows have
    stands apart, by row: an end, an origin that is not the person, a way that is not given. ``_last`` is the newest row of
    each person.
    """

    def __init__(self) -> None:
        super().__init__()
        self.people = 0
        self._number: dict[str, dict[str, int]] = {}
        self._kinds: list[str] = []
        self._place: dict[str, int] = {}
        self._value = [""]
        self.is_owned = True  # there has been no identifier of nobody or everybody
        self._more = [(0, 0, 0, 0)]
        self._first: dict[int, int] = {}
        self._newest: dict[int, int] = {}
        self._older: dict[int, int] = {}
        self._until: dict[int, int] = {}
        self._origin: dict[int, int] = {}
        self._how: dict[int, str] = {}
        self._into: dict[int, int] = {}
        # Who an event was about that said nothing new, by all that it said of who that is; until anything is taken or shared.
        self.met: dict[tuple[object, ...], int] = {}
        self._edges: list[Edge] = []
        self._edges_of: dict[int, list[int]] = {}

    def __repr__(self) -> str:
        return f"<{self.people} people, {self.idents} identifiers>"

    def owner(self, kind: str, value: str) -> int:
        """Return who holds an identifier by its newest row, `PUBLIC`, or 0."""
        known = self._number.get(kind)
        return self.holder[known.get(value, 0)] if known else 0

    def finder(self, kind: str) -> Callable[[str, int], int]:
        """Return what gives the number of an identifier of ``kind`` by its value, or else what it is told to."""
        return self.numbers_of(kind).get

    def asker(self, kind: str) -> Callable[[str], int]:
        """Return what does for identifiers of ``kind`` what `owner` does."""
        number_of, owners = self.numbers_of(kind).get, self.owners
        return lambda value: owners[number_of(value, 0)]

    def numbers_of(self, kind: str) -> dict[str, int]:
        """Return the numbers of the identifiers of ``kind`` by value."""
        known = self._number.get(kind)
        if known is None:
            known = self._number[kind] = {}
            self._place[kind] = len(self._kinds)
            self._kinds.append(kind)
        return known

    def find(self, kind: str, value: str) -> int:
        """Return the number of an identifier, or 0."""
        known = self._number.get(kind)
        return known.get(value, 0) if known else 0

    @property
    def idents(self) -> int:
        """How many identifiers there have been."""
        return len(self._value) - 1

    def add(self, kind: str, value: str) -> int:
        """Add an identifier and return its number."""
        known = self._number.get(kind) or self.numbers_of(kind)
        number = len(self._value)
        if number >= self._room:
            self._grow()
        known[value] = number
        self._value.append(value)
        self._kind[number], self._since[number] = self._place[kind], -1
        return number

    def ident(self, number: int) -> tuple[str, str]:
        """Return the kind and the value of an identifier."""
        return self._kinds[self._kind[number]], self._value[number]

    def holders(self, ident: int) -> tuple[int, ...]:
        """Return who holds an identifier now, each once, the longest holder first; nobody for 0."""
        if ident not in self._newest:
            owner = self.holder[ident]
            return (owner,) if owner > 0 else ()
        rows = [row for row in self._rows(ident) if row not in self._until]
        found = [self._parts(row)[1] for row in rows]
        return tuple(dict.fromkeys(person for person in found[::-1] if person > 0))

    def held(self, person: int) -> Sequence[tuple[str, int]]:
        """Return the kinds and numbers of the identifiers that a person holds now."""
        row, found = self._last[person], []
        while row:
            ident = row if row < FURTHER else self._more[row - FURTHER][0]
            if row not in self._until:
                found.append((self._kinds[self._kind[ident]], ident))
            row = self._before[row] if row < FURTHER else self._more[row - FURTHER][3]
        return found

    def rows_of(self, ident: int) -> Sequence[Row]:
        """Return every row of an identifier, the oldest first."""
        return [self._row(row) for row in self._rows(ident)][::-1] if ident else []

    def rows_ever(self, person: int) -> Sequence[Row]:
        """Return every row that a person held under this number, the oldest first."""
        return [self._row(row) for row in self._of(person)][::-1]

    def rows_held(self, person: int) -> Sequence[Row]:
        """Return the open rows of a person, the oldest first."""
        return [self._row(row) for row in self._of(person) if row not in self._until][::-1]

    def _of(self, person: int) -> Iterator[int]:
        """Yield the rows that a person held under this number, the newest first."""
        row = self._last[person]
        while row:
            yield row
            row = self._parts(row)[3]

    def _rows(self, ident: int) -> Iterator[int]:
        """Yield the rows of an identifier, the newest first."""
        row = self._newest.get(ident, 0)
        while row:
            yield row
            row = self._older.get(row, 0)
        if self._since[ident] >= 0:
            yield ident

    def _parts(self, row: int) -> tuple[int, int, int, int]:
        """Return the identifier, the person, the beginning of a row, and the row before it."""
        if row > FURTHER:
            return self._more[row - FURTHER]
        person = self._first.get(row)
        if person is None:
            person = self.holder[row]
        return row, person, self._since[row], self._before[row]

    def _row(self, row: int) -> Row:
        ident, person, since, _before = self._parts(row)
        origin = self._origin.get(row, person)
        until = self._until.get(row, 0)
        return Row(row, ident, person, origin, since, until, self._how.get(row, GIVEN))

    def give(self, kind: str, value: str, person: int, seq: int) -> None:
        """Add an identifier, which there has not been, and the row by which a person holds it; `add` and `open` in one."""
        number = len(self._value)
        if number >= self._room:
            self._grow()
        (self._number.get(kind) or self.numbers_of(kind))[value] = number
        self._value.append(value)
        self._kind[number], self.holder[number], self._since[number] = (
            self._place[kind],
            person,
            seq,
        )
        self._before[number] = self._last[person]
        self._last[person] = number

    def enter(self, kind: str, value: str) -> int:
        """Return a new person with an identifier; `born` and `give`, or `open`, in one."""
        known = self._number.get(kind) or self.numbers_of(kind)
        number, person, seq = len(self._value), self.people + 1, self.seq
        if known.setdefault(value, number) != number:  # somebody had it, and has it no longer
            self.open(known[value], self.born(seq), person, seq, GIVEN)
            return person
        if number >= self._room or person >= self._room:
            self._grow()
        self.people = person
        self._value.append(value)
        self._kind[number], self.holder[number], self._since[number] = (
            self._place[kind],
            person,
            seq,
        )
        self._last[person] = number
        return person

    def come_in(self, kind: str, value: str, contact: str, reached_at: str) -> int:
        """Return a new person with an identifier of ``kind`` and one of ``contact``, neither of which there has been."""
        number, person, seq = len(self._value), self.people + 1, self.seq + 1
        row = number + 1
        if row >= self._room or person >= self._room:
            self._grow()
        self._number[kind][value] = number
        self._number[contact][reached_at] = row
        self._value.append(value)
        self._value.append(reached_at)
        self._kind[number], self.holder[number], self._since[number] = (
            self._place[kind],
            person,
            seq,
        )
        self._kind[row], self.holder[row], self._since[row] = self._place[contact], person, seq
        self._before[row] = number
        self._last[person] = row
        self.people, self.seq = person, seq
        return person

    def is_bare(self, person: int) -> bool:
        """Return whether a person has had one identifier, and nobody was ever joined with another."""
        row = self._last[person]
        return row < FURTHER and not self._before[row] and not self._edges

    def open(self, ident: int, person: int, origin: int, seq: int, how: str) -> None:
        """Add a row that begins at ``seq``."""
        if person <= 0:
            self.is_owned = False
        before = self._last[person] if person > 0 else 0
        if self._since[ident] < 0:
            row = ident
            self._since[row], self._before[row] = seq, before
        else:
            self.met.clear()
            row = FURTHER + len(self._more)
            self._more.append((ident, person, seq, before))
            self._first.setdefault(ident, self.holder[ident])
            if ident in self._newest:
                self._older[row] = self._newest[ident]
            self._newest[ident] = row
        self.holder[ident] = person
        if person > 0:
            self._last[person] = row
        if origin != person:
            self._origin[row] = origin
        if how != GIVEN:
            self._how[row] = how

    def close(self, row: int, seq: int) -> None:
        """End an open row before ``seq``."""
        assert row not in self._until, "a row ends once"
        self.is_owned = False
        self.met.clear()
        self._until[row] = seq
        ident, person, _since, _before = self._parts(row)
        if row < FURTHER:
            self._first[row] = person
        if self._newest.get(ident, ident) == row:
            self.holder[ident] = 0

    def born(self, seq: int) -> int:
        """Add a person and return the number."""
        self.people += 1
        if self.people >= self._room:
            self._grow()
        return self.people

    def into(self, person: int) -> int:
        """Return whom a person has become a part of, or 0."""
        return self._into.get(person, 0)

    def put_into(self, person: int, other: int) -> None:
        """Make a person a part of another, or again one of their own (0)."""
        self.met.clear()
        if other:
            self._into[person] = other
        else:
            self._into.pop(person, None)

    def edges_of(self, person: int) -> Sequence[Edge]:
        """Return the edges that begin or end at a person, the oldest first."""
        ends = self._edges_of.get(person)
        return [self._edges[at] for at in ends] if ends else ()

    def join(self, a: int, b: int, seq: int, how: str) -> None:
        """Add an edge."""
        self.met.clear()
        at = len(self._edges)
        self._edges.append(Edge(at, a, b, seq, 0, how))
        for person in (a, b):
            self._edges_of.setdefault(person, []).append(at)

    def retract(self, edge: int, seq: int) -> None:
        """End an edge before ``seq``."""
        self.met.clear()
        self._edges[edge] = self._edges[edge]._replace(until=seq)

    def erase(self, ident: int) -> None:
        """Remove the value of an identifier; its number and its rows stay."""
        self.met.clear()
        kind, value = self.ident(ident)
        self._number[kind].pop(value, None)
        self._value[ident] = ""
