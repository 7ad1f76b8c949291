"""From a file to blocks of whole lines. Rule: every byte belongs to one line, and no line of any length fills the memory.

A file is read as far as it reached when the reading began. It is closed between two blocks, so a folder of thousands of
files needs no more open at once than one.
"""

from __future__ import annotations

import os

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

LINE_MAX = 1 << 20
# Larger blocks no longer fit, beside their events, into the part of a cache that one program gets.
BLOCK = 1 << 15
MARK = b"\xef\xbb\xbf"


class LogError(Exception):
    """A log that cannot be read or written: its text is a sentence for people."""


class Lines:
    """Whole lines: ``text`` without its last newline, ``offset`` in bytes. ``text`` is None for one line too long to keep.

    ``length`` counts the bytes, without the last newline. ``is_torn`` says that the file ends without a newline.
    """

    __slots__ = ("is_torn", "length", "offset", "text")

    def __init__(
        self, offset: int, length: int, text: bytes | None, *, is_torn: bool = False
    ) -> None:
        self.offset = offset
        self.length = length
        self.text = text
        self.is_torn = is_torn


def blocks(
    path: Path, size: int = BLOCK, start: int = 0, end: int | None = None
) -> Iterator[Lines]:
    """Yield the lines of the file at ``path`` from the one that begins at ``start`` on, about ``size`` bytes at a time.

    ``end`` is where a line begins that is not read any more; the end of the file where none is given.
    """
    position = start
    end = size_of(path) if end is None else end
    rest, is_long = b"", False
    while position < end:
        piece = read(path, position, min(size, end - position))
        if not piece:
            break
        position += len(piece)
        if is_long:
            cut = piece.find(b"\n")
            if cut < 0:
                continue
            line_end = position - len(piece) + cut
            yield Lines(start, line_end - start, None)
            start, piece, is_long = line_end + 1, piece[cut + 1 :], False
        cut = piece.rfind(b"\n")
        if cut < 0:
            rest += piece
            is_long = len(rest) > LINE_MAX
            rest = b"" if is_long else rest
            continue
        text, rest = rest + piece[:cut], piece[cut + 1 :]
        yield from within_limit(start, text)
        start += len(text) + 1
    if is_long:
        yield Lines(start, position - start, None, is_torn=True)
    elif rest:
        yield from within_limit(start, rest, is_torn=True)


def within_limit(start: int, text: bytes, *, is_torn: bool = False) -> Iterator[Lines]:
    """Yield the lines of ``text`` in as few blocks as there can be, those that are too long by themselves."""
    if not start and text.startswith(MARK):
        start, text = len(MARK), text[len(MARK) :]
    if len(text) <= LINE_MAX:
        yield Lines(start, len(text), text, is_torn=is_torn)
        return
    lines = text.split(b"\n")
    for line in lines:
        kept = line if len(line) <= LINE_MAX else None
        yield Lines(start, len(line), kept, is_torn=is_torn and line is lines[-1])
        start += len(line) + 1


def size_of(path: Path) -> int:
    """Return how many bytes a file has."""
    try:
        return path.stat().st_size
    except OSError as error:
        raise LogError(told(path, error)) from error


def read(path: Path, position: int, size: int) -> bytes:
    """Return up to ``size`` bytes of the file from ``position`` on."""
    try:
        file = os.open(
            path, os.O_RDONLY
        )  # a block is read at once: all that a file object adds is time
        try:
            return os.pread(file, size, position)
        finally:
            os.close(file)
    except OSError as error:
        raise LogError(told(path, error)) from error


def told(path: Path, error: OSError, done: str = "read") -> str:
    """Return the sentence that says why a file cannot be read, or whatever was to be ``done`` with it."""
    return f'"{path}" cannot be {done}: {error.strerror or type(error).__name__}.'


def line_at(path: Path, offset: int) -> bytes:
    """Return the line that begins at ``offset``, without its newline; of a long one as much as a line may have."""
    line, size = b"", 1 << 12
    while len(line) < LINE_MAX:
        piece = read(path, offset + len(line), size)
        line += piece
        cut = line.find(b"\n")
        if cut >= 0 or not piece:
            return line[:cut] if cut >= 0 else line
        size *= 4
    return line[: LINE_MAX + 1]
