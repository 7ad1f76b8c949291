"""What was read of the graph's tables, so that it is read once. Rule: an answer from here is the answer of the file.

Lines of `member` hang in two lists, that of their identifier and that of their person; one line is one object in both. A
list is there whole or not at all. What has no number in the file yet needs no look into it.
"""

from __future__ import annotations

import json
from collections import defaultdict

from verbline.interpreter.program.forms import from_plain, to_plain
from verbline.runtime.identity.schema import mark_of
from verbline.runtime.identity.store import Edge, Row

TYPE_CHECKING = False
if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Mapping
    from typing import Any, TypeAlias

    # An identifier with its one line: the numbers of both, kind, value, person, and since when.
    Given: TypeAlias = tuple[int, int, str, str, int, int]

LINE = (
    "select m.number, m.ident, m.person, m.origin, m.since, m.until, m.how, i.kind"
    " from member m join ident i on i.number = m.ident where "
)
OF_IDENT = LINE + "m.ident = ? order by m.number"
# The condition is that of the index.
OF_PERSON = LINE + "m.person = ? and m.person > 0 order by m.number"
FOUND = (
    "select i.number, m.number, m.ident, m.person, m.origin, m.since, m.until, m.how, i.kind"
    " from ident i left join member m on m.ident = i.number where i.mark = ? and i.value = ? and i.kind = ? order by m.number"
)
NAME = "select kind, value from ident where number = ?"
EDGES = "select * from edge where a = ?1 or b = ?1 order by number"
ALIAS = "select part_of from alias where person = ?"
TRAITS = "select field, value from trait where person = ? order by number"
APART = "select b from apart where a = ?"
# What most people have of it; one object for all of them.
NO_EDGES: Mapping[int, Edge] = {}
NO_TRAITS: Mapping[str, tuple[object, ...]] = {}
# Bits of the marks: two megabytes, in which a million identifiers leave room for fifteen more of sixteen.
MARKS = 1 << 24
# Who was ever joined with somebody or called another: for all others these tables need no look.
LINKED = "select a from edge union select b from edge union select person from alias union select a from apart"
COUNTS = "people", "seq", "idents", "lines", "edges"
GIVEN = "given"


class Line:
    """A line of `member`; see `store.Row`. ``until`` is set when it ends."""

    __slots__ = ("how", "ident", "kind", "number", "origin", "person", "since", "until")

    def __init__(  # noqa: PLR0917 - as the table has them
        self, number: int, ident: int, person: int, origin: int, since: int, until: int, how: str, kind: str,
    ) -> None:  # fmt: skip
        self.number = number
        self.ident = ident
        self.person = person
        self.origin = origin
        self.since = since
        self.until = until
        self.how = how
        self.kind = kind

    def row(self) -> Row:
        """Return the line as a row."""
        return Row(self.number, self.ident, self.person, self.origin, self.since, self.until, self.how)  # fmt: skip


