"""What is known and not in its tables yet. Rule: a batch writes it as one row; the tables, whose order is another, come behind.

What costs is the number of pages that a transaction touches, and ids and identifiers come in no order. So they are written one
after the other, and many batches at a time are brought into their tables. Whoever opens the store reads both.
"""

from __future__ import annotations

from typing import TypeAlias

import msgspec

from verbline.runtime.identity.kept import Kept
from verbline.runtime.identity.recalled import trait_in
from verbline.runtime.store.bodies import packed, unpacked
from verbline.runtime.tables import make

TYPE_CHECKING = False
if TYPE_CHECKING:
    import sqlite3

    from verbline.runtime.engine.ids import Ids
    from verbline.runtime.identity.store import Note

FIRST = ("create table pending (number integer primary key, body blob not null)",)
# So many ids and identifiers are brought into their tables together.
MOST = 200_000
# An identifier that is new, a row by which somebody holds one, or what was said about somebody, as `Kept` takes them.
Op: TypeAlias = tuple[str, str] | tuple[int, int, int, int, str] | tuple[int, str, str]
# Ids with their places; what was done to the graph, how many people there are then, the last change, and when changes were made.
Body: TypeAlias = tuple[list[tuple[int, int]], list[Op], int, int, dict[int, int]]
_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder().decode


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
        instants = {seq: at for seq, at in self._new_instants.items() if seq >= self._last}
        self._last = self.seq
        return ops, self.people, self.seq, instants

    def flush(self) -> None:
        """Write what is new."""
        super().flush()
        self.ops, self.is_rare, self._last = [], False, self.seq

    def again(self, ops: list[Op], people: int, seq: int, instants: dict[int, int]) -> None:
        """Do again what `done` told."""
        for op in ops:
            if len(op) == 2:
                super().add(*op)
            elif len(op) == 5:
                super().open(*op)
            elif len(op) == 3:
                super().learn(op[0], op[1], trait_in(op[2]))
        self.people, self.seq = people, seq
        self._new_instants.update(instants)
        self._last = seq


class Pending:
    """The rows of what is pending. ``ids`` and ``graph`` are brought to where they were when the last of them was written."""

    def __init__(self, connection: sqlite3.Connection, ids: Ids, graph: Jotting) -> None:
        self._connection = connection
        self._ids, self._graph = ids, graph
        self._count = 0
        make(connection, "pending", "pending", FIRST)
        for (content,) in connection.execute("select body from pending order by number"):
            marks, ops, people, seq, instants = _decode(unpacked(content))
            ids.recall(marks)
            graph.again([tuple(op) for op in ops], people, seq, instants)
            self._count += len(marks) + len(ops)

    def write(self) -> None:
        """Write what is new, inside the transaction of the caller; it is brought into the tables where it cannot be told alone."""
        if self._graph.is_rare or self._count >= MOST:
            self.settle()
            return
        marks, (ops, *rest) = self._ids.done(), self._graph.done()
        if marks or ops:
            self._count += len(marks) + len(ops)
            body = packed(_encode((marks, ops, *rest)))
            self._connection.execute("insert into pending (body) values (?)", (body,))

    def settle(self) -> bool:
        """Bring everything into its tables, inside the transaction of the caller; return whether there was something."""
        is_some = bool(self._count)
        self._ids.write()
        self._graph.flush()
        self._connection.execute("delete from pending")
        self._count = 0
        return is_some
