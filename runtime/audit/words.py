"""What names of fields mean where nobody has said so. Rule: a name is looked up in `stdlib/audit.toml`, and in no code."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from functools import cache, lru_cache
from importlib import resources

from verbline.interpreter.guard.consent import EVERY

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from typing import Any

HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
BETWEEN = re.compile(r"[\s_\-/:]+")
# What an ending of a key says: the id that machines use, or the number that people see. They are two keys.
IDS = frozenset(("id", "uid", "uuid", "key", "ref"))


@lru_cache(8_192)
def plain_name(name: str) -> str:
    """Return how the name of a field is compared: ``memberNo``, ``member_no`` and ``customer.member no`` are ``member-no``."""
    last = unicodedata.normalize("NFC", name).rpartition(".")[2]
    return "-".join(part for part in BETWEEN.split(HUMP.sub("-", last).lower()) if part)


class Words:
    """The words of the data file, as sets; lists where their order counts."""

    __slots__ = ("capture", "channels", "consent", "contact", "key", "outer", "person", "said", "sent", "trait", "weak")  # fmt: skip

    def __init__(self, raw: Mapping[str, Any]) -> None:
        self.outer: Mapping[str, list[str]] = raw["outer"]
        self.key = {name: tuple(words) for name, words in raw["key"].items()}
        self.weak = sets(raw["weak"])
        self.contact = sets(raw["contact"])
        self.trait = sets(raw["trait"])
        self.person = frozenset(raw["person"]["fields"])
        self.channels = sets(raw["consent"]["channels"])
        self.consent = sets({k: v for k, v in raw["consent"].items() if k != "channels"})
        self.said = sets(raw["said"])
        self.sent = frozenset(raw["sent"]["words"])
        self.capture = frozenset(raw["capture"]["words"])

    def key_of(self, name: str) -> str:
        """Return what a plain name says it is the key of, such as ``member-number``; nothing where it is none."""
        if name in self.key["whole"]:
            return name
        for noun in self.key["nouns"]:
            if name == noun:
                return f"{noun}-number"
            rest = name.removeprefix(noun).removeprefix("-")
            if rest != name and rest in self.key["endings"]:
                return f"{noun}-id" if rest in IDS else f"{noun}-number"
            if name.endswith(
                tuple(f"-{noun}-{end}" for end in self.key["endings"])
            ):  # our-member-no
                return f"{noun}-id" if name.rpartition("-")[2] in IDS else f"{noun}-number"
        return ""

    def is_weak(self, name: str) -> bool:
        """Return whether a plain name is that of something by which somebody is recognised, such as a device."""
        return name in self.weak["whole"] or not self.weak["parts"].isdisjoint(name.split("-"))

    def contact_of(self, name: str) -> str:
        """Return the kind of contact point that a plain name says, or nothing."""
        for kind, words in self.contact.items():
            if name in words or not words.isdisjoint(name.split("-")):
                return kind
        return ""

    def trait_of(self, name: str) -> str:
        """Return the trait that a plain name says, or nothing."""
        return next((trait for trait, words in self.trait.items() if name in words), "")

    def agreement_of(self, name: str) -> tuple[str, str, bool] | None:
        """Return the purpose, the channel (or nothing) and whether a yes there is a yes; None where it is no agreement."""
        if name in self.consent["when"] or name in self.consent["notice"]:
            return None
        noes, left = parted(name, self.consent["no"])
        yeses, left = parted(left, self.consent["yes"])
        if not (noes or yeses):
            return None
        parts = left.split("-")
        channel = next(
            (channel for channel, words in self.channels.items() if words & {*parts}), ""
        )
        words = self.channels.get(channel, frozenset[str]()) | FILLING
        told = " ".join(part for part in parts if part and part not in words)
        known = (word for word in yeses if word in self.consent["purposes"])
        # Who has left has left everything, unless the name says what.
        purpose = told or next(known, EVERY if noes else "marketing")
        return purpose, channel, not noes

    def sends(self, name: str) -> bool:
        """Return whether the type of an event says that a message left."""
        return not self.sent.isdisjoint(re.split(r"[.\s-]", plain_text(name)))

    def asks(self, name: str) -> bool:
        """Return whether the name of a type or a source says that people are asked there."""
        return any(within(part, self.capture) for part in re.split(r"[.\s]", plain_text(name)))


FILLING = frozenset(("is", "has", "wants", "to", "for", "by", "at", "of", "do", "status", "flag"))


def plain_text(name: str) -> str:
    """Return the name of a type or a source with its words joined by hyphens, its points left."""
    return "-".join(part for part in BETWEEN.split(HUMP.sub("-", name).lower()) if part)


def within(name: str, words: Iterable[str]) -> str:
    """Return the longest of ``words`` that stands whole in a plain name, or nothing."""
    hyphened = f"-{name}-"
    return max((word for word in words if f"-{word}-" in hyphened), key=len, default="")


def parted(name: str, words: Iterable[str]) -> tuple[list[str], str]:
    """Return the ``words`` that stand whole in a plain name, the longest first, and what is left of it."""
    found: list[str] = []
    while word := within(name, words):
        found.append(word)
        name = f"-{name}-".replace(f"-{word}-", "-", 1).strip("-")
    return found, name


def sets(table: Mapping[str, Iterable[str]]) -> dict[str, frozenset[str]]:
    """Return the lists of a table as sets."""
    return {name: frozenset(words) for name, words in table.items()}


@cache
def vocabulary() -> Words:
    """Return the words that come with the language."""
    text = resources.files("verbline.stdlib").joinpath("audit.toml").read_text("utf-8")
    return Words(tomllib.loads(text))
