"""The loop over the saved table: one line becomes one node. Rule: a word with several meanings takes the one the parser can
shift after all pending reductions; the longest phrase that has such a meaning wins.

The table is lark's; the loop is ours, because the words are found with the parser's state in hand.
"""

from __future__ import annotations

from verbline.interpreter.nodes import Node, Word
from verbline.interpreter.words import Language, Token, tokens_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from verbline.interpreter.sentence import Grammar

# What a rule does with the values of its symbols.
NODE, PASS, LIST, MERGE, SPLICE = range(5)
END = 0
STACK_MAX = 160


class Parsed:
    """A line that is a sentence."""

    __slots__ = ("node", "words")

    def __init__(self, node: Node, words: tuple[Word, ...]) -> None:
        self.node = node
        self.words = words


class Stuck:
    """A line that is none: where it stopped, and the parser's state there.

    ``at`` is the token that fits nowhere, or the number of tokens where the line stops too early. ``start`` is what the
    line was read as: ``line`` or ``condition``.
    """

    __slots__ = ("at", "start", "states", "tokens", "words")

    def __init__(
        self,
        tokens: list[Token],
        at: int,
        states: list[int],
        words: tuple[Word, ...],
        start: str,
    ) -> None:
        self.tokens = tokens
        self.at = at
        self.states = states
        self.words = words
        self.start = start


class Reading:
    """The state of one line being parsed: stacks of states, values and places."""

    def __init__(self, grammar: Grammar, language: Language, text: str, start: str) -> None:
        self.grammar = grammar
        self.language = language
        self.text = text
        self.start = start
        self.end_state = grammar.end[start]
        self.states = [grammar.start[start]]
        self.values: list[Any] = []
        self.starts: list[int] = []
        self.words: list[Word] = []
        self.tokens = tokens_of(text)

    def run(self) -> Parsed | Stuck:
        """Parse the line."""
        at, count = 0, len(self.tokens)
        while at < count:
            found = self.choose(at) if len(self.states) < STACK_MAX else None
            if found is None:
                return self.stuck(at)
            behind, terminal = found
            self.shift(terminal, self.word(terminal, at, behind))
            at = behind
        if not count or not self.grammar.accepts(self.states, END):
            return self.stuck(count)
        self.reduce(END)
        return Parsed(self.values[-1], tuple(self.words))

    def stuck(self, at: int) -> Stuck:
        """Return where the line stopped."""
        return Stuck(self.tokens, at, self.states, tuple(self.words), self.start)

    def choose(self, at: int) -> tuple[int, int] | None:
        """Return the token behind the next word, and its meaning; None where no meaning fits."""
        return self.grammar.choose(self.language, self.text, self.tokens, at, self.states)

    def word(self, terminal: int, at: int, behind: int) -> Word:
        """Return the word made of the tokens from ``at`` to before ``behind``."""
        kind = self.grammar.terminals[terminal]
        start, end = self.tokens[at][2], self.tokens[behind - 1][3]
        text = self.text[start:end]
        if kind == "STRING":
            text = " ".join(text[1:-1].split())
        elif kind == "NAME":
            text = self.language.data_word(text.lower())
        elif kind == "PERCENT":
            text = text.replace(" ", "")
        elif kind == "PLACEHOLDER":
            text = " ".join(text[1:-1].split())
        word = Word(kind, text, start, end)
        self.words.append(word)
        return word

    def shift(self, terminal: int, word: Word) -> None:
        """Do the pending reductions and put ``word`` on the stacks."""
        row = self.grammar.row(self.states[-1])
        if row[terminal] < 0:
            self.reduce(terminal)
            row = self.grammar.row(self.states[-1])
        self.states.append(row[terminal])
        self.values.append(word)
        self.starts.append(word.start)

    def reduce(self, terminal: int) -> None:
        """Reduce until ``terminal`` can be shifted, or, at the end of the line, until the sentence stands alone."""
        grammar, states, values, starts = self.grammar, self.states, self.values, self.starts
        behind = self.words[-1].end if terminal == END else self.words[-2].end
        while True:
            action = grammar.row(states[-1])[terminal] if states[-1] != self.end_state else 0
            if action >= 0:
                return
            rule = -1 - action
            length = grammar.lengths[rule]
            kind, shape, slots = grammar.makers[rule] or grammar.maker(rule)
            if length == 1 and kind == PASS:
                states.pop()
            else:
                first = len(values) - length
                start = starts[first]
                value = make(kind, shape, slots, values, first, start, behind)
                del states[-length:], values[first:], starts[first:]
                values.append(value)
                starts.append(start)
            states.append(grammar.row(states[-1])[grammar.origins[rule]])


def make(
    kind: int,
    shape: str,
    slots: tuple[tuple[int, str], ...],
    values: list[Any],
    first: int,
    start: int,
    end: int,
) -> Any:
    """Return the value of a reduced rule: a node, a list, a dictionary of parts, or one value itself."""
    if kind == PASS:
        return values[first + slots[0][0]]
    if kind in {LIST, SPLICE}:
        listed: list[Any] = []
        for at, _slot in slots:
            value = values[first + at]
            listed.extend(value) if type(value) is list else listed.append(value)
        return tuple(listed) if kind == LIST else listed
    parts: dict[str, Any] = {}
    for at, slot in slots:
        value = values[first + at]
        if slot == "+":
            parts.update(value)
        elif slot[-1] == "*":
            name = slot[:-1] or next(reversed(parts))
            parts[name] = (*parts.get(name, ()), *(value if type(value) is list else (value,)))
        else:
            parts[slot] = value
    return parts if kind == MERGE else Node(shape, parts, start, end)
