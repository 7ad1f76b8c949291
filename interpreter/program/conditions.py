"""Conditions and expressions of a checked project, compiled once. Rule: an answer is yes, no or unknown, and depends on the
turn alone; whoever asks again before the instant that `Condition.next_change` names gets the same answer.

    names = Meanings.of_project(project)
    condition = compile_condition(sentence, names)      # sentence: `if …`, `people where …`, a line of a list, …
    condition.test(turn)                                # True, False or None
    condition.next_change(turn)                         # an instant, or None where time changes nothing
    compile_value(part, names).of(turn)                 # a value, or None where it is unknown

Of a turn they read ``person``, ``now``, ``zone``, ``fields``, ``program`` and, where they are asked about, ``inside(segment)``,
``agrees(purpose, channel, topic)``. The source of a condition is written
when it is first tested, so one that nobody tests costs nothing.
"""

from __future__ import annotations

from verbline.interpreter.kinds import TEXT
from verbline.interpreter.nodes import Sentence
from verbline.interpreter.places import lists_conditions
from verbline.interpreter.program.builder import Builder, Wants
from verbline.interpreter.program.operands import Written
from verbline.interpreter.program.pieces import Writer
from verbline.interpreter.program.terms import Joined

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Any

    from verbline.interpreter.kinds import Kind
    from verbline.interpreter.nodes import Node, Part, Word
    from verbline.interpreter.program.meanings import Meanings
    from verbline.interpreter.program.operands import Operand
    from verbline.interpreter.program.pieces import Piece
    from verbline.interpreter.step.turn import Turn


class Condition:
    """A compiled condition.

    ``test(turn)`` returns True, False or None. ``needs`` tells how many of its latest instants each moment has to keep;
    ``needs_life`` whether silence is asked about; ``reads`` are the data words in it, ``consents`` the purposes it asks
    about, ``segments`` and ``labels`` those it names. ``timed`` is false where time alone never changes the answer.
    """

    __slots__ = ("_piece", "_wants", "test", "text", "timed")

    def __init__(self, piece: Piece, wants: Wants, text: str) -> None:
        self._piece = piece
        self._wants = wants
        self.text = text
        self.timed = piece.timed
        self.test: Callable[[Turn], bool | None] = self._first_test

    def __repr__(self) -> str:
        return f"Condition({self.text})"

    def _first_test(self, turn: Turn) -> bool | None:
        self.test = Writer().write(self._piece, "test")
        answer: bool | None = self.test(turn)
        return answer

    def next_change(self, turn: Turn) -> int | None:
        """Return the earliest instant after now at which the answer may change while nothing happens; None if it never does."""
        return self._piece.change(turn) if self.timed else None

    @property
    def piece(self) -> Piece:
        """What the condition is made of."""
        return self._piece

    @property
    def needs(self) -> Mapping[str, int]:
        """How many of the latest instants of each moment the condition counts."""
        return self._wants.moments

    @property
    def needs_life(self) -> bool:
        """Whether the condition asks for the last sign of life."""
        return self._wants.life

    @property
    def reads(self) -> frozenset[str]:
        """The data words in the condition."""
        return frozenset(self._wants.fields)

    @property
    def consents(self) -> frozenset[str]:
        """The purposes to which the condition asks for agreement."""
        return frozenset(self._wants.purposes)

    @property
    def segments(self) -> frozenset[str]:
        """The segments that the condition names."""
        return frozenset(self._wants.segments)

    @property
    def labels(self) -> frozenset[str]:
        """The labels that the condition names."""
        return frozenset(self._wants.labels)


class Value:
    """A compiled expression: ``of(turn)`` returns a value of ``kind``, or None where it is unknown; ``reads`` are its data words."""

    __slots__ = ("_operand", "_wants", "kind", "of", "text")

    def __init__(self, operand: Operand, wants: Wants, text: str) -> None:
        self._operand = operand
        self._wants = wants
        self.kind: Kind = operand.kind
        self.text = text
        self.of: Callable[[Turn], Any] = self._first_of

    @classmethod
    def constant(cls, value: Any, kind: Kind = TEXT) -> Value:
        """Return a value that is always the same."""
        return cls(Written(kind, value), Wants(), "")

    def _first_of(self, turn: Turn) -> Any:
        self.of = Writer().write(self._operand, "of")
        return self.of(turn)

    @property
    def reads(self) -> frozenset[str]:
        """The data words in the expression."""
        return frozenset(self._wants.fields)

    @property
    def needs(self) -> Mapping[str, int]:
        """How many of the latest instants of each moment a condition inside it counts."""
        return self._wants.moments


def compile_condition(
    written: Sentence | Part,
    names: Meanings,
    part: str = "condition",
    cells: Mapping[str, Word | Node] | None = None,
) -> Condition:
    """Return the condition that a sentence holds in ``part``, its list of conditions included; or one that stands by itself.

    With a sentence, data words are looked up where that sentence looks; with a part of one, as ``names`` says. ``cells``
    are what stands for each placeholder, by its name.
    """
    if not isinstance(written, Sentence):
        builder = Builder(names, cells)
        return Condition(builder.condition(written), builder.wants, "")
    builder = Builder(names.for_sentence(written), cells)
    return Condition(_of_sentence(written, part, builder), builder.wants, _text(written))


def compile_value(
    written: Part, names: Meanings, cells: Mapping[str, Word | Node] | None = None
) -> Value:
    """Return the expression that ``written`` is, its data words looked up as ``names`` says."""
    builder = Builder(names, cells)
    return Value(builder.operand(written), builder.wants, "")


def _of_sentence(sentence: Sentence, part: str, builder: Builder) -> Piece:
    assert sentence.node is not None, "check lets no line through that was not understood"
    if not lists_conditions(sentence):
        return builder.condition(sentence.node.parts[part])
    under = sentence.of("condition")
    assert under, "check asks for the conditions of a list"
    terms = [_of_sentence(inner, "condition", builder) for inner in under]
    return Joined(terms, winner=sentence.node.word(part).kind == "ANY_TRUE")


def _text(sentence: Sentence) -> str:
    under = sentence.of("condition") if lists_conditions(sentence) else []
    return "; ".join([sentence.raw, *(_text(inner) for inner in under)])
