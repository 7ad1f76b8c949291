"""Which words the parser can take together, exactly. Rule: every stack of states that some sentence leads to counts, no other.

A row of an LALR table names words that fit only on some of the stacks that end in its state. So the stack is followed
downwards, as far as the pending reductions need it, over every state that can lie below.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from functools import cached_property

from verbline.interpreter.sentence import Grammar
from verbline.interpreter.words import SIGNS, Language, tokens_of

Stack = tuple[int, ...]
Words = tuple[int, ...]
Phrase = tuple[str, ...]


class Viable:
    """The parse table, to be asked which sequences of words can follow one stack of states."""

    def __init__(self, grammar: Grammar) -> None:
        self.grammar = grammar
        self.states = range(len(grammar.packed))

    @cached_property
    def below(self) -> dict[int, set[int]]:
        """The states that can lie directly below each state."""
        found: dict[int, set[int]] = defaultdict(set)
        for state in self.states:
            for action in self.grammar.row(state).values():
                found[action].add(state)
        return found

    def together(self, state: int, sequences: Sequence[Words]) -> bool:
        """Return whether some stack that ends in ``state`` can take each of ``sequences``."""
        waiting: list[tuple[int, tuple[tuple[Stack, Words] | None, ...]]]
        waiting = [(state, tuple(((state,), words) for words in sequences))]
        seen = set(waiting)
        while waiting:
            _bottom, parts = waiting.pop()
            moved = [part and self.take(*part) for part in parts]
            if not all(part is None or part[0] for part in moved):
                continue
            open_parts = [part if part and part[1] else None for part in moved]
            if not any(open_parts):
                return True
            bottom = next(part[0][0] for part in open_parts if part)
            for below in self.below[bottom]:
                deeper = tuple(part and ((below, *part[0]), part[1]) for part in open_parts)
                if (below, deeper) not in seen:
                    seen.add((below, deeper))
                    waiting.append((below, deeper))
        return False

    def take(self, stack: Stack, words: Words) -> tuple[Stack, Words]:
        """Return the stack after as many of ``words`` as it can take, and those that need to know what lies below.

        An empty stack says that the words do not fit.
        """
        grammar, states = self.grammar, list(stack)
        for at, word in enumerate(words):
            action = grammar.row(states[-1]).get(word)
            while action is not None and action < 0:
                length = grammar.lengths[-1 - action]
                if length >= len(states):
                    return tuple(states), words[at:]
                del states[len(states) - length :]
                states.append(grammar.row(states[-1])[grammar.origins[-1 - action]])
                action = grammar.row(states[-1]).get(word)
            if action is None:
                return (), ()
            states.append(action)
        return tuple(states), ()


class Phrases:
    """The phrases of a language, to be asked which of them can be taken for one another."""

    def __init__(self, grammar: Grammar, language: Language) -> None:
        self.grammar = grammar
        self.viable = Viable(grammar)
        self.meanings: dict[Phrase, set[int]] = defaultdict(set)
        for table in (language.forms, language.read):
            for meaning, forms in table.items():
                for form in forms:
                    phrase = tuple(key for _kind, key, _start, _end in tokens_of(form))
                    self.meanings[phrase].add(grammar.number[meaning])
        self.begun: dict[Phrase, set[int]] = defaultdict(set)
        for phrase, meanings in self.meanings.items():
            for length in range(1, len(phrase)):
                self.begun[phrase[:length]] |= meanings

    def ambiguous(self) -> Iterator[tuple[str, str, str]]:
        """Yield each phrase with two meanings that one stack can take."""
        for phrase, meanings in self.meanings.items():
            pairs = [(one, other) for one in meanings for other in meanings if one < other]
            for one, other in pairs:
                if any(self.fits(state, (one,), (other,)) for state in self.viable.states):
                    names = self.grammar.terminals
                    yield " ".join(phrase), names[one], names[other]

    def hidden(self) -> Iterator[tuple[str, str]]:
        """Yield each phrase that is taken where its words could also be read as shorter phrases and data words.

        With it comes the other reading, as the meanings of its words.
        """
        for phrase, meanings in self.meanings.items():
            for other in self.shorter(phrase):
                if any(
                    self.fits(state, (meaning,), other)
                    for meaning in meanings
                    for state in self.viable.states
                ):
                    named = [self.grammar.terminals[word] for word in other]
                    yield " ".join(phrase), " ".join(named)

    def fits(self, state: int, one: Words, other: Words) -> bool:
        """Return whether one stack that ends in ``state`` can take either reading."""
        row = self.grammar.row(state)
        return one[0] in row and other[0] in row and self.viable.together(state, (one, other))

    def shorter(self, phrase: Phrase) -> Iterator[Words]:
        """Yield the readings of a phrase that begin with a shorter one or with a data word."""
        whole = self.meanings[phrase] | self.begun[phrase]
        for words in self.readings(phrase):
            if len(words) > 1 or words[0] not in whole:
                yield words

    def readings(self, words: Phrase) -> Iterator[Words]:
        """Yield every way to read words as phrases, data words and signs; the last phrase may go on behind them."""
        if not words:
            yield ()
            return
        first: list[tuple[int, int]] = [
            (meaning, length)
            for length in range(1, len(words) + 1)
            for meaning in self.meanings.get(words[:length], ())
        ]
        if words[0] in SIGNS:
            first.append((self.grammar.number[SIGNS[words[0]]], 1))
        elif words[0][0].isalpha():
            first.append((self.grammar.name, 1))
        for meaning in self.begun.get(words, ()):
            yield (meaning,)
        for meaning, length in first:
            for rest in self.readings(words[length:]):
                yield (meaning, *rest)
