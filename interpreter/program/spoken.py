"""Values as people of a language write them, for the words of messages. Rule: the same value is the same text everywhere.

    en   14 March 2026      14 March 2026, 09:00      45,000.5      €12.50
    sl   14. marca 2026     14. marca 2026, 09:00     45.000,5      12,50 €

What a trace shows is another matter: `forms`. In a language that has no table here a date is 2026-03-14 and an amount 12.50 EUR.
A text keeps its letters and loses what commands: line ends, control signs, halves of letters.
"""

from __future__ import annotations

import unicodedata
from decimal import Decimal

from verbline.interpreter.program.forms import digits
from verbline.interpreter.program.meanings import UNITS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from datetime import date
    from typing import Any

    from verbline.interpreter.kinds import Kind
    from verbline.interpreter.program.reckoning import Number
    from verbline.interpreter.zones import Zone

# A blank at which no line breaks.
TIED = "\u00a0"
# Numbers of fewer digits stay in one piece: years, numbers of houses.
GROUPED_FROM = 5
# How a date is written, the signs in numbers (thousands, decimals), and the months in the form that stands in a date.
TABLES = {
    "en": (
        "{day} {month} {year}", ",", ".",
        "January February March April May June July August September October November December",
    ),
    "sl": (
        "{day}. {month} {year}", ".", ",",
        "januarja februarja marca aprila maja junija julija avgusta septembra oktobra novembra decembra",
    ),
    "pl": (
        "{day} {month} {year}", TIED, ",",
        "stycznia lutego marca kwietnia maja czerwca lipca sierpnia września października listopada grudnia",
    ),
    "nb": (
        "{day}. {month} {year}", TIED, ",",
        "januar februar mars april mai juni juli august september oktober november desember",
    ),
    "cy": (
        "{day} {month} {year}", ",", ".",
        "Ionawr Chwefror Mawrth Ebrill Mai Mehefin Gorffennaf Awst Medi Hydref Tachwedd Rhagfyr",
    ),
}  # fmt: skip
# Signs of currencies that everybody who reads the language knows, and whether they stand before the number.
SIGNS = {
    "en": {"EUR": "€", "GBP": "£"}, "cy": {"EUR": "€", "GBP": "£"}, "sl": {"EUR": "€"}, "pl": {"EUR": "€", "PLN": "zł"},
    "nb": {"EUR": "€", "NOK": "kr"},
}  # fmt: skip
BEFORE = frozenset(("en", "cy"))
CENTS = Decimal("0.01")
# Letters that change the direction or the order of what stands behind them.
TURNING = frozenset("\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def spoken(value: Any, kind: Kind, language: str, zone: Zone) -> str | None:
    """Return a value as words show it; None where it is unknown. An instant is the local time in ``zone``."""
    if value is None:
        return None
    match kind.name:
        case "number":
            return number(value, language)
        case "money":
            return money(value[0], value[1], language)
        case "date":
            return day(value, language)
        case "datetime":
            local = zone.local(value)
            return f"{day(local.date(), language)}, {local:%H:%M}"
        case "duration":
            return length(value[0], value[1], language)
        case "yesno":
            return grammar_word("YES" if value else "NO", language)
        case "list":
            assert kind.of is not None, "a list says of what"
            parts = (spoken(one, kind.of, language, zone) for one in value)
            return ", ".join(part for part in parts if part)
        case _:
            return tame(str(value))


def tame(text: str) -> str:
    """Return a text in one line, without signs that command and with whole letters alone."""
    if not text.isprintable() or not text.isascii():
        text = "".join(_shown(sign) for sign in text)
    return " ".join(text.split())


def _shown(sign: str) -> str:
    category = unicodedata.category(sign)
    if category in ("Cc", "Zl", "Zp"):
        return " "
    return "\ufffd" if category == "Cs" else "" if sign in TURNING else sign


def day(value: date, language: str) -> str:
    """Return a date."""
    table = TABLES.get(language)
    if table is None:
        return value.isoformat()
    months = table[3].split()
    return table[0].format(day=value.day, month=months[value.month - 1], year=value.year)


def number(value: Number, language: str) -> str:
    """Return a number with the signs of the language."""
    written = digits(value)
    table = TABLES.get(language)
    if table is None:
        return written
    whole, point, decimals = written.lstrip("-").partition(".")
    if len(whole) >= GROUPED_FROM:
        whole = f"{int(whole):,}".replace(",", table[1])
    sign = "-" if written.startswith("-") else ""
    return f"{sign}{whole}{table[2] if point else ''}{decimals}"


def money(amount: Decimal, currency: str, language: str) -> str:
    """Return an amount; cents where there are some, and then all of them."""
    if amount == amount.to_integral_value():
        amount = amount.quantize(Decimal(1))
    elif amount == amount.quantize(CENTS):
        amount = amount.quantize(CENTS)
    written = number(amount, language)
    sign = SIGNS.get(language, {}).get(currency, currency)
    if language not in BEFORE:
        return f"{written}{TIED}{sign}"
    before = (
        f"{sign}{written.lstrip('-')}" if sign != currency else f"{sign}{TIED}{written.lstrip('-')}"
    )
    return f"-{before}" if written.startswith("-") else before


def length(count: Number, unit: str, language: str) -> str:
    """Return a duration with its unit in the form that goes with the number."""
    kind = next(name for name, one in UNITS.items() if one == unit)
    return f"{number(count, language)}{TIED}{grammar_word(kind, language, digits(count))}"


def grammar_word(kind: str, language: str, count: str = "") -> str:
    """Return a word of the language as it stands behind ``count``; the English one where the language has no table."""
    from verbline.interpreter.inflect import Inflection
    from verbline.interpreter.nodes import Word
    from verbline.interpreter.sentence import grammar

    table = grammar()
    code = language if language in table.languages() else "en"
    inflection = Inflection(table.language(code))
    words = [Word("NUMBER", count, 0, 0)] if count else []
    words.append(Word(kind, "", 0, 0))
    return inflection.form(len(words) - 1, words, [count] * (len(words) - 1), 0)
