"""Sentences of the tree as English prose. Rule: the table in `tellings` has the words; this file only fills them in."""

from __future__ import annotations

import re

from verbline.interpreter.inflect import category
from verbline.interpreter.nodes import Node, Word
from verbline.interpreter.tellings import PARTS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from verbline.interpreter.nodes import Part

OPTIONAL = re.compile(r"\[([^\[\]]*)\]")
SLOT = re.compile(r"\{(\w+)(\|\w*)?\}")
# Keywords that carry a meaning of their own.
KEYWORDS: Mapping[str, str] = {
    "SENSITIVE": "sensitive",
    "SECRET": "secret",
    "ASKED_SEPARATELY": "each asked for by itself",
    "THE_NEXT_DAY": "the next day",
    "SINCE_START": "counting from the start of the journey",
    "YES": "yes",
    "NO": "no",
    "UNKNOWN": "unknown",
    "TODAY": "today",
    "NOW": "now",
    "THE_OTHER": "other",
    "GIVEN_THE_OTHER": "other",
    "THE_NEWEST": "whatever is newest",
    "AFTER_MOMENT": "after",
    "AFTER_ENTERING": "after entering the journey",
    "AFTER_QUALIFIED": "after being qualified as",
    "PLUS": "+",
    "MINUS": "-",
    "STAR": "*",
    "SLASH": "/",
    "ALL_TRUE": "all of these are true",
    "ANY_TRUE": "any of these is true",
    "B_CONSENT": "consent",
    "B_CONTRACT": "a contract",
    "B_LEGIT": "a legitimate interest",
    "B_DUTY": "a legal duty",
    "C_EMAIL": "email",
    "C_SMS": "SMS",
    "C_PHONE": "phone",
    "C_POST": "post",
    "C_PUSH": "push notice",
    "C_APP": "app",
    "C_WHATSAPP": "WhatsApp",
    "T_TEXT": "text",
    "T_NUMBER": "a number",
    "T_DATE": "a date",
    "T_DATETIME": "a date and time",
    "T_DURATION": "a length of time",
    "T_YESNO": "yes or no",
    "MON": "Monday",
    "TUE": "Tuesday",
    "WED": "Wednesday",
    "THU": "Thursday",
    "FRI": "Friday",
    "SAT": "Saturday",
    "SUN": "Sunday",
}
UNITS = {
    "U_MINUTE": "minute", "U_HOUR": "hour", "U_DAY": "day", "U_WEEK": "week", "U_MONTH": "month", "U_YEAR": "year",
    "U_WHOUR": "working hour", "U_WDAY": "working day",
}  # fmt: skip
# A quoted sentence brings its own full stop.
ENDED_TWICE = re.compile(r"([.!?…]”)\.")
PERSONS = ("who", "who_alone", "a_who")
# What a number counts, where its row says so: `{number|message}`.
THINGS = ("message", "time")
SINGULAR = {"one": "i = 1 and v = 0"}


def told(template: str, node: Node) -> str:
    """Return ``template`` with the parts of ``node`` filled in, its first letter a capital one."""
    return capital(ENDED_TWICE.sub(r"\1", with_parts(template, node)))


def capital(text: str) -> str:
    """Return ``text`` with a capital letter at its beginning."""
    return text[:1].upper() + text[1:]


def with_parts(template: str, node: Node) -> str:
    """Return ``template`` filled in; what stands in square brackets goes where one of its parts is absent."""
    kept = OPTIONAL.sub(lambda match: match[1] if has_all(match[1], node) else "", template)
    return SLOT.sub(lambda match: part_of(node, match[1], match[2]), kept)


def has_all(template: str, node: Node) -> bool:
    """Return whether ``node`` has every part that ``template`` speaks of."""
    names = (match[1] for match in SLOT.finditer(template))
    return all(node.has("who" if name in PERSONS else name) for name in names)


def part_of(node: Node, name: str, join: str | None) -> str:
    """Return one part of ``node`` in words; ``join`` says how a list ends."""
    if name in PERSONS:
        return person(node, name)
    part = node.parts[name]
    if join == "|bare":
        return node.text(name)
    if join and join[1:] in THINGS and isinstance(part, Word):
        return counted(part, join[1:])
    if isinstance(part, tuple):
        return listed([phrase(one) for one in part], "and" if join is None else join[1:])
    return phrase(part)


def person(node: Node, form: str) -> str:
    """Return the person that ``node`` speaks of: ``the member``, ``the other member``, ``the member “Tea”``."""
    who = node.text("who")
    if form == "who_alone":
        return who
    if form == "a_who":
        return f"{'an' if who[:1] in 'aeiou' else 'a'} {who}"
    other = "other " if node.has("other_one") else ""
    name = f" {phrase(node.parts['name'])}" if node.has("name") else ""
    return f"the {other}{who}{name}"


def phrase(part: Part) -> str:
    """Return a word, an inner node or a list in words."""
    if isinstance(part, Word):
        return word(part)
    if isinstance(part, tuple):
        return listed([phrase(one) for one in part], "and")
    if part.shape == "duration":
        return length(part)
    value = part.parts.get("value")
    if part.shape == "assign" and isinstance(value, Word) and value.kind == "NAME":
        return f"{part.text('field')} taken from {value.text}"
    return with_parts(PARTS[part.shape], part)


def counted(number: Word, thing: str) -> str:
    """Return a number of things: ``1 message``, ``2 messages``."""
    one = category(number.text, SINGULAR) == "one"
    return f"{word(number)} {thing}{'' if one else 's'}"


def length(node: Node) -> str:
    """Return a length of time in words."""
    number, unit = node.text("number"), node.word("unit").kind
    one = category(number, SINGULAR) == "one"
    shown = f"<{number}>" if node.word("number").kind == "PLACEHOLDER" else number
    return f"{shown} {UNITS[unit]}{'' if one else 's'}"


def word(part: Word) -> str:
    """Return one word: names in quotes, keywords in English, all else as it stands."""
    if part.kind == "STRING":
        return quoted(part.text)
    if part.kind == "PLACEHOLDER":
        return f"<{part.text}>"
    return KEYWORDS.get(part.kind, part.text)


def quoted(name: str) -> str:
    """Return a name in the quotes of prose."""
    return f"“{name}”"


def listed(parts: Sequence[str], join: str) -> str:
    """Return parts as a list in words: ``a, b and c``; without ``join``, with blanks."""
    if not join or len(parts) < 2:
        return " ".join(parts)
    return f"{', '.join(parts[:-1])} {join} {parts[-1]}"
