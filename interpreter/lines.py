"""Lines of a file. Rule: layout is settled here, so that every sentence is parsed alone and a broken one harms no other."""

from __future__ import annotations

import re
import unicodedata

from verbline.interpreter.source import LINE_MAX, SHORT, composed

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import TypeAlias

    from verbline.interpreter.source import Source

    BeginsAnew: TypeAlias = Callable[[str], bool]

TAB_WIDTH = 2
QUOTES = '"""'
SENTENCE, COMMENT, TEXT, ROW = "sentence", "comment", "text", "row"
# What stands alone on a line and was surely meant as the three quotes.
MARKS = re.compile(r"""["“”„«»']{1,6}""")
# Three quotes with a comment behind them, in which quotes may stand.
REMARKED = re.compile(r'(""")\s+#(.*)')
# A row of a table with a comment behind it: no bar comes after its sign.
ROW_REMARKED = re.compile(r"(.*\|)\s+#([^|]*)")
QUOTE_SIGNS = frozenset("\"“”„«»'")
# Vowels and endings of Korean syllables, which join the letter before them.
JAMO = "\u1160", "\u11ff"
QUOTE_PAIRS = {'"': '"', "“": "“”", "”": "”", "„": "“”", "«": "»", "»": "«»"}


class Line:
    """One line that is not blank.

    ``width`` is its indentation in blanks (a tab is two), ``column`` the place of its first letter, ``text`` the line
    without indentation, comment and trailing full stop, in composed letters. ``comment`` is the comment without its
    sign, None where there is none. A text block is one line of kind ``text`` with its content in ``block``, ``marks`` are
    places of three quotes that are none: (line, column, what is wrong), ``after`` the comment behind the quotes that close
    it. ``level`` says how many sentences the line is
    nested in; the parser knows it, except for comments. ``places`` gives the place of each letter of ``text`` in the
    line as it was typed, where the two differ.
    """

    __slots__ = (
        "after",
        "block",
        "closed",
        "column",
        "comment",
        "kind",
        "last",
        "level",
        "marks",
        "number",
        "places",
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
        self.after: str | None = None
        self.closed = True
        self.marks: list[tuple[int, int, str]] = []
        self.places: list[int] | None = None


def lines_of(source: Source, begins_anew: BeginsAnew) -> Iterator[Line]:
    """Yield the lines of ``source`` that are not blank; ``begins_anew`` tells whether a line begins a declaration."""
    at, count = 0, len(source.lines)
    while at < count:
        line = line_of(source.lines[at], at + 1)
        at += 1
        if line is None:
            continue
        if line.text[:1] in QUOTE_SIGNS and mark_of(line.text, opens=True) is not None:
            at = take_block(line, source.lines, at, begins_anew)
        yield line


def take_block(line: Line, lines: list[str], at: int, begins_anew: BeginsAnew) -> int:
    """Make ``line`` the text block that it opens and return the index of the line behind the block.

    A block that is never closed ends before the next declaration at the left margin.
    """
    line.kind = TEXT
    wrong = mark_of(line.text, opens=True)
    if wrong:
        line.marks.append((line.number, line.column, wrong))
    if wrong == "beside":
        beside = lines[at - 1].strip()[len(QUOTES) :]
        line.block = [beside.removesuffix(QUOTES)]
        if beside.endswith(QUOTES):
            return at
    behind = block_end(lines, at, begins_anew)
    line.closed = behind < len(lines) and closes(lines[behind].strip())
    line.block += lines[at:behind]
    line.last = behind
    if not line.closed:
        return behind
    line.last = behind + 1
    close_block(line, lines[behind])
    return behind + 1


def close_block(line: Line, raw: str) -> None:
    """Look at the line that closes the block: it should hold nothing but the three quotes and perhaps a comment."""
    remarked = REMARKED.fullmatch(raw.strip())
    if remarked:
        line.after = remarked[2].strip()
        return
    wrong = mark_of(raw.strip())
    if wrong:
        text = raw.rstrip().removesuffix(QUOTES)
        column = len(text) if wrong == "beside" else len(raw) - len(raw.lstrip())
        line.marks.append((line.last, column + 1, wrong))
    if wrong == "beside":
        line.block.append(raw.rstrip().removesuffix(QUOTES))


def closes(body: str) -> bool:
    """Return whether a line closes a text block, well written or not."""
    if body[-1:] in QUOTE_SIGNS and mark_of(body) is not None:
        return True
    return body.startswith(QUOTES) and REMARKED.fullmatch(body) is not None


def mark_of(text: str, *, opens: bool = False) -> str | None:
    """Return what is wrong with a line that opens or closes a text block: ``quotes``, ``beside`` or nothing.

    None where the line does neither.
    """
    if text == QUOTES:
        return ""
    if MARKS.fullmatch(text):
        return "quotes"
    return "beside" if (text.startswith if opens else text.endswith)(QUOTES) else None


def line_of(raw: str, number: int) -> Line | None:
    """Return one line, or None for a blank one. Of a line that is far too long the beginning is enough."""
    typed = raw = raw if len(raw) <= 2 * LINE_MAX else raw[: 2 * LINE_MAX]
    if not raw.isascii():
        raw = composed(raw) if len(raw) > SHORT else unicodedata.normalize("NFC", raw)
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
        body, comment = split_row(body) if "#" in body else (body, None)
    elif "#" in body:
        remarked = REMARKED.fullmatch(body)
        body, comment = (QUOTES, remarked[2].strip()) if remarked else split_comment(body)
    if kind == SENTENCE and body.endswith(".") and not body.endswith(".."):
        body = body[:-1].rstrip()
    line = Line(number, kind, width, len(indent) + 1, body, comment)
    line.tabs = tabs
    if raw != typed:
        line.places = places_of(typed.lstrip())
    return line


def places_of(typed: str) -> list[int]:
    """Return the place in ``typed`` of each letter that its composed form has, and of its end."""
    places: list[int] = []
    start = 0
    for at in range(1, len(typed) + 1):
        if at < len(typed) and joins(typed[at]):
            continue
        letters = len(unicodedata.normalize("NFC", typed[start:at]))
        places += [min(start + letter, at - 1) for letter in range(letters)]
        start = at
    places.append(len(typed))
    return places


def joins(letter: str) -> bool:
    """Return whether ``letter`` may become one with the letter before it."""
    return unicodedata.category(letter)[0] == "M" or JAMO[0] <= letter <= JAMO[1]


def split_comment(body: str) -> tuple[str, str | None]:
    """Return the sentence and the comment behind it: a ``#`` outside quotes, with a blank before it."""
    closing = ""
    for at, letter in enumerate(body):
        if closing:
            if letter in closing:
                closing = ""
        elif letter in QUOTE_PAIRS:
            ends = QUOTE_PAIRS[letter]
            closing = ends if any(body.find(end, at + 1) > 0 for end in ends) else ""
        elif letter == "#" and body[at - 1].isspace():
            return body[:at].rstrip(), body[at + 1 :].strip()
    return body, None


def split_row(body: str) -> tuple[str, str | None]:
    """Return a row of a table and the comment behind its last bar; a sign inside quotes begins none."""
    remarked = ROW_REMARKED.fullmatch(body)
    # A bar that stands inside quotes ends no cell.
    if remarked is None or remarked[1].count('"') % 2:
        return body, None
    return remarked[1], remarked[2].strip()


def block_end(lines: list[str], at: int, begins_anew: BeginsAnew) -> int:
    """Return the index of the line that closes a text block, or of the first line that cannot belong to it."""
    for place in range(at, len(lines)):
        body = lines[place].strip()
        if closes(body):
            return place
        if body and not lines[place][0].isspace() and begins_anew(body):
            return place
    return len(lines)


def block_text(block: list[str]) -> tuple[str, int]:
    """Return the text of a block without its common indentation and outer blank lines, and that indentation."""
    lines = [line.rstrip().expandtabs(TAB_WIDTH) for line in block]
    common = min((len(line) - len(line.lstrip()) for line in lines if line), default=0)
    return composed("\n".join(line[common:] for line in lines)).strip("\n"), common
