"""People inside move to the newest version of their journey. Rule: what was sent stays sent, what was waited for counts on.

A step is found again where `targets` says. A limit that has changed is counted anew from when the step was reached, or the
question left; where that has passed, it falls due now. Whoever stands at a step that is gone stays in the version that has it.
"""

from __future__ import annotations

from typing import Any

from verbline.interpreter.person.aside import NONE
from verbline.interpreter.person.parts import mark_of
from verbline.interpreter.step.choices import Repeat
from verbline.interpreter.step.ending import end
from verbline.interpreter.step.listening import in_order
from verbline.interpreter.step.questions import Ask, Confirm
from verbline.interpreter.step.signals import NOTHING
from verbline.interpreter.step.steps import STAY, resume
from verbline.interpreter.step.tasks import Task
from verbline.interpreter.step.waits import Wait, WaitAbsent, WaitFor, WaitUntil
from verbline.interpreter.step.watch import settle_again

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping

    from verbline.interpreter.person.record import Person, Visit
    from verbline.interpreter.program.parts import Journey
    from verbline.interpreter.program.program import Program
    from verbline.interpreter.step.questions import Question
    from verbline.interpreter.step.steps import Next, Step
    from verbline.interpreter.step.turn import Turn


def move(turn: Turn, ends: Collection[str] = (), *, settles: bool = False) -> None:
    """Move the visits of the turn's person whose journeys say so, and withdraw those of the journeys called ``ends``.

    ``settles`` says that segments or labels are other ones than before: nobody enters one because its text has changed.
    """
    person = turn.person
    if settles:
        settle_again(turn)
    for visit in in_order(turn):
        if visit.journey in ends:
            turn.cause = visit.cause
            end(turn, visit, "withdrawn", None, "journey_ended", visit.step.journey.line)
        elif (newest := moves_to(turn.program, visit)) is not None:
            turn.cause = visit.cause
            move_visit(turn, visit, newest)
    if person.parts is not None:
        for record in person.parts.people.values():
            move_quietly(turn, record)


def is_concerned(program: Program, person: Person, ends: Collection[str] = ()) -> bool:
    """Return whether `move` would do anything to ``person``: so few are that the others are not even touched."""
    for visit in person.visits:
        if visit.journey in ends or moves_to(program, visit) is not None:
            return True
    parts = person.parts
    return parts is not None and any(
        moves_to(program, visit) is not None
        for record in parts.people.values()
        for visit in record.visits
    )


def moves_to(program: Program, visit: Visit) -> Journey | None:
    """Return the newest version of a visit's journey, where its people move to it and this one has not."""
    newest = program.journeys.get(visit.journey)
    if newest is None or not newest.moves or newest.version == visit.version:
        return None
    return newest


def target(program: Program, visit: Visit, newest: Journey) -> Step | None:
    """Return the step of ``newest`` at which a visit goes on; None where its own is gone."""
    here = visit.step
    names = program.targets.get((visit.journey, visit.version), {})
    step = newest.steps.get(names.get(here.id, here.id))
    return step if type(step) is type(here) else None


def move_visit(turn: Turn, visit: Visit, newest: Journey) -> None:
    """Move one visit to the ``newest`` version of its journey, and on from there where its wait is over by that."""
    was, here = visit.version, visit.step
    step = target(turn.program, visit, newest)
    if step is None:
        turn.note("version", "refused", "step_gone", visit, here)
        return
    parts = turn.person.parts
    before = mark_of(visit)
    rename(turn.program, visit, newest, step)
    if parts is not None:
        parts.marked_again(visit, before)
    if here.journey.gives_up != newest.gives_up:
        give_up_again(turn, visit)
    if here.text != step.text:
        AGAIN.get(type(step), leave)(turn, visit, here, step)
    turn.note("version", "taken", "", visit, step, was=was, until=wait_over(turn.person, visit))
    if isinstance(step, WaitFor):
        resume(turn, visit, look_again(turn, visit, step))


def wait_over(person: Person, visit: Visit) -> int | None:
    """Return when a visit is woken next at its step; None where no timer wakes it."""
    timers = (one for one in person.timers if one[3] == visit.serial and one[2] != "gives up")
    return next((due for due, _place, _what, _of in timers), None)


def move_quietly(turn: Turn, record: Person) -> None:
    """Move the visits in the record of one of several, which nothing happens to until they are taken apart."""
    program, person = turn.program, turn.person
    turn.person = record
    for visit in record.visits:
        newest = moves_to(program, visit)
        step = target(program, visit, newest) if newest is not None else None
        if newest is not None and step is not None:
            here = visit.step
            rename(program, visit, newest, step)
            if here.journey.gives_up != newest.gives_up:
                give_up_again(turn, visit)
            if here.text != step.text:
                AGAIN.get(type(step), leave)(turn, visit, here, step)
    turn.person = person


