"""A message in several languages, when its file changes language. Rule: each text stays in the language that it is in.

The words right under a message are in the language of the file, those under ``in sl`` in the language named there. So
where a file becomes Slovenian, the two change places, and the first go under ``in en``.
"""

from __future__ import annotations

from verbline.interpreter.lines import COMMENT
from verbline.interpreter.parse import parse
from verbline.interpreter.sentence import grammar
from verbline.interpreter.source import Source, span_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from verbline.interpreter.lines import Line
    from verbline.interpreter.nodes import Sentence
    from verbline.interpreter.parse import File

# What a line under a message is: one of its own words, the head of a language, words in the language that the file is to
# have, or anything in a third one.
OWN, HEAD, OTHER, THIRD = "own", "head", "other", "third"


def turned(file: File, to: str) -> File:
    """Return ``file`` with the words of its messages in the places that they have once the file is in language ``to``."""
    found = [(message, head_of(message, file, to)) for message in file.sentences]
    pairs = [(message, head) for message, head in found if head is not None]
    if not pairs:
        return file
    raw = list(file.source.lines)
    for message, head in pairs:
        rearrange(raw, file, message, head)
    return parse(Source.of_text(file.path, "\n".join(raw)), grammar(), file.language.code)


def head_of(message: Sentence, file: File, to: str) -> Sentence | None:
    """Return the line of ``message`` that names the language ``to``; None where nothing has to change places."""
    if message.shape != "message" or any(one.node is None for one in message.walk()):
        return None
    heads = {one.node.text("code"): one for one in message.of("in_lang") if one.node}
    has_own = message.text is not None or bool(message.of("subject", "says", "text_from"))
    return heads.get(to) if has_own and file.language.code not in heads else None


def rearrange(raw: list[str], file: File, message: Sentence, head: Sentence) -> None:
    """Let the words of ``message`` and those under ``head`` change places among the lines ``raw`` of the file."""
    inside = lines_of(file, message)
    heads = {one.number for one in message.of("in_lang")}
    groups: list[tuple[str, list[str]]] = []
    starts = {line.number - 1 for line in inside}
    deeper = min(line.width for line in inside if line.level > 1)
    width = next(line.width for line in inside if line.number == head.number)
    at, what = message.number, OWN
    for line in inside:
        if line.kind == COMMENT:
            continue
        if line.level == 1:
            what = (
                OWN if line.number not in heads else HEAD if line.number == head.number else THIRD
            )
        elif what == HEAD:
            what = OTHER
        indent = {OWN: deeper, OTHER: width}.get(what)
        moved = [
            raw[row] if indent is None or row not in starts else " " * indent + raw[row].lstrip()
            for row in range(at, line.last)
        ]
        groups.append((what, moved))
        at = line.last
    place = span_of(head, head.node.word("code") if head.node else None)
    own = file.language.code
    named = raw[head.number - 1]
    named = f"{named[: place.column - 1]}{own}{named[place.end_column - 1 :]}"
    raw[message.number : at] = ordered(groups, named)


def lines_of(file: File, message: Sentence) -> list[Line]:
    """Return the lines below ``message``; comments behind the last of them belong to what comes next."""
    after = (one.number for one in file.sentences if one.number > message.number)
    end = next(after, len(file.source.lines) + 1)
    inside = [line for line in file.lines if message.number < line.number < end]
    while inside[-1].kind == COMMENT:
        inside.pop()
    return inside


def ordered(groups: list[tuple[str, list[str]]], named: str) -> list[str]:
    """Return the lines of a message in their new order; ``named`` is the head with the language of the file."""
    parts = {
        what: [line for one, lines in groups if one == what for line in lines]
        for what in (OWN, OTHER)
    }
    found: list[str] = []
    for what, lines in groups:
        if what == HEAD:
            found += [*lines[:-1], named, *parts[OWN]]
        elif what == OWN:
            found += parts.pop(OTHER, [])
        elif what == THIRD:
            found += lines
    return found
