"""The whole report. Rule: it names its window, zone, calendar, cut, and the hashes of what it was computed by.

facts -> sections -> figures, lists, plots
"""

from __future__ import annotations

from functools import partial
from typing import NamedTuple

from verbline.interpreter.step.records import instant_text
from verbline.runtime import shares
from verbline.runtime.identity.rules import print_of
from verbline.runtime.report import (
    claims,
    desks,
    goals,
    interest,
    journeys,
    messages,
    metrics,
    people,
    pipeline,
    response,
    trials,
)
from verbline.runtime.report.asked import Asked

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from typing import TypeAlias

    from verbline.interpreter.project import Project
    from verbline.runtime.report.figures import Section
    from verbline.runtime.report.roles import Family
    from verbline.runtime.report.run import Facts
    from verbline.runtime.report.window import Window

    # What it is about, and what works out its sections.
    Part: TypeAlias = tuple[str, Callable[[], Iterable[Section]]]

FORMAT = 1
FAMILIES: Mapping[str, Callable[[Asked, Family], Section]] = {
    "pipeline": pipeline.section,
    "response": response.section,
    "interest": interest.section,
    "claims": claims.section,
}
# The moment with which a case of each begins.
BEGINS = {"pipeline": "created", "response": "signal", "interest": "shown", "claims": "notified"}
# From so many events on processes save more than it takes to make them.
SHARED_FROM = 50_000


class Head(NamedTuple):
    """What a report is of. Instants are texts in universal time; the window is empty where each metric has its own.

    Where nothing happened there is no ``first`` and no ``cut``.
    """

    project: str
    window: tuple[str, str] | None
    by: tuple[str, ...]
    zone: str
    calendar: str
    first: str | None
    cut: str | None
    program: str
    identity: str
    metrics: str
    events: int
    minimum: int


class Report(NamedTuple):
    """A report."""

    head: Head
    sections: tuple[Section, ...]


def report(
    project: Project,
    facts: Facts,
    window: Window | None,
    by: Sequence[str],
    progress: Callable[[str], object] = bool,
) -> Report:
    """Return the report of what was noted; ``progress`` is told each section's title before it is worked out."""
    asked = Asked(facts, window, by)
    return Report(head_of(project, asked), tuple(sections(asked, progress)))


def head_of(project: Project, asked: Asked) -> Head:
    """Return what a report is of."""
    facts, settings = asked.facts, project.settings
    work = facts.program.work.hours.week
    days = sum(bool(spans) for spans in work.values())
    calendar = f"{days} working days a week, holidays of {settings.holidays or 'no country'}"
    return Head(
        settings.name,
        None
        if asked.window is None
        else (instant_text(asked.window.start), instant_text(asked.window.end)),
        asked.by,
        facts.program.zone.name,
        calendar,
        None if facts.is_empty else instant_text(facts.begin),
        None if facts.is_empty else instant_text(facts.cut),
        facts.program.version[:16],
        print_of(project)[:16],
        facts.wanted.hash,
        facts.run.events,
        asked.minimum,
    )


def sections(asked: Asked, progress: Callable[[str], object]) -> Iterator[Section]:
    """Yield the sections that have something to say; those of a large log are worked out by several processes."""
    told = list(parts(asked))

    def worked_out(number: int, process: int) -> list[Section]:
        title, part = told[number]
        if not process:
            progress(title)
        return list(part())

    many = asked.facts.run.events >= SHARED_FROM
    works = [partial(worked_out, number) for number in range(len(told))]
    for found in shares.each_taken(works, shares.room() if many else 1):
        yield from found


def parts(asked: Asked) -> Iterator[Part]:
    """Yield the parts of a report: what each is about, and what works out its sections."""
    facts = asked.facts
    if facts.wanted.aims:
        yield "goals", partial(only, goals.section, asked)
    for metric in facts.wanted.metrics.values():
        yield metric.name, partial(only, metrics.section_of, asked, metric)
    for name, family in facts.roles.families.items():
        begins = family.moments.get(BEGINS[name])
        if family and begins and facts.notes.moments[begins]:
            yield name, partial(only, FAMILIES[name], asked, family)
    yield "experiments", partial(trials.sections, asked)
    for title, section in (
        ("journeys", journeys.section),
        ("messages", messages.section),
        ("desks", desks.section),
        ("people", people.section),
    ):
        yield title, partial(with_figures, section, asked)


def only(section: Callable[..., Section], *given: object) -> Iterator[Section]:
    """Yield one section."""
    yield section(*given)


def with_figures(section: Callable[[Asked], Section], asked: Asked) -> Iterator[Section]:
    """Yield a section where it has something to say."""
    found = section(asked)
    if found.figures:
        yield found
