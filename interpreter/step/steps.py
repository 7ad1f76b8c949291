"""A compiled step. Rule: entering a step gives the next one, or `STAY` where the person has to remain for a while.

A step that makes people stay is asked again when something it waits for happens (`happened`), when a timer of its visit
is due (`due`), when a desk or the person answers (`answered`).
"""

from __future__ import annotations

from verbline.interpreter.step.ending import end

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any, TypeAlias

    from verbline.interpreter.person.record import Cause, Visit
    from verbline.interpreter.program.parts import Journey
    from verbline.interpreter.step.turn import Turn

    Next: TypeAlias = "Step | None"
    Stretch: TypeAlias = Callable[[Turn, Visit], None]
    Meeting: TypeAlias = Callable[[Turn, Visit, dict[str, Any]], None]


# How often a step is met before it is worth a function.
OFTEN = 16


class Stretches:
    """What a step begins, each as one function: from entering it, from its timer, and by moment from what it waits for.

    None where the step has to do it.
    """

    __slots__ = ("entered", "fallen_due", "met")

    def __init__(self) -> None:
        self.entered: Stretch | None = None
        self.fallen_due: Stretch | None = None
        self.met: dict[str, Meeting] = {}


NO_STRETCHES = Stretches()


class Step:
    """One step of a journey. ``id`` is its stable identity, ``line`` where it stands, ``text`` its canonical sentence.

    ``next`` is the step behind it, None where the text ends. ``journey`` is the one it belongs to, in its own version: what a
    visit goes by is the journey of the step at which it stands.
    """

    __slots__ = ("id", "in_one_go", "journey", "line", "met", "next", "shape", "summed_up", "text")
    journey: Journey
    # The moments it waits for.
    awaits: frozenset[str] = frozenset()
    # Whether it can hold the person up so that a wait right behind it looks back to when it was reached.
    holds_up = False
    # The ways that time alone opens, and those that wait for somebody to do something; the others are taken at once.
    by_clock: frozenset[str] = frozenset()
    by_event: frozenset[str] = frozenset()
    # Whether a wait behind it still looks back to the step before it: so with what only chooses a way.
    chooses = False

    def __init__(self, identity: str, line: str, shape: str, text: str, following: Next) -> None:
        self.id = identity
        self.line = line
        self.shape = shape
        self.text = text
        self.next = following
        # What begins here as functions, made once the step has been met some times: those that tell, and those that count.
        self.in_one_go: Stretches | None = None
        self.summed_up: Stretches | None = None
        self.met = 0

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.line})"

    def enter(self, turn: Turn, visit: Visit) -> Next:
        """Do what the step says and return the next one, or `STAY`."""
        raise NotImplementedError

    def happened(
        self, turn: Turn, visit: Visit, moment: str, fields: dict[str, Any], cause: Cause
    ) -> Next:
        """Return where an awaited moment leads, or `STAY` where it is not the one."""
        raise AssertionError(f"{self} waits for no moment")

    def looks_from(self, visit: Visit) -> int:
        """Return the place in the order of events from which on an awaited moment counts."""
        return visit.order

    def due(self, turn: Turn, visit: Visit, what: str) -> Next:
        """Return where a timer leads."""
        raise AssertionError(f"{self} set no timer")

    def answered(self, turn: Turn, visit: Visit, answer: str) -> Next:
        """Return where an answer leads: the desk's words, or yes and no of the person."""
        raise AssertionError(f"{self} asked nothing")

    def left(self, turn: Turn, visit: Visit, reason: str) -> None:
        """Take back what is still under way when the visit ends at this step."""

    def taken_up(self, turn: Turn, visit: Visit) -> None:
        """Tell again what is under way where the visit goes on here after it had ended by mistake."""

    def branches(self) -> dict[str, Next]:
        """Return the steps its answers lead to, by reason."""
        return {"then": self.next}


class _Stay(Step):
    """See `STAY`."""


STAY = _Stay("", "", "", "", None)


def arrive(turn: Turn, visit: Visit) -> None:
    """Note that the person reached the visit's step and may have to stay."""
    visit.at = turn.now
    visit.order = turn.person.order


def go(turn: Turn, visit: Visit, step: Next) -> None:
    """Move ``visit`` on from ``step`` as far as it goes now."""
    if step is not None:
        stretch = stretches(turn, step).entered
        if stretch is not None and turn.person.parts is None:
            stretch(turn, visit)
            return
    walk(turn, visit, step)


def stretches(turn: Turn, step: Step) -> Stretches:
    """Return the functions that begin at ``step``, which are made when it has been met some times."""
    found = step.in_one_go if turn.counts is None else step.summed_up
    if found is not None:
        return found
    step.met += 1
    if step.met < OFTEN:
        return NO_STRETCHES
    from verbline.interpreter.step.stretch import stretches_of

    counted = turn.counts is not None
    found = stretches_of(turn.program, step.journey, step, counted=counted)
    if counted:
        step.summed_up = found
    else:
        step.in_one_go = found
    return found


def walk(turn: Turn, visit: Visit, step: Next) -> None:
    """Move ``visit`` on from ``step`` as far as it goes now, one step after the other."""
    visit_before, turn.visit = turn.visit, visit
    fields_before = turn.fields
    while step is not STAY:
        if step is None:
            end(turn, visit, "finished")
            break
        visit.step = step
        turn.fields = visit.fields  # a wait that was over at once has brought new ones
        following = step.enter(turn, visit)
        # A wait looks back over lines that choose a way, and over no other step that has been passed.
        if visit.anchor and following is not STAY and not step.chooses:
            visit.anchor = 0
        step = following
    turn.visit, turn.fields = visit_before, fields_before


def resume(turn: Turn, visit: Visit, step: Next) -> None:
    """Move ``visit`` on from a step that held the person up; a wait right behind it looks back to when that was reached."""
    if step is STAY:
        return
    if visit.hold:
        visit.hold = {}
    visit.anchor = visit.order if visit.step.holds_up else 0
    if turn.person.timers:
        turn.person.drop_waits(visit.serial)
    go(turn, visit, step)
