"""How far a file of what is known has got. Rule: what was learned, and up to which line, is on disk together or not at all.

The tables stand beside those of the identity graph and of the ledger in one file. `log_place` says how far each file of the
log was read, `event_id` which events were there, `log_parked` which lines are none, `known` what was counted, and by which rules.
"""

from __future__ import annotations

import sqlite3
import zlib
from collections import Counter
from contextlib import closing, contextmanager
from urllib.parse import quote

import msgspec

from verbline.runtime.consent.erasure import rewrite
from verbline.runtime.consent.ledger import Ledger
from verbline.runtime.event_ids import mark_of
from verbline.runtime.events import Fault, Parked
from verbline.runtime.follow.place import Place
from verbline.runtime.identity.kept import Kept
from verbline.runtime.identity.rules import print_of
from verbline.runtime.identity.signs import Refusal
from verbline.runtime.rest import Rest
from verbline.runtime.seen import is_again, sifted
from verbline.runtime.store.names import other_name
from verbline.runtime.tables import make

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from pathlib import Path
    from typing import Any

    from verbline.interpreter.project import Project
    from verbline.runtime.events import Event, Item
    from verbline.runtime.known import Known
    from verbline.runtime.log import Log

SET = "known"
FIRST = (
    (
        "create table log_place (number integer primary key, name text not null unique, device integer not null,"
        " inode integer not null, place integer not null, known integer not null, head text not null, tail text not null,"
        " done integer not null)"
    ),
    # A hash of the id, and the line's place: the number of its file, and its offset.
    "create table event_id (mark integer primary key, place integer not null)",
    (
        "create table log_parked (number integer primary key, file text not null, place integer not null,"
        " length integer not null, known integer not null, reason text not null, origin integer not null default 0)"
    ),
    "create table known (name text primary key, value) without rowid",
)
OFFSET_BITS = 44
OFFSET = (1 << OFFSET_BITS) - 1
TOGETHER = 50_000  # events are written at once: each transaction waits for the disk
# The form of all tables in a file that the command `consent` and its like keep; the one before becomes this one.
FORM, FORM_MIN = 4, 3
OLDER = '"{path}" was made by an older Verbline. Take it away, or name another file: it is made again from the log.'
NEWER = '"{path}" was made by a newer Verbline. Use that one, or name another file: it is made again from the log.'
OTHER_RULES = (
    '"{path}" was made when other rules said who is who. Make it anew, under another name or after taking it away;'
    " `verbline identity plan` shows what the change does."
)
OF_RUNTIME = '"{path}" is the store of `verbline run`, which alone reads the log into it. Leave out --store, or name another file.'
# How it is met that what stands in a file is not what was written there; what is read of a log tells that by itself.
UNREADABLE = (sqlite3.Error, msgspec.MsgspecError, zlib.error, UnicodeDecodeError)
FIND = "select place from event_id where mark = ?"


class StoreError(Exception):
    """A file that cannot be used: its text is a sentence for people."""


def connected(path: Path) -> sqlite3.Connection:
    """Return a connection to the file at ``path``, made where there is none, with all tables of this module."""
    try:
        connection = sqlite3.connect(path, isolation_level=None)
        try:
            connection.execute("pragma journal_mode = wal")
            make(connection, SET, "known", FIRST)
        except BaseException:
            connection.close()
            raise
    except sqlite3.Error as error:
        raise StoreError(f'"{path}" cannot be used as a store: {error}.') from error
    return connection


def address_of(path: Path, mode: str = "ro") -> str:
    """Return the address under which SQLite opens the file at ``path``, to read it unless ``mode`` says otherwise."""
    return f"file:{quote(str(path.absolute()))}?mode={mode}"


@contextmanager
def read_only(path: Path) -> Iterator[sqlite3.Connection]:
    """Open the file at ``path`` to read it; `StoreError` where that cannot be done, or fails meanwhile."""
    hindrance = other_name(path)
    if hindrance:
        raise StoreError(hindrance)
    try:
        with closing(sqlite3.connect(address_of(path), uri=True, isolation_level=None)) as found:
            yield found
    except UNREADABLE as error:
        raise StoreError(f'"{path}" cannot be read: {error}.') from error


