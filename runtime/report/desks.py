"""Desks: tasks, and how soon they were taken up. Rule: time counts in the hours of the desk, and a task that is open is not left out."""

from __future__ import annotations

from verbline.runtime.report.estimate import kaplan_meier, quantile
from verbline.runtime.report.figures import (
    SECONDS,
    WORKING_SECONDS,
    Bars,
    Figure,
    Section,
    count_of,
    share_of,
)
from verbline.runtime.report.groups import DESK, JOURNEY, MONTH, STEP, WEEK, grouped, step_text
from verbline.runtime.report.metrics import said_of
from verbline.runtime.report.window import Open, Window

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from verbline.runtime.report.asked import Asked
    from verbline.runtime.report.noted import Handed


class Tasks:
    """The tasks of the window."""

    def __init__(self, asked: Asked) -> None:
        self.asked, self.facts = asked, asked.facts
        self.all = [one for one in asked.facts.notes.tasks if one.at in asked.whole]
        whole = Window(asked.facts.begin, asked.facts.cut)
        desks = asked.facts.program.desks
        self._open = {
            name: Open(desks[name].time, whole) for name in {one.desk for one in self.all}
        }

    def dimensions(self) -> dict[str, Callable[[Handed], list[str]]]:
        """Return how tasks are told apart: by desk always."""
        clock, facts = self.facts.clock, self.facts
        of: dict[str, Callable[[Handed], list[str]]] = {
            DESK: lambda one: [one.desk],
            JOURNEY: lambda one: [one.journey],
            STEP: lambda one: [step_text(facts, one.step.line, one.step.text)],
            MONTH: lambda one: [clock.month(one.at)],
            WEEK: lambda one: [clock.week(one.at)],
        }
        return {name: of[name] for name in dict.fromkeys((DESK, *self.asked.by)) if name in of}

    def figures(self, tasks: Sequence[Handed]) -> Iterator[Figure]:
        """Yield how many, what became of them, and how soon."""
        cut, minimum = self.facts.cut, self.asked.minimum
        answered = sum(one.answered is not None for one in tasks)
        passed = sum(one.ran_out is not None for one in tasks)
        yield count_of("tasks", "tasks", len(tasks))
        yield count_of("answered", "answered", answered)
        yield count_of(
            "open", "not answered so far", len(tasks) - answered - passed, "open, or taken back"
        )
        due = [one for one in tasks if one.due is not None and one.due <= cut]
        in_time = sum(one.answered is not None and one.answered <= (one.due or 0) for one in due)
        yield share_of("in_time", "answered in time, of those due", in_time, len(due), minimum)
        yield share_of("escalated", "not answered in time, so passed on", passed, len(due), minimum)
        for working, unit in ((True, WORKING_SECONDS), (False, SECONDS)):
            points = kaplan_meier([self.lasted(one, working=working) for one in tasks])
            for name, label, share in (
                ("median", "until answered, the median", 0.5),
                ("p90", "until answered, 90th percentile", 0.9),
            ):
                value, low, high = (
                    None if at is None else at / 1000 for at in quantile(points, share)
                )
                note = "" if value is not None else "not reached yet"
                yield Figure(
                    name + "_working" * working,
                    label if working else f"{label}, by the clock",
                    value,
                    unit,
                    low,
                    high,
                    len(tasks),
                    note,
                )

    def lasted(self, one: Handed, *, working: bool) -> tuple[int, int]:
        """Return how long a task waited, and whether an answer ended it; one that ran out waited so long at least."""
        end = one.answered or one.ran_out or self.facts.cut
        between = self._open[one.desk].between if working else plain
        return max(0, between(one.at, end)), int(one.answered is not None)


def plain(start: int, end: int) -> int:
    """Return the time between two instants."""
    return end - start


def section(asked: Asked) -> Section:
    """Return what there is to say of desks."""
    tasks = Tasks(asked)
    if not tasks.all:
        return Section("desks", "Desks", (), ())
    told = tuple(grouped(tasks.all, tasks.dimensions(), tasks.figures))
    counts: dict[str, int] = {}
    for one in tasks.all:
        counts[one.desk] = counts.get(one.desk, 0) + 1
    bars = Bars(
        "tasks",
        "Tasks by desk",
        "tasks",
        tuple(sorted(counts.items(), key=lambda one: (-one[1], one[0]))),
    )
    return Section(
        "desks", "Desks", (said_of(asked.whole, asked.facts),), told, (), (bars,) if counts else ()
    )
