"""Texts as pieces: letters, and gaps that a value fills. Rule: what fills a gap is never read as a text again.

    Hello {first-name or dear member}   ->   "Hello ", Gap(first-name, "dear member")

Braces that hold no field stay as they stand; `check` has told them.
"""

from __future__ import annotations

from verbline.interpreter.source import Span
from verbline.interpreter.texts import Token, braces, read_token

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from typing import TypeAlias

    from verbline.interpreter.words import Language

    Pieces: TypeAlias = "tuple[str | Gap, ...]"

NOWHERE = Span(1, 1, 1, 1)


class Gap:
    """A place for the value of ``field``; ``fallback`` is written where it is unknown, None where nothing may be."""

    __slots__ = ("fallback", "field")

    def __init__(self, field: str, fallback: str | None) -> None:
        self.field = field
        self.fallback = fallback

    def __repr__(self) -> str:
        return f"Gap({self.field}, {self.fallback!r})"


class MissingFieldError(Exception):
    """A gap whose value is unknown and that has nothing else to write; ``field`` is its name."""

    def __init__(self, field: str) -> None:
        super().__init__(field)
        self.field = field


def pieces_of(content: str, languages: Sequence[Language]) -> Pieces:
    """Return the pieces of a text; the first of ``languages`` is its file's, the last its own."""
    if "{" not in content:
        return (content,) if content else ()
    ors = {form for language in languages for form in language.forms["OR"]}
    found: list[str | Gap] = []
    for place, line in enumerate(content.split("\n")):
        if place:
            found.append("\n")
        found += _pieces_of_line(line, ors, list(languages))
    return tuple(_joined(found))


def _pieces_of_line(line: str, ors: set[str], languages: list[Language]) -> Iterator[str | Gap]:
    at = 0
    for start, end, inner, flaw in braces(line):
        token = read_token(inner, ors, NOWHERE, languages) if not flaw else None
        if not isinstance(token, Token):
            continue
        yield line[at:start]
        yield Gap(token.field, token.fallback)
        at = end
    yield line[at:]


def _joined(pieces: list[str | Gap]) -> Iterator[str | Gap]:
    """Yield the pieces with neighbouring letters in one."""
    letters = ""
    for piece in pieces:
        if isinstance(piece, str):
            letters += piece
            continue
        if letters:
            yield letters
        letters = ""
        yield piece
    if letters:
        yield letters


def filled(pieces: Pieces, values: Mapping[str, str | None]) -> str:
    """Return the text with its gaps filled. `MissingFieldError` where one stays empty."""
    return "".join(piece if isinstance(piece, str) else _filling(piece, values) for piece in pieces)


def _filling(gap: Gap, values: Mapping[str, str | None]) -> str:
    value = values.get(gap.field)
    if value is None:
        value = gap.fallback
    if value is None:
        raise MissingFieldError(gap.field)
    return value


def fields_of(pieces: Pieces) -> list[str]:
    """Return the fields that the gaps name, each once."""
    return list(dict.fromkeys(piece.field for piece in pieces if isinstance(piece, Gap)))
