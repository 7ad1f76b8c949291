"""A source to a tree. Rule: every line is parsed alone; what is wrong with one is never blamed on another.

Nothing is worded here: a line that is no sentence keeps where it got stuck (`Sentence.stuck`), and `mistakes` explains it
once the names of the whole project are known. Only the layout is judged on the spot.
"""

from __future__ import annotations

import re

from verbline.interpreter.lines import COMMENT, ROW, SENTENCE, TEXT, Line, block_text, lines_of
from verbline.interpreter.nodes import Node, Row, Sentence, TextBlock, Word
from verbline.interpreter.places import (
    CONTINUES_IF,
    LISTING,
    TEXT_UNDER,
    holds_lines,
    homes,
    may_stand,
)
from verbline.interpreter.problems import Problem
from verbline.interpreter.reading import Parsed, Stuck
from verbline.interpreter.sentence import Grammar
from verbline.interpreter.source import BYTES_MAX, DEPTH_MAX, LINE_MAX, Source, Span, span_of
from verbline.interpreter.words import Language, tokens_of

LANGUAGE_LINE = re.compile(r"^language\s*:\s*(\S*)", re.IGNORECASE)


class File:
    """One parsed file: its sentences at column 1 with all below them, and what is wrong with its layout.

    ``lines`` holds every line that is not blank, in order; ``comments`` those that bear one.
    """

    __slots__ = ("comments", "language", "lines", "problems", "sentences", "source")

    def __init__(self, source: Source, language: Language) -> None:
        self.source = source
        self.language = language
        self.sentences: list[Sentence] = []
        self.comments: list[Line] = []
        self.lines: list[Line] = []
        self.problems: list[Problem] = []

    @property
    def path(self) -> str:
        """The file's path, as the author knows it."""
        return self.source.path

    def walk(self) -> list[Sentence]:
        """Return every sentence of the file, in its order."""
        return [inner for sentence in self.sentences for inner in sentence.walk()]

    def report(self, code: str, span: Span, variant: str = "", **values: str | int) -> None:
        """Add a problem of the layout."""
        self.problems.append(
            Problem(
                code, self.path, span, variant=variant, language=self.language.code, values=values
            )
        )


def parse(source: Source, grammar: Grammar, default: str = "en") -> File:
    """Return the tree of ``source``; ``default`` is the project's language, for files that do not name their own."""
    return Parser(source, grammar, default).run()


def language_code(source: Source) -> str:
    """Return the code a file names on its first line that is not blank, in small letters, or nothing."""
    for line in source.lines:
        if line.strip("\ufeff \t"):
            match = LANGUAGE_LINE.match(line.strip("\ufeff \t"))
            return match[1].rstrip(".").lower() if match else ""
    return ""


