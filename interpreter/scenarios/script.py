"""A scenario as a script. Rule: a table of examples makes one script a row, and no placeholder is left in any of them."""

from __future__ import annotations

from verbline.interpreter.examples import rows_of, value
from verbline.interpreter.index import folded
from verbline.interpreter.nodes import Node, Word
from verbline.interpreter.rows import words_to_end
from verbline.interpreter.sentence import grammar
from verbline.interpreter.words import tokens_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from verbline.interpreter.names import Scope
    from verbline.interpreter.nodes import Part, Row, Sentence
    from verbline.interpreter.parse import File


class Line:
    """One line of a script: its sentence in the text, and what it says once the placeholders are filled."""

    __slots__ = ("node", "sentence")

    def __init__(self, sentence: Sentence, node: Node) -> None:
        self.sentence = sentence
        self.node = node

    def __repr__(self) -> str:
        return f"{self.sentence.number}:{self.node.shape}"

    @property
    def shape(self) -> str:
        """The name of the sentence in the grammar."""
        return self.node.shape

    @property
    def number(self) -> int:
        """The number of the line in its file."""
        return self.sentence.number


class Script:
    """One run of a scenario: ``row`` is the number of the line of its table that it was filled from, or 0."""

    __slots__ = ("lines", "name", "row", "scope", "sentence", "values")

    def __init__(
        self, scope: Scope, sentence: Sentence, lines: list[Line], row: int, values: str
    ) -> None:
        self.scope = scope
        self.sentence = sentence
        self.name = sentence.node.text("name") if sentence.node else ""
        self.lines = lines
        self.row = row
        self.values = values

    def __repr__(self) -> str:
        return f"{self.path}:{self.sentence.number} {self.name} {self.values}".rstrip()

    @property
    def path(self) -> str:
        """The path of the file it stands in."""
        return self.scope.file.path

    @property
    def language(self) -> str:
        """The language of the file it stands in."""
        return self.scope.file.language.code

    @property
    def title(self) -> str:
        """Its name, and the row of its table: what tells it from every other run of the file."""
        return f"{self.name} [{self.values}]" if self.values else self.name


def scripts_of(scope: Scope) -> Iterator[Script]:
    """Yield the scripts of the scenarios that a file holds, in the order of the text."""
    for sentence in scope.own.of("scenario"):
        if not sentence.misplaced:
            yield from scripts_of_scenario(scope, sentence)


def scripts_of_scenario(scope: Scope, scenario: Sentence) -> Iterator[Script]:
    """Yield one script, or one for each row of the scenario's examples."""
    lines = [Line(one, one.node) for one in scenario.block if one.node and one.shape != "examples"]
    rows = rows_of(scenario)
    if len(rows) < 2:
        yield Script(scope, scenario, lines, 0, "")
        return
    for row in rows[1:]:
        cells = cells_of(scope.file, rows[0], row)
        filled_lines = [Line(one.sentence, filled_node(one.node, cells)) for one in lines]
        yield Script(scope, scenario, filled_lines, row.number, shown(row))


def shown(row: Row) -> str:
    """Return a row as one reads it: its cells, texts without quotes."""
    return ", ".join(cell.text for cell in row.cells)


def cells_of(file: File, titles: Row, row: Row) -> dict[str, Node | Word]:
    """Return what stands in each column of ``row``."""
    pairs = zip(titles.cells, row.cells, strict=False)
    return {folded(title.text): literal(file, value(cell)) for title, cell in pairs}


def literal(file: File, cell: Node | Word) -> Node | Word:
    """Return a cell as a sentence would have it: the unit of a duration as a word of the language."""
    if not isinstance(cell, Node) or cell.shape != "duration":
        return cell
    unit = cell.word("unit")
    meanings = words_to_end(tokens_of(unit.text), 0, file, grammar())
    kind = next(one for one in meanings if one.startswith("U_"))
    known = Word(kind, unit.text, unit.start, unit.end)
    return Node("duration", {**cell.parts, "unit": known}, cell.start, cell.end)


def filled(part: Part, cells: Mapping[str, Node | Word]) -> Part:
    """Return ``part`` with a cell in the place of each placeholder."""
    if isinstance(part, Word):
        return cells.get(folded(part.text), part) if part.kind == "PLACEHOLDER" else part
    if isinstance(part, Node):
        return filled_node(part, cells)
    found = (filled(inner, cells) for inner in part)
    return tuple(inner for inner in found if not isinstance(inner, tuple))


def filled_node(node: Node, cells: Mapping[str, Node | Word]) -> Node:
    """Return a sentence, or an inner part of one, without placeholders."""
    parts = {name: filled(part, cells) for name, part in node.parts.items()}
    return Node(node.shape, parts, node.start, node.end)
