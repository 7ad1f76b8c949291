"""Mail: what a server on this machine receives, and what becomes of what it says."""

import time
from email import message_from_bytes
from email.policy import default
from email.utils import parsedate_to_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.receivers import (
    AT,
    HANG,
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
from verbline.runtime.channels.addresses import AddressError, address_of
from verbline.runtime.channels.answers import Accepted, Answer, Later, Refused, Unknown
from verbline.runtime.channels.intent import Intent, Words
from verbline.runtime.channels.letters import LetterError, letter_of
from verbline.runtime.channels.mail import Mail, Server

SENDER = "Klub čebelarjev <klub@klub.example>"
LEAVE = {"leave": "https://club.example/v/AWw.x"}


def sent(mails: Mails, one: Intent, seconds: float = 5, **how: object) -> Answer:
    """Return what becomes of an intent at a server that speaks for ``mails``."""
    with mail_server(mails, **how) as port:
        channel = Mail(Server("127.0.0.1", port, tls="off"), SENDER, "reply@klub.example")
        return channel.send(one, time.monotonic() + seconds)


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
        assert time.monotonic() - start < 1
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
        assert time.monotonic() - start < 1
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


COMMANDS = [
    "\r\n",
    "\n",
    "\r",
    "\v",
    "\f",
    "\x1c",
    "\x1d",
    "\x1e",
    "\x85",
    "\u2028",
    "\u2029",
    "\x00",
    "\ud800",
    "\x7f",
    "\x1b",
]
BAD = [
    "", "@", "a", "a@", "@b.example", "a@b", "a@@b.example", "a@b.example, c@d.example", "a@b.example c@d.example",
    "a@x>\r\nRCPT TO:<evil@y.example", "<a@b.example>", "Tina <a@b.example>", '"a b"@b.example', "a(b)@c.example", "a@[127.0.0.1]",
    "a@127.0.0.1", "a@b..example", "a@-b.example", "a@b-.example", ".a@b.example", "a.@b.example", "a..b@c.example", "a @b.example",
    "a@ b.example", f"{'a' * 65}@b.example", f"a@{'b' * 64}.example", f"a@{'b.' * 125}example", "a@b_c.example", "a;b@c.example",
    "a:b@c.example", "a\\b@c.example", "a@b.example\x00", "a@b.exa\x00mple", "a\ud800@b.example", "a@b\ud800.example", "a@b.example.",
    "a@\u2024.example", "a\u200b@b.example", "a\u202e@b.example", "group:a@b.example;", "a%0d%0a@b.example\r", "a@b.123",
]  # fmt: skip


@pytest.mark.parametrize("address", BAD, ids=ascii)
def test_what_is_not_one_address_is_written_to_by_nobody(address: str) -> None:
    """Lists, names, brackets, quotes and whatever commands are refused before any library cuts them down to something."""
    mails = Mails()
    answer = sent(mails, intent(address=address))
    assert isinstance(answer, Refused)
    assert (answer.reason, answer.suppress) == ("bad_address", "invalid")
    assert mails.envelopes == []
    assert address == "" or len(address) < 3 or address not in answer.told


@pytest.mark.parametrize("sign", COMMANDS, ids=ascii)
@pytest.mark.parametrize(
    "where", ["subject", "address", "name", "key", "purpose", "language", "leave"]
)
def test_no_sign_makes_a_header(where: str, sign: str) -> None:
    """Eight kinds of line ends, NUL, halves of letters: in no place do they add a header, a recipient or a mail."""
    evil = f"x{sign}Bcc: evil@y.example{sign}{sign}<b>"
    changed = {
        "subject": intent(words=Words(subject=evil, text="x")),
        "address": intent(address=f"a@b.example{sign}Bcc:evil@y.example"),
        "name": intent(message=evil, words=Words(text="x")),
        "key": intent(key=evil),
        "purpose": intent(purpose=evil),
        "language": intent(language=evil),
        "leave": intent(links={"leave": f"https://a.example/{evil}"}),
    }[where]
    try:
        letter = letter_of(changed, SENDER)
    except LetterError:
        return
    mail = message_from_bytes(letter.content, policy=default)
    assert mail["Bcc"] is None
    assert set(mail.keys()) <= {
        "From", "To", "Subject", "Date", "Message-ID", "Auto-Submitted", "Content-Language", "MIME-Version", "Content-Type",
        "Content-Transfer-Encoding",
    }  # fmt: skip


@given(st.text(max_size=40))
def test_no_address_that_is_taken_can_be_read_as_another(text: str) -> None:
    """What is taken for one address is plain, has one @ and comes back the same when it is read again."""
    try:
        address = address_of(text)
    except AddressError:
        return
    assert str(address).count("@") == 1
    assert not set(str(address)) & set(' <>,;:"\\()[]\r\n\0')
    assert str(address_of(str(address))) == str(address)


@given(st.text(), st.text())
def test_any_words_survive_the_way(subject: str, text: str) -> None:
    """Whatever the words are, they are refused, or a reader of the mail reads them again."""
    try:
        letter = letter_of(intent(words=Words(subject=f"x{subject}", text=text)), SENDER)
    except LetterError:
        return
    mail = message_from_bytes(letter.content, policy=default)
    read = mail.get_content().replace("\r\n", "\n")
    assert read.rstrip("\n") == text.replace("\r\n", "\n").replace("\r", "\n").replace(
        "\0", "\ufffd"
    ).rstrip("\n")
    assert mail["To"] == "tina@mail.example"
