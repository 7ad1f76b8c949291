"""Values that are written another way here: numbers, dates, times, quotes, signs. Rule: the right spelling is shown, not described."""

from __future__ import annotations

import re

from verbline.interpreter.mistake import Mistake
from verbline.interpreter.quotes import open_quote

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import TypeAlias

    from verbline.interpreter.trail import Trail

    Spelling: TypeAlias = Callable[[Trail], Mistake | None]

THOUSANDS = re.compile(r"\d{1,3}(?:[,.\u2019' \u00a0\u202f]\d{3})+(?![\d,.])(?!\s?%)")
DAY_FIRST = re.compile(r"(\d{1,2})([./])\s?(\d{1,2})[./](?:\s?(\d{2,4})(?![\d:]))?")
YEAR_FIRST = re.compile(r"(\d{4})[./-](\d{1,2})[./-](\d{1,2})")
CLOCK = re.compile(r"(\d{1,2})(?:[:.](\d\d))?\s?(am|pm|h)?", re.IGNORECASE)
SINGLE_QUOTES = re.compile(r"['‘’‚‛`´]([^'‘’‚‛`´]+)['‘’‚‛`´]")
SIGNS = re.compile(r"\s*([<>=!≤≥≠]+=?|&&?|\|\|?)\s*")
CURRENCIES = {"€": "EUR", "$": "USD", "£": "GBP", "¥": "JPY"}
# In the first sentence that fits: a condition, or a value to be reached.
MEANINGS = {
    ">=": ("AT_LEAST", "TIMES_AT_LEAST"),
    "≥": ("AT_LEAST", "TIMES_AT_LEAST"),
    "<=": ("AT_MOST", "AT_MOST_BARE"),
    "≤": ("AT_MOST", "AT_MOST_BARE"),
    ">": ("MORE_THAN", "TIMES_AT_LEAST"),
    "<": ("LESS_THAN", "AT_MOST_BARE"),
    "=": ("IS",),
    "==": ("IS",),
    "!=": ("IS_NOT",),
    "<>": ("IS_NOT",),
    "≠": ("IS_NOT",),
    "!": ("NOT",),
    "&": ("AND",),
    "&&": ("AND",),
    "|": ("OR",),
    "||": ("OR",),
}


def number(trail: Trail) -> Mistake | None:
    """Return the mistake of a comma or a blank inside a number."""
    kind, _, start, end = trail.tokens[trail.at]
    if kind == "BAD_NUMBER" and "." in trail.text[start:end]:
        return points(trail, start, end)
    thousands = None
    for begin in (start, trail.start(trail.at - 1) if trail.at else start):
        thousands = thousands or THOUSANDS.match(trail.text, begin)
    if thousands and thousands.end() > start:
        digits = re.sub(r"\D", "", thousands[0])
        return Mistake("V001", thousands.start(), thousands.end(), "thousands", right=digits)
    if kind != "BAD_NUMBER":
        return None
    return Mistake("V001", start, end, right=trail.text[start:end].replace(",", "."))


def points(trail: Trail, start: int, end: int) -> Mistake:
    """Return the mistake of points between thousands; one point alone may be meant for decimals."""
    text = trail.text
    whole, _, part = text[start:end].partition(",")
    right = whole.replace(".", "") + (f".{part}" if part else "")
    small = whole.rstrip("0").rstrip(".")
    if part or whole.count(".") > 1:
        meant = f"{text[:start]}{right}{text[end:]}"
        return Mistake("V001", start, end, "thousands", meant, right=right)
    return Mistake("V001", start, end, "point", right=right, small=small)


def date(trail: Trail) -> Mistake | None:
    """Return the mistake of a date in another form."""
    kind, _, start, end = trail.tokens[trail.at]
    if kind != "BAD_DATE":
        return None
    text = trail.text[start:end]
    if match := YEAR_FIRST.match(text):
        return Mistake("V002", start, end, right=iso(match[1], match[2], match[3]))
    match = DAY_FIRST.match(text)
    assert match is not None, text
    day, sign, month, year = match.groups()
    if int(month) > 12:
        day, month = month, day
    if not year:
        return Mistake("V002", start, end, "year", month=int(month), day=int(day))
    year = year if len(year) == 4 else f"20{year[-2:]}"
    if sign == "/" and int(day) <= 12 and day != month:
        other = iso(year, day, month)
        return Mistake("V002", start, end, "slash", right=iso(year, month, day), other=other)
    return Mistake("V002", start, end, right=iso(year, month, day))


def iso(year: str, month: str, day: str) -> str:
    """Return a date as it is written here."""
    return f"{year}-{int(month):02}-{int(day):02}"