def rename(program: Program, visit: Visit, newest: Journey, step: Step) -> None:
    """Let a visit be one of ``newest`` at ``step``; what its steps have done is known by their new identities."""
    names = program.targets.get((visit.journey, visit.version), {})
    visit.version, visit.step = newest.version, step
    if visit.done is not NONE:
        visit.done = {names.get(name, name): number for name, number in visit.done.items()}
    if visit.turns:
        visit.turns = {names.get(name, name): turns for name, turns in visit.turns.items()}
    if visit.spent:
        visit.spent = frozenset(names.get(name, name) for name in visit.spent)


def give_up_again(turn: Turn, visit: Visit) -> None:
    """Count anew from the start when the visit gives up."""
    limit = visit.step.journey.gives_up
    turn.person.drop_timers(visit.serial, "gives up")
    if limit is not None:
        due = turn.program.later(turn, visit.started, limit)
        turn.person.set_timer(max(due, turn.now), "gives up", visit.serial)


# What is counted again, by the kind of the step


def leave(_turn: Turn, _visit: Visit, _here: Any, _step: Any) -> int | None:
    """Leave everything as it is: the step set no limit of its own."""
    return None


def set_again(turn: Turn, visit: Visit, what: str, due: int) -> int:
    """Set the timer of a visit for ``what`` anew and return when it is due."""
    due = max(due, turn.now)
    turn.person.drop_timers(visit.serial, what)
    turn.person.set_timer(due, what, visit.serial)
    return due


def wait(turn: Turn, visit: Visit, _here: Wait, step: Wait) -> int:
    """Count a length from when the wait was reached."""
    return set_again(turn, visit, "step", turn.program.later(turn, visit.at, step.length))


def wait_for(turn: Turn, visit: Visit, _here: WaitFor, step: WaitFor) -> int:
    """Count the limit from when the wait was reached."""
    return set_again(turn, visit, "step", turn.program.later(turn, visit.at, step.limit))


def wait_until(turn: Turn, visit: Visit, _here: WaitUntil, step: WaitUntil) -> int:
    """Reckon the instant as of when the wait was reached; one that is not known any more is now."""
    due = as_of_arrival(turn, visit, step.instant)
    return set_again(turn, visit, "step", turn.now if due is None else due)


def wait_absent(turn: Turn, visit: Visit, _here: WaitAbsent, step: WaitAbsent) -> int:
    """Count the silence from when it began, and the limit from when the wait was reached."""
    limit_again(turn, visit, step.limit)
    return set_again(turn, visit, "step", turn.program.later(turn, visit.at, step.length))


def question(turn: Turn, visit: Visit, _here: Question, step: Question) -> int | None:
    """Count the time for the answer from when the question left; one that is held has not."""
    return limit_again(turn, visit, step.limit)


def limit_again(turn: Turn, visit: Visit, limit: tuple[Any, str]) -> int | None:
    """Count a limit from the instant that the step remembers; None where it has not begun."""
    since = visit.hold.get("since")
    if since is None:
        return None
    return set_again(turn, visit, "limit", turn.program.later(turn, since, limit))


def task(turn: Turn, visit: Visit, _here: Task, step: Task) -> int | None:
    """Count the deadline from when the task was handed over; the desk that has it keeps it."""
    desk = turn.program.desks.get(visit.hold.get("task", ""))
    if desk is None:
        return None
    due = as_of_arrival(turn, visit, lambda turn: step.deadline(turn, desk))
    visit.hold = {**visit.hold, "due": due}
    turn.person.drop_timers(visit.serial, "step")
    return None if due is None else set_again(turn, visit, "step", due)


def repeat(turn: Turn, visit: Visit, _here: Repeat, step: Repeat) -> int:
    """Count the next turn from when the last one began."""
    _count, begun = visit.turns[step.id]
    return set_again(turn, visit, "step", turn.program.later(turn, begun, step.every))


AGAIN: Mapping[type[Step], Callable[[Turn, Visit, Any, Any], int | None]] = {
    Ask: question,
    Confirm: question,
    Repeat: repeat,
    Task: task,
    Wait: wait,
    WaitAbsent: wait_absent,
    WaitFor: wait_for,
    WaitUntil: wait_until,
}


def as_of_arrival(turn: Turn, visit: Visit, reckon: Callable[[Turn], int | None]) -> int | None:
    """Return what ``reckon`` gives as of when a visit reached its step."""
    now, turn.now = turn.now, visit.at
    turn.visit, turn.fields = visit, visit.fields
    found = reckon(turn)
    turn.visit, turn.fields, turn.now = None, NOTHING, now
    return found


def look_again(turn: Turn, visit: Visit, step: WaitFor) -> Next:
    """Return where a wait leads that is over by what has happened since it looks; else `STAY`."""
    since = step.looks_from(visit)
    for _at, order, moment, fields, cause in visit.past:
        if order > since and moment in step.awaits:
            way = step.happened(turn, visit, moment, fields, cause)
            if way is not STAY:
                return way
    return STAY
