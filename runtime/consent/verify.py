"""Whether a ledger is what was written. Rule: the first entry that is not is named; what is missing has to have been erased.

Looked at are every hash, every commitment whose content is there, the way to every entry from whom it is about, every erased
address, and at last the pages of the ledger's own tables with their indexes.
"""

from __future__ import annotations

import sqlite3
from array import array
from typing import NamedTuple

import msgspec

from verbline.runtime.consent.chain import ERASE, SALT, START, commitment, content_in, link
from verbline.runtime.consent.recent import NAMED
from verbline.runtime.consent.rows import marks, notice_of
from verbline.runtime.consent.schema import TABLES

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from verbline.runtime.consent.ledger import Ledger

ENTRIES = (
    "select seq, at, known, contact, person, act, channel, purpose, topic, hash, said, commitment, before_contact,"
    " before_person from entry order by seq"
)
# The last for a text where bytes were.
UNREADABLE = (sqlite3.DatabaseError, msgspec.DecodeError, TypeError)
TOGETHER = 200
CHANGED = "the entry was changed"
GONE = "what was said is missing, and nobody erased it"
MISSING, LOST = "the entry is missing", "the entry is not found by whom it is about"
# As bytes: they are hashed. So many are kept at once, about 90 MB; of more, those of some entries at a time.
CONTACTS = "select number, cast(address as blob) from (select * from contact union all select * from recent_contact)"
PEOPLE = "select number, cast(id as blob) from (select * from person union all select * from recent_person)"
NAMES = "select " + " + ".join(  # noqa: S608 - names of ours
    f"(select count(*) from {one})"  # noqa: S608 - names of ours
    for one in ("contact", "person", "recent_contact", "recent_person")
)
NAMES_MAX = 1 << 19
# What is recent stands nowhere else.
TWICE = " union all ".join(
    f"select 1 from recent_{table} join {table} using ({column})"  # noqa: S608 - names of ours
    for table, name in NAMED.items()
    for column in ("number", name)
)
ASKED = 500
NUMBERS = (
    "select n.number, ifnull(r.last, h.last) from (select number from contact union all select number from person"
    " union all select number from recent_contact union all select number from recent_person) n"
    " left join recent_head r on r.number = n.number left join head h on h.number = n.number"
)


class Verified(NamedTuple):
    """How many entries there are, and the place of the first bad one with why; `bad` is None where all are good.

    ``bad`` is 0 where each entry is good, but not what stands beside them.
    """

    entries: int
    bad: int | None = None
    why: str = ""


class Holes:
    """What is missing, and what was erased."""

    def __init__(self) -> None:
        self.missing: list[tuple[int, int, int]] = []
        self.contacts: dict[int, int] = {}
        self.people: dict[int, int] = {}
        self.marks: dict[str, int] = {}

    def take(self, row: tuple[Any, ...]) -> str:
        """Take an entry that is good; return what is wrong with it all the same, or nothing."""
        if row[10] is None:
            if row[5] == ERASE:
                return "the erasure is missing"
            # Without its commitment it is nobody's: no erasure took it out.
            self.missing.append((row[0], *(row[3:5] if row[11] is not None else (0, 0))))
        elif row[5] == ERASE:
            self.erase(row[0], row[3], row[4], row[10][SALT:])
        return ""

    def erase(self, seq: int, contact: int, person: int, content: bytes) -> None:
        """Take an erasure."""
        mark = content_in(content).record
        if mark:
            self.contacts[contact] = seq
            self.marks[mark] = seq
        if person:
            self.people[person] = seq

    def unexplained(self) -> int | None:
        """Return the first place whose content is missing though nobody erased it."""
        for seq, contact, person in self.missing:
            erased = max(self.contacts.get(contact, 0), self.people.get(person, 0))
            if erased <= seq:
                return seq
        return None

    def lost(self, kept: dict[str, int]) -> int | None:
        """Return the first erasure whose mark is not among those that are ``kept``."""
        return min((seq for mark, seq in self.marks.items() if kept.get(mark) != seq), default=None)


