"""Clocks are set by other rules than before. Rule: what is waited for is counted anew from where it was counted, for those whom it concerns.

A timer keeps its instant, and its step the rule behind it. What is held for its quiet hours or its window is left: it is
looked at again when it falls due. So is what would move by more than clocks are ever set: a value that was read has changed.
"""

from __future__ import annotations

from verbline.interpreter.step.listening import in_order
from verbline.interpreter.step.moving import AGAIN, give_up_again, leave
from verbline.interpreter.step.renewal import ALL, everybody_in
from verbline.interpreter.step.signals import NO_CAUSE
from verbline.interpreter.zones import HOUR

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection

    from verbline.interpreter.person.record import Person, Timer
    from verbline.interpreter.step.turn import Turn
    from verbline.interpreter.step.world import World

# By so much rules set a clock to another time at the most, but at the date line.
MOST = 3 * HOUR


def recount(world: World, zones: Collection[str], among: slice = ALL) -> int:
    """Count anew for those whose clocks are set by one of ``zones``; return how many timers are due at another time now.

    Desks work in the project's zone, so where that is one of these everybody is concerned. ``among`` are those who are looked
    at, by their numbers.
    """
    turn, program = world.turn, world.program
    is_all, changed = program.zone.name in zones, 0
    for person in everybody_in(world, among):
        zone = person.zone or program.zone_of(person)
        if person.timers and (is_all or zone.name in zones):
            turn.begin(person, world.now, NO_CAUSE, world.now)
            changed += count_again(turn)
            world.drain()
            world.arm(person)
    return changed


def count_again(turn: Turn) -> int:
    """Count anew what the turn's person waits for; return how many timers are due at another time now."""
    person, changed = turn.person, 0
    for visit in in_order(turn):
        step, hold, timers = visit.step, visit.hold, list(person.timers)
        before = dues(person, visit.serial)
        AGAIN.get(type(step), leave)(turn, visit, step, step)
        give_up_again(turn, visit)
        moved = [
            (what, due, now)
            for (what, due), (_what, now) in zip(before, dues(person, visit.serial), strict=True)
            if due != now
        ]
        if any(abs(now - due) > MOST for _what, due, now in moved):
            person.timers, visit.hold = (
                timers,
                hold,
            )  # a value has changed since, and not the clocks
            continue
        changed += len(moved)
        for _what, due, now in moved:
            turn.note("wait", "held", "other_clock_rules", visit, step, due=due, until=now)
    turn.changed()
    return changed


def dues(person: Person, serial: int) -> list[tuple[str, int]]:
    """Return what the timers of a visit are for and when they are due."""
    own: list[Timer] = [one for one in person.timers if one[3] == serial]
    return sorted((what, due) for due, _place, what, _of in own)
