"""The rows of a ledger as what was said. Rule: what is read is what was written; nothing is made up for what is missing."""

from __future__ import annotations

from hashlib import sha256
from typing import NamedTuple

from verbline.interpreter.guard.consent import Consent
from verbline.runtime.consent.chain import content_in

TYPE_CHECKING = False
if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Sequence
    from typing import Any

ROWS = (
    "select e.seq, e.at, e.known, e.act, e.channel, e.purpose, e.topic, e.contact, e.person, p.content"
    " from entry e join payload p on p.seq = e.seq where "
)
# By the numbers of an address and of a person; 0 for none.
ABOUT = ROWS + "(e.contact > 0 and e.contact = ?) or (e.person > 0 and e.person = ?)"
BY_SEQ = ROWS + "e.seq = ?"
SINCE = ROWS + "e.known >= ? order by e.seq"
SINCE_OF_CONTACT = "select 1 from entry where contact > 0 and contact = ? and seq > ? limit 1"
SINCE_OF_PERSON = "select 1 from entry where person > 0 and person = ? and seq > ? limit 1"
NUMBER_OF_CONTACT, NUMBER_OF_PERSON = "select number from contact where address = ?", "select number from person where id = ?"  # fmt: skip
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


def notice_of(words: str) -> str:
    """Return the hash by which events name the words that were shown."""
    return "sha256:" + sha256(words.encode()).hexdigest()


class Names:
    """The addresses and the ids that numbers in rows stand for, each looked up once; nothing for what was deleted."""

    __slots__ = ("_connection", "contacts", "people")

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self.contacts: dict[int, str | None] = {0: None}
        self.people: dict[int, str | None] = {0: None}

    def contact(self, address: str) -> int:
        """Return the number of an address, 0 where it has none."""
        return self._number(NUMBER_OF_CONTACT, address, self.contacts)

    def person(self, name: str) -> int:
        """Return the number of a person's id, 0 where it has none."""
        return self._number(NUMBER_OF_PERSON, name, self.people)

    def _number(self, query: str, name: str, found: dict[int, str | None]) -> int:
        row = self._connection.execute(query, (name,)).fetchone()
        if row is None:
            return 0
        found[row[0]] = name
        return int(row[0])

    def said(self, row: Sequence[Any]) -> Said:
        """Return what a row of `ROWS` says."""
        one = Consent.__new__(
            Consent
        )  # what stands in the ledger went through the constructor before
        one.seq, one.at, one.known, one.act, one.channel, one.purpose, one.topic, contact, person, content = row  # fmt: skip
        contacts, people = self.contacts, self.people
        one.contact = contacts[contact] if contact in contacts else self._name(CONTACT, contact, contacts)  # fmt: skip
        one.person = people[person] if person in people else self._name(PERSON, person, people)
        one.when = min(one.known, one.at)
        (
            one.actor, one.source, one.basis, one.complete, one.until, one.token, one.corrects, one.epoch, notice, record, sender,
            event,
        ) = content_in(content)  # fmt: skip
        return Said(one, notice, record, sender, event)

    def _name(self, query: str, number: int, found: dict[int, str | None]) -> str | None:
        row = self._connection.execute(query, (number,)).fetchone()
        found[number] = name = row[0] if row else None
        return name
