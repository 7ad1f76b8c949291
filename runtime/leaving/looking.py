"""A store that somebody looks into while it is at work. Rule: it is only read; who changes something says so in the log."""

from __future__ import annotations

import sqlite3
from contextlib import contextmanager
from typing import Any, NamedTuple

from verbline.runtime.standing import StoreError, read_only
from verbline.runtime.store.form import refuse_another

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

NO_STORE = '"{path}" is no store of a runtime: it has no outbox. Name the file that `verbline run --store` names.'
REHEARSED = (
    '"{path}" is the store of a rehearsal, which sends nothing. What would have been sent stands in the file of intents'
    " beside it."
)
REHEARSAL = "rehearsal"


class Looked(NamedTuple):
    """A ``connection`` to a store that only reads; ``project`` is the name of the project it belongs to."""

    connection: sqlite3.Connection
    project: str


@contextmanager
def looking(path: Path) -> Iterator[Looked]:
    """Open the store at ``path`` to read it; `StoreError` where it is none, that of a rehearsal, or cannot be read."""
    if not path.is_file():
        raise StoreError(f'"{path}" cannot be read: there is no such file.')
    with read_only(path) as connection:
        tables = {row[0] for row in connection.execute("select name from sqlite_master")}
        if "outbox" not in tables:
            raise StoreError(NO_STORE.format(path=path))
        notes = noted(connection) if "known" in tables else {}
        if notes.get("kind") == REHEARSAL:
            raise StoreError(REHEARSED.format(path=path))
        refuse_another(path, notes.get("form"))
        connection.execute("begin")
        yield Looked(connection, notes.get("project", ""))


def noted(connection: sqlite3.Connection) -> dict[str, Any]:
    """Return what the store notes about itself."""
    query = "select name, value from known where name in ('kind', 'project', 'form')"
    return dict(connection.execute(query))
