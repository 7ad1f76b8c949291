"""What is known of each person, by number, as bytes. Rule: a batch is one row; rows by person are written behind it.

What costs is the number of pages a transaction touches. So a batch writes all records that it changed into one row, and
`fold` moves some batches at a time to the rows of the people, when there is time for it. Whoever loads reads both. Some
people, who became known one after the other, share a row: they are much alike, and together a quarter as long.
"""

from __future__ import annotations

from itertools import groupby
from typing import NamedTuple, TypeAlias

import msgspec

from verbline.runtime.store.bodies import packed, unpacked
from verbline.runtime.tables import make

TYPE_CHECKING = False
if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator, Mapping

    from verbline.runtime.store.writer import Writer

FIRST = (
    "create table batch (number integer primary key autoincrement, body blob not null)",
    # Those whose numbers are the same but for the last bits.
    "create table record (block integer primary key, body blob not null)",
    "create table kept (name text primary key, body blob not null) without rowid",
)
# Records by number, None where there is none any more; and what is kept by name.
Body: TypeAlias = tuple[dict[int, bytes | None], dict[str, bytes]]
Block: TypeAlias = dict[int, bytes]
Records: TypeAlias = "Mapping[int, bytes | None]"
# The same as it was written.
Added: TypeAlias = "tuple[bytes, Records, Mapping[str, bytes]]"
# So many bits of a number tell who stands in one row; so about three of these rows fill a page.
BITS = 5
# A row of less than half a page, which is folded soon, is not worth the time that it takes to make it smaller.
SOON = 2_000
# So many records of batches are remembered until they are folded.
HELD_MAX = 200_000
_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(Body).decode
_block = msgspec.msgpack.Decoder(Block).decode


class Loaded(NamedTuple):
    """All records by number, and what is kept by name."""

    records: dict[int, bytes]
    kept: dict[str, bytes]


def loaded(connection: sqlite3.Connection) -> Loaded:
    """Return the newest of everything in the store behind ``connection``, inside one transaction."""
    records: dict[int, bytes] = {}
    for (body,) in connection.execute("select body from record"):
        records.update(_block(unpacked(body)))
    kept: dict[str, bytes] = dict(connection.execute("select name, body from kept"))
    for changed, named in batches_in(connection):
        for number, record in changed.items():
            if record is None:
                records.pop(number, None)
            else:
                records[number] = record
        kept.update(named)
    return Loaded(records, present(kept))


def named_in(connection: sqlite3.Connection) -> dict[str, bytes]:
    """Return the newest of what is kept by name in the store behind ``connection``, inside one transaction."""
    kept: dict[str, bytes] = dict(connection.execute("select name, body from kept"))
    for _, named in batches_in(connection):
        kept.update(named)
    return present(kept)


def record_in(connection: sqlite3.Connection, number: int) -> bytes | None:
    """Return the newest record of one person; None where there is none."""
    found = block_in(connection, number >> BITS).get(number)
    for changed, _ in batches_in(connection):
        found = changed.get(number, found)
    return found


def batches_in(connection: sqlite3.Connection) -> Iterator[Body]:
    """Yield what batches wrote that were not moved yet, in their order."""
    for (body,) in connection.execute("select body from batch order by number"):
        yield _decode(unpacked(body))


def block_in(connection: sqlite3.Connection, block: int) -> Block:
    """Return the records of one row."""
    row = connection.execute("select body from record where block = ?", (block,)).fetchone()
    return _block(unpacked(row[0])) if row else {}


def present(kept: dict[str, bytes]) -> dict[str, bytes]:
    """Return what is kept, without the names that hold nothing any more."""
    return {name: content for name, content in kept.items() if content}


class Journal:
    """The records of a store."""

    def __init__(self, writer: Writer) -> None:
        self.path = writer.path
        self._writer = writer
        # What of the batches that are to be folded is still in memory, by number, and how many records that is.
        self._added: dict[int, Added] = {}
        self._held = 0
        with writer.writing() as connection:
            make(connection, "journal", "batch", FIRST)

    def add(self, records: Records, kept: Mapping[str, bytes]) -> None:
        """Write the records that a batch changed, None for one that is gone, and what is kept by name; empty is gone."""
        if records or kept:
            with self._writer.writing() as connection:
                body = _encode((records, kept))
                body = body if len(body) < SOON else packed(body)
                number = connection.execute(
                    "insert into batch (body) values (?)", (body,)
                ).lastrowid
                self._hold(number or 0, (body, records, kept))

    def _hold(self, number: int, added: Added) -> None:
        """Remember what a batch wrote."""
        self._held += len(added[1])
        if self._held > HELD_MAX:
            self._added, self._held = {}, 0
        self._added[number] = added

    def _written(self, number: int, body: bytes) -> tuple[Records, Mapping[str, bytes]]:
        """Return what a batch wrote; from memory where that is what stands there, since a transaction may have been taken back."""
        added = self._added.pop(number, None)
        if added is not None:
            self._held -= len(added[1])
            if added[0] == body:
                return added[1:]
        found: Body = _decode(unpacked(body))
        return found

    def load(self) -> Loaded:
        """Return the newest of everything."""
        with self._writer.reading() as connection:
            return loaded(connection)

    def named(self) -> dict[str, bytes]:
        """Return the newest of what is kept by name."""
        with self._writer.reading() as connection:
            return named_in(connection)

    def fold(self, most: int) -> int:
        """Move ``most`` batches at the most, the oldest first, to the rows of the people; return how many were moved."""
        with self._writer.writing() as connection:
            rows = connection.execute("select number, body from batch order by number limit ?", (most,)).fetchall()  # fmt: skip
            if not rows:
                return 0
            records: dict[int, bytes | None] = {}
            kept: dict[str, bytes] = {}
            for number, body in rows:
                changed, named = self._written(number, body)
                records.update(changed)
                kept.update(named)
            put_into_rows(connection, records)
            over = [(name,) for name, content in kept.items() if not content]
            connection.executemany("delete from kept where name = ?", over)
            connection.executemany(
                "insert or replace into kept values (?, ?)", present(kept).items()
            )
            connection.execute("delete from batch where number <= ?", (rows[-1][0],))
            return len(rows)


def put_into_rows(connection: sqlite3.Connection, records: Records) -> None:
    """Write records to the rows of their people, None for one that is gone."""
    rows, gone = [], []
    # In their order, so that neighbours are written together.
    for block, numbers in groupby(sorted(records), key=lambda number: number >> BITS):
        found = block_in(connection, block)
        for number in numbers:
            record = records[number]
            if record is None:
                found.pop(number, None)
            else:
                found[number] = record
        if found:
            rows.append((block, packed(_encode(found))))
        else:
            gone.append((block,))
    connection.executemany("delete from record where block = ?", gone)
    connection.executemany("insert or replace into record values (?, ?)", rows)
