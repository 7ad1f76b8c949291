"""A source to a tree. Rule: every line is parsed alone; what is wrong with one is never blamed on another.

Nothing is worded here: a line that is no sentence keeps where it got stuck (`Sentence.stuck`), and `mistakes` explains it
once the names of the whole project are known. Only the layout is judged on the spot.
"""

from __future__ import annotations

from verbline.interpreter.lines import COMMENT, ROW, SENTENCE, TEXT, Line, block_text, lines_of
from verbline.interpreter.nesting import Nesting
from verbline.interpreter.nodes import ANYTHING, NOTHING, Row, Sentence, TextBlock
from verbline.interpreter.places import (
    DECLARATIONS,
    HEADERS,
    LISTING,
    TEXT_UNDER,
    lists_conditions,
    may_stand,
)
from verbline.interpreter.problems import Problem
from verbline.interpreter.reading import Parsed, Stuck
from verbline.interpreter.rows import cells
from verbline.interpreter.source import BYTES_MAX, LINE_MAX, LINES_MAX, Source, Span
from verbline.interpreter.standing import Standing
from verbline.interpreter.tongue import tongue_of
from verbline.interpreter.words import tokens_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection

    from verbline.interpreter.sentence import Grammar
    from verbline.interpreter.words import Language

# Of these a line keeps one only where nothing graver is wrong with it.
DOUBTS = ("S010", "S011")


class File:
    """One parsed file: its sentences at column 1 with all below them, and what is wrong with its layout.

    ``lines`` holds every line that is not blank, in order; ``comments`` those that bear one; ``every`` all sentences in
    their order; ``broken`` the sentences that were not understood and that `mistakes` explains.
    """

    __slots__ = (
        "broken",
        "comments",
        "every",
        "language",
        "lines",
        "problems",
        "sentences",
        "source",
    )

    def __init__(self, source: Source, language: Language) -> None:
        self.source = source
        self.language = language
        self.sentences: list[Sentence] = []
        self.every: list[Sentence] = []
        self.broken: list[Sentence] = []
        self.comments: list[Line] = []
        self.lines: list[Line] = []
        self.problems: list[Problem] = []

    @property
    def path(self) -> str:
        """The file's path, as the author knows it."""
        return self.source.path

    def walk(self) -> list[Sentence]:
        """Return every sentence of the file, in its order."""
        return self.every

    def report(self, code: str, span: Span, variant: str = "", /, **values: str | int) -> None:
        """Add a problem of the layout."""
        self.problems.append(
            Problem(
                code, self.path, span, variant=variant, language=self.language.code, values=values
            )
        )


def parse(source: Source, grammar: Grammar, default: str = "en") -> File:
    """Return the tree of ``source``; ``default`` is the project's language, for files that do not name their own."""
    return Parser(source, grammar, default).run()