def time(trail: Trail) -> Mistake | None:
    """Return the mistake of a time in another form."""
    kind, _, start, end = trail.tokens[trail.at]
    if kind == "NUMBER" and not trail.expects(trail.here, "TIME"):
        return None
    if kind not in ("BAD_TIME", "NUMBER"):
        return None
    match = CLOCK.match(trail.text, start)
    if match is None or match.end() < end:
        return None
    hour, minutes, half = int(match[1]), match[2] or "00", (match[3] or "").lower()
    if half in ("am", "pm"):
        hour = hour % 12 + (12 if half == "pm" else 0)
    if hour > 23 or int(minutes) > 59:
        return None
    return Mistake("V015", start, match.end(), right=f"{hour:02}:{minutes}")


def data_word(trail: Trail) -> Mistake | None:
    """Return the mistake of a data word with underscores."""
    kind, key, start, end = trail.tokens[trail.at]
    if kind != "WORD" or "_" not in key or not trail.expects(trail.here, "NAME"):
        return None
    right = re.sub("_+", "-", key).strip("-")
    text = re.sub(r"(?<=\w)_+(?=\w)", "-", trail.text)
    return Mistake("S022", start, end, "", text, word=right)


def operator(trail: Trail) -> Mistake | None:
    """Return the mistake of a sign that is said in words."""
    kind, _, start, end = trail.tokens[trail.at]
    text = trail.text
    if kind == "PLACEHOLDER" and text[start + 1].isspace():
        kind, end = "OPERATOR", start + 1
    if kind != "OPERATOR":
        return None
    without = trail.changed(trail.at, trail.at + 1, "")
    words = in_words(text[start:end], trail)
    parts = text.split('"')
    parts[::2] = [
        SIGNS.sub(lambda match: f" {in_words(match[1], trail)} ", part) for part in parts[::2]
    ]
    text = '"'.join(parts).strip()
    whole = trail.is_sentence(text)
    if not whole and trail.is_sentence(without):
        return Mistake("S009", start, end, "", without, whole=True)
    if not words:
        return Mistake("S021", start, end, "unknown", sign=trail.text[start:end])
    sign = trail.text[start:end]
    return Mistake("S021", start, end, "", text, whole=whole, sign=sign, words=words)


def in_words(sign: str, trail: Trail) -> str:
    """Return the words for a sign, those that fit where the line stopped if there are several."""
    meanings = MEANINGS.get(sign, ())
    fitting = (one for one in meanings if trail.expects(trail.here, one))
    meaning = next(fitting, next(iter(meanings), ""))
    return trail.language.forms[meaning][0] if meaning else ""


def strange(trail: Trail) -> Mistake | None:
    """Return the mistake of a sign that means nothing here."""
    kind, key, start, end = trail.tokens[trail.at]
    if kind != "STRANGE" and not (kind == "SIGN" and key == ":"):
        return None
    text, sign = trail.text, trail.text[start:end]
    if SINGLE_QUOTES.match(text, start):
        whole = SINGLE_QUOTES.sub(r'"\1"', text)
        found = SINGLE_QUOTES.match(text, start)
        behind = found.end() if found else end
        return Mistake("S003", start, behind, "single", whole, name=text[start:behind])
    if sign in CURRENCIES:
        return currency(trail, start, end)
    whole = next(
        (
            changed
            for put in ("", ",", "-")
            if trail.is_sentence(
                changed := text[:start].rstrip(" " if put else "") + put + text[end:]
            )
        ),
        "",
    )
    variant = "" if sign.isascii() else "rare"
    name = f"U+{ord(sign):04X}"
    return Mistake("S017", start, end, variant, whole.strip(), sign=sign, name=name)


def currency(trail: Trail, start: int, end: int) -> Mistake:
    """Return the mistake of a currency written as a sign."""
    text, code = trail.text, CURRENCIES[trail.text[start:end]]
    before = re.search(r"\d+(?:\.\d+)?\s?$", text[:start])
    behind = re.match(r"\s?\d+(?:\.\d+)?", text[end:])
    whole = ""
    if before:
        whole = f"{text[:start].rstrip()} {code}{text[end:]}"
    elif behind:
        whole = f"{text[:start]}{behind[0].strip()} {code}{text[end + behind.end() :]}"
    return Mistake("S017", start, end, "currency", whole, sign=text[start:end], right=code)


SPELLINGS: tuple[Spelling, ...] = (open_quote, number, date, time, data_word, operator, strange)


def misspelt(trail: Trail) -> Mistake | None:
    """Return the mistake in the value where the line stopped."""
    return next((found for spelling in SPELLINGS if (found := spelling(trail))), None)
