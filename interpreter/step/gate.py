"""The gate of a journey: what is asked of everybody who comes is worked out once. Rule: nothing here depends on who comes."""

from __future__ import annotations

from verbline.interpreter.program.spans import Span
from verbline.interpreter.step import steps

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any, TypeAlias

    from verbline.interpreter.person.record import Person
    from verbline.interpreter.program.parts import Journey
    from verbline.interpreter.step.turn import Turn

    # Lets the person begin a visit, with the name of the moment and its fields.
    Begin: TypeAlias = "Callable[[Turn, Person, str, dict[str, Any]], None]"

# What `runs once per` names where a person comes in once ever.
EVER = "person"


class Gate:
    """See the module.

    ``key`` is that under which runs are kept where the journey does not run once per value; ``is_simple`` says that it does
    not, and takes in everybody who can be reached. ``brake`` is for how many milliseconds an entry counts at the most.
    ``tells`` and ``counts`` are what a first visit begins with as one function, made once some have begun: one tells its
    records, the other counts them.
    """

    __slots__ = ("begun", "brake", "counts", "is_simple", "journey", "key", "tells")

    def __init__(self, journey: Journey) -> None:
        self.journey = journey
        self.key = journey.name, ""
        self.is_simple = journey.everybody and journey.once in ("", EVER)
        self.brake = Span(journey.brake[1]).high
        self.begun = 0
        self.tells: Begin | None = None
        self.counts: Begin | None = None

    def beginning(self, turn: Turn) -> Begin | None:
        """Return the function with which a first visit begins; None as long as too few have begun to be worth one."""
        found = self.tells if turn.counts is None else self.counts
        if found is not None:
            return found
        self.begun += 1
        if self.begun < steps.OFTEN:
            return None
        from verbline.interpreter.step.stretch import beginning_of

        found = beginning_of(turn.program, self.journey, counted=turn.counts is not None)
        if turn.counts is None:
            self.tells = found
        else:
            self.counts = found
        return found
