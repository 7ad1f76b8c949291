"""Identifiers as keys. Rule: two spellings get one key only where everybody who delivers treats them as one.

Nothing is guessed: no case of user ids, no dots of a mailbox, no country of a telephone. What a value cannot be is None.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import TypeAlias

    from phonenumbers import PhoneMetadata, PhoneNumberDesc

    # Each tells whether a number looks like something.
    Shapes: TypeAlias = tuple[Callable[[str], bool], ...]

# Values that many events repeat are worth remembering; these are a few megabytes at most.
REMEMBERED = 16_384
LOCAL_MAX, DOMAIN_MAX, LABEL_MAX = 64, 253, 63

ATOM = r"[a-z0-9!#$%&'*+/=?^_`{|}~-]+"
LABEL = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
# An ordinary address in small letters. What stands before the @ is at most 64 letters, all labels at most 253.
DOMAIN = re.compile(rf"{LABEL}(?:\.{LABEL})*\.[a-z](?:[a-z0-9-]{{0,61}}[a-z])")
LOCAL = re.compile(rf"{ATOM}(?:\.{ATOM})*")
PLAIN = re.compile(rf"({LOCAL.pattern})@({DOMAIN.pattern})")
# A telephone as most systems write it: nothing has to be read out of it.
WHOLE = re.compile(r"\+[1-9][0-9]{6,14}")
# Kinds of letters that nobody can type into a mailbox: controls, blanks, unassigned.
UNSEEN = frozenset(("Cc", "Cf", "Cs", "Co", "Cn", "Zs", "Zl", "Zp"))


def email_key(value: str) -> str | None:
    """Return the key of an email address, or None where ``value`` is none.

    The domain is in small letters and in its ASCII form; what stands before the @ is in small letters only where all of it
    is ASCII, since other letters have no one small form.
    """
    local, _, domain = value.rpartition("@")
    if len(local) <= LOCAL_MAX and is_domain(domain) and LOCAL.fullmatch(local):
        return value  # most addresses: what is behind the @ others have too
    return _email_key(value)


@lru_cache(REMEMBERED)
def is_domain(domain: str) -> bool:
    """Return whether ``domain`` is one, as it is written in a key, and stands for no other letters."""
    return (
        DOMAIN.fullmatch(domain) is not None and len(domain) <= DOMAIN_MAX and "xn--" not in domain
    )


@lru_cache(REMEMBERED)
def _email_key(value: str) -> str | None:
    """Return the key of any email address, or None where ``value`` is none."""
    text = value.strip()
    if text.endswith(">"):
        text = text[text.rfind("<") + 1 : -1].strip()
    if text.isascii():
        text = text.lower()
        plain = PLAIN.fullmatch(text)
        if plain is None or len(plain[1]) > LOCAL_MAX or len(plain[2]) > DOMAIN_MAX:
            return None
        return text if "xn--" not in plain[2] else _international(text)
    return _international(text)


def _international(text: str) -> str | None:
    """Return the key of an address with letters beyond ASCII, or with a domain that stands for such letters."""
    import idna  # noqa: PLC0415 - most runs never meet such an address

    local, at, domain = unicodedata.normalize("NFC", text).rpartition("@")
    if not at or not _mailbox(local) or len(local.encode()) > LOCAL_MAX:
        return None
    try:
        domain = idna.encode(domain, uts46=True).decode("ascii").lower()
    except (idna.IDNAError, UnicodeError):
        return None
    if PLAIN.fullmatch(f"a@{domain}") is None:
        return None
    return f"{local.lower() if local.isascii() else local}@{domain}"


def _mailbox(local: str) -> bool:
    """Return whether ``local`` can stand before the @."""
    seen = "".join(
        letter if letter.isascii() else "" if unicodedata.category(letter) in UNSEEN else "a"
        for letter in local
    )
    hidden = len(seen) != len(local)
    return not hidden and re.fullmatch(rf"{ATOM}(?:\.{ATOM})*", seen.lower()) is not None


@lru_cache(REMEMBERED)
def phone_key(value: str, region: str) -> str | None:
    """Return the key of a telephone, ``+`` and digits, its extension behind ``;ext=``; None where no such number can exist.

    ``region`` is the country (``SI``) whose way of writing numbers without ``+`` is meant; without one they are none.
    """
    import phonenumbers  # noqa: PLC0415 - takes 20 ms, and a run without telephones needs none of it

    if WHOLE.fullmatch(value) and (country := _country(value[1:4])) is not None:
        code, prefix, shapes = country
        rest = value[1 + len(code) :]
        if rest[0] != "0" and (prefix is None or prefix.match(rest) is None):
            if shapes:
                general, *kinds = shapes
                return value if general(rest) and any(is_one(rest) for is_one in kinds) else None
            written = phonenumbers.PhoneNumber(country_code=int(code), national_number=int(rest))
            return value if phonenumbers.is_valid_number(written) else None
    try:
        number = phonenumbers.parse(value, region or None)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_valid_number(number):
        return None
    key = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    return f"{key};ext={number.extension}" if number.extension else key


@lru_cache(REMEMBERED)
def _country(digits: str) -> tuple[str, re.Pattern[str] | None, Shapes] | None:
    """Return the code of the country whose numbers begin like this, what is only dialled within it, and how they look.

    None where no country is; without a look where several share the code.
    """
    import phonenumbers  # noqa: PLC0415 - as above

    for length in range(1, len(digits) + 1):
        code = digits[:length]
        regions = phonenumbers.COUNTRY_CODE_TO_REGION_CODE.get(int(code))
        if regions:
            there = phonenumbers.PhoneMetadata.metadata_for_region_or_calling_code(
                int(code), regions[0]
            )
            prefix = there.national_prefix_for_parsing if there is not None else None
            shapes = _shapes(there) if there is not None and len(regions) == 1 else ()
            return code, re.compile(prefix) if prefix else None, shapes
    return None


def _shapes(there: PhoneMetadata) -> Shapes:
    """Return how the numbers of a country look: all of them, and those of each kind, the usual ones first."""
    kinds = [
        there.fixed_line, there.premium_rate, there.toll_free, there.shared_cost, there.voip, there.personal_number,
        there.pager, there.uan, there.voicemail,
    ]  # fmt: skip
    if not there.same_mobile_and_fixed_line_pattern:
        kinds.insert(0, there.mobile)
    described = [one for one in (there.general_desc, *kinds) if one is not None and one.national_number_pattern]  # fmt: skip
    return tuple(map(_shape, described)) if there.general_desc in described else ()


def _shape(described: PhoneNumberDesc) -> Callable[[str], bool]:
    """Return what tells whether a number looks as ``described``."""
    lengths = frozenset(described.possible_length)
    fits = re.compile(described.national_number_pattern or "").fullmatch
    return lambda number: (not lengths or len(number) in lengths) and fits(number) is not None


def address_key(kind: str, value: str, region: str) -> str | None:
    """Return the key of a contact point of ``kind`` (email, phone, push, post), or None where ``value`` can be none.

    Whoever keeps something under an address, as the graph and the ledger do, calls it by this key.
    """
    if kind == "email":
        return email_key(value)
    if kind == "phone":
        return phone_key(value, region)
    key = id_key(value)
    return " ".join(key.split()) if key and kind == "post" else key


def id_key(value: str) -> str | None:
    """Return the key of an id: its case and inner blanks stay; None where nothing is left."""
    if not value.isascii():
        value = unicodedata.normalize("NFC", value)
    return value.strip() or None


def text_key(value: str, letters: Mapping[int, str]) -> str:
    """Return what a name is compared by: no case, no marks, single blanks. ``letters`` is a table for `str.translate`."""
    if not value.isascii():
        value = unicodedata.normalize("NFKD", value.casefold()).translate(letters)
        value = "".join(letter for letter in value if not unicodedata.combining(letter))
    return " ".join(value.casefold().split())
