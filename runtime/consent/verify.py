"""Whether a ledger is what was written. Rule: the first entry that is not is named; what is missing has to have been erased.

Looked at are every hash, every commitment whose content is there, every erased address, and at last the file itself.
"""

from __future__ import annotations

import sqlite3
from typing import NamedTuple

import msgspec

from verbline.runtime.consent.chain import ERASE, START, commitment, content_in, link
from verbline.runtime.consent.rows import notice_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from verbline.runtime.consent.ledger import Ledger

ENTRIES = (
    "select e.seq, e.at, e.known, e.contact, e.person, e.act, e.channel, e.purpose, e.topic, e.commitment, e.hash,"
    " p.salt, p.content, c.address, w.id from entry e left join payload p on p.seq = e.seq"
    " left join contact c on c.number = e.contact left join person w on w.number = e.person order by e.seq"
)
CHANGED = "what was said was changed"


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
    connection, holes, seq = ledger.connection, Holes(), 0
    try:
        previous = START
        for row in connection.execute(ENTRIES):
            seq += 1
            why = fault(row, seq, previous, holes)
            if why:
                return Verified(seq, *_first(holes, seq, why))
            previous = row[10]
        bad, why = _first(holes, None, "")
        if bad is None:
            bad = holes.lost(dict(connection.execute("select lower(hex(mark)), seq from mark")))
            why = "an erased address could come back" if bad is not None else ""
        if bad is None and not _words_fit(ledger):
            bad, why = 0, "the words of a notice were changed"
        if bad is None and connection.execute("pragma integrity_check(1)").fetchone() != ("ok",):
            bad, why = 0, "the file is damaged"
    except (sqlite3.DatabaseError, msgspec.DecodeError):
        bad, why = seq + 1, "the entry cannot be read"
    return Verified(seq, bad, why)


def _words_fit(ledger: Ledger) -> bool:
    rows = ledger.connection.execute("select hash, words from wording")
    return all(isinstance(words, str) and notice_of(words) == name for name, words in rows)


def _first(holes: Holes, bad: int | None, why: str) -> tuple[int | None, str]:
    missing = holes.unexplained()
    if missing is not None and (bad is None or missing < bad):
        return missing, "what was said is missing, and nobody erased it"
    return bad, why


def fault(row: tuple[Any, ...], seq: int, previous: bytes, holes: Holes) -> str:
    """Return what is wrong with the entry that has to be ``seq``, or nothing; ``holes`` takes what is missing."""
    salt, content = row[11], row[12]
    if row[0] != seq:
        return "the entry is missing"
    if not isinstance(row[9], bytes) or link(previous, row[:9], row[9]) != row[10]:
        return "the entry was changed"
    erases = row[5] == ERASE
    if salt is None or content is None:
        if erases:
            return "the erasure is missing"
        holes.missing.append((seq, row[3], row[4]))
        return ""
    address, person = ("", "") if erases else (row[13] or "", row[14] or "")
    try:
        if commitment(salt, content, address, person) != row[9]:
            return CHANGED
    except (TypeError, AttributeError):  # a text where bytes were, or the reverse
        return CHANGED
    if erases:
        holes.erase(seq, row[3], row[4], content)
    return ""
