"""Whether two files say the same. Rule: what counts is meaning; places, words of a language and comments' order do not."""

from __future__ import annotations

from verbline.interpreter.cells import cell_words, cells_of
from verbline.interpreter.layout import CLAUSES
from verbline.interpreter.lines import COMMENT, ROW, TEXT, block_text
from verbline.interpreter.nodes import meaning
from verbline.interpreter.sentence import grammar
from verbline.interpreter.source import Span

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from verbline.interpreter.lines import Line
    from verbline.interpreter.nodes import Sentence
    from verbline.interpreter.parse import File
    from verbline.interpreter.words import Language


def same_tree(one: File, other: File, *, move: bool = False) -> bool:
    """Return whether two files say the same; with ``move``, clauses may stand before or after a journey's steps."""
    return difference(one, other, move=move) is None


def difference(one: File, other: File, *, move: bool = False) -> Span | None:
    """Return the first place of ``one`` where ``other`` says something else."""
    left, right = outline(one, move=move), outline(other, move=move)
    for (line, said), (_line, answer) in zip(left, right, strict=False):
        if said != answer:
            return whole(line)
    if len(left) != len(right):
        return whole(left[len(right)][0]) if len(left) > len(right) else Span(1, 1, 1, 1)
    if remarks(one) == remarks(other):
        return None
    return whole(one.comments[0]) if one.comments else Span(1, 1, 1, 1)


def remarks(file: File) -> list[str]:
    """Return the comments of a file without their layout, sorted."""
    return sorted(" ".join((line.comment or "").split()) for line in file.comments)


def whole(line: Line) -> Span:
    """Return the place of a line."""
    return Span(line.number, line.column, line.last, line.column + len(line.text))


def outline(file: File, *, move: bool) -> list[tuple[Line, object]]:
    """Return each line with what it says; with ``move``, the clauses of a journey first."""
    said = list(lines_said(file))
    if move:
        said.sort(key=lambda entry: entry[0])
    return [(line, what) for _place, line, what in said]


def lines_said(file: File) -> Iterator[tuple[tuple[int, int], Line, object]]:
    """Yield each line that is no comment with its place, a number of the declaration and of its part, and what it says."""
    sentences = {sentence.number: sentence for sentence in file.walk()}
    declaration, part = 0, 0
    for line in file.lines:
        sentence = sentences.get(line.number)
        if line.kind == COMMENT:
            continue
        if sentence is not None and line.level <= 1:
            declaration += line.level == 0
            part = 0 if line.level == 0 else 1 + (sentence.shape not in CLAUSES)
        yield (declaration, part), line, (line.level, line_said(line, sentence, file.language))


def line_said(line: Line, sentence: Sentence | None, language: Language) -> object:
    """Return what one line says: the meaning of a sentence, the text of a block, the cells of a row, else the line itself."""
    if sentence is not None and sentence.node is not None:
        return meaning(sentence.node)
    if line.kind == TEXT:
        return block_text(line.block)[0], line.closed
    if line.kind == ROW:
        return [cell_said(cell, language) for cell in cells_of(line.text)]
    return line.text


def cell_said(cell: str, language: Language) -> object:
    """Return what one cell of a table says."""
    words = cell_words(cell, language, grammar().terminals)
    return tuple(meaning(word) for word in words) or " ".join(cell.split())
