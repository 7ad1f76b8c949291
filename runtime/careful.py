"""Decoding with care: a line that no shape covers. Rule: every line comes out as an event or with one reason why not.

Slower than `shapes`, and exact: bytes, nesting, keys and members are looked at one after the other.
"""

from __future__ import annotations

import json
import re
from datetime import timedelta
from typing import Any

import msgspec

from verbline.interpreter.guard.said import answers
from verbline.runtime.events import Event, Fault, Stamp, milliseconds
from verbline.runtime.shapes import NESTING_MAX, UNREADABLE, Numbers

TYPE_CHECKING = False
if TYPE_CHECKING:
    from datetime import datetime

# An instant before or after is no clock's, but somebody's default such as the year 1.
FIRST = -2_208_988_800_000  # 1900-01-01
LAST = 253_402_128_000_000  # 9999-12-30
DAY = 86_400_000
# The minute's last second twice, as it was at the end of some years. The day's next second stands for it.
LEAP_SECOND = re.compile(r"(.{10}[Tt ]\d\d:\d\d:)60(.*)")
TEXT = re.compile(rb'"(?:[^"\\]|\\.)*+"?')

NO_JSON = Fault("bad_json", "is not JSON")
NO_VALUE = Fault("bad_json", "holds half a letter or a number of thousands of digits")
NO_OBJECT = Fault("bad_json", "is no JSON object")
NO_UTF8 = Fault("bad_utf8", "is not UTF-8")
TOO_DEEP = Fault("too_deep", f"is nested deeper than {NESTING_MAX}")
NOT_A_NUMBER = Fault("not_a_number", "holds NaN or Infinity, which JSON does not have")
TWICE = Fault("duplicate_key", "has a key twice in one object")
NO_ID = Fault("no_id", "has no `id`, or one that is no text")
NO_TYPE = Fault("no_type", "has no `type`, or one that is no text")
NO_TIME = Fault("bad_time", "has no `time` such as 2026-03-09T08:00:00Z, with Z or an offset")
FAR_TIME = Fault("bad_time", "has a `time` before 1900 or after 9999")
NO_SOURCE = Fault("bad_source", "has a `source` that is no text")
NO_DATA = Fault("bad_data", "has `data` that is no object")
NO_CONSENT = Fault("bad_consent", "has a `consent` that is neither an object nor a list of objects")
NO_AGREES = Fault("bad_consent", "has `agrees` that is no object")


class Careful:
    """Reads one line at a time; keeps nothing but its decoder."""

    __slots__ = ("_decode",)

    def __init__(self, numbers: Numbers) -> None:
        self._decode = msgspec.json.Decoder(float_hook=numbers.__getitem__).decode

    def read(self, line: bytes) -> tuple[Event | Fault, frozenset[str]]:
        """Return the event, or the fault, of ``line``, and the names of its outer members."""
        fault = fault_of_bytes(line)
        if fault is not None:
            return fault, frozenset()
        try:
            members = self._decode(line)
        except UNREADABLE:
            return fault_of_text(line) or NO_VALUE, frozenset()
        if not isinstance(members, dict):
            return NO_OBJECT, frozenset()
        return fault_of_text(line) or event_of(members), frozenset(members)


def fault_of_bytes(line: bytes) -> Fault | None:
    """Return what keeps ``line`` from being read at all, or None."""
    try:
        line.decode()
    except UnicodeDecodeError:
        return NO_UTF8
    if line.count(b"[") + line.count(b"{") > NESTING_MAX and depth(line) > NESTING_MAX:
        return TOO_DEEP
    return None


def depth(line: bytes) -> int:
    """Return how many objects and lists of ``line`` stand inside each other at most."""
    deepest = level = 0
    for sign in re.findall(rb"[][{}]", TEXT.sub(b"", line)):
        level += 1 if sign in b"[{" else -1
        deepest = max(deepest, level)
    return deepest


class _KeyTwiceError(ValueError):
    pass


class _ConstantError(ValueError):
    pass


def fault_of_text(line: bytes) -> Fault | None:
    """Return what is wrong with the keys and constants of ``line``, which is UTF-8 and not too deep; None if nothing is."""
    try:
        json.loads(
            line,
            object_pairs_hook=_each_once,
            parse_constant=_refuse,
            parse_float=str,
            parse_int=str,
        )
    except _KeyTwiceError:
        return TWICE
    except _ConstantError:
        return NOT_A_NUMBER
    except ValueError:
        return NO_JSON
    return None


def _each_once(pairs: list[tuple[str, object]]) -> None:
    if len({key for key, _ in pairs}) != len(pairs):
        raise _KeyTwiceError


def _refuse(constant: str) -> None:
    raise _ConstantError(constant)


def event_of(members: dict[str, Any]) -> Event | Fault:
    """Return the event of a line's outer members, or the first thing wrong with them."""
    name, kind = members.get("id"), members.get("type")
    if not isinstance(name, str) or not name:
        return NO_ID
    if not isinstance(kind, str) or not kind:
        return NO_TYPE
    stamp = stamp_of(members.get("time"))
    if isinstance(stamp, Fault):
        return stamp
    source = members.get("source")
    if source is not None and not isinstance(source, str):
        return NO_SOURCE
    data = members.get("data")
    if data is not None and not isinstance(data, dict):
        return NO_DATA
    consent = entries_of(members.get("consent"), members.get("agrees"))
    if isinstance(consent, Fault):
        return consent
    return Event(
        id=name, type=kind, stamp=stamp, source=source or "", data=data or {}, consent=consent
    )


def stamp_of(text: object) -> datetime | Fault:
    """Return the instant that the ``time`` of an event names, or what is wrong with it."""
    if not isinstance(text, str):
        return NO_TIME
    leap = LEAP_SECOND.fullmatch(text)
    try:
        stamp = msgspec.convert(f"{leap[1]}59{leap[2]}" if leap else text, Stamp)
    except msgspec.ValidationError:
        return NO_TIME
    at = milliseconds(stamp) + (1_000 if leap else 0)
    if leap and at % DAY >= 1_000:
        return NO_TIME
    if not FIRST <= at <= LAST:
        return FAR_TIME
    return stamp + timedelta(seconds=1) if leap else stamp


def entries_of(consent: object, agrees: object) -> list[dict[str, Any]] | Fault | None:
    """Return the entries of ``consent`` and of the short ``agrees``, None where there are none, or what is wrong.

    Only their form is looked at: what an entry means, and whether it counts, is for the guard to say, which never refuses
    a no.
    """
    if consent is None and agrees is None:
        return None
    listed = consent if isinstance(consent, list) else [] if consent is None else [consent]
    if not all(isinstance(one, dict) for one in listed):
        return NO_CONSENT
    if agrees is not None and not isinstance(agrees, dict):
        return NO_AGREES
    return [*listed, *(answers("", {"agrees": agrees}) if agrees else ())] or None
