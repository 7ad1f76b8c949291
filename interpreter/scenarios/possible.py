"""What may happen next to the person of a scenario. Rule: each choice is lines of a scenario, so that what is played can be kept.

Only what the journey looks at is offered: what starts it, what it waits for, what stops it, an answer that somebody owes, time.
"""

from __future__ import annotations

from datetime import timedelta

from verbline.interpreter.kinds import kind_of_type
from verbline.interpreter.names import fields_of_moment
from verbline.interpreter.zones import HOUR, MINUTE

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from verbline.interpreter.kinds import Kind
    from verbline.interpreter.person.record import Person, Visit
    from verbline.interpreter.program.parts import Journey
    from verbline.interpreter.scenarios.stage import Stage

OWN = "verbline"
# How far ahead the dates lie that a moment is given.
AHEAD = timedelta(days=14)
# An invented value of each kind; others are left out.
SAMPLES = {
    "number": "1",
    "money": "100 EUR",
    "yesno": "yes",
    "time": "10:00",
    "duration": "30 minutes",
}


class Choice:
    """Something that may happen: its ``lines``, in English, and ``why`` it is offered: goes-on, starts, stops, answers, time."""

    __slots__ = ("lines", "why")

    def __init__(self, why: str, *lines: str) -> None:
        self.why = why
        self.lines = lines

    def __repr__(self) -> str:
        return f"{self.why}: {self.lines}"


def choices(stage: Stage, name: str, given: Mapping[str, str]) -> list[Choice]:
    """Return what may happen next in the journey ``name``, the likeliest first; ``given`` are values by field, as written."""
    journey = stage.program.journeys[name]
    person = next(iter(stage.cast), None)
    visits = [one for one in person.visits if one.journey == name] if person else []
    found = [*going_on(stage, visits, given), *answers(stage, person, visits)]
    found += passing(stage)
    if not visits or journey.once not in ("", "person"):
        found += starting(stage, journey, given)
    if visits:
        found += stopping(stage, journey, given)
    if not any(one.lines == ("when 1 day passes",) for one in found):
        found.append(Choice("time", "when 1 day passes"))
    return found


def going_on(stage: Stage, visits: list[Visit], given: Mapping[str, str]) -> Iterator[Choice]:
    """Yield the moments that the journey waits for now."""
    awaited = {moment for visit in visits for moment in visit.step.awaits}
    for moment in sorted(awaited):
        yield Choice("goes-on", happening(stage, moment, given))


def starting(stage: Stage, journey: Journey, given: Mapping[str, str]) -> Iterator[Choice]:
    """Yield the moments that start the journey; where an entry into a segment does, all that systems bring."""
    person = next(iter(stage.cast), None)
    runs = sum(name == journey.name for name, _value in person.runs) if person else 0
    fresh = {**given, journey.once: quoted(f"{journey.once} {runs + 1}")}
    every = stage.program.moments.values()
    starts = [one for one in every if any(start.journey is journey for start in one.starts)]
    for moment in starts or [one for one in every if one.code and one.source != OWN]:
        yield Choice("starts", happening(stage, moment.name, fresh))


def stopping(stage: Stage, journey: Journey, given: Mapping[str, str]) -> Iterator[Choice]:
    """Yield what stops the journey."""
    for moment in journey.stops:
        yield Choice("stops", happening(stage, moment, given))
    noun = noun_of(stage)
    for purpose in journey.stops_withdrawn:
        yield Choice("stops", f"when the {noun} withdraws {quoted(purpose)}")


def answers(stage: Stage, person: Person | None, visits: list[Visit]) -> Iterator[Choice]:
    """Yield the answers that a desk or the person owes."""
    for visit in visits:
        desk = visit.hold.get("task")
        if desk:
            known = getattr(visit.step, "answers", {})
            yield Choice("answers", f"when desk {quoted(desk)} answers")
            for answer in known:
                yield Choice("answers", f"when desk {quoted(desk)} answers {quoted(answer)}")
        if "asked" in visit.hold and visit.step.shape == "confirm" and person is not None:
            noun = noun_of(stage)
            yield Choice("answers", f"when the {noun} answers yes")
            yield Choice("answers", f"when the {noun} answers no")


def passing(stage: Stage) -> Iterator[Choice]:
    """Yield the time until something falls due, where that is to come."""
    dues = [one.next_due for one in stage.cast if one.next_due is not None]
    if dues:
        lengths = tuple(until(stage, min(dues)))
        if lengths:
            yield Choice("time", *(f"when {length} {passes(length)}" for length in lengths))


def until(stage: Stage, due: int) -> Iterator[str]:
    """Yield lengths that together lead from now to the first whole minute at which ``due`` has come."""
    now, days = stage.now, 0
    while stage.program.zone.add(now, days + 1, "day") <= due:
        days += 1
    rest = due - stage.program.zone.add(now, days, "day")
    hours, minutes = rest // HOUR, -(-(rest % HOUR) // MINUTE)
    for number, unit in ((days, "day"), (hours, "hour"), (minutes, "minute")):
        if number:
            yield f"{number} {unit}{'s' * (number != 1)}"


def passes(length: str) -> str:
    """Return the verb that goes with a length."""
    return "passes" if length.startswith("1 ") else "pass"


def happening(stage: Stage, moment: str, given: Mapping[str, str]) -> str:
    """Return the line that lets a moment happen, with a value for each field it carries."""
    found = stage.script.scope.find("moment", moment)
    values = [
        f"{field.name} {value}"
        for field in (fields_of_moment(found) if found else ())
        if (value := given.get(field.name) or sample(stage, field.name, kind_of_type(field.kind)))
    ]
    told = f" with {', '.join(values)}" if values else ""
    return f"when {quoted(moment)} happens{told}"


def sample(stage: Stage, field: str, kind: Kind) -> str:
    """Return an invented value of ``kind`` as it is written; nothing where none comes to mind."""
    later = stage.program.zone.local(stage.now) + AHEAD
    if kind.name == "text":
        return quoted(f"{field} 1")
    if kind.name == "one_of":
        return quoted(kind.values[0])
    if kind.name == "date":
        return f"{later:%Y-%m-%d}"
    if kind.name == "datetime":
        return f"{later:%Y-%m-%d} 10:00"
    if kind.name == "money" and kind.currency:
        return f"100 {kind.currency}"
    return SAMPLES.get(kind.name, "")


def noun_of(stage: Stage) -> str:
    """Return the noun of the person that a scenario speaks of."""
    nouns = stage.script.scope.declarations("person")
    return stage.cast.noun(nouns[0].name) if nouns else "person"


def quoted(text: str) -> str:
    """Return a text as it is written in a sentence."""
    return f'"{text}"'
