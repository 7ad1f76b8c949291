"""From the lines of a journey to its steps. Rule: every line has one builder, and every answer of a step leads somewhere.

Lines are taken from the last to the first, because a step has to know where it leads.
"""

from __future__ import annotations

from verbline.interpreter.program.building import BUILDERS
from verbline.interpreter.program.choosing import CHOOSERS
from verbline.interpreter.program.identities import identities
from verbline.interpreter.program.writing import WRITERS
from verbline.interpreter.ways import grouped, steps_in

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from typing import TypeAlias

    from verbline.interpreter.names import Scope
    from verbline.interpreter.nodes import Node, Sentence
    from verbline.interpreter.program.compile import Compiler
    from verbline.interpreter.program.conditions import Condition, Value
    from verbline.interpreter.program.parts import Journey
    from verbline.interpreter.step.steps import Next, Step

    Build: TypeAlias = "Callable[[Blocks, list[Sentence], Next], Step]"

BUILD: Mapping[str, Build] = {**BUILDERS, **CHOOSERS, **WRITERS}


class Blocks:
    """The steps of one journey while they are built."""

    def __init__(
        self, compiler: Compiler, journey: Journey, scope: Scope, sentence: Sentence
    ) -> None:
        self.compiler = compiler
        self.program = compiler.program
        self.journey = journey
        self.scope = scope
        self.names = identities(journey.name, sentence.block)
        self.entries: dict[Sentence, Next] = {}

    def build(self, lines: Iterable[Sentence], following: Next) -> Next:
        """Return the first step of a block; ``following`` is what comes behind its last one."""
        for group in reversed(grouped(steps_in(lines))):
            head = group[0]
            following = BUILD[head.shape](self, group, following)
        return following

    def under(self, line: Sentence, following: Next) -> Next:
        """Return the first step of the block under ``line``; it is built once."""
        if line not in self.entries:
            self.entries[line] = self.build(line.block, following)
        return self.entries[line]

    def answer(self, step: Sentence, following: Next, *shapes: str) -> Next:
        """Return where the answer leads that one of ``shapes`` under ``step`` opens; on, where none does."""
        line = next(iter(step.of(*shapes)), None)
        return following if line is None else self.under(line, following)

    def plain(self, sentence: Sentence) -> tuple[str, str, str, str]:
        """Return identity, place, shape and text of a step."""
        place = self.compiler.place(self.scope, sentence)
        return self.names[sentence], place, sentence.shape, sentence.raw

    def keep(self, step: Step) -> Step:
        """Add a step to the journey and return it."""
        self.journey.steps[step.id] = step
        step.journey = self.journey
        return step

    def condition(self, sentence: Sentence) -> Condition:
        """Return the condition of a line."""
        return self.compiler.condition(sentence)

    def value(self, sentence: Sentence, node: Node, part: str) -> Value:
        """Return the value in ``part`` of a sentence."""
        return self.compiler.value(node.parts[part], sentence)

    def moment(self, name: str) -> str:
        """Return the first name of a moment."""
        return self.compiler.meanings.moment(name)
