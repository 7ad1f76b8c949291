"""Journeys: who came in, how it ended, and how many stand inside. Rule: each number is of the window, but for who is inside at the cut."""

from __future__ import annotations

from collections import Counter

from verbline.runtime.report.figures import Figure, Section, count_of
from verbline.runtime.report.groups import JOURNEY, MONTH, WEEK
from verbline.runtime.report.metrics import said_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from verbline.runtime.report.asked import Asked


def section(asked: Asked) -> Section:
    """Return what there is to say of journeys."""
    told = tuple(figures(asked))
    return Section("journeys", "Journeys", (said_of(asked.whole, asked.facts),), told)


def figures(asked: Asked) -> Iterator[Figure]:
    """Yield entries and outcomes of each journey, by period where that is asked for."""
    facts, notes = asked.facts, asked.facts.notes
    period: Callable[[int], str] | None = None
    name = next((one for one in asked.by if one in (MONTH, WEEK)), "")
    if name:
        period = facts.clock.month if name == MONTH else facts.clock.week
    counts: Counter[tuple[str, str, str]] = Counter()
    for journey, entries in notes.entries.items():
        for at, _person in entries:
            if at in asked.whole:
                counts[journey, "entered", period(at) if period else ""] += 1
    for at, journey, outcome in notes.outcomes:
        if at in asked.whole:
            counts[journey, outcome, period(at) if period else ""] += 1
    order = {one: number for number, one in enumerate(facts.program.journeys)}
    for (journey, what, when), number in sorted(
        counts.items(), key=lambda one: (order[one[0][0]], one[0][1] != "entered", one[0])
    ):
        group = {JOURNEY: journey, **({name: when} if name else {})}
        key = "entered" if what == "entered" else "outcome"
        label = what if key == "entered" else f"ended as {what}"
        yield count_of(key, label, number)._replace(group=group)
    for journey, number in sorted(facts.inside.items()):
        if number:
            yield count_of("inside", "inside at the cut", number)._replace(group={JOURNEY: journey})
