"""One line to one node, by the saved LALR table. Rule: a word with several meanings takes the one the parser can shift
after all pending reductions; the longest phrase that has such a meaning wins.

The table is lark's; the loop over it is ours, because the words are found with the parser's state in hand.
"""

from __future__ import annotations

from verbline.grammar import table as saved
from verbline.interpreter.nodes import Node, Word
from verbline.interpreter.words import SIGNS, Language, Token, tokens_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

# What a rule does with the values of its symbols.
NODE, PASS, LIST, MERGE, SPLICE = range(5)
KINDS = {"node": NODE, "pass": PASS, "list": LIST, "merge": MERGE, "splice": SPLICE}

END = 0


class Parsed:
    """A line that is a sentence."""

    __slots__ = ("node", "words")

    def __init__(self, node: Node, words: tuple[Word, ...]) -> None:
        self.node = node
        self.words = words


class Stuck:
    """A line that is none: where it stopped, and the parser's state there.

    ``at`` is the token that fits nowhere, or the number of tokens where the line stops too early.
    """

    __slots__ = ("at", "states", "tokens", "words")

    def __init__(
        self, tokens: list[Token], at: int, states: list[int], words: tuple[Word, ...]
    ) -> None:
        self.tokens = tokens
        self.at = at
        self.states = states
        self.words = words


class Grammar:
    """The table, made ready for the loop. Rows of actions are unpacked when first used."""

    def __init__(self, table: dict[str, Any]) -> None:
        self.terminals: list[str] = table["terminals"]
        self.number = {name: at for at, name in enumerate(self.terminals)}
        self.packed: list[list[int]] = table["states"]
        self.rows: list[dict[int, int] | None] = [None] * len(self.packed)
        self.start: dict[str, int] = table["start"]
        self.end: dict[str, int] = table["end"]
        self.lengths = [rule["length"] for rule in table["rules"]]
        self.origins = [rule["origin"] for rule in table["rules"]]
        self.makers = [
            (
                KINDS[rule["kind"]],
                rule.get("shape", ""),
                tuple((at, slot) for at, slot in enumerate(rule["slots"]) if slot),
            )
            for rule in table["rules"]
        ]
        self.shapes = frozenset(rule["shape"] for rule in table["rules"] if rule["kind"] == "node")
        self.tables: dict[str, Any] = table["words"]
        self._languages: dict[str, Language] = {}
        self.literal = {
            kind: self.number[kind]
            for kind in ("STRING", "DATE", "TIME", "PERCENT", "NUMBER", "PLACEHOLDER")
        }
        self.sign = {sign: self.number[name] for sign, name in SIGNS.items()}
        self.name = self.number["NAME"]
        self.currency = self.number["CURRENCY"]
        self.first: dict[str, list[str]] = table["first"]
        self.first_words: dict[str, frozenset[str]] = {}
        self.known: dict[tuple[str, str, str], Parsed | Stuck] = {}

    def beginning_with(self, word: str) -> frozenset[str]:
        """Return the shapes of the sentences that begin with terminal ``word``."""
        if word not in self.first_words:
            self.first_words[word] = frozenset(
                shape for shape, words in self.first.items() if word in words
            )
        return self.first_words[word]

    def row(self, state: int) -> dict[int, int]:
        """Return the actions of ``state``: symbol -> next state, or -1 - rule for a reduction."""
        row = self.rows[state]
        if row is None:
            flat = self.packed[state]
            row = self.rows[state] = dict(zip(flat[::2], flat[1::2], strict=True))
        return row

    def language(self, code: str) -> Language:
        """Return the words of language ``code``, which must be one of `languages`."""
        if code not in self._languages:
            self._languages[code] = Language(code, self.tables[code], self.terminals)
        return self._languages[code]

    def languages(self) -> list[str]:
        """Return the codes of the languages that have a word table."""
        return sorted(self.tables)

    def accepts(self, states: list[int], terminal: int) -> bool:
        """Return whether ``terminal`` can be shifted on the stack ``states`` after all pending reductions. Changes nothing."""
        action = self.row(states[-1]).get(terminal)
        if action is None:
            return False
        depth = len(states)
        pushed: list[int] = []
        while action is not None and action < 0:
            rule = -1 - action
            length = self.lengths[rule]
            over = length - len(pushed)
            if over >= 0:
                depth -= over
                pushed = []
            elif length:
                del pushed[-length:]
            below = pushed[-1] if pushed else states[depth - 1]
            state = self.row(below)[self.origins[rule]]
            if terminal == END and depth == 1 and not pushed and state in self.end.values():
                return True
            pushed.append(state)
            action = self.row(state).get(terminal)
        return action is not None

    def expected(self, states: list[int]) -> list[int]:
        """Return the terminals that can be shifted on the stack ``states``; `END` where the sentence may end."""
        return [
            terminal
            for terminal in sorted(self.row(states[-1]))
            if terminal < len(self.terminals) and self.accepts(states, terminal)
        ]

    def sentence(self, text: str, language: Language, start: str) -> Parsed | Stuck:
        """Return the node of one line, or where it got stuck. ``start`` is ``line`` or ``condition``.

        ``text`` has no indentation, no comment, no trailing full stop, and composed letters (NFC). A line that was
        parsed before is not parsed again.
        """
        key = (text, language.code, start)
        known = self.known.get(key)
        if known is None:
            if len(self.known) > KNOWN_MAX:
                self.known.clear()
            known = self.known[key] = Reading(self, language, text, start).run()
        return known


