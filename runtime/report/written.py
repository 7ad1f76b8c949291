"""A report as text for programs: JSON and CSV, and numbers as people read them. Rule: what is written says no more and no less than the figures.

In CSV a text that a spreadsheet would take for a formula begins with an apostrophe.
"""

from __future__ import annotations

import csv
import io
import json
from typing import NamedTuple

from verbline.runtime.report.figures import Bars, Curves, Figure, Heat, Section

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from verbline.runtime.report.report import Report

FORMAT = 1
COLUMNS = (
    "section",
    "figure",
    "label",
    "group",
    "value",
    "unit",
    "low",
    "high",
    "of",
    "target",
    "reached",
    "note",
)
# A spreadsheet takes what begins with one of these for a formula.
FORMULA = ("=", "+", "-", "@", "\t", "\r")
MINUTE, HOUR, DAY = 60, 3_600, 86_400


def as_json(report: Report) -> str:
    """Return the report as one JSON object."""
    head = report.head._asdict()
    window = head.pop("window")
    whole = {
        "format": FORMAT,
        **head,
        "by": list(report.head.by),
        "window": None if window is None else {"from": window[0], "until": window[1]},
        "sections": [json_section(one) for one in report.sections],
    }
    return json.dumps(whole, ensure_ascii=False, indent=1) + "\n"


def json_section(section: Section) -> dict[str, Any]:
    """Return a section as JSON has it."""
    return {
        "key": section.key,
        "title": section.title,
        "says": list(section.says),
        "figures": [json_figure(one) for one in section.figures],
        "lists": [
            {**one._asdict(), "columns": list(one.columns), "rows": [list(row) for row in one.rows]}
            for one in section.lists
        ],
        "plots": [json_plot(one) for one in section.plots],
    }


def json_figure(figure: Figure) -> dict[str, Any]:
    """Return a figure as JSON has it; what it does not have is left out, but for its value."""
    told = figure._asdict() | {"group": dict(figure.group)}
    always = ("key", "label", "value", "unit")
    return {name: one for name, one in told.items() if name in always or one not in (None, "", {})}


def json_plot(plot: Bars | Curves | Heat) -> dict[str, Any]:
    """Return what a plot is drawn from; times are milliseconds."""
    match plot:
        case Bars():
            kind = "funnel" if plot.funnel else "bars"
            bars = [{"name": name, "count": count} for name, count in plot.bars]
            return {"kind": kind, "key": plot.key, "title": plot.title, "of": plot.of, "bars": bars}
        case Curves():
            curves = [
                {"name": name, "points": [list(point[:4]) for point in points]}
                for name, points in plot.curves
            ]
            start = {"start": plot.start, "end": plot.end}
            return {
                "kind": "curves",
                "key": plot.key,
                "title": plot.title,
                **start,
                "curves": curves,
            }
        case Heat():
            cells = [list(row) for row in plot.cells]
            return {
                "kind": "heat",
                "key": plot.key,
                "title": plot.title,
                "of": plot.of,
                "cells": cells,
            }


def as_csv(report: Report) -> str:
    """Return the figures as CSV, one a line, under a line of names."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    for section in report.sections:
        for one in section.figures:
            reached = "" if one.reached is None else "yes" if one.reached else "no"
            group = "; ".join(f"{name}: {value}" for name, value in one.group.items())
            texts = [plain(text) for text in (section.key, one.key, one.label, group)]
            numbers = [number(one.value), plain(one.unit), number(one.low), number(one.high)]
            of = "" if one.of is None else str(one.of)
            writer.writerow([*texts, *numbers, of, plain(one.target), reached, plain(one.note)])
    return out.getvalue()


def plain(text: str) -> str:
    """Return a text that no spreadsheet takes for a formula."""
    return f"'{text}" if text.startswith(FORMULA) else text


def number(value: float | None) -> str:
    """Return a number as programs read it."""
    return "" if value is None else f"{value:.12g}"


def amount(value: float, unit: str) -> str:
    """Return a value as people read it."""
    match unit:
        case "count":
            return f"{value:,.0f}"
        case "share":
            return f"{value:.1%}"
        case "difference of shares":
            return f"{value * 100:+.1f} points"
        case "seconds":
            return length(value)
        case "working seconds":
            return (
                f"{value / HOUR:,.1f} working hours"
                if value >= HOUR
                else f"{value / MINUTE:.0f} working minutes"
            )
        case "number":
            return f"{value:,.4g}"
        case _:
            return f"{value:,.2f} {unit}"


def length(seconds: float) -> str:
    """Return a length of time in the unit that fits it."""
    if seconds >= 2 * DAY:
        return f"{seconds / DAY:,.1f} days"
    if seconds >= 2 * HOUR:
        return f"{seconds / HOUR:.1f} hours"
    if seconds >= 2 * MINUTE:
        return f"{seconds / MINUTE:.0f} minutes"
    return f"{seconds:.0f} s"


def value_text(figure: Figure) -> str:
    """Return the value of a figure, or a dash where it cannot be told."""
    return "–" if figure.value is None else amount(figure.value, figure.unit)


def bounds_text(figure: Figure) -> str:
    """Return the 95 % interval of a figure; a bound that the data do not give is open."""
    if figure.low is None and figure.high is None:
        return ""
    low = "…" if figure.low is None else amount(figure.low, figure.unit)
    high = "…" if figure.high is None else amount(figure.high, figure.unit)
    return f"{low} to {high}"


def reached_text(figure: Figure) -> str:
    """Return the target, and whether it is reached."""
    if not figure.target:
        return ""
    word = {True: "reached", False: "not reached", None: "not to be told yet"}[figure.reached]
    return f"{figure.target}: {word}"


class Pivot(NamedTuple):
    """Figures of groups side by side: the names of what they are told apart by, the labels, and a row for each group.

    Where they have little in common there are no labels, and each row is of one figure.
    """

    names: tuple[str, ...]
    labels: tuple[str, ...]
    rows: tuple[tuple[tuple[str, ...], tuple[Figure | None, ...]], ...]


def whole_figures(section: Section) -> list[Figure]:
    """Return the figures of a section that are told of everything."""
    return [one for one in section.figures if not one.group]


def pivots(section: Section) -> Iterator[Pivot]:
    """Yield the figures of groups, those told apart by the same together."""
    by_names: dict[tuple[str, ...], list[Figure]] = {}
    for one in section.figures:
        if one.group:
            by_names.setdefault(tuple(one.group), []).append(one)
    for names, figures in by_names.items():
        labels = {one.key: one.label for one in reversed(figures)}
        unlike = {one.key for one in figures if labels[one.key] != one.label}
        if unlike:
            yield Pivot(names, (), tuple((tuple(one.group.values()), (one,)) for one in figures))
            continue
        keys = tuple(dict.fromkeys(one.key for one in figures))
        rows: dict[tuple[str, ...], dict[str, Figure]] = {}
        for one in figures:
            rows.setdefault(tuple(one.group.values()), {})[one.key] = one
        yield Pivot(
            names,
            tuple(labels[key] for key in keys),
            tuple((group, tuple(row.get(key) for key in keys)) for group, row in rows.items()),
        )
