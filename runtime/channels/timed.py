"""Connections that end in time. Rule: a deadline is for all that happens, not for each part of it.

A receiver that sends one byte a second never lets a time-out for one read run out. So every read and write of these
sockets first asks how much time is left in all.
"""

from __future__ import annotations

import socket
import ssl
import threading
import time
from ipaddress import ip_address
from typing import Any

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

# More than this nobody has to say to one message.
READ_MAX = 1 << 20


def left(deadline: float) -> float:
    """Return how many seconds are left. `TimeoutError` where none is."""
    seconds = deadline - time.monotonic()
    if seconds <= 0:
        raise TimeoutError("The time is up.")
    return seconds


def spent(budget: int, count: int) -> int:
    """Return what is left of a budget. `ConnectionError` where nothing is."""
    if count > budget:
        raise ConnectionError("The receiver says too much.")
    return budget - count


class Timed(socket.socket):
    """A socket with a ``deadline``, an instant of `time.monotonic`, and a ``budget`` of bytes that it reads at most."""

    deadline = 0.0
    budget = READ_MAX

    def recv_into(self, *given: Any, **named: Any) -> int:
        """Read what has come, before the deadline."""
        self.settimeout(left(self.deadline))
        count = super().recv_into(*given, **named)
        self.budget = spent(self.budget, count)
        return count

    def sendall(self, *given: Any, **named: Any) -> None:
        """Write everything, before the deadline."""
        self.settimeout(left(self.deadline))
        super().sendall(*given, **named)


class TimedTLS(ssl.SSLSocket):
    """The same over TLS."""

    deadline = 0.0
    budget = READ_MAX

    def recv_into(self, *given: Any, **named: Any) -> int:
        """Read what has come, before the deadline."""
        self.settimeout(left(self.deadline))
        count = super().recv_into(*given, **named)
        self.budget = spent(self.budget, count)
        return count

    def send(self, *given: Any, **named: Any) -> int:
        """Write some, before the deadline; `sendall` comes here for each part."""
        self.settimeout(left(self.deadline))
        return super().send(*given, **named)


def tls() -> ssl.SSLContext:
    """Return what a connection over TLS is made with: certificates are checked, and names."""
    return ssl.create_default_context()


def connected(addresses: Iterable[str], port: int, deadline: float) -> Timed:
    """Return a connection to the first of ``addresses`` that takes it. `OSError` where none does."""
    failed: OSError = ConnectionError("There is no address.")
    for address in addresses:
        family = socket.AF_INET6 if ":" in address else socket.AF_INET
        line = Timed(family, socket.SOCK_STREAM)
        try:
            line.deadline = deadline
            line.settimeout(left(deadline))
            line.connect((address, port))
            line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        except TimeoutError:
            line.close()
            raise
        except OSError as error:
            line.close()
            failed = error
        else:
            return line
    raise failed


def secured(line: Timed, context: ssl.SSLContext, name: str) -> TimedTLS:
    """Return the connection over TLS; ``name`` is whose certificate is asked for. It owns ``line`` from now on."""
    context.sslsocket_class = TimedTLS
    try:
        line.settimeout(left(line.deadline))
        wrapped = context.wrap_socket(line, server_hostname=name)
    except BaseException:
        line.close()
        raise
    assert isinstance(wrapped, TimedTLS), "the context makes what it was told"
    wrapped.deadline = line.deadline
    return wrapped


def within(
    resolve: Callable[[str, int], Iterable[str]], host: str, port: int, deadline: float
) -> list[str]:
    """Return the addresses behind ``host``. `TimeoutError` where nobody says them in time, `OSError` where nobody knows.

    A look-up cannot be called off. One that takes too long is left to end by itself.
    """
    try:
        return [str(ip_address(host))]
    except ValueError:
        pass
    found: list[list[str] | Exception] = []

    def look() -> None:
        try:
            found.append(list(resolve(host, port)))
        except (OSError, ValueError) as error:
            found.append(error)

    thread = threading.Thread(target=look, name="look-up", daemon=True)
    try:
        thread.start()
    except RuntimeError as error:
        raise OSError("There is no room for another thread.") from error
    thread.join(left(deadline))
    if not found:
        raise TimeoutError("Nobody said in time where the name leads.")
    if isinstance(found[0], Exception):
        raise found[0]
    return found[0]
