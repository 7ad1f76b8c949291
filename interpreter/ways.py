"""How the steps of a journey lead on. Rule: every step has a way for each of its answers, with or without a block for it.

`lay` goes through the lines from the last to the first, because a line has to know where it leads.
"""

from __future__ import annotations

from verbline.interpreter.lengths import length_in
from verbline.interpreter.outcomes import ANSWERS, COMPLETE, HOLDS, ONLY_WITH_LINE, PLACES, THEN
from verbline.interpreter.places import CONTINUES_IF, JOURNEY_CLAUSES, UNDER

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from typing import TypeAlias

    from verbline.interpreter.nodes import Sentence

    # Where a block leads when it is over: a step, or None for the end of the text; after how long; whether surely.
    Exit: TypeAlias = "tuple[Sentence | None, int, bool]"
    Exits: TypeAlias = "Sequence[Exit]"


class Way:
    """From step ``source`` to step ``target``; a target None is the end of the text, without an outcome.

    ``reason`` is one of those in `flow`. ``line`` is the line that opens the branch, None where silence leads on; ``word``
    is the moment, arm or answer it is about. ``takes`` is the least it takes, in minutes. ``sure`` is false where a line
    that was not understood could have led elsewhere.
    """

    __slots__ = ("line", "reason", "source", "sure", "takes", "target", "word")

    def __init__(
        self,
        source: Sentence,
        target: Sentence | None,
        reason: str,
        line: Sentence | None,
        takes: int,
        *,
        sure: bool,
        word: str,
    ) -> None:
        self.source = source
        self.target = target
        self.reason = reason
        self.line = line
        self.takes = takes
        self.sure = sure
        self.word = word

    def __repr__(self) -> str:
        to = self.target.number if self.target else "end"
        return f"{self.source.number} {self.reason} {to}{'' if self.sure else '?'}"

    @property
    def holds(self) -> bool:
        """Whether the person stays at the source for a while before taking this way."""
        return self.takes > 0 or self.source.shape in HOLDS


def unclear(line: Sentence) -> bool:
    """Return whether ``line`` was not understood or stands in a wrong place, so that it may lead anywhere."""
    return line.node is None or line.misplaced


def hidden(step: Sentence, *shapes: str) -> bool:
    """Return whether an unclear line under ``step`` may have been meant as one of ``shapes``.

    What a line begins like tells nothing if nothing of the kind may stand there.
    """
    return any(
        unclear(line)
        and (line.misplaced or line.may_be(*shapes) or not line.may_be(*UNDER.get(step.shape, ())))
        for line in step.block
    )


def steps_in(lines: Iterable[Sentence]) -> list[Sentence]:
    """Return the steps among ``lines``, and the lines that may have been meant as one."""
    return [line for line in lines if line.misplaced or line.may_be(*PLACES)]


def steps_of(journey: Sentence) -> list[Sentence]:
    """Return the steps directly under a journey; an unclear line among its clauses is one of these."""
    behind = 0
    for at, line in enumerate(journey.block):
        if line.shape in PLACES:
            break
        if line.shape in JOURNEY_CLAUSES:
            behind = at + 1
    return steps_in(journey.block[behind:])


def grouped(steps: Iterable[Sentence]) -> list[list[Sentence]]:
    """Return the steps of a block, each ``if`` together with the lines that continue it."""
    found: list[list[Sentence]] = []
    for step in steps:
        before = found[-1][-1] if found else None
        joined = before is not None and before.shape in CONTINUES_IF.get(step.shape, ())
        if before is not None and joined and not step.misplaced and not before.misplaced:
            found[-1].append(step)
        else:
            found.append([step])
    return found


def lay(
    journey: Sentence, covers: Callable[[Sentence], bool], *, torn: bool
) -> tuple[dict[Sentence, list[Way]], Sentence | None]:
    """Return the ways that lead on from each step of ``journey``, and its first step."""
    laying = Laying(covers)
    entry = laying.groups(steps_of(journey), ((None, 0, not torn),))
    return laying.ways, entry[0][0]


