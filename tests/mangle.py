"""Makes untidy copies of tidy files. Rule: a copy looks as if a careless hand had typed it, and says the same.

The formatter must bring every copy back to the bytes it was made from.
"""

from __future__ import annotations

import unicodedata
from itertools import accumulate
from random import Random

from verbline.interpreter.lines import COMMENT, ROW, TEXT, Line, block_text
from verbline.interpreter.nodes import Sentence
from verbline.interpreter.parse import File, parse
from verbline.interpreter.places import DECLARATIONS, HEADERS, STEPS
from verbline.interpreter.sentence import grammar
from verbline.interpreter.source import DEPTH_MAX, Source
from verbline.interpreter.words import tokens_of

QUOTES = ['""', '""', "„“", "„”", "“”", "””", "«»", "»«"]
BLANKS = [" ", " ", " ", " ", "  ", "   ", "\u00a0", "\t"]
LINE_ENDS = ["\n", "\r\n", "\r"]


def mangled(text: str, random: Random, default: str = "en") -> bytes:
    """Return an untidy copy of ``text``, which must be in its one true form."""
    file = parse(Source.of_text("", text), grammar(), default)
    return Hand(file, random).copy()


class Hand:
    """One careless author: what they do to blanks, quotes and capitals, line by line."""

    def __init__(self, file: File, random: Random) -> None:
        self.file = file
        self.random = random
        self.widths = [0, *accumulate(random.randint(1, 5) for _ in range(DEPTH_MAX))]
        self.sentences = {sentence.number: sentence for sentence in file.walk()}

    def copy(self) -> bytes:
        """Return the untidy copy."""
        lines = self.blank_lines(0, 2)
        before: Line | None = None
        for line in self.file.lines:
            lines += self.gap(before, line) if before else []
            lines += self.typed(line)
            before = line
        lines += self.blank_lines(0, 3)
        text = self.random.choice(LINE_ENDS).join(lines)
        text = unicodedata.normalize(self.random.choice(["NFC", "NFD"]), text)
        return self.random.choice([b"", b"\xef\xbb\xbf"]) + text.encode()

    def typed(self, line: Line) -> list[str]:
        """Return one line, or one block of text, as this hand types it."""
        sentence = self.sentences.get(line.number)
        raw = self.file.source.lines[line.number - 1]
        if line.kind == TEXT:
            return self.block(line)
        if line.kind == COMMENT:
            text = raw.strip()
            text = f"#{text[2:]}" if text[1:2] == " " != text[2:3] and self.often() else text
        elif line.kind == ROW:
            text = f"|{'|'.join(map(self.cell, line.text[1:-1].split('|')))}|"
        elif sentence is None or sentence.node is None:
            text = raw.strip()
        else:
            text = self.sentence(line.text) + self.remark(line.comment)
        return [
            self.indent(self.width(line, raw)) + text + self.random.choice(["", "", " ", "\t "])
        ]

    def width(self, line: Line, raw: str) -> int:
        """Return how far a line is indented: the levels are as wide as this hand makes them."""
        level = line.level if line.level >= 0 else (len(raw) - len(raw.lstrip())) // 2
        return self.widths[level]

    def indent(self, width: int) -> str:
        """Return an indentation of ``width``, partly by tabs."""
        tabs = self.random.choice([0, 0, 0, width // 2])
        return "\t" * tabs + " " * (width - 2 * tabs)

    def block(self, line: Line) -> list[str]:
        """Return a block of text, moved as a whole."""
        marks = self.indent(self.widths[line.level])
        inner = self.indent(self.random.randint(1, 9))
        text = [inner + part if part else "" for part in block_text(line.block)[0].split("\n")]
        return [
            f'{marks}"""',
            *self.blank_lines(0, 1),
            *text,
            *self.blank_lines(0, 1),
            f'{marks}"""',
        ]

    def sentence(self, text: str) -> str:
        """Return a sentence with other capitals, quotes and blanks."""
        tokens = tokens_of(text)
        pieces: list[str] = []
        for at, (kind, _key, start, end) in enumerate(tokens):
            before = tokens[at - 1][3] if at else 0
            if at:
                sides = {tokens[at - 1][0], kind}, text[tokens[at - 1][2]], text[start]
                pieces.append(self.between(*sides, blank=before < start))
            pieces.append(self.word(kind, text[start:end]))
        return "".join(pieces) + self.random.choice(["", "", ".", " ."])

    def between(self, kinds: set[str], left: str, right: str, *, blank: bool) -> str:
        """Return what this hand types between two words: blanks, or none where a quote or a comma keeps them apart."""
        if not blank:
            return self.random.choice(["", "", " "]) if left == "(" or right in ",)" else ""
        apart = "STRING" in kinds or left == ","
        return "" if apart and self.random.random() < 0.1 else self.random.choice(BLANKS)

    def word(self, kind: str, text: str) -> str:
        """Return one word with other capitals, a name in other quotes, a percentage or a placeholder with blanks."""
        if kind == "STRING":
            return self.name(text[1:-1])
        if kind == "WORD" and not (len(text) == 3 and text.isupper()):
            return self.random.choice([text, text, text.title(), text.upper()])
        if kind == "PERCENT":
            return text.replace("%", self.random.choice(["%", " %"]))
        if kind == "PLACEHOLDER":
            return self.random.choice([text, f"< {text[1:-1]} >"])
        return text

    def name(self, text: str) -> str:
        """Return a name in some pair of quotes, with more blanks than it needs."""
        quotes = self.random.choice(QUOTES)
        if any(sign in text for sign in '“”„«»"'):
            quotes = '""'
        inner = "".join(self.random.choice(BLANKS) if letter == " " else letter for letter in text)
        return quotes[0] + self.random.choice(["", "", " "]) + inner + quotes[1]

    def cell(self, text: str) -> str:
        """Return one cell of a table with other blanks around it."""
        return self.random.choice(BLANKS) + text.strip() + self.random.choice(["", " ", "    "])

    def remark(self, comment: str | None) -> str:
        """Return the comment behind a sentence, nearer or farther."""
        if comment is None:
            return ""
        return f"{self.random.choice(BLANKS)}#{self.random.choice(['', ' ', '  '])}{comment}"

    def gap(self, before: Line, line: Line) -> list[str]:
        """Return the blank lines between two lines: more where one was, some where none counts, none where one is put in."""
        had = line.number > before.last + 1
        if had:
            return self.blank_lines(0 if self.put_in(before, line) else 1, 3)
        begins_block = 0 <= before.level < line.level or line.kind in (TEXT, ROW)
        in_headers = {self.shape(before), self.shape(line)} <= HEADERS
        return self.blank_lines(0, 2) if begins_block or in_headers else []

    def put_in(self, before: Line, line: Line) -> bool:
        """Return whether the formatter puts the blank line in by itself."""
        shape, other = self.shape(line), self.shape(before)
        declares = line.level == 0 and shape in DECLARATIONS and before.kind != COMMENT
        first_step = line.level == 1 and shape in STEPS and other != "" and other not in STEPS
        return declares or (first_step and before.level == 1)

    def shape(self, line: Line) -> str:
        """Return the name of the sentence on a line, or nothing."""
        sentence: Sentence | None = self.sentences.get(line.number)
        return sentence.shape if sentence else ""

    def blank_lines(self, least: int, most: int) -> list[str]:
        """Return some blank lines, one of them perhaps with blanks in it."""
        return [self.random.choice(["", "", "  "]) for _ in range(self.random.randint(least, most))]

    def often(self) -> bool:
        """Return yes or no."""
        return self.random.random() < 0.5
