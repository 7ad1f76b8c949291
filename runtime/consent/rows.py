"""The rows of a ledger as what was said. Rule: what is read is what was written; nothing is made up for what is missing."""

from __future__ import annotations

from functools import lru_cache
from hashlib import sha256
from typing import NamedTuple

from verbline.interpreter.guard.consent import ACTS, Consent
from verbline.runtime.consent.chain import ERASE, SALT, content_in, encode

TYPE_CHECKING = False
if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Collection, Mapping
    from typing import Any

# What is read of an entry, behind the number that says so; nothing of what was deleted.
NAMED, MARKED, READ = 0, 1, 2
ROWS = (
    f"select {READ}, e.seq, e.at, e.known, e.act, e.channel, e.purpose, e.topic, e.contact, e.person, e.said from entry e"  # noqa: S608
    " where e.said is not null and "
)
BY_SEQ = ROWS + "e.seq = ?"
SINCE = ROWS + "e.known >= ? order by e.seq"
START = (
    "select c.address, h.number, h.last from contact c cross join head h on h.number = c.number where c.address in (%s) union all"
    " select p.id, h.number, h.last from person p cross join head h on h.number = p.number where p.id in (%s)"
)
# From the last entry to the one before it and so on, never back: a ledger that is damaged ends too. All is one query, so that
# what another program writes meanwhile is there as a whole or not at all.
ABOUT = (
    f"with recursive start (name, number, last) as ({START}), walk (number, seq) as (select number, last from start union all"  # noqa: S608
    " select w.number, iif(e.contact = w.number, e.before_contact, e.before_person) from walk w cross join entry e on e.seq = w.seq"
    " where iif(e.contact = w.number, e.before_contact, e.before_person) between 1 and w.seq - 1)"
    f" select {NAMED}, number, name, 0, 0, 0, 0, 0, 0, 0, 0 from start union all"
    f" select {MARKED}, seq, mark, 0, 0, 0, 0, 0, 0, 0, 0 from mark where mark in (%s) union all"
    f" {ROWS} e.seq in (select seq from walk)"
)
CONTACT, PERSON = "select address from contact where number = ?", "select id from person where number = ?"  # fmt: skip


class Said(NamedTuple):
    """What is recorded of one event: what it says, the hash of the words that were shown, the record it rests on.

    ``sender`` and ``event`` name the event of a log that said it: its `source` and its `id`.
    """

    consent: Consent
    notice: str = ""
    record: str = ""
    sender: str = ""
    event: str = ""


class Entry(NamedTuple):
    """An entry that is about to be written: a consent, or a hold; addresses and people by number, 0 where there is none."""

    at: int
    known: int
    contact: int
    person: int
    act: str
    channel: str
    purpose: str
    topic: str | None
    content: bytes
    address: str
    id: str


def refuse_if_unfit(one: Consent) -> None:
    """Raise ValueError where an event cannot be appended."""
    if one.act not in ACTS or one.act == ERASE:
        raise ValueError(f"{one.act} is not appended")
    if one.person is None and one.contact is None:
        raise ValueError(f"{one.act} names neither a person nor an address")


def entry_of(
    said: Said, contacts: Mapping[str | None, int], people: Mapping[str | None, int]
) -> Entry:
    """Return an event as it is written, with the numbers of its address and its person."""
    one, notice, record, sender, event = said
    contact, person = one.contact, one.person
    content = encode((one.actor, one.source, one.basis, one.complete, one.until, one.token, one.corrects, one.epoch, notice, record, sender, event))  # fmt: skip
    return Entry(
        one.at, one.known, contacts[contact], people[person], one.act,
        one.channel, one.purpose, one.topic, content, contact or "", person or "",
    )  # fmt: skip


def notice_of(words: str) -> str:
    """Return the hash by which events name the words that were shown."""
    return "sha256:" + sha256(words.encode()).hexdigest()


@lru_cache
def about(contacts: int, people: int, erased: int) -> str:
    """Return the query for all rows about any of so many addresses and people, and for so many marks of what was erased."""
    return ABOUT % (marks(contacts), marks(people), marks(erased))


def marks(number: int) -> str:
    """Return so many question marks."""
    return ",".join("?" * number)


def last_about(
    connection: sqlite3.Connection, contacts: Collection[str], people: Collection[str]
) -> list[int]:
    """Return the place of the last entry about each of some addresses and people, of those that have one."""
    query = START % (marks(len(contacts)), marks(len(people)))
    return [last for _name, _number, last in connection.execute(query, (*contacts, *people))]


class Reading:
    """Reads a ledger: numbers in rows are told by name, nothing for what was deleted.

    ``erased`` are those of the marks that were asked about that are kept, each with the place of its erasure.
    """

    __slots__ = ("_connection", "_names", "erased")

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._names: dict[int, str | None] = {0: None}
        self.erased: dict[bytes, int] = {}

    def about(
        self, contacts: Collection[str], people: Collection[str], erased: Collection[bytes] = ()
    ) -> list[tuple[Any, ...]]:
        """Return the rows about any of ``contacts`` or ``people``, in the order of recording."""
        rows = []
        query = about(len(contacts), len(people), len(erased))
        for row in self._connection.execute(query, (*contacts, *people, *erased)):
            what = row[0]
            if what == READ:
                rows.append(row)
            elif what == NAMED:
                self._names[row[1]] = row[2]
            else:
                self.erased[row[2]] = row[1]
        rows.sort()  # no two are of one place
        return rows

    def said(self, row: tuple[Any, ...]) -> Said:
        """Return what a row says."""
        one = Consent.__new__(
            Consent
        )  # what stands in the ledger went through the constructor before
        _read, one.seq, one.at, one.known, one.act, one.channel, one.purpose, one.topic, contact, person, said = row  # fmt: skip
        names = self._names
        one.contact = names[contact] if contact in names else self._name(CONTACT, contact)
        one.person = names[person] if person in names else self._name(PERSON, person)
        one.when = min(one.known, one.at)
        (
            one.actor, one.source, one.basis, one.complete, one.until, one.token, one.corrects, one.epoch, notice, record,
            sender, event,
        ) = content_in(said[SALT:])  # fmt: skip
        return Said(one, notice, record, sender, event)

    def _name(self, query: str, number: int) -> str | None:
        row = self._connection.execute(query, (number,)).fetchone()
        self._names[number] = name = row[0] if row else None
        return name
