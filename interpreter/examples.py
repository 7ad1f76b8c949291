"""The examples table of a scenario. Rule: a `<placeholder>` is whatever stands in its column, and each cell is judged there."""

from __future__ import annotations

from verbline.interpreter.index import folded
from verbline.interpreter.nearness import nearest
from verbline.interpreter.nodes import Node, Word
from verbline.interpreter.source import Span, span_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from verbline.interpreter.nodes import Row, Sentence
    from verbline.interpreter.problems import Problem
    from verbline.interpreter.view import View


def scenario_of(sentence: Sentence) -> Sentence | None:
    """Return the scenario that ``sentence`` stands in."""
    while sentence.parent is not None:
        sentence = sentence.parent
    return sentence if sentence.shape == "scenario" else None


def rows_of(scenario: Sentence) -> list[Row]:
    """Return the rows of a scenario's examples, the titles first; none where it has no examples."""
    return [row for table in scenario.of("examples") for row in table.rows]


def column(scenario: Sentence, name: str) -> list[tuple[Word, Span]]:
    """Return the cells of the column called ``name``, each with its place."""
    rows = rows_of(scenario)
    titles = [folded(cell.text) for cell in rows[0].cells] if rows else []
    if folded(name) not in titles:
        return []
    at = titles.index(folded(name))
    return [(row.cells[at], place(row, row.cells[at])) for row in rows[1:] if at < len(row.cells)]


def place(row: Row, cell: Word) -> Span:
    """Return the place of a cell."""
    return Span(row.number, cell.start + 1, row.number, max(cell.end, cell.start + 1) + 1)


def spelled(sentence: Sentence, part: Node | Word) -> list[tuple[Node | Word, Span]]:
    """Return what stands at ``part``: itself or, for a placeholder, the cells of its column; each with its place."""
    if not isinstance(part, Word) or part.kind != "PLACEHOLDER":
        return [(part, span_of(sentence, part))]
    scenario = scenario_of(sentence)
    return [(value(cell), span) for cell, span in column(scenario, part.text)] if scenario else []


def value(cell: Word) -> Node | Word:
    """Return a cell as the literal it would be in a sentence; an amount or a duration is a node."""
    if cell.kind != "AMOUNT":
        return cell
    number, unit = cell.text.split(None, 1)
    middle = cell.start + len(number)
    first = Word("NUMBER", number, cell.start, middle)
    if len(unit) == 3 and unit.isupper():
        last = Word("CURRENCY", unit, middle + 1, cell.end)
        return Node("money", {"number": first, "currency": last}, cell.start, cell.end)
    last = Word("UNIT", unit, middle + 1, cell.end)
    return Node("duration", {"number": first, "unit": last}, cell.start, cell.end)


def check_placeholders(view: View) -> Iterator[Problem]:
    """Yield placeholders outside scenarios or without a column, and rows that do not fit their titles."""
    for sentence in view.file.walk():
        for word in sentence.words:
            if word.kind == "PLACEHOLDER" and sentence.node is not None:
                yield from check_placeholder(view, sentence, word)
    for table in view.of("examples"):
        yield from check_rows(view, table)


def check_placeholder(view: View, sentence: Sentence, word: Word) -> Iterator[Problem]:
    """Yield what is wrong with one placeholder."""
    scenario = scenario_of(sentence)
    if scenario is None:
        if sentence.parent is None or sentence.parent.node is not None:
            yield view.problem("V014", sentence, word, variant="outside", name=word.text)
        return
    tables = [inner for inner in scenario.block if inner.may_be("examples")]
    rows = rows_of(scenario)
    if not rows:
        if not tables:
            yield view.problem("V014", sentence, word, variant="table", name=word.text)
        return
    titles = [cell.text for cell in rows[0].cells]
    if folded(word.text) not in map(folded, titles):
        near = nearest(word.text, titles)
        shown = ", ".join(f"<{title}>" for title in titles)
        variant = "near" if near else "column"
        yield view.problem(
            "V014", sentence, word, variant=variant, name=word.text, near=near, columns=shown
        )


def check_rows(view: View, table: Sentence) -> Iterator[Problem]:
    """Yield the rows that have more or fewer cells than the titles."""
    count = len(table.rows[0].cells) if table.rows else 0
    for row in table.rows[1:]:
        if len(row.cells) != count:
            first, last = row.cells[0], row.cells[-1]
            span = Span(row.number, first.start + 1, row.number, max(last.end, last.start + 1) + 1)
            yield view.problem(
                "V014", table, span, variant="cells", cells=len(row.cells), titles=count
            )