class Parser:
    """The state of one file being parsed."""

    def __init__(self, source: Source, grammar: Grammar, default: str) -> None:
        self.grammar = grammar
        tongue = tongue_of(source, grammar, default)
        self.language = grammar.language(tongue.code)
        self.file = File(source, self.language)
        self.nesting = Nesting(self.file)
        self.standing = Standing(self.file, grammar)
        if tongue.wrong:
            self.file.report(tongue.wrong, tongue.span, tongue.variant, **tongue.values)
        self.guesses: dict[str, frozenset[str]] = {}
        self.declaring = {grammar.number[word] for word in DECLARING}

    def run(self) -> File:
        """Parse every line."""
        source, file = self.file.source, self.file
        hidden = self.report_bytes()
        for line in lines_of(source, self.begins_anew):
            file.lines.append(line)
            if line.number in source.broken or line.number in hidden:
                self.hold(line)
            elif line.kind == COMMENT:
                file.comments.append(line)
            elif len(line.text) > LINE_MAX:
                span = Span(line.number, LINE_MAX, line.number, LINE_MAX + 1)
                file.report("S033", span, most=LINE_MAX)
                self.hold(line)
            else:
                self.take(line)
        self.settle()
        return file

    def report_bytes(self) -> dict[int, int]:
        """Report what is wrong with the file before it is read; return its lines that have hidden signs."""
        source, file = self.file.source, self.file
        if source.size > BYTES_MAX:
            end = len(source.lines)
            file.report("S032", Span(end, 1, end, 2), size=source.size, most=BYTES_MAX)
        elif not source.whole:
            last = Span(LINES_MAX, 1, LINES_MAX, 2)
            file.report("S032", last, "lines", count=source.count, most=LINES_MAX)
        for number, column in list(source.broken.items())[:1]:
            count = len(source.broken)
            file.report("S030", Span(number, column, number, column + 1), count=count)
        hidden = source.hidden()
        for number, column in hidden.items():
            sign = ord(source.lines[number - 1][column - 1])
            file.report("S031", Span(number, column, number, column + 1), sign=f"U+{sign:04X}")
        return hidden

    def begins_anew(self, text: str) -> bool:
        """Return whether ``text`` is a declaration."""
        tokens = tokens_of(text[:200])
        if all(
            self.declaring.isdisjoint(meanings)
            for _behind, meanings in self.language.matches(tokens, 0)
        ):
            return False
        return isinstance(self.grammar.sentence(text, self.language, "line"), Parsed)

    def hold(self, line: Line) -> None:
        """Keep the place of a line that cannot be read: whatever depends on it stays silent."""
        if line.kind == SENTENCE:
            sentence = Sentence(line.number, line.column, line.text)
            sentence.guess = ANYTHING
            self.nesting.nest(line, sentence, self.nesting.parent_of(line))

    def take(self, line: Line) -> None:
        """Put one line in its place."""
        if line.comment is not None:
            self.file.comments.append(line)
        if line.kind == TEXT:
            self.take_text(line)
        elif line.kind == ROW:
            self.take_row(line)
        else:
            self.take_sentence(line)

    def take_sentence(self, line: Line) -> None:
        """Parse a sentence and nest it by its indentation."""
        sentence = Sentence(line.number, line.column, line.text)
        sentence.places = line.places
        found = self.grammar.sentence(line.text, self.language, "line")
        parent = self.nesting.parent_of(line, self.meant(found))
        if self.nesting.full:
            sentence.guess = ANYTHING
            self.nesting.beside(line, sentence)
            return
        if not isinstance(found, Parsed) and parent is not None and may_list(parent):
            found = self.condition(line.text, parent, found)
        sentence.words = found.words
        if isinstance(found, Parsed):
            # Under a line that was not understood a condition says nothing: it may be a field, or no word at all.
            doubtful = found.node.shape == "condition" and parent is not None and not parent.node
            sentence.guess = ANYTHING if doubtful else NOTHING
            if not doubtful:
                sentence.understand(found.node)
        else:
            sentence.stuck = found
            sentence.guess = self.guess(found)
            self.file.broken.append(sentence)
        self.place(line, sentence, parent)

    def place(self, line: Line, sentence: Sentence, parent: Sentence | None) -> None:
        """Nest a sentence where it stands, or where it surely belongs."""
        nesting, standing, shape = self.nesting, self.standing, sentence.shape
        if parent is not None and (shape in DECLARATIONS or shape in HEADERS):
            # Nobody means a declaration inside another one: what stands under it still belongs to it.
            standing.report_indented(sentence, parent)
            nesting.to_margin(line)
            parent = None
        last = self.file.sentences[-1] if self.file.sentences else None
        if parent is None and last is not None and standing.belongs(sentence, last):
            standing.report_place(sentence, None)
            sentence.misplaced = not may_stand(shape, last.shape)
            nesting.into(line, last)
            nesting.nest(line, sentence, last)
            return
        nesting.nest(line, sentence, parent)
        if sentence.node is not None:
            standing.judge(sentence, parent)

    def meant(self, found: Parsed | Stuck) -> Collection[str]:
        """Return the shapes that a line has or may have; none where nothing is known."""
        return (found.node.shape,) if isinstance(found, Parsed) else self.guess(found)

    def condition(self, text: str, parent: Sentence, stuck: Stuck) -> Parsed | Stuck:
        """Return a line under a list of conditions as a condition, unless it came further as a sentence."""
        found = self.grammar.sentence(text, self.language, "condition")
        if isinstance(found, Parsed):
            return found
        if parent.node is None or found.at < stuck.at:
            return stuck
        steps = any(inner.node and inner.shape != "condition" for inner in parent.block)
        return found if found.at > stuck.at or not steps else stuck

    def guess(self, stuck: Stuck) -> frozenset[str]:
        """Return the shapes that a line may have been meant as: those whose words begin with its first word."""
        if not stuck.words:
            return ANYTHING
        first = stuck.tokens[0][1]
        if first not in self.guesses:
            self.guesses[first] = self.grammar.begun_with(self.language, first) or ANYTHING
        return self.guesses[first]

    def take_text(self, line: Line) -> None:
        """Give a block of text to the sentence above it."""
        file = self.file
        span = Span(line.number, line.column, line.number, line.column + 3)
        if not line.closed:
            file.report("S023", span, last=line.last)
        for number, column, wrong in line.marks:
            file.report("S028", Span(number, column, number, column + 3), wrong)
        parent = self.nesting.parent_of(line)
        if parent is None or (parent.node is not None and parent.shape not in TEXT_UNDER):
            file.report("S025", span)
        elif parent.text is not None:
            file.report("S025", span, "second", line=parent.text.first - 1)
        else:
            text, common = block_text(line.block)
            parent.text = TextBlock(text, line.number + 1, common + 1)

    def take_row(self, line: Line) -> None:
        """Add a row to the examples table above it."""
        parent = self.nesting.parent_of(line)
        if parent is not None and parent.shape == "examples":
            row = cells(self.file, self.grammar, line, header=not parent.rows)
            parent.rows.append(Row(line.number, row))
        elif parent is None or parent.node is not None:
            self.file.report("S024", Span(line.number, line.column, line.number, line.column + 1))

    def settle(self) -> None:
        """Keep one problem a line, the gravest, and tell once that there are tabs."""
        file = self.file
        taken = {sentence.number for sentence in file.broken}
        kept: dict[int, Problem] = {}
        for problem in file.problems:
            line = problem.span.line
            if line not in kept or kept[line].code in DOUBTS:
                kept[line] = problem
        file.problems = [
            problem
            for line, problem in kept.items()
            if problem.code not in DOUBTS or line not in taken
        ]
        tabs = (line for line in file.lines if line.tabs and line.number not in taken | kept.keys())
        first = next(tabs, None)
        if first is not None:
            file.report("S011", Span(first.number, 1, first.number, first.column))


DECLARING = [
    *("JOURNEY", "MOMENT", "PURPOSE", "PERSON", "SEGMENT", "SCORE", "METRIC"),
    *("MESSAGE", "FORM", "DESK", "OFFER_DECL", "SCENARIO", "USE"),
]


def may_list(sentence: Sentence) -> bool:
    """Return whether the lines under ``sentence`` are conditions, or may have been meant as such."""
    if sentence.node is None:
        return sentence.may_be(*LISTING)
    return lists_conditions(sentence)
