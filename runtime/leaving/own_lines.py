"""What is still to be appended to the runtime's own log, in the store. Rule: no line is lost, and one that comes twice is the same.

Who learns something that belongs into the log writes it here, in the transaction in which it becomes true. `append` takes
it over to the log, waits for the disk, and forgets it here. Killed in between, it looks whether the line is there already.
"""

from __future__ import annotations

import json
from contextlib import suppress
from typing import Any

from verbline.runtime.lines import LogError, told
from verbline.runtime.own import append, mend
from verbline.runtime.tables import make

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from verbline.runtime.store.writer import Writer

FIRST = ("create table own_line (seq integer primary key, line text not null)",)
TOGETHER = 2_000
# How much of the end of the log is looked at for what a crash may have left there, in bytes.
TAIL = 16 << 20


class OwnLines:
    """The events of a store that are not in the log at ``path`` yet. ``is_some`` says that there may be any."""

    def __init__(self, writer: Writer, path: Path) -> None:
        self.path = path
        self._writer = writer
        self._left = self.is_some = True  # by somebody who was killed, perhaps
        with writer.writing() as connection:
            make(connection, "own lines", "own_line", FIRST)

    def put(self, events: Iterable[Mapping[str, Any]]) -> None:
        """Keep events until they are appended; they are there when the transaction is."""
        rows = [(json.dumps(one, ensure_ascii=True),) for one in events]
        if rows:
            self.is_some = True
            with self._writer.writing() as connection:
                connection.executemany("insert into own_line (line) values (?)", rows)

    def append(self) -> int:
        """Append what is there to the log, and return how many events that were. `LogError` where that is not possible.

        Not to be called inside of a transaction: what is not committed yet would be told.
        """
        if not self.is_some:
            return 0
        self.is_some = False  # what is put there from now on is met now, or the next time
        try:
            return self._append_all()
        except BaseException:
            self.is_some = True
            raise

    def _append_all(self) -> int:
        done = 0
        while rows := self._first():
            events = [json.loads(line) for _seq, line in rows]
            is_sure, self._left = not self._left, True
            if not is_sure:
                mend(self.path)
                there = ids_at_end(self.path)
                events = [one for one in events if one["id"] not in there]
            append(self.path, events)
            with self._writer.writing() as connection:
                connection.execute("delete from own_line where seq <= ?", (rows[-1][0],))
            self._left = False
            done += len(events)
        return done

    def _first(self) -> Sequence[tuple[int, str]]:
        with self._writer.reading() as connection:
            assert not connection.in_transaction, "what is told is true"
            query = "select seq, line from own_line order by seq limit ?"
            return connection.execute(query, (TOGETHER,)).fetchall()


def ids_at_end(path: Path) -> set[str]:
    """Return the ids of the events at the end of a log of the runtime's own."""
    try:
        with path.open("rb") as file:
            file.seek(max(0, file.seek(0, 2) - TAIL))
            lines = file.read().split(b"\n")[:-1]
    except FileNotFoundError:
        return set()
    except OSError as error:
        raise LogError(told(path, error)) from error
    found = set()
    for line in lines:
        with suppress(ValueError, KeyError, TypeError):
            found.add(str(json.loads(line)["id"]))
    return found
