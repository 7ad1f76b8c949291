"""The rows of a ledger as what was said. Rule: what is read is what was written; nothing is made up for what is missing."""

from __future__ import annotations

from hashlib import sha256
from typing import NamedTuple

from verbline.interpreter.guard.consent import Consent
from verbline.runtime.consent.chain import content_in

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

ROWS = (
    "select e.seq, e.at, e.known, e.act, e.channel, e.purpose, e.topic, c.address, w.id, p.content"
    " from entry e join payload p on p.seq = e.seq left join contact c on c.number = e.contact"
    " left join person w on w.number = e.person where "
)
BY_CONTACT = ROWS + "e.contact > 0 and e.contact = (select number from contact where address = ?)"  # noqa: S608 - all of it stands here
BY_PERSON = ROWS + "e.person > 0 and e.person = (select number from person where id = ?)"  # noqa: S608 - all of it stands here
BY_SEQ = ROWS + "e.seq = ?"


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


def said_in(row: Sequence[Any]) -> Said:
    """Return what a row of `ROWS` says."""
    one = Consent.__new__(Consent)  # what stands in the ledger went through the constructor before
    one.seq, one.at, one.known, one.act, one.channel, one.purpose, one.topic, one.contact, one.person, content = row  # fmt: skip
    one.when = min(one.known, one.at)
    (
        one.actor, one.source, one.basis, one.complete, one.until, one.token, one.corrects, one.epoch, notice, record, sender,
        event,
    ) = content_in(content)  # fmt: skip
    return Said(one, notice, record, sender, event)
