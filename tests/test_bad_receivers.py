"""Receivers that fail in every way, over a real store. Rule: none of them holds up another channel, or has a message twice under two keys.

What each single failure means is said here for what breaks before a request is whole; `tests/test_webhook.py` says the rest.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from pathlib import Path
from random import Random

import pytest

from tests.certificates import of_client
from tests.receivers import (
    HANG,
    READ,
    RESET,
    Behave,
    Drip,
    Flood,
    Server,
    intent,
    plays,
    says,
    web_server,
)
from verbline.runtime.channels.answers import Later
from verbline.runtime.channels.calls import Caller
from verbline.runtime.channels.courier import Courier
from verbline.runtime.channels.guarding import Guard
from verbline.runtime.channels.webhook import Webhook
from verbline.runtime.store.outbox import SENT, Outbox
from verbline.runtime.store.writer import Writer

READY = b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"
LOOPBACK = "127.0.0.0/8"
# More than any buffer between us and a receiver that does not read.
LARGE = b"x" * (16 << 20)
GOOD, MANY = "good", 40


def here(host: str, port: int) -> list[str]:
    """Know every name as this machine."""
    assert host.endswith(".example")
    assert port
    return ["127.0.0.1"]


def nobody(host: str, port: int) -> list[str]:
    """Know no name."""
    raise OSError(-2, f"Name or service not known: {host}, {port}")


def closed_port() -> int:
    """Return a port at which nobody listens."""
    with web_server(plays()) as server:
        return server.port


def posted(
    url: str,
    resolve: Callable[[str, int], list[str]] = here,
    body: bytes = b"{}",
    seconds: float = 0.6,
) -> object:
    """Post something to a receiver that is called by a name, and return what became of it, in time."""
    caller = Caller(url, lambda: 0, Guard([LOOPBACK], resolve), of_client())
    start = time.monotonic()
    try:
        return caller.post({}, body, start + seconds)
    finally:
        assert time.monotonic() - start < seconds + 1


# What happens before a request is whole: nothing has left.
BEFORE: dict[str, tuple[Behave, str]] = {
    "TLS that is none": (plays(b"HTTP/1.1 400 Bad Request\r\n\r\n"), "bad_tls"),
    "TLS that hangs": (plays(HANG), "too_slow"),
    "TLS that is reset": (plays(RESET), "not_reached"),
    "TLS that is cut off": (plays(), "bad_tls"),
}


@pytest.mark.parametrize(("behaves", "reason"), BEFORE.values(), ids=BEFORE)
def test_what_breaks_before_the_request_is_for_later(behaves: Behave, reason: str) -> None:
    """Nobody has it, so all that waits for this receiver waits on."""
    with web_server(behaves) as server:
        found = posted(f"https://hook.example:{server.port}/")
    assert isinstance(found, Later)
    assert found.all
    # How an end of the line is told is up to the library of TLS.
    assert found.reason in {reason, "bad_tls", "not_reached"} if reason != "too_slow" else found.reason == reason  # fmt: skip


def test_a_name_that_nobody_knows_and_a_port_without_anybody_are_for_later() -> None:
    """Neither is a reason to give up."""
    assert posted("https://hook.example/", nobody) == Later("not_reached", all=True)
    assert posted(f"http://hook.example:{closed_port()}/") == Later("not_reached", all=True)


@pytest.mark.parametrize("ending", [RESET, HANG], ids=["reset", "hang"])
def test_a_body_that_is_not_taken_whole_has_not_left(ending: str) -> None:
    """A receiver that goes, or reads no further, while the body is being sent."""
    with web_server(plays(ending)) as server:
        found = posted(f"http://hook.example:{server.port}/", body=LARGE)
    assert isinstance(found, Later)
    assert found.all
    assert found.reason in {"cut_off", "too_slow", "not_reached"}


# Each on a channel of its own, all at once, beside one that is well.
ALL: dict[str, Behave] = {
    "hangs": plays(HANG),
    "hangs behind the request": plays(READ, HANG),
    "resets": plays(RESET),
    "resets behind the request": plays(READ, RESET),
    "half an answer": plays(READ, b"HTTP/1.1 20"),
    "half a body": plays(READ, b"HTTP/1.1 503 Busy\r\nContent-Length: 9\r\n\r\nabc"),
    "drips": plays(READ, Drip(READY * 50)),
    "floods": plays(READ, b"HTTP/1.1 200 OK\r\nx: ", Flood(b"y" * 999)),
    "too many": says("429 Too Many", "Retry-After: -5"),
    "too many for long": says("429 Too Many", f"Retry-After: {'9' * 30}"),
    "fails": says("500 Oops"),
    "gone": says("410 Gone"),
    "elsewhere": says("307 Elsewhere", "Location: http://127.0.0.1:1/"),
}


def couriers(stack: ExitStack, outbox: Outbox) -> Iterator[tuple[str, Courier, Server]]:
    """Yield a courier for each receiver, and the server behind it."""
    for name, behaves in {**ALL, GOOD: says("200 OK")}.items():
        server = stack.enter_context(web_server(behaves))
        hook = Webhook(server.url, guard=Guard([LOOPBACK]))
        yield name, Courier(name, hook, outbox, timeout=60_000, random=Random(1)), server  # noqa: S311


def settled(outbox: Outbox, channel: str) -> int:
    """Return how much was sent on a channel."""
    return sum(one.intent.channel == channel for one in outbox.rows(SENT))


def test_no_receiver_holds_up_another_channel(tmp_path: Path) -> None:
    """All is sent where a receiver is well, while the others hang: they end when the test says so, and not before."""
    with closing(Writer(tmp_path / "s.db")) as writer, ExitStack() as stack:
        outbox = Outbox(writer)
        made = list(couriers(stack, outbox))
        for name, _, _ in made:
            outbox.put(intent(key=f"{name}-{one}", person=f"P{one}", channel=name, at=0) for one in range(MANY))  # fmt: skip
        for _, courier, _ in made:
            courier.start()
        deadline = time.monotonic() + 30
        while settled(outbox, GOOD) < MANY and time.monotonic() < deadline:
            time.sleep(0.02)
        states = {name: settled(outbox, name) for name, _, _ in made}
        under_way = {one.intent.channel for one in outbox.rows("sending")}
        for _, courier, server in made:
            server.over.set()
            courier.end()
        ended = [courier.stop(20) for _, courier, _ in made]
        keys = [asked.headers["webhook-id"] for _, _, server in made for asked in server.asked]
        faults = [courier.fault for _, courier, _ in made]
    assert states == {**dict.fromkeys(ALL, 0), GOOD: MANY}
    assert {"hangs", "hangs behind the request", "drips"} <= under_way
    assert all(ended)
    assert faults == [None] * len(made)
    assert len({key for key in keys if key.startswith(GOOD)}) == MANY
    assert sum(key.startswith(GOOD) for key in keys) == MANY
