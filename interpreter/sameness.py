"""Whether two files say the same. Rule: what counts is meaning; places, words of a language and comments' order do not."""

from __future__ import annotations

from verbline.interpreter.cells import cell_words
from verbline.interpreter.layout import CLAUSES
from verbline.interpreter.lines import COMMENT, ROW, TEXT, block_text
from verbline.interpreter.nodes import Node, Word, meaning
from verbline.interpreter.rows import cells_of
from verbline.interpreter.sentence import grammar
from verbline.interpreter.source import Span

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import TypeAlias

    from verbline.interpreter.lines import Line
    from verbline.interpreter.nodes import Sentence
    from verbline.interpreter.parse import File
    from verbline.interpreter.words import Language

    Retell: TypeAlias = Callable[[Line, str], str]

# Parts of sentences that people will read: words of the language stand in their braces.
SAID = {"subject": "text", "says": "text", "confirm": "question", "t_asked": "question"}


def as_told(_line: Line, text: str) -> str:
    """Return a text as it is."""
    return text


def same_tree(one: File, other: File, *, move: bool = False) -> bool:
    """Return whether two files say the same; with ``move``, clauses may stand before or after a journey's steps."""
    return difference(one, other, move=move) is None


def difference(
    one: File, other: File, *, move: bool = False, retell: Retell = as_told
) -> Span | None:
    """Return the first place of ``one`` where ``other`` says something else.

    ``retell`` gives what the texts of ``one`` are in ``other``, by their lines. The line that names the language counts
    only where both are in one language.
    """
    left, right = outline(one, move=move, retell=retell), outline(other, move=move)
    if one.language.code != other.language.code:
        left, right = without_language(one, left), without_language(other, right)
    for (line, said), (_line, answer) in zip(left, right, strict=False):
        if said != answer:
            return whole(line)
    if len(left) != len(right):
        return whole(left[len(right)][0]) if len(left) > len(right) else Span(1, 1, 1, 1)
    if remarks(one) == remarks(other):
        return None
    return whole(one.comments[0]) if one.comments else Span(1, 1, 1, 1)


def without_language(file: File, said: list[tuple[Line, object]]) -> list[tuple[Line, object]]:
    """Return what the lines say, without the one that names the language."""
    numbers = {sentence.number for sentence in file.sentences if sentence.shape == "language"}
    return [(line, what) for line, what in said if line.number not in numbers]


def remarks(file: File) -> list[str]:
    """Return the comments of a file without their layout, sorted."""
    return sorted(" ".join((line.comment or "").split()) for line in file.comments)


def whole(line: Line) -> Span:
    """Return the place of a line."""
    return Span(line.number, line.column, line.last, line.column + len(line.text))


def outline(file: File, *, move: bool, retell: Retell = as_told) -> list[tuple[Line, object]]:
    """Return each line with what it says; with ``move``, the clauses of a journey first."""
    said = list(lines_said(file, retell))
    if move:
        said.sort(key=lambda entry: entry[0])
    return [(line, what) for _place, line, what in said]


def lines_said(file: File, retell: Retell) -> Iterator[tuple[tuple[int, int], Line, object]]:
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
        yield (
            (declaration, part),
            line,
            (line.level, line_said(line, sentence, file.language, retell)),
        )


def line_said(line: Line, sentence: Sentence | None, language: Language, retell: Retell) -> object:
    """Return what one line says: the meaning of a sentence, the text of a block, the cells of a row, else the line itself."""
    if sentence is not None and sentence.node is not None:
        return meaning(retold(sentence.node, line, retell))
    if line.kind == TEXT:
        parts = block_text(line.block)[0].split("\n")
        return [retell(line, part) for part in parts], line.closed, line.after
    if line.kind == ROW:
        return [cell_said(cell, language) for cell in cells_of(line.text)]
    return line.text


def retold(node: Node, line: Line, retell: Retell) -> Node:
    """Return ``node`` with the text that people will read as ``retell`` gives it."""
    name = SAID.get(node.shape)
    if name is None:
        return node
    word = node.parts[name]
    if not isinstance(word, Word) or word.kind != "STRING":
        return node
    told = Word(word.kind, retell(line, word.text), word.start, word.end)
    return Node(node.shape, {**node.parts, name: told}, node.start, node.end)


def cell_said(cell: str, language: Language) -> object:
    """Return what one cell of a table says."""
    words = cell_words(cell, language, grammar().terminals)
    return tuple(meaning(word) for word in words) or " ".join(cell.split())
