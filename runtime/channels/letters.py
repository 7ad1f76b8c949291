"""An intent as a mail. Rule: the same intent is the same mail, whoever writes it and however often.

The ``Message-ID`` comes of the key and the ``Date`` of the instant at which it was released, so that a mail that arrives
twice can be seen to be one. What comes from outside is looked at before the library sees it: `addresses`.
"""

from __future__ import annotations

import re
from email.headerregistry import Address as Named
from email.message import EmailMessage
from email.policy import SMTP, SMTPUTF8
from email.utils import formatdate

from verbline.runtime.channels.addresses import (
    ENCODED,
    AddressError,
    address_of,
    as_it_is,
    mailbox_of,
    plain_line,
)
from verbline.runtime.channels.intent import MARKETING, plain_key

TYPE_CHECKING = False
if TYPE_CHECKING:
    from verbline.runtime.channels.addresses import Address
    from verbline.runtime.channels.intent import Intent

WEB = re.compile(r"https://[!-;=?-~]{1,1000}", re.ASCII)
HEADER = re.compile(rb"(?m)^([^\s:]+):")
SUBJECT_MAX = 990
ONE_CLICK = "List-Unsubscribe=One-Click"


class LetterError(ValueError):
    """An intent that is no mail: ``reason`` is a code."""

    def __init__(self, reason: str, sentence: str) -> None:
        super().__init__(sentence)
        self.reason = reason


class Letter:
    """A mail: its ``content`` in bytes, from whom and to whom. ``is_international``: the server has to know SMTPUTF8."""

    __slots__ = ("content", "is_international", "sender", "to")

    def __init__(self, sender: Address, to: Address, message: EmailMessage) -> None:
        self.sender = sender
        self.to = to
        self.is_international = to.is_international or sender.is_international
        policy = SMTPUTF8 if self.is_international else SMTP
        self.content = message.as_bytes(policy=policy.clone(cte_type="7bit"))
        # Whatever a library made of a value: what it wrote are the headers that were set, and no others.
        head = self.content.partition(b"\r\n\r\n")[0]
        if [name.decode("ascii", "replace") for name in HEADER.findall(head)] != message.keys():
            raise LetterError("bad_header", "A value would have become a header.")


def letter_of(intent: Intent, sender: str, reply: str = "") -> Letter:
    """Return the mail that ``intent`` is; ``sender`` and ``reply`` are mailboxes of the settings.

    `LetterError` where it would be none, or one that may not be sent: marketing without a way out.
    """
    try:
        to = address_of(intent.address)
        name, origin = mailbox_of(sender)
        subject = as_it_is(plain_line(intent.words.subject or intent.message, "The subject"))
    except AddressError as error:
        raise LetterError("bad_address", str(error)) from None
    if len(subject) > SUBJECT_MAX:
        raise LetterError("too_large", "The subject is longer than a header may be.")
    message = EmailMessage(policy=SMTPUTF8)
    message["From"] = Named(as_it_is(name), origin.local, origin.domain)
    message["To"] = Named("", to.local, to.domain)
    if reply:
        called, back = mailbox_of(reply)
        message["Reply-To"] = Named(as_it_is(called), back.local, back.domain)
    message["Subject"] = subject
    message["Date"] = formatdate(intent.at / 1000)
    message["Message-ID"] = f"<{plain_key(intent.key)}@{origin.domain}>"
    message["Auto-Submitted"] = "auto-generated"
    add_way_out(message, intent)
    add_words(message, intent)
    if re.fullmatch(r"[a-z]{2,3}", intent.language):
        message["Content-Language"] = intent.language
    return Letter(origin, to, message)


def add_way_out(message: EmailMessage, intent: Intent) -> None:
    """Add the two headers of RFC 8058 where there is a way out; marketing without one is refused."""
    way = intent.links.get("leave", "")
    if way and WEB.fullmatch(way) and ENCODED not in way:
        message["List-Unsubscribe"] = f"<{way}>"
        message["List-Unsubscribe-Post"] = ONE_CLICK
    elif intent.cls == MARKETING:
        raise LetterError("no_leave_link", "A marketing message has no way out.")


def add_words(message: EmailMessage, intent: Intent) -> None:
    """Add the words: the plain part, and behind it the HTML part where there is one."""
    words = intent.words
    try:
        message.set_content(unified(words.text), cte="quoted-printable")
        if words.html:
            message.add_alternative(unified(words.html), subtype="html", cte="quoted-printable")
            # In parts that are written so, an equals sign never stands before a low line.
            message.set_boundary(f"=_{plain_key(intent.key)[:60]}")
    except UnicodeEncodeError:
        raise LetterError("bad_words", "The words hold half a letter.") from None


def unified(text: str) -> str:
    """Return ``text`` with one kind of line end, the last line ended, and no NUL in it."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "\ufffd")
    return lines if lines.endswith("\n") else f"{lines}\n"
