"""The metrics of the files. Rule: who began in the window is counted, and who had no time yet to end is shown apart.

    counts people    those who had the second moment in time, of all who had the first one in the window and the time to
    measures time    the times of the cases that began in the window, open ones as longer than so much
    sums             what the moments of the window brought, together

Where nobody names a window, it is as long as the metric is compared over, and ends where whoever began has had the time.
"""

from __future__ import annotations

from functools import partial
from typing import NamedTuple

from verbline.runtime.report.cases import (
    Case,
    Occasion,
    by_key,
    field_of,
    first_after,
    instants,
    occasions,
    once_each,
    paired,
)
from verbline.runtime.report.durations import Durations
from verbline.runtime.report.figures import Figure, Section, count_of, share_of
from verbline.runtime.report.groups import MONTH, WEEK, grouped
from verbline.runtime.report.money import amounts_of, sum_figures
from verbline.runtime.report.wanted import (
    AFTER_ENTERING,
    AFTER_MOMENT,
    COUNTS,
    MEASURES,
    Metric,
)
from verbline.runtime.report.window import Window

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from verbline.interpreter.program.reckoning import Duration
    from verbline.runtime.report.asked import Asked
    from verbline.runtime.report.run import Facts

NO_WINDOW = "Window: none, since nothing happened."


class Cohort(NamedTuple):
    """The cases of a metric that counts: those that had the time they have, and how many had not. ``unit`` says what a case is."""

    ripe: list[Case]
    ripening: list[Case]
    unit: str


def window_of(asked: Asked, over: Duration, ripens: Duration | None = None) -> Window:
    """Return the window that was asked for, else the latest one of which all had the time to ripen."""
    facts = asked.facts
    if asked.window is not None:
        return asked.window
    end = facts.cut if ripens is None else facts.clock.earlier(facts.cut, ripens)
    return Window(facts.clock.earlier(end, over), end)


def starts_of(facts: Facts, metric: Metric, field: str) -> list[Occasion]:
    """Return what a metric counts from."""
    if metric.after == AFTER_MOMENT:
        return occasions(facts, metric.since, field)
    noted = facts.notes.entries if metric.after == AFTER_ENTERING else facts.notes.labels
    return instants(facts, noted.get(metric.since, ()))


def case_field(facts: Facts, metric: Metric) -> str:
    """Return the field that numbers the cases of a metric, nothing where they are people."""
    if metric.after != AFTER_MOMENT:
        return ""
    return field_of(facts, (metric.since, metric.goal))


def unit_of(field: str) -> str:
    """Return what the cases are."""
    return f"cases, by {field}" if field else "people"


def cohort_of(facts: Facts, metric: Metric, window: Window) -> Cohort:
    """Return who began in ``window``: each person or case once, from the first time in it."""
    field = case_field(facts, metric)
    goals = by_key(occasions(facts, metric.goal, field))
    ripe: list[Case] = []
    ripening: list[Case] = []
    starts = (one for one in starts_of(facts, metric, field) if one.at in window)
    for start in once_each(starts):
        end = first_after(goals.get(start.key, ()), start.at, start.known)
        due = facts.cut if metric.within is None else facts.clock.later(start.at, metric.within)
        hit = end is not None and end.at <= due
        case = Case(start, int(hit), end if hit else None, due)
        (ripe if due <= facts.cut else ripening).append(case)
    return Cohort(ripe, ripening, unit_of(field))


def counted(metric: Metric, cohort: Cohort, minimum: int) -> Iterator[Figure]:
    """Yield the figures of a metric that counts."""
    hits = sum(case.way for case in cohort.ripe)
    share = share_of("share", metric.name, hits, len(cohort.ripe), minimum)
    yield aimed(share, metric)
    yield count_of("begun", f"begun ({cohort.unit})", len(cohort.ripe) + len(cohort.ripening))
    if cohort.ripening:
        yield count_of(
            "ripening", "ripening", len(cohort.ripening), "not in the share: their time is not over"
        )


def aimed(figure: Figure, metric: Metric) -> Figure:
    """Return a figure held against the target of its metric."""
    target = metric.target
    if target is None:
        return figure
    text = f"{'at least' if target.least else 'at most'} {target.text}"
    reached = None if figure.value is None else target.reached(figure.value)
    return figure._replace(target=text, reached=reached)


