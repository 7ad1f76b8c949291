"""Why somebody is written to. Rule: a purpose says what it rests on; what it does not say is taken in the strictest way."""

from __future__ import annotations

from decimal import Decimal

from verbline.interpreter.guard.consent import key_of
from verbline.interpreter.program.systems import system_key

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import TypeAlias

    from verbline.interpreter.nodes import Node, Sentence, Word

    # A number and minute, hour, day, week, month or year.
    Length: TypeAlias = "tuple[int, str]"

CLASSES = {
    "is_marketing": "marketing", "is_service": "service", "is_transactional": "transactional", "is_legal": "legal",
    "is_tracking": "tracking", "is_recognition": "recognition",
}  # fmt: skip
BASES = {
    "B_CONSENT": "consent",
    "B_CONTRACT": "contract",
    "B_LEGIT": "legitimate",
    "B_DUTY": "duty",
}
# How long a yes may stay pending where the country, and not the purpose, asks for a confirmation.
CONFIRM_WITHIN: Length = (28, "day")


class Purpose:
    """A purpose: ``key`` is how its name is compared, ``cls`` marketing, service, transactional, legal, tracking or recognition.

    ``basis`` is consent, contract, legitimate or duty; ``soft`` that it also rests on a sale of similar goods, which the
    moment ``soft_moment`` tells. ``topics`` maps how a topic is compared to its name.
    ``keeper`` is the system that keeps the answers, as systems are compared. ``confirm`` is how long a yes may
    stay pending, ``lapses`` how long it counts, ``cap`` how many messages in how long; each None where nothing is said.
    """

    __slots__ = (
        "basis",
        "cap",
        "channels",
        "cls",
        "confirm",
        "confirm_message",
        "keeper",
        "kept_in",
        "key",
        "lapses",
        "name",
        "separately",
        "soft",
        "soft_moment",
        "topics",
        "wording",
    )

    def __init__(self, name: str, cls: str, basis: str, channels: tuple[str, ...]) -> None:
        self.name = name
        self.key = key_of(name)
        self.cls = cls
        self.basis = basis
        self.channels = channels
        self.separately = False
        self.topics: dict[str, str] = {}
        self.soft = False
        self.soft_moment = ""
        self.confirm: Length | None = None
        self.confirm_message = ""
        self.lapses: Length | None = None
        self.cap: tuple[int, Length] | None = None
        self.wording = ""
        self.kept_in = ""
        self.keeper = ""

    def __repr__(self) -> str:
        return f"Purpose({self.name}: {self.cls}, {self.basis})"


def purpose_of(sentence: Sentence) -> Purpose:
    """Return the purpose that a declaration declares; marketing by consent where it does not say otherwise."""
    assert sentence.node is not None, "the project was checked"
    purpose = Purpose(sentence.node.text("name"), "marketing", "consent", ())
    for inner in sentence.block:
        if inner.node is not None:
            _take(purpose, inner.node)
    return purpose


def _take(purpose: Purpose, node: Node) -> None:
    """Take one clause into ``purpose``."""
    shape = node.shape
    if shape in CLASSES:
        purpose.cls = CLASSES[shape]
    elif shape == "rests_on":
        purpose.basis = BASES[node.word("basis").kind]
    elif shape == "covers":
        purpose.channels = tuple(channel_of(word) for word in node.words("channels"))
        purpose.separately = node.has("separately")
    elif shape == "topics":
        purpose.topics = {key_of(word.text): word.text for word in node.words("topics")}
    else:
        _take_more(purpose, node)


def _take_more(purpose: Purpose, node: Node) -> None:
    shape = node.shape
    if shape == "also_rests_on":
        purpose.soft, purpose.soft_moment = True, node.text("moment")
    elif shape == "confirmed_by_link":
        purpose.confirm = length_of(node.node("length"))
        purpose.confirm_message = node.text("message")
    elif shape == "lapses":
        purpose.lapses = length_of(node.node("length"))
    elif shape == "cap":
        purpose.cap = int(Decimal(node.text("number"))), length_of(node.node("length"))
    elif shape == "asked_with":
        purpose.wording = node.text("wording")
    elif shape == "kept_in":
        purpose.kept_in = node.text("system")
        purpose.keeper = system_key(purpose.kept_in)


def channel_of(word: Word) -> str:
    """Return the channel that a word of the language names, such as ``email``."""
    return word.kind.removeprefix("C_").lower()


def length_of(node: Node) -> Length:
    """Return the length that a ``duration`` says."""
    unit = node.word("unit").kind.removeprefix("U_").lower()
    return int(Decimal(node.text("number"))), unit
