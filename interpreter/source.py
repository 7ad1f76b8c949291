"""Where text comes from and where in it something stands. Rule: a place is exact, in lines and code points from 1."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from verbline.interpreter.nodes import Node, Sentence, Word

BYTES_MAX = 2 * 1024 * 1024
LINE_MAX = 10_000
DEPTH_MAX = 64


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
    return Span(sentence.number, sentence.column + start, sentence.number, sentence.column + end)


class Source:
    """One file: ``path`` as the author knows it, ``lines`` of text, and ``broken``: line number -> column of a byte that is no UTF-8."""

    __slots__ = ("broken", "lines", "path", "size")

    def __init__(
        self, path: str, lines: list[str], size: int, broken: dict[int, int] | None = None
    ) -> None:
        self.path = path
        self.lines = lines
        self.size = size
        self.broken = broken or {}

    @classmethod
    def of_bytes(cls, path: str, content: bytes) -> Source:
        """Return the source of a file's bytes: UTF-8 with or without a byte order mark, any line ends."""
        size = len(content)
        content = (
            content[:BYTES_MAX]
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
