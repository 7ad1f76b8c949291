"""The way the parser took through a line that is no sentence. Rule: a change of the line is believed only after it was tried."""

from __future__ import annotations

from verbline.interpreter.nodes import Sentence
from verbline.interpreter.places import UNDER
from verbline.interpreter.reading import END, STACK_MAX, Stuck
from verbline.interpreter.words import tokens_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import TypeAlias

    from verbline.interpreter.sentence import Grammar
    from verbline.interpreter.words import Language

    # Kind of name -> the names that the file sees.
    Known: TypeAlias = Callable[[str], list[str]]

WHOLE = -1
# How many words may be tried for one file: past it, mistakes are told without looking for what was meant.
EFFORT = 100_000


class Effort:
    """How much looking is left for a file, and what was found that holds for other lines, too."""

    __slots__ = ("found", "left")

    def __init__(self, left: int = EFFORT) -> None:
        self.left = left
        self.found: dict[object, str] = {}


class Mark:
    """A boundary between two words: the token behind it, the stack there, and the word before it (empty at the beginning)."""

    __slots__ = ("at", "states", "word")

    def __init__(self, at: int, states: list[int], word: str) -> None:
        self.at = at
        self.states = states
        self.word = word


class Trail:
    """A stuck line with the parser's stack at each boundary, the last one where it stopped."""

    def __init__(
        self,
        grammar: Grammar,
        language: Language,
        sentence: Sentence,
        stuck: Stuck,
        effort: Effort,
        known: Known,
    ) -> None:
        self.grammar = grammar
        self.language = language
        self.hints = grammar.hints(language.code)
        self.sentence = sentence
        self.text = sentence.raw
        self.stuck = stuck
        self.tokens = stuck.tokens
        self.at = stuck.at
        self.left = len(self.tokens) - stuck.at
        self.effort = effort
        self.known = known
        # The boundary where the line stopped, and the word before it with the first one.
        words = stuck.words
        self.here = Mark(stuck.at, stuck.states, words[-1].kind if words else "")
        self.first = words[0].kind if words else ""
        self.last = self.text[words[-1].start : words[-1].end] if words else ""
        self._marks: list[Mark] = []
        self._expected: dict[int, list[int]] = {}

    @property
    def marks(self) -> list[Mark]:
        """The boundaries from left to right; where there is nothing left to look with, only the last one."""
        if not self._marks and self.effort.left > 0:
            self.effort.left -= self.at
            self._marks = self._walk()
        return self._marks or [self.here]

    def _walk(self) -> list[Mark]:
        grammar = self.grammar
        marks = [Mark(0, [grammar.start[self.stuck.start]], "")]
        while marks[-1].at < self.at:
            last = marks[-1]
            found = grammar.choose(self.language, self.text, self.tokens, last.at, last.states)
            if found is None:
                break
            behind, terminal = found
            states = grammar.shifted(last.states, terminal)
            marks.append(Mark(behind, states, grammar.terminals[terminal]))
        return marks

    def near(self, tokens: int) -> list[Mark]:
        """Return the boundaries at most so many tokens before the place where the line stopped, from right to left."""
        return [mark for mark in self.marks[: -tokens - 2 : -1] if mark.at >= self.at - tokens]

    def expected(self, mark: Mark) -> list[int]:
        """Return the terminals that can stand behind ``mark``."""
        if mark.at not in self._expected:
            self._expected[mark.at] = self.grammar.expected(mark.states)
        return self._expected[mark.at]

    def expects(self, mark: Mark, *words: str) -> bool:
        """Return whether one of these terminals can stand behind ``mark``."""
        return any(self.grammar.accepts(mark.states, self.grammar.number[word]) for word in words)

    def may_end(self, mark: Mark) -> bool:
        """Return whether the sentence may end at ``mark``."""
        return self.grammar.accepts(mark.states, END)

    def phrases(self, mark: Mark) -> Iterator[tuple[int, str]]:
        """Yield the phrases that can stand behind ``mark`` with their terminals, in the order of the grammar."""
        terminals, language = self.grammar.terminals, self.language
        for terminal in self.expected(mark):
            for table in (language.forms, language.read):
                for form in table.get(terminals[terminal], ()):
                    yield terminal, form

    def start(self, at: int) -> int:
        """Return where token ``at`` begins; the end of the line behind the last one."""
        return self.tokens[at][2] if at < len(self.tokens) else len(self.text)

    def end(self, at: int) -> int:
        """Return where the token before boundary ``at`` ends."""
        return self.tokens[at - 1][3] if at else 0

    def slice(self, start: int, end: int) -> str:
        """Return the text of the tokens from ``start`` to before ``end``."""
        return self.text[self.start(start) : self.end(end)] if end > start else ""

    def changed(self, start: int, end: int, words: str) -> str:
        """Return the line with ``words`` in place of the tokens from ``start`` to before ``end``."""
        text = self.text[: self.end(start)].rstrip()
        for part in (words, self.text[self.start(end) :].lstrip()):
            if not part:
                continue
            close = not text or text[-1] == "(" or part[0] in ",:)"
            text += part if close else f" {part}"
        return text

    def try_out(self, text: str, mark: Mark | None = None) -> int:
        """Return how many tokens of ``text``, which begins as the line does up to ``mark``, remain; `WHOLE` for a sentence."""
        grammar = self.grammar
        if self.effort.left <= 0:
            return len(text)
        tokens = tokens_of(text)
        start = self.grammar.start[self.stuck.start]
        at, states = (mark.at, mark.states) if mark else (0, [start])
        count = len(tokens)
        self.effort.left -= count + 1
        while at < count and len(states) < STACK_MAX:
            found = grammar.choose(self.language, text, tokens, at, states)
            if found is None:
                return count - at
            at, terminal = found
            states = grammar.shifted(states, terminal)
        return WHOLE if count and at == count and grammar.accepts(states, END) else count - at

    def goes_on(self, states: list[int]) -> bool:
        """Return whether the rest of the line makes a sentence of what led to ``states``."""
        grammar, at, count = self.grammar, self.at, len(self.tokens)
        self.effort.left -= 1
        while at < count:
            found = grammar.choose(self.language, self.text, self.tokens, at, states)
            if found is None:
                return False
            at, terminal = found
            states = grammar.shifted(states, terminal)
        return grammar.accepts(states, END)

    def another(self, text: str) -> Trail | None:
        """Return the trail of ``text`` in the place of this line, or None where it is a sentence."""
        found = self.grammar.sentence(text, self.language, self.stuck.start)
        if not isinstance(found, Stuck):
            return None
        line = Sentence(self.sentence.number, self.sentence.column, text)
        line.parent = self.sentence.parent
        return Trail(self.grammar, self.language, line, found, self.effort, self.known)

    def is_sentence(self, text: str) -> bool:
        """Return whether ``text`` is a sentence."""
        return self.try_out(text) == WHOLE


def shapes_here(sentence: Sentence) -> frozenset[str] | None:
    """Return the shapes that may stand where ``sentence`` stands, or None where nothing is known about its place."""
    parent = sentence.parent
    if parent is None:
        return UNDER[""]
    if parent.node is not None:
        return UNDER.get(parent.shape, frozenset())
    if not parent.guess:
        return None
    return frozenset().union(*(UNDER.get(shape, ()) for shape in parent.guess))


def own_beginnings(trail: Trail) -> frozenset[int] | None:
    """Return the terminals with which sentences begin that may stand where the line stands; None where any may."""
    shapes = shapes_here(trail.sentence)
    if shapes is None or trail.stuck.start != "line":
        return None
    grammar = trail.grammar
    return frozenset(
        grammar.number[word] for shape in shapes for word in grammar.first.get(shape, ())
    )
