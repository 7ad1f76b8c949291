"""What is set aside, and what an operator decides about it. Rule: a line is taken once, however often somebody says so.

A line that is no event, or that made the engine fail, leaves a record with its place. It is open until somebody says that it is
to be taken again, which then happens as if it came now, or that it is dropped.
"""

from __future__ import annotations

from verbline.interpreter.step.records import Record
from verbline.runtime.events import Fault, Parked
from verbline.runtime.lines import LINE_MAX, LogError
from verbline.runtime.seen import CONFLICT
from verbline.runtime.standing import OFFSET
from verbline.runtime.tables import make

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import TypeGuard

    from verbline.runtime.engine.engine import Engine
    from verbline.runtime.engine.reading import Files
    from verbline.runtime.events import Event

FAILED = Fault("engine_failed", "made the engine fail")
# So much of a line is read at the most.
MOST = LINE_MAX + 1
# What a decision is about, and what it says.
LINE = "line"
RETRY, DROP = "retry", "drop"
DECIDED = "log_decided"
FIRST = (
    "create table log_decided (number integer primary key, what text not null, at integer not null)",
)
# A line is that at an offset of the file with a number: another one may bear the name of the file by now.
THERE = "select 1 from log_parked where origin = ? and place = ?"
PARK = (
    "insert into log_parked (file, place, length, known, reason, origin) values (?, ?, ?, ?, ?, ?)"
)
OPEN = (
    "select number, length, reason, origin from log_parked where file = ? and place = ?"
    " and number not in (select number from log_decided) order by number limit 1"
)


def record_of(parked: Parked, now: int) -> Record:
    """Return the record that a line was parked; ``now`` is the time that the world has reached."""
    record = Record.__new__(Record)
    record.at = now
    record.person = record.journey = record.version = record.visit = record.step = record.line = ""
    record.kind, record.verdict, record.reason = "parked", "ignored", parked.fault.reason
    record.cause = ("", "")
    record.more = {"file": parked.file, "offset": parked.offset, "length": parked.length}
    return record


def record_of_drop(number: int, now: int) -> Record:
    """Return the record that a timer was dropped, of the person with this number, 0 for nobody."""
    record = record_of(Parked(FAILED, "", 0, 0), now)
    record.person = f"P{number}" if number else ""
    record.more = {}
    return record


class Words:
    """Follows what operators decide about lines that an ``engine`` has set aside."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._connection = engine.store.writer.connection
        with engine.store.writer.writing() as connection:
            make(connection, "decided", DECIDED, FIRST)

    def heed(self, event: Event) -> bool:
        """Do what is decided about a line; return no where something else is decided about."""
        data = event.data
        if data.get("about") != LINE:
            return False
        file, offset, what = (data.get(name) for name in ("file", "offset", "what"))
        if not (isinstance(file, str) and is_offset(offset) and self._decide(event, file, offset, what)):  # fmt: skip
            self._engine.counts["vain"] += 1
        return True

    def _decide(self, event: Event, file: str, offset: int, what: object) -> bool:
        """Drop a line or take it again; return no where it is not open, or cannot be taken.

        Of two at one place, in files that bore one name, it is the one that was set aside first.
        """
        row = self._connection.execute(OPEN, (file, offset)).fetchone()
        if row is None or what not in (RETRY, DROP):
            return False
        number, length, reason, origin = row
        again = self._event(event, (origin, offset, length), reason) if what == RETRY else []
        if again is None:
            return False
        # First of all, so that a word that sets itself going again ends here.
        row = number, what, event.known
        self._connection.execute("insert into log_decided values (?, ?, ?)", row)
        engine = self._engine
        engine.counts[f"set aside, then {what}"] += 1
        engine.counts["events"] += len(again)
        engine.room -= len(again)
        engine.feed.take(again)
        return True

    def _event(self, word: Event, place: tuple[int, int, int], reason: str) -> list[Event] | None:
        """Return what stands at a place, empty where that was there before; None where it cannot be taken."""
        files, number = self._engine.files, place[0]
        found = files.again(number, place[1]) if stands(files, *place) else None
        if found is None or reason == CONFLICT.reason:
            return None
        # The id of a line that made the engine fail is its own.
        was_there = None if reason == FAILED.reason else self._engine.ids.again(found, number)
        if was_there is None:
            found.known = word.known
            found.happened = min(found.happened, word.known)
            return [found]
        return [] if was_there else None


def is_offset(found: object) -> TypeGuard[int]:
    """Return whether something is an offset that a file can have."""
    return type(found) is int and 0 <= found <= OFFSET


def stands(files: Files, number: int, offset: int, length: int) -> bool:
    """Return whether a line that was set aside still stands in the file with this ``number``: not where that one is gone."""
    try:
        return files.is_there(number) and files.length(number, offset) == min(length, MOST)
    except LogError:
        return False
