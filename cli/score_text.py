"""Who crosses the line of a score, as a report. Rule: a share stands with the numbers it is made of."""

from __future__ import annotations

from verbline.cli.pieces import Heading, Sentence, Table
from verbline.cli.plan_text import named
from verbline.cli.sums import counted

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from typing import Any

    from verbline.cli.pieces import Piece

    Row = Mapping[str, Any]

WAYS = {
    "now": "now",
    "no_longer": "no longer",
    "earlier": "earlier than before",
    "later": "later than before",
}
# Below so many people a share says nothing, and the numbers alone are told.
SHARE_MIN = 30


def pieces(found: Row) -> Iterator[Piece]:
    """Yield the report."""
    yield Heading(f"Scores, against {found['against']}", 1)
    log, people = found["log"], found["people"]
    yield Sentence(f"{counted(log['events'], 'event')}; {counted(people['after'], 'person', 'people')}.")  # fmt: skip
    if not found["lines"]:
        yield Sentence("No sentence asks for a score at a number; name a line with --line.")
    for one in found["lines"]:
        yield from of_line(one, found)


def of_line(one: Row, found: Row) -> Iterator[Piece]:
    """Yield what became of one line."""
    before, after = one["before"], one["after"]
    was = "" if before["line"] == after["line"] else f", was: {before['line']}"
    yield Heading(f"{one['score']} {after['line']}{was}")
    rows: list[tuple[str, str | int, str | int]] = [
        ("people who cross the line", before["crossed"], after["crossed"])
    ]
    if found["outcome"] is not None:
        within = f" within {counted(found['within_days'], 'day')}" if found["within_days"] else ""
        rows.append((f"of them with “{found['outcome']}” later{within}", share(before, "precision"), share(after, "precision")))  # fmt: skip
        rows.append((f"of those with “{found['outcome']}”, crossed before", share(before, "recall"), share(after, "recall")))  # fmt: skip
    yield Table(("", "before", "after"), rows)
    for way, words in WAYS.items():
        if one[way]:
            yield Sentence(f"{counted(len(one[way]), 'person crosses', 'people cross')} the line {words}: {named(one[way])}", is_entry=True)  # fmt: skip


def share(side: Row, name: str) -> str:
    """Return how many of how many, and the share where there are enough of them."""
    numbers: Sequence[int] | None = side.get(name)
    if numbers is None:
        return "nobody"
    part, whole = numbers
    told = f"{part:,} of {whole:,}"
    return f"{told} ({part / whole:.1%})" if whole >= SHARE_MIN else told
