"""What is known of each person, by number, as bytes. Rule: a batch is one row; rows by person are written behind it.

What costs is the number of pages a transaction touches. So a batch writes all records that it changed into one row, and
`fold` moves some batches at a time to the rows of the people, when there is time for it. Whoever loads reads both.
"""

from __future__ import annotations

from typing import NamedTuple, TypeAlias

import msgspec

from verbline.runtime.tables import make

TYPE_CHECKING = False
if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Mapping

    from verbline.runtime.store.writer import Writer

FIRST = (
    "create table batch (number integer primary key autoincrement, body blob not null)",
    "create table record (number integer primary key, body blob not null)",
    "create table kept (name text primary key, body blob not null) without rowid",
)
# Records by number, None where there is none any more; and what is kept by name.
Body: TypeAlias = tuple[dict[int, bytes | None], dict[str, bytes]]
_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(Body).decode


class Loaded(NamedTuple):
    """All records by number, and what is kept by name."""

    records: dict[int, bytes]
    kept: dict[str, bytes]


def loaded(connection: sqlite3.Connection) -> Loaded:
    """Return the newest of everything in the store behind ``connection``, inside one transaction."""
    records: dict[int, bytes] = dict(connection.execute("select number, body from record"))
    kept: dict[str, bytes] = dict(connection.execute("select name, body from kept"))
    for (body,) in connection.execute("select body from batch order by number"):
        changed, named = _decode(body)
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
    for (body,) in connection.execute("select body from batch order by number"):
        kept.update(_decode(body)[1])
    return present(kept)


def present(kept: dict[str, bytes]) -> dict[str, bytes]:
    """Return what is kept, without the names that hold nothing any more."""
    return {name: content for name, content in kept.items() if content}


class Journal:
    """The records of a store."""

    def __init__(self, writer: Writer) -> None:
        self._writer = writer
        with writer.writing() as connection:
            make(connection, "journal", "batch", FIRST)

    def add(self, records: Mapping[int, bytes | None], kept: Mapping[str, bytes]) -> None:
        """Write the records that a batch changed, None for one that is gone, and what is kept by name; empty is gone."""
        if records or kept:
            with self._writer.writing() as connection:
                body = _encode((records, kept))
                connection.execute("insert into batch (body) values (?)", (body,))

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
            for _, body in rows:
                changed, named = _decode(body)
                records.update(changed)
                kept.update(named)
            gone = [(number,) for number, record in records.items() if record is None]
            there = sorted((number, one) for number, one in records.items() if one is not None)
            connection.executemany("delete from record where number = ?", gone)
            # In their order, so that neighbours are written together.
            connection.executemany("insert or replace into record values (?, ?)", there)
            over = [(name,) for name, content in kept.items() if not content]
            connection.executemany("delete from kept where name = ?", over)
            connection.executemany(
                "insert or replace into kept values (?, ?)", present(kept).items()
            )
            connection.execute("delete from batch where number <= ?", (rows[-1][0],))
            return len(rows)
