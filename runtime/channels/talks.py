"""Conversations with a mail server. Rule: each mail has its own deadline, though several go over one connection.

To begin takes longer than to hand a mail over: the connection, TLS, the password. So a conversation is kept for a while,
and asked whether it is still there before the next mail.
"""

from __future__ import annotations

import smtplib
import threading
import time
from contextlib import suppress

from verbline.runtime.channels import timed
from verbline.runtime.channels.guarding import looked_up

TYPE_CHECKING = False
if TYPE_CHECKING:
    import ssl
    from typing import Any

    from verbline.runtime.channels.guarding import Resolve

PORTS = {"implicit": 465, "starttls": 587, "off": 25}
OK = 250
# Servers end what is idle for minutes, and some what has taken a hundred mails.
IDLE_SECONDS = 15.0
MAILS_MAX = 50
GOODBYE_SECONDS = 1.0


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
        self.context = context or (timed.tls() if tls != "off" else None)
        self.resolve = resolve


class Talk(smtplib.SMTP):
    """One conversation with the server. ``deadline`` is that of the mail it carries, ``mails`` how many there were."""

    def __init__(self, server: Server, deadline: float) -> None:
        self.server = server
        self.deadline = deadline
        self.mails = 0
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
        if server.context is not None and server.tls == "starttls":
            self.starttls(context=server.context)
            self.ehlo()
        if server.user:
            self.login(server.user, server.password)

    def _get_socket(self, host: str, port: int, timeout: float) -> Any:
        addresses = timed.within(self.server.resolve, host, port, self.deadline)
        line = timed.connected(addresses, port, self.deadline)
        if self.server.tls != "implicit" or self.server.context is None:
            return line
        return timed.secured(line, self.server.context, host)

    def starttls(self, **given: Any) -> tuple[int, bytes]:  # type: ignore[override]
        """Speak TLS from now on; the deadline goes along."""
        given["context"].sslsocket_class = timed.TimedTLS
        answer = super().starttls(**given)
        self.sock.deadline = self.deadline  # type: ignore[union-attr]
        return answer

    @property
    def is_open(self) -> bool:
        """Whether nothing has ended it yet."""
        return self.sock is not None

    def goes_on(self, deadline: float) -> bool:
        """Return whether the server is still there, with nothing left of the mail before; from now on until ``deadline``."""
        if self.sock is None:
            return False
        self.deadline = deadline
        self.sock.deadline = deadline  # type: ignore[attr-defined]
        self.sock.budget = timed.READ_MAX  # type: ignore[attr-defined]
        try:
            return self.rset()[0] == OK
        except (OSError, smtplib.SMTPException):
            return False

    def part(self) -> None:
        """Say goodbye without waiting for an answer."""
        if self.sock is not None:
            self.sock.deadline = time.monotonic() + GOODBYE_SECONDS  # type: ignore[attr-defined]
            with suppress(OSError, smtplib.SMTPException):
                self.putcmd("quit")
        self.close()


class Talks:
    """The conversations with one server that are not under way. Several threads take and keep them."""

    __slots__ = ("_idle", "_lock", "_server")

    def __init__(self, server: Server) -> None:
        self._server = server
        self._idle: list[tuple[Talk, float]] = []
        self._lock = threading.Lock()

    def take(self, deadline: float) -> Talk:
        """Return a conversation, kept or new. Raises what `Talk.open` raises."""
        while True:
            with self._lock:
                if not self._idle:
                    break
                talk, since = self._idle.pop()
            if time.monotonic() - since < IDLE_SECONDS and talk.goes_on(deadline):
                return talk
            talk.part()
        talk = Talk(self._server, deadline)
        try:
            talk.open()
        except BaseException:
            talk.close()
            raise
        return talk

    def keep(self, talk: Talk) -> None:
        """Keep a conversation for the next mail, unless something has ended it, or it is long enough."""
        talk.mails += 1
        if not talk.is_open or talk.mails >= MAILS_MAX:
            talk.part()
            return
        with self._lock:
            self._idle.append((talk, time.monotonic()))

    def close(self) -> None:
        """End all that is kept."""
        with self._lock:
            ended, self._idle = self._idle, []
        for talk, _since in ended:
            talk.part()
