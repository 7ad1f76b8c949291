"""Receivers on this machine alone: a mail server, a web server that behaves, and one that does not. Rule: all of them end.

What a receiver says to one message is a function of the connection, so each misbehaviour is a few lines.
"""

from __future__ import annotations

import asyncio
import socket
import struct
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from verbline.runtime.channels.intent import Intent, Words

AT = 1_773_043_200_000  # 2026-03-09T08:00:00Z


def intent(**changed: Any) -> Intent:
    """Return a mail to somebody, with what is changed in it."""
    words = Words(subject="Your course", text="Hello,\n\nwe meet on Monday.\n")
    given: dict[str, Any] = {
        "key": "0a1b2c", "kind": "message", "channel": "email", "address": "tina@mail.example", "words": words,
        "at": AT, "person": "P1", "message": "Your course", "purpose": "course service", "cls": "service",
    }  # fmt: skip
    return Intent(**{**given, **changed})


class Mails:
    """What a mail server was handed, and what it says: ``rcpt`` and ``data`` are replies in place of its own."""

    def __init__(self) -> None:
        self.envelopes: list[Envelope] = []
        self.peers: list[object] = []
        self.rcpt = ""
        self.mail = ""
        self.data = ""
        self.hang_after_data = threading.Event()
        self.goes_on = threading.Event()
        self.cut_after_data = False

    @property
    def messages(self) -> list[EmailMessage]:
        """The mails, as a reader sees them."""
        found = [
            message_from_bytes(one.original_content or b"", policy=default)
            for one in self.envelopes
        ]
        assert all(isinstance(one, EmailMessage) for one in found)
        return found

    def _hang(self) -> None:
        if self.hang_after_data.is_set():
            self.goes_on.wait(10)

    async def handle_MAIL(  # noqa: N802 - as the library calls it
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Answer to the sender."""
        self.peers.append(session.peer)
        if self.mail:
            return self.mail
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return "250 OK"

    async def handle_RCPT(  # noqa: N802 - as the library calls it
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Answer to the recipient."""
        if self.rcpt:
            return self.rcpt
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        """Take the mail."""
        if self.data:
            return self.data
        self.envelopes.append(envelope)
        if self.cut_after_data:
            server.transport.abort()  # type: ignore[union-attr]
        await asyncio.get_running_loop().run_in_executor(None, self._hang)
        return "250 taken as 17"


@contextmanager
def mail_server(mails: Mails, **how: Any) -> Iterator[int]:
    """Run a mail server for ``mails`` and yield its port."""
    controller = Controller(mails, hostname="127.0.0.1", port=0, **{"enable_SMTPUTF8": True, **how})
    # The library asks its own port whether it has started, so the port has to be known before.
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        controller.port = probe.getsockname()[1]
    mails.goes_on.clear()
    controller.start()
    try:
        yield controller.port
    finally:
        mails.goes_on.set()
        controller.stop()


class Asked:
    """One request: its headers by their small names, and its body."""

    def __init__(self, head: bytes, body: bytes) -> None:
        first, *rest = head.decode("latin-1").split("\r\n")
        self.first = first
        fields = [line.partition(":") for line in rest]
        self.headers = {name.lower(): value.strip() for name, _, value in fields}
        self.body = body


def request_of(line: socket.socket) -> Asked | None:
    """Return the request that came, whole; None where the other side went."""
    read = b""
    while b"\r\n\r\n" not in read:
        piece = line.recv(65536)
        if not piece:
            return None
        read += piece
    head, _, body = read.partition(b"\r\n\r\n")
    asked = Asked(head, b"")
    while len(body) < int(asked.headers.get("content-length", 0)):
        piece = line.recv(65536)
        if not piece:
            return None
        body += piece
    return Asked(head, body)


Behave = Callable[[socket.socket, "Server"], None]


class Server:
    """A server of one behaviour. ``over`` is set when the test ends, so that what hangs stops hanging."""

    def __init__(self, behave: Behave) -> None:
        self.behave = behave
        self.over = threading.Event()
        self.asked: list[Asked] = []
        self.connections = 0
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listening.getsockname()[1]
        self._threads = [threading.Thread(target=self._listen, name="receiver")]
        self._threads[0].start()

    @property
    def url(self) -> str:
        """Where it is."""
        return f"http://127.0.0.1:{self.port}/hook"

    def _listen(self) -> None:
        while not self.over.is_set():
            try:
                line, _ = self._listening.accept()
            except OSError:
                return
            self.connections += 1
            thread = threading.Thread(target=self._serve, args=(line,), name="receiver")
            self._threads.append(thread)
            thread.start()

    def _serve(self, line: socket.socket) -> None:
        with line, suppress(OSError):
            line.settimeout(20)
            self.behave(line, self)

    def close(self) -> None:
        """Stop, and wait for everything that ran."""
        self.over.set()
        with suppress(OSError):
            self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()
        for thread in self._threads:
            thread.join(10)
            assert not thread.is_alive()


@contextmanager
def web_server(behave: Behave) -> Iterator[Server]:
    """Run a server on this machine and yield it."""
    server = Server(behave)
    try:
        yield server
    finally:
        server.close()


class Drip:
    """Some bytes, one at a time."""

    def __init__(self, content: bytes) -> None:
        self.content = content


class Flood:
    """Some bytes, again and again."""

    def __init__(self, content: bytes) -> None:
        self.content = content


HANG, RESET, READ, READ_MAIL = "hang", "reset", "read", "read mail"


def plays(*moves: bytes | str | Drip | Flood) -> Behave:
    """Return a behaviour made of moves: bytes are sent; ``HANG`` waits, ``RESET`` breaks off, ``READ`` reads the request."""

    def behave(line: socket.socket, server: Server) -> None:
        for move in moves:
            play(move, line, server)

    return behave


def play(move: bytes | str | Drip | Flood, line: socket.socket, server: Server) -> None:
    """Make one move."""
    match move:
        case bytes():
            line.sendall(move)
        case Drip():
            for at in range(len(move.content)):
                line.sendall(move.content[at : at + 1])
                server.over.wait(0.05)
        case Flood():
            while not server.over.is_set():
                line.sendall(move.content)
        case "read":
            asked = request_of(line)
            if asked is not None:
                server.asked.append(asked)
        case "read mail":
            read = b""
            while b"\r\n.\r\n" not in read and (piece := line.recv(65536)):
                read += piece
        case "reset":
            line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            line.close()
        case _:
            server.over.wait(10)


def says(status: str, *headers: str, body: bytes = b"") -> Behave:
    """Return a behaviour that reads the request and answers with a status, such as ``200 OK``."""

    def behave(line: socket.socket, server: Server) -> None:
        asked = request_of(line)
        if asked is None:
            return
        server.asked.append(asked)
        lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", *headers, "", ""]
        line.sendall("\r\n".join(lines).encode("latin-1") + body)

    return behave
