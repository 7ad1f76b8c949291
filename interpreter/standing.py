"""Judges where a sentence stands. Rule: a sentence in a foreign place is told the place it belongs to; the table is in `places`."""

from __future__ import annotations

from verbline.interpreter.nearness import distance, nearest, turned
from verbline.interpreter.places import (
    BRANCHES,
    CONTINUES_IF,
    DECLARATIONS,
    STEPS,
    UNDER,
    homes,
    may_stand,
    remaining,
)
from verbline.interpreter.source import span_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from verbline.interpreter.nodes import Sentence
    from verbline.interpreter.parse import File
    from verbline.interpreter.sentence import Grammar
    from verbline.interpreter.words import Language

SHOWN_MAX = 4
# Letters that two openings may differ in and still be put in an order.
FAR = 99
# What stands under a step for one of the ways it may end.
BRANCHING = BRANCHES | {"if_nobody"}
# What stands somewhere in a journey, however deep.
BELOW_JOURNEY = frozenset(
    shape
    for under, shapes in UNDER.items()
    if under in STEPS or under in BRANCHES or under == "journey"
    for shape in shapes
)


class Standing:
    """What has been seen so far of a file: its last journey, and the first step of each block that has one."""

    __slots__ = ("file", "grammar", "journey", "steps")

    def __init__(self, file: File, grammar: Grammar) -> None:
        self.file = file
        self.grammar = grammar
        self.journey: Sentence | None = None
        self.steps: dict[int, Sentence] = {}

    def judge(self, sentence: Sentence, parent: Sentence | None) -> None:
        """Report a sentence that may not stand where it stands."""
        shape, under = sentence.shape, parent.shape if parent else ""
        if parent is None:
            if sentence.may_be("journey"):
                self.journey = sentence
        elif parent.node is None or parent.misplaced:
            return
        if shape == "language" and parent is None and sentence is not self.file.sentences[0]:
            second = self.file.sentences[0].may_be("language")
            self.file.report("S027", span_of(sentence), "second" if second else "")
        elif shape == "condition":
            self.judge_condition(sentence, parent)
        elif not may_stand(shape, under):
            sentence.misplaced = True
            self.report_place(sentence, parent)
        elif shape in CONTINUES_IF and under != "qualify":
            self.judge_otherwise(sentence, parent)
        elif under == "journey" and shape not in STEPS:
            self.judge_clause(sentence, parent)
        if parent is not None and shape != "condition" and (under != "journey" or shape in STEPS):
            self.steps.setdefault(id(parent), sentence)

    def belongs(self, sentence: Sentence, last: Sentence) -> bool:
        """Return whether ``sentence``, which stands at the margin, surely belongs to the declaration ``last`` above it."""
        if last.shape not in DECLARATIONS:
            return False
        if may_stand(sentence.shape, last.shape):
            return True
        return last.shape == "journey" and sentence.shape in BELOW_JOURNEY

    def judge_condition(self, sentence: Sentence, parent: Sentence | None) -> None:
        """Report a condition that comes after the steps of its block."""
        step = self.steps.get(id(parent))
        if step is not None:
            self.file.report("S016", span_of(sentence), step=step.raw, line=step.number)

    def judge_otherwise(self, sentence: Sentence, parent: Sentence | None) -> None:
        """Report an ``otherwise`` that does not follow an ``if``."""
        siblings = parent.block if parent else self.file.sentences
        before = siblings[-2] if len(siblings) > 1 else None
        if before is not None and before.may_be(*CONTINUES_IF[sentence.shape]):
            return
        sentence.misplaced = True
        first = span_of(sentence, sentence.words[0])
        words: dict[str, str | int] = {"words": sentence.words[0].text}
        if before is None:
            self.file.report("S012", first, "first", **words)
        else:
            self.file.report("S012", first, before=before.raw, line=before.number, **words)

    def judge_clause(self, sentence: Sentence, parent: Sentence | None) -> None:
        """Report a fact about a journey that comes after its first step."""
        step = self.steps.get(id(parent))
        if step is not None:
            span = span_of(sentence, sentence.words[0])
            self.file.report("S014", span, line=step.number)

    def report_place(self, sentence: Sentence, parent: Sentence | None) -> None:
        """Report a sentence in a foreign place, with the place it belongs to."""
        first, shape = span_of(sentence, sentence.words[0]), sentence.shape
        values: dict[str, str | int] = {"words": sentence.words[0].text}
        if shape in STEPS and parent is None:
            if self.journey is None:
                self.file.report("S013", first, "none", **values)
            else:
                values |= {"journey": self.journey.raw, "line": self.journey.number}
                self.file.report("S013", first, **values)
            return
        host = self.host(sentence, parent)
        rest = remaining(parent) if shape == "otherwise" and host is None and parent else ""
        if rest and parent:
            values |= {"above": parent.words[0].text, "meant": self.opening(rest)}
            self.file.report("S002", span_of(sentence), "under", **values)
            return
        if host is not None:
            values |= {"host": host.words[0].text, "at": host.number}
            values |= {"above": host.raw, "whole": sentence.raw}
            self.file.report("S015", first, "indent", **values)
            return
        places = dict.fromkeys(self.opening(home) for home in homes(shape) if home)
        values["places"] = quoted(list(filter(None, places)))
        if parent is None:
            self.file.report("S015", first, "top", **values)
            return
        values |= {"above": parent.words[0].text, "line": parent.number}
        meant = self.meant(sentence, parent.shape)
        if meant:
            self.file.report("S002", span_of(sentence), "under", meant=meant, **values)
            return
        answers = self.answers(sentence, parent.shape)
        if answers:
            self.file.report("S015", first, "answers", answers=quoted(answers), **values)
            return
        self.file.report("S015", first, **values)

    def host(self, sentence: Sentence, parent: Sentence | None) -> Sentence | None:
        """Return the sentence just above under which ``sentence`` may stand once it is indented, or None."""
        block = parent.block if parent else self.file.sentences
        above = next((one for one in reversed(block) if one is not sentence), None)
        while above is not None:
            understood = above.node is not None and not above.misplaced
            if understood and may_stand(sentence.shape, above.shape) and continues(sentence, above):
                return above
            above = above.block[-1] if above.block else None
        return None

    def answers(self, sentence: Sentence, under: str) -> list[str]:
        """Return how the answers to a step begin, the one nearest to ``sentence`` first; none where no answer was meant."""
        if under not in STEPS or sentence.shape not in BRANCHING | STEPS:
            return []
        found = {self.opening(shape) for shape in UNDER.get(under, ()) if shape in BRANCHING}
        return sorted(
            filter(None, found),
            key=lambda one: (distance(one, sentence.words[0].text.lower(), FAR), one),
        )

    def report_indented(self, sentence: Sentence, parent: Sentence) -> None:
        """Report a declaration that does not begin at the left margin."""
        above = parent.words[0].text if parent.words else parent.raw
        first = span_of(sentence, sentence.words[0])
        values: dict[str, str | int] = {"words": sentence.words[0].text, "above": above}
        self.file.report("S015", first, "declaration", line=parent.number, **values)

    def phrases(self, under: str) -> list[str]:
        """Return the phrases with which lines directly under a sentence of shape ``under`` begin."""
        words = {
            word for shape in UNDER.get(under, ()) for word in self.grammar.first.get(shape, ())
        }
        forms = self.file.language.forms
        return [form for word in sorted(words) for form in forms.get(word, ())]

    def meant(self, sentence: Sentence, under: str) -> str:
        """Return the phrase that ``sentence`` nearly is and that may stand under ``under``, or nothing."""
        hints = self.grammar.hints(self.file.language.code)
        written = " ".join(sentence.raw.casefold().split())
        for shape in sorted(UNDER.get(under, ())):
            for word in self.grammar.first.get(shape, ()):
                if written in hints.instead.get(word, ()):
                    return self.opening(shape)
        denying, phrases = hints.negations, self.phrases(under)
        return nearest(
            sentence.raw, (one for one in phrases if not turned(sentence.raw, one, denying))
        )

    def opening(self, shape: str) -> str:
        """Return the words with which sentences of ``shape`` begin; nothing where they begin with a value."""
        return begins(self.grammar, self.file.language, shape)


def continues(sentence: Sentence, above: Sentence) -> bool:
    """Return whether ``sentence``, if it continues an `if`, finds one at the end of the lines under ``above``."""
    first = CONTINUES_IF.get(sentence.shape)
    if first is None or above.shape == "qualify":
        return True
    return bool(above.block) and above.block[-1].may_be(*first)


def begins(grammar: Grammar, language: Language, shape: str) -> str:
    """Return the words with which sentences of ``shape`` begin; nothing where they begin with a value."""
    first = (word for word in grammar.first.get(shape, ()) if word in language.forms)
    found = next(first, None)
    words = language.write(found) if found else ""
    # Its first word alone begins the case of a value.
    return f"{words} {language.write('ANYTHING_ELSE')}" if shape == "case_else" else words


def quoted(places: list[str]) -> str:
    """Return the first of ``places`` in quotes."""
    return ", ".join(f'"{place}"' for place in places[:SHOWN_MAX])
