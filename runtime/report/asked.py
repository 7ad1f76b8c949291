"""What a report is asked for. Rule: every figure of one report has the same cut, minimum and dimensions."""

from __future__ import annotations

from functools import cached_property, partial

from verbline.runtime.report.groups import CHANNEL, DESK, JOURNEY, STEP, Touches
from verbline.runtime.report.wanted import MEASURES
from verbline.runtime.report.window import Open, Window

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from verbline.interpreter.program.reckoning import Duration
    from verbline.runtime.report.cases import Lasting
    from verbline.runtime.report.roles import Roles
    from verbline.runtime.report.run import Facts


class Asked:
    """The facts, the window where one was named, and the dimensions that figures are told apart by."""

    def __init__(self, facts: Facts, window: Window | None, by: Sequence[str]) -> None:
        self.facts = facts
        self.window = window
        self.by = tuple(dict.fromkeys(by))
        self.roles: Roles = facts.roles
        self.minimum = facts.roles.minimum

    def target(self, since: str, goal: str) -> Duration | None:
        """Return the target of a metric that measures the time from one moment to another; None where there is none."""
        for metric in self.facts.wanted.metrics.values():
            is_same = (metric.since, metric.goal) == (since, goal)
            target = metric.target if metric.how == MEASURES and is_same else None
            if target is not None and not target.least:
                return target.value  # type: ignore[return-value]  # the target of a metric that measures is a length
        return None

    @cached_property
    def open(self) -> Open:
        """The working time of the whole log, from what happened first: it may have become known late."""
        facts = self.facts
        first = min(
            (one[0] for ones in facts.notes.moments.values() for one in ones), default=facts.begin
        )
        return Open(facts.program.work, Window(min(first, facts.begin), facts.cut))

    @cached_property
    def touches(self) -> Touches:
        """What reached each person."""
        return Touches(self.facts, (JOURNEY, STEP, DESK, CHANNEL))

    def of_cases(self) -> dict[str, Callable[[Lasting], list[str]]]:
        """Return how cases are told apart."""
        return {name: partial(self._of, dimension=name) for name in self.by}

    def _of(self, case: Lasting, dimension: str) -> list[str]:
        return self.touches.of(case, dimension)

    @cached_property
    def whole(self) -> Window:
        """The window that was asked for, else the whole log."""
        return self.window or Window(self.facts.begin, self.facts.cut)
