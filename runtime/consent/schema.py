"""The tables of a ledger. Rule: a file of this form or the one before is opened, any other is refused: it is made again from the log.

They may stand beside others in one file: the form is noted under the ledger's own name.

`entry` is the chain. Its column ``said`` alone holds personal data and can be emptied; ``commitment`` is there where it was.
Addresses and people stand in `contact` and `person`, by numbers that are never given out twice. ``before_contact`` and
``before_person`` lead to the entry before that is about the same, `head` says for each number which is the last: so no index
grows with what is said. What is new in these three stands in tables of its own first (`recent`). `mark` holds what is kept of
erased addresses, `taken` which events of a log were recorded.
"""

from __future__ import annotations

import sqlite3

from verbline.runtime.consent.recent import RECENT

TYPE_CHECKING = False
if TYPE_CHECKING:
    from sqlite_utils import Database

VERSION = 3
# The first form that becomes this one by the tables that came since.
VERSION_MIN = 2
# Addresses come in no order: with less, most of the time goes into reading pages again.
CACHE_KB = 65_536
# Pages that are written often reach the file once in so many; and so many bytes of it are read without being copied.
PAGES = 10_000
MAPPED = 1 << 30
IN_MEMORY = ":memory:"
TABLES = (
    "entry", "head", "contact", "person", "mark", "wording", "taken", "setting", "recent_head", "recent_contact", "recent_person",
)  # fmt: skip
# What an error of SQLite's is, without what is said about it more closely.
PRIMARY = 0xFF
# The name under which the form of the tables is noted.
FORM = "form"
FIRST = (
    # What has to be there is known by its hash: nothing here is looked at twice.
    (
        "create table entry (seq integer primary key, contact integer, person integer, before_contact integer,"
        " before_person integer, at integer, known integer, act text, channel text, purpose text, topic text, said blob,"
        " hash blob, commitment blob)"
    ),
    "create table head (number integer primary key, last integer not null)",
    "create table contact (number integer primary key, address text not null unique)",
    "create table person (number integer primary key, id text not null unique)",
    "create table mark (mark blob primary key, seq integer not null) without rowid",
    "create table wording (hash text primary key, words text not null) without rowid",
    "create table taken (event blob primary key) without rowid",
    "create table setting (name text primary key, value blob not null) without rowid",
)


def opened(path: str) -> sqlite3.Connection:
    """Return a connection to the ledger at ``path``, made or brought up to date where need be."""
    found = sqlite3.connect(path, isolation_level=None)
    try:
        if path != IN_MEMORY:
            found.execute("pragma journal_mode = wal")
            found.execute(f"pragma wal_autocheckpoint = {PAGES}")
            found.execute(f"pragma mmap_size = {MAPPED}")
        prepare(found)
    except BaseException:
        found.close()
        raise
    return found


def prepare(connection: sqlite3.Connection) -> None:
    """Set how the ledger is written, and make its tables where there are none; ValueError where another Verbline wrote them."""
    # What is deleted is overwritten, and a withdrawal that was taken survives a power cut.
    connection.execute("pragma secure_delete = on")
    connection.execute("pragma synchronous = full")
    connection.execute(f"pragma cache_size = -{CACHE_KB}")
    version = version_of(connection)
    if version > VERSION:
        raise ValueError("the ledger was written by a newer Verbline")
    if 0 < version < VERSION_MIN:
        raise ValueError(
            "the ledger was written by an older Verbline: it is made again from the log"
        )
    if version == VERSION:
        return
    try:
        make_tables(connection)
    except sqlite3.OperationalError as error:
        # Of a file that somebody else writes at this moment nothing may be taken for granted.
        if not version or error.sqlite_errorcode & PRIMARY != sqlite3.SQLITE_READONLY:
            raise
        for statement in RECENT:  # nothing can become recent there
            connection.execute(statement.replace("create table", "create temp table if not exists"))


def version_of(connection: sqlite3.Connection) -> int:
    """Return the form of the tables that are there, 0 for none."""
    there = "select 1 from sqlite_master where type = 'table' and name = 'setting'"
    if not connection.execute(there).fetchone():
        return 0
    row = connection.execute("select value from setting where name = ?", (FORM,)).fetchone()
    return int(row[0]) if row else 0


def make_tables(connection: sqlite3.Connection) -> None:
    """Make the tables."""
    # Takes a tenth of a second, and only a new file needs it.
    from sqlite_utils import Database, Migrations  # noqa: PLC0415

    steps = Migrations("consent")

    @steps(name="1")
    def first(database: Database) -> None:
        for statement in FIRST:
            database.execute(statement)

    @steps(name="2")
    def second(database: Database) -> None:
        for statement in RECENT:
            database.execute(statement)

    steps.apply(Database(connection))
    connection.execute("insert or replace into setting values (?, ?)", (FORM, VERSION))
