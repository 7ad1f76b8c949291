"""Values in the words of a language, and texts with gaps."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from babel.dates import format_date
from babel.numbers import format_currency, format_decimal
from hypothesis import given
from hypothesis import strategies as st

from verbline.interpreter.kinds import (
    DATE,
    DATETIME,
    DURATION,
    MONEY,
    NUMBER,
    TEXT,
    YESNO,
    Kind,
)
from verbline.interpreter.program.spoken import TABLES, day, money, number, spoken
from verbline.interpreter.program.worded import (
    Gap,
    MissingFieldError,
    fields_of,
    filled,
    pieces_of,
)
from verbline.interpreter.sentence import grammar
from verbline.interpreter.zones import zone

HOME = zone("Europe/Ljubljana")
assert HOME is not None
SPOKEN: list[tuple[Any, Kind, str, str | None]] = [
    (date(2026, 3, 14), DATE, "14 March 2026", "14. marca 2026"),
    (1_773_475_200_000, DATETIME, "14 March 2026, 09:00", "14. marca 2026, 09:00"),
    (1_790_150_400_000, DATETIME, "23 September 2026, 10:00", "23. septembra 2026, 10:00"),
    (2026, NUMBER, "2026", "2026"),
    (45000, NUMBER, "45,000", "45.000"),
    (Decimal("-1234567.50"), NUMBER, "-1,234,567.50", "-1.234.567,50"),
    ((Decimal("12.5"), "EUR"), MONEY, "€12.50", "12,50\u00a0€"),
    ((Decimal(120), "EUR"), MONEY, "€120", "120\u00a0€"),
    ((Decimal("-0.5"), "USD"), MONEY, "-USD\u00a00.50", "-0,50\u00a0USD"),
    ((Decimal("0.005"), "EUR"), MONEY, "€0.005", "0,005\u00a0€"),
    ((1, "day"), DURATION, "1\u00a0day", "1\u00a0dan"),
    ((2, "day"), DURATION, "2\u00a0days", "2\u00a0dneva"),
    ((5, "whour"), DURATION, "5\u00a0working hours", "5\u00a0delovnih ur"),
    (True, YESNO, "yes", "da"),
    (("bread", "wine"), Kind("list", of=TEXT), "bread, wine", "bread, wine"),
    ((), Kind("list", of=TEXT), "", ""),
    (None, DATE, None, None),  # type: ignore[list-item]
    ("Tina", TEXT, "Tina", "Tina"),
    ("a\r\nBcc: x\u2028\x00\ud800\u202eb", TEXT, "a Bcc: x \ufffdb", "a Bcc: x \ufffdb"),
]


@pytest.mark.parametrize(
    ("value", "kind", "en", "sl"), SPOKEN, ids=[ascii(one[2]) for one in SPOKEN]
)
def test_a_value_is_written_as_people_write_it(
    value: Any, kind: Kind, en: str | None, sl: str | None
) -> None:
    """Dates, amounts, numbers and lengths stand in the words and with the signs of the language."""
    assert HOME is not None
    assert spoken(value, kind, "en", HOME) == en
    assert spoken(value, kind, "sl", HOME) == sl


LOCALES = {"en": "en_GB", "pl": "pl", "nb": "nb_NO", "cy": "cy", "sl": "sl"}


@pytest.mark.parametrize("language", TABLES)
@pytest.mark.parametrize("month", range(1, 13))
def test_dates_are_those_of_the_locale_data(language: str, month: int) -> None:
    """Months and their place are those that Unicode collects; in Slovenian in the form that stands in a date."""
    expected = format_date(date(2026, month, 4), "long", LOCALES[language])
    if language == "sl":
        expected = expected.replace("rec ", "rca ").replace("uar ", "uarja ")
        for ending in ("il", "maj", "ij", "gust", "ber"):
            expected = expected.replace(
                f"{ending} ", f"{'bra' if ending == 'ber' else ending + 'a'} "
            )
    assert day(date(2026, month, 4), language) == expected


@pytest.mark.parametrize("language", TABLES)
def test_numbers_are_those_of_the_locale_data(language: str) -> None:
    """Signs of thousands and decimals, and where the sign of a currency stands."""
    for value in (Decimal("12345.67"), Decimal("-1234567.89")):
        assert number(value, language) == format_decimal(value, locale=LOCALES[language]).replace(
            "\u2212", "-"
        )
    value = Decimal("12345.67")
    for currency in {"en": ["EUR", "GBP"], "pl": ["EUR", "PLN"], "nb": ["EUR", "NOK"]}.get(
        language, ["EUR"]
    ):
        assert money(value, currency, language) == format_currency(
            value, currency, locale=LOCALES[language]
        )


@given(st.text(), st.sampled_from(("en", "sl", "xx")))
def test_no_text_keeps_what_commands(text: str, language: str) -> None:
    """Whatever somebody gave as a name, it is one line of whole letters, and saying it again changes nothing."""
    assert HOME is not None
    found = spoken(text, TEXT, language, HOME)
    assert found is not None
    assert len(found.splitlines()) <= 1
    assert not any(ord(sign) < 32 or 0xD800 <= ord(sign) < 0xE000 for sign in found)
    assert spoken(found, TEXT, language, HOME) == found


EN = [grammar().language("en")]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "()"),
        ("Hello.", "('Hello.',)"),
        ("Hello {first-name or dear member},\nsee {course-date}!", "('Hello ', Gap(first-name, 'dear member'), ',\\nsee ', Gap(course-date, None), '!')"),
        ("{a}{b}", "(Gap(a, None), Gap(b, None))"),
        ("{{a}} } { {} {a | b} {or}", "('{{a}} } { {} {a | b} {or}',)"),
        ("{{ 7 | times: 7 }} {% if x %}", "('{{ 7 | times: 7 }} {% if x %}',)"),
    ],
)  # fmt: skip
def test_a_text_is_letters_and_gaps(text: str, told: str) -> None:
    """What is a field becomes a gap, and every other letter stays where it is."""
    assert repr(pieces_of(text, EN)) == told


def test_a_gap_is_filled_or_missed() -> None:
    """A value, else the words that stand in for it, else nothing is written at all; a value is never read as a text."""
    pieces = pieces_of("Hello {first-name or dear member}: {plate}", EN)
    assert fields_of(pieces) == ["first-name", "plate"]
    assert filled(pieces, {"plate": "{first-name}"}) == "Hello dear member: {first-name}"
    assert filled(pieces, {"first-name": "", "plate": "x"}) == "Hello : x"
    with pytest.raises(MissingFieldError) as missing:
        filled(pieces, {"first-name": "Tina"})
    assert missing.value.field == "plate"


@given(st.text(alphabet="{}ab or-\n% |\"'č"))
def test_no_letter_is_lost(text: str) -> None:
    """The letters and the gaps, written again, are the text; what is in no gap is there as it was."""
    pieces = pieces_of(text, EN)
    plain = "".join(piece for piece in pieces if isinstance(piece, str))
    gaps = [piece for piece in pieces if isinstance(piece, Gap)]
    assert len(plain) <= len(text)
    if not gaps:
        assert plain == text
    assert filled(pieces, {gap.field: "" for gap in gaps}) == plain
