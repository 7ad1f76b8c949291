"""Whether a ledger is what was written. Rule: the first entry that is not is named; what is missing has to have been erased.

Looked at are every hash, every commitment whose content is there, every erased address, and at last the file itself.
"""

from __future__ import annotations

import sqlite3
from hashlib import sha256
from typing import NamedTuple

import msgspec

from verbline.runtime.consent.chain import ERASE, START, commitment, content_in, encode
from verbline.runtime.consent.rows import notice_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from verbline.runtime.consent.ledger import Ledger

ENTRIES = (
    "select e.seq, e.at, e.known, e.contact, e.person, e.act, e.channel, e.purpose, e.topic, e.commitment, e.hash,"
    " p.salt, p.content from entry e left join payload p on p.seq = e.seq order by e.seq"
)
UNREADABLE = (sqlite3.DatabaseError, msgspec.DecodeError)
# So many entries are looked at together: their addresses and people are read in the order of their numbers.
TOGETHER = 1_000
CHANGED, CHANGED_ENTRY = "what was said was changed", "the entry was changed"
CONTACTS = "select number, address from contact where number in (%s)"
PEOPLE = "select number, id from person where number in (%s)"
ASKED = 500


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
        if row[11] is None or row[12] is None:
            if row[5] == ERASE:
                return "the erasure is missing"
            self.missing.append((row[0], row[3], row[4]))
        elif row[5] == ERASE:
            self.erase(row[0], row[3], row[4], row[12])
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


def verify(ledger: Ledger) -> Verified:
    """Return what is wrong with ``ledger``, if anything."""
    try:
        return verified(ledger, TOGETHER)
    except UNREADABLE:
        pass  # one after the other, to know where it is
    holes, seq = Holes(), 0
    try:
        for seq, why in chain(ledger.connection, holes, 1):
            if why:
                return Verified(seq, *_first(holes, seq, why))
    except UNREADABLE:
        return Verified(seq + 1, seq + 1, "the entry cannot be read")
    return Verified(seq, 0, "the file is damaged")


def verified(ledger: Ledger, together: int) -> Verified:
    """Return the same, with so many entries looked at together; raises what SQLite does where a page cannot be read."""
    connection, holes, seq = ledger.connection, Holes(), 0
    for seq, why in chain(connection, holes, together):
        if why:
            return Verified(seq, *_first(holes, seq, why))
    bad, why = _first(holes, None, "")
    if bad is None:
        bad = holes.lost(dict(connection.execute("select lower(hex(mark)), seq from mark")))
        why = "an erased address could come back" if bad is not None else ""
    if bad is None and not _words_fit(ledger):
        bad, why = 0, "the words of a notice were changed"
    if bad is None and connection.execute("pragma integrity_check(1)").fetchone() != ("ok",):
        bad, why = 0, "the file is damaged"
    return Verified(seq, bad, why)


def chain(connection: sqlite3.Connection, holes: Holes, together: int) -> Iterator[tuple[int, str]]:
    """Yield the last place of some entries that are good, with nothing; of the first that is not its own, and why.

    ``holes`` takes what is missing, and what was erased.
    """
    previous, seq = START, 0
    entries = connection.execute(ENTRIES)
    while rows := entries.fetchmany(together):
        contacts = names_in(connection, CONTACTS, {row[3] for row in rows})
        people = names_in(connection, PEOPLE, {row[4] for row in rows})
        for row in rows:
            seq += 1
            why = fault(row, seq, previous, contacts.get(row[3], ""), people.get(row[4], ""))
            if not why and (row[11] is None or row[12] is None or row[5] == ERASE):
                why = holes.take(row)
            if why:
                yield seq, why
                return
            previous = row[10]
        yield seq, ""


def _words_fit(ledger: Ledger) -> bool:
    rows = ledger.connection.execute("select hash, words from wording")
    return all(isinstance(words, str) and notice_of(words) == name for name, words in rows)


def _first(holes: Holes, bad: int | None, why: str) -> tuple[int | None, str]:
    missing = holes.unexplained()
    if missing is not None and (bad is None or missing < bad):
        return missing, "what was said is missing, and nobody erased it"
    return bad, why


def names_in(connection: sqlite3.Connection, query: str, numbers: set[int]) -> dict[int, str]:
    """Return what ``numbers`` stand for; those of what was deleted are left out."""
    asked = sorted(one for one in numbers if one.__class__ is int and one)
    found: dict[int, str] = {}
    for place in range(0, len(asked), ASKED):
        some = asked[place : place + ASKED]
        found.update(connection.execute(query % ",".join("?" * len(some)), some))
    return found


def fault(row: tuple[Any, ...], seq: int, previous: bytes, address: str, person: str) -> str:
    """Return what is wrong with the entry that has to be ``seq`` and is about ``address`` and ``person``, or nothing."""
    committed, salt, content = row[9], row[11], row[12]
    if row[0] != seq:
        return "the entry is missing"
    if committed.__class__ is not bytes:
        return CHANGED_ENTRY
    if sha256(previous + encode(row[:9]) + committed).digest() != row[10]:
        return CHANGED_ENTRY
    if salt is None or content is None:
        return ""
    if row[5] == ERASE:
        address = person = ""
    try:
        if commitment(salt, content, address, person) != committed:
            return CHANGED
    except (TypeError, AttributeError):  # a text where bytes were, or the reverse
        return CHANGED
    return ""
