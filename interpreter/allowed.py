"""What the values in ``[project]`` may be. Rule: a table is opened when a value is looked up in it, and never a second one.

Working hours and the cap over all journeys are sentences of the language without their first word, so the grammar reads
them: ``open monday to friday from 09:00 to 17:00``, ``sends at most 4 messages in 7 days``.
"""

from __future__ import annotations

import os
import re

from verbline.interpreter.nearness import nearest, plain
from verbline.interpreter.reading import Parsed
from verbline.interpreter.sentence import grammar

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from typing import TypeAlias

    from verbline.interpreter.nodes import Node
    from verbline.interpreter.words import Language

    # Weekdays (0 is monday), and the minutes from midnight at which it opens and closes.
    Hours: TypeAlias = "tuple[tuple[int, ...], int, int]"
    Cap: TypeAlias = "tuple[int, tuple[int, str]]"

WEEKDAYS = ("MON", "TUE", "WED", "THU", "FRI", "SAT", "SUN")
ZONE = re.compile(r"UTC|[A-Za-z_]+(?:/[\w+-]+)+")
CODE = re.compile(r"[A-Z]{2}")
# Codes that countries are known by, though the list of ISO gives them to nobody, and those it writes differently.
MORE_COUNTRIES = {"XK": "Kosovo"}
OTHER_CODES = {"UK": "GB", "EL": "GR"}
HOUR = re.compile(r"(?<![\d:.])([01]?\d|2[0-3])(?:[:.]([0-5]\d))?(?=\s*h?\b)")
CODE_LONGEST = 3
PREFIX = 3


class Fault:
    """What is wrong with a value: the wording that tells it, the value that was meant or nothing, what there is instead."""

    __slots__ = ("known", "meant", "variant")

    def __init__(self, variant: str, meant: str = "", known: str = "") -> None:
        self.variant = variant
        self.meant = meant
        self.known = known


def fault_in(key: str, value: str, language: str) -> Fault | None:
    """Return what is wrong with the value of a setting in ``[project]``, or None; ``language`` is the project's."""
    if key == "language" and value not in grammar().languages():
        return Fault(key, "", ", ".join(grammar().languages()))
    if key == "zone" and (not ZONE.fullmatch(value) or not is_of(value, zones())):
        return Fault("zone_unknown" if ZONE.fullmatch(value) else key, zone_near(value))
    if key == "country" and (not CODE.fullmatch(value) or not is_of(value, countries())):
        return Fault("country_unknown" if CODE.fullmatch(value) else key, country_near(value))
    if key == "holidays" and value not in with_holidays():
        near = country_near(value)
        return Fault(key, near if near in with_holidays() else "", ", ".join(with_holidays()))
    if key == "work" and work_of(value, language) is None:
        return Fault(key, work_near(value, language))
    if key == "marketing" and cap_of(value, language) is None:
        return Fault(key)
    return None


def is_of(value: str, known: Collection[str]) -> bool:
    """Return whether ``value`` is one of ``known``; where the database is not installed, nothing can be said against it."""
    return value in known or not known


def zones() -> tuple[str, ...]:
    """Return the names of all time zones in the database; none where the package is not installed."""
    return tuple(_database("zones").split())


def zone_near(name: str) -> str:
    """Return the time zone that ``name`` may have been meant as, or nothing."""
    known = zones()
    city = plain(name).rpartition("/")[2].replace(" ", "_")
    same = (one for one in known if "/" in one and plain(one).rpartition("/")[2] == city)
    return next(same, "") or nearest(name, known)


def countries() -> dict[str, str]:
    """Return the code of every country -> its English name; none where the database is not installed."""
    rows = (line.split("\t") for line in _database("zoneinfo", "iso3166.tab").splitlines())
    found = {row[0]: row[1] for row in rows if len(row) > 1 and CODE.fullmatch(row[0])}
    return {**found, **MORE_COUNTRIES} if found else {}


def country_near(text: str) -> str:
    """Return the code of the country that ``text`` may have been meant as, or nothing."""
    known = countries()
    code = text.strip().upper()
    code = OTHER_CODES.get(code, code)
    if code in known:
        return code
    codes = {name: one for one, name in known.items()}
    return codes.get(nearest(text, codes), "") if len(code) > CODE_LONGEST else ""


def with_holidays() -> tuple[str, ...]:
    """Return the codes of the countries whose public holidays are known."""
    from verbline import stdlib

    assert stdlib.__spec__ is not None
    content = _read(stdlib.__spec__.loader, os.path.dirname(stdlib.__file__), "working-time.toml")
    return tuple(re.findall(r"^\[countries\.([A-Z]{2})\]$", content, re.MULTILINE))


