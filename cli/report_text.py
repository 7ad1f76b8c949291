"""A report as text. Rule: a number stands beside what it is told of, and what cannot be told says why."""

from __future__ import annotations

from verbline.cli.output import COLORS
from verbline.runtime.report.written import (
    bounds_text,
    reached_text,
    value_text,
    whole_figures,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from verbline.runtime.report.figures import Bars, Figure, Listing, Section
    from verbline.runtime.report.report import Head, Report

LABEL_MAX = 72
BAR_WIDTH = 40


def text_of(report: Report, *, color: bool) -> str:
    """Return the whole report."""
    parts = ["\n".join(of_head(report.head))]
    parts += ["\n".join(of_section(one, color=color)) for one in report.sections]
    return "\n\n".join(parts) + "\n"


def of_head(head: Head) -> Iterator[str]:
    """Yield what the report is of."""
    events = f"{head.events:,} events from {head.first}, as known at {head.cut}"
    yield f"{clean(head.project or 'project')}: {events if head.events else 'no events'}"
    if head.window is not None:
        yield f"  window {head.window[0]} to {head.window[1]}"
    if head.by:
        yield f"  told apart by {', '.join(head.by)}"
    yield f"  zone {head.zone}; {head.calendar}"
    yield f"  program {head.program}, rules of who is who {head.identity}, metrics {head.metrics}"
    yield f"  no share is told of fewer than {head.minimum}; intervals are of 95 %"


def of_section(section: Section, *, color: bool) -> Iterator[str]:
    """Yield a section: what it says, its figures, those of groups, and its lists."""
    yield bold(clean(section.title)) if color else clean(section.title)
    for sentence in section.says:
        yield f"  {clean(sentence)}"
    yield from aligned([row_of(one) for one in whole_figures(section)], 2)
    for group, figures in groups_of(section).items():
        yield f"  {clean(group)}"
        yield from aligned([row_of(one) for one in figures], 4)
    for plot in section.plots:
        if plot.__class__.__name__ == "Bars":
            yield from bars_of(plot)  # type: ignore[arg-type]  # its class says so
    for one in section.lists:
        yield from list_of(one)


def groups_of(section: Section) -> dict[str, list[Figure]]:
    """Return the figures of groups, by how their group is called."""
    found: dict[str, list[Figure]] = {}
    for one in section.figures:
        if one.group:
            named = ", ".join(f"{name} {value}" for name, value in one.group.items())
            found.setdefault(named, []).append(one)
    return found


def row_of(figure: Figure) -> tuple[str, ...]:
    """Return a figure as cells: what it is, its value, its bounds, and what else there is to say."""
    of = f"of {figure.of:,}" if figure.of is not None and " of " not in figure.note else ""
    more = "; ".join(clean(part) for part in (of, reached_text(figure), figure.note) if part)
    label = clean(figure.label)
    return label[:LABEL_MAX], clean(value_text(figure)), clean(bounds_text(figure)), more


def aligned(rows: Sequence[tuple[str, ...]], indent: int) -> Iterator[str]:
    """Yield rows with their first three cells in columns."""
    if not rows:
        return
    widths = [max(len(row[place]) for row in rows) for place in range(3)]
    for label, value, bounds, more in rows:
        line = f"{label:<{widths[0]}}  {value:>{widths[1]}}  {bounds:<{widths[2]}}  {more}"
        yield " " * indent + line.rstrip()


def bars_of(plot: Bars) -> Iterator[str]:
    """Yield bars in signs."""
    largest = max((count for _name, count in plot.bars), default=0)
    if not largest:
        return
    yield f"  {clean(plot.title)} ({plot.of})"
    width = min(LABEL_MAX, max(len(clean(name)) for name, _count in plot.bars))
    for name, count in plot.bars:
        bar = "█" * round(BAR_WIDTH * count / largest)
        yield f"    {clean(name)[:width]:<{width}}  {count:>9,}  {bar}".rstrip()


def list_of(one: Listing) -> Iterator[str]:
    """Yield a list as columns."""
    yield f"  {clean(one.title)}"
    rows = [tuple(map(clean, row)) for row in (one.columns, *one.rows)]
    widths = [max(len(row[place]) for row in rows) for place in range(len(one.columns))]
    for row in rows:
        yield (
            "    "
            + "  ".join(
                f"{cell:<{width}}" for cell, width in zip(row, widths, strict=True)
            ).rstrip()
        )
    if one.more:
        yield f"    and {one.more:,} more"


def clean(text: str) -> str:
    """Return a text in one line, without signs that would command a terminal."""
    return "".join(sign if sign.isprintable() else "�" for sign in text)


def bold(text: str) -> str:
    """Return a title as a terminal shows it."""
    return f"\x1b[{COLORS['bold']}m{text}\x1b[0m"
