"""What a store has set aside, as whoever looks into it reads that. Rule: nothing here writes; who decides says so in the log."""

from __future__ import annotations

from typing import Any, NamedTuple

import msgspec

from verbline.runtime.engine.parking import DECIDED, DROP, LINE, RETRY, stands
from verbline.runtime.engine.reading import Files, places_of
from verbline.runtime.leaving.rows import DECIDED as WORD
from verbline.runtime.own import own_event
from verbline.runtime.seen import CONFLICT
from verbline.runtime.store.journal import named_in

TYPE_CHECKING = False
if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Mapping
    from pathlib import Path

__all__ = ["DROP", "RETRY", "Aside", "Line", "aside_in", "decided_event", "open_in"]
ALL = "select number, file, place, length, known, reason, origin from log_parked order by number"


class Line(NamedTuple):
    """A line that was set aside: where it stands, when it was known, and why. ``origin`` is the number of its file."""

    file: str
    offset: int
    length: int
    known: int
    reason: str
    origin: int


class Aside:
    """The ``open`` lines, and how many were ``decided``. ``files`` are those of the log, where one was named."""

    def __init__(self, lines: list[Line], decided: int, files: Files | None) -> None:
        self.open = lines
        self.decided = decided
        self._files = files
        # Of two at one place, in files that bore one name, the first is decided about first.
        self._found = {(one.file, one.offset): one for one in reversed(lines)}

    def find(self, file: str, offset: int) -> Line | None:
        """Return the open line at a place, None where there is none."""
        return self._found.get((file, offset))

    def text(self, line: Line) -> bytes | None:
        """Return what stands in a line; None where its file is gone."""
        place = self._place(line)
        if place is None:
            return None
        files, number = place
        return files.text(number, line.offset)

    def hindrance(self, line: Line) -> str:
        """Return why a line cannot be taken again, nothing where it can."""
        if line.reason == CONFLICT.reason:
            return "another event bears its id; only --drop is left, or a new line with an id of its own"
        place = self._place(line)
        if place is None:
            return "its file is gone from the log"
        files, number = place
        if files.again(number, line.offset) is None:
            return f"it is still no event ({line.reason})"
        return ""

    def _place(self, line: Line) -> tuple[Files, int] | None:
        """Return the files, and the number of the one in which a line stands."""
        if self._files is None:
            return None
        if not stands(self._files, line.origin, line.offset, line.length):
            return None
        return self._files, line.origin


def open_in(connection: sqlite3.Connection) -> tuple[list[Line], int]:
    """Return the lines that were set aside and about which nothing is decided, and how many there are of the others."""
    tables = {row[0] for row in connection.execute("select name from sqlite_master")}
    rows = connection.execute(ALL).fetchall() if "log_parked" in tables else []
    query = "select number from log_decided"
    decided = {row[0] for row in connection.execute(query)} if DECIDED in tables else set()
    return [Line(*row[1:]) for row in rows if row[0] not in decided], len(decided)


def aside_in(connection: sqlite3.Connection, log: Path | None) -> Aside:
    """Return what is set aside in the store behind ``connection``; its lines stand in ``log``."""
    files = None
    if log is not None:
        files = Files(log)
        files.restore(places_of(named_in(connection), msgspec.msgpack.decode))
    return Aside(*open_in(connection), files)


def decided_event(line: Line, what: str, at: int, more: Mapping[str, Any]) -> dict[str, Any]:
    """Return the event that says what is decided about a line."""
    content = {"about": LINE, "what": what, "file": line.file, "offset": line.offset}
    return own_event(WORD, at, {**content, "reason": line.reason, **more})