class Parser:
    """The state of one file being parsed: the sentences that are open, each with its indentation."""

    def __init__(self, source: Source, grammar: Grammar, default: str) -> None:
        code = language_code(source)
        self.grammar = grammar
        self.language = grammar.language(code if code in grammar.languages() else default)
        self.file = File(source, self.language)
        self.open: list[tuple[int, Sentence]] = []
        self.tabs_told = self.depth_told = False
        self.declaring = {grammar.number[word] for word in DECLARING}

    def run(self) -> File:
        """Parse every line."""
        source, file = self.file.source, self.file
        if source.size > BYTES_MAX:
            file.report(
                "S032",
                Span(len(source.lines), 1, len(source.lines), 2),
                size=source.size,
                most=BYTES_MAX,
            )
        for line in lines_of(source, self.begins_anew):
            file.lines.append(line)
            if line.number in source.broken:
                self.unreadable(line)
            elif line.kind == COMMENT:
                file.comments.append(line)
            elif len(line.text) > LINE_MAX:
                file.report(
                    "S033", Span(line.number, LINE_MAX, line.number, LINE_MAX + 1), most=LINE_MAX
                )
            else:
                self.take(line)
        return file

    def begins_anew(self, text: str) -> bool:
        """Return whether ``text`` begins a declaration."""
        tokens = tokens_of(text[:200])
        return any(
            not self.declaring.isdisjoint(meanings)
            for _behind, meanings in self.language.matches(tokens, 0)
        )

    def unreadable(self, line: Line) -> None:
        """Report a line that is no UTF-8, and keep its place in the tree."""
        column = self.file.source.broken[line.number]
        self.file.report("S030", Span(line.number, column, line.number, column + 1))
        if line.kind == SENTENCE:
            sentence = Sentence(line.number, line.column, line.text)
            sentence.guess = ANYTHING
            self.put(line, sentence)

    def take(self, line: Line) -> None:
        """Put one line in its place."""
        if line.comment is not None:
            self.file.comments.append(line)
        if line.tabs and not self.tabs_told:
            self.tabs_told = True
            self.file.report(
                "S011", Span(line.number, 1, line.number, line.column), width=line.width
            )
        if line.kind == TEXT:
            self.take_text(line)
        elif line.kind == ROW:
            self.take_row(line)
        else:
            self.take_sentence(line)

    def take_sentence(self, line: Line) -> None:
        """Parse a sentence and nest it by its indentation."""
        sentence = Sentence(line.number, line.column, line.text)
        parent = self.parent_of(line, sentence)
        line.level = len(self.open)
        found = self.read(line.text, parent)
        if isinstance(found, Parsed):
            sentence.node, sentence.words = found.node, found.words
        else:
            sentence.stuck, sentence.words = found, found.words
            sentence.guess = self.guess(found)
        self.nest(line, sentence, parent)
        if sentence.node is not None:
            self.judge_place(sentence, parent)

    def read(self, text: str, parent: Sentence | None) -> Parsed | Stuck:
        """Return the line as a sentence or, under a list of conditions, as a condition."""
        grammar = self.grammar
        found = grammar.sentence(text, self.language, "line")
        if isinstance(found, Parsed) or parent is None or not lists_conditions(parent):
            return found
        condition = grammar.sentence(text, self.language, "condition")
        if isinstance(condition, Parsed) or (condition.at >= found.at and not parent.block):
            return condition
        return condition if condition.at > found.at else found

    def guess(self, stuck: Stuck) -> frozenset[str]:
        """Return the shapes that a line may have been meant as."""
        if not stuck.words:
            return ANYTHING
        return self.grammar.beginning_with(stuck.words[0].kind) or ANYTHING

    def parent_of(self, line: Line, sentence: Sentence) -> Sentence | None:
        """Close what ends before ``line`` and return the sentence it is nested under; report a doubtful indentation."""
        closed: tuple[int, Sentence] | None = None
        while self.open and self.open[-1][0] >= line.width:
            closed = self.open.pop()
        if not self.open:
            if line.width and line.kind == SENTENCE and (closed is None or closed[0] != line.width):
                self.file.report(
                    "S010", Span(line.number, 1, line.number, line.column), "top", width=line.width
                )
                line.width = 0
            return None
        width, above = self.open[-1]
        beside = closed is not None and closed[0] > line.width
        if beside or (closed is None and above.node is not None and not self.may_hold(above)):
            self.report_width(line, width, above, closed)
            line.width = width
            self.open.pop()
            return self.open[-1][1] if self.open else None
        if len(self.open) >= DEPTH_MAX:
            return self.too_deep(line)
        return above

    def may_hold(self, above: Sentence) -> bool:
        """Return whether lines may be nested under ``above``."""
        return holds_lines(above.shape) or (
            above.parent is not None and lists_conditions(above.parent)
        )

    def too_deep(self, line: Line) -> Sentence | None:
        """Report nesting past the limit once and keep the line at the limit."""
        if not self.depth_told:
            self.depth_told = True
            self.file.report(
                "S034", Span(line.number, line.column, line.number, line.column + 1), most=DEPTH_MAX
            )
        line.width, last = self.open.pop()
        return last.parent

    def report_width(
        self, line: Line, low: int, above: Sentence, closed: tuple[int, Sentence] | None
    ) -> None:
        """Report an indentation between two levels, or under a sentence that holds no lines."""
        span = Span(line.number, 1, line.number, line.column)
        values: dict[str, str | int] = {
            "width": line.width,
            "low": low,
            "beside": above.raw,
            "at": above.number,
        }
        if closed is not None:
            self.file.report("S010", span, "", high=closed[0], **values)
        else:
            self.file.report("S010", span, "under", **values)

    def put(self, line: Line, sentence: Sentence) -> None:
        """Nest a sentence by its indentation alone."""
        parent = self.parent_of(line, sentence)
        line.level = len(self.open)
        self.nest(line, sentence, parent)

    def nest(self, line: Line, sentence: Sentence, parent: Sentence | None) -> None:
        """Add ``sentence`` to its parent and leave it open for lines below."""
        sentence.parent = parent
        (parent.block if parent else self.file.sentences).append(sentence)
        self.open.append((line.width, sentence))

    def judge_place(self, sentence: Sentence, parent: Sentence | None) -> None:
        """Report a sentence that may not stand where it stands."""
        shape = sentence.shape
        under = parent.shape if parent else ""
        if parent is not None and parent.node is None:
            return
        if shape == "condition":
            self.judge_condition(sentence, parent)
        elif not may_stand(shape, under):
            sentence.misplaced = True
            self.report_place(sentence, parent)
        elif shape in CONTINUES_IF and under != "qualify":
            self.judge_otherwise(sentence, parent)
        elif under == "journey" and not may_stand(shape, "repeat"):
            self.judge_clause(sentence, parent)

    def judge_condition(self, sentence: Sentence, parent: Sentence | None) -> None:
        """Report a condition that comes after the steps of its block."""
        earlier = parent.block[:-1] if parent else []
        if any(other.node is not None and other.shape != "condition" for other in earlier):
            self.file.report("S016", span_of(sentence))

    def judge_otherwise(self, sentence: Sentence, parent: Sentence | None) -> None:
        """Report an ``otherwise`` that does not follow an ``if``."""
        siblings = parent.block if parent else self.file.sentences
        before = siblings[-2] if len(siblings) > 1 else None
        if before is not None and before.may_be(*CONTINUES_IF[sentence.shape]):
            return
        sentence.misplaced = True
        words = {"words": sentence.raw}
        if before is None:
            self.file.report("S012", span_of(sentence), "first", **words)
        else:
            self.file.report(
                "S012", span_of(sentence), before=before.raw, line=before.number, **words
            )

    def judge_clause(self, sentence: Sentence, parent: Sentence | None) -> None:
        """Report a fact about a journey that comes after its first step."""
        step = next(
            (
                other
                for other in (parent.block if parent else [])
                if may_stand(other.shape, "repeat")
            ),
            None,
        )
        if step is not None:
            self.file.report(
                "S014", span_of(sentence, sentence.words[0]), line=step.number, step=step.raw
            )

    def report_place(self, sentence: Sentence, parent: Sentence | None) -> None:
        """Report a sentence in a foreign place, with the place it belongs to."""
        first = span_of(sentence, sentence.words[0])
        journeys = [other for other in self.file.sentences[:-1] if other.may_be("journey")]
        if may_stand(sentence.shape, "repeat") and parent is None:
            variant = "" if journeys else "none"
            journey: dict[str, str | int] = (
                {"journey": journeys[-1].raw, "line": journeys[-1].number} if journeys else {}
            )
            self.file.report("S013", first, variant, words=sentence.words[0].text, **journey)
            return
        places = [self.opening(shape) for shape in homes(sentence.shape)[:4]]
        values = {
            "words": sentence.words[0].text,
            "places": ", ".join(f'"{place}"' for place in places),
        }
        if parent is None:
            self.file.report("S015", first, "top", **values)
        else:
            self.file.report(
                "S015", first, above=parent.words[0].text, line=parent.number, **values
            )

    def opening(self, shape: str) -> str:
        """Return the words with which sentences of ``shape`` begin."""
        first = next(
            (word for word in self.grammar.first.get(shape, ()) if word in self.language.forms),
            None,
        )
        return self.language.write(first) if first else shape

    def take_text(self, line: Line) -> None:
        """Give a block of text to the sentence above it."""
        if not line.closed:
            self.file.report("S023", Span(line.number, line.column, line.number, line.column + 3))
        parent = self.parent_of(line, Sentence(line.number, line.column, line.text))
        line.level = len(self.open)
        text, common = block_text(line.block)
        if parent is not None and (parent.shape in TEXT_UNDER or parent.node is None):
            if parent.text is None:
                parent.text = TextBlock(text, line.number + 1, common + 1)
                return
            self.file.report(
                "S025", Span(line.number, line.column, line.number, line.column + 3), "second"
            )
        else:
            self.file.report("S025", Span(line.number, line.column, line.number, line.column + 3))

    def take_row(self, line: Line) -> None:
        """Add a row to the examples table above it."""
        parent = self.parent_of(line, Sentence(line.number, line.column, line.text))
        line.level = len(self.open)
        if parent is None or parent.shape != "examples":
            if parent is None or parent.node is not None:
                self.file.report(
                    "S024", Span(line.number, line.column, line.number, line.column + 1)
                )
            return
        parent.rows.append(Row(line.number, self.cells(line, header=not parent.rows)))

    def cells(self, line: Line, *, header: bool) -> tuple[Word, ...]:
        """Return the cells of a row: titles in the first row, values in the others."""
        cells, place = [], 1
        body = line.text[1:].removesuffix("|")
        for raw in body.split("|"):
            start = place + len(raw) - len(raw.lstrip())
            text = raw.strip()
            cells.append(self.cell(text, line.column - 1 + start, header=header, line=line))
            place += len(raw) + 1
        return tuple(cells)

    def cell(self, text: str, start: int, *, header: bool, line: Line) -> Word:
        """Return one cell as a word, its place counted from the start of the line."""
        end = start + len(text)
        if header:
            return Word("NAME", " ".join(text.split()), start, end)
        tokens = tokens_of(text)
        kind = tokens[0][0] if len(tokens) == 1 else ""
        if kind == "STRING":
            return Word(kind, " ".join(text[1:-1].split()), start, end)
        if kind == "WORD":
            meanings = [
                self.grammar.terminals[one]
                for _, several in self.language.matches(tokens, 0)
                for one in several
            ]
            kind = next((meaning for meaning in meanings if meaning in CELL_WORDS), "")
        elif len(tokens) == 2 and tokens[1][0] == "WORD":
            kind = "AMOUNT"
        elif kind not in ("DATE", "TIME", "NUMBER", "PERCENT"):
            kind = ""
        if not kind:
            self.file.report(
                "S026",
                Span(line.number, start + 1, line.number, max(end, start + 1) + 1),
                cell=text,
            )
        return Word(kind or "STRING", text, start, end)