def of_groups(asked: Asked, metric: Metric, cohort: Cohort) -> Iterator[Figure]:
    """Yield the figures of a metric that counts, and those of each group."""
    ripe = {id(case) for case in cohort.ripe}

    def told(cases: Sequence[Case]) -> Iterator[Figure]:
        mine = [case for case in cases if id(case) in ripe]
        rest = [case for case in cases if id(case) not in ripe]
        return counted(metric, Cohort(mine, rest, cohort.unit), asked.minimum)

    yield from grouped([*cohort.ripe, *cohort.ripening], asked.of_cases(), told)


def section_of(asked: Asked, metric: Metric) -> Section:
    """Return what there is to say of one metric."""
    if metric.how == COUNTS:
        return counting(asked, metric)
    if metric.how == MEASURES:
        return measuring(asked, metric)
    return summing(asked, metric)


def head(metric: Metric, window: Window, facts: Facts) -> tuple[str, ...]:
    """Return what a metric says, whose it is, and its window."""
    owner = f" Owned by {metric.owner}." if metric.owner else ""
    return f"{metric.says} ({metric.line}).{owner}", said_of(window, facts)


def said_of(window: Window, facts: Facts) -> str:
    """Return a window in words."""
    if facts.is_empty and window.end <= facts.cut:
        return NO_WINDOW
    zone = facts.program.zone
    start, end = (f"{zone.local(one):%Y-%m-%d %H:%M}" for one in window)
    return f"Window: from {start} to {end}."


def counting(asked: Asked, metric: Metric) -> Section:
    """Return the section of a metric that counts."""
    facts = asked.facts
    window = window_of(asked, metric.over, metric.within)
    cohort = cohort_of(facts, metric, window)
    told = [*of_groups(asked, metric, cohort)]
    before = (
        cohort_of(facts, metric, window.before).ripe if window.before.start >= facts.begin else []
    )
    if before:
        hits = sum(case.way for case in before)
        told.append(share_of("before", "the window before", hits, len(before), asked.minimum))
    cases = [*cohort.ripe, *cohort.ripening]
    horizon = facts.cut if metric.within is None else facts.clock.later(window.start, metric.within)
    times = Durations(asked, None)
    plot = times.plot("had it", f"Time until {metric.goal}", cases, end=horizon - window.start)
    return Section(
        f"metric/{metric.name}", metric.name, head(metric, window, facts), tuple(told), (), plot
    )


def measuring(asked: Asked, metric: Metric) -> Section:
    """Return the section of a metric that measures."""
    facts = asked.facts
    target = metric.target.value if metric.target else None
    window = window_of(asked, metric.over)
    cases = measured_cases(facts, metric, window)
    times = Durations(asked, target)  # type: ignore[arg-type]  # the checks let no other target stand
    told = list(grouped(cases, asked.of_cases(), partial(times.figures, metric=metric)))
    told[0] = told[0]._replace(label=f"{told[0].label} ({unit_of(case_field(facts, metric))})")
    plot = times.plot("still open", f"From {metric.since} to {metric.goal}", cases)
    return Section(
        f"metric/{metric.name}", metric.name, head(metric, window, facts), tuple(told), (), plot
    )


def measured_cases(facts: Facts, metric: Metric, window: Window) -> list[Case]:
    """Return the cases of a metric that measures, which began in ``window``."""
    field = case_field(facts, metric)
    starts, ends = occasions(facts, metric.since, field), occasions(facts, metric.goal, field)
    return [case for case in paired(starts, [ends]) if case.start.at in window]


def summed(facts: Facts, metric: Metric, window: Window) -> list[Occasion]:
    """Return what a metric that sums has in ``window``."""
    return [one for one in occasions(facts, metric.goal) if one.at in window]


def summing(asked: Asked, metric: Metric) -> Section:
    """Return the section of a metric that sums."""
    facts = asked.facts
    window = window_of(asked, metric.over)
    place = facts.notes.fields[metric.goal].index(metric.field)
    here = summed(facts, metric, window)
    clock = facts.clock
    by = {MONTH: lambda one: [clock.month(one.at)], WEEK: lambda one: [clock.week(one.at)]}
    dims = {name: by[name] for name in asked.by if name in by}

    def told(ones: Sequence[Occasion]) -> Iterator[Figure]:
        return sum_figures(amounts_of(ones, place), metric, asked.roles)

    figures = list(grouped(here, dims, told))
    if window.before.start >= facts.begin:
        total = next(told(summed(facts, metric, window.before)))
        plain = total._replace(key="before", label="the window before", target="", reached=None)
        figures.append(plain)
    return Section(
        f"metric/{metric.name}", metric.name, head(metric, window, facts), tuple(figures)
    )
