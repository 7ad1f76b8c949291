"""How a visit ends. Rule: whatever ends it, what is still under way is taken back, and one outcome is counted."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from verbline.interpreter.person.record import Visit
    from verbline.interpreter.step.steps import Step
    from verbline.interpreter.step.turn import Turn


def end(
    turn: Turn,
    visit: Visit,
    outcome: str,
    step: Step | None = None,
    reason: str = "",
    line: str = "",
) -> None:
    """End ``visit`` with ``outcome``; ``reason`` says what ended it where the text did not, ``line`` the clause that did."""
    person = turn.person
    if reason:
        visit.step.left(turn, visit, reason)
    person.visits = [one for one in person.visits if one is not visit]
    if person.timers:
        person.drop_timers(visit.serial)
    person.runs[visit.journey, visit.correlation].ended = turn.now
    if person.parts is not None:
        person.parts.over(visit, turn.now, is_last=not person.visits)
    more = {"outcome": outcome, "line": line} if line else {"outcome": outcome}
    where = step if line else step or visit.step
    # A journey without a step ends before one is reached.
    is_somewhere = visit.step is not None
    journey = visit.step.journey if is_somewhere else turn.program.journeys[visit.journey]
    turn.sink(turn, journey, visit, where, "outcome", "taken", reason, more)
