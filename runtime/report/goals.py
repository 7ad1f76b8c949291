"""Goals of journeys. Rule: a journey is held against its own target and horizon, and an effect is not claimed where nobody was left alone.

Who entered a journey differs from who did not, so their numbers beside each other are association. What a journey does shows
in an experiment with an arm that leaves people alone (`trials`).
"""

from __future__ import annotations

from bisect import bisect_left

from verbline.runtime.report.cases import over_at
from verbline.runtime.report.durations import Durations
from verbline.runtime.report.figures import Figure, Section, share_of
from verbline.runtime.report.metrics import (
    cohort_of,
    counted,
    measured_cases,
    summed,
    window_of,
)
from verbline.runtime.report.money import amounts_of, sum_figures
from verbline.runtime.report.wanted import COUNTS, MEASURES

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from verbline.runtime.report.asked import Asked
    from verbline.runtime.report.cases import Case
    from verbline.runtime.report.run import Facts
    from verbline.runtime.report.wanted import Aim, Metric

ASSOCIATION = "association, not effect"


def section(asked: Asked) -> Section:
    """Return for each journey whether it reaches what it aims for."""
    found = [figure for aim in asked.facts.wanted.aims for figure in of_aim(asked, aim)]
    says = (
        "Each journey's metric with the journey's own target and horizon.",
        f"Who entered a journey differs from who did not: their number is {ASSOCIATION}.",
    )
    return Section("goals", "Goals of journeys", says, tuple(found))


def of_aim(asked: Asked, aim: Aim) -> Iterator[Figure]:
    """Yield whether an aim is reached, and the same number of those who entered the journey."""
    declared = asked.facts.wanted.metrics.get(aim.metric)
    if declared is None:
        return
    metric = declared._replace(
        target=aim.target or declared.target, within=aim.within or declared.within
    )
    group = {"journey": aim.journey}
    of = {COUNTS: counting, MEASURES: measuring}.get(metric.how, summing)
    for figure in of(asked, metric, aim.journey):
        yield figure._replace(group=group)


def counting(asked: Asked, metric: Metric, journey: str) -> Iterator[Figure]:
    """Yield the share, and that of those who entered."""
    cohort = cohort_of(asked.facts, metric, window_of(asked, metric.over, metric.within))
    yield next(counted(metric, cohort, asked.minimum))._replace(key="goal")
    mine = Inside(asked.facts, journey).of(cohort.ripe)
    hits = sum(case.way for case in mine)
    label = f"{metric.name}, of those who entered"
    yield associated(share_of("entered", label, hits, len(mine), asked.minimum))


def measuring(asked: Asked, metric: Metric, journey: str) -> Iterator[Figure]:
    """Yield the median, and that of those who entered."""
    cases = measured_cases(asked.facts, metric, window_of(asked, metric.over))
    times = Durations(asked, metric.target.value if metric.target else None)  # type: ignore[arg-type]  # the checks let no other target stand
    label = f"{metric.name}, the median"
    yield next(times.quantiles(cases, metric))._replace(key="goal", label=label)
    mine = Inside(asked.facts, journey).of(cases)
    label = f"{metric.name}, of those who entered"
    yield associated(next(times.quantiles(mine, None))._replace(key="entered", label=label))


def summing(asked: Asked, metric: Metric, _journey: str) -> Iterator[Figure]:
    """Yield the sum."""
    place = asked.facts.notes.fields[metric.goal].index(metric.field)
    found = summed(asked.facts, metric, window_of(asked, metric.over))
    yield next(sum_figures(amounts_of(found, place), metric, asked.roles))._replace(key="goal")


def associated(figure: Figure) -> Figure:
    """Return a figure with the word of caution."""
    return figure._replace(note="; ".join(filter(None, (figure.note, ASSOCIATION))))


class Inside:
    """Who entered a journey, and when."""

    def __init__(self, facts: Facts, journey: str) -> None:
        self._cut = facts.cut
        self._entries: dict[int, list[int]] = {}
        for at, person in facts.notes.entries.get(journey, ()):
            self._entries.setdefault(facts.number(person), []).append(at)
        for entries in self._entries.values():
            entries.sort()

    def of(self, cases: list[Case]) -> list[Case]:
        """Return those whose person entered while the case was open."""
        return [case for case in cases if self._is_inside(case)]

    def _is_inside(self, case: Case) -> bool:
        entries = self._entries.get(case.start.person, ())
        place = bisect_left(entries, case.start.at)
        return place < len(entries) and entries[place] <= over_at(case, self._cut)
