"""The store of a running project. Rule: what does not fit is refused before anything is changed, with the way out.

One file, one connection: `known` says what the store is, beside it stand the tables of the identity graph, of the ledger, of
the records, of what is to leave, and of the trace.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing

from verbline.runtime.consent.erasure import rewrite
from verbline.runtime.consent.keys import NoKeyError
from verbline.runtime.consent.ledger import Ledger
from verbline.runtime.engine.receipts import has_receipts
from verbline.runtime.identity.rules import print_of
from verbline.runtime.identity.schema import is_marked, prepare
from verbline.runtime.own import own_log
from verbline.runtime.standing import FIRST, OTHER_RULES, SET, Standing, StoreError, address_of
from verbline.runtime.store.damage import UNMARKED, DamagedError, code_of, unusable
from verbline.runtime.store.form import FORM, refuse_another
from verbline.runtime.store.journal import Journal
from verbline.runtime.store.names import other_name
from verbline.runtime.store.outbox import Outbox
from verbline.runtime.store.writer import Writer
from verbline.runtime.tables import make

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pathlib import Path

    from verbline.interpreter.project import Project

LIVE, REHEARSAL = "live", "rehearsal"
READ_BEFORE = (
    'There is no store "{path}", but the log was read by a runtime before: whoever began anew would send everything again.'
    " Put a backup of the store back, or make it again from the log with `verbline rebuild`."
)
# How SQLite tells of a file that it cannot use; a name in it that is no text is told by Python.
DAMAGES = (sqlite3.DatabaseError, UnicodeDecodeError)
# A larger file is not looked through at each start, which would take seconds; `verbline doctor` does that. Up to the first
# size every row is looked up in its indexes too.
CLOSELY, LOOKED_THROUGH = 16 << 20, 64 << 20
OTHER_KIND = {
    LIVE: '"{path}" is the store of a rehearsal: nothing in it was sent. Give the runtime a store of its own.',
    REHEARSAL: '"{path}" is the store of a runtime: a rehearsal in it would change what is sent. Give the rehearsal a store of its own.',
}
OTHER_PROJECT = (
    '"{path}" belongs to the project "{there}", not to "{here}". Name the store of this one.'
)
NO_STORE = '"{path}" is no store of a runtime. Name another file; it is made where there is none.'


class Wanted:
    """What a store has to fit: its ``kind``, the ``project`` called ``name``, the ledger's ``key``, and what is noted with it.

    ``notes`` are versions that a later reader wants to know, by name.
    """

    __slots__ = ("key", "kind", "name", "notes", "project")

    def __init__(
        self, kind: str, name: str, project: Project, key: bytes | None, notes: dict[str, str]
    ) -> None:
        self.kind = kind
        self.name = name
        self.project = project
        self.key = key
        self.notes = notes


class Store:
    """An open store."""

    def __init__(self, path: Path, wanted: Wanted) -> None:
        self.path = path
        hindrance = other_name(path)
        if hindrance:
            raise StoreError(hindrance)
        is_new = not path.exists() or not path.stat().st_size
        try:
            if not is_new:
                look(path, wanted)
            self.writer = Writer(path, create=True)
        except DAMAGES as error:
            raise unusable(path, error) from error
        try:
            self._open(wanted, is_new=is_new)
        except DAMAGES as error:
            self.writer.close()
            raise unusable(path, error) from error
        except NoKeyError as error:
            self.writer.close()
            raise StoreError(f'"{path}": {error}.') from error
        except BaseException:
            self.writer.close()
            raise

    def close(self) -> None:
        """Let go of the store."""
        self.writer.close()

    def _open(self, wanted: Wanted, *, is_new: bool) -> None:
        connection = self.writer.connection
        size = self.path.stat().st_size
        if not is_new and size <= LOOKED_THROUGH:
            check = "integrity_check" if size <= CLOSELY else "quick_check"
            (found,) = connection.execute(f"pragma {check}(1)").fetchone()
            if found != "ok":
                raise DamagedError(self.path, found)
            if size <= CLOSELY and not is_marked(connection):
                raise DamagedError(self.path, UNMARKED)
        told = {
            "kind": wanted.kind, "project": wanted.name, "rules": print_of(wanted.project), "form": FORM, **wanted.notes,
        }  # fmt: skip
        with self.writer.writing():
            # First of all what the store is, so that one that was only half made is known again.
            make(connection, SET, "known", FIRST)
            self.standing = Standing(connection)
            self.standing.keep(told)
        # The ledger sets how the file is written, which no transaction allows.
        self.ledger = Ledger(connection, key=wanted.key)
        # What is deleted in batches goes when the file is written anew, as it is when somebody was erased.
        connection.execute("pragma secure_delete = fast")
        # Names that wait beside the tables of the ledger stand in the file already.
        connection.execute("pragma temp_store = memory")
        with self.writer.writing():
            prepare(connection)
            self.journal = Journal(self.writer)
            self.outbox = Outbox(self.writer)

    def rewrite(self) -> bool:
        """Write the file anew, so that nothing is left of what was deleted; return whether nobody hindered that."""
        with self.writer.reading():
            return rewrite(self.ledger)

    def refuse_unless(self, wanted: Wanted) -> None:
        """Refuse to go on with what does not fit this store. `StoreError`."""
        refuse(self.path, self.standing, wanted)


def look(path: Path, wanted: Wanted) -> None:
    """Refuse a file that is no store, or another one than is wanted, and leave it as it is.

    Where a crash has left something half written, that is taken back first, as whoever writes would do.
    """
    try:
        look_in(path, "ro", wanted)
    except sqlite3.OperationalError as error:
        if code_of(error) != sqlite3.SQLITE_READONLY:
            raise
        look_in(path, "rw", wanted)


def look_in(path: Path, mode: str, wanted: Wanted) -> None:
    """Refuse a file that is no store, or another one than is wanted; it is opened in ``mode``."""
    with closing(sqlite3.connect(address_of(path, mode), uri=True)) as connection:
        tables = {row[0] for row in connection.execute("select name from sqlite_master")}
        if "known" in tables:
            refuse(path, Standing(connection), wanted)
        elif tables - {"writer"}:
            raise StoreError(NO_STORE.format(path=path))


def refuse(path: Path, standing: Standing, wanted: Wanted) -> None:
    """Refuse what does not fit the store at ``path``."""
    kind, name, form = (standing.value(one) for one in ("kind", "project", "form"))
    if kind is None:
        raise StoreError(NO_STORE.format(path=path))
    refuse_another(path, form)
    if kind != wanted.kind:
        raise StoreError(OTHER_KIND[wanted.kind].format(path=path))
    if name != wanted.name:
        raise StoreError(OTHER_PROJECT.format(path=path, there=name, here=wanted.name))
    if standing.value("rules") != print_of(wanted.project):
        raise StoreError(OTHER_RULES.format(path=path))


def refuse_to_begin_anew(store: Path, log: Path) -> None:
    """Refuse to make a store beside a log that was read into one. `StoreError`."""
    if (not store.exists() or not store.stat().st_size) and has_receipts(own_log(log)):
        raise StoreError(READ_BEFORE.format(path=store))