class Chain:
    """The entries that were looked at and are good: ``seq`` is the last one's place, ``lasts`` the last about each number."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self.connection = connection
        self.seq = 0
        self.holes = Holes()
        self.lasts = array("q", bytes(8))
        self._previous = START

    def follow(self, together: int) -> str:
        """Look at all entries, so many read at once; return what is wrong with the one behind `seq`, or nothing."""
        (names,) = self.connection.execute(NAMES).fetchone()
        kept = self._names() if names <= NAMES_MAX else None
        entries = self.connection.execute(ENTRIES)
        while rows := entries.fetchmany(together):
            why = self._take(rows, *(kept or self._names(rows)))
            if why:
                return why
        return ""

    def _names(
        self, rows: Sequence[tuple[Any, ...]] = ()
    ) -> tuple[dict[int, bytes], dict[int, bytes]]:
        """Return the addresses and the people of some rows by number, or all there are."""
        contacts, people = {row[3] for row in rows}, {row[4] for row in rows}
        return names_in(self.connection, CONTACTS, contacts), names_in(
            self.connection, PEOPLE, people
        )

    def _take(
        self, rows: list[tuple[Any, ...]], contacts: dict[int, bytes], people: dict[int, bytes]
    ) -> str:
        """Take the next entries up to one that is not good, and return what is wrong with that."""
        lasts, previous, address, name = self.lasts, self._previous, contacts.get, people.get
        place, why = self.seq, ""
        for row in rows:
            place += 1
            seq, _at, _known, contact, person, act, _channel, _purpose, _topic, hashed, said, kept, by_contact, by_person = row  # fmt: skip
            if seq != place:
                why = MISSING
                break
            if said is None:
                committed = kept
            elif act == ERASE:  # it names nobody
                committed = commitment(said, b"", b"")
            else:
                committed = commitment(said, address(contact, b""), name(person, b""))
            is_linked = committed is None or link(previous, row[:9], committed) == hashed
            if not is_linked or None not in (kept, said):
                why = CHANGED
            elif said is None or act == ERASE:
                why = self.holes.take(row)
            if why:
                break
            if contact >= len(lasts) or person >= len(lasts):
                lasts.frombytes(bytes(8 * (max(contact, person) + 1)))
            if by_contact != lasts[contact] or by_person != lasts[person]:
                why = LOST
                break
            lasts[contact] = lasts[person] = seq
            lasts[0] = 0
            previous = hashed
        self.seq, self._previous = place - 1 if why else place, previous
        return why

    def lost(self) -> tuple[int, str] | None:
        """Return an entry that nobody is led to whom it is about, and why; None where there is none."""
        for number, last in self.connection.execute(NUMBERS):
            there = self.lasts[number] if number < len(self.lasts) else 0
            if last is not None and last > self.seq:
                return self.seq + 1, MISSING
            if there != (last or 0):
                return there, LOST
        return None


def verify(ledger: Ledger) -> Verified:
    """Return what is wrong with ``ledger``, if anything."""
    try:
        return verified(ledger, TOGETHER)
    except UNREADABLE:
        pass  # one after the other, to know where it is
    chain = Chain(ledger.connection)
    try:
        why = chain.follow(1)
    except UNREADABLE:
        return Verified(chain.seq + 1, chain.seq + 1, "the entry cannot be read")
    return first_bad(chain, why) if why else Verified(chain.seq, 0, "the file is damaged")


def verified(ledger: Ledger, together: int) -> Verified:
    """Return the same, with so many entries looked at together; raises what SQLite does where a page cannot be read."""
    chain = Chain(ledger.connection)
    found = first_bad(chain, chain.follow(together))
    if found.bad is not None:
        return found
    lost = chain.lost()
    if lost is not None:
        return Verified(chain.seq, *lost)
    back = chain.holes.lost(
        dict(ledger.connection.execute("select lower(hex(mark)), seq from mark"))
    )
    if back is not None:
        return found._replace(bad=back, why="an erased address could come back")
    if any(ledger.connection.execute(TWICE)):
        return found._replace(bad=0, why="a name stands twice")
    if not _words_fit(ledger):
        return found._replace(bad=0, why="the words of a notice were changed")
    if not are_whole(ledger.connection):
        return found._replace(bad=0, why="the file is damaged")
    return found


def are_whole(connection: sqlite3.Connection) -> bool:
    """Return whether SQLite finds the pages of the ledger's tables in order, and each row of them by its indexes."""
    return all(
        connection.execute(f"pragma integrity_check({table})").fetchone() == ("ok",)
        for table in TABLES
    )


def first_bad(chain: Chain, why: str) -> Verified:
    """Return the first place at which a chain is not good, where ``why`` says what is wrong with the entry behind it."""
    seq = chain.seq + 1 if why else chain.seq
    bad, missing = (seq if why else None), chain.holes.unexplained()
    if missing is not None and (bad is None or missing < bad):
        return Verified(seq, missing, GONE)
    return Verified(seq, bad, why)


def _words_fit(ledger: Ledger) -> bool:
    rows = ledger.connection.execute("select hash, words from wording")
    return all(isinstance(words, str) and notice_of(words) == name for name, words in rows)


def names_in(connection: sqlite3.Connection, query: str, numbers: set[int]) -> dict[int, bytes]:
    """Return what ``numbers`` stand for, those of what was deleted left out; what all do where none are given."""
    if not numbers:
        return dict(connection.execute(query))
    found: dict[int, bytes] = {}
    asked = sorted(one for one in numbers if one.__class__ is int)
    for place in range(0, len(asked), ASKED):
        some = asked[place : place + ASKED]
        found.update(connection.execute(f"{query} where number in ({marks(len(some))})", some))
    return found
