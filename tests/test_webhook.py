"""Webhooks: what a receiver can verify, and what becomes of whatever it does."""

import hmac
import json
import threading
import time
from base64 import b64decode
from email.utils import formatdate

import pytest

from tests.receivers import (
    AT,
    HANG,
    READ,
    RESET,
    Behave,
    Drip,
    Flood,
    Server,
    intent,
    plays,
    request_of,
    says,
    web_server,
)
from verbline.runtime.channels.answers import Accepted, Answer, Later, Refused, Unknown
from verbline.runtime.channels.calls import AFTER_MAX, Caller, Reply, wait_of
from verbline.runtime.channels.guarding import Guard
from verbline.runtime.channels.intent import Intent
from verbline.runtime.channels.signing import signature, signing_key
from verbline.runtime.channels.webhook import Webhook

LOOPBACK = Guard(["127.0.0.0/8"])
SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"  # noqa: S105 - that of the standard's own example
READY = b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"


def sent(server: Server, one: Intent | None = None, seconds: float = 5) -> Answer:
    """Return what becomes of an intent at a server."""
    hook = Webhook(server.url, [signing_key(SECRET)], guard=LOOPBACK, clock=lambda: AT)
    return hook.send(one or intent(), time.monotonic() + seconds)


def test_the_signature_is_that_of_the_standard() -> None:
    """The example of the standard comes out."""
    found = signature(
        signing_key(SECRET), "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, b'{"test": 2432232314}'
    )
    assert found == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def verified(headers: dict[str, str], body: bytes, now: int) -> bool:
    """Return whether a receiver that reads the standard for itself takes the call."""
    if abs(now - int(headers["webhook-timestamp"])) > 300:
        return False
    text = b".".join((headers["webhook-id"].encode(), headers["webhook-timestamp"].encode(), body))
    own = hmac.new(b64decode(SECRET[6:]), text, "sha256").digest()
    given = [one.partition(",") for one in headers["webhook-signature"].split(" ")]
    return any(kind == "v1" and hmac.compare_digest(b64decode(one), own) for kind, _, one in given)


