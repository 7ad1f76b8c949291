"""Mail, by SMTP. Rule: what the server said last counts; where it said nothing behind the end of the mail, nobody knows.

A mail counts as handed over with the line that ends it. Whatever fails before that line is tried again; whatever fails
behind it is `Unknown`, since SMTP has no way to ask. DKIM is the work of the mail server.
"""

from __future__ import annotations

import re
import smtplib
import ssl
import time

from verbline.runtime.channels import timed
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
from verbline.runtime.channels.guarding import looked_up
from verbline.runtime.channels.letters import LetterError, letter_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from verbline.runtime.channels.answers import Answer
    from verbline.runtime.channels.guarding import Resolve
    from verbline.runtime.channels.intent import Intent
    from verbline.runtime.channels.letters import Letter

PORTS = {"implicit": 465, "starttls": 587, "off": 25}
# Of a refused recipient these are about the address, unless the finer code behind them says otherwise.
ABOUT_ADDRESS = frozenset((550, 551, 553))
FINER = re.compile(rb"([245])\.(\d{1,3})\.(\d{1,3})\b")
# Bad address, and an address that is switched off. Not: mailbox full, policy, size.
FINER_ABOUT_ADDRESS = re.compile(r"1\.\d{1,3}|2\.1")
DOT = re.compile(rb"^\.", re.MULTILINE)
OK = 250
SIZE_MAX = 10 << 20


class Server:
    """The mail server of the settings. ``tls`` is ``starttls``, ``implicit`` or ``off``; ``name`` is what we greet with."""

    __slots__ = ("context", "host", "name", "password", "port", "resolve", "tls", "user")

    def __init__(
        self,
        host: str,
        port: int | None = None,
        *,
        tls: str = "starttls",
        user: str = "",
        password: str = "",
        name: str = "",
        context: ssl.SSLContext | None = None,
        resolve: Resolve = looked_up,
    ) -> None:
        self.host = host
        self.port = port or PORTS[tls]
        self.tls = tls
        self.user = user
        self.password = password
        self.name = name
        self.context = context or timed.tls()
        self.resolve = resolve


class Talk(smtplib.SMTP):
    """One conversation with the server, over before its deadline."""

    def __init__(self, server: Server, deadline: float) -> None:
        self.server = server
        self.deadline = deadline
        # The library asks the machine for its own name, which may take seconds.
        super().__init__(local_hostname=server.name or "localhost")
        # Whose certificate is asked for once TLS begins; the library knows it only where it connects by itself.
        self._host = server.host

    def open(self) -> None:
        """Connect, greet, and log in where the settings say so. Raises what `smtplib` raises, or `OSError`."""
        server = self.server
        code, words = self.connect(server.host, server.port)
        if code != 220:
            raise smtplib.SMTPConnectError(code, words)
        self.ehlo_or_helo_if_needed()
        if server.tls == "starttls":
            self.starttls(context=server.context)
            self.ehlo()
        if server.user:
            self.login(server.user, server.password)

    def _get_socket(self, host: str, port: int, timeout: float) -> Any:
        addresses = timed.within(self.server.resolve, host, port, self.deadline)
        line = timed.connected(addresses, port, self.deadline)
        if self.server.tls != "implicit":
            return line
        return timed.secured(line, self.server.context, host)

    def starttls(self, **given: Any) -> tuple[int, bytes]:  # type: ignore[override]
        """Speak TLS from now on; the deadline goes along."""
        self.server.context.sslsocket_class = timed.TimedTLS
        answer = super().starttls(**given)
        self.sock.deadline = self.deadline  # type: ignore[union-attr]
        return answer


class Mail:
    """The channel of mail. ``sender`` and ``reply`` are mailboxes, such as ``Club <club@club.example>``."""

    __slots__ = ("declares", "reply", "sender", "server")

    def __init__(
        self, server: Server, sender: str, reply: str = "", *, repeatable: str = "no"
    ) -> None:
        self.server = server
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
        talk = Talk(self.server, deadline)
        try:
            talk.open()
        except (OSError, smtplib.SMTPException, ValueError) as error:
            talk.close()
            return unopened(error)
        try:
            return delivered(talk, letter)
        finally:
            talk.close()

    def close(self) -> None:
        """Nothing stays open between two mails."""


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
        return Later(cut(talk), all=True)
    try:
        talk.send(b".\r\n")
        code, words = talk.getreply()
    except (OSError, smtplib.SMTPException):
        return Unknown(cut(talk))
    if code == OK:
        part(talk)
        return Accepted(told(words.decode("ascii", "replace"), *hidden))
    return judged(code, words, hidden, "refused")


def cut(talk: Talk) -> str:
    """Return why a conversation broke off: the library calls everything a lost connection."""
    return "too_slow" if time.monotonic() >= talk.deadline else "cut_off"


def part(talk: Talk) -> None:
    """Say goodbye without waiting for an answer: the mail is over whatever the server says to that."""
    try:
        talk.putcmd("quit")
    except (OSError, smtplib.SMTPException):
        return


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
