"""The grammar, ready for use: which words can stand where, and one line to one node. Rule: what is asked changes nothing."""

from __future__ import annotations

from verbline.grammar import table as saved
from verbline.interpreter.reading import (
    END,
    LIST,
    MERGE,
    NODE,
    PASS,
    SPLICE,
    Parsed,
    Reading,
    Recipe,
    Stuck,
)
from verbline.interpreter.words import SIGNS, Language, Token, tokens_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, TypeAlias

    from verbline.interpreter.hints import Hints

    Maker: TypeAlias = tuple[int, str, tuple[tuple[int, str], ...]]

KINDS = {"node": NODE, "pass": PASS, "list": LIST, "merge": MERGE, "splice": SPLICE}
KNOWN_MAX = 50_000


class Grammar:
    """The table, made ready for the loop. Rows of actions, makers and words are unpacked when first used."""

    def __init__(self, table: dict[str, Any]) -> None:
        self.terminals: list[str] = table["terminals"]
        self.number = {name: at for at, name in enumerate(self.terminals)}
        self.table = table
        self.packed: list[str] = table["states"]
        self.rows: list[dict[int, int] | None] = [None] * len(self.packed)
        self.start: dict[str, int] = table["start"]
        self.end: dict[str, int] = table["end"]
        self.lengths: list[int] = table["lengths"]
        self.origins: list[int] = table["origins"]
        self.makers: list[Maker | None] = [None] * len(self.lengths)
        self._languages: dict[str, Language] = {}
        self._hints: dict[str, Hints] = {}
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
        self.recipes: dict[tuple[str, ...], Recipe] = {}

    def beginning_with(self, word: str) -> frozenset[str]:
        """Return the shapes of the sentences that begin with terminal ``word``."""
        if word not in self.first_words:
            self.first_words[word] = frozenset(
                shape for shape, words in self.first.items() if word in words
            )
        return self.first_words[word]

    def begun_with(self, language: Language, word: str) -> frozenset[str]:
        """Return the shapes of the sentences with a phrase at their beginning whose first word is ``word``."""
        places = [language.phrases.get(word, {})]
        shapes: set[str] = set()
        for place in places:
            places += [inner for key, inner in place.items() if key]
            for terminal in place.get("", ()):
                shapes |= self.beginning_with(self.terminals[terminal])
        return frozenset(shapes)

    def row(self, state: int) -> dict[int, int]:
        """Return the actions of ``state``: symbol -> next state, or -1 - rule for a reduction."""
        row = self.rows[state]
        if row is None:
            numbers = map(int, self.packed[state].split())
            row = self.rows[state] = dict(zip(numbers, numbers, strict=True))
        return row

    def maker(self, rule: int) -> Maker:
        """Return how the value of a reduced ``rule`` is made: its kind, its shape, its slots with their places."""
        maker = self.makers[rule]
        if maker is None:
            kind, shape, *slots = self.table["makers"][rule].split(" ")
            places = (slot.split(":") for slot in slots)
            maker = self.makers[rule] = (
                KINDS[kind],
                shape,
                tuple((int(at), slot) for at, slot in places),
            )
        return maker

    @property
    def shapes(self) -> frozenset[str]:
        """The name of every node that a line can become or hold."""
        made = (maker.split(" ", 2) for maker in self.table["makers"])
        return frozenset(shape for kind, shape, *_slots in made if kind == "node")

    def language(self, code: str) -> Language:
        """Return the words of language ``code``, which must be one of `languages`."""
        if code not in self._languages:
            self._languages[code] = Language(code, saved.words(self.table, code), self.number)
        return self._languages[code]

    def hints(self, code: str) -> Hints:
        """Return what broken lines of language ``code`` are probably meant as."""
        if code not in self._hints:
            from verbline.interpreter.hints import Hints

            self._hints[code] = Hints(self, code)
        return self._hints[code]

    def languages(self) -> list[str]:
        """Return the codes of the languages that have a word table."""
        return sorted(self.table["words"])

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

    def shifted(self, states: list[int], terminal: int) -> list[int]:
        """Return the stack after ``terminal``, which must be acceptable, is shifted on ``states``."""
        stack = states[:]
        while (action := self.row(stack[-1])[terminal]) < 0:
            rule = -1 - action
            if self.lengths[rule]:
                del stack[-self.lengths[rule] :]
            stack.append(self.row(stack[-1])[self.origins[rule]])
        stack.append(action)
        return stack

    def choose(
        self, language: Language, text: str, tokens: list[Token], at: int, states: list[int]
    ) -> tuple[int, int] | None:
        """Return the token behind the word that begins at token ``at``, and its meaning on the stack ``states``.

        None where no meaning fits: neither a phrase of the language, nor data, nor a literal.
        """
        kind, key, start, end = tokens[at]
        if key in language.phrases:
            for behind, meanings in language.matches(tokens, at):
                for terminal in meanings:
                    if self.accepts(states, terminal):
                        return behind, terminal
        if kind == "WORD":
            if (
                end - start == 3
                and text[start:end].isupper()
                and self.accepts(states, self.currency)
            ):
                return at + 1, self.currency
            plain = self.name if "_" not in key else None
        else:
            plain = self.sign.get(key) if key else self.literal.get(kind)
        return (at + 1, plain) if plain is not None and self.accepts(states, plain) else None

    def sentence(self, text: str, language: Language, start: str) -> Parsed | Stuck:
        """Return the node of one line, or where it got stuck. ``start`` is ``line`` or ``condition``.

        ``text`` has no indentation, no comment, no trailing full stop, and composed letters (NFC). A line that was
        parsed before is not parsed again, and one of a form that was met before asks the table nothing.
        """
        key = (text, language.code, start)
        known = self.known.get(key)
        if known is None:
            if len(self.known) > KNOWN_MAX:
                self.known.clear()
            known = self.known[key] = self._read(text, language, start)
        return known

    def _read(self, text: str, language: Language, start: str) -> Parsed | Stuck:
        tokens = tokens_of(text)
        form = (start, language.code, *language.form(text, tokens))
        recipe = self.recipes.get(form)
        if recipe is None:
            found = Reading(self, language, text, start).run(tokens)
            if isinstance(found, Stuck):
                return found
            if len(self.recipes) > KNOWN_MAX:
                self.recipes.clear()
            recipe = self.recipes[form] = found
        return recipe.follow(text, tokens, language)


_grammar: list[Grammar] = []


def grammar() -> Grammar:
    """Return the grammar, loaded once a process."""
    if not _grammar:
        _grammar.append(Grammar(saved.load()))
    return _grammar[0]
