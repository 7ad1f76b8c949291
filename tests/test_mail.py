"""Mail: what a server on this machine receives, and what becomes of what it says."""

import re
import time
from email import message_from_bytes
from email.policy import default
from email.utils import parsedate_to_datetime

import pytest

from tests.receivers import (
    AT,
    HANG,
    READ_MAIL,
    RESET,
    Behave,
    Drip,
    Flood,
    Mails,
    intent,
    mail_server,
    plays,
    web_server,
)
from verbline.runtime.channels.answers import Accepted, Answer, Later, Refused, Unknown, told
from verbline.runtime.channels.intent import Intent, Words
from verbline.runtime.channels.letters import letter_of
from verbline.runtime.channels.mail import Mail
from verbline.runtime.channels.talks import Server

SENDER = "Klub čebelarjev <klub@klub.example>"
LEAVE = {"leave": "https://club.example/v/AWw.x"}


def sent(mails: Mails, one: Intent, seconds: float = 5, **how: object) -> Answer:
    """Return what becomes of an intent at a server that speaks for ``mails``."""
    with mail_server(mails, **how) as port:
        channel = Mail(Server("127.0.0.1", port, tls="off"), SENDER, "reply@klub.example")
        answer = channel.send(one, time.monotonic() + seconds)
        channel.close()
        return answer


def test_a_mail_arrives_as_it_was_meant() -> None:
    """Names, subject, words, both parts and the headers are those of the intent, beyond ASCII too."""
    words = Words(
        subject="Vaš tečaj: žogica 🏐",
        text="Živjo.\n.\nFrom here on\r\nčšž\n",
        html="<p>Živjo &amp; čšž</p>",
    )
    mails = Mails()
    answer = sent(mails, intent(words=words, language="sl"))
    assert answer == Accepted("taken as 17")
    (envelope,), (mail,) = mails.envelopes, mails.messages
    assert (envelope.mail_from, envelope.rcpt_tos) == ("klub@klub.example", ["tina@mail.example"])
    assert (mail["To"], mail["From"]) == ("tina@mail.example", SENDER)
    assert (mail["Subject"], mail["Reply-To"]) == (words.subject, "reply@klub.example")
    assert mail["Message-ID"] == "<0a1b2c@klub.example>"
    assert parsedate_to_datetime(mail["Date"]).timestamp() * 1000 == AT
    assert (mail["Auto-Submitted"], mail["Content-Language"]) == ("auto-generated", "sl")
    plain, rich = mail.iter_parts()
    assert plain.get_content().replace("\r\n", "\n") == "Živjo.\n.\nFrom here on\nčšž\n"
    assert rich.get_content().strip() == words.html
    content = envelope.original_content or b""
    assert content.isascii()
    assert b"\r" not in content.replace(b"\r\n", b"")
    assert b"\n" not in content.replace(b"\r\n", b"")


def test_the_same_intent_is_the_same_mail() -> None:
    """A retry differs in no byte."""
    words = Words(subject="x", text="=_0a1b2c\n--=_0a1b2c--\n", html="<p>--=_0a1b2c--")
    one, again = (letter_of(intent(attempts=number, words=words), SENDER) for number in (0, 3))
    assert one.content == again.content
    plain, rich = message_from_bytes(one.content, policy=default).iter_parts()
    assert plain.get_content().replace("\r\n", "\n") == words.text
    assert rich.get_content().strip() == words.html


def test_marketing_has_a_way_out_that_takes_one_click() -> None:
    """The pair of headers of RFC 8058 is there, and marketing without a way out never leaves."""
    mails = Mails()
    assert isinstance(sent(mails, intent(cls="marketing", links=LEAVE)), Accepted)
    (mail,) = mails.messages
    assert mail["List-Unsubscribe"] == "<https://club.example/v/AWw.x>"
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    for links in (
        {},
        {"leave": "http://club.example/v"},
        {"leave": "https://x/\r\nBcc: a@b.example"},
    ):
        answer = sent(mails, intent(cls="marketing", links=links))
        assert (answer.reason if isinstance(answer, Refused) else "") == "no_leave_link"
    assert len(mails.messages) == 1


