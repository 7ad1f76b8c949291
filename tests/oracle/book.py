"""What the files declare, looked up by name in the parsed text. Rule: nothing is worked out before somebody asks."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import time
from pathlib import Path
from typing import Any

from tests.oracle.values import Length, clock, length_of
from verbline.interpreter.kinds import kind_of_type
from verbline.interpreter.names import Field
from verbline.interpreter.nodes import Node, Sentence, Word
from verbline.interpreter.project import Project
from verbline.interpreter.working import WEEKDAYS, Calendar, Hours, WorkingTime
from verbline.interpreter.zones import Zone, zone

STDLIB = Path(__file__).parent.parent.parent / "stdlib"
COUNTRIES = tomllib.loads((STDLIB / "countries.toml").read_text("utf-8"))
HOLIDAYS = tomllib.loads((STDLIB / "working-time.toml").read_text("utf-8"))["countries"]
DAYS = {"MON": 0, "TUE": 1, "WED": 2, "THU": 3, "FRI": 4, "SAT": 5, "SUN": 6}
CHANNELS = {
    "C_EMAIL": "email",
    "C_SMS": "sms",
    "C_PHONE": "phone",
    "C_POST": "post",
    "C_PUSH": "push",
    "C_APP": "app",
    "C_WHATSAPP": "whatsapp",
}
# The kind of contact point that a channel uses.
REACHED_BY = {"sms": "phone", "whatsapp": "phone", "app": "push"}
CLASSES = ("transactional", "service", "marketing", "legal", "tracking", "recognition")


@dataclass(frozen=True)
class Settings:
    """What ``verbline.toml`` says: ``work`` is weekdays, opening and closing; ``marketing`` a number and a length."""

    zone: str = "UTC"
    country: str = "unknown"
    holidays: str = ""
    work: tuple[tuple[int, ...], time, time] = field(
        default=((0, 1, 2, 3, 4), time(9), time(17)),
    )
    marketing: tuple[int, Length] | None = None


# The zones of the countries in which people of a history are at home.
ZONES = {"FI": ("Europe/Helsinki",), "PT": ("Europe/Lisbon", "Atlantic/Azores")}


class Book:
    """The declarations of a project."""

    def __init__(self, project: Project, settings: Settings) -> None:
        self.settings = settings
        self.zone = self.zone_named(settings.zone)
        rules = HOLIDAYS[settings.holidays]["holidays"] if settings.holidays else ()
        self.calendar = Calendar(rules)
        days, start, end = settings.work
        self.work = WorkingTime(Hours.between(days, start, end), self.calendar, self.zone)
        self.declared: dict[str, dict[str, Sentence]] = {}
        for names in project.index.used.values():
            for kind, found in names.declared.items():
                for name, one in found.items():
                    self.declared.setdefault(kind, {}).setdefault(name, one.sentence)
        self.fields = [field for found in project.index.fields.values() for field in found]
        self.currencies = project.index.currencies

    def zone_named(self, name: str) -> Zone:
        """Return a zone that exists."""
        found = zone(name)
        assert found is not None, name
        return found

    def of(self, kind: str, name: str) -> Sentence:
        """Return the declaration of ``name``."""
        return self.declared[kind][name]

    def each(self, kind: str) -> Iterator[tuple[str, Sentence]]:
        """Yield each declaration of a kind once, by its own name, in the order of the names."""
        for name, sentence in sorted(self.declared.get(kind, {}).items()):
            if sentence.node is not None and sentence.node.text("name") == name:
                yield name, sentence

    def moment(self, name: str) -> str:
        """Return the first name of a moment that may have others."""
        sentence = self.declared["moment"].get(name)
        return sentence.node.text("name") if sentence and sentence.node else name

    def carried(self, moment: str) -> list[Field]:
        """Return the fields that a moment carries; a form's submission carries what it asks."""
        return [
            field
            for field in self.fields
            if field.owner == "moment" and field.of.name == self.moment(moment)
        ]

    def carries(self, moment: str, name: str) -> bool:
        """Return whether a moment carries a field."""
        return any(field.name == name for field in self.carried(moment))

    def is_fact(self, name: str) -> bool:
        """Return whether a person has this field."""
        return any(field.owner == "person" and field.name == name for field in self.fields)

    def kind(self, name: str) -> str:
        """Return what a field's values are: text, number, money, date, datetime, duration, yesno, list or one_of."""
        return next(kind_of_type(one.kind).name for one in self.fields if one.name == name)

    def fields_from(self, shape: str) -> list[str]:
        """Return the fields of ``zone from`` or ``country from``."""
        found = [inner for _name, person in self.each("person") for inner in person.of(shape)]
        return [word.text for one in found for word in node_of(one).words("fields")]

    def purpose_class(self, purpose: str) -> str:
        """Return the class of a purpose."""
        sentence = self.of("purpose", purpose)
        return next(name for name in CLASSES if sentence.first(f"is_{name}"))

    def basis(self, purpose: str) -> str:
        """Return what a purpose rests on: consent, contract, legit or duty; nothing where it does not say."""
        node = self.of("purpose", purpose).first("rests_on")
        return node.word("basis").kind.removeprefix("B_").lower() if node else ""

    def covered(self, purpose: str) -> list[str]:
        """Return the channels that a purpose covers."""
        nodes = [node_of(inner) for inner in self.of("purpose", purpose).of("covers")]
        return [channel for node in nodes for channel in channels_of(node)]

    def hours(self, desk: str) -> WorkingTime:
        """Return the working time of a desk: its own hours, else the project's."""
        spans = self.of("desk", desk).of("open_hours")
        if not spans:
            return self.work
        hours = Hours({})
        for one in spans:
            node = node_of(one)
            first = DAYS[node.word("first").kind]
            last = DAYS[node.word("last").kind] if node.has("last") else first
            days = range(first, last + 1) if first <= last else (*range(first, 7), *range(last + 1))
            start, end = clock(node.text("start")), clock(node.text("end"))
            hours = hours.plus(Hours.between(days, start, end))
        return WorkingTime(hours, self.calendar, self.zone)

    def forms(self, fields: list[str]) -> list[str]:
        """Return the moments that answer a question for ``fields``: what the forms that ask them signal, or are called."""
        found = []
        for name, form in self.each("form"):
            asked = {word.text for one in form.of("asks") for word in node_of(one).words("fields")}
            if set(fields) <= asked:
                signals = form.first("form_signals")
                found.append(self.moment(signals.text("moment")) if signals else name)
        return found


