"""Who may enter a journey. Rule: everybody who is not admitted leaves a record that says why."""

from __future__ import annotations

from verbline.interpreter.person.record import NOT_YET, Run, Visit, put
from verbline.interpreter.program.forms import as_key
from verbline.interpreter.step.audience import not_for
from verbline.interpreter.step.gate import EVER
from verbline.interpreter.step.signals import Start
from verbline.interpreter.step.steps import go
from verbline.interpreter.zones import DAY

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any

    from verbline.interpreter.program.parts import Journey, Moment
    from verbline.interpreter.step.brakes import Brakes
    from verbline.interpreter.step.turn import Turn

# How long before it was known a moment may have happened and still start something, beside its own patience.
TOO_OLD = 2 * DAY


def admission(turn: Turn, start: Start, correlation: str | None) -> tuple[str, str]:
    """Return the verdict and the reason with which ``start`` is refused; two empty texts where it is admitted."""
    journey, person = start.journey, turn.person
    if journey.closes is not None and turn.zone.local(turn.now).date() >= journey.closes:
        return "not admitted", "closed"
    if correlation is None:
        return "not admitted", "no_correlation_value"
    run = person.runs.get((journey.name, correlation))
    if run is not None:
        refused = ran(turn, journey, run)
        if refused:
            return "ignored" if refused == "already_running" else "not admitted", refused
    reason = (
        not_for(turn, journey)
        or ("excepted" if journey.stops_segment and inside_any(turn, journey.stops_segment) else "")
        or ("" if journey.incomplete else unreachable(turn, journey))
    )
    return ("not admitted", reason) if reason else ("", "")


def inside_any(turn: Turn, segments: Iterable[str]) -> bool:
    """Return whether the person is clearly inside one of ``segments``."""
    return any(turn.inside(name) for name in segments)


def ran(turn: Turn, journey: Journey, run: Run) -> str:
    """Return why an earlier visit forbids another one, or nothing."""
    if run.ended is None:
        return "already_running"
    if run.ended == NOT_YET:
        return ""
    if journey.again is not None:
        return "too_soon" if turn.program.later(turn, run.ended, journey.again) > turn.now else ""
    return "ran_before" if journey.once else ""


def unreachable(turn: Turn, journey: Journey) -> str:
    """Return ``no_contact_point`` where the person has none for any channel that the journey uses."""
    if not journey.channels:
        return ""
    for one in turn.person.contacts:
        if one.kind in journey.kinds:
            return ""
    return "no_contact_point"


def correlation_of(turn: Turn, start: Start) -> str | None:
    """Return the value that keeps visits of one journey apart, as text; None where it is unknown."""
    name = start.journey.once
    if not name or name == EVER:
        return ""
    value = start.fields.get(name)
    if value is None:
        value = turn.person.values.get(name)
    if value is None:
        return None
    return as_key(value)


def begun(turn: Turn, start: Start, correlation: str, number: int) -> Visit:
    """Return a new visit of the turn's person, who has so many of the journey for this correlation value."""
    person, journey = turn.person, start.journey
    person.serial += 1
    visit = Visit(person.id, journey.name, journey.version, correlation, number, person.serial)
    visit.started = visit.at = turn.now
    visit.order = visit.began = person.order
    visit.cause = start.cause
    visit.fields = start.fields
    person.visits.append(visit)
    return visit


def enter(turn: Turn, start: Start) -> bool:
    """Let the person enter where the journey admits them, and move them as far as it goes; return whether it did."""
    person, journey = turn.person, start.journey
    turn.depth = start.depth
    once = journey.once
    correlation = "" if not once or once == EVER else correlation_of(turn, start)
    key = journey.name, correlation or ""
    run = None if correlation is None else person.runs.get(key)
    is_simple = run is None and journey.everybody and correlation is not None
    if not is_simple or unreachable(turn, journey):
        verdict, reason = admission(turn, start, correlation)
        if verdict:
            turn.sink(turn, journey, None, None, "entry", verdict, reason, {"moment": start.moment})
            return False
    assert correlation is not None, "who has no correlation value is not admitted"
    if run is None and not correlation and person.parts is None:
        begin = journey.gate.beginning(turn)
        if begin is not None:
            begin(turn, person, start.moment, start.fields)
            return True
    if run is None:
        run = Run()
        put(person, "runs", key, run)
    run.number += 1
    run.ended = None
    visit = begun(turn, start, correlation, run.number)
    before = turn.whose
    if person.parts is not None:
        turn.whose = person.parts.of(start.whose or turn.whose, person.id)
        person.parts.began(visit, turn.whose)
    turn.sink(turn, journey, visit, None, "entry", "taken", "", {"moment": start.moment})
    if journey.gives_up is not None:
        due = turn.program.later(turn, turn.now, journey.gives_up)
        person.set_timer(due, "gives up", visit.serial)
    go(turn, visit, journey.first)
    turn.whose = before
    return True


def come_in(turn: Turn, moment: Moment, fields: dict[str, Any], brakes: Brakes) -> None:
    """Let the person into each journey that ``moment`` starts and that admits them without more ado; the others wait in the turn.

    Nobody else wants to enter, and no start asks for anything.
    """
    person, now, cause = turn.person, turn.now, turn.cause
    known, is_told = brakes.entries, turn.counts is None
    kind = person.contacts[0].kind if person.contacts else ""
    left: list[Start] = []
    for starts in moment.starts:
        journey = starts.journey
        gate, entries = journey.gate, known.get(journey.name)
        if entries is not None and len(entries) >= journey.brake[0]:
            entries = brakes.open_for(journey, now)
        begin = None
        if gate.is_simple:
            begin = (gate.tells if is_told else gate.counts) or gate.beginning(turn)
        if (
            begin is None
            or entries is None
            or left
            or brakes.queues
            or gate.key in person.runs
            or (kind not in journey.kinds and unreachable(turn, journey))
        ):
            left.append(Start(journey, moment.name, fields, turn.happened, cause))
            continue
        turn.cause, turn.depth = cause, 0
        begin(turn, person, moment.name, fields)
        entries.append(now)
    if left:
        turn.starts[:0] = left


def too_old(turn: Turn, start: Start, patience: int) -> bool:
    """Return whether the moment happened so long before it was known that it starts nothing."""
    return start.happened < turn.now - TOO_OLD - patience
