"""What would leave, as lines of a file beside the store. Rule: what is committed stands there once, and nothing behind it.

How long the file is, is written in the transaction that decides what stands in it, after the lines are on the disk. What a
crash leaves behind that place is cut off when it goes on. Everything counts as handed over at the instant of its decision.
"""

from __future__ import annotations

import os
from typing import Any

import msgspec

from verbline.runtime.channels.intent import Intent
from verbline.runtime.channels.lines import line_of
from verbline.runtime.standing import StoreError
from verbline.runtime.tables import make

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from verbline.runtime.channels.answers import Refused
    from verbline.runtime.store.writer import Writer

FIRST = (
    "create table rehearsed (one integer primary key check (one = 1), length integer not null)",
    # What desks were asked, to be told apart once it is taken back.
    "create table rehearsed_task (key text primary key, body blob not null) without rowid",
    "insert into rehearsed values (1, 0)",
)
SHORTER = (
    '"{path}" is shorter than what was written there: it was changed. Put it back, or begin the rehearsal anew in another'
    " store."
)
_encode = msgspec.json.Encoder().encode
_pack = msgspec.msgpack.Encoder().encode
_unpack = msgspec.msgpack.Decoder(Intent).decode


class Rehearsal:
    """The file at ``path``, instead of channels; see `leaving.Out`. `StoreError` where it was changed meanwhile."""

    def __init__(self, writer: Writer, path: Path) -> None:
        self.path = path
        self._writer = writer
        self._lines: list[bytes] = []
        with writer.writing() as connection:
            make(connection, "rehearsal", "rehearsed", FIRST)
        self._cut()

    def _length(self) -> int:
        """Return how long the file was when something was committed last."""
        with self._writer.reading() as connection:
            (length,) = connection.execute("select length from rehearsed").fetchone()
        return int(length)

    def _cut(self) -> None:
        """Cut off what was never committed."""
        length = self._length()
        try:
            descriptor = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o640)
        except OSError as error:
            raise StoreError(f'"{self.path}" cannot be written: {error.strerror}.') from error
        try:
            if os.fstat(descriptor).st_size < length:
                raise StoreError(SHORTER.format(path=self.path))
            os.ftruncate(descriptor, length)
        finally:
            os.close(descriptor)

    # For what a batch decides: see `leaving.Out`

    def put(self, intents: Iterable[Intent]) -> int:
        """Add what would leave now."""
        before = len(self._lines)
        for intent in intents:
            self._lines.append(
                _encode({"type": f"verbline.{intent.kind}", **line_of(intent)}) + b"\n"
            )
            if intent.task is not None and not intent.task.is_withdrawn:
                row = intent.task.key or intent.key, _pack(intent)
                with self._writer.writing() as connection:
                    connection.execute("insert or replace into rehearsed_task values (?, ?)", row)
        return len(self._lines) - before

    def put_failed(self, intent: Intent, fault: Refused, now: int) -> None:
        """Add what would not leave, with the reason."""
        told = {"failed": fault.reason, **({"told": fault.told} if fault.told else {})}
        line = {"type": f"verbline.{intent.kind}", **line_of(intent), **told}
        self._lines.append(_encode(line) + b"\n")

    def again(self, intent: Intent, now: int) -> bool:
        """Return that nothing was taken back before it left: all of it left at once."""
        return False

    def withdraw(self, keys: Iterable[str], now: int) -> list[str]:
        """Take nothing back: all of it left at once."""
        return []

    def handed(self, key: str) -> Intent | None:
        """Return a task that was handed over."""
        query = "select body from rehearsed_task where key = ?"
        with self._writer.reading() as connection:
            row = connection.execute(query, (key,)).fetchone()
        return None if row is None else _unpack(row[0])

    def forget(self, people: Iterable[str]) -> None:
        """Forget what desks were shown of people who were erased."""
        gone = set(people)
        with self._writer.writing() as connection:
            rows = connection.execute("select key, body from rehearsed_task").fetchall()
            keys = [(key,) for key, body in rows if _unpack(body).person in gone]
            connection.executemany("delete from rehearsed_task where key = ?", keys)

    def tell(self, events: Iterable[Mapping[str, Any]]) -> None:
        """Tell the log nothing: a rehearsal changes nothing outside."""

    def flush(self, intents: Sequence[Intent] = (), *, is_one: bool = False) -> None:
        """Write what was added to the file, the last intents too, and how long that is then into the store, whose transaction decides."""
        self.put(intents)
        text = b"".join(self._lines)
        self._lines.clear()
        if not text:
            return
        length = self._length()
        try:
            self._append(text, length)
        except OSError as error:
            raise StoreError(f'"{self.path}" cannot be written: {error.strerror}.') from error
        with self._writer.writing() as connection:
            connection.execute("update rehearsed set length = ?", (length + len(text),))

    def done(self) -> None:
        """Do nothing more: nothing leaves."""

    def _append(self, text: bytes, length: int) -> None:
        """Write ``text`` behind so many bytes, and wait for the disk."""
        descriptor = os.open(self.path, os.O_WRONLY | os.O_CLOEXEC)
        try:
            os.ftruncate(descriptor, length)
            os.lseek(descriptor, length, os.SEEK_SET)
            rest = memoryview(text)
            while rest:
                rest = rest[os.write(descriptor, rest) :]
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
