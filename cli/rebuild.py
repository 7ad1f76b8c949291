"""`verbline rebuild`. Rule: the store that is there is replaced when the new one is whole, and not before."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from functools import partial
from pathlib import Path

import click

from verbline.cli import options
from verbline.cli.output import complain, write_document

TYPE_CHECKING = False
if TYPE_CHECKING:
    from verbline.cli.running import Asked
    from verbline.runtime.engine.given import Given


@click.command(short_help="Make the store again from the log.")
@options.PROJECT
@options.LOG
@click.option("--store", metavar="FILE", required=True, help="The store that is lost, or damaged.")
@click.option("--environment", metavar="NAME", default="", help="With the settings of this environment.")  # fmt: skip
def rebuild(project: str | None, log: str, store: str, environment: str) -> int:
    """Make the store again from the log.

    PROJECT is a folder with a verbline.toml; by default the project around the working folder. The
    receipts that `verbline run` leaves beside the log say which lines were handled when, so everything is
    decided again as it was, and ends in the same state. Nothing is sent: what was to leave and of which the
    log does not say what became of it is unknown, and waits for your word. A store that is there is
    replaced at the end. Ends in 1 when the store is in use, or when the log is not whole.
    """
    from verbline.cli.running import Asked, given_of, refusing

    asked = Asked(project, log, store, environment=environment, form="pretty")
    given = given_of(asked)
    if given is None:
        return 1
    with refusing() as answer:
        made_again(asked, given)
        answer.code = 0
    return answer.code


def made_again(asked: Asked, given: Given) -> None:
    """Make the store again, and let it take the place of the one that is there."""
    from verbline.runtime.store.writer import locked

    path = asked.store
    held = locked(path, create=False) if path.exists() and path.stat().st_size else -1
    try:
        new = path.with_name(path.name + ".new")
        clear(new)
        told = made(given, new, path)
        with closing(sqlite3.connect(new)) as connection:
            connection.execute("pragma wal_checkpoint(truncate)")
        clear(path, all_of_it=False)
        os.replace(new, path)
        clear(new)
    finally:
        if held >= 0:
            os.close(held)
    write_document(told)


def clear(path: Path, *, all_of_it: bool = True) -> None:
    """Take away what stands beside a store, and the store with it."""
    for name in (path.name, path.name + "-wal", path.name + "-shm"):
        if all_of_it or name != path.name:
            path.with_name(name).unlink(missing_ok=True)


def made(given: Given, new: Path, path: Path) -> str:
    """Make a store in the file ``new`` that belongs to ``path``, and return what is told of it."""
    from verbline.cli.progress import Progress
    from verbline.runtime.clock import now
    from verbline.runtime.engine.again import made_store

    progress = Progress()

    def show(done: int, of: int) -> str:
        return f"{done:,} of {of:,} batches"

    try:
        found = made_store(given, new, path, now, lambda done, of: progress.show(partial(show, done, of)))  # fmt: skip
    finally:
        progress.clear()
    for one in sorted(found.others):
        complain(f"Another version ran then, and what was decided may differ: {one}.")
    return (
        f"{found.batches:,} batches, {found.people:,} people, {found.visits:,} visits running.\n"
        f"Of {found.unknown:,} that were to leave it is not known what became: `verbline outbox` shows them.\n"
    )
