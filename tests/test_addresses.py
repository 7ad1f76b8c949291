"""Addresses and headers: what commands is refused before any library sees it, and adds nothing to a mail."""

import time
from email import message_from_bytes
from email.policy import default

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.receivers import intent
from tests.test_mail import SENDER
from verbline.runtime.channels.addresses import AddressError, address_of, mailbox_of
from verbline.runtime.channels.answers import Refused
from verbline.runtime.channels.intent import Words
from verbline.runtime.channels.letters import LetterError, letter_of
from verbline.runtime.channels.mail import Mail
from verbline.runtime.channels.talks import Server

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
    # Nobody listens there: what is refused is refused before anybody is asked.
    channel = Mail(Server("127.0.0.1", 1, tls="off"), SENDER)
    answer = channel.send(intent(address=address), time.monotonic() + 5)
    assert isinstance(answer, Refused)
    assert (answer.reason, answer.suppress) == ("bad_address", "invalid")
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


@pytest.mark.parametrize(
    ("text", "name", "address"),
    [
        ("club@club.example", "", "club@club.example"),
        ("The club <club@club.example>", "The club", "club@club.example"),
        ('"The club, Ljubljana" <club@club.example>', "The club, Ljubljana", "club@club.example"),
        ("<club@club.example>", "", "club@club.example"),
        ("Klub žoga <klub@žoga.example>", "Klub žoga", "klub@xn--oga-b3a.example"),
    ],
)
def test_a_sender_is_a_name_and_an_address(text: str, name: str, address: str) -> None:
    """As settings write it, with or without a name."""
    found, where = mailbox_of(text)
    assert (found, str(where)) == (name, address)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "a, b@c.example",
        "A <a@b.example> <c@d.example>",
        'A "x" <a@b.example>',
        "A <a@b.example\n>",
        "A\r\nX: <a@b.example>",
    ],
)
def test_a_sender_that_is_not_one_is_refused(text: str) -> None:
    """Two addresses, half a name, line ends."""
    with pytest.raises(AddressError):
        mailbox_of(text)
