"""Histories as text: what happens to whom, and the records it must give. Rule: a case can be checked with a calendar.

A file holds several cases. ``=== case NAME`` begins one; then sections, of which ``journey`` and ``records`` must be there:

    === settings          zone, country, holidays: as in verbline.toml
    === people            one a line: P1 email a@x.example age 3 (without it: P1 with an email, a phone and a push address)
    === journey           the text of the case's file, which uses "vocabulary", the file beside the cases
    === history           one a line: 2026-03-02 09:00 P1 "moment" field value; … P1 grant "purpose" email; … P1 desk "D" "won";
                          … P1 says yes; … P1 merge P2; … P1 split P2; the last line is: until 2026-04-01 00:00
    === records           one a line, as `told` writes them

Times are those of the project's zone; a time that exists twice may be followed by its distance from UTC.
"""

from __future__ import annotations

import shlex
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from tests.cases import CASES, project_of
from tests.oracle.book import Settings
from verbline.interpreter.project import Project
from verbline.interpreter.zones import Zone, instant_of, plain, zone

FOLDER = CASES / "oracle"
EVERYBODY = "P1 email p1@mail.example phone +38640111222 push token-1"
NO_CAP = "at most 0 messages in 1 day"
KINDS = ("email", "phone", "push", "post")
ACTS = ("grant", "confirm", "withdraw", "deny", "object")
HOLDERS = {"sms": "phone", "whatsapp": "phone", "app": "push"}


@dataclass(frozen=True)
class Case:
    """One case; ``sections`` are its texts by title."""

    name: str
    sections: dict[str, str]

    def __str__(self) -> str:
        return self.name

    @property
    def files(self) -> dict[str, str]:
        """The files of the project."""
        settings = "[project]\n" + self.sections.get(
            "settings", 'zone = "Europe/Ljubljana"\ncountry = "SI"\n'
        )
        vocabulary = (FOLDER / "vocabulary.journey").read_text("utf-8")
        own = 'language: en\nuse "vocabulary"\n\n' + self.sections["journey"]
        return {"verbline.toml": settings, "vocabulary.journey": vocabulary, "a.journey": own}

    @property
    def project(self) -> Project:
        """The project."""
        return project_of(self.files)

    @property
    def settings(self) -> Settings:
        """What the oracle reads of the settings."""
        table = tomllib.loads(self.files["verbline.toml"])["project"]
        _at, _most, number, _messages, _in, amount, unit = table.get("marketing", NO_CAP).split()
        cap = (int(number), (Decimal(amount), unit.removesuffix("s"))) if int(number) else None
        return Settings(table["zone"], table["country"], table.get("holidays", ""), marketing=cap)

    @property
    def people(self) -> list[dict[str, Any]]:
        """The people."""
        return [person_of(line) for line in lines_of(self.sections.get("people", EVERYBODY))]

    @property
    def records(self) -> list[str]:
        """The records that the history must give."""
        return lines_of(self.sections["records"])

    @property
    def history(self) -> tuple[list[dict[str, Any]], int]:
        """What happens, and until when timers run."""
        there = zone_named(self.settings.zone)
        *lines, last = lines_of(self.sections["history"])
        until = moment_at(last.removeprefix("until ").split(), there)[0]
        contacts = {person["key"]: dict(person["contacts"]) for person in self.people}
        return [stimulus_of(line, there, contacts) for line in lines], until


def cases() -> Iterator[Case]:
    """Yield every case of the folder."""
    for path in sorted(FOLDER.glob("*.case")):
        for text in path.read_text("utf-8").split("\n=== case ")[1:]:
            yield case_of(path, text)


def case_of(path: Path, text: str) -> Case:
    """Return a case from its text behind ``=== case``."""
    name, _, rest = text.partition("\n")
    sections = {}
    for section in ("\n" + rest).split("\n=== ")[1:]:
        title, _, body = section.partition("\n")
        sections[title.strip()] = body.rstrip() + "\n"
    return Case(f"{path.stem}: {name}", sections)


def lines_of(text: str) -> list[str]:
    """Return the lines of a section that are not empty."""
    return [line for line in text.splitlines() if line.strip()]


