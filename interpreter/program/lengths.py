"""Instants that sentences name. Rule: a wall-clock time is the person's; working time is the desk's or the project's."""

from __future__ import annotations

from datetime import date, time

from verbline.interpreter.nodes import Word, unbracketed
from verbline.interpreter.program.reckoning import later_day
from verbline.interpreter.program.spans import later, start_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any, TypeAlias

    from verbline.interpreter.nodes import Node
    from verbline.interpreter.program.conditions import Value
    from verbline.interpreter.program.reckoning import Duration
    from verbline.interpreter.step.turn import Turn
    from verbline.interpreter.zones import Zone

    Instant: TypeAlias = "Callable[[Turn], int | None]"
PARTS_OF_A_DAY = frozenset(("minute", "hour", "whour", "wday"))


def time_in(node: Node, part: str) -> time | None:
    """Return the time of day that stands in ``part`` of a sentence, or None where none does."""
    return time.fromisoformat(node.text(part)) if node.has(part) else None


def written_time(part: Any) -> time | None:
    """Return the time of day that ``part`` is, or None where it is something else."""
    part = unbracketed(part)
    if isinstance(part, Word) and part.kind == "TIME":
        return time.fromisoformat(part.text)
    return None


def instant_of(zone: Zone, value: Any, at: time | None = None) -> int | None:
    """Return the instant that ``value`` (a date, or an instant) means, at another time of its day where one is named."""
    if value is None:
        return None
    if isinstance(value, date):
        return start_of(zone, value, at or time.min)
    if at is None:
        return int(value)
    return start_of(zone, zone.local(value).date(), at)


def next_time(at: time) -> Instant:
    """Return what reckons the next ``at``, today's if it is still ahead."""
    return lambda turn: turn.zone.next_time(turn.now, at)


def next_working_day(at: time) -> Instant:
    """Return what reckons ``at`` on the first working day after today."""

    def reckon(turn: Turn) -> int | None:
        day = turn.program.work.next_working_day(turn.zone.local(turn.now).date())
        return None if day is None else turn.zone.start_of(day, at)

    return reckon


def at_value(value: Value, at: time | None) -> Instant:
    """Return what reckons the instant that a value names."""
    return lambda turn: instant_of(turn.zone, value.of(turn), at)


def at_desk(value: Value) -> Instant:
    """Return what reckons the instant that a value names where desks work: in the project's zone."""
    return lambda turn: instant_of(turn.program.zone, value.of(turn))


def beside_value(length: Duration, value: Value, at: time | None) -> Instant:
    """Return what reckons the instant ``length`` after a value; before it where its number is negative."""
    number, unit = length

    def reckon(turn: Turn) -> int | None:
        found = value.of(turn)
        if found is None:
            return None
        if isinstance(found, date) and unit not in PARTS_OF_A_DAY:
            return instant_of(turn.zone, later_day(found, length), at)
        start = instant_of(turn.zone, found)
        assert start is not None, "a known value names an instant"
        return instant_of(turn.zone, later(turn.zone, turn.program.work, start, number, unit), at)

    return reckon


def at_most(instant: Instant, limit: Duration) -> Instant:
    """Return what reckons the earlier of ``instant`` and ``limit`` from now."""

    def reckon(turn: Turn) -> int | None:
        found = instant(turn)
        return None if found is None else min(found, turn.program.later(turn, turn.now, limit))

    return reckon