DECLARING = [
    "JOURNEY",
    "MOMENT",
    "PURPOSE",
    "PERSON",
    "SEGMENT",
    "SCORE",
    "METRIC",
    "MESSAGE",
    "FORM",
    "DESK",
    "OFFER_DECL",
    "SCENARIO",
    "USE",
]
CELL_WORDS = frozenset(
    [
        "YES",
        "NO",
        "UNKNOWN",
        "C_EMAIL",
        "C_SMS",
        "C_PHONE",
        "C_POST",
        "C_PUSH",
        "C_APP",
        "C_WHATSAPP",
    ]
)


def lists_conditions(sentence: Sentence) -> bool:
    """Return whether the condition of ``sentence`` is the list of lines under it."""
    if sentence.node is None or sentence.shape not in LISTING:
        return False
    part = sentence.node.parts.get("condition")
    return isinstance(part, Word) and part.kind in ("ALL_TRUE", "ANY_TRUE")


def conditions_under(sentence: Sentence) -> list[Node]:
    """Return the conditions listed under ``sentence``, one a line."""
    return [inner.node for inner in sentence.of("condition") if inner.node]


class _Anything(frozenset[str]):
    """The guess about a line of which nothing was understood: it may have been meant as any sentence."""

    def isdisjoint(self, _other: object) -> bool:
        return False


ANYTHING = _Anything()
