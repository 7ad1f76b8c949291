"""One call to a web server. Rule: what is handed over whole and not answered is `Unknown`, whatever broke.

The target is looked up once, checked, and that very address is connected to; certificate and ``Host`` are those of the
name. Redirects are not followed: they would lead past the check.

Built on the standard library: a deadline for the whole of a call, and a connection to an address that was checked before,
need the socket itself.
"""

from __future__ import annotations

import http.client
import ssl
from datetime import UTC
from email.utils import parsedate_to_datetime

from verbline.runtime.channels import timed
from verbline.runtime.channels.answers import Accepted, Later, Refused, Unknown
from verbline.runtime.channels.guarding import Guard, TargetError, target_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from verbline.runtime.channels.answers import Answer

AGENT = "verbline"
AFTER_MAX = 24 * 3_600_000
SECONDS_DIGITS_MAX = 18
# What the status means that is neither 2xx nor a refusal of this message.
LATER = {408: "not_now", 409: "not_now", 421: "not_now", 425: "not_now"}
LATER_ALL = {
    401: "not_allowed", 403: "not_allowed", 404: "no_such_place", 405: "no_such_place", 407: "not_allowed",
    429: "too_many", 503: "not_now", 507: "not_now",
}  # fmt: skip
# Something between us and the receiver gave up: the receiver may have it.
UNSURE = (502, 504)
GONE = 410


class Reply:
    """What a server said: ``status``, ``after`` as `wait_of` gives it, and the ``body`` as far as it was asked for."""

    __slots__ = ("after", "body", "status")

    def __init__(self, status: int, after: int | None, body: bytes) -> None:
        self.status = status
        self.after = after
        self.body = body

    def judged(self, id: str = "") -> Answer:  # noqa: A002 - as `Accepted` calls it
        """Return what the status means; ``id`` is how the receiver calls what it took."""
        status, after = self.status, self.after
        if 200 <= status < 300:
            return Accepted(id)
        if status == GONE:
            return Refused("gone", str(status), closes=True)
        if status in UNSURE:
            return Unknown("gateway", str(status))
        if 300 <= status < 400:
            return Later("redirected", str(status), all=True)
        if status in LATER_ALL:
            return Later(LATER_ALL[status], str(status), after, all=True)
        if status in LATER or status >= 500:
            return Later(LATER.get(status, "receiver_failed"), str(status), after)
        return Refused("refused", str(status))


class Caller:
    """Posts to ``url``. ``guard`` says what may be reached; ``clock`` is asked for dates in ``Retry-After``."""

    __slots__ = ("_clock", "_context", "_guard", "_target")

    def __init__(
        self,
        url: str,
        clock: Callable[[], int],
        guard: Guard | None = None,
        context: ssl.SSLContext | None = None,
    ) -> None:
        self._target = target_of(url)
        self._clock = clock
        self._guard = guard or Guard()
        # Reading what the machine trusts takes longer than a call.
        self._context = context or (timed.tls() if self._target.scheme == "https" else None)

    def post(
        self, headers: Mapping[str, str], body: bytes, deadline: float, read_max: int = 0
    ) -> Reply | Later | Unknown:
        """Post ``body``, which is not empty, and return the reply with ``read_max`` bytes of its body at most."""
        assert body, "the last byte makes the request"
        try:
            line = self._connected(deadline)
        except TargetError as error:
            return Later("forbidden_target", str(error), all=True)
        except TimeoutError:
            return Later("too_slow", all=True)
        except ssl.SSLError:
            return Later("bad_tls", all=True)
        except (OSError, ValueError):
            return Later("not_reached", all=True)
        with line:
            return self._exchanged(line, headers, body, read_max)

    def _connected(self, deadline: float) -> timed.Timed | timed.TimedTLS:
        target = self._target
        addresses = self._guard.addresses(target, self._looked_up(deadline))
        line = timed.connected(addresses, target.port, deadline)
        if self._context is None or target.scheme == "http":
            return line
        return timed.secured(line, self._context, target.host)

    def _looked_up(self, deadline: float) -> Callable[[str, int], list[str]]:
        resolve = self._guard.resolve
        return lambda host, port: timed.within(resolve, host, port, deadline)

    def _exchanged(
        self,
        line: timed.Timed | timed.TimedTLS,
        headers: Mapping[str, str],
        body: bytes,
        read_max: int,
    ) -> Reply | Later | Unknown:
        connection = http.client.HTTPConnection(self._target.host)
        connection.sock = line
        try:
            self._say(connection, headers, body)
        except (OSError, http.client.HTTPException, ValueError) as error:
            return Later(broken(error), all=True)
        try:
            # From here on the receiver may have it, whatever happens to us.
            line.sendall(body[-1:])
            with connection.getresponse() as response:
                after = wait_of(response.headers.get("Retry-After", ""), self._clock())
                return Reply(response.status, after, body_of(response, read_max))
        except (OSError, http.client.HTTPException, ValueError) as error:
            return Unknown(broken(error))

    def _say(
        self, connection: http.client.HTTPConnection, headers: Mapping[str, str], body: bytes
    ) -> None:
        """Send the request but for its last byte: what lacks a byte is no request."""
        target = self._target
        connection.putrequest("POST", target.path, skip_host=True, skip_accept_encoding=True)
        own = {
            "Host": target.authority,
            "User-Agent": AGENT,
            "Content-Length": str(len(body)),
            "Connection": "close",
        }
        for name, value in {**headers, **own}.items():
            if value:
                connection.putheader(name, value)
        connection.endheaders(body[:-1])


def body_of(response: http.client.HTTPResponse, size: int) -> bytes:
    """Return the beginning of a body; nothing where it breaks off. The status has said already what became of the call."""
    try:
        return response.read(size) if size else b""
    except (OSError, http.client.HTTPException, ValueError):
        return b""


def broken(error: Exception) -> str:
    """Return why a call broke off."""
    return "too_slow" if isinstance(error, TimeoutError) else "cut_off"


def wait_of(text: str, at: int) -> int | None:
    """Return how many milliseconds ``Retry-After`` asks for, a day at most; None where it asks for nothing that makes sense.

    ``at`` is the instant, in milliseconds since 1970 UTC, from which a date is counted.
    """
    text = text.strip()
    if text.isascii() and text.isdigit():
        seconds = int(text[:SECONDS_DIGITS_MAX])
        return min(seconds * 1000, AFTER_MAX)
    try:
        instant = parsedate_to_datetime(text)
        if instant.tzinfo is None:
            instant = instant.replace(tzinfo=UTC)
        wait = int(instant.timestamp() * 1000) - at
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return min(wait, AFTER_MAX) if wait > 0 else None
