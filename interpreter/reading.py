"""The loop over the saved table: one line becomes one node. Rule: a word with several meanings takes the one the parser can
shift after all pending reductions; the longest phrase that has such a meaning wins.

The table is lark's; the loop is ours, because the words are found with the parser's state in hand.
"""

from __future__ import annotations

from verbline.interpreter.nodes import Node, Word
from verbline.interpreter.words import Language, Token

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, TypeAlias

    from verbline.interpreter.sentence import Grammar

    Reduction: TypeAlias = tuple[int, str, tuple[tuple[int, str], ...], int, int, int]

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


class Recipe:
    """How the words of a line become its node. Lines of one form share it: the same keywords around other names and numbers.

    ``words`` gives the kind of each word, its first token and the token behind it. ``moves`` are what the parser does: None
    takes the next word; a reduction is kind, shape, slots, number of values, and its first and last word.
    """

    __slots__ = ("moves", "words")

    def __init__(self) -> None:
        self.words: list[tuple[str, int, int]] = []
        self.moves: list[Reduction | None] = []

    def words_of(self, text: str, tokens: list[Token], language: Language) -> tuple[Word, ...]:
        """Return the words of the line ``text``."""
        words = []
        for kind, at, behind in self.words:
            start, end = tokens[at][2], tokens[behind - 1][3]
            letters = text[start:end]
            if kind == "STRING" or kind == "PLACEHOLDER":
                letters = " ".join(letters[1:-1].split())
            elif kind == "NAME":
                letters = language.data_word(letters.lower())
            elif kind == "PERCENT":
                letters = letters.replace(" ", "")
            words.append(Word(kind, letters, start, end))
        return tuple(words)

    def follow(self, text: str, tokens: list[Token], language: Language) -> Parsed:
        """Return the line ``text`` as a sentence."""
        words = self.words_of(text, tokens, language)
        values: list[Any] = []
        place = 0
        for move in self.moves:
            if move is None:
                values.append(words[place])
                place += 1
            else:
                kind, shape, slots, length, first, last = move
                at = len(values) - length
                value = make(kind, shape, slots, values, at, words[first].start, words[last].end)
                values[at:] = [value]
        return Parsed(values[-1], words)


class Reading:
    """The search for the recipe of one line: a stack of states, and for each value on it the word it begins with."""

    def __init__(self, grammar: Grammar, language: Language, text: str, start: str) -> None:
        self.grammar = grammar
        self.language = language
        self.text = text
        self.start = start
        self.end_state = grammar.end[start]
        self.states = [grammar.start[start]]
        self.firsts: list[int] = []
        self.recipe = Recipe()

    def run(self, tokens: list[Token]) -> Recipe | Stuck:
        """Return the recipe, or where the line stopped."""
        grammar, at, count = self.grammar, 0, len(tokens)
        while at < count:
            found = None
            if len(self.states) < STACK_MAX:
                found = grammar.choose(self.language, self.text, tokens, at, self.states)
            if found is None:
                return self.stuck(tokens, at)
            behind, terminal = found
            self.shift(terminal, at, behind)
            at = behind
        if not count or not grammar.accepts(self.states, END):
            return self.stuck(tokens, count)
        self.reduce(END)
        return self.recipe

    def stuck(self, tokens: list[Token], at: int) -> Stuck:
        """Return where the line stopped."""
        words = self.recipe.words_of(self.text, tokens, self.language)
        return Stuck(tokens, at, self.states, words, self.start)

    def shift(self, terminal: int, at: int, behind: int) -> None:
        """Do the pending reductions and put the word of the tokens from ``at`` to before ``behind`` on the stacks."""
        row = self.grammar.row(self.states[-1])
        if row[terminal] < 0:
            self.reduce(terminal)
            row = self.grammar.row(self.states[-1])
        self.states.append(row[terminal])
        self.firsts.append(len(self.recipe.words))
        self.recipe.words.append((self.grammar.terminals[terminal], at, behind))
        self.recipe.moves.append(None)

    def reduce(self, terminal: int) -> None:
        """Reduce until ``terminal`` can be shifted, or, at the end of the line, until the sentence stands alone."""
        grammar, states, firsts = self.grammar, self.states, self.firsts
        last = len(self.recipe.words) - 1
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
                first = firsts[-length]
                self.recipe.moves.append((kind, shape, slots, length, first, last))
                del states[-length:], firsts[-length:]
                firsts.append(first)
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