def _database(*names: str) -> str:
    """Return a file of the ``tzdata`` package, found without importing it; nothing where it is not installed."""
    from importlib.machinery import PathFinder

    spec = PathFinder.find_spec("tzdata")
    if spec is None or spec.origin is None:
        return ""
    return _read(spec.loader, os.path.dirname(spec.origin), *names)


def _read(loader: object, *path: str) -> str:
    """Return a file that a package brings along: the loader reads from a folder and from an archive alike."""
    try:
        return str(loader.get_data(os.path.join(*path)), "utf-8")  # type: ignore[attr-defined]
    except OSError:
        return ""


def work_of(text: str, language: str) -> tuple[Hours, ...] | None:
    """Return the working hours that ``text`` says, spans with commas between them; None where it says none."""
    found = []
    for part in text.split(","):
        read = _sentence("OPEN", part, "open_hours", language)
        hours = hours_of(read.node) if read else None
        if hours is None:
            return None
        found.append(hours)
    return tuple(found)


def hours_of(node: Node) -> Hours | None:
    """Return the hours of an `open` sentence; None where one of the times does not exist or the end is not after the start."""
    first = WEEKDAYS.index(node.word("first").kind)
    last = WEEKDAYS.index(node.word("last").kind) if node.has("last") else first
    start, end = minute_of(node.text("start")), minute_of(node.text("end"))
    if start is None or end is None or start >= end:
        return None
    count = (last - first) % 7 + 1
    return tuple((first + day) % 7 for day in range(count)), start, end


def minute_of(time: str) -> int | None:
    """Return how many minutes after midnight ``time`` is; None where no clock shows it."""
    hour, minute = int(time[:2]), int(time[3:])
    return hour * 60 + minute if hour < 24 and minute < 60 else None


def cap_of(text: str, language: str) -> Cap | None:
    """Return the number of messages that ``text`` allows and in how long, whole numbers from 1; None where it says neither."""
    read = _sentence("SENDS_AT_MOST", text, "cap", language)
    if read is None:
        return None
    length = read.node.node("length")
    counts = [read.node.text("number"), length.text("number")]
    if not all(count.isdecimal() and int(count) for count in counts):
        return None
    unit = length.word("unit").kind.removeprefix("U_").lower()
    return int(counts[0]), (int(counts[1]), unit)


def _sentence(first: str, rest: str, shape: str, language: str) -> Parsed | None:
    """Return the sentence that begins with the word ``first`` of a language, the project's own before the others."""
    table = grammar()
    for code in sorted(table.languages(), key=lambda one: one != language):
        words = table.language(code)
        beginning = words.forms[first][0].split()[0]
        found = table.sentence(f"{beginning} {' '.join(rest.split())}", words, "line")
        if isinstance(found, Parsed) and found.node.shape == shape:
            return found
    return None


def work_near(text: str, language: str) -> str:
    """Return the working hours that ``text`` may have been meant as, well written; nothing where that is not clear."""
    parts = [_span_near(part, language) for part in re.split(r"[,;]", text)]
    return ", ".join(part for part in parts if part) if all(parts) else ""


def _span_near(text: str, language: str) -> str:
    """Return the one span of hours in ``text``, from the weekdays and the times that stand in it."""
    words = grammar().language(language)
    names = {day: words.forms[day][0] for day in WEEKDAYS}
    found = [_weekday(word, names.values()) for word in re.findall(r"[^\W\d]+", text)]
    days = [name for name in found if name]
    times = [f"{int(hour):02}:{minute or '00'}" for hour, minute in HOUR.findall(text)]
    if not 1 <= len(days) <= 2 or len(times) != 2:
        return ""
    to, since = words.forms["TO_TIME"][0], words.forms["FROM"][0]
    written = f"{f' {to} '.join(days)} {since} {times[0]} {to} {times[1]}"
    read = _sentence("OPEN", written, "open_hours", language)
    return _inflected(read, len(days), words) if read and hours_of(read.node) else ""


def _inflected(read: Parsed, days: int, words: Language) -> str:
    """Return an `open` sentence of so many ``days`` without its first word, each word in the form it has there."""
    from verbline.interpreter.inflect import Inflection

    inflection, forms = Inflection(words), [""]
    for at, word in enumerate(read.words):
        is_keyword = word.kind in words.forms
        forms.append(inflection.form(at, read.words, forms[1:], days) if is_keyword else word.text)
    return " ".join(forms).split(maxsplit=1)[1]


def _weekday(word: str, names: Iterable[str]) -> str:
    """Return the weekday that ``word`` shortens or inflects, or nothing."""
    short = plain(word)[:PREFIX]
    same = (name for name in names if len(short) == PREFIX and plain(name).startswith(short))
    return next(same, "")
