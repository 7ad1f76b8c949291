"""What is known and not in its tables yet. Rule: a batch writes it as one row; the tables, whose order is another, come behind.

What costs is the number of pages that a transaction touches, and ids, identifiers and addresses come in no order. So they are
written one after the other, and many batches at a time are brought into their tables. Whoever opens the store reads both.
"""

from __future__ import annotations

from itertools import takewhile
from typing import NamedTuple, TypeAlias

import msgspec

from verbline.runtime.consent.waiting import Waiting
from verbline.runtime.identity.kept import Kept
from verbline.runtime.identity.recalled import trait_in
from verbline.runtime.store.bodies import packed, unpacked
from verbline.runtime.store.keys import gather
from verbline.runtime.tables import make

TYPE_CHECKING = False
if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Iterator, Sequence
    from typing import Any

    from verbline.runtime.consent.waiting import Names
    from verbline.runtime.engine.ids import Ids
    from verbline.runtime.identity.store import Note

FIRST = ("create table pending (number integer primary key, body blob not null)",)
# So many ids, identifiers and names are brought into their tables together.
MOST = 600_000
# An identifier that is new, a row by which somebody holds one, both in one, or what was said about somebody, as `Kept` takes them.
Op: TypeAlias = (
    tuple[str, str]
    | tuple[int, int, int, int, str]
    | tuple[str, str, int, int]
    | tuple[int, str, str]
)
_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder().decode


class Body(NamedTuple):
    """Ids with their places; what was done to the graph, how many people there are then, the last change, and when changes
    were made; the addresses and the people that the ledger has numbered.
    """

    marks: list[tuple[int, int]]
    ops: list[Op]
    people: int
    seq: int
    instants: dict[int, int]
    contacts: Names
    persons: Names


class Jotting(Kept):
    """Tables of the graph that say what was done to them since they were asked last. ``is_rare`` says that they cannot."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        super().__init__(connection)
        self.ops: list[Op] = []
        self.is_rare = False
        self._last = 0

    def add(self, kind: str, value: str) -> int:
        """Add an identifier and return its number."""
        self.ops.append((kind, value))
        return super().add(kind, value)

    def open(self, ident: int, person: int, origin: int, seq: int, how: str) -> None:
        """Add a row that begins at ``seq``."""
        self.ops.append((ident, person, origin, seq, how))
        super().open(ident, person, origin, seq, how)

    def give(self, kind: str, value: str, person: int, seq: int) -> None:
        """Add an identifier, which there has not been, and the row by which a person holds it."""
        self.ops.append((kind, value, person, seq))
        super().give(kind, value, person, seq)

    def learn(self, person: int, field: str, value: object) -> None:
        """Add a value to a trait."""
        super().learn(person, field, value)
        self.ops.append(self._new_traits[-1])

    # What happens to few

    def close(self, row: int, seq: int) -> None:
        """End an open row before ``seq``."""
        self.is_rare = True
        super().close(row, seq)

    def erase(self, ident: int) -> None:
        """Remove the value of an identifier."""
        self.is_rare = True
        super().erase(ident)

    def put_into(self, person: int, other: int) -> None:
        """Make a person a part of another, or again one of their own (0)."""
        self.is_rare = True
        super().put_into(person, other)

    def join(self, a: int, b: int, seq: int, how: str) -> None:
        """Add an edge."""
        self.is_rare = True
        super().join(a, b, seq, how)

    def retract(self, edge: int, seq: int) -> None:
        """End an edge before ``seq``."""
        self.is_rare = True
        super().retract(edge, seq)

    def forget(self, person: int) -> None:
        """Remove what was said about a person under this number."""
        self.is_rare = True
        super().forget(person)

    def put_apart(self, a: int, b: int) -> None:
        """Note that two people are not the same."""
        self.is_rare = True
        super().put_apart(a, b)

    def drop_apart(self, a: int, b: int) -> None:
        """Note that two people may be the same again."""
        self.is_rare = True
        super().drop_apart(a, b)

    def note(self, note: Note) -> None:
        """Add a line to the log of the graph."""
        self.is_rare = True
        super().note(note)

    # To and fro

    def done(self) -> tuple[list[Op], int, int, dict[int, int]]:
        """Return what was done since this was asked last, and where it has led to."""
        ops, self.ops = self.ops, []
        # They stand in the order of their numbers: what is new is at the end.
        last, instants = self._last, reversed(self._new_instants.items())
        fresh = list(takewhile(lambda one: one[0] >= last, instants))
        self._last = self.seq
        return ops, self.people, self.seq, dict(reversed(fresh))

    def flush(self) -> None:
        """Write what is new."""
        super().flush()
        self.ops, self.is_rare, self._last = [], False, self.seq

    def again(
        self, ops: Iterable[Sequence[Any]], people: int, seq: int, instants: dict[int, int]
    ) -> None:
        """Do again what `done` told."""
        for op in ops:
            if len(op) == 2:
                super().add(*op)
            elif len(op) == 5:
                super().open(*op)
            elif len(op) == 4:
                super().give(*op)
            elif len(op) == 3:
                super().learn(op[0], op[1], trait_in(op[2]))
        self.people, self.seq = people, seq
        self._new_instants.update(instants)
        self._last = seq


def bodies(connection: sqlite3.Connection) -> Iterator[Body]:
    """Yield what is pending in a store."""
    for (content,) in connection.execute("select body from pending order by number"):
        yield Body(*_decode(unpacked(content)))


def looked_into(connection: sqlite3.Connection) -> Jotting:
    """Return the graph of a store that is only read, with what is pending; the ledger behind the connection has it too."""
    graph, names = Jotting(connection), Waiting(connection)
    for one in bodies(connection):
        graph.again(one.ops, one.people, one.seq, one.instants)
        names.recall(one.contacts, one.persons)
    return graph


class Pending:
    """The rows of what is pending. ``ids`` and ``graph`` are brought to where they were when the last of them was written.

    So is the ledger behind ``connection``, whose names wait from now on.
    """

    def __init__(self, connection: sqlite3.Connection, ids: Ids, graph: Jotting) -> None:
        self._connection = connection
        self._ids, self._graph, self._names = ids, graph, Waiting(connection)
        self._count = 0
        make(connection, "pending", "pending", FIRST)
        ids.begin()
        for one in bodies(connection):
            ids.recall(one.marks)
            graph.again(one.ops, one.people, one.seq, one.instants)
            self._names.recall(one.contacts, one.persons)
            self._count += len(one.marks) + len(one.ops) + len(one.contacts) + len(one.persons)

    def write(self) -> None:
        """Write what is new, inside the transaction of the caller; it is brought into the tables where it cannot be told alone."""
        if self._graph.is_rare or self._names.is_gathered or self._count >= MOST:
            self.settle()
            return
        one = Body(self._ids.done(), *self._graph.done(), *self._names.done())
        count = len(one.marks) + len(one.ops) + len(one.contacts) + len(one.persons)
        if count:
            self._count += count
            body = packed(_encode(one))
            self._connection.execute("insert into pending (body) values (?)", (body,))

    def settle(self) -> bool:
        """Bring everything into its tables, inside the transaction of the caller; return whether there was something."""
        is_some = bool(self._count)
        self._ids.write()
        self._graph.flush()
        self._names.gather()
        gather(self._connection)
        self._connection.execute("delete from pending")
        self._count = 0
        return is_some