class Laying:
    """The ways laid so far. A block is laid once, even if several answers lead into it."""

    def __init__(self, covers: Callable[[Sentence], bool]) -> None:
        self.covers = covers
        self.ways: dict[Sentence, list[Way]] = {}
        self.entries: dict[Sentence, Exits] = {}

    def groups(self, steps: Iterable[Sentence], exits: Exits) -> Exits:
        """Lay the steps of one block and return where it begins; ``exits`` is where it leads in the end."""
        for group in reversed(grouped(steps)):
            head = group[0]
            self.ways[head] = []
            LAYERS.get("" if stray(head) else head.shape, Laying.plain)(self, group, exits)
            exits = ((head, 0, True),)
        return exits

    def entry(self, line: Sentence, exits: Exits) -> Exits:
        """Return where the block under ``line`` begins."""
        if line not in self.entries:
            self.entries[line] = self.groups(steps_in(line.block), exits)
        return self.entries[line]

    def lead(
        self,
        step: Sentence,
        reason: str,
        line: Sentence | None,
        to: Exits,
        takes: int = 0,
        *,
        sure: bool = True,
        word: str = "",
    ) -> None:
        """Add the ways from ``step`` to each place of ``to``."""
        for target, later, certain in to:
            way = Way(step, target, reason, line, takes + later, sure=sure and certain, word=word)
            self.ways[step].append(way)

    def plain(self, group: list[Sentence], exits: Exits) -> None:
        """Lay a step whose answers stand in the table."""
        step = group[0]
        for reason, shapes, part in ANSWERS.get(step.shape, THEN):
            assert step.node is not None
            length = length_in(step.node, part) if part else None
            takes = length.low if length else 0
            lines = step.of(*shapes) if shapes else []
            for line in lines:
                word = (
                    " ".join(word.text for word in line.node.words("answers")) if line.node else ""
                )
                self.lead(step, reason, line, self.entry(line, exits), takes, word=word)
            if not lines and reason not in ONLY_WITH_LINE:
                sure = step.shape not in COMPLETE and not hidden(step, *shapes)
                self.lead(step, reason, None, exits, takes, sure=sure)
        self.unclear_lines(step, exits)

    def unclear_lines(self, step: Sentence, exits: Exits) -> None:
        """Add a way into each line under ``step`` that may have been meant as one of its answers."""
        for line in step.block:
            if unclear(line):
                self.lead(step, "unclear", None, self.groups([line], exits), sure=False)

    def anywhere(self, group: list[Sentence], exits: Exits) -> None:
        """Lay a line of which nobody knows where it leads."""
        line = group[0]
        self.lead(line, "unclear", None, exits, sure=False)
        inside = steps_in(line.block)
        if inside:
            self.lead(line, "unclear", None, self.groups(inside, exits), sure=False)
        for inner in line.block:
            if inner not in inside:
                self.lead(line, "unclear", None, self.entry(inner, exits), sure=False)

    def end(self, group: list[Sentence], exits: Exits) -> None:
        """Lay a step that ends the journey: no way leads on."""

    def choice(self, group: list[Sentence], exits: Exits) -> None:
        """Lay an ``if`` with the lines that continue it."""
        rest, line, unknown = exits, None, None
        for part in reversed(group):
            if part.shape == "otherwise":
                rest, line = self.entry(part, exits), part
            elif part.shape == "if_unknown":
                unknown = part
            else:
                self.ways[part] = []
                self.lead(part, "yes", part, self.entry(part, exits))
                self.lead(part, "no", line, rest)
                if unknown is not None:
                    self.lead(part, "unknown", unknown, self.entry(unknown, exits))
                rest, line, unknown = ((part, 0, True),), None, None

    def qualify(self, group: list[Sentence], exits: Exits) -> None:
        """Lay a ``qualify``; after ``if unknown`` the condition is looked at once more."""
        step = group[0]
        no, refused = exits, None
        for refused in step.of("otherwise"):
            no = self.entry(refused, exits)
        self.lead(step, "yes", None, exits)
        self.lead(step, "no", refused, no, sure=refused is not None)
        for line in step.of("if_unknown"):
            self.lead(step, "unknown", line, self.entry(line, (*exits, *no)))
        self.unclear_lines(step, exits)

    def wait_for(self, group: list[Sentence], exits: Exits) -> None:
        """Lay a wait for one of several moments."""
        step = group[0]
        assert step.node is not None
        own = {line.node.text("moment"): line for line in step.of("if_this_happens") if line.node}
        common = next(iter(step.of("if_happens")), None)
        sure = not hidden(step, "if_happens", "if_this_happens")
        # A line about another moment is a slip in the name of one of these.
        sure = sure and own.keys() <= {word.text for word in step.node.words("moments")}
        for word in step.node.words("moments"):
            line = own.get(word.text, common)
            to = self.entry(line, exits) if line else exits
            self.lead(step, "happens", line, to, sure=line is not None or sure, word=word.text)
        length = length_in(step.node, "limit")
        takes = length.low if length else 0
        shapes = ("if_not_happens", "if_neither")
        line = next(iter(step.of(*shapes)), None)
        to = self.entry(line, exits) if line else exits
        sure = line is not None or not hidden(step, *shapes)
        self.lead(step, "not_happens", line, to, takes, sure=sure)
        for extra in step.of("if_happens", "if_this_happens", *shapes):
            self.entry(extra, exits)
        self.unclear_lines(step, exits)

    def arms(self, group: list[Sentence], exits: Exits) -> None:
        """Lay an experiment."""
        step = group[0]
        for line in step.of("arm"):
            word = line.node.text("name") if line.node else ""
            self.lead(step, "arm", line, self.entry(line, exits), word=word)
        if not step.of("arm"):
            self.lead(step, "then", None, exits, sure=not hidden(step, "arm"))
        self.unclear_lines(step, exits)

    def cases(self, group: list[Sentence], exits: Exits) -> None:
        """Lay a choice by value."""
        step = group[0]
        for line in step.of("case_"):
            self.lead(step, "case", line, self.entry(line, exits))
        others = step.of("case_else")
        for line in others:
            self.lead(step, "other", line, self.entry(line, exits))
        if not others and not self.covers(step):
            self.lead(step, "other", None, exits, sure=not hidden(step, "case_", "case_else"))
        self.unclear_lines(step, exits)

    def repeat(self, group: list[Sentence], exits: Exits) -> None:
        """Lay a ``repeat``: its condition is looked at before each turn, and no time passes after the last one."""
        step = group[0]
        assert step.node is not None
        length = length_in(step.node, "length")
        back = (step, length.low if length else 0, True)
        self.lead(step, "turn", None, self.groups(steps_in(step.block), (back, *exits)))
        if step.node.has("condition"):
            self.lead(step, "done", None, exits)


def stray(step: Sentence) -> bool:
    """Return whether nobody knows what ``step`` belongs to: an unclear line, or an ``otherwise`` whose ``if`` is one."""
    return unclear(step) or step.shape in CONTINUES_IF


LAYERS: Mapping[str, Callable[[Laying, list[Sentence], Exits], None]] = {
    "": Laying.anywhere,
    "finish": Laying.end,
    "continue_with": Laying.end,
    "if_": Laying.choice,
    "qualify": Laying.qualify,
    "wait_for": Laying.wait_for,
    "experiment": Laying.arms,
    "depending": Laying.cases,
    "repeat": Laying.repeat,
}
