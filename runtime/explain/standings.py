"""Where the visits of one person stand. Rule: read from the trace alone: a visit runs until a record says how it ended."""

from __future__ import annotations

from typing import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from verbline.runtime.explain.rows import Row

STANDS = {("wait", "held"), ("message", "held"), ("task", "taken"), ("version", "taken")}


class Visit(NamedTuple):
    """One visit: its id, whose, which journey in which version, its records, and how it ended; nothing while it runs."""

    id: str
    person: str
    journey: str
    version: str
    rows: Sequence[Row]

    @property
    def outcome(self) -> str:
        """How the visit ended; nothing while it runs."""
        row = self.ended
        return str(row.more.get("outcome", "")) if row is not None else ""

    @property
    def ended(self) -> Row | None:
        """The record that says how the visit ended; None while it runs, or where it goes on after it had ended by mistake."""
        turns = [row for row in self.rows if row.kind == "outcome" or (row.kind, row.verdict) == ("entry", "resumed")]  # fmt: skip
        return turns[-1] if turns and turns[-1].kind == "outcome" else None

    @property
    def stands(self) -> Row | None:
        """The record of the step at which the person stands; None where the visit is over."""
        if self.outcome:
            return None
        return next((row for row in reversed(self.rows) if (row.kind, row.verdict) in STANDS), None)


def visits_of(rows: Iterable[Row]) -> list[Visit]:
    """Return the visits that records tell of, in the order in which they began."""
    found: dict[str, list[Row]] = {}
    for row in rows:
        if row.visit:
            found.setdefault(row.visit, []).append(row)
    return [
        Visit(visit, ones[0].person, ones[0].journey, ones[-1].version, ones)
        for visit, ones in found.items()
    ]
