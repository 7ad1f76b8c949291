"""A file laid out: indentation, blank lines, tables, blocks of text, comments. Rule: nothing that was read is lost.

What a sentence says is the business of whoever calls: the formatter spells it in its own language, the translator in
another one.
"""

from __future__ import annotations

from verbline.interpreter.lines import COMMENT, QUOTES, ROW, TAB_WIDTH, TEXT, Line, block_text
from verbline.interpreter.places import DECLARATIONS, HEADERS, STEPS, UNDER
from verbline.interpreter.rows import cells_of
from verbline.interpreter.source import composed

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from verbline.interpreter.nodes import Sentence
    from verbline.interpreter.parse import File

    Spell = Callable[[Sentence], str]
    Respell = Callable[[str], str]
    Retell = Callable[[Line, str], str]

CLAUSES = UNDER["journey"] - STEPS


class Item:
    """One line of the file to be written, or a block: ``texts`` without indentation, ``blank`` says whether a blank line
    stands above it.
    """

    __slots__ = ("blank", "level", "line", "sentence", "texts")

    def __init__(self, line: Line, sentence: Sentence | None, texts: list[str]) -> None:
        self.line = line
        self.level = line.level
        self.sentence = sentence
        self.texts = texts
        self.blank = False

    @property
    def shape(self) -> str:
        """The sentence's name in the grammar, or nothing."""
        return self.sentence.shape if self.sentence else ""


def laid_out(file: File, spell: Spell, cell: Respell, text: Retell, *, move: bool = False) -> str:
    """Return the text of ``file``: sentences by ``spell``, cells of tables by ``cell``, each line of a block of text by ``text``.

    With ``move``, clauses of a journey that stand after its first step come before it.
    """
    items = items_of(file, spell, cell, text)
    place_comments(items)
    for item, before in zip(items[1:], items, strict=False):
        item.blank = item.line.number > before.line.last + 1
    if move:
        items = moved(items)
    space(items)
    lines = [line for item in items for line in written(item)]
    return "\n".join(lines) + "\n" if lines else ""


def written(item: Item) -> Iterator[str]:
    """Yield the lines of one item, indented."""
    indent = "  " * item.level
    if item.blank:
        yield ""
    for text in item.texts:
        yield indent + text if text else ""


def items_of(file: File, spell: Spell, cell: Respell, text: Retell) -> list[Item]:
    """Return every line of the file as it is to be written, without its place."""
    sentences = {sentence.number: sentence for sentence in file.walk()}
    rows: dict[int, str] = {}
    for numbers in ([row.number for row in one.rows] for one in sentences.values() if one.rows):
        rows |= table(file, numbers, cell)
    items = []
    for line in file.lines:
        sentence = sentences.get(line.number)
        if sentence is not None and sentence.node is not None:
            texts = [spell(sentence) + remark(line)]
        elif line.kind == COMMENT:
            texts = [comment_text(file.source.lines[line.number - 1])]
        elif line.kind == TEXT:
            texts = block(line, text)
        elif line.kind == ROW and line.number in rows:
            texts = [rows[line.number] + remark(line)]
        else:
            texts = [composed(file.source.lines[line.number - 1].strip())]
        items.append(Item(line, sentence, texts))
    return items


def remark(line: Line) -> str:
    """Return the comment behind a sentence, with the blanks before it."""
    return f"  {comment_text(f'#{line.comment}')}" if line.comment is not None else ""


def comment_text(raw: str) -> str:
    """Return a comment with a blank behind its sign; further blanks are its own layout, and stay."""
    body = composed(raw.strip())[1:].expandtabs(TAB_WIDTH)
    return f"#{body}" if not body or body[0] in "# " else f"# {body}"


def block(line: Line, retell: Retell) -> list[str]:
    """Return the lines of a block of text, quotes included."""
    text, _common = block_text(line.block)
    inner = [retell(line, part) for part in text.split("\n")] if text else []
    after = "" if line.after is None else f"  {comment_text(f'#{line.after}')}"
    return [QUOTES + remark(line), *inner, *([QUOTES + after] if line.closed else [])]


