"""Webhooks over TLS: the connection is that of the checked address, and the certificate that of the name."""

import time

from tests.certificates import of_client, of_server
from tests.receivers import HANG, Behave, Server, intent, plays, says, web_server
from verbline.runtime.channels.answers import Accepted, Later
from verbline.runtime.channels.guarding import Guard
from verbline.runtime.channels.webhook import Webhook


def over_tls(seen: list[str | None]) -> Behave:
    """Return a behaviour that speaks TLS and then answers."""
    context = of_server()
    context.sni_callback = lambda _line, name, _context: seen.append(name)

    def behave(line: object, server: Server) -> None:
        with context.wrap_socket(line, server_side=True) as wrapped:  # type: ignore[arg-type]
            says("200 OK")(wrapped, server)

    return behave


def here(host: str, port: int) -> list[str]:
    """Know every name as this machine."""
    assert host.endswith(".example")
    assert port
    return ["127.0.0.1"]


def test_the_certificate_is_that_of_the_name_and_the_connection_that_of_the_address() -> None:
    """The checked address is connected to, and the name stands in the handshake, the certificate and the header."""
    context = of_client()
    seen: list[str | None] = []
    with web_server(over_tls(seen)) as server:
        guard = Guard(["127.0.0.1/32"], here)
        for host, expected in (
            ("hook.example", Accepted()),
            ("other.example", Later("bad_tls", all=True)),
        ):
            hook = Webhook(f"https://{host}:{server.port}/x", guard=guard, context=context)
            assert hook.send(intent(), time.monotonic() + 5) == expected
    assert seen == ["hook.example", "other.example"]
    assert [one.headers["host"] for one in server.asked] == [f"hook.example:{server.port}"]


def test_a_certificate_that_nobody_vouches_for_is_not_spoken_to() -> None:
    """Signed by itself, not TLS at all, or hanging in the handshake: nothing has left."""
    guard = Guard(["127.0.0.1/32"], here)
    cases = [
        (over_tls([]), "bad_tls"),
        (plays(b"HTTP/1.1 400 Bad Request\r\n\r\n" * 9), "bad_tls"),
        (plays(HANG), "too_slow"),
    ]
    for behaves, reason in cases:
        with web_server(behaves) as server:
            hook = Webhook(f"https://hook.example:{server.port}/x", guard=guard)
            start = time.monotonic()
            assert hook.send(intent(), start + 0.5) == Later(reason, all=True)
            assert time.monotonic() - start < 1.5
            assert server.asked == []
