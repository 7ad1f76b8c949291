"""Whom a journey is for. Rule: looked at before the first step and again before every message."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from verbline.interpreter.person.record import Visit
    from verbline.interpreter.program.parts import Journey
    from verbline.interpreter.step.turn import Turn


def not_for(turn: Turn, journey: Journey) -> str:
    """Return why ``journey`` is not for the person now, or nothing where it is."""
    for name in journey.only:
        if turn.inside(name) is not True:
            return "not_in_segment"
    for name in journey.excepted:
        if turn.inside(name) is True:
            return "excepted"
    for kind in journey.verified:
        if not any(one.verified and one.kind == kind for one in turn.person.contacts):
            return "not_verified"
    return ""


def left_out(turn: Turn, visit: Visit) -> str:
    """Return why nothing may be sent to the person any more, or nothing: they left the segment the journey is for."""
    journey = visit.step.journey
    if not (journey.only or journey.excepted):
        return ""
    return "segment_left" if not_for(turn, journey) else ""
