"""No value of a mail becomes a header, whatever a library would decode."""

from __future__ import annotations

from email import message_from_bytes
from email.policy import default
from typing import Any

import pytest

from tests.receivers import intent
from verbline.runtime.channels.intent import Words
from verbline.runtime.channels.letters import LetterError, letter_of

ENCODED = "=?utf-8?q?=0D=0ABcc=3A_evil=40mail.example?="


@pytest.mark.parametrize(
    ("changed", "sender"),
    [
        ({"words": Words(subject=f"Hello {ENCODED}", text="x")}, ""),
        ({"words": Words(subject=ENCODED, text="x")}, ""),
        ({"message": ENCODED, "words": Words(text="x")}, ""),
        ({}, f"{ENCODED} <club@club.example>"),
        ({"links": {"leave": f"https://club.example/{ENCODED}"}}, ""),
    ],
)
def test_what_a_library_would_decode_is_no_header(changed: dict[str, Any], sender: str) -> None:
    """Encoded words in a value stay letters: a line end that they stand for begins no header."""
    letter = letter_of(intent(**changed), sender or "The club <club@club.example>")
    head = letter.content.partition(b"\r\n\r\n")[0]
    assert b"\r\nBcc" not in head
    mail = message_from_bytes(letter.content, policy=default)
    assert "Bcc" not in mail
    assert "evil" not in str(mail["To"])


def test_an_address_that_a_library_would_decode_is_refused() -> None:
    """Nothing in an address is decoded by anybody."""
    with pytest.raises(LetterError) as caught:
        letter_of(intent(address=f"{ENCODED}@mail.example"), "club@club.example")
    assert caught.value.reason == "bad_address"


def test_whatever_a_library_makes_of_a_value_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    """Should a value become a header after all, nothing is sent."""
    monkeypatch.setattr("verbline.runtime.channels.letters.as_it_is", lambda text: text)
    with pytest.raises(LetterError) as caught:
        letter_of(intent(words=Words(subject=ENCODED, text="x")), "club@club.example")
    assert caught.value.reason == "bad_header"
