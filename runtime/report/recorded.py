"""What journeys decided, from the store of the runtime. Rule: what was decided then stands, by whatever version decided it.

Without a store the log is run again with the files of today, and what journeys did is what these files would have done. What
happened, and who people are, is the log's in both.
"""

from __future__ import annotations

from collections import Counter
from typing import NamedTuple

from verbline.runtime.explain.rows import Row
from verbline.runtime.report.noted import Seen

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from typing import Any

    from verbline.interpreter.person.record import Cause
    from verbline.runtime.report.run import Facts


class Somebody(NamedTuple):
    """Whose turn it was."""

    id: str
    number: int


class Stimulus(NamedTuple):
    """A turn, as far as its record tells of it."""

    now: int
    happened: int
    person: Somebody
    cause: Cause


class Stay:
    """A visit, as far as its records tell of it."""

    __slots__ = ("cause", "journey", "person", "started")

    def __init__(self, row: Row) -> None:
        self.journey = row.journey
        self.person = row.person
        self.started = row.at
        self.cause = row.cause


def from_store(facts: Facts, records: Iterable[Mapping[str, Any]]) -> Facts:
    """Return facts whose decisions are those of ``records``, up to the cut; the rest stays."""
    notes = facts.notes.undecided()
    steps = {
        step.id: step
        for journey in facts.program.journeys.values()
        for step in journey.steps.values()
    }
    visits: dict[str, Stay] = {}
    open_now: dict[str, str] = {}
    for told in records:
        row = Row(told)
        if row.at >= facts.cut:
            break
        if not row.journey or not row.visit:
            continue
        visit = visits.get(row.visit)
        if visit is None:
            visit = visits[row.visit] = Stay(row)
        step = None
        if row.step:
            known = steps.get(row.step)
            is_same = known is not None and known.line.endswith(row.line)
            late = getattr(known, "late", None)
            step = Seen(row.step, row.line, known.text if is_same and known else "", late)
        person = Somebody(row.person, int(row.person[1:]))
        turn = Stimulus(row.at, row.at, person, row.cause)
        more = dict(row.more)
        if step is None and row.line:
            more["line"] = row.line
        notes.record(turn, visit, step, row.kind, row.verdict, row.reason, more)
        note_inside(open_now, row)
    notes.join()
    return facts._replace(notes=notes, inside=Counter(open_now.values()), ordered={})


def note_inside(open_now: dict[str, str], row: Row) -> None:
    """Keep which visits are open."""
    if row.kind == "outcome":
        open_now.pop(row.visit, None)
    elif row.kind == "entry" and row.verdict in ("taken", "resumed"):
        open_now[row.visit] = row.journey
