"""Figures told apart: by journey, step, desk, channel, month or week. Rule: a case stands in each group that it belongs to.

A case is of a journey if its person entered that journey while the case was open, of a channel if they were written to by it
then, of a desk if it was handed a task about them then. So the groups of journeys need not add up to the whole.
"""

from __future__ import annotations

from bisect import bisect_left
from itertools import product

from verbline.runtime.report.cases import over_at

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from typing import TypeVar

    from verbline.runtime.report.cases import Lasting
    from verbline.runtime.report.figures import Figure
    from verbline.runtime.report.run import Facts

    One = TypeVar("One")

JOURNEY, STEP, DESK, CHANNEL, MONTH, WEEK = "journey", "step", "desk", "channel", "month", "week"
DIMENSIONS = (JOURNEY, STEP, DESK, CHANNEL, MONTH, WEEK)
NONE = "none"


class Touches:
    """What reached each person, and when: the entries, messages and tasks of a run, by dimension."""

    def __init__(self, facts: Facts, wanted: Iterable[str]) -> None:
        self._clock = facts.clock
        self._cut = facts.cut
        self._by: dict[str, dict[int, list[tuple[int, str]]]] = {name: {} for name in wanted}
        now = facts.number
        for dimension, at, person, value in touches(facts):
            if dimension in self._by:
                self._by[dimension].setdefault(now(person), []).append((at, value))
        for people in self._by.values():
            for ones in people.values():
                ones.sort()

    def of(self, case: Lasting, dimension: str) -> list[str]:
        """Return the values of a dimension that a case has."""
        if dimension == MONTH:
            return [self._clock.month(case.start.at)]
        if dimension == WEEK:
            return [self._clock.week(case.start.at)]
        end = over_at(case, self._cut)
        found = self._by[dimension].get(case.start.person, ())
        place = bisect_left(found, (case.start.at, ""))
        values = dict.fromkeys(value for at, value in found[place:] if at <= end)
        return list(values) or [NONE]


def touches(facts: Facts) -> Iterator[tuple[str, int, int, str]]:
    """Yield by what, when, who and which: everything that reached somebody."""
    notes = facts.notes
    for journey, entries in notes.entries.items():
        for at, person in entries:
            yield JOURNEY, at, person, journey
    for sent in notes.sent:
        yield CHANNEL, sent.at, sent.person, sent.channel
        yield STEP, sent.at, sent.person, step_text(facts, sent.step.line, sent.step.text)
    for task in notes.tasks:
        yield DESK, task.at, task.person, task.desk
        yield STEP, task.at, task.person, step_text(facts, task.step.line, task.step.text)


def step_text(facts: Facts, line: str, text: str) -> str:
    """Return how a step is called: its line and its sentence."""
    return f"{line.removeprefix(facts.program.folder)} {text}"


def grouped(
    ones: Sequence[One],
    values: Mapping[str, Callable[[One], Sequence[str]]],
    told: Callable[[Sequence[One]], Iterable[Figure]],
) -> Iterator[Figure]:
    """Yield what is ``told`` of all, and of each group where ``values`` names dimensions."""
    yield from told(ones)
    if not values:
        return
    groups: dict[tuple[str, ...], list[One]] = {}
    for one in ones:
        for names in product(*(value(one) for value in values.values())):
            groups.setdefault(names, []).append(one)
    for names in sorted(groups):
        group = dict(zip(values, names, strict=True))
        for figure in told(groups[names]):
            yield figure._replace(group=group)
