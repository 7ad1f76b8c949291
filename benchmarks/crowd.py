"""Invented shoppers: what each of them does and when. Rule: these records are the truth, and everything else is made from them.

The event log of a data set is written from the records (`events`), and so are the right effects (`effects`): neither
looks at the other, and neither asks the engine.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from benchmarks.dice import Dice

# Milliseconds. The crowd begins on a Monday, and no clock changes until it is done.
SECOND, HOUR, DAY = 1_000, 3_600_000, 86_400_000
BEGIN = 1_772_409_600_000  # 2026-03-02T00:00:00Z
PERIOD = 14 * DAY
# The last event of a log that is to end without anybody waiting.
END = BEGIN + PERIOD + 10 * DAY
# Nine o'clock in Ljubljana on the Tuesday of the second week, and how long before it people sign up at most.
MORNING = BEGIN + 8 * DAY + 8 * HOUR
NIGHT = 12 * HOUR

ORDERING, AGREEING, REFUSING = 0.6, 0.7, 0.15
HOURS_TO_ORDER = 14
# One order in so many comes at the very end of the wait, or a millisecond beside it.
CLOSE_CALL = 500
WITHDRAWING, COMING_BACK, AT_THE_END = 0.10, 0.03, 0.2


class Shopper(NamedTuple):
    """One person. Times are milliseconds since 1970; ``agrees`` is None for somebody who gave no answer.

    ``changes`` are later words on the offers, each a time and whether it is a yes.
    """

    number: int
    group: int
    signs_up: int
    agrees: bool | None
    orders: int | None
    changes: tuple[tuple[int, bool], ...]


class Choice(NamedTuple):
    """Somebody chooses a plan."""

    number: int
    at: int
    plan: int


def shopper(dice: Dice, number: int, length: int, group: int) -> Shopper:
    """Return somebody who signs up and may order, before or after the wait of ``length`` milliseconds."""
    at = BEGIN + int(dice.share() * PERIOD)
    answer, orders = dice.share(), None
    if dice.share() < ORDERING:
        orders = at + 1 + int(dice.waiting(HOURS_TO_ORDER * HOUR))
        if dice.number(1, CLOSE_CALL) == 1:
            orders = at + length + dice.number(-1, 1)
    agrees = True if answer < AGREEING else False if answer < AGREEING + REFUSING else None
    return Shopper(number, group, at, agrees, orders, ())


def shoppers(seed: str, people: int, length: int = DAY, groups: int = 1) -> list[Shopper]:
    """Return so many people; each belongs to one of ``groups``."""
    dice = Dice(seed)
    return [shopper(dice, number, length, dice.number(0, groups - 1)) for number in range(people)]


def fickle(seed: str, people: int) -> list[Shopper]:
    """Return people who agree; one in ten withdraws inside the wait of a day, and some of those come back.

    One withdrawal in five falls within a second of the wait's end, on it too.
    """
    dice = Dice(seed)
    found = []
    for number in range(people):
        one = shopper(dice, number, DAY, 0)._replace(agrees=True)
        if dice.share() < WITHDRAWING:
            one = one._replace(changes=changes(dice, one.signs_up))
        found.append(one)
    return found


def changes(dice: Dice, at: int) -> tuple[tuple[int, bool], ...]:
    """Return a withdrawal inside the day that begins at ``at``, and for some a return before or after its end."""
    withdrawn = at + 1 + int(dice.share() * (DAY - 1))
    if dice.share() < AT_THE_END:
        withdrawn = at + DAY + dice.number(-SECOND, SECOND) * dice.number(0, 1)
    if dice.share() >= COMING_BACK / WITHDRAWING:
        return ((withdrawn, False),)
    return (withdrawn, False), (withdrawn + 1 + int(dice.share() * DAY), True)


def patient(seed: str, lengths: tuple[int, ...], people: int) -> list[Shopper]:
    """Return people who wait for as long as their group says; 60 % order before their wait is over."""
    dice = Dice(seed)
    found = []
    for number in range(people):
        group = dice.number(0, len(lengths) - 1)
        at = BEGIN + int(dice.share() * PERIOD)
        orders = at + 1 + int(dice.share() * (lengths[group] - 1))
        early = dice.share() < ORDERING
        found.append(
            Shopper(number, group, at, agrees=True, orders=orders if early else None, changes=())
        )
    return found


def sleepless(seed: str, people: int) -> list[Shopper]:
    """Return people who all sign up in the hours before `MORNING`, and do nothing else."""
    dice = Dice(seed)
    return [
        Shopper(
            number,
            0,
            MORNING - HOUR - int(dice.share() * NIGHT),
            agrees=True,
            orders=None,
            changes=(),
        )
        for number in range(people)
    ]


def choices(seed: str, count: int, people: int, plans: int) -> list[Choice]:
    """Return so many choices of one of so many plans, in the order of their times."""
    dice = Dice(seed)
    made = [
        Choice(
            dice.number(0, people - 1),
            BEGIN + int(dice.share() * PERIOD),
            dice.number(0, plans - 1),
        )
        for _choice in range(count)
    ]
    return sorted(made, key=lambda one: (one.at, one.number))


def views(seed: str, crowd: list[Shopper], count: int) -> Iterator[tuple[int, int]]:
    """Yield so many page views as (time, number of the shopper), from a day before the sign-up to three days after."""
    dice = Dice(seed)
    for _view in range(count):
        one = crowd[dice.number(0, len(crowd) - 1)]
        yield one.signs_up + int(dice.share() * 4 * DAY) - DAY, one.number