def zone_named(name: str) -> Zone:
    """Return a zone that exists."""
    found = zone(name)
    assert found is not None, name
    return found


def person_of(line: str) -> dict[str, Any]:
    """Return a person from their line."""
    key, *words = shlex.split(line, posix=False)
    pairs = list(zip(words[::2], words[1::2], strict=True))
    contacts = [(kind, value) for kind, value in pairs if kind in KINDS]
    facts = {field: value_of(text) for field, text in pairs if field not in KINDS}
    return {"key": key, "contacts": contacts, "facts": facts}


def stimulus_of(line: str, there: Zone, contacts: dict[str, dict[str, str]]) -> dict[str, Any]:
    """Return what happens at one line of a history; a yes or no about a channel names the person's address."""
    at, (person, *words) = moment_at(shlex.split(line, posix=False), there)
    found: dict[str, Any] = {"at": at, "person": person}
    first, *more = words
    texts = [word.strip('"') for word in more]
    if first in ACTS:
        purpose, channel = texts[0], texts[1] if len(texts) > 1 else None
        contact = contacts[person].get(HOLDERS.get(channel, channel)) if channel else None
        said = {"purpose": purpose, "channel": channel, "contact": contact}
        topic = texts[2] if len(texts) > 2 else None
        return found | said | {"kind": "consent", "act": first, "topic": topic}
    if first == "desk":
        return found | {"kind": "desk", "desk": texts[0], "answer": texts[1] if texts[1:] else None}
    if first == "says":
        return found | {"kind": "answer", "answer": texts[0] == "yes"}
    if first in ("merge", "split"):
        return found | {"kind": first, "other": texts[0]}
    fields = {name: value_of(text) for name, text in zip(more[::2], more[1::2], strict=True)}
    return found | {"kind": "moment", "moment": first.strip('"'), "fields": fields}


def moment_at(words: list[str], there: Zone) -> tuple[int, list[str]]:
    """Return the instant that a line begins with, and the words behind it."""
    day, time, *rest = words
    if "+" in time or time.endswith("Z"):
        aware = datetime.fromisoformat(f"{day}T{time}:00" if "+" in time else f"{day}T{time}")
        offset = aware.utcoffset()
        assert offset is not None
        return instant_of(aware.replace(tzinfo=None) - offset), rest
    return there.instant(datetime.fromisoformat(f"{day}T{time}")), rest


def value_of(text: str) -> Any:
    """Return a value from its text: "text", 3, 2026-03-01, yes, no, 12EUR, "a","b"."""
    if text.startswith('"'):
        parts = tuple(part.strip('"') for part in text.split('","'))
        return parts if len(parts) > 1 else parts[0]
    if text in ("yes", "no"):
        return text == "yes"
    if text.endswith("EUR"):
        return Decimal(text.removesuffix("EUR")), "EUR"
    if text.count("-") == 2 and text[0] != "-":
        return date.fromisoformat(text)
    return Decimal(text)


def told(record: dict[str, Any], there: Zone) -> str:
    """Return a record as a line: when, who, journey, kind, verdict, reason, and the rest by name."""
    head = ("at", "person", "journey", "kind", "verdict", "reason")
    words = [when(record["at"], there), record["person"], f'"{record["journey"]}"']
    words += [record["kind"], record["verdict"], record["reason"]]
    for key, value in record.items():
        if key not in head and value not in ("", None):
            shown = when(value, there).replace(" ", "T") if key in ("until", "due") else value
            words.append(f'{key}="{shown}"' if " " in str(shown) else f"{key}={shown}")
    return " ".join(word for word in words if word)


def when(instant: int, there: Zone) -> str:
    """Return an instant in local time, with seconds where there are some, and the distance from UTC where it is no whole minute of the zone's usual one."""
    local = there.local(instant)
    form = "%Y-%m-%d %H:%M" if instant % 60_000 == 0 else "%Y-%m-%d %H:%M:%S.%f"
    text = local.strftime(form).removesuffix("000")
    if there.instant(local) != instant:  # the second time that it exists
        hours = (local - plain(instant)) // timedelta(hours=1)
        text += f"+{hours:02}:00"
    return text
