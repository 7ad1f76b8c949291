"""People of one version as they stand, for the other to go on from there. Rule: what is kept is what a store would keep of them.

Only where both versions have in common whatever has come so far, and keep of people the same.
"""

from __future__ import annotations

from typing import NamedTuple

from verbline.interpreter.person.encode import from_bytes, to_bytes
from verbline.interpreter.step.questions import Confirm
from verbline.interpreter.step.tasks import Task
from verbline.runtime.answers import Question

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from verbline.interpreter.program.parts import Journey
    from verbline.interpreter.program.program import Program
    from verbline.runtime.simulate import Simulation


class Kept(NamedTuple):
    """People as they stood behind so many of their ``events`` and ``rows``: their bytes, who leads to whom, who holds which address."""

    events: int
    rows: int
    clock: tuple[int, int, int]
    people: tuple[bytes, ...]
    names: tuple[tuple[str, str], ...]
    holders: tuple[tuple[str, tuple[str, ...]], ...]


class Versions:
    """A program that knows its own journeys by the versions of another one too, in which its people were until now."""

    def __init__(self, program: Program, other: Program) -> None:
        self.journeys = program.journeys
        self.older: Mapping[tuple[str, str], Journey] = {
            (name, one.version): program.journeys[name]
            for name, one in other.journeys.items()
            if name in program.journeys
        }


def kept(simulation: Simulation, events: int, rows: int) -> Kept:
    """Return the people of a simulation as they stand."""
    world = simulation.world
    turn = world.turn
    return Kept(
        events,
        rows,
        (world.now, turn.order, turn.said),
        tuple(to_bytes(one) for one in dict.fromkeys(world.people.values())),
        tuple((name, one.id) for name, one in world.people.items()),
        tuple((key, tuple(one.id for one in ones)) for key, ones in world.holders.items()),
    )


def go_on(simulation: Simulation, there: Kept, versions: Any) -> None:
    """Let the people of a simulation, who are none yet, be those that were kept."""
    world = simulation.world
    turn = world.turn
    found = {one.id: one for one in (from_bytes(content, versions) for content in there.people)}
    world.now, turn.order, turn.said = there.clock
    for name, identity in there.names:
        world.people[name] = found[identity]
    for key, identities in there.holders:
        world.holders[key] = [found[one] for one in identities]
    for person in found.values():
        world.numbered[person.number] = person
        for visit in person.visits:
            step = visit.step
            visit.version = step.journey.version
            if isinstance(step, Task | Confirm):
                asked = visit.hold.get("key") or visit.hold.get("sent")
                if asked:
                    simulation.answers.opened[asked] = Question(visit, step, asked)
        world.arm(person)
