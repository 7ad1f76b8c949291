"""The graph's tables in an SQLite file. Rule: what is new is written by `flush`, all at once, and nothing before.

So whoever calls it decides what else is written with it, in one transaction. What was read is remembered, and let go of
when it has grown too large, right after everything was written.
"""

from __future__ import annotations

from verbline.runtime.identity.news import (
    FORGET_WHY,
    IDENT,
    MEMBER,
    Happened,
    silent,
    write_aparts,
    write_given,
)
from verbline.runtime.identity.recalled import GIVEN, Line, Recalled, trait_text
from verbline.runtime.identity.schema import mark_of, prepare
from verbline.runtime.identity.store import Edge, Note

TYPE_CHECKING = False
if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from verbline.runtime.identity.recalled import Given
    from verbline.runtime.identity.store import Row

# So many lines of `member` and identifiers are remembered, at about 400 bytes each with all that belongs to them.
REMEMBERED_MAX = 1_000_000


class Kept(Happened):
    """Tables in the file of ``connection``; a `Store`. Whoever writes holds the only right to write from before they read."""

    def __init__(
        self, connection: sqlite3.Connection, remembered_max: int = REMEMBERED_MAX
    ) -> None:
        prepare(connection)
        self.connection = connection
        self._max = remembered_max
        self._is = Recalled(connection)
        # Return what does for identifiers of one kind what `owner` does, or does so for those that were asked for before.
        self.asker, self.holding = self._is.asker, self._is.holding
        self._read_counts()
        self._wait()

    def __repr__(self) -> str:
        return f"<{self.people} people, {self.idents} identifiers>"

    def _read_counts(self) -> None:
        saved = self._is.saved
        self.people, self.seq, self._idents = saved["people"], saved["seq"], saved["idents"]
        self._lines, self._edges = saved["lines"], saved["edges"]

    def _wait(self) -> None:
        """Let nothing wait to be written."""
        self._new_idents: dict[int, tuple[str, str | None]] = {}
        self._new_lines: list[Line] = []
        self._given: list[Given] = []
        # Of what was given since: where a line has ended, and which identifiers were erased.
        self._untils: dict[int, int] = {}
        self._nameless: set[int] = set()
        self._ended: list[Line] = []
        self._new_edges: dict[int, Edge] = {}
        self._new_aliases: dict[int, int] = {}
        self._new_traits: list[tuple[int, str, str]] = []
        self._forgotten: list[tuple[int]] = []
        self._new_aparts: dict[tuple[int, int], bool] = {}
        self._erased: list[tuple[int]] = []
        self._new_notes: list[Note] = []
        self._new_instants: dict[int, int] = {}

    # ---------- identifiers and who holds them ----------

    def owner(self, kind: str, value: str) -> int:
        """Return who holds an identifier by its newest row, `PUBLIC`, or 0."""
        known = self._is.owners.get(kind)
        owner = known.get(value) if known is not None else None
        return self._is.owner(kind, value) if owner is None else owner

    @property
    def idents(self) -> int:
        """How many identifiers there have been."""
        return self._idents

    def find(self, kind: str, value: str) -> int:
        """Return the number of an identifier, or 0."""
        return self._is.number(kind, value)

    def finder(self, kind: str) -> Callable[[str, int], int]:
        """Return what does for identifiers of ``kind`` what `find` does; it takes a second value as that of `Memory`."""
        known, ask = self._is.numbers[kind].get, self._is.number
        return lambda value, _none: ask(kind, value) if (found := known(value)) is None else found

    def add(self, kind: str, value: str) -> int:
        """Add an identifier and return its number."""
        self._idents = number = self._idents + 1
        self._is.numbers[kind][value] = number
        self._is.names[number] = self._new_idents[number] = kind, value
        return number

    def give(self, kind: str, value: str, person: int, seq: int) -> None:
        """Add an identifier, which there has not been, and the line by which a person holds it; `add` and `open` in one."""
        self._idents, self._lines = self._idents + 1, self._lines + 1
        given = self._idents, self._lines, kind, value, person, seq
        self._given.append(given)
        self._is.give(given)

    def enter(self, kind: str, value: str) -> int:
        """Return a new person with an identifier; `born` and `give`, or `open`, in one."""
        person = self.born(self.seq)
        ident = self.find(kind, value)
        if ident:  # somebody had it, and has it no longer
            self.open(ident, person, person, self.seq, GIVEN)
        else:
            self.give(kind, value, person, self.seq)
        return person

    def ident(self, number: int) -> tuple[str, str]:
        """Return the kind and the value of an identifier."""
        return self._is.name(number)

    def holders(self, ident: int) -> tuple[int, ...]:
        """Return who holds an identifier now, each once, the longest holder first; nobody for 0."""
        if not ident:
            return ()
        lines = self._is.of_ident(ident)
        if len(lines) == 1:
            line = lines[0]
            return (line.person,) if not line.until and line.person > 0 else ()
        return tuple(dict.fromkeys(one.person for one in lines if not one.until and one.person > 0))

    def held(self, person: int) -> Sequence[tuple[str, int]]:
        """Return the kinds and numbers of the identifiers that a person holds now."""
        given = self._is.alone(person)
        if given is not None:
            return [(kind, ident) for ident, _line, kind, _value, _person, _since in given]
        return [(one.kind, one.ident) for one in self._is.of_person(person) if not one.until]

    def rows_of(self, ident: int) -> Sequence[Row]:
        """Return every row of an identifier, the oldest first."""
        return [one.row() for one in self._is.of_ident(ident)]

    def rows_held(self, person: int) -> Sequence[Row]:
        """Return the open rows of a person, the oldest first."""
        return [one.row() for one in self._is.of_person(person) if not one.until]

    def rows_ever(self, person: int) -> Sequence[Row]:
        """Return every row that a person held under this number, the oldest first."""
        return [one.row() for one in self._is.of_person(person)]

    def open(self, ident: int, person: int, origin: int, seq: int, how: str) -> None:
        """Add a row that begins at ``seq``."""
        known = self._is
        kind, value = known.name(ident)
        self._lines = number = self._lines + 1
        line = Line(number, ident, person, origin, seq, 0, how, kind)
        known.of_ident(ident).append(line)
        if person > 0:
            known.of_person(person).append(line)
        known.lines[number] = line
        known.owners[kind][value] = person
        self._new_lines.append(line)

    def close(self, row: int, seq: int) -> None:
        """End an open row before ``seq``."""
        line = self._is.lines[row]
        assert not line.until, "a row ends once"
        line.until = seq
        if row <= self._is.saved["lines"]:
            self._ended.append(line)
        else:
            self._untils[row] = seq
        self._disown(line.ident)

    def _disown(self, ident: int) -> None:
        """Look again who holds an identifier when that is asked next."""
        kind, value = self._is.name(ident)
        self._is.owners.get(kind, {}).pop(value, None)

    def erase(self, ident: int) -> None:
        """Remove the value of an identifier; its number and its rows stay."""
        self._is.of_ident(ident)  # its line is an object from now on
        self._disown(ident)
        kind, value = self.ident(ident)
        # Until it is gone from the file too.
        self._is.numbers[kind][value] = 0
        self._is.names[ident] = kind, ""
        if ident in self._new_idents:
            self._new_idents[ident] = kind, None
        elif ident > self._is.saved["idents"]:
            self._nameless.add(ident)
        else:
            self._erased.append((ident,))

    # ---------- people ----------

    def born(self, seq: int) -> int:
        """Add a person and return the number."""
        self.people += 1
        return self.people

    def into(self, person: int) -> int:
        """Return whom a person has become a part of, or 0."""
        return self._is.alias(person)

    def put_into(self, person: int, other: int) -> None:
        """Make a person a part of another, or again one of their own (0)."""
        self._is.aliases[person] = self._new_aliases[person] = other
        self._is.link(person)

    def edges_of(self, person: int) -> Sequence[Edge]:
        """Return the edges that begin or end at a person, the oldest first."""
        return tuple(self._is.edges_of(person).values())

    def join(self, a: int, b: int, seq: int, how: str) -> None:
        """Add an edge."""
        self._edges += 1
        self._put(Edge(self._edges, a, b, seq, 0, how))

    def retract(self, edge: int, seq: int) -> None:
        """End an edge before ``seq``; it was read by one of its people."""
        self._put(self._is.by_edge[edge]._replace(until=seq))

    def _put(self, edge: Edge) -> None:
        for person in (edge.a, edge.b):
            self._is.edges[person] = {**self._is.edges_of(person), edge.number: edge}
            self._is.link(person)
        self._is.by_edge[edge.number] = self._new_edges[edge.number] = edge

    def traits(self, person: int) -> Mapping[str, tuple[object, ...]]:
        """Return what was said about a person under this number, by field."""
        return self._is.traits_of(person)

    def learn(self, person: int, field: str, value: object) -> None:
        """Add a value to a trait."""
        known = self._is.traits_of(person)
        self._is.traits[person] = {**known, field: (*known.get(field, ()), value)}
        self._new_traits.append((person, field, trait_text(value)))

    def forget(self, person: int) -> None:
        """Remove what was said about a person under this number."""
        self._is.traits[person] = {}
        self._new_traits = [one for one in self._new_traits if one[0] != person]
        self._forgotten.append((person,))
        self._new_notes = [silent(one, {person}) for one in self._new_notes]

    def apart(self, person: int) -> Iterable[int]:
        """Return the people whom somebody has called not the same as this one."""
        return self._is.apart_from(person)

    def put_apart(self, a: int, b: int) -> None:
        """Note that two people are not the same."""
        for one, other in ((a, b), (b, a)):
            self._is.aparts[one] = self._is.apart_from(one) | {other}
            self._is.link(one)
            self._new_aparts[one, other] = True

    def drop_apart(self, a: int, b: int) -> None:
        """Note that two people may be the same again."""
        for one, other in ((a, b), (b, a)):
            known = self._is.apart_from(one)
            if other in known:
                self._is.aparts[one] = known - {other}
                self._new_aparts[one, other] = False

    # ---------- into the file ----------

    def flush(self) -> None:
        """Write what is new. What was read is let go of where it has grown too large."""
        many = self.connection.executemany
        # A value that was erased may have come back since.
        many("update ident set value = null, mark = null where number = ?", self._erased)
        new = self._new_idents.items()
        many(IDENT, [(number, kind, value, None if value is None else mark_of(kind, value)) for number, (kind, value) in new])  # fmt: skip
        many(MEMBER, [one.row() for one in self._new_lines])
        write_given(self.connection, self._given, self._untils, self._nameless)
        many("update member set until = ? where ident = ? and number = ?", [(one.until, one.ident, one.number) for one in self._ended])  # fmt: skip
        many("insert or replace into edge values (?, ?, ?, ?, ?, ?)", self._new_edges.values())
        many("insert or replace into alias values (?, ?)", self._new_aliases.items())
        many("delete from trait where person = ?", self._forgotten)
        many(FORGET_WHY, self._forgotten)
        many("insert into trait (person, field, value) values (?, ?, ?)", self._new_traits)
        write_aparts(self.connection, self._new_aparts)
        many("insert into oplog (seq, at, what, a, b, why) values (?, ?, ?, ?, ?, ?)", self._new_notes)  # fmt: skip
        many("insert or replace into instant values (?, ?)", self._new_instants.items())
        self._is.saved = {
            "people": self.people, "seq": self.seq, "idents": self._idents, "lines": self._lines, "edges": self._edges,
        }  # fmt: skip
        many("insert or replace into graph values (?, ?)", self._is.saved.items())
        self._wait()
        self._is.is_written()
        if (
            len(self._is.lines) + len(self._is.given) + sum(map(len, self._is.numbers.values()))
            > self._max
        ):
            self._is.clear()
