"""What a running project's store knows of people. Rule: it is only read, all of it in one state, while a runtime may go on writing."""

from __future__ import annotations

import sqlite3
from contextlib import contextmanager

import msgspec

from verbline.interpreter.person.encode import UnknownStepError
from verbline.interpreter.program.versions import Kept as Words
from verbline.interpreter.step.records import instant_text
from verbline.runtime.channels.intent import Intent
from verbline.runtime.consent.ledger import Ledger
from verbline.runtime.engine.pending import looked_into
from verbline.runtime.explain.case import Left
from verbline.runtime.explain.rows import Row
from verbline.runtime.identity.graph import Identity
from verbline.runtime.identity.rules import print_of, rules_of
from verbline.runtime.moulds import moulds_in, person_in
from verbline.runtime.standing import (
    OTHER_RULES,
    Standing,
    StoreError,
    read_only,
)
from verbline.runtime.store.form import refuse_another
from verbline.runtime.store.journal import batches_in, record_in
from verbline.runtime.store.keys import LOOKED_UP
from verbline.runtime.traces.told import Told
from verbline.runtime.uptake.stored import words_in

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path
    from typing import Any

    from verbline.interpreter.person.record import Person
    from verbline.interpreter.program.program import Program
    from verbline.interpreter.project import Project

NO_STORE = '"{path}" is no store of a runtime: `verbline run` makes one.'
OTHER_PROJECT = '"{path}" belongs to the project "{there}", not to "{here}".'
_intent = msgspec.msgpack.Decoder(Intent).decode


class Stored:
    """A store as far as explaining reads it. ``kind`` is ``live`` or ``rehearsal``, ``last`` when its last event was known."""

    def __init__(self, connection: sqlite3.Connection, project: Project, key: bytes | None) -> None:
        self.connection = connection
        self.standing = Standing(connection)
        # It drops what was made there for a while, so it comes first.
        connection.execute("pragma temp_store = memory")
        self.ledger = Ledger(connection, key=key)
        # All of it is one state, though a runtime may go on writing.
        connection.execute("begin")
        self.identity = Identity(rules_of(project), looked_into(connection))
        self.kind = self.standing.value("kind")
        self._told = Told(connection)
        self._words: dict[tuple[str, str], bytes] | None = None

    @property
    def erased(self) -> set[int]:
        """Who was erased, by the number they bore then."""
        return {one.a for one in self.identity.store.notes("forget")}

    def names(self, number: int) -> list[str]:
        """Return every id that a person has had, the one they bear now first."""
        leaves = self.identity.links.leaves(number) - {number}
        return [f"P{one}" for one in (number, *sorted(leaves))]

    def contacts(self, number: int) -> list[tuple[str, str]]:
        """Return the addresses that a person holds, each once, as (kind, value)."""
        store = self.identity.store
        return [store.ident(ident) for _kind, ident in dict.fromkeys(store.held(number))]

    def rows(self, people: list[str]) -> list[Row]:
        """Return what was told of a person, by all ids."""
        return [Row(one) for one in self._told.of(people)]

    def kept(self) -> Iterator[tuple[str, bytes]]:
        """Yield what is kept by name, the newest last."""
        yield from self.connection.execute("select name, body from kept")
        for _records, kept in batches_in(self.connection):
            yield from kept.items()

    def words(self, journey: str, version: str) -> Words | None:
        """Return the own words of a version of a journey; None where they were not kept."""
        if self._words is None:
            self._words = words_in(dict(self.kept()))
        content = self._words.get((journey, version))
        return None if content is None else Words.from_bytes(content)

    def left(self, keys: Iterable[str]) -> dict[str, Left]:
        """Return what became of messages and tasks, by their keys."""
        read = f"select state, attempts, changed from outbox where {LOOKED_UP}"  # noqa: S608 - a condition of ours
        found = {key: self.connection.execute(read, (key,)).fetchone() for key in keys}
        return {key: Left(*row) for key, row in found.items() if row is not None}

    def sent(self, people: Iterable[str]) -> list[dict[str, Any]]:
        """Return the messages to a person that are in the outbox, with their words and what became of them."""
        read = "select body, state, attempts, changed from outbox where person = ? order by seq"
        return [
            sent_of(_intent(body), state, attempts, changed)
            for person in people
            for body, state, attempts, changed in self.connection.execute(read, (person,))
        ]

    def person(self, number: int, program: Program) -> Person | None:
        """Return the record of a person; None where there is none, or one that this text of the project cannot read."""
        content = record_in(self.connection, number)
        if content is None:
            return None
        try:
            return person_in(content, number, moulds_in(self.kept()), program)
        except UnknownStepError:
            return None


def sent_of(intent: Intent, state: str, attempts: int, changed: int) -> dict[str, Any]:
    """Return a message as it was rendered; the words of one that bears a secret link are not told."""
    words = {} if intent.is_secret else {"subject": intent.words.subject, "text": intent.words.text}
    return {
        "key": intent.key,
        "kind": intent.kind,
        "channel": intent.channel,
        "address": intent.address,
        "message": intent.message,
        "purpose": intent.purpose,
        "decided": instant_text(intent.at),
        "state": state,
        "attempts": attempts,
        "changed": instant_text(changed),
        **words,
    }


@contextmanager
def stored(path: Path, project: Project, name: str, key: bytes | None) -> Iterator[Stored]:
    """Read the store at ``path``; `StoreError` where it is none, or that of another project, or cannot be read."""
    with read_only(path) as connection:
        refuse_if_other(connection, path, project, name)
        yield Stored(connection, project, key)


def refuse_if_other(
    connection: sqlite3.Connection, path: Path, project: Project, name: str
) -> None:
    """Raise `StoreError` where a file is no store of this project."""
    tables = {row[0] for row in connection.execute("select name from sqlite_master")}
    if not tables >= {"known", "trace_batch", "entry", "member"}:
        raise StoreError(NO_STORE.format(path=path))
    standing = Standing(connection)
    there = standing.value("project")
    if there != name:
        raise StoreError(OTHER_PROJECT.format(path=path, there=there, here=name))
    refuse_another(path, standing.value("form"))
    if standing.value("rules") != print_of(project):
        raise StoreError(OTHER_RULES.format(path=path))


def facts_of(person: Person | None, fields: tuple[str, ...]) -> Mapping[str, Any]:
    """Return what a record says in some fields."""
    return {} if person is None else {name: person.values[name] for name in fields if name in person.values}  # fmt: skip