class Recalled:
    """See the module. ``numbers`` and ``owners`` are by kind and value, and say 0 where there is nobody."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self.connection = connection
        self.numbers: defaultdict[str, dict[str, int]] = defaultdict(dict)
        self.owners: defaultdict[str, dict[str, int]] = defaultdict(dict)
        self.names: dict[int, tuple[str, str]] = {}
        self.lines: dict[int, Line] = {}
        # Identifiers whose one line is still to become an object, by number, and those of each person: most are never asked for.
        self.given: dict[int, Given] = {}
        self._given_to: dict[int, tuple[Given, ...]] = {}
        self.by_ident: dict[int, list[Line]] = {}
        self.by_person: dict[int, list[Line]] = {}
        self.edges: dict[int, Mapping[int, Edge]] = {}
        self.by_edge: dict[int, Edge] = {}
        self.aliases: dict[int, int] = {}
        self.traits: dict[int, Mapping[str, tuple[object, ...]]] = {}
        self.aparts: dict[int, frozenset[int]] = {}
        # How many there are of each in the file; what has a higher number is not there yet.
        self.saved = dict.fromkeys(COUNTS, 0)
        self.saved |= connection.execute("select name, value from graph").fetchall()
        # Of a file that was empty: whether all of it is remembered, and marks of every identifier that was written.
        self.is_whole = not self.saved["idents"]
        self._marks = bytearray(MARKS // 8) if self.is_whole else None
        self._linked = bytearray(self.saved["people"] // 8 + 1)
        for (person,) in connection.execute(LINKED):
            self.link(person)

    def link(self, person: int) -> None:
        """Note that a person is joined with somebody, or called another, from now on."""
        byte = person >> 3
        if byte >= len(self._linked):
            self._linked += bytes(byte + 1)
        self._linked[byte] |= 1 << (person & 7)

    def is_linked(self, person: int) -> bool:
        """Return whether a person has ever been joined with somebody, or called another."""
        byte = person >> 3
        return byte < len(self._linked) and bool(self._linked[byte] & 1 << (person & 7))

    def may_have(self, value: str) -> bool:
        """Return whether an identifier that is not remembered may be in the file, of which not all is remembered."""
        if self._marks is None:
            return True
        bit = hash(value) % MARKS
        return bool(self._marks[bit >> 3] & 1 << (bit & 7))

    def clear(self) -> None:
        """Let go of everything; of a file that was empty every identifier leaves a mark."""
        self.is_whole, marks = False, self._marks
        if marks is not None:
            for bit in (hash(value) % MARKS for known in self.numbers.values() for value in known):
                marks[bit >> 3] |= 1 << (bit & 7)
        # What is by kind is asked for by it, and stays.
        for known in (*self.numbers.values(), *self.owners.values()):
            known.clear()
        for one in (
            self.names, self.lines, self.by_ident, self.by_person, self.edges, self.by_edge,
            self.aliases, self.traits, self.aparts, self.given, self._given_to,
        ):  # fmt: skip
            one.clear()

    def give(self, given: Given) -> None:
        """Remember a new identifier with its one line."""
        ident, _line, kind, value, person, _since = given
        self.numbers[kind][value] = ident
        self.owners[kind][value] = person
        self.given[ident] = given
        there = self._given_to.get(person)
        self._given_to[person] = (given,) if there is None else (*there, given)

    def is_written(self) -> None:
        """Note that all is in the file: from there a line comes that is not an object yet, where not all of it is remembered."""
        if not self.is_whole:
            for person in self._given_to:
                self.by_person.pop(person, None)
            self.given.clear()
            self._given_to.clear()

    def alone(self, person: int) -> tuple[Given, ...] | None:
        """Return the identifiers of a person where none of their lines is an object yet; None where one may be."""
        if person in self.by_person or not (self.is_whole or person > self.saved["people"]):
            return None
        return self._given_to.get(person)

    def _unfold(self, person: int) -> None:
        """Make objects of the lines that were given to a person."""
        mine = self._given_to.pop(person)
        lines = self.of_person(person)
        for ident, number, kind, value, _person, since in mine:
            line = Line(number, ident, person, person, since, 0, GIVEN, kind)
            lines.append(line)
            self.lines[number], self.by_ident[ident] = line, [line]
            self.names[ident] = kind, value
            del self.given[ident]

    def number(self, kind: str, value: str) -> int:
        """Return the number of an identifier, or 0."""
        known = self.numbers[kind]
        number = known.get(value)
        if number is None:
            is_there = not self.is_whole and self.may_have(value)
            number = known[value] = self._found(kind, value) if is_there else 0
        return number

    def _found(self, kind: str, value: str) -> int:
        """Return the number of an identifier in the file, and keep its lines, which whoever asks for it asks for next."""
        rows = self.connection.execute(FOUND, (mark_of(kind, value), value, kind)).fetchall()
        if not rows:
            return 0
        number: int = rows[0][0]
        self.names[number] = kind, value
        if number not in self.by_ident:
            self.by_ident[number] = [self._line(row[1:]) for row in rows if row[1] is not None]
        return number

    def name(self, ident: int) -> tuple[str, str]:
        """Return the kind and the value of an identifier."""
        found = self.names.get(ident)
        if found is None and ident in self.given:
            return self.given[ident][2:4]
        if found is None:
            kind, value = self.connection.execute(NAME, (ident,)).fetchone()
            found = self.names[ident] = kind, value or ""
        return found

    def owner(self, kind: str, value: str) -> int:
        """Return who holds an identifier by its newest line, or 0, and keep that in `owners`."""
        number = self.number(kind, value)
        lines = self.of_ident(number) if number else ()
        owner = lines[-1].person if lines and not lines[-1].until else 0
        self.owners[kind][value] = owner
        return owner

    def asker(self, kind: str) -> Callable[[str], int]:
        """Return what gives the owner of an identifier of ``kind`` by its value."""
        known = self.owners[kind].get
        return lambda value: self.owner(kind, value) if (found := known(value)) is None else found

    def holding(self, kind: str) -> Callable[[str], int | None]:
        """Return what does the same for those that were asked for before; it returns 0 or None for others."""
        return self.owners[kind].get

    def of_ident(self, ident: int) -> list[Line]:
        """Return the lines of an identifier, the oldest first; none for 0."""
        found = self.by_ident.get(ident)
        if found is None and ident in self.given:
            self._unfold(self.given[ident][4])
            found = self.by_ident[ident]
        if found is None:
            is_new = self.is_whole or not 0 < ident <= self.saved["idents"]
            found = self.by_ident[ident] = [] if is_new else self._lines(OF_IDENT, ident)
        return found

    def of_person(self, person: int) -> list[Line]:
        """Return the lines of a person, the oldest first."""
        if person in self._given_to:
            self._unfold(person)
        found = self.by_person.get(person)
        if found is None:
            is_new = self.is_whole or person > self.saved["people"]
            found = self.by_person[person] = [] if is_new else self._lines(OF_PERSON, person)
        return found

    def _lines(self, query: str, number: int) -> list[Line]:
        return [self._line(row) for row in self.connection.execute(query, (number,))]

    def _line(self, row: tuple[Any, ...]) -> Line:
        """Return a line of the file, which is one object however it was come by."""
        line = self.lines.get(row[0])
        if line is None:
            line = self.lines[row[0]] = Line(*row)
        return line

    def edges_of(self, person: int) -> Mapping[int, Edge]:
        """Return the edges of a person by number, the oldest first."""
        found = self.edges.get(person)
        if found is None:
            rows = self._rows(EDGES, person) if self.is_linked(person) else ()
            found = {row[0]: Edge(*row) for row in rows} or NO_EDGES
            self.edges[person] = found
            self.by_edge |= found
        return found

    def alias(self, person: int) -> int:
        """Return whom a person has become a part of, or 0."""
        found = self.aliases.get(person)
        if found is None:
            rows = self._rows(ALIAS, person) if self.is_linked(person) else ()
            found = self.aliases[person] = rows[0][0] if rows else 0
        return found

    def traits_of(self, person: int) -> Mapping[str, tuple[object, ...]]:
        """Return what was said about a person, by field."""
        found = self.traits.get(person)
        if found is None:
            said: dict[str, tuple[object, ...]] = {}
            for field, value in self._rows(TRAITS, person):
                said[field] = (*said.get(field, ()), trait_in(value))
            found = self.traits[person] = said or NO_TRAITS
        return found

    def apart_from(self, person: int) -> frozenset[int]:
        """Return who is not the same as a person."""
        found = self.aparts.get(person)
        if found is None:
            rows = self._rows(APART, person) if self.is_linked(person) else ()
            found = frozenset(row[0] for row in rows)
            self.aparts[person] = found
        return found

    def _rows(self, query: str, person: int) -> list[tuple[Any, ...]]:
        """Return the rows about a person; a new one has none."""
        if self.is_whole or person > self.saved["people"]:
            return []
        return self.connection.execute(query, (person,)).fetchall()


def trait_text(value: object) -> str:
    """Return what was said as text."""
    return json.dumps(to_plain(value), ensure_ascii=False)


def trait_in(text: str) -> object:
    """Return what was said, from its text."""
    return from_plain(json.loads(text))
