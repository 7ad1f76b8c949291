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
    if len(person.visits) == 1:
        person.visits = []
        person.timers = [timer for timer in person.timers if not timer[3]]
    else:
        person.visits = [one for one in person.visits if one is not visit]
        person.drop_timers(visit.serial)
    person.runs[visit.journey, visit.correlation].ended = turn.now
    if line:
        turn.note("outcome", "taken", reason, visit, step, outcome=outcome, line=line)
    else:
        turn.note("outcome", "taken", reason, visit, step or visit.step, outcome=outcome)
