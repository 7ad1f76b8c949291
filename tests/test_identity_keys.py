"""What identifiers are compared by."""

from __future__ import annotations

import tomllib
from random import Random
from typing import Any

import phonenumbers
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.cases import CASES
from verbline.runtime.identity.normalise import (
    PLAIN,
    _email_key,
    _international,
    address_key,
    email_key,
    id_key,
    phone_key,
    text_key,
)
from verbline.runtime.identity.rules import table

KEYS: dict[str, Any] = tomllib.loads((CASES / "identity" / "keys.toml").read_text("utf-8"))
LETTERS = "".join(map(chr, range(33, 127))) + "šßİéя用\u0301\u200d\u00a0ａ。"


@pytest.mark.parametrize("case", KEYS["email"], ids=lambda case: ascii(case["typed"]))
def test_an_address_has_one_key(case: dict[str, Any]) -> None:
    """Spellings that everybody delivers to one mailbox have one key; what is no address has none."""
    assert email_key(case["typed"]) == case.get("key")


def test_half_a_letter_is_none() -> None:
    """A code that no file can hold, as a broken log may bring it, is no address instead of an error."""
    assert email_key("\ud800@mail.si") is None
    assert email_key("a@\ud800.si") is None
    assert phone_key("\ud800", "SI") is None


@pytest.mark.parametrize("case", KEYS["phone"], ids=lambda case: ascii(case["typed"]))
def test_a_telephone_has_one_key(case: dict[str, Any]) -> None:
    """Spellings of one number have one key, an extension is part of it, no country is guessed."""
    assert phone_key(case["typed"], case.get("region", "SI")) == case.get("key")


def written_numbers() -> list[str]:
    """Return numbers of every country and sort as they are written everywhere, and such with a wrong, missing or further digit."""
    dice, found = Random(5), list[str]()  # noqa: S311 - no secret
    for region in sorted(phonenumbers.SUPPORTED_REGIONS):
        for sort in phonenumbers.PhoneNumberType.values():
            example = phonenumbers.example_number_for_type(region, sort)
            if example is None:
                continue
            text = phonenumbers.format_number(example, phonenumbers.PhoneNumberFormat.E164)
            place, digit = dice.randrange(2, len(text)), dice.choice("0123456789")
            found += [
                text,
                text[:place] + digit + text[place + 1 :],
                text[:place] + digit + text[place:],
                text[:-1],
            ]
    return found


def test_a_number_that_is_written_in_full_has_the_key_of_the_long_way() -> None:
    """Nothing is read out of a number that is written as it is kept; with a blank behind it takes the long way."""
    numbers = written_numbers()
    keys = [phone_key.__wrapped__(number, "SI") for number in numbers]
    assert keys == [phone_key.__wrapped__(f"{number} ", "SI") for number in numbers]
    assert 1_000 < sum(key is None for key in keys) < len(keys) - 1_000
    assert any(key not in (None, number) for key, number in zip(keys, numbers, strict=True))


@pytest.mark.parametrize("kind", ["email", "phone", "post", "push"])
def test_every_contact_point_has_its_key(kind: str) -> None:
    """What is kept under an address is found there by the same key, whatever kind of address it is."""
    assert KEYS[kind]
    for case in KEYS[kind]:
        key = address_key(kind, case["typed"], case.get("region", "SI"))
        assert key == case.get("key")


@pytest.mark.parametrize("case", KEYS["id"], ids=lambda case: ascii(case["typed"]))
def test_an_id_keeps_its_case(case: dict[str, Any]) -> None:
    """Of an id only blanks around it are left out."""
    assert id_key(case["typed"]) == case.get("key")


@pytest.mark.parametrize("case", KEYS["name"], ids=lambda case: ascii(case["typed"]))
def test_a_name_is_compared_without_marks(case: dict[str, Any]) -> None:
    """Case, marks and blanks do not make another name."""
    assert text_key(case["typed"], table().letters) == case["key"]


@given(st.from_regex(PLAIN, fullmatch=True).filter(lambda text: "xn--" not in text))
def test_the_quick_check_and_the_whole_one_agree(text: str) -> None:
    """An ordinary address has the key that the rules for all letters give it."""
    assert _email_key(text) == email_key(text) == _international(text)


@given(st.text(LETTERS, max_size=12), st.text(LETTERS, max_size=12))
def test_a_key_is_its_own_key(local: str, domain: str) -> None:
    """Whatever is typed: what comes out is None, or an address that comes out as it is."""
    key = email_key(f"{local}@{domain}.si")
    assert key is None or email_key(key) == key


@given(st.text(LETTERS, max_size=20))
def test_a_folded_name_stays_as_it_is(text: str) -> None:
    """Comparing by key can be repeated without another answer."""
    letters = table().letters
    key = text_key(text, letters)
    assert text_key(key, letters) == key
