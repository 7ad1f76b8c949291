"""Lines of a file. Rule: layout is settled here, so that every sentence is parsed alone and a broken one harms no other."""

from __future__ import annotations

import unicodedata

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import TypeAlias

    from verbline.interpreter.source import Source

    BeginsAnew: TypeAlias = Callable[[str], bool]

TAB_WIDTH = 2
QUOTES = '"""'
SENTENCE, COMMENT, TEXT, ROW = "sentence", "comment", "text", "row"
QUOTE_PAIRS = {'"': '"', "“": "“”", "”": "”", "„": "“”", "«": "»", "»": "«»"}


class Line:
    """One line that is not blank.

    ``width`` is its indentation in blanks (a tab is two), ``column`` the place of its first letter, ``text`` the line
    without indentation, comment and trailing full stop, in composed letters. ``comment`` is the comment without its
    sign, None where there is none. A text block is one line of kind ``text`` with its content in ``block``. ``level`` says
    how many sentences the line is nested in; the parser knows it, except for comments.
    """

    __slots__ = (
        "block",
        "closed",
        "column",
        "comment",
        "kind",
        "last",
        "level",
        "number",
        "tabs",
        "text",
        "width",
    )

    def __init__(
        self, number: int, kind: str, width: int, column: int, text: str, comment: str | None
    ) -> None:
        self.number = number
        self.last = number
        self.kind = kind
        self.width = width
        self.column = column
        self.text = text
        self.comment = comment
        self.tabs = False
        self.level = -1
        self.block: list[str] = []
        self.closed = True


def lines_of(source: Source, begins_anew: BeginsAnew) -> Iterator[Line]:
    """Yield the lines of ``source`` that are not blank; ``begins_anew`` tells whether a line begins a declaration."""
    at, count = 0, len(source.lines)
    while at < count:
        line = line_of(source.lines[at], at + 1)
        at += 1
        if line is None:
            continue
        if line.text == QUOTES:
            line.kind = TEXT
            behind = block_end(source.lines, at, begins_anew)
            line.closed = behind < count and source.lines[behind].strip() == QUOTES
            line.block = source.lines[at:behind]
            at = behind + 1 if line.closed else behind
            line.last = at
        yield line


def line_of(raw: str, number: int) -> Line | None:
    """Return one line, or None for a blank one."""
    if not raw.isascii():
        raw = unicodedata.normalize("NFC", raw)
    body = raw.lstrip()
    if not body or body == "\ufeff":
        return None
    indent = raw[: len(raw) - len(body)]
    tabs = "\t" in indent
    width = len(indent) + indent.count("\t") * (TAB_WIDTH - 1) if tabs else len(indent)
    body = body.rstrip()
    kind, comment = SENTENCE, None
    if body[0] == "#":
        kind, comment, body = COMMENT, body[1:].strip(), ""
    elif body[0] == "|":
        kind = ROW
    elif "#" in body:
        body, comment = split_comment(body)
    if kind == SENTENCE and body.endswith(".") and not body.endswith(".."):
        body = body[:-1].rstrip()
    line = Line(number, kind, width, len(indent) + 1, body, comment)
    line.tabs = tabs
    return line


def split_comment(body: str) -> tuple[str, str | None]:
    """Return the sentence and the comment behind it: a ``#`` outside quotes, with a blank before it."""
    closing = ""
    for at, letter in enumerate(body):
        if closing:
            if letter in closing:
                closing = ""
        elif letter in QUOTE_PAIRS:
            closing = (
                QUOTE_PAIRS[letter]
                if any(end in body[at + 1 :] for end in QUOTE_PAIRS[letter])
                else ""
            )
        elif letter == "#" and body[at - 1].isspace():
            return body[:at].rstrip(), body[at + 1 :].strip()
    return body, None


def block_end(lines: list[str], at: int, begins_anew: BeginsAnew) -> int:
    """Return the index of the line that closes a text block, or of the first line that cannot belong to it.

    A block that is never closed ends before the next declaration at the left margin.
    """
    for place in range(at, len(lines)):
        body = lines[place].strip()
        if body == QUOTES or (body and not lines[place][0].isspace() and begins_anew(body)):
            return place
    return len(lines)


def block_text(block: list[str]) -> tuple[str, int]:
    """Return the text of a block without its common indentation and outer blank lines, and that indentation."""
    lines = [line.rstrip().expandtabs(TAB_WIDTH) for line in block]
    common = min((len(line) - len(line.lstrip()) for line in lines if line), default=0)
    return unicodedata.normalize("NFC", "\n".join(line[common:] for line in lines)).strip(
        "\n"
    ), common
