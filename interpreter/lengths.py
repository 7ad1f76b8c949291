"""How long a written duration can last. Rule: two bounds in minutes, so that "longer" and "shorter" are said only when sure."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from verbline.interpreter.nodes import Node

HOUR = 60
DAY = 24 * HOUR

# Shortest and longest, in minutes. A day counts 24 hours: the hour of a clock change decides nothing here.
UNITS = {
    "U_MINUTE": (1, 1),
    "U_HOUR": (HOUR, HOUR),
    "U_DAY": (DAY, DAY),
    "U_WEEK": (7 * DAY, 7 * DAY),
    "U_MONTH": (28 * DAY, 31 * DAY),
    "U_YEAR": (365 * DAY, 366 * DAY),
    # Working time stands still at night, at weekends and on holidays.
    "U_WHOUR": (HOUR, 12 * HOUR),
    "U_WDAY": (DAY, 2 * DAY),
}
PAUSE = 4 * DAY  # the longest row of days on which nobody works
WORKING = ("U_WHOUR", "U_WDAY")


class Length:
    """A stretch of time in minutes: ``low`` is the least it can be, ``high`` the most."""

    __slots__ = ("high", "low")

    def __init__(self, low: int, high: int) -> None:
        self.low = low
        self.high = high

    def __repr__(self) -> str:
        return f"{self.low}..{self.high}"

    def __add__(self, other: Length) -> Length:
        return Length(self.low + other.low, self.high + other.high)


NO_TIME = Length(0, 0)


def length_of(duration: Node) -> Length | None:
    """Return the length of a ``duration``, or None where a placeholder stands for its number."""
    unit, number = duration.word("unit").kind, duration.word("number")
    if number.kind != "NUMBER":
        return None
    low, high = UNITS[unit]
    count = float(number.text)
    pause = PAUSE if unit in WORKING else 0
    return Length(int(count * low), int(count * high) + pause)


def length_in(node: Node, part: str) -> Length | None:
    """Return the length of the duration in ``part`` of a sentence, or None where there is none."""
    return length_of(node.node(part)) if node.has(part) else None
