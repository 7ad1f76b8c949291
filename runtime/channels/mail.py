"""Mail, by SMTP. Rule: what the server said last counts; where it said nothing behind the end of the mail, nobody knows.

A mail counts as handed over with the line that ends it. Whatever fails before that line is tried again; whatever fails
behind it is `Unknown`, since SMTP has no way to ask. DKIM is the work of the mail server.
"""

from __future__ import annotations

import re
import smtplib
import ssl
import time

from verbline.runtime.channels.answers import (
    BOUNCED,
    INVALID,
    Accepted,
    Declares,
    Later,
    Refused,
    Unknown,
    told,
)
from verbline.runtime.channels.letters import LetterError, letter_of
from verbline.runtime.channels.talks import OK, Talks

TYPE_CHECKING = False
if TYPE_CHECKING:
    from verbline.runtime.channels.answers import Answer
    from verbline.runtime.channels.intent import Intent
    from verbline.runtime.channels.letters import Letter
    from verbline.runtime.channels.talks import Server, Talk

# Of a refused recipient these are about the address, unless the finer code behind them says otherwise.
ABOUT_ADDRESS = frozenset((550, 551, 553))
FINER = re.compile(rb"([245])\.(\d{1,3})\.(\d{1,3})\b")
# Bad address, and an address that is switched off. Not: mailbox full, policy, size.
FINER_ABOUT_ADDRESS = re.compile(r"1\.\d{1,3}|2\.1")
DOT = re.compile(rb"^\.", re.MULTILINE)
SIZE_MAX = 10 << 20


class Mail:
    """The channel of mail. ``sender`` and ``reply`` are mailboxes, such as ``Club <club@club.example>``."""

    __slots__ = ("_talks", "declares", "reply", "sender", "server")

    def __init__(
        self, server: Server, sender: str, reply: str = "", *, repeatable: str = "no"
    ) -> None:
        self.server = server
        self._talks = Talks(server)
        self.sender = sender
        self.reply = reply
        self.declares = Declares(
            repeatable=repeatable, kinds=frozenset(("email", "desk")), size_max=SIZE_MAX
        )

    def send(self, intent: Intent, deadline: float) -> Answer:
        """Hand one mail over."""
        words = intent.words
        if len(words.text) + len(words.html) > SIZE_MAX:
            return Refused("too_large")
        try:
            letter = letter_of(intent, self.sender, self.reply)
        except LetterError as error:
            invalid = INVALID if error.reason == "bad_address" else ""
            return Refused(error.reason, str(error), suppress=invalid)
        if len(letter.content) > SIZE_MAX:
            return Refused("too_large")
        try:
            talk = self._talks.take(deadline)
        except (OSError, smtplib.SMTPException, ValueError) as error:
            return unopened(error)
        try:
            return delivered(talk, letter)
        finally:
            self._talks.keep(talk)

    def close(self) -> None:
        """Say goodbye to the server."""
        self._talks.close()


def unopened(error: Exception) -> Later:
    """Return the answer where no conversation came about: it is about the server, not about this mail."""
    match error:
        case smtplib.SMTPAuthenticationError():
            reason = "not_logged_in"
        case smtplib.SMTPNotSupportedError():
            reason = "no_tls"
        case ssl.SSLError():
            reason = "bad_tls"
        case TimeoutError():
            reason = "too_slow"
        case _:
            reason = "not_reached"
    return Later(reason, all=True)


def delivered(talk: Talk, letter: Letter) -> Answer:
    """Return what the server says to a mail."""
    hidden = (str(letter.to), letter.to.local)
    try:
        answer = announced(talk, letter)
        if answer is not None:
            return answer
        # One line less than the library sends: without it no server takes the mail.
        talk.send(DOT.sub(b"..", letter.content).removesuffix(b"\r\n") + b"\r\n")
    except (OSError, smtplib.SMTPException):
        return Later(broken(talk), all=True)
    try:
        talk.send(b".\r\n")
        code, words = talk.getreply()
    except (OSError, smtplib.SMTPException):
        return Unknown(broken(talk))
    if code == OK:
        return Accepted(told(words.decode("ascii", "replace"), *hidden))
    return judged(code, words, hidden, "refused")


def broken(talk: Talk) -> str:
    """End a conversation, and return why it broke off: the library calls everything a lost connection."""
    talk.close()
    return "too_slow" if time.monotonic() >= talk.deadline else "cut_off"


def announced(talk: Talk, letter: Letter) -> Answer | None:
    """Tell the server from whom and to whom, and return None where it then waits for the mail."""
    hidden = (str(letter.to), letter.to.local)
    options = []
    if letter.is_international:
        if not talk.has_extn("smtputf8"):
            return Refused("no_smtputf8")
        options = ["SMTPUTF8", "BODY=8BITMIME"]
    code, words = talk.mail(str(letter.sender), options)
    if code != OK:
        # What is wrong with the sender is wrong with every mail, and the operator can put it right.
        return Later("sender_refused", told(words.decode("ascii", "replace")), all=True)
    code, words = talk.rcpt(str(letter.to))
    if code not in (OK, 251):
        return judged(code, words, hidden, "recipient_refused")
    code, words = talk.docmd("DATA")
    if code != 354:
        return judged(code, words, hidden, "refused")
    return None


def judged(code: int, words: bytes, hidden: tuple[str, ...], reason: str) -> Answer:
    """Return the answer that a refusal is: 4xx later, 5xx never, and whether it is about the address."""
    said = f"{code} {told(words.decode('ascii', 'replace'), *hidden)}"
    if not 500 <= code < 600:
        # 421 and a lost connection (-1) are about the server.
        return Later("not_now", said, all=code in (421, -1))
    finer = FINER.match(words)
    if finer is not None:
        fine = f"{int(finer[2])}.{int(finer[3])}"
        about_address = FINER_ABOUT_ADDRESS.fullmatch(fine) is not None
    else:
        about_address = code in ABOUT_ADDRESS and reason == "recipient_refused"
    return Refused(reason, said, suppress=BOUNCED if about_address else "")
