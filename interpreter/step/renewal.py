"""A world goes on with another program. Rule: nobody inside moves but who is meant to, and nobody enters because a text changed.

The program that comes holds every version that somebody is inside; whoever brings it has seen to that.
"""

from __future__ import annotations

from collections import deque

from verbline.interpreter.step.moving import move
from verbline.interpreter.step.signals import NO_CAUSE, Start

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Iterator
    from typing import Any

    from verbline.interpreter.person.record import Person
    from verbline.interpreter.program.parts import Journey
    from verbline.interpreter.program.program import Program
    from verbline.interpreter.step.brakes import Brakes
    from verbline.interpreter.step.turn import Turn
    from verbline.interpreter.step.world import World


def renew(world: World, program: Program, now: int, ends: Collection[str] = ()) -> None:
    """Let ``world`` go on with ``program``: what is due before ``now`` falls due, then people move who are meant to.

    ``ends`` are journeys that are gone and whose people do not finish.
    """
    world.until(now)
    turn, before = world.turn, world.program
    everybody = [one for one in world.numbered if one is not None]
    for person in everybody:
        rebind(person, program)
    world.program = turn.program = program
    settles = watched_by(before) != watched_by(program)
    for person in everybody:
        if settles or person.visits:
            turn.begin(person, world.now, NO_CAUSE, world.now)
            move(turn, ends, settles=settles)
            world.drain()
            world.arm(person)
    renew_brakes(turn, world.brakes)
    begin_for_those_inside(world, before)


def rebind(person: Person, program: Program) -> None:
    """Let the visits of ``person`` stand at the same steps as ``program`` has them."""
    person.zone = None  # the settings may say another one
    parts = person.parts
    for one in (person, *(parts.people.values() if parts is not None else ())):
        for visit in one.visits:
            journey = program.version_of(visit.journey, visit.version)
            assert journey is not None, f"{visit.journey} {visit.version}: somebody is inside"
            visit.step = journey.steps[visit.step.id]


def watched_by(program: Program) -> Any:
    """Return what decides who is in which segment and has which label, to tell whether that is still the same."""
    segments = sorted((one.name, one.condition.text) for one in program.segments.values())
    watched = [one.name for one in program.watched]
    fading = sorted(
        (label, one.condition.text) for label, ones in program.fading.items() for one in ones
    )
    scores = sorted((one.name, one.half, one.low, one.high) for one in program.scores.values())
    return (
        (segments, watched, fading, scores, sorted(points_of(program))) if program.watches else None
    )


def points_of(program: Program) -> Iterator[tuple[str, str, int, str]]:
    """Yield what each moment adds to each score."""
    for moment in program.moments.values():
        for one in moment.points:
            condition = one.condition.text if one.condition else ""
            yield moment.name, one.score.name, one.number, condition


def renew_brakes(turn: Turn, brakes: Brakes) -> None:
    """Let those who wait at an entry brake wait for the newest version; where a journey is gone, they are not admitted."""
    for name, entries in list(brakes.entries.items()):
        journey = turn.program.journeys.get(name)
        if journey is None:
            del brakes.entries[name]
        else:
            brakes.entries[name] = deque(entries, maxlen=max(1, journey.brake[0]))
    for name, queue in list(brakes.queues.items()):
        journey = turn.program.journeys.get(name)
        for person, start in queue:
            if journey is None:
                turn.begin(person, turn.now, start.cause, start.happened)
                more = {"moment": start.moment}
                turn.sink(turn, start.journey, None, None, "entry", "not admitted", "closed", more)
            else:
                start.journey = journey
        if journey is None:
            del brakes.queues[name]


def begin_for_those_inside(world: World, before: Program) -> None:
    """Let the journeys go live that now also take in people who are in a segment already, and did not before."""
    new = {
        name: also
        for name, journey in world.program.journeys.items()
        if (also := new_for(before, journey))
    }
    if not new:
        return
    turn = world.turn
    served = sorted(new, key=lambda name: world.program.journeys[name].index)
    for person in [one for one in world.numbered if one is not None]:
        turn.begin(person, world.now, NO_CAUSE, world.now)
        for name in served:
            if any(turn.inside(segment) is True for segment in new[name]):
                journey = world.program.journeys[name]
                turn.starts.append(Start(journey, "", {}, world.now, NO_CAUSE))
        world.drain()
        world.arm(person)


def new_for(before: Program, journey: Journey) -> tuple[str, ...]:
    """Return the segments whose people ``journey`` takes in from now on and did not ``before``."""
    known = before.journeys.get(journey.name)
    return tuple(
        one for one in journey.starts_also if known is None or one not in known.starts_also
    )