def table(file: File, numbers: Sequence[int], respell: Respell) -> dict[int, str]:
    """Return the rows of one table with their cells aligned: number of the line -> row."""
    found = {line.number: line for line in file.lines if line.kind == ROW}
    cells = {
        number: [respell(cell.strip()) for cell in cells_of(found[number].text)]
        for number in numbers
    }
    widths = [0] * max(map(len, cells.values()))
    for row in cells.values():
        widths = [max(width, len(cell)) for width, cell in zip(widths, row, strict=False)] + widths[
            len(row) :
        ]
    return {
        number: f"| {' | '.join(cell.ljust(width) for cell, width in zip(row, widths, strict=False))} |"
        for number, row in cells.items()
    }


def place_comments(items: list[Item]) -> None:
    """Give a level to what has none: a comment belongs to the line below it or, standing deeper, to the block above."""
    below: tuple[int, int] = (0, 0)
    following: list[tuple[int, int]] = []
    for item in reversed(items):
        following.append(below)
        if item.level >= 0:
            below = item.line.width, item.level
    following.reverse()
    above: list[tuple[int, int]] = []
    for item, (width, level) in zip(items, following, strict=True):
        if item.level < 0:
            deeper = item.line.width > width
            item.level = sum(one < item.line.width for one, _level in above) if deeper else level
        else:
            above = [(one, at) for one, at in above if at < item.level]
            above.append((item.line.width, item.level))


def space(items: list[Item]) -> None:
    """Settle the blank lines: one before each declaration and before a journey's first step, none where a block begins."""
    for at, item in enumerate(items):
        item.blank = item.blank and at > 0 and not runs_on(items[at - 1], item)
    for at in parts_begin(items):
        first = at
        while first and is_comment(items[first - 1]) and items[first - 1].level == items[at].level:
            first -= 1
        items[first].blank = first > 0


def runs_on(before: Item, item: Item) -> bool:
    """Return whether no blank line may stand between two lines."""
    begins_block = item.level > before.level or item.line.kind in (TEXT, ROW)
    return begins_block or {before.shape, item.shape} <= HEADERS


def parts_begin(items: list[Item]) -> Iterator[int]:
    """Yield where a part of the file begins, which a blank line shows: a declaration, the headers, a journey's steps."""
    before = ""
    for at, item in enumerate(items):
        if item.sentence is None:
            continue
        if item.level == 0:
            if item.shape in DECLARATIONS or (item.shape in HEADERS and before not in HEADERS):
                yield at
            before = item.shape
        elif item.level == 1:
            parent = item.sentence.parent
            if before in CLAUSES and item.shape in STEPS and parent and parent.shape == "journey":
                yield at
            # What comes after a step is never its first one.
            before = "" if before in STEPS or before == "" else item.shape


def is_comment(item: Item) -> bool:
    """Return whether the item is a comment on a line of its own."""
    return item.line.kind == COMMENT


def moved(items: list[Item]) -> list[Item]:
    """Return the items with the clauses of each journey before its first step."""
    result: list[Item] = []
    at = 0
    while at < len(items):
        result.append(items[at])
        at += 1
        if result[-1].shape == "journey":
            end = at
            while end < len(items) and items[end].level > 0:
                end += 1
            result += clauses_first(items[at:end])
            at = end
    return result


def clauses_first(items: list[Item]) -> list[Item]:
    """Return the lines under a journey with its clauses before its first step, each with the comments above it."""
    groups: list[list[Item]] = [[]]
    for item in items:
        last = groups[-1]
        if item.level == 1 and last and not all(map(is_comment, last)):
            groups.append([])
        groups[-1].append(item)
    shapes = [
        next((item.shape for item in group if item.level == 1 and item.sentence), "")
        for group in groups
    ]
    first = next((at for at, shape in enumerate(shapes) if shape in STEPS), len(groups))
    late = [
        group
        for group, shape in zip(groups[first:], shapes[first:], strict=True)
        if shape in CLAUSES
    ]
    rest = [
        group
        for group, shape in zip(groups[first:], shapes[first:], strict=True)
        if shape not in CLAUSES
    ]
    for group in late:
        group[0].blank = False
    return [item for group in (*groups[:first], *late, *rest) for item in group]