SAID = [
    ("rcpt", "451 4.7.1 try again", Later, ""),
    ("rcpt", "450 tina@mail.example is busy", Later, ""),
    ("rcpt", "421 4.3.2 going down", Later, ""),
    ("rcpt", "550 5.1.1 no such user", Refused, "bounced"),
    ("rcpt", "550 no such user", Refused, "bounced"),
    ("rcpt", "551 user not local", Refused, "bounced"),
    ("rcpt", "553 mailbox name not allowed", Refused, "bounced"),
    ("rcpt", "550 5.2.1 switched off", Refused, "bounced"),
    ("rcpt", "552 5.2.2 mailbox full", Refused, ""),
    ("rcpt", "550 5.7.1 refused by policy", Refused, ""),
    ("rcpt", "554 no", Refused, ""),
    ("data", "550 5.7.1 looks like spam", Refused, ""),
    ("data", "554 5.1.1 no such user after all", Refused, "bounced"),
    ("data", "452 4.3.1 disk is full", Later, ""),
    ("mail", "550 5.7.1 you may not", Later, ""),
]


@pytest.mark.parametrize(
    ("stage", "said", "kind", "suppress"), SAID, ids=[f"{one[0]} {one[1]}" for one in SAID]
)
def test_what_the_server_says_is_what_becomes_of_it(
    stage: str, said: str, kind: type, suppress: str
) -> None:
    """4xx is later, 5xx is never, and only what is about the address keeps everything from it."""
    mails = Mails()
    setattr(mails, stage, said)
    answer = sent(mails, intent())
    assert isinstance(answer, kind)
    assert mails.messages == []
    if isinstance(answer, Refused):
        assert answer.suppress == suppress
    assert isinstance(answer, Refused | Later)
    assert "tina" not in answer.told


def test_no_reason_tells_an_address() -> None:
    """Whatever a server says, in capitals, in brackets or of somebody else, no address and no telephone is kept of it."""
    for text in (
        "550 <TINA@MAIL.EXAMPLE> unknown", "550 tina is not here", "550 user=tina@mail.example;x", "550 maja.kos@other.example said no",
        "550 call +386 40 123 456 or 040/123-456 78", "550 \"tina@mail.example\"", "550 mailto:tina@mail.example.",
    ):  # fmt: skip
        said = told(text, "tina@mail.example", "tina")
        assert not re.search(
            r"tina|maja|@|\d{3}.?\d{3}", said.removeprefix("550"), re.IGNORECASE
        ), said
        assert said.startswith("550")


def test_what_broke_off_behind_the_end_is_unknown() -> None:
    """A server that goes, or says nothing, once it has the whole mail leaves nobody who knows."""
    mails = Mails()
    mails.cut_after_data = True
    assert sent(mails, intent()) == Unknown("cut_off")
    mails.cut_after_data = False
    mails.hang_after_data.set()
    start = time.monotonic()
    with mail_server(mails) as port:
        channel = Mail(Server("127.0.0.1", port, tls="off"), SENDER)
        assert channel.send(intent(), start + 0.3) == Unknown("too_slow")
        assert time.monotonic() - start < 1.5
    assert len(mails.messages) == 2


MISBEHAVES = {
    "hangs": plays(HANG),
    "greets and hangs": plays(b"220 hello\r\n", HANG),
    "a letter at a time": plays(Drip(b"220 hello " * 100)),
    "closes": plays(),
    "resets": plays(RESET),
    "refuses": plays(b"554 go away\r\n"),
    "never ends": plays(Flood(b"220-" + b"x" * 60 + b"\r\n")),
    "long": plays(b"220 " + b"x" * 100_000 + b"\r\n"),
    "garbage": plays(b"\x00\xff\r\n220 x\r\n"),
    "says yes to everything and goes": plays(b"220 a\r\n250 a\r\n250 a\r\n250 a\r\n"),
}


@pytest.mark.parametrize("behaves", MISBEHAVES.values(), ids=MISBEHAVES)
def test_a_server_that_misbehaves_takes_no_more_than_its_time(behaves: Behave) -> None:
    """Whatever it does before it has a mail, the mail has not left, and the call is over in time."""
    with web_server(behaves) as server:
        channel = Mail(Server("127.0.0.1", server.port, tls="off"), SENDER)
        start = time.monotonic()
        answer = channel.send(intent(), start + 0.5)
        assert time.monotonic() - start < 1.5
        assert isinstance(answer, Later)
        assert answer.all


