"""A report as pieces: headings, sentences, tables. Rule: text and Markdown hold the same words."""

from __future__ import annotations

import json
from typing import NamedTuple

from verbline.cli.folders import readable
from verbline.cli.output import COLORS, wants_color, write_document, write_utf8

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from typing import Any, TypeAlias

    Piece: TypeAlias = "Heading | Sentence | Table"

CELL_MAX = 120
# What Markdown would take for a mark of its own.
MARKS = str.maketrans({sign: f"\\{sign}" for sign in "\\`*_|<>["})


class Heading(NamedTuple):
    """The title of a part; the first of a report is that of the whole."""

    text: str
    level: int = 2


class Sentence(NamedTuple):
    """A sentence, or an entry of a list."""

    text: str
    is_entry: bool = False


class Table(NamedTuple):
    """Rows under a head; a cell that is a number stands to the right."""

    head: Sequence[str]
    rows: Sequence[Sequence[str | int]]


def as_text(pieces: Iterable[Piece], *, color: bool = False) -> str:
    """Return a report for a terminal."""
    lines: list[str] = []
    for piece in pieces:
        match piece:
            case Heading(text, _):
                bold = f"\x1b[{COLORS['bold']}m{text}\x1b[0m" if color else text
                lines += [*([""] if lines else []), bold]
            case Sentence(text, is_entry):
                lines.append(f"  - {readable(text)}" if is_entry else f"  {readable(text)}")
            case Table():
                lines += columns(piece)
    return "\n".join(lines) + "\n"


def columns(table: Table) -> Iterator[str]:
    """Yield the lines of a table, each column as wide as it has to be."""
    rows = [list(map(cell, row)) for row in (table.head, *table.rows)]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    right = [all(isinstance(row[at], int) for row in table.rows) for at in range(len(widths))]
    for row in rows:
        told = (text.rjust(width) if aside else text.ljust(width) for text, width, aside in zip(row, widths, right, strict=True))  # fmt: skip
        yield f"  {'  '.join(told)}".rstrip()


def as_markdown(pieces: Iterable[Piece]) -> str:
    """Return a report as Markdown."""
    lines: list[str] = []
    before: Piece | None = None
    for piece in pieces:
        is_list = isinstance(piece, Sentence) and piece.is_entry
        if before is not None and not (
            is_list and isinstance(before, Sentence) and before.is_entry
        ):
            lines.append("")
        match piece:
            case Heading(text, level):
                lines.append(f"{'#' * level} {marked(text)}")
            case Sentence(text, is_entry):
                lines.append(f"- {marked(text)}" if is_entry else marked(text))
            case Table(head, rows):
                right = [all(isinstance(row[at], int) for row in rows) for at in range(len(head))]
                lines.append(f"| {' | '.join(head)} |")
                lines.append(f"| {' | '.join('---:' if aside else '---' for aside in right)} |")
                lines += (f"| {' | '.join(marked(cell(one)) for one in row)} |" for row in rows)
        before = piece
    return "\n".join(lines) + "\n"


def cell(value: str | int) -> str:
    """Return what stands in one place of a table."""
    if isinstance(value, int):
        return f"{value:,}"
    text = readable(value)
    return text if len(text) <= CELL_MAX else f"{text[: CELL_MAX - 1]}…"


def marked(text: str) -> str:
    """Return text in which Markdown finds no marks of its own."""
    return readable(text).translate(MARKS)


def write(
    found: dict[str, Any],
    pieces: Callable[[dict[str, Any]], Iterable[Piece]],
    form: str,
    color: str,
) -> None:
    """Write ``found`` as JSON, or the ``pieces`` that tell it as Markdown or text: as the option ``form`` has it."""
    if form == "json":
        write_utf8(json.dumps(found, ensure_ascii=False, indent=1) + "\n")
        return
    told = list(pieces(found))
    if form == "markdown":
        write_utf8(as_markdown(told))
    else:
        write_document(as_text(told, color=wants_color(color)))
