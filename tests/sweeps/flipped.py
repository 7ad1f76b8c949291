"""A store in which one byte is another. Rule: the run refuses it in a sentence, or goes on as if nothing had been; never silently otherwise.

SQLite keeps no sums of its pages, so a byte inside a value that is still one is met by nobody; those are printed.
"""

from __future__ import annotations

import sqlite3
import sys
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.rehearsed import dice_of
from tests.sweeps.club import BEGIN, DAYS, Place, Result
from tests.sweeps.killed import progress
from verbline.interpreter.zones import DAY, HOUR
from verbline.runtime.standing import StoreError

LAST = len(DAYS) - 1
# The first byte of a page of an index that has no pages below it.
LEAF = 0x0A
SAME, REFUSED, ENDED = "the same", "refused", "ended"


class Kept:
    """A club before its last day, brought back there as often as one likes."""

    def __init__(self, folder: Path) -> None:
        self.place = Place(folder)
        for day in range(LAST):
            assert self.place.happens(day)
            self.place.live(BEGIN + day * DAY + 10 * HOUR)
        assert self.place.happens(LAST)
        self._files = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
        self.store = self._files[self.place.store]
        self.clean = self._end()

    def _end(self) -> Result:
        self.place.live(BEGIN + LAST * DAY + 10 * HOUR)
        return self.place.result()

    def flipped(self, position: int) -> str:
        """Change the byte at a position of the store and live through the last day; return what came of it."""
        self._bring_back()
        changed = bytearray(self.store)
        changed[position] ^= 0xFF
        self.place.store.write_bytes(changed)
        return self._came_to()

    def in_index(self, name: str) -> list[int]:
        """Return where each entry begins of the index whose name begins so; it has one page, as the file format says it."""
        with closing(sqlite3.connect(":memory:")) as connection:
            # In memory no file has a log beside it.
            connection.deserialize(self.store[:18] + b"\1\1" + self.store[20:])
            query = "select rootpage from sqlite_master where type = 'index' and name glob ?"
            (page,) = connection.execute(query, (f"{name}*",)).fetchone()
            (size,) = connection.execute("pragma page_size").fetchone()
        start = (page - 1) * size
        assert self.store[start] == LEAF, "the index has one page"
        count = int.from_bytes(self.store[start + 3 : start + 5])
        cells = (start + 8 + 2 * one for one in range(count))
        begins = (start + int.from_bytes(self.store[one : one + 2]) for one in cells)
        # Behind one byte for the length of an entry, and its head, which says first how long it is.
        return [one + 1 + self.store[one + 1] for one in begins]

    def with_row(self, table: str, body: bytes, where: str = "true") -> str:
        """Let the rows of a table have another body, one more where there is none, and return what comes of that."""
        self._bring_back()
        with closing(sqlite3.connect(self.place.store)) as connection, connection:
            update = f"update {table} set body = ? where {where}"  # noqa: S608 - names of ours
            if not connection.execute(update, (body,)).rowcount:
                connection.execute(f"insert into {table} (body) values (?)", (body,))  # noqa: S608 - a name of ours
            connection.execute("update outbox set state = 'ready', due = 0")
        return self._came_to()

    def _bring_back(self) -> None:
        for path in self.place.folder.rglob("s.db-*"):
            path.unlink()
        for path, content in self._files.items():
            path.write_bytes(content)

    def _came_to(self) -> str:
        try:
            found = self._end()
        except StoreError:
            return REFUSED
        except Exception as error:  # noqa: BLE001 - it ended, though not with a sentence
            return f"{ENDED} with {type(error).__name__}"
        return found.differs(self.clean) or SAME


def positions(size: int, count: int, seed: int = 1) -> list[int]:
    """Return some positions of a file, of which the first bytes have their share."""
    dice = dice_of(seed)
    return sorted({*dice.sample(range(size), count), *range(0, 100, 7)})


def swept(folder: Path, where: Iterable[int]) -> dict[int, str]:
    """Return what came of each position."""
    kept = Kept(folder)
    found = {}
    for count, position in enumerate(where, 1):
        found[position] = kept.flipped(position)
        progress(count)
    return found


def main(count: int) -> int:
    """Sweep, print what came of it, and return the exit code."""
    with TemporaryDirectory() as folder:
        kept = Kept(Path(folder))
        found = {one: kept.flipped(one) for one in positions(len(kept.store), count)}
    wrong = {one: what for one, what in found.items() if what not in (SAME, REFUSED)}
    ends = list(found.values())
    ended = sum(what.startswith(ENDED) for what in wrong.values())
    sys.stdout.write(
        f"{len(found)} bytes changed: the same {ends.count(SAME)}, refused {ends.count(REFUSED)}, ended without a sentence {ended}, unnoticed {len(wrong) - ended}\n"
    )
    for position, what in wrong.items():
        sys.stdout.write(f"  at {position}: {what}\n")
    return 1 if wrong else 0
