"""The work of `verbline collisions`. Rule: the log is only read; the journeys run together, as they do live."""

from __future__ import annotations

import os
from pathlib import Path

from verbline.cli import WrongUsageError
from verbline.cli.pieces import Heading, Sentence, Table, write
from verbline.cli.plan_text import named
from verbline.cli.sums import counted

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from typing import Any

    from verbline.cli.pieces import Piece
    from verbline.cli.planning import Asked

    Row = Mapping[str, Any]

# So many rows of a kind are shown; JSON tells all.
ROWS = 20


def answer(asked: Asked, form: str, color: str) -> int:
    """Write where the journeys of a project meet; return 0, or 1 where the project has errors, which are then told."""
    from verbline.cli.plan_sides import Ask, ran
    from verbline.cli.planning import period_of
    from verbline.cli.programs import compiled
    from verbline.runtime.lines import LogError
    from verbline.runtime.plan.collisions import Collisions

    found = compiled(asked.project)
    if found is None:
        return 1
    period = period_of(asked, found)
    ask = Ask(os.path.abspath(found.reading.folder), period)
    try:
        [result] = ran([ask], [found], large=False)
    except LogError as error:
        raise WrongUsageError(str(error)) from error
    collisions = Collisions(found.program, result)
    collisions.look()
    project = Path(found.reading.folder).name
    write(collisions.form(), lambda told: pieces(told, project), form, color)
    return 0


def pieces(found: Row, project: str) -> Iterator[Piece]:
    """Yield the report."""
    yield Heading(f"Where the journeys of {project} meet", 1)
    events, people = counted(found["log"]["events"], "event"), counted(found["people"], "person", "people")  # fmt: skip
    yield Sentence(f"{events}; {people}; {counted(len(found['journeys']), 'journey')}.")
    if not any(found[name] for name in ("same_day", "offers", "desks", "starved")):
        yield Sentence("They meet in nobody: no day, no offer, no desk, no cap.")
        return
    priorities = {one["journey"]: one["priority"] for one in found["journeys"]}
    yield from same_day(found["same_day"], priorities)
    yield from offers(found["offers"])
    yield from desks(found["desks"])
    yield from starved(found["starved"], priorities)


def same_day(rows: Sequence[Row], priorities: Mapping[str, int]) -> Iterator[Piece]:
    """Yield the journeys that write to one person on one day."""
    if rows:
        yield Heading("Messages of two journeys on one day")
        yield Table(("journey", "journey", "people", "days", "whose left first"), [
            (prior(one["first"], priorities), prior(one["second"], priorities), one["people"], one["days"], first_of(one))
            for one in rows[:ROWS]
        ])  # fmt: skip
        yield from who(rows)


def first_of(row: Row) -> str:
    """Return how often whose message left first."""
    return ", ".join(f"{name} {number:,}" for name, number in row["served_first"].items() if number)


def prior(name: str, priorities: Mapping[str, int]) -> str:
    """Return a journey with its priority where it is not the usual one."""
    priority = priorities.get(name, 50)
    return name if priority == 50 else f"{name} (priority {priority})"


def offers(rows: Sequence[Row]) -> Iterator[Piece]:
    """Yield the different things that one person is offered on one day."""
    if rows:
        yield Heading("Different offers on one day")
        yield Table(("offer", "by journey", "offer", "by journey", "people", "days"), [
            (one["offer"], one["journey"], one["other_offer"], one["other_journey"], one["people"], one["days"])
            for one in rows[:ROWS]
        ])  # fmt: skip
        yield from who(rows)


def desks(rows: Sequence[Row]) -> Iterator[Piece]:
    """Yield the desks that two journeys hand tasks about one person on one day."""
    if rows:
        yield Heading("Tasks of two journeys for one desk, about one person on one day")
        yield Table(("desk", "journey", "journey", "people", "days"), [
            (one["desk"], one["first"], one["second"], one["people"], one["days"]) for one in rows[:ROWS]
        ])  # fmt: skip
        yield from who(rows)


def starved(rows: Sequence[Row], priorities: Mapping[str, int]) -> Iterator[Piece]:
    """Yield the journeys whose messages find a cap filled, and by whom."""
    if rows:
        yield Heading("Messages that found a cap filled")
        yield Table(("journey", "purpose", "message", "filled by", "people", "times"), [
            (prior(one["journey"], priorities), one["purpose"], one["verdict"], prior(one["by"], priorities) or "itself", one["people"], one["times"])
            for one in rows[:ROWS]
        ])  # fmt: skip
        yield from who(rows)


def who(rows: Sequence[Row]) -> Iterator[Piece]:
    """Yield who the first row is about, and how many rows are not shown."""
    yield Sentence(f"The first row: {named(rows[0]['ids'])}.")
    if len(rows) > ROWS:
        yield Sentence(f"And {len(rows) - ROWS:,} more rows; --format json tells all.")
