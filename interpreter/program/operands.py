"""Values in conditions: written ones, names, the clock, sums and products. Rule: kinds are known before anything runs."""

from __future__ import annotations

from datetime import date

from verbline.interpreter.kinds import DATETIME, NUMBER, YESNO, Kind
from verbline.interpreter.program.meanings import MOMENT, PERSON
from verbline.interpreter.program.pieces import DEPTH_MAX, Piece, earliest
from verbline.interpreter.program.spans import next_day, start_of, today

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from verbline.interpreter.program.meanings import Meant
    from verbline.interpreter.program.pieces import Writer
    from verbline.interpreter.program.scores import Score
    from verbline.interpreter.step.turn import Turn


class Operand(Piece):
    """A value; ``kind`` is what it is."""

    __slots__ = ("kind",)

    def __init__(
        self, kind: Kind, *, timed: bool = False, sure: bool = False, depth: int = 1
    ) -> None:
        super().__init__(timed=timed, sure=sure, depth=depth)
        self.kind = kind


class Written(Operand):
    """A value that is written out."""

    __slots__ = ("value",)

    def __init__(self, kind: Kind, value: Any) -> None:
        super().__init__(kind, sure=value is not None)
        self.value = value

    def code(self, writer: Writer) -> str:
        """Return the constant."""
        return "None" if self.value is None else writer.constant(self.value)


class Named(Operand):
    """A field, a label, or what every person has; a ``score`` where a moment may carry its name too."""

    __slots__ = ("meant", "score", "where")

    def __init__(self, meant: Meant, where: str, score: Score | None = None) -> None:
        carried = meant.carried and where != PERSON
        sure = meant.of == "label" and not carried and where != MOMENT
        fading = score is not None and score.half is not None
        super().__init__(meant.kind, timed=fading, sure=sure, depth=2)
        self.meant = meant
        self.where = where
        self.score = score

    def code(self, writer: Writer) -> str:
        """Return a look-up."""
        name = writer.constant(self.meant.name)
        fields = writer.use("fields") if self.where != PERSON else ""
        if self.where == MOMENT or not self.meant.of:
            return f"{fields or writer.use('fields')}.get({name})"
        known = self.of_person(writer)
        if not fields or not self.meant.carried:
            return known
        return f"({fields}[{name}] if {name} in {fields} else {known})"

    def of_person(self, writer: Writer) -> str:
        """Return a look-up in what is known of the person."""
        name = writer.constant(self.meant.key)
        if self.meant.of == "label":
            return f"({name} in {writer.use('person')}.labels)"
        if self.score is not None:
            return Points(self.score).code(writer)
        if self.meant.of == "field":
            return f"{writer.use('values')}.get({name})"
        person = writer.use("person")
        return {
            "last-action": f"({person}.last_action or None)",
            "last-action-time": f"{person}.last_time",
            "country": f"(turn.program.country_of({person}) or None)",
            "time-zone": f"{writer.use('zone')}.name",
        }[self.meant.name]

    def change(self, turn: Turn) -> int | None:
        """Return when a score that is meant changes."""
        return None if self.score is None else Points(self.score).change(turn)


class Points(Operand):
    """The score of a person. As a piece of an expression it is a number; ``fading`` scores change with time."""

    __slots__ = ("score",)

    def __init__(self, score: Score) -> None:
        super().__init__(NUMBER, timed=score.half is not None, sure=True)
        self.score = score

    def code(self, writer: Writer) -> str:
        """Return a call that reads it."""
        score = writer.constant(self.score)
        return f"{score}.number({writer.use('person')}, {writer.use('now')})"

    def change(self, turn: Turn) -> int | None:
        """Return when its last digit changes."""
        level = abs(self.score.read(turn.person, turn.now)) - 1
        return self.score.falls_to(turn.person, turn.now, level)


class Clock(Operand):
    """`today` or `now`."""

    __slots__ = ()

    def __init__(self, kind: Kind) -> None:
        super().__init__(kind, timed=True, sure=True)

    def code(self, writer: Writer) -> str:
        """Return a look at the clock."""
        if self.kind is DATETIME:
            return writer.use("now")
        return f"{writer.constant(today)}({writer.use('zone')}, {writer.use('now')})"

    def change(self, turn: Turn) -> int | None:
        """Return when it says something else."""
        return turn.now + 1 if self.kind is DATETIME else next_day(turn.zone, turn.now)


class Reckoned(Operand):
    """``left sign right``: ``function`` works it out; with ``local`` it needs to know where the person is.

    The left side may be a sum itself, and so on: a long sum is worked through from its first term, never from its last.
    """

    __slots__ = ("function", "left", "local", "right")

    def __init__(
        self,
        kind: Kind,
        function: Callable[..., Any],
        left: Operand,
        right: Operand,
        *,
        local: bool,
    ) -> None:
        depth = max(left.depth, right.depth) + 1
        super().__init__(kind, timed=left.timed or right.timed, depth=depth)
        self.function = function
        self.left = left
        self.right = right
        self.local = local

    def code(self, writer: Writer) -> str:
        """Return calls that work it out, some at a time."""
        start, steps = self.steps()
        outside, writer.used = writer.used, set()
        text = start.inside(writer)
        for at, step in enumerate(steps, 1):
            function = writer.constant(step.function)
            text = (
                f"{function}({'turn, ' if step.local else ''}{text}, {step.right.inside(writer)})"
            )
            text = text if at % DEPTH_MAX else writer.wrapped(text)
        writer.used |= outside
        return text

    def inside(self, writer: Writer) -> str:
        """Return its expression, which is never deep by itself."""
        return self.code(writer)

    def steps(self) -> tuple[Operand, list[Reckoned]]:
        """Return the first term, and what is done with it one after the other."""
        found: list[Reckoned] = []
        left: Operand = self
        while isinstance(left, Reckoned):
            found.append(left)
            left = left.left
        return left, found[::-1]

    def terms(self) -> list[Operand]:
        """Return the first term and those that are added to it, or that it is multiplied with."""
        start, steps = self.steps()
        return [start, *(step.right for step in steps)]

    def change(self, turn: Turn) -> int | None:
        """Return when one of its terms changes."""
        return earliest([term.change(turn) for term in self.terms() if term.timed])


class Decided(Operand):
    """A condition in brackets that stands where a value stands: yes, no or unknown."""

    __slots__ = ("condition",)

    def __init__(self, condition: Piece) -> None:
        super().__init__(YESNO, timed=condition.timed, sure=condition.sure, depth=condition.depth)
        self.condition = condition

    def code(self, writer: Writer) -> str:
        """Return the condition."""
        return self.condition.code(writer)

    def change(self, turn: Turn) -> int | None:
        """Return when the condition changes."""
        return self.condition.change(turn)


class Instant(Operand):
    """A date as the instant at which it begins where the person is."""

    __slots__ = ("day",)

    def __init__(self, day: Operand) -> None:
        super().__init__(DATETIME, timed=day.timed, sure=day.sure, depth=day.depth + 1)
        self.day = day

    def code(self, writer: Writer) -> str:
        """Return a call that finds it."""
        return f"{writer.constant(beginning)}(turn, {self.day.inside(writer)})"

    def change(self, turn: Turn) -> int | None:
        """Return when the date changes."""
        return self.day.change(turn)


def as_instant(operand: Operand) -> Operand:
    """Return ``operand`` as an instant, which it is or begins at."""
    return Instant(operand) if operand.kind.name == "date" else operand


def beginning(turn: Turn, day: date | None) -> int | None:
    """Return the instant at which ``day`` begins where the person is."""
    return None if day is None else start_of(turn.zone, day)
