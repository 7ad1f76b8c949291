"""Words that sell. Rule: a word counts only where nobody would use it to serve: an invoice may name a discount, "20% off"
is an offer.
"""

from __future__ import annotations

import re
from functools import cache

from verbline.interpreter.source import Span

TYPE_CHECKING = False
if TYPE_CHECKING:
    from verbline.interpreter.texts import Text

SELLING = {
    "en": (
        r"\d+\s?% (?:off|discount|cheaper)\b",
        r"save (?:up to )?\d+\s?(?:%|eur\b|€|usd\b|\$|gbp\b|£)",
        r"(?:special|exclusive|limited|extra|seasonal|introductory) (?:offers?|discounts?|deals?|prices?)\b",
        r"limited[- ]time\b",
        r"(?:discount|promo|promotion|coupon) codes?\b",
        r"(?:buy|shop|subscribe|upgrade) (?:now|today)\b",
        r"half[- ]price\b",
        r"buy one,? get one\b",
        r"(?:deal|offer) of the (?:day|week|month)\b",
        r"don['’]t miss (?:this|our|the) (?:offer|deal|sale)\b",
        r"free gift\b",
        r"while stocks? lasts?\b",
        r"best prices?\b",
        r"bargains?\b",
    ),
    "sl": (
        r"\d+\s?-?(?:odstotni |% )(?:popust\w*|ceneje)",
        r"(?:poseb|dodat|ekskluziv|sezonsk|časovno omejen)\w* (?:popust|ponudb|cen)\w*",
        r"akcijsk\w+",
        r"po (?:ugodni|posebni|znižani|polovični) ceni\b",
        r"znižan\w+ cen\w+",
        r"promocijsk\w+",
        r"(?:kod\w|kupon\w*) za popust\b",
        r"(?:kupi|naroči|nadgradi)(?:te)? (?:zdaj|še danes)\b",
        r"ne zamudi(?:te)? (?:ponudbe|priložnosti|popusta|akcije)\b",
        r"brezplačn\w+ daril\w+",
        r"do razprodaje zalog\b",
        r"najboljš\w+ cen\w+",
        r"prihrani(?:te)? (?:do )?\d+\s?(?:%|eur\b|€)",
    ),
}


@cache
def pattern(language: str) -> re.Pattern[str]:
    """Return what finds a selling phrase in the small letters of a text of ``language``."""
    phrases = "|".join(SELLING[language])
    return re.compile(rf"(?<!\w)(?:{phrases})")


def selling_words(text: Text) -> tuple[str, Span] | None:
    """Return the first words of ``text`` that sell, and their place; None where there are none."""
    if text.code not in SELLING:
        return None
    for number, column, letters in text.rows:
        small = letters.lower()
        # A few letters have two small ones; then the places would not fit.
        match = pattern(text.code).search(small if len(small) == len(letters) else letters)
        if match is not None:
            start, end = match.span()
            place = Span(number, column + start, number, column + end)
            return " ".join(letters[start:end].split()), place
    return None
