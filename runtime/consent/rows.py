"""What is recorded of an event, as it is written. Rule: an entry is what the event said; nothing is made up for what is missing."""

from __future__ import annotations

from hashlib import sha256
from typing import NamedTuple

from verbline.interpreter.guard.consent import ACTS, Consent
from verbline.runtime.consent.chain import ERASE, content_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import TypeAlias

    # What is about to be written: the address and the person by name, when it happened and was known, act, channel, purpose,
    # topic and content.
    Draft: TypeAlias = tuple[str | None, str | None, int, int, str, str, str, str | None, bytes]


class Said(NamedTuple):
    """What is recorded of one event: what it says, the hash of the words that were shown, the record it rests on.

    ``sender`` and ``event`` name the event of a log that said it: its `source` and its `id`.
    """

    consent: Consent
    notice: str = ""
    record: str = ""
    sender: str = ""
    event: str = ""


def refuse_if_unfit(one: Consent) -> None:
    """Raise ValueError where an event cannot be appended."""
    if one.act not in ACTS or one.act == ERASE:
        raise ValueError(f"{one.act} is not appended")
    if one.person is None and one.contact is None:
        raise ValueError(f"{one.act} names neither a person nor an address")


def draft_of(said: Said) -> Draft:
    """Return an event as it is about to be written."""
    one, notice, record, sender, event = said
    content = content_of(
        (one.actor, one.source, one.basis, one.complete, notice, sender, event),
        (record, one.epoch, one.until, one.token, one.corrects),
    )
    return (
        one.contact, one.person, one.at, one.known, one.act, one.channel, one.purpose, one.topic, content,
    )  # fmt: skip


def notice_of(words: str) -> str:
    """Return the hash by which events name the words that were shown."""
    return "sha256:" + sha256(words.encode()).hexdigest()


def marks(number: int) -> str:
    """Return so many question marks."""
    return ",".join("?" * number)
