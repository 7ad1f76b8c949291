"""Where text comes from and where in it something stands. Rule: a place is exact, in lines and code points from 1."""

from __future__ import annotations

import re
import unicodedata

TYPE_CHECKING = False
if TYPE_CHECKING:
    from verbline.interpreter.nodes import Node, Sentence, Word

BYTES_MAX = 2 * 1024 * 1024
LINE_MAX = 10_000
LINES_MAX = 20_000
DEPTH_MAX = 64
# Signs that no one sees: control signs, blanks without width, marks that turn the direction of the text.
HIDDEN = "[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b\u2028\u2029\u202a-\u202e\u2060\u2066-\u2069\ufeff]"
# More marks than these on one letter mean nothing in any script, and to put them in order takes a time that explodes.
# In a short text it can be borne.
MARKS_MAX, SHORT = 64, 500
OTHER_MARKS = {b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}


class Span:
    """A place: from (line, column) to before (end_line, end_column); all count from 1, columns in code points."""

    __slots__ = ("column", "end_column", "end_line", "line")

    def __init__(self, line: int, column: int, end_line: int, end_column: int) -> None:
        self.line = line
        self.column = column
        self.end_line = end_line
        self.end_column = end_column

    def __repr__(self) -> str:
        return f"{self.line}:{self.column}-{self.end_line}:{self.end_column}"


def span_of(sentence: Sentence, part: Word | Node | None = None) -> Span:
    """Return the place of ``part`` in ``sentence``, or of the whole sentence."""
    start, end = (part.start, part.end) if part is not None else (0, len(sentence.raw))
    if sentence.places is not None:
        start, end = typed(sentence.places, start), typed(sentence.places, end)
    return Span(sentence.number, sentence.column + start, sentence.number, sentence.column + end)


def typed(places: list[int], at: int) -> int:
    """Return the place, in the line as it was typed, of letter ``at`` of its composed form."""
    return places[at] if at < len(places) else places[-1] + at - len(places) + 1


def composed(text: str) -> str:
    """Return ``text`` in composed letters (NFC); as it is where hundreds of marks stand on one letter."""
    return text if has_heap(text) else unicodedata.normalize("NFC", text)


def has_heap(text: str) -> bool:
    """Return whether more marks stand on one letter than any script has."""
    step, mark = MARKS_MAX // 2, unicodedata.combining
    # Two samples fall into every heap, so that most letters need not be looked at.
    return any(
        mark(text[at]) and mark(text[at + step]) and all(map(mark, text[at : at + step]))
        for at in range(0, len(text) - step, step)
    )


class Source:
    """One file: ``path`` as the author knows it, ``lines`` of text, ``size`` in bytes, ``count`` of lines.

    ``broken`` maps the number of a line to the column of its first byte that is no UTF-8. ``whole`` is false where the
    file is larger than what is read of it; ``lines`` are then those up to the limit.
    """

    __slots__ = ("broken", "count", "lines", "path", "size", "whole")

    def __init__(
        self, path: str, lines: list[str], size: int, broken: dict[int, int] | None = None
    ) -> None:
        self.path = path
        self.count = len(lines)
        self.lines = lines[:LINES_MAX] if self.count > LINES_MAX else lines
        self.size = size
        self.whole = size <= BYTES_MAX and self.count <= LINES_MAX
        self.broken = broken or {}

    @classmethod
    def of_bytes(cls, path: str, content: bytes) -> Source:
        """Return the source of a file's bytes: UTF-8 with or without a byte order mark, any line ends.

        A file in another encoding that says so is read, too, and its first line counts as broken.
        """
        size = len(content)
        encoding = OTHER_MARKS.get(content[:2], "")
        if encoding:
            text = content[:BYTES_MAX].decode(encoding, "replace")
            return cls(path, text.replace("\r\n", "\n").split("\n"), size, {1: 1})
        content = (
            whole_letters(content)
            .removeprefix(b"\xef\xbb\xbf")
            .replace(b"\r\n", b"\n")
            .replace(b"\r", b"\n")
        )
        try:
            return cls(path, content.decode("utf-8").split("\n"), size)
        except UnicodeDecodeError:
            return cls._of_broken(path, content, size)

    @classmethod
    def of_text(cls, path: str, text: str) -> Source:
        """Return the source of a text; a lone surrogate counts as a byte that is no UTF-8."""
        return cls.of_bytes(path, text.encode("utf-8", "surrogatepass"))

    @classmethod
    def _of_broken(cls, path: str, content: bytes, size: int) -> Source:
        lines: list[str] = []
        broken: dict[int, int] = {}
        for number, raw in enumerate(content.split(b"\n"), 1):
            try:
                lines.append(raw.decode("utf-8"))
            except UnicodeDecodeError as error:
                broken[number] = len(raw[: error.start].decode("utf-8")) + 1
                lines.append(raw.decode("utf-8", "replace"))
        return cls(path, lines, size, broken)

    def hidden(self) -> dict[int, int]:
        """Return the number of each line with a hidden sign -> the column of its first one."""
        # Whatever is hidden is not printable; most files hold nothing but what is.
        if "".join(self.lines).isprintable():
            return {}
        sign = re.compile(HIDDEN)
        found = ((number, sign.search(line)) for number, line in enumerate(self.lines, 1))
        return {number: match.start() + 1 for number, match in found if match}


def whole_letters(content: bytes) -> bytes:
    """Return the beginning of ``content`` up to the limit, without the half of a letter."""
    if len(content) <= BYTES_MAX:
        return content
    end = BYTES_MAX
    while end > BYTES_MAX - 4 and content[end] & 0xC0 == 0x80:
        end -= 1
    return content[:end]
