"""Which visits something concerns, and in which order. Rule: a moment that carries a visit's own field concerns no other visit."""

from __future__ import annotations

from verbline.interpreter.program.forms import as_key

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from verbline.interpreter.person.record import Visit
    from verbline.interpreter.program.parts import Journey, Moment
    from verbline.interpreter.step.turn import Turn

# Every correlation value is meant.
ANY = object()


def listening(turn: Turn, moment: Moment, fields: dict[str, Any]) -> list[Visit]:
    """Return the running visits that a moment with ``fields`` can stop or be waited for by, in the order of `in_order`."""
    heeded = moment.heeded
    if heeded is None:
        heeded = moment.heeded = {}
        for journey in turn.program.versions:
            note_heed(heeded, journey, moment)
    if not heeded:
        return []
    wanted: dict[str, object] = dict.fromkeys(heeded, ANY)
    for name, once in heeded.items():
        if once:
            value = fields.get(once)
            wanted[name] = None if value is None else as_key(value)
    visits = [
        one
        for one in turn.person.visits
        if (own := wanted.get(one.journey)) is ANY or own == one.correlation
    ]
    return in_order(turn, visits)


def note_heed(heeded: dict[str, str], journey: Journey, moment: Moment) -> None:
    """Note whether a journey heeds ``moment``, as `heeds` says it; where its versions differ, all visits are asked."""
    once = heeds(journey, moment)
    if once is not None and heeded.setdefault(journey.name, once) != once:
        heeded[journey.name] = ""


def heeds(journey: Journey, moment: Moment) -> str | None:
    """Return the field whose value tells which visits a moment concerns, nothing where it is all; None where it is none."""
    name, once = moment.name, journey.once
    same = [stop.same for stop in journey.stops.get(name, ())] if journey.stops else []
    for step in journey.steps.values():
        if name in step.awaits:
            fits = getattr(step, "fits", None)
            same.append(fits.same.get(name, ()) if fits is not None else ())
    if not same and name not in journey.awaits:
        return None
    return once if once and same and all(once in one for one in same) else ""


def in_order(turn: Turn, visits: list[Visit] | None = None) -> list[Visit]:
    """Return the running visits, or some of them, in the order in which their journeys are served."""
    if visits is None:
        visits = turn.person.visits
    if len(visits) < 2:
        return list(visits)
    last = -1
    for visit in visits:
        index = visit.step.journey.index
        if index <= last:
            break
        last = index
    else:
        return list(visits)
    return sorted(visits, key=lambda visit: (visit.step.journey.index, visit.began, visit.serial))
