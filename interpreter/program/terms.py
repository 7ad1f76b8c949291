"""What conditions are made of besides comparisons. Rule: three values, as the language has them.

    and: no wins, then unknown        or: yes wins, then unknown        not unknown is unknown

What is asked about a person, such as consent, history or a segment, is yes or no and never unknown.
"""

from __future__ import annotations

from verbline.interpreter.program.pieces import DEPTH_MAX, Piece, earliest
from verbline.interpreter.program.reckoning import FOLDED, fold

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from verbline.interpreter.program.operands import Operand
    from verbline.interpreter.program.pieces import Writer
    from verbline.interpreter.step.turn import Turn


def bind(piece: Piece, writer: Writer) -> tuple[str, str, str]:
    """Return whether a value is unknown, the same asked again, and the variable that holds it."""
    variable = writer.variable()
    return f"({variable} := {piece.inside(writer)}) is None", f"{variable} is None", variable


def deep_split(piece: Piece, writer: Writer) -> tuple[str, str, str]:
    """Return the parts of a condition, or those of a call where it is too deep."""
    if piece.depth <= DEPTH_MAX:
        return piece.split(writer)
    return ("", "", writer.apart(piece)) if piece.sure else bind(piece, writer)


class Joined(Piece):
    """Terms joined by `and` (``winner`` is no) or by `or` (``winner`` is yes)."""

    __slots__ = ("terms", "winner")

    def __init__(self, terms: Sequence[Piece], *, winner: bool) -> None:
        super().__init__(
            timed=any(term.timed for term in terms),
            sure=all(term.sure for term in terms),
            depth=max(term.depth for term in terms) + 3,
        )
        self.winner = winner
        self.terms = tuple(terms)

    def code(self, writer: Writer) -> str:
        """Return a row of tests that ends at the first winner."""
        if self.sure:
            word = " or " if self.winner else " and "
            return f"({word.join(term.inside(writer) for term in self.terms)})"
        won: list[str] = []
        unknown: list[str] = []
        for term in self.terms:
            bound, again, test = deep_split(term, writer)
            decided = test if self.winner else f"not {test}"
            won.append(f"not ({bound}) and {decided}" if bound else decided)
            if again:
                unknown.append(again)
        return f"({self.winner} if {' or '.join(won)} else None if {' or '.join(unknown)} else {not self.winner})"

    def change(self, turn: Turn) -> int | None:
        """Return when a term may change; while some term wins, only the winners count."""
        if not self.timed:
            return None
        winning = [term for term in self.terms if term.of(turn) is self.winner]
        if not winning:
            return earliest([term.change(turn) for term in self.terms if term.timed])
        ends = [term.change(turn) for term in winning]
        # It stays won as long as its last winner stays.
        return None if None in ends else max(end for end in ends if end is not None)


class Not(Piece):
    """The opposite; unknown stays unknown."""

    __slots__ = ("inner",)

    def __init__(self, inner: Piece) -> None:
        super().__init__(timed=inner.timed, sure=inner.sure, depth=inner.depth + 1)
        self.inner = inner

    def split(self, writer: Writer) -> tuple[str, str, str]:
        """Return the opposite."""
        bound, again, test = deep_split(self.inner, writer)
        return bound, again, f"not {test}"

    def change(self, turn: Turn) -> int | None:
        """Return when the condition changes."""
        return self.inner.change(turn)


class Known(Piece):
    """Whether a value is known, or whether it is unknown."""

    __slots__ = ("known", "operand")

    def __init__(self, operand: Operand, *, known: bool) -> None:
        super().__init__(
            timed=operand.timed and not operand.sure, sure=True, depth=operand.depth + 1
        )
        self.operand = operand
        self.known = known

    def code(self, writer: Writer) -> str:
        """Return the test."""
        return f"({self.operand.inside(writer)} is {'not ' if self.known else ''}None)"

    def change(self, turn: Turn) -> int | None:
        """Return when the value changes."""
        return self.operand.change(turn) if self.timed else None


class OneOf(Piece):
    """Whether a text is one of several."""

    __slots__ = ("left", "texts")

    def __init__(self, left: Operand, texts: Sequence[str]) -> None:
        super().__init__(sure=left.sure, depth=left.depth + 2)
        self.left = left
        self.texts = frozenset(fold(text) for text in texts)

    def split(self, writer: Writer) -> tuple[str, str, str]:
        """Return a look-up in a set."""
        bound, again, found = bind(self.left, writer)
        return (
            bound,
            again,
            f"({writer.constant(FOLDED)}[{found}] in {writer.constant(self.texts)})",
        )


class Held(Piece):
    """Whether a text contains or begins with another, or a list holds a value."""

    __slots__ = ("left", "right", "shape")

    def __init__(self, shape: str, left: Operand, right: Operand) -> None:
        super().__init__(timed=left.timed or right.timed, depth=max(left.depth, right.depth) + 2)
        self.shape = shape
        self.left = left
        self.right = right

    def split(self, writer: Writer) -> tuple[str, str, str]:
        """Return the test; unknown where a side is."""
        bound, again, whole = bind(self.left, writer)
        right_bound, right_again, part = bind(self.right, writer)
        folded = writer.constant(FOLDED)
        if self.left.kind.name == "list":
            test = f"{writer.constant(holds)}({whole}, {part})"
        elif self.shape == "contains":
            test = f"({folded}[{part}] in {folded}[{whole}])"
        else:
            test = f"{folded}[{whole}].startswith({folded}[{part}])"
        return f"{bound} or {right_bound}", f"{again} or {right_again}", test

    def change(self, turn: Turn) -> int | None:
        """Return when a side changes."""
        return earliest([self.left.change(turn), self.right.change(turn)])


def holds(values: tuple[object, ...], value: object) -> bool:
    """Return whether a list holds ``value``."""
    wanted = fold(value)
    return any(fold(one) == wanted for one in values)


class InSegment(Piece):
    """Whether the person is in a segment now; somebody of whom it is unknown is not."""

    __slots__ = ("segment",)

    def __init__(self, segment: str) -> None:
        super().__init__(timed=True, sure=True)
        self.segment = segment

    def code(self, writer: Writer) -> str:
        """Return the question."""
        return f"(turn.inside({writer.constant(self.segment)}) is True)"

    def change(self, turn: Turn) -> int | None:
        """Return when the segment's own condition changes."""
        return turn.program.segments[self.segment].condition.next_change(turn)


class Labelled(Piece):
    """Whether the person is qualified as something."""

    __slots__ = ("label",)

    def __init__(self, label: str) -> None:
        super().__init__(sure=True)
        self.label = label

    def code(self, writer: Writer) -> str:
        """Return a look-up."""
        return f"({writer.constant(self.label)} in {writer.use('person')}.labels)"


class Agrees(Piece):
    """Whether the person agrees to a purpose; never asked is no."""

    __slots__ = ("channel", "purpose", "topic")

    def __init__(self, purpose: str, channel: str, topic: str) -> None:
        super().__init__(timed=True, sure=True)
        self.purpose = purpose
        self.channel = channel
        self.topic = topic

    def code(self, writer: Writer) -> str:
        """Return the question."""
        asked = (self.purpose, self.channel, self.topic)
        return f"(turn.agrees({', '.join(map(writer.constant, asked))}) is True)"

    def change(self, turn: Turn) -> int | None:
        """Return when the agreement lapses."""
        # The guard knows programs, and programs know conditions.
        from verbline.interpreter.guard.agree import agrees_until

        end = agrees_until(turn, self.purpose, self.channel, self.topic)
        return None if end is None else max(end, turn.now + 1)
