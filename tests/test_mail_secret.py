"""Mail over TLS, with a name and a password: what is sent in secret stays so, and the deadline goes along."""

import time
from typing import Any

import pytest
from aiosmtpd.smtp import AuthResult, LoginPassword

from tests.certificates import of_client, of_server
from tests.receivers import HANG, Mails, intent, mail_server, plays, web_server
from verbline.runtime.channels.answers import Accepted, Later, Unknown
from verbline.runtime.channels.mail import Mail
from verbline.runtime.channels.talks import Server

SENDER = "Club <club@club.example>"
PASSWORD = "hunter2"  # noqa: S105 - of nobody


def here(host: str, port: int) -> list[str]:
    """Know every name as this machine."""
    assert host.endswith(".example")
    assert port
    return ["127.0.0.1"]


def channel(port: int, tls: str, host: str = "mail.example", **how: Any) -> Mail:
    """Return the channel to a server on this machine that is called ``host``."""
    server = Server(host, port, tls=tls, context=of_client(), resolve=here, **how)
    return Mail(server, SENDER)


def passes(
    _server: object, _session: object, _envelope: object, _kind: str, given: object
) -> AuthResult:
    """Take the one name and password."""
    assert isinstance(given, LoginPassword)
    right = (given.login, given.password) == (b"club", PASSWORD.encode())
    return AuthResult(success=right, handled=right)


# The server of the tests warns of itself.
@pytest.mark.filterwarnings("ignore:Session.login_data is deprecated")
def test_a_mail_goes_over_tls_that_begins_later() -> None:
    """STARTTLS, then the name and the password, then the mail."""
    mails = Mails()
    how = {
        "tls_context": of_server(),
        "require_starttls": True,
        "authenticator": passes,
        "auth_required": True,
    }
    with mail_server(mails, **how) as port:
        found = channel(port, "starttls", user="club", password=PASSWORD)
        assert isinstance(found.send(intent(), time.monotonic() + 5), Accepted)
        wrong = channel(port, "starttls", user="club", password="guess")  # noqa: S106
        assert wrong.send(intent(), time.monotonic() + 5) == Later("not_logged_in", all=True)
        other = channel(port, "starttls", host="other.example", user="club", password=PASSWORD)
        assert other.send(intent(), time.monotonic() + 5) == Later("bad_tls", all=True)
        found.close()
    assert len(mails.messages) == 1


def test_a_mail_goes_over_tls_from_the_start() -> None:
    """Implicit TLS; a server that hangs behind the end is left in time, over TLS too."""
    mails = Mails()
    with mail_server(mails, ssl_context=of_server()) as port:
        found = channel(port, "implicit")
        assert isinstance(found.send(intent(), time.monotonic() + 5), Accepted)
        mails.hang_after_data.set()
        start = time.monotonic()
        assert found.send(intent(), start + 0.4) == Unknown("too_slow")
        assert time.monotonic() - start < 1.5
        mails.goes_on.set()
        found.close()
    assert len(mails.messages) == 2


@pytest.mark.parametrize("tls", ["implicit", "starttls"])
def test_a_handshake_that_hangs_is_left_in_time(tls: str) -> None:
    """Whether it is TLS from the start or later, and whatever comes instead."""
    greeting = (
        b"220 mail.example\r\n250-mail.example\r\n250 STARTTLS\r\n220 go\r\n"
        if tls == "starttls"
        else b""
    )
    for then in (HANG, b"\x16\x03\x01" + b"x" * 4000):
        with web_server(plays(greeting, then)) as server:
            found = channel(server.port, tls)
            start = time.monotonic()
            answer = found.send(intent(), start + 0.4)
            assert time.monotonic() - start < 1.5
            assert isinstance(answer, Later)
            assert answer.reason in ("too_slow", "bad_tls", "not_reached")
