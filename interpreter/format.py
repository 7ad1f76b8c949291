"""The one true form of a file. Rule: only the form changes; whatever was not understood stays as it is.

Two blanks a level, one blank line where a part ends, names in straight quotes, data words in small letters, inflections
as the author chose them. The text is parsed again before it is given out: one with another meaning never is.
"""

from __future__ import annotations

from verbline.interpreter.layout import laid_out
from verbline.interpreter.parse import parse
from verbline.interpreter.problems import term
from verbline.interpreter.sameness import difference
from verbline.interpreter.sentence import grammar
from verbline.interpreter.source import Source, Span
from verbline.interpreter.write import cell_text, sentence_text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from verbline.interpreter.parse import File


class Unwritten:
    """Why a file cannot be written anew: a place in it, and a sentence of ``pages/terms.toml`` with its values."""

    __slots__ = ("language", "path", "reason", "span", "values")

    def __init__(self, file: File, span: Span, reason: str, **values: str) -> None:
        self.path = file.path
        self.language = file.language.code
        self.span = span
        self.reason = reason
        self.values = values

    def __repr__(self) -> str:
        return f"{self.path}:{self.span.line}:{self.span.column} {self.reason}"

    @property
    def message(self) -> str:
        """The sentence for the author, in the language of the file."""
        return term(self.reason, self.language).format_map(self.values)


def format_file(file: File, *, move: bool = False) -> str | Unwritten:
    """Return the text of ``file`` in its one true form, or why there is none.

    With ``move``, clauses of a journey that stand after its first step come before it.
    """
    unreadable = unread(file)
    if unreadable:
        return unreadable
    language = file.language
    text = laid_out(
        file,
        lambda sentence: sentence_text(sentence, language),
        lambda cell: cell_text(cell, language),
        lambda _line, text: text,
        move=move,
    )
    again = parse(Source.of_text(file.path, text), grammar(), language.code)
    where = difference(file, again, move=move)
    if where is None:
        return text
    hidden = where.line in file.source.hidden()
    return Unwritten(file, where, "unwritten-hidden" if hidden else "unwritten-changed")


def unread(file: File) -> Unwritten | None:
    """Return why the file cannot be written at all: bytes that are no letters, or more than were read."""
    if file.source.broken:
        line, column = next(iter(file.source.broken.items()))
        return Unwritten(file, Span(line, column, line, column + 1), "unwritten-bytes")
    if not file.source.whole:
        return Unwritten(file, Span(1, 1, 1, 1), "unwritten-size")
    return None
