"""The trace of a run of which numbers are served. Rule: a number counts what was written, so what was tried twice counts once."""

from __future__ import annotations

from collections import Counter
from typing import Any

from verbline.runtime.traces.traces import Traces

TYPE_CHECKING = False
if TYPE_CHECKING:
    from verbline.interpreter.person.record import Visit
    from verbline.interpreter.program.parts import Journey
    from verbline.interpreter.step.records import Record
    from verbline.interpreter.step.steps import Step
    from verbline.interpreter.step.turn import Turn
    from verbline.runtime.metrics import Metrics
    from verbline.runtime.store.writer import Writer
    from verbline.runtime.traces.tales import Related


class Metered(Traces):
    """Traces that tell ``metrics`` what stands in each batch, once it is written."""

    def __init__(self, writer: Writer, folder: str, metrics: Metrics) -> None:
        super().__init__(writer, folder)
        self._metrics = metrics
        # By journey, step, kind, verdict and reason.
        self._met: Counter[tuple[str, str, str, str, str]] = Counter()

    def take(self, record: Record) -> None:
        """Add a record to those of the batch."""
        super().take(record)
        self._met[record.journey, record.step, record.kind, record.verdict, record.reason] += 1

    def tell(  # noqa: PLR0917 - a sink is called with these, in this order
        self,
        turn: Turn,
        journey: Journey | None,
        visit: Visit | None,
        step: Step | None,
        kind: str,
        verdict: str,
        reason: str,
        more: dict[str, Any],
    ) -> None:
        """Add a record to those of the batch, from what a sink is told."""
        super().tell(turn, journey, visit, step, kind, verdict, reason, more)
        where = journey.name if journey else "", step.id if step else ""
        self._met[(*where, kind, verdict, reason)] += 1

    def relate(self, tale: Related, person: int, at: int, event: str, values: list[Any]) -> None:
        """Add what a tale tells of a person."""
        super().relate(tale, person, at, event, values)
        self._met.update(tale.met)

    def done(self) -> None:
        """Count what was written."""
        super().done()
        for labels, number in self._met.items():
            self._metrics.decided(labels, number)
        self._met.clear()


def traces_of(writer: Writer, folder: str, metrics: Metrics | None) -> Traces:
    """Return what takes the trace, and counts it where somebody wants the numbers."""
    return Traces(writer, folder) if metrics is None else Metered(writer, folder, metrics)