def test_without_tls_nothing_leaves_where_tls_was_asked_for() -> None:
    """A server that cannot speak TLS gets neither the password nor the mail."""
    mails = Mails()
    with mail_server(mails) as port:
        server = Server("127.0.0.1", port, tls="starttls", user="club", password="hunter2")  # noqa: S106
        assert Mail(server, SENDER).send(intent(), time.monotonic() + 5) == Later(
            "no_tls", all=True
        )
    assert mails.envelopes == []


def unknown(host: str, port: int) -> list[str]:
    """Know no name."""
    raise OSError(host, port)


def test_nobody_there_is_for_later() -> None:
    """A server that does not run, and a name that nobody knows, are no reason to give up."""
    with web_server(plays()) as server:
        port = server.port

    for found in (
        Server("127.0.0.1", port, tls="off"),
        Server("m.example", tls="off", resolve=unknown),
    ):
        assert Mail(found, SENDER).send(intent(), time.monotonic() + 5) == Later(
            "not_reached", all=True
        )


def test_letters_beyond_ascii_before_the_sign_need_a_server_that_knows_them() -> None:
    """With SMTPUTF8 the mail arrives under its address, without it nobody is written to by mistake."""
    mails = Mails()
    one = intent(address="tinček@žoga.example")
    assert isinstance(sent(mails, one), Accepted)
    assert mails.envelopes[0].rcpt_tos == ["tinček@xn--oga-b3a.example"]
    assert mails.messages[0]["To"] == "tinček@xn--oga-b3a.example"
    assert sent(mails, one, enable_SMTPUTF8=False) == Refused("no_smtputf8")
    assert isinstance(
        sent(mails, intent(address="tina@straße.example"), enable_SMTPUTF8=False), Accepted
    )
    assert mails.envelopes[-1].rcpt_tos == ["tina@xn--strae-oqa.example"]


def test_several_mails_go_over_one_connection() -> None:
    """The next mail finds the conversation of the one before, whatever became of that; fifty are enough for one."""
    mails = Mails()
    with mail_server(mails) as port:
        channel = Mail(Server("127.0.0.1", port, tls="off"), SENDER)
        for number in range(4):
            mails.rcpt = "550 no such user" if number == 1 else ""
            mails.data = "452 4.3.1 disk is full" if number == 2 else ""
            channel.send(intent(key=f"k{number}"), time.monotonic() + 5)
        assert len(set(mails.peers)) == 1
        assert [one["Message-ID"] for one in mails.messages] == [
            "<k0@klub.example>",
            "<k3@klub.example>",
        ]
        for number in range(60):
            assert isinstance(
                channel.send(intent(key=f"n{number}"), time.monotonic() + 5), Accepted
            )
        assert len(set(mails.peers)) == 2
        channel.close()


def test_a_conversation_that_the_server_ended_is_begun_anew() -> None:
    """A server that was started anew, or has had enough of waiting, gets the next mail over a new connection."""
    mails = Mails()
    with mail_server(mails) as port:
        channel = Mail(Server("127.0.0.1", port, tls="off"), SENDER)
        assert isinstance(channel.send(intent(key="a"), time.monotonic() + 5), Accepted)
        mails.cut_after_data = True
        assert isinstance(channel.send(intent(key="b"), time.monotonic() + 5), Unknown)
        mails.cut_after_data = False
        assert isinstance(channel.send(intent(key="c"), time.monotonic() + 5), Accepted)
    greeting = b"220 m\r\n250 m\r\n250 ok\r\n250 ok\r\n354 go\r\n250 taken\r\n"
    with web_server(plays(greeting, READ_MAIL)) as server:
        once = Mail(Server("127.0.0.1", server.port, tls="off"), SENDER)
        for _ in range(3):
            assert isinstance(once.send(intent(), time.monotonic() + 5), Accepted)
        assert server.connections == 3
        once.close()
    channel.close()
