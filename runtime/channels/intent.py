"""What is to leave: one message or one task, decided and rendered. Rule: whoever carries it out needs to ask nobody else.

It is what a row of the outbox holds, so a retry renders nothing again and says the same words under the same key.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from hashlib import sha256

import msgspec

MARKETING = "marketing"
# Lanes: what is urgent never waits behind what is not.
URGENT, RELAXED = 0, 1
KEY = re.compile(r"[A-Za-z0-9_-]{1,64}", re.ASCII)


class Words(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Rendered words: ``text`` is there always, ``subject`` and ``html`` where the channel has a place for them.

    Where the HTML is nothing but the text in paragraphs, it is made when they are handed over: ``clickable`` are the links
    in it that the author wrote, None where there is other HTML or none is wanted.
    """

    text: str
    subject: str = ""
    html: str = ""
    clickable: tuple[str, ...] | None = None


class Task(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What a desk is to do. ``shown`` are fields and their values as text, ``answers`` what it may answer.

    ``due`` is the instant of the deadline and ``due_text`` how it is written for people; both empty where there is none.
    ``key`` is the task that this one takes back or hands over again, empty where it is itself that.
    """

    desk: str
    because: str = ""
    shown: tuple[tuple[str, str], ...] = ()
    answers: tuple[str, ...] = ()
    due: int | None = None
    due_text: str = ""
    is_withdrawn: bool = False
    key: str = ""


class Asked(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What the guard was asked about a message, so that it can be asked again: ``seq`` is how far the ledger went then.

    ``country`` is the person's; ``promotion`` and ``similar`` say that it carries an offer, and one like what was bought.
    ``quiet`` is when it will be quiet for it as long as it is fresh, from instant to instant.
    """

    seq: int
    topic: str = ""
    country: str = ""
    promotion: bool = False
    similar: bool = False
    quiet: tuple[tuple[int, int], ...] = ()


class Intent(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One message to one address, or one task to one desk.

    ``key`` is its name for good, the same in every retry. ``kind`` is ``message``, ``offer``, ``question``,
    ``confirmation``, ``task`` or ``note``. ``person`` is an opaque name by which order is kept, never an address.
    ``cls`` is the class of the purpose. ``links`` are those that stand in the words: ``leave``, ``confirm``. ``at`` is when
    it was released, ``expires`` the last instant at which it may still leave; both in milliseconds since 1970 UTC.
    ``attempts`` is how often it was handed over before. ``journey`` is the one that decided it. ``asked`` is what the guard
    was asked, None where it is asked nothing. ``is_secret`` says that the words are not kept once it has left; ``token`` is
    what a confirmation of a yes bears.
    """

    key: str
    kind: str
    channel: str
    address: str
    words: Words
    at: int
    person: str = ""
    message: str = ""
    purpose: str = ""
    cls: str = ""
    language: str = "en"
    links: Mapping[str, str] = {}
    task: Task | None = None
    lane: int = RELAXED
    expires: int | None = None
    attempts: int = 0
    journey: str = ""
    asked: Asked | None = None
    is_secret: bool = False
    token: str = ""


def plain_key(key: str) -> str:
    """Return a key as a header may hold it: itself, or where it is no plain word its hash."""
    return key if KEY.fullmatch(key) else sha256(key.encode("utf-8", "replace")).hexdigest()


def quiet_until(intent: Intent, now: int) -> int | None:
    """Return when the quiet is over that has begun since a message was decided; None where there is none."""
    stretches = intent.asked.quiet if intent.asked is not None else ()
    return next((over for begun, over in stretches if begun <= now < over), None)
