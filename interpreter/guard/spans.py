"""Whether a length is over. Rule: the calendar is asked only where an answer in milliseconds is not sure."""

from __future__ import annotations

from verbline.interpreter.zones import DAY, HOUR, MINUTE

TYPE_CHECKING = False
if TYPE_CHECKING:
    from verbline.interpreter.guard.purpose import Length
    from verbline.interpreter.zones import Zone

# The shortest and the longest that one of a unit lasts.
BOUNDS = {
    "minute": (MINUTE, MINUTE), "hour": (HOUR, HOUR), "day": (DAY, DAY), "week": (7 * DAY, 7 * DAY),
    "month": (28 * DAY, 31 * DAY), "year": (365 * DAY, 366 * DAY),
}  # fmt: skip
# A zone may skip or repeat a whole day, and an hour besides.
SLACK = 26 * HOUR


def has_passed(zone: Zone, since: int, length: Length, at: int) -> bool:
    """Return whether ``length`` after ``since`` is over at ``at``; at its very end it is."""
    number, unit = length
    shortest, longest = BOUNDS[unit]
    if at - since < number * shortest - SLACK:
        return False
    if at - since > number * longest + SLACK:
        return True
    return zone.add(since, number, unit) <= at