class Standing:
    """See the module. ``again`` returns the event at an offset of a file, given by its name; to be set before `new`."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self.connection = connection
        self.again: Callable[[str, int], Event | None] = lambda _name, _offset: None
        self.duplicates = 0
        self._numbers: dict[str, int] = {}
        self._fresh: dict[int, int] = {}
        self._parked: list[Parked] = []

    def places(self) -> dict[str, Place]:
        """Return how far each file was read."""
        found = {}
        for row in self.connection.execute("select * from log_place"):
            number, place = row[0], Place._make((*row[1:-1], bool(row[-1])))
            self._numbers[place.name] = number
            found[place.name] = place
        return found

    def value(self, name: str) -> Any:
        """Return what is kept under a name, or None."""
        row = self.connection.execute("select value from known where name = ?", (name,)).fetchone()
        return row[0] if row else None

    def counts(self) -> dict[str, int]:
        """Return what was counted, by name."""
        rows = self.connection.execute("select name, value from known where name like 'count:%'")
        return {name.removeprefix("count:"): value for name, value in rows}

    def keep(self, values: Mapping[str, object]) -> None:
        """Keep values under their names."""
        self.connection.executemany("insert or replace into known values (?, ?)", values.items())

    def parked(self) -> Iterator[Parked]:
        """Yield each line that is no event; the sentence that says why is not kept."""
        rows = "select reason, file, place, length, known from log_parked order by number"
        for reason, *place in self.connection.execute(rows):
            yield Parked(Fault(reason, ""), *place)

    def park(self, parked: Parked) -> None:
        """Keep a line that is no event."""
        self._parked.append(parked)

    def new(self, items: list[Item], name: str) -> Iterator[list[Event] | Parked]:
        """Yield the events of ``items`` that were not there before, and apart from them, each at its place, what is parked."""
        number = self._numbers.setdefault(name, len(self._numbers) + 1)
        yield from sifted(items, lambda event: self._was_there(event, number), self)

    def _was_there(self, event: Event, number: int) -> bool | None:
        """Return whether an event was there before, saying the same; None for one that is new, which is then noted."""
        mark = mark_of(event)
        place = self._fresh.get(mark)
        if place is None:
            row = self.connection.execute(FIND, (mark,)).fetchone()
            place = row[0] if row else 0
        if not place:
            self._fresh[mark] = number << OFFSET_BITS | event.offset
            return None
        names = {number: name for name, number in self._numbers.items()}
        return is_again(event, self.again(names[place >> OFFSET_BITS], place & OFFSET))

    def write(self, places: Iterable[Place]) -> None:
        """Write what is new; ``places`` are those of the files that were read on."""
        many = self.connection.executemany
        # In their order, so that neighbours in the table are written together.
        many("insert or ignore into event_id values (?, ?)", sorted(self._fresh.items()))
        self._fresh.clear()
        rows = [(one.file, one.offset, one.length, one.known, one.fault.reason) for one in self._parked]  # fmt: skip
        many("insert into log_parked (file, place, length, known, reason) values (?, ?, ?, ?, ?)", rows)  # fmt: skip
        self._parked.clear()
        many(
            "insert or replace into log_place values (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [(self._numbers[one.name], *one) for one in places],
        )


class File:
    """One file with all that is known: ``tables`` of the identity graph, the ``ledger``, and how far the log was read.

    `StoreError` where it was made by other rules of who is who.
    """

    def __init__(self, path: Path, project: Project, key: bytes | None = None) -> None:
        connection = connected(path)
        try:
            self.standing = Standing(connection)
            self._rules = print_of(project)
            self._compare(path)
            self.ledger = Ledger(connection, key=key)
            self.tables = Kept(connection)
        except BaseException:
            connection.close()
            raise

    def _compare(self, path: Path) -> None:
        """Refuse a file of another form or by other rules, or that a runtime keeps: it alone reads the log into it."""
        if self.standing.value("kind") is not None:
            raise StoreError(OF_RUNTIME.format(path=path))
        form = self.standing.value("form") or 1
        if self.standing.value("rules") is not None and not FORM_MIN <= form <= FORM:
            raise StoreError((OLDER if form < FORM else NEWER).format(path=path))
        if self.standing.value("rules") not in (None, self._rules):
            raise StoreError(OTHER_RULES.format(path=path))

    def close(self) -> None:
        """Close the file."""
        self.ledger.close()

    def catch_up(
        self, found: Known, log: Path, now: int | None, progress: Callable[[Log], object]
    ) -> None:
        """Let ``found`` learn what is new in the log; each transaction writes what some events said."""
        standing = self.standing
        rest = Rest(log, standing.places(), now=now, park=standing.park)
        standing.again = rest.again
        found.counts = rest.counts
        before, counted = Counter(standing.counts()), Counter[str]()
        found.last = standing.value("last")
        batches = rest.new(standing.new)
        is_over = False
        while not is_over:
            with self.ledger.writing():
                is_over = not self._take(found, batches)
                progress(rest)
                self.tables.flush()
                standing.write(rest.places())
                rest.counts.duplicates = standing.duplicates
                counted = before + counted_in(found)
                standing.keep({f"count:{name}": value for name, value in counted.items()})
                standing.keep({"rules": self._rules, "form": FORM, "last": found.last})
        if found.erased:
            rewrite(self.ledger)
        restore(found, counted)
        found.parked += standing.parked()

    def _take(self, found: Known, batches: Iterator[list[Event]]) -> bool:
        """Let ``found`` learn so many events as are written together; return whether there may be more."""
        left = TOGETHER
        for events in batches:
            if events:
                found.take(events)
            left -= len(events)
            if left <= 0:
                return True
        return False


def counted_in(found: Known) -> Counter[str]:
    """Return what was counted while something was learned, by names that `restore` reads."""
    assert found.counts is not None, "a log was read"
    counts = found.counts
    return Counter({
        "events": counts.events,
        "duplicates": counts.duplicates,
        "ahead": counts.ahead,
        "late": counts.late,
        "nobody": found.nobody,
        "vain": found.refused,
        "ambiguous": found.identity.ambiguous,
        **{f"parked {reason}": number for reason, number in counts.parked.items()},
        **{f"asked {desk}": number for desk, number in found.asked.items()},
        **{f"refused {one.reason} {one.field}": number for one, number in found.identity.refused.items()},
    })  # fmt: skip


def restore(found: Known, counted: Counter[str]) -> None:
    """Let ``found`` have counted what was counted in all."""
    assert found.counts is not None, "a log was read"
    counts = found.counts
    counts.events, counts.duplicates = counted["events"], counted["duplicates"]
    counts.ahead, counts.late = counted["ahead"], counted["late"]
    found.nobody, found.refused = counted["nobody"], counted["vain"]
    found.identity.ambiguous = counted["ambiguous"]
    for name, number in counted.items():
        what, _, rest = name.partition(" ")
        if what == "parked":
            counts.parked[rest] = number
        elif what == "asked":
            found.asked[rest] = number
        elif what == "refused":
            reason, _, field = rest.partition(" ")
            found.identity.refused[Refusal(field, reason)] = number
