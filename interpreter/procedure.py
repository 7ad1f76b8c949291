"""The steps of a journey as numbered prose. Rule: what belongs to one step stands under its number, each answer by itself."""

from __future__ import annotations

from verbline.interpreter.nodes import Node, Sentence, Word
from verbline.interpreter.places import STEPS
from verbline.interpreter.prose import phrase, quoted, told
from verbline.interpreter.tellings import BRANCHES, ONCE_AND_AGAIN, SENTENCES
from verbline.interpreter.ways import grouped

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

WIDTH = 96
# Steps that are nothing without the blocks under them.
HOLDERS = frozenset(("repeat", "experiment", "depending"))
CHOICE = "The first of these that holds:"


def item(mark: str, text: str, indent: int) -> Iterator[str]:
    """Yield ``text`` in lines, the first behind ``mark``, the others below its first letter."""
    from textwrap import wrap

    before = " " * indent
    yield from wrap(
        text,
        WIDTH,
        initial_indent=before + mark,
        subsequent_indent=before + " " * len(mark),
        break_long_words=False,
        break_on_hyphens=False,
    )


class Procedure:
    """Sentences on their way into prose; ``seen`` are the numbers of the lines that have been told."""

    def __init__(self) -> None:
        self.seen: set[int] = set()

    def sentence(self, line: Sentence) -> str:
        """Return one line in prose, with the lines under it that open no block."""
        self.seen.add(line.number)
        if line.node is None:
            text = f"Line {line.number} was not understood: {quoted(line.raw)}."
            return " ".join([text, *map(self.sentence, line.block)])
        if line.shape in ("once_per", "again_after") and line.parent is not None:
            once, again = line.parent.first("once_per"), line.parent.first("again_after")
            if once is not None and again is not None:
                both = Node("once_per", {**again.parts, **once.parts}, once.start, once.end)
                return told(ONCE_AND_AGAIN, both) if line.node is once else ""
        under = f"{line.shape} under {line.parent.shape}" if line.parent else ""
        template = SENTENCES.get(under) or SENTENCES.get(line.shape)
        if template is None:
            return f"Line {line.number} stands where it cannot be: {quoted(line.raw)}."
        beside = [one for one in line.block if is_beside(one)]
        return " ".join([told(template, self.listing(line)), *map(self.sentence, beside)])

    def listing(self, line: Sentence) -> Node:
        """Return the node of ``line``; where its condition is a list of lines, they stand in its condition."""
        node = line.node
        assert node is not None, "only what was understood has conditions"
        part = node.parts.get("condition")
        if not isinstance(part, Word) or part.kind not in ("ALL_TRUE", "ANY_TRUE"):
            return node
        listed = []
        for one in line.of("condition"):
            self.seen.add(one.number)
            listed.append(phrase(self.listing(one).parts["condition"]))
        said = Word("SAID", f"{phrase(part)} ({'; '.join(listed)})", part.start, part.end)
        return Node(node.shape, {**node.parts, "condition": said}, node.start, node.end)

    def numbered(self, lines: Iterable[Sentence], indent: int = 0) -> Iterator[str]:
        """Yield steps as a numbered list."""
        for number, group in enumerate(grouped(lines), 1):
            yield from self.step(group, f"{number}. ", indent)

    def step(self, group: list[Sentence], mark: str, indent: int) -> Iterator[str]:
        """Yield one step, or an ``if`` with the lines that continue it, with everything under it."""
        head, inner = group[0], indent + len(mark)
        if len(group) > 1:
            yield from item(mark, CHOICE, indent)
            for part in group:
                yield from self.branch(part, "- ", inner)
        elif head.shape in BRANCHES:
            yield from self.branch(head, mark, indent)
        else:
            yield from item(mark, self.sentence(head), indent)
            for one in head.block:
                if one.shape in BRANCHES:
                    yield from self.branch(one, "- ", inner)
            yield from self.numbered(
                [one for one in head.block if one.shape in STEPS - BRANCHES.keys()], inner
            )

    def branch(self, line: Sentence, mark: str, indent: int) -> Iterator[str]:
        """Yield one answer and what follows from it: one plain step in the same line, several as a list of their own."""
        self.seen.add(line.number)
        opening = told(BRANCHES[line.shape], self.listing(line))
        steps = [one for one in line.block if one.shape != "condition"]
        if not steps:
            yield from item(mark, f"{opening}: nothing.", indent)
        elif len(steps) == 1 and is_plain(steps[0]):
            text = self.sentence(steps[0])
            yield from item(mark, f"{opening}: {text[0].lower()}{text[1:]}", indent)
        else:
            yield from item(mark, f"{opening}:", indent)
            yield from self.numbered(steps, indent + len(mark))


def is_beside(line: Sentence) -> bool:
    """Return whether a nested line is told in one breath with the line above it: it opens no block and is no step."""
    if line.node is None:
        return True
    return line.shape in SENTENCES and line.shape not in STEPS and line.shape != "condition"


def is_plain(step: Sentence) -> bool:
    """Return whether a step is told in one sentence or two, with no answer under it."""
    nested = any(one.shape in BRANCHES or one.shape in STEPS for one in step.block)
    return not nested and step.shape not in HOLDERS and step.shape not in BRANCHES


def step_numbers(lines: Iterable[Sentence]) -> dict[int, str]:
    """Return the number of the step that each line belongs to, by the number of the line."""
    return {
        line.number: str(number)
        for number, group in enumerate(grouped(lines), 1)
        for part in group
        for line in part.walk()
    }
