"""What a visit does in one go, as one function: from a step up to where the person stays or the visit ends. Rule: a function
does what `walk` does step by step, and a step that it does not know it leaves to `walk`.

A function is made when a step has been met some times. It exists twice: one tells its records to the sink, the other, where
the host wants sums alone, counts them.
"""

from __future__ import annotations

from bisect import insort

from verbline.interpreter.guard.plain import plainly_stated, stated
from verbline.interpreter.person.aside import NONE, ORDINARY, USUAL
from verbline.interpreter.person.record import Run, Visit
from verbline.interpreter.step.letters import notify
from verbline.interpreter.step.sending import Notify
from verbline.interpreter.step.spelled import DUE, SPELLED, begin, happened
from verbline.interpreter.step.spelling import Spelling
from verbline.interpreter.step.steps import Stretches, go, walk
from verbline.interpreter.step.waits import WaitFor

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Any

    from verbline.interpreter.program.parts import Journey
    from verbline.interpreter.program.program import Program
    from verbline.interpreter.step.gate import Begin
    from verbline.interpreter.step.steps import Step, Stretch
    from verbline.interpreter.step.turn import Turn

# Texts that are the same are compiled once: journeys often differ in their words alone.
MAKERS: dict[str, Callable[..., Any]] = {}
MAKERS_MAX = 1_000


def attempted(turn: Turn, visit: Visit, step: Any) -> str:
    """Return what became of the message of ``step``, which asks the guard itself."""
    before = turn.visit, turn.fields
    turn.visit, turn.fields = visit, visit.fields
    visit.step = step
    became: str = step.attempt(turn, visit, step.message, step.message.name)
    turn.visit, turn.fields = before
    return became


# The kinds of steps that can be written.
KINDS: Mapping[type[Step], Callable[[Spelling, Any], None]] = {**SPELLED, Notify: notify}
# What every text may name, beside its constants.
KNOWN = {
    "NONE": NONE,
    "ORDINARY": ORDINARY,
    "Run": Run,
    "USUAL": USUAL,
    "Visit": Visit,
    "attempted": attempted,
    "go": go,
    "insort": insort,
    "new": Visit.__new__,
    "plainly_stated": plainly_stated,
    "stated": stated,
    "walk": walk,
}


def beginning_of(program: Program, journey: Journey, *, counted: bool) -> Begin:
    """Return the function with which a visit to ``journey`` begins."""
    spelling = Spelling(program, journey, KINDS, counted=counted)
    begin(spelling)
    function: Begin = made(spelling, "begun(turn, person, moment, fields)")
    return function


def stretches_of(program: Program, journey: Journey, step: Step, *, counted: bool) -> Stretches:
    """Return the functions that begin at ``step``."""
    found = Stretches()
    if type(step) in KINDS:
        spelling = Spelling(program, journey, KINDS, counted=counted)
        spelling.go_on(step)
        found.entered = made(spelling, "entered(turn, visit)")
    if type(step) in DUE:
        spelling = Spelling(program, journey, KINDS, counted=counted)
        DUE[type(step)](spelling, step)
        found.fallen_due = made(spelling, "fallen_due(turn, visit)")
    if type(step) is WaitFor:
        for moment in sorted(step.awaits):
            spelling = Spelling(program, journey, KINDS, counted=counted)
            happened(spelling, step, moment)
            found.met[moment] = made(spelling, "met(turn, visit, fields)")
    return found


def alone(program: Program, journey: Journey, step: Step) -> Stretch | None:
    """Return the function of one step that does not lead on, to be tried; None where the step does everything itself."""
    if type(step) not in KINDS:
        return None
    spelling = Spelling(program, journey, KINDS, counted=False, most=1)
    spelling.go_on(step)
    stays: Any = lambda _turn, _visit, _step: None  # noqa: E731 - one that leads nowhere
    spelling.names.update(go=stays, walk=stays)
    function: Stretch = made(spelling, "entered(turn, visit)")
    return function


def made(spelling: Spelling, head: str) -> Any:
    """Return the function that is spelled, under its ``head``: its name and what it is given.

    What a text names is given to its maker, so that functions of one text share all but that.
    """
    text = spelling.text(head)
    maker = MAKERS.get(text)
    if maker is None:
        if len(MAKERS) >= MAKERS_MAX:
            MAKERS.clear()
        space: dict[str, Any] = dict(KNOWN)
        exec(compile(text, "<stretch>", "exec"), space)  # noqa: S102 - our own text: whatever comes from a file is given to it
        maker = MAKERS[text] = space["make"]
    return maker(*spelling.names.values())
