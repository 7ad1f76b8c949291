"""What the graph needs of a store. Rule: rows are read by key, added and closed; what is removed at a person's wish is the values.

Four tables: `ident` (kind, value), `member` (who holds which identifier, from when to when), `edge` (which people became
one, until when) and `oplog` (what happened to the graph). Beside them stand the people, what is known of their names,
and which people are not the same. All numbers count from 1; 0 stands for nobody, and for "not yet".
"""

from __future__ import annotations

from typing import NamedTuple, Protocol

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

# The person who holds what tells nobody apart any more, such as a device in a lobby.
PUBLIC = -1


class Row(NamedTuple):
    """One line of `member`: ``person`` holds ``ident`` from ``since`` until before ``until``, or still (0).

    ``origin`` is the person to whom it was given first; a merge changes ``person``, never ``origin``, so that it can be
    taken back. ``how`` is given, shared, confirmed, moved, merged or split.
    """

    number: int
    ident: int
    person: int
    origin: int
    since: int
    until: int
    how: str


class Edge(NamedTuple):
    """One line of `edge`: the people ``a`` and ``b`` are one since ``since``, until ``until`` (0: still); ``how`` says why."""

    number: int
    a: int
    b: int
    since: int
    until: int
    how: str


class Note(NamedTuple):
    """One line of `oplog`: merge, split, not same, ask or forget, about people ``a`` and ``b``, at the instant ``at``.

    ``why`` is a code, and behind ``: `` what an operator said, if somebody did.
    """

    seq: int
    at: int
    what: str
    a: int
    b: int
    why: str


class Store(Protocol):
    """The tables of the graph."""

    # How many people there have been.
    people: int
    # The number of the last change that was written.
    seq: int

    @property
    def idents(self) -> int:
        """How many identifiers there have been."""

    def owner(self, kind: str, value: str) -> int:
        """Return who holds an identifier by its newest row, `PUBLIC`, or 0; asked for every event."""

    def find(self, kind: str, value: str) -> int:
        """Return the number of an identifier, or 0."""

    def add(self, kind: str, value: str) -> int:
        """Add an identifier and return its number."""

    def give(self, kind: str, value: str, person: int, seq: int) -> None:
        """Add an identifier, which there has not been, and the row by which a person holds it; `add` and `open` in one."""

    def enter(self, kind: str, value: str) -> int:
        """Return a new person with an identifier; `born` and `give`, or `open`, in one."""

    def ident(self, number: int) -> tuple[str, str]:
        """Return the kind and the value of an identifier."""

    def holders(self, ident: int) -> tuple[int, ...]:
        """Return who holds an identifier now, each once, the longest holder first; nobody for 0."""

    def held(self, person: int) -> Sequence[tuple[str, int]]:
        """Return the kinds and numbers of the identifiers that a person holds now."""

    def rows_of(self, ident: int) -> Sequence[Row]:
        """Return every row of an identifier, closed ones too, the oldest first."""

    def rows_held(self, person: int) -> Sequence[Row]:
        """Return the open rows of a person, the oldest first."""

    def rows_ever(self, person: int) -> Sequence[Row]:
        """Return every row that a person held under this number, closed ones too, the oldest first."""

    def open(self, ident: int, person: int, origin: int, seq: int, how: str) -> None:
        """Add a row that begins at ``seq``."""

    def close(self, row: int, seq: int) -> None:
        """End an open row before ``seq``."""

    def born(self, seq: int) -> int:
        """Add a person and return the number, the next one."""

    def into(self, person: int) -> int:
        """Return whom a person has become a part of, or 0."""

    def put_into(self, person: int, other: int) -> None:
        """Make a person a part of another, or again one of their own (0)."""

    def edges_of(self, person: int) -> Sequence[Edge]:
        """Return the edges that begin or end at a person, retracted ones too, the oldest first."""

    def join(self, a: int, b: int, seq: int, how: str) -> None:
        """Add an edge."""

    def retract(self, edge: int, seq: int) -> None:
        """End an edge before ``seq``."""

    def traits(self, person: int) -> Mapping[str, tuple[object, ...]]:
        """Return what was said about the names and the birth of a person under this number, by field."""

    def learn(self, person: int, field: str, value: object) -> None:
        """Add a value to a trait."""

    def forget(self, person: int) -> None:
        """Remove what was said about the names and the birth of a person under this number, and by operators about them."""

    def erase(self, ident: int) -> None:
        """Remove the value of an identifier: nobody finds it any more; its number and its rows stay."""

    def apart(self, person: int) -> Iterable[int]:
        """Return the people whom somebody has called not the same as this one."""

    def put_apart(self, a: int, b: int) -> None:
        """Note that two people are not the same."""

    def drop_apart(self, a: int, b: int) -> None:
        """Note that two people may be the same again."""

    def note(self, note: Note) -> None:
        """Add a line to the log of the graph."""

    def notes(self, what: str = "") -> Sequence[Note]:
        """Return the log of the graph, or only the lines that say ``what``."""

    def dated(self, at: int) -> None:
        """Note that what changes from now on changes at the instant ``at``, in milliseconds."""

    def when(self, seq: int) -> int | None:
        """Return when the change number ``seq`` was made; None where nobody has said."""
