"""Telephones that are written in full: what is a number is decided by their look, and that is what the library says."""

from __future__ import annotations

from random import Random
from typing import Any

import phonenumbers
import pytest

from verbline.runtime.identity import normalise
from verbline.runtime.identity.normalise import phone_key

NUMBERS = 6_000
KINDS = ("mobile", "fixed_line", "voip", "pager", "uan", "premium_rate", "toll_free", "shared_cost")


def examples() -> list[tuple[int, str]]:
    """Return the code of each country with an example of each kind of its numbers."""
    found = []
    for code, regions in phonenumbers.COUNTRY_CODE_TO_REGION_CODE.items():
        there: Any = phonenumbers.PhoneMetadata.metadata_for_region_or_calling_code(
            code, regions[0]
        )
        kinds = [getattr(there, kind) for kind in KINDS]
        found += [(code, one.example_number) for one in kinds if one and one.example_number]
    return found


def numbers() -> list[str]:
    """Return numbers of all countries: right ones, and those with another figure here and there, or one too few."""
    dice, found = Random(8), []  # noqa: S311 - the same each time
    known = examples()
    for _each in range(NUMBERS):
        code, number = dice.choice(known)
        figures = list(number)
        for _change in range(dice.randint(0, 3)):
            figures[dice.randrange(len(figures))] = str(dice.randint(0, 9))
        cut = dice.random() < 0.1
        found.append(f"+{code}{''.join(figures[: -1 if cut else None])}")
    return found


def key_by_the_library(number: str) -> str | None:
    """Return the key of a number as the library reads and judges it."""
    try:
        read = phonenumbers.parse(number, None)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_valid_number(read):
        return None
    return phonenumbers.format_number(read, phonenumbers.PhoneNumberFormat.E164)


def unlike() -> list[str]:
    """Return the numbers of which the library says something else."""
    phone_key.cache_clear()
    normalise._country.cache_clear()
    return [one for one in numbers() if phone_key(one, "") != key_by_the_library(one)]


def test_what_a_number_is_the_library_says_too() -> None:
    """Numbers of all countries, of all kinds, and what is none."""
    keys = [phone_key(one, "") for one in numbers()]
    assert NUMBERS // 4 < sum(key is not None for key in keys) < NUMBERS * 3 // 4
    assert unlike() == []


@pytest.mark.parametrize("lost", ["mobile", "toll_free"])
def test_a_kind_that_is_forgotten_is_seen(lost: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The comparison is no idle one."""
    whole = normalise._shape

    def shape(described: Any) -> Any:
        mobile = [getattr(there, lost) for there in map(country, (386, 48, 46))]
        return whole(described) if described not in mobile else lambda _number: False

    monkeypatch.setattr(normalise, "_shape", shape)
    try:
        assert unlike()
    finally:
        phone_key.cache_clear()
        normalise._country.cache_clear()


def country(code: int) -> Any:
    """Return what the library knows of a country."""
    region = phonenumbers.COUNTRY_CODE_TO_REGION_CODE[code][0]
    return phonenumbers.PhoneMetadata.metadata_for_region_or_calling_code(code, region)
