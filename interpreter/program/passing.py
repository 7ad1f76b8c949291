"""What passes with time: distances from now, windows, silence. Rule: each turns once, at an instant that is known beforehand."""

from __future__ import annotations

from verbline.interpreter.program.operands import as_instant
from verbline.interpreter.program.pieces import Piece, earliest
from verbline.interpreter.program.spans import DaySpan
from verbline.interpreter.program.terms import bind

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from verbline.interpreter.program.operands import Operand
    from verbline.interpreter.program.pieces import Writer
    from verbline.interpreter.program.spans import Span
    from verbline.interpreter.step.turn import Turn


class Past(Piece):
    """Whether a date, or the last sign of life, lies some time back; with a span backwards, some time ahead.

    ``strict`` asks for more than the span, else for at least the span; ``yes`` is the answer when that has passed.
    """

    __slots__ = ("left", "span", "strict", "yes")

    def __init__(self, left: Operand, span: Span | DaySpan, *, strict: bool, yes: bool) -> None:
        left = left if isinstance(span, DaySpan) else as_instant(left)
        super().__init__(timed=True, sure=left.sure, depth=left.depth + 2)
        self.left = left
        self.span = span
        self.strict = strict
        self.yes = yes

    def split(self, writer: Writer) -> tuple[str, str, str]:
        """Return a comparison of what has passed with the span; where clocks and months cannot matter, without a call."""
        bound, again, start = bind(self.left, writer)
        if isinstance(self.span, DaySpan):
            how = "over" if self.strict else "reached"
            answer = f"{writer.constant(self.span)}.{how}(turn, {start})"
            return bound, again, answer if self.yes else f"(not {answer})"
        return bound, again, passed(writer, self.span, start, strict=self.strict, yes=self.yes)

    def change(self, turn: Turn) -> int | None:
        """Return when the span has passed."""
        start = self.left.of(turn)
        found = self.left.change(turn)
        return (
            found
            if start is None
            else earliest([found, passing(turn, self.span, start, strict=self.strict)])
        )


def passed(writer: Writer, span: Span, start: str, *, strict: bool, yes: bool) -> str:
    """Return the test whether ``span`` has passed since the variable ``start``."""
    low, high = writer.constant(span.low), writer.constant(span.high)
    so_far = f"({writer.use('now')} - {start})"
    sign = (">" if strict else ">=") if yes else ("<=" if strict else "<")
    if span.low == span.high:
        return f"({so_far} {sign} {low})"
    exact = f"{writer.constant(span)}.{'over' if strict else 'reached'}(turn, {start})"
    if yes:
        return f"({so_far} > {high} or ({so_far} >= {low} and {exact}))"
    return f"({so_far} < {low} or ({so_far} <= {high} and not {exact}))"


def passing(turn: Turn, span: Span | DaySpan, start: Any, *, strict: bool) -> int | None:
    """Return when ``span`` has passed since ``start``, or more than it; None where that is over."""
    end = span.end(turn, start) + strict
    return end if end > turn.now else None


class Silent(Piece):
    """Whether the person has given no sign of life for some time; somebody who never gave one is silent."""

    __slots__ = ("span",)

    def __init__(self, span: Span) -> None:
        super().__init__(timed=True, sure=True, depth=3)
        self.span = span

    def code(self, writer: Writer) -> str:
        """Return the test."""
        life = writer.variable()
        test = passed(writer, self.span, life, strict=False, yes=True)
        return f"(({life} := {writer.use('person')}.life) is None or {test})"

    def change(self, turn: Turn) -> int | None:
        """Return when the silence is long enough."""
        life = turn.person.life
        return None if life is None else passing(turn, self.span, life, strict=False)


class Had(Piece):
    """Whether something happened to the person at least ``number`` times, in a window or ever."""

    __slots__ = ("moment", "number", "span")

    def __init__(self, moment: str, number: int, span: Span | None) -> None:
        super().__init__(timed=span is not None, sure=True, depth=4)
        self.moment = moment
        self.number = number
        self.span = span

    def code(self, writer: Writer) -> str:
        """Return the test: the window of the latest but so many instants is still open."""
        past, number = writer.variable(), writer.constant(self.number)
        found = f"({past} := {writer.use('person')}.history.get({writer.constant(self.moment)}))"
        enough = f"{found} is not None and len({past}) >= {number}"
        if self.span is None:
            return f"({enough})"
        start = writer.variable()
        test = passed(writer, self.span, start, strict=True, yes=False)
        first = f"(({start} := {past}[-{number}]) is not None)"
        return f"({enough} and {first} and {test})"

    def change(self, turn: Turn) -> int | None:
        """Return when the window closes."""
        past = turn.person.history.get(self.moment)
        if self.span is None or past is None or len(past) < self.number:
            return None
        return passing(turn, self.span, past[-self.number], strict=True)
