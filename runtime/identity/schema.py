"""The tables of the graph in a file. Rule: they stand beside others in one file, and who they belong to says its name in the notes
of migrations.

`ident`, `member`, `edge`, `oplog` are those of `store`. `alias` says whom a person has become a part of, `trait` what was said of
names and births, `apart` who is not the same, `instant` when changes were made, `graph` how far it all went.
"""

from __future__ import annotations

from zlib import crc32

from verbline.runtime.tables import make

TYPE_CHECKING = False
if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator, Sequence

SET = "identity"
FIRST = (
    # What was erased has no value and no mark any more: nobody finds it. A mark is a short hash of a value, see `mark_of`: in an
    # index of numbers that come in no order much less is written than in one of texts.
    "create table ident (number integer primary key, kind text not null, value text, mark integer)",
    "create index ident_by_mark on ident (mark)",
    # By identifier first: nearly all have one line, and are numbered as they come.
    (
        "create table member (number integer not null, ident integer not null, person integer not null,"
        " origin integer not null, since integer not null, until integer not null, how text not null,"
        " primary key (ident, number)) without rowid"
    ),
    "create index member_by_person on member (person) where person > 0",
    (
        "create table edge (number integer primary key, a integer not null, b integer not null,"
        " since integer not null, until integer not null, how text not null)"
    ),
    "create index edge_by_a on edge (a)",
    "create index edge_by_b on edge (b)",
    (
        "create table oplog (number integer primary key, seq integer not null, at integer not null, what text not null,"
        " a integer not null, b integer not null, why text not null)"
    ),
    "create table alias (person integer primary key, part_of integer not null)",
    (
        "create table trait (number integer primary key, person integer not null, field text not null,"
        " value text not null)"
    ),
    "create index trait_by_person on trait (person)",
    "create table apart (a integer not null, b integer not null, primary key (a, b)) without rowid",
    "create table instant (seq integer primary key, at integer not null)",
    "create table graph (name text primary key, value integer not null) without rowid",
)


def mark_of(kind: str, value: str) -> int:
    """Return by which number an identifier is looked for; others can have the same."""
    return crc32(
        value.encode("utf-8", "surrogatepass"), crc32(kind.encode("utf-8", "surrogatepass"))
    )


def marks_of(kinds: Sequence[str], values: Sequence[str]) -> Iterator[int]:
    """Return what `mark_of` returns of each, by their kinds and their values."""
    starts = {kind: crc32(kind.encode("utf-8", "surrogatepass")) for kind in set(kinds)}
    encoded = [value.encode("utf-8", "surrogatepass") for value in values]
    return map(crc32, encoded, map(starts.__getitem__, kinds))


def is_marked(connection: sqlite3.Connection) -> bool:
    """Return whether every identifier has its mark, which no index tells; also where there is no table of this form."""
    if "mark" not in {row[1] for row in connection.execute("pragma table_info(ident)")}:
        return True
    rows = connection.execute("select kind, value, mark from ident")
    return all(
        mark == (None if value is None else mark_of(kind, value)) for kind, value, mark in rows
    )


def prepare(connection: sqlite3.Connection) -> None:
    """Make the tables, or bring them up to date, where that is still to be done."""
    make(connection, SET, "graph", FIRST)