def test_a_receiver_can_verify_what_it_gets() -> None:
    """The call bears the key twice, is signed over every byte, and holds the intent without what is only ours."""
    with web_server(says("204 No Content")) as server:
        assert sent(server, intent(attempts=2)) == Accepted()
        (asked,) = server.asked
    assert asked.first == "POST /hook HTTP/1.1"
    assert asked.headers["host"] == f"127.0.0.1:{server.port}"
    assert asked.headers["webhook-id"] == asked.headers["idempotency-key"] == "0a1b2c"
    assert verified(asked.headers, asked.body, AT // 1000)
    assert not verified(asked.headers, asked.body + b" ", AT // 1000)
    assert not verified(asked.headers, asked.body, AT // 1000 + 301)
    assert not verified({**asked.headers, "webhook-id": "other"}, asked.body, AT // 1000)
    told = json.loads(asked.body)
    assert (told["type"], told["address"]) == ("verbline.message", "tina@mail.example")
    assert told["words"]["subject"] == "Your course"
    assert not {"person", "lane", "attempts", "expires"} & set(told)


def test_a_changed_key_signs_beside_the_old_one() -> None:
    """While a secret is changed both sign, so a receiver may know either."""
    with web_server(says("200 OK")) as server:
        hook = Webhook(server.url, [b"new", signing_key(SECRET)], guard=LOOPBACK, clock=lambda: AT)
        hook.send(intent(), time.monotonic() + 5)
        (asked,) = server.asked
    assert len(asked.headers["webhook-signature"].split()) == 2
    assert verified(asked.headers, asked.body, AT // 1000)


def test_a_receiver_that_honours_keys_has_each_message_once() -> None:
    """Whatever is cut off and sent again, it is there once."""
    kept: dict[str, bytes] = {}
    calls: list[str] = []

    def keeps(line: object, server: Server) -> None:
        asked = request_of(line)  # type: ignore[arg-type]
        if asked is None:
            return
        key = asked.headers["idempotency-key"]
        calls.append(key)
        kept.setdefault(key, asked.body)
        if len(calls) % 2:
            play = plays(RESET) if len(calls) % 4 == 1 else plays()
            play(line, server)  # type: ignore[arg-type]
        else:
            plays(READY)(line, server)  # type: ignore[arg-type]

    with web_server(keeps) as server:
        for number in range(6):
            one = intent(key=f"k{number}")
            assert isinstance(sent(server, one), Unknown)
            assert sent(server, one) == Accepted()
    assert list(kept) == [f"k{number}" for number in range(6)]
    assert len(calls) == 12


STATUSES = [
    ("200 OK", Accepted()),
    ("202 Accepted", Accepted()),
    ("204 No Content", Accepted()),
    ("301 Moved", Later("redirected", "301", all=True)),
    ("302 Found", Later("redirected", "302", all=True)),
    ("307 Temporary Redirect", Later("redirected", "307", all=True)),
    ("400 Bad Request", Refused("refused", "400")),
    ("401 Unauthorized", Later("not_allowed", "401", all=True)),
    ("404 Not Found", Later("no_such_place", "404", all=True)),
    ("408 Request Timeout", Later("not_now", "408")),
    ("409 Conflict", Later("not_now", "409")),
    ("410 Gone", Refused("gone", "410", closes=True)),
    ("413 Too Large", Refused("refused", "413")),
    ("422 Unprocessable", Refused("refused", "422")),
    ("429 Too Many", Later("too_many", "429", all=True)),
    ("500 Oops", Later("receiver_failed", "500")),
    ("502 Bad Gateway", Unknown("gateway", "502")),
    ("503 Unavailable", Later("not_now", "503", all=True)),
    ("504 Gateway Timeout", Unknown("gateway", "504")),
    ("599 Odd", Later("receiver_failed", "599")),
]


@pytest.mark.parametrize(("status", "answer"), STATUSES, ids=[status for status, _ in STATUSES])
def test_what_a_status_means(status: str, answer: Answer) -> None:
    """Taken, later, never, unknown: by the status alone, and a redirect is not followed."""
    with web_server(says(status, "Location: http://127.0.0.1:1/")) as server:
        assert sent(server) == answer
        assert server.connections == 1


WAITS = [
    ("7", 7000), ("0", 0), ("1000000000", AFTER_MAX), ("9" * 400, AFTER_MAX), ("-5", None), ("", None), ("soon", None), ("1.5", None),
    ("1e9", None), ("٣", None), (formatdate(AT / 1000 + 60, usegmt=True), 60_000), (formatdate(AT / 1000 - 60, usegmt=True), None),
    ("Fri, 31 Dec 9999 23:59:59 GMT", AFTER_MAX), ("Mon, 99 Foo 2026 99:99:99 GMT", None), ("\x00", None), ("7, 8", None),
]  # fmt: skip


@pytest.mark.parametrize(("text", "wait"), WAITS, ids=[ascii(text)[:20] for text, _ in WAITS])
def test_what_retry_after_asks_for(text: str, wait: int | None) -> None:
    """Seconds and dates are heard, a day at the most; nonsense is not."""
    assert wait_of(text, AT) == wait
    if text.isprintable() and text.isascii():
        with web_server(says("429 Too Many", f"Retry-After: {text}")) as server:
            assert sent(server) == Later("too_many", "429", wait, all=True)


# What the receiver does, and what becomes of the message: nothing has left, or nobody knows.
MISBEHAVES: dict[str, tuple[Behave, Answer | None]] = {
    "accepts and hangs": (plays(HANG), Unknown("too_slow")),
    "closes at once": (plays(), None),
    "resets at once": (plays(RESET), None),
    "reads and resets": (plays(READ, RESET), Unknown("cut_off")),
    "reads and closes": (plays(READ), Unknown("cut_off")),
    "half a status line": (plays(READ, b"HTTP/1.1 20"), Unknown("cut_off")),
    "closes after the status": (plays(READ, b"HTTP/1.1 200 OK\r\n"), Accepted()),
    "half a body": (plays(READ, b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc"), Accepted()),
    "one byte a second": (plays(READ, Drip(READY * 20)), Unknown("too_slow")),
    "endless headers": (
        plays(READ, b"HTTP/1.1 200 OK\r\n", Flood(b"x: y\r\n")),
        Unknown("cut_off"),
    ),
    "an endless header": (
        plays(READ, b"HTTP/1.1 200 OK\r\nx: ", Flood(b"y" * 999)),
        Unknown("cut_off"),
    ),
    "endless body": (plays(READ, b"HTTP/1.1 200 OK\r\n\r\n", Flood(b"y" * 9999)), Accepted()),
    "endless hundreds": (plays(READ, Flood(b"HTTP/1.1 100 Continue\r\n\r\n")), Unknown("cut_off")),
    "another protocol": (plays(READ, b"220 mail.example ESMTP\r\n"), Unknown("cut_off")),
    "status of five digits": (plays(READ, b"HTTP/1.1 20000 OK\r\n\r\n"), Unknown("cut_off")),
    "status that is none": (plays(READ, b"HTTP/1.1 abc OK\r\n\r\n"), Unknown("cut_off")),
    "nothing but zeros": (plays(READ, b"\0" * 4000), Unknown("cut_off")),
    "says yes before it has read": (plays(READY), None),
}


@pytest.mark.parametrize(("behaves", "answer"), MISBEHAVES.values(), ids=MISBEHAVES)
def test_a_receiver_that_misbehaves_takes_no_more_than_its_time(
    behaves: Behave, answer: Answer | None
) -> None:
    """The call is over when its time is, whatever comes byte by byte, and what nobody knows is called unknown."""
    with web_server(behaves) as server:
        start = time.monotonic()
        found = sent(server, seconds=0.5)
        assert time.monotonic() - start < 1.5
        if answer is None:
            # Whether all of it was gone by then, and an answer there, depends on the kernel.
            assert isinstance(found, Later | Unknown | Accepted)
        else:
            # On a busy machine the time may be up before too much was said.
            assert found == answer or (type(found) is type(answer) is Unknown)


def test_a_body_that_breaks_off_changes_nothing() -> None:
    """Where an adapter reads the body too, the status still says what became of the call."""
    bodies = {
        b"Content-Length: 99\r\n\r\nhalf": b"half",
        b"\r\nall of it": b"all of it",
        b"Transfer-Encoding: chunked\r\n\r\nzz\r\n": b"",
        b"Content-Length: x\r\n\r\nall": b"all",
    }
    for body, read in bodies.items():
        with web_server(plays(READ, b"HTTP/1.1 201 Created\r\n" + body)) as server:
            caller = Caller(server.url, lambda: AT, LOOPBACK)
            reply = caller.post({}, b"{}", time.monotonic() + 5, read_max=99)
            assert isinstance(reply, Reply)
            assert (reply.status, reply.body) == (201, read)
    drips = plays(READ, b"HTTP/1.1 201 Created\r\nContent-Length: 999\r\n\r\n", Drip(b"x" * 999))
    with web_server(drips) as server:
        reply = Caller(server.url, lambda: AT, LOOPBACK).post(
            {}, b"{}", time.monotonic() + 0.4, 999
        )
        assert isinstance(reply, Reply)
        assert reply.judged() == Accepted()


def test_a_name_that_nobody_answers_for_takes_no_more_than_its_time() -> None:
    """A look-up that hangs is left behind."""
    over = threading.Event()

    def slow(host: str, port: int) -> list[str]:
        over.wait(10)
        raise OSError(host, port)

    hook = Webhook("https://slow.example/", guard=Guard(resolve=slow))
    start = time.monotonic()
    assert hook.send(intent(), start + 0.3) == Later("too_slow", all=True)
    assert time.monotonic() - start < 1.5
    over.set()
