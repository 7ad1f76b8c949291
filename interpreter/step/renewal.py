"""A world goes on with another program. Rule: nobody inside moves but who is meant to, and nobody enters because a text changed.

The program that comes holds every version that somebody is inside; whoever brings it has seen to that.
"""

from __future__ import annotations

from collections import deque

from verbline.interpreter.program.identities import digest
from verbline.interpreter.step.moving import is_concerned, move
from verbline.interpreter.step.signals import NO_CAUSE, NOTHING, Start

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    from verbline.interpreter.person.record import Person
    from verbline.interpreter.program.parts import Journey
    from verbline.interpreter.program.program import Program
    from verbline.interpreter.step.brakes import Brakes
    from verbline.interpreter.step.turn import Turn
    from verbline.interpreter.step.world import World


ALL = slice(None)


class Mark:
    """What of a program a later one is compared with; it can be kept, so that a change is seen over a restart too.

    ``watched`` tells apart who decides who is in which segment and has which label; ``also`` are the segments whose people
    a journey takes in when it goes live, by its name.
    """

    __slots__ = ("also", "watched")

    def __init__(self, watched: str, also: Mapping[str, Sequence[str]]) -> None:
        self.watched = watched
        self.also = {name: tuple(segments) for name, segments in also.items()}


def mark_of(program: Program) -> Mark:
    """Return the mark of a program."""
    watched = digest(repr(watched_by(program))) if program.watches else ""
    return Mark(watched, {name: one.starts_also for name, one in program.journeys.items()})


def renew(world: World, program: Program, now: int, ends: Collection[str] = ()) -> None:
    """Let ``world`` go on with ``program``: what is due before ``now`` falls due, then people move who are meant to.

    ``ends`` are journeys that are gone and whose people do not finish.
    """
    world.until(now)
    before = mark_of(world.program)
    for person in everybody_in(world):
        rebind(person, program)
    world.program = world.turn.program = program
    renew_brakes(world.turn, world.brakes)
    take_effect(world, before, ends)


def take_effect(world: World, before: Mark, ends: Collection[str] = (), among: slice = ALL) -> None:
    """Let what is new in the program of ``world`` take effect for those who are there; ``before`` is the mark of the last one.

    ``among`` are those for whom it does now, by their numbers.
    """
    turn, program = world.turn, world.program
    people = everybody_in(world, among)
    settles = program.watches and before.watched != mark_of(program).watched
    for person in people:
        if settles or is_concerned(program, person, ends):
            turn.begin(person, world.now, NO_CAUSE, world.now)
            move(turn, ends, settles=settles)
            world.drain()
            world.arm(person)
    begin_for_those_inside(world, before, people)


def everybody_in(world: World, among: slice = ALL) -> list[Person]:
    """Return everybody, in the order in which they became known; of those with some numbers alone where these are named."""
    return [one for one in world.numbered[among] if one is not None]


def rebind(person: Person, program: Program) -> None:
    """Let the visits of ``person`` stand at the same steps as ``program`` has them."""
    person.zone = None  # the settings may say another one
    parts = person.parts
    for one in (person, *(parts.people.values() if parts is not None else ())):
        for visit in one.visits:
            journey = program.version_of(visit.journey, visit.version)
            assert journey is not None, f"{visit.journey} {visit.version}: somebody is inside"
            visit.step = journey.steps[visit.step.id]


def watched_by(program: Program) -> tuple[object, ...]:
    """Return what decides who is in which segment and has which label."""
    segments = sorted((one.name, one.condition.text) for one in program.segments.values())
    watched = [one.name for one in program.watched]
    fading = sorted(
        (label, one.condition.text) for label, ones in program.fading.items() for one in ones
    )
    scores = sorted((one.name, one.half, one.low, one.high) for one in program.scores.values())
    return segments, watched, fading, scores, sorted(points_of(program))


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


def begin_for_those_inside(world: World, before: Mark, people: Iterable[Person]) -> None:
    """Let those of ``people`` enter whom a journey now also takes in, as they are in a segment already, and did not before."""
    turn = world.turn
    served = sorted(world.program.journeys.values(), key=lambda journey: journey.index)
    new = [(journey, also) for journey in served if (also := new_for(before, journey))]
    for person in people if new else ():
        turn.person, turn.now, turn.fields, turn.visit = person, world.now, NOTHING, None
        journeys = [
            journey
            for journey, also in new
            if any(turn.inside(segment) is True for segment in also)
        ]
        if journeys:
            turn.begin(person, world.now, NO_CAUSE, world.now)
            turn.starts += (Start(one, "", {}, world.now, NO_CAUSE) for one in journeys)
            world.drain()
            world.arm(person)


def new_for(before: Mark, journey: Journey) -> list[str]:
    """Return the segments whose people ``journey`` takes in from now on and did not ``before``."""
    known = before.also.get(journey.name, ())
    return [one for one in journey.starts_also if one not in known]