KNOWN_MAX = 50_000
STACK_MAX = 160


class Reading:
    """The state of one line being parsed: stacks of states, values and places."""

    def __init__(self, grammar: Grammar, language: Language, text: str, start: str) -> None:
        self.grammar = grammar
        self.language = language
        self.text = text
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
                return Stuck(self.tokens, at, self.states, tuple(self.words))
            behind, terminal = found
            self.shift(terminal, self.word(terminal, at, behind))
            at = behind
        if not count or not self.grammar.accepts(self.states, END):
            return Stuck(self.tokens, count, self.states, tuple(self.words))
        self.reduce(END)
        return Parsed(self.values[-1], tuple(self.words))

    def choose(self, at: int) -> tuple[int, int] | None:
        """Return the token behind the next word, and its meaning; None where no meaning fits."""
        grammar, states = self.grammar, self.states
        kind, key, start, end = self.tokens[at]
        if kind == "WORD" or kind == "SIGN":
            if key in self.language.phrases:
                for behind, meanings in self.language.matches(self.tokens, at):
                    for terminal in meanings:
                        if grammar.accepts(states, terminal):
                            return behind, terminal
            if kind == "SIGN":
                sign = grammar.sign.get(key)
                return (
                    (at + 1, sign) if sign is not None and grammar.accepts(states, sign) else None
                )
            if (
                end - start == 3
                and self.text[start:end].isupper()
                and grammar.accepts(states, grammar.currency)
            ):
                return at + 1, grammar.currency
            return (
                (at + 1, grammar.name)
                if "_" not in key and grammar.accepts(states, grammar.name)
                else None
            )
        literal = grammar.literal.get(kind)
        return (
            (at + 1, literal) if literal is not None and grammar.accepts(states, literal) else None
        )

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
            self.reduce(terminal, word.start)
            row = self.grammar.row(self.states[-1])
        self.states.append(row[terminal])
        self.values.append(word)
        self.starts.append(word.start)

    def reduce(self, terminal: int, _start: int = 0) -> None:
        """Reduce until ``terminal`` can be shifted, or, at the end of the line, until the sentence stands alone."""
        grammar, states, values, starts = self.grammar, self.states, self.values, self.starts
        behind = self.words[-1].end if terminal == END else self.words[-2].end
        while True:
            action = grammar.row(states[-1])[terminal] if states[-1] != self.end_state else 0
            if action >= 0:
                return
            rule = -1 - action
            length = grammar.lengths[rule]
            kind, shape, slots = grammar.makers[rule]
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


_grammar: list[Grammar] = []


def grammar() -> Grammar:
    """Return the grammar, loaded once a process."""
    if not _grammar:
        _grammar.append(Grammar(saved.load()))
    return _grammar[0]