def node_of(sentence: Sentence) -> Node:
    """Return the node of a sentence that was understood."""
    assert sentence.node is not None, sentence
    return sentence.node


def channels_of(node: Node) -> list[str]:
    """Return the channels that a sentence names, in its order."""
    return [CHANNELS[word.kind] for word in node.words("channels")]


def length_in(sentence: Sentence, shape: str, part: str = "length") -> Length | None:
    """Return the duration of a clause, or None where the declaration does not have it."""
    node = sentence.first(shape)
    return length_of(node.node(part)) if node else None


def cap_in(sentence: Sentence) -> tuple[int, Length] | None:
    """Return the number and the length of ``sends at most``, or None."""
    node = sentence.first("cap")
    return (int(node.text("number")), length_of(node.node("length"))) if node else None


def country_row(country: str) -> dict[str, Any]:
    """Return the row of a country in the table; members of a base have the base's, others that of nobody."""
    if country in COUNTRIES["countries"]:
        row: dict[str, Any] = COUNTRIES["countries"][country]
        return row
    for base in COUNTRIES["bases"].values():
        if country in base["members"]:
            return dict(base)
    return dict(COUNTRIES["countries"]["unknown"])


def words_of(node: Node, part: str) -> list[str]:
    """Return the texts of a list."""
    return [word.text for word in node.items(part) if isinstance(word, Word)]


assert WEEKDAYS[0] == "monday"
