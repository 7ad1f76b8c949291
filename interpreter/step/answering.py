"""Whose question an answer meets. Rule: the oldest that is open, of this desk or of the person."""

from __future__ import annotations

from verbline.interpreter.step.signals import NOTHING
from verbline.interpreter.step.steps import resume

TYPE_CHECKING = False
if TYPE_CHECKING:
    from verbline.interpreter.person.record import Person, Visit
    from verbline.interpreter.step.turn import Turn


def open_at(person: Person, desk: str) -> Visit | None:
    """Return the visit with the oldest open task of ``desk``; None where it has none."""
    found = [visit for visit in person.visits if visit.hold.get("task") == desk]
    return min(found, key=lambda visit: (visit.order, timer_of(person, visit)), default=None)


def timer_of(person: Person, visit: Visit) -> int:
    """Return the place of the latest timer of ``visit`` in the order of setting; 0 where it has none."""
    return max((timer[1] for timer in person.timers if timer[3] == visit.serial), default=0)


def asked(person: Person) -> Visit | None:
    """Return the visit whose question was sent first of those that are open; None where none is."""
    found = [
        (visit.hold["asked"], timer_of(person, visit), visit)
        for visit in person.visits
        if "asked" in visit.hold and visit.step.shape == "confirm"
    ]
    return min(found, key=lambda one: one[:2], default=(0, 0, None))[2]


def answer(turn: Turn, visit: Visit, words: str) -> None:
    """Let the answer of a desk or of the person meet the step that asked."""
    turn.visit, turn.fields = visit, visit.fields
    if turn.person.parts is not None:
        turn.whose = turn.person.parts.owner(visit.serial)
    step = visit.step.answered(turn, visit, words)
    turn.visit, turn.fields = None, NOTHING
    resume(turn, visit, step)
