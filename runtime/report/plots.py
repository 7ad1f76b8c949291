"""Plots as SVG. Rule: a plot has a title, names its axes and units, and whatever text it holds is only ever shown.

Colours stand in the style sheet of the page, so that a plot is readable in light and in dark.
"""

from __future__ import annotations

from html import escape
from math import ceil, floor, log10

from verbline.interpreter.zones import DAY, HOUR
from verbline.runtime.report.figures import Bars, Curves, Heat

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from verbline.runtime.report.estimate import Point

WIDTH = 680
WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
NAME_MAX = 44
BAR, STEP, NAMES, COUNTS = 20, 28, 270, 120
CELL = 24
LEFT, TOP, RIGHT, BOTTOM, HIGH = 52, 26, 16, 44, 220


def shown(text: str) -> str:
    """Return a text as markup shows it: signs that command are named, and nobody sees nothing."""
    return escape(
        "".join(sign if sign.isprintable() or sign == "\n" else "\ufffd" for sign in text),
        quote=True,
    )


def short(text: str) -> str:
    """Return a text that fits before a bar."""
    return text if len(text) <= NAME_MAX else text[: NAME_MAX - 1] + "…"


def svg(title: str, width: float, height: float, parts: Sequence[str]) -> str:
    """Return a drawing of so many points."""
    return (
        f'<svg viewBox="0 0 {width:g} {height:g}" width="{width:g}" height="{height:g}" role="img">'
        f"<title>{shown(title)}</title>{''.join(parts)}</svg>"
    )


def text(x: float, y: float, words: str, kind: str = "") -> str:
    """Return words at a place."""
    sort = f' class="{kind}"' if kind else ""
    return f'<text x="{x:g}" y="{y:g}"{sort}>{shown(words)}</text>'


def drawn(plot: Bars | Curves | Heat) -> str:
    """Return a plot as SVG."""
    match plot:
        case Bars():
            return bars(plot)
        case Curves():
            return curves(plot)
        case Heat():
            return heat(plot)


def caption(plot: Bars | Curves | Heat) -> tuple[str, str]:
    """Return the title of a plot and what its marks are."""
    match plot:
        case Bars():
            return (
                plot.title,
                f"{plot.of}; a pale rest was there one stage before" if plot.funnel else plot.of,
            )
        case Curves():
            return plot.title, "with 95 % intervals; what is still open counts as open"
        case Heat():
            return plot.title, f"{plot.of}, by the project's clock"


def bars(plot: Bars) -> str:
    """Return bars from left to right, one below the other; of a funnel with the share that is left."""
    largest = max((count for _name, count in plot.bars), default=0) or 1
    room = WIDTH - NAMES - COUNTS
    first = plot.bars[0][1] if plot.bars else 0
    parts, before = [], first
    for number, (name, count) in enumerate(plot.bars):
        y, long = number * STEP, room * count / largest
        words = f"{count:,}"
        if plot.funnel:
            parts.append(
                f'<rect class="lost" x="{NAMES}" y="{y}" width="{room * before / largest:.1f}" height="{BAR}"/>'
            )
            words += f"  ({count / first:.0%})" if first else ""
            before = count
        parts.append(f'<rect class="bar" x="{NAMES}" y="{y}" width="{long:.1f}" height="{BAR}"/>')
        parts += [
            text(NAMES - 8, y + 15, short(name), "end strong"),
            text(NAMES + 8 + long, y + 15, words),
        ]
    return svg(plot.title, WIDTH, max(1, len(plot.bars)) * STEP, parts)


def heat(plot: Heat) -> str:
    """Return counts by weekday and hour, the more the darker."""
    most = max((count for row in plot.cells for count in row), default=0) or 1
    parts = []
    for day, row in enumerate(plot.cells):
        parts.append(text(36, day * CELL + 16, WEEKDAYS[day], "end strong"))
        for hour, count in enumerate(row):
            kind = (
                f'class="cell" fill-opacity="{0.12 + 0.88 * count / most:.2f}"'
                if count
                else 'class="empty"'
            )
            place = (
                f'x="{44 + hour * CELL}" y="{day * CELL}" width="{CELL - 2}" height="{CELL - 2}"'
            )
            told = f"{WEEKDAYS[day]} {hour:02}:00, {count:,} {plot.of}"
            parts.append(f"<rect {kind} {place}><title>{shown(told)}</title></rect>")
    parts += [
        text(44 + hour * CELL + 11, 7 * CELL + 14, f"{hour:02}", "middle")
        for hour in range(0, 24, 3)
    ]
    parts.append(text(44 + 12 * CELL, 7 * CELL + 32, "hour of the day", "middle"))
    parts.append(text(44 + 24 * CELL, 7 * CELL + 32, f"darkest: {most:,}", "end"))
    return svg(plot.title, 44 + 24 * CELL, 7 * CELL + 40, parts)


def ticks(end: float) -> list[float]:
    """Return round numbers from 0 to ``end``, about six."""
    if end <= 0:
        return [0.0]
    raw = end / 5
    size: float = 10 ** floor(log10(raw))
    step = next(size * one for one in (1, 2, 5, 10) if size * one >= raw)
    return [
        number * step for number in range(ceil(end / step) + 1) if number * step <= end * 1.0001
    ]


def curves(plot: Curves) -> str:
    """Return steps over time with their intervals, and the axes."""
    unit, name = (DAY, "days") if plot.end >= 2 * DAY else (HOUR, "hours")
    end = max(plot.end, 1)
    wide = WIDTH - LEFT - RIGHT

    def x(time: float) -> float:
        return LEFT + wide * min(time, end) / end

    def y(share: float) -> float:
        return TOP + HIGH * (1 - share)

    parts = list(frame(plot, end / unit, name))
    for number, (label, points) in enumerate(plot.curves):
        steps = [point for point in points if point.at <= end]
        kind = min(number, 1)
        low = path([(x(at), y(share)) for at, share in stairs(steps, plot.start, end, 2)])
        high = path(
            [(x(at), y(share)) for at, share in reversed(stairs(steps, plot.start, end, 3))]
        )
        parts.append(f'<path class="band{kind}" d="{low}{high.replace("M", "L", 1)}Z"/>')
        main = stairs(steps, plot.start, end, 1)
        parts.append(
            f'<path class="curve{kind}" d="{path([(x(at), y(share)) for at, share in main])}"/>'
        )
        over = -6 if main[-1][1] < 0.9 else 14
        parts.append(text(WIDTH - RIGHT - 4, y(main[-1][1]) + over, label, "end strong"))
    return svg(plot.title, WIDTH, TOP + HIGH + BOTTOM, parts)


def frame(plot: Curves, end: float, unit: str) -> Iterator[str]:
    """Yield the axes of curves, with their ticks and names."""
    wide, low = WIDTH - LEFT - RIGHT, TOP + HIGH
    for share in (0, 0.25, 0.5, 0.75, 1):
        y = TOP + HIGH * (1 - share)
        yield f'<path class="grid" d="M{LEFT} {y:g}H{WIDTH - RIGHT}"/>'
        yield text(LEFT - 6, y + 4, f"{share:.0%}", "end")
    for tick in ticks(end):
        yield text(LEFT + wide * tick / end, low + 16, f"{tick:,g}", "middle")
    yield f'<path class="axis" d="M{LEFT} {TOP}V{low}H{WIDTH - RIGHT}"/>'
    yield text(0, 13, "share of cases")
    since = plot.axis.removeprefix("days").strip()
    yield text(LEFT + wide / 2, low + 36, f"{unit} {since}".strip(), "middle")


def stairs(
    points: Sequence[Point], start: float, end: float, which: int
) -> list[tuple[float, float]]:
    """Return the corners of a curve that keeps its value until the next point; ``which`` is the estimate or a bound."""
    found = [(0.0, start)]
    for point in points:
        found += [(float(point.at), found[-1][1]), (float(point.at), float(point[which]))]
    return [*found, (end, found[-1][1])]


def path(corners: Sequence[tuple[float, float]]) -> str:
    """Return corners as the outline of a path."""
    return "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in corners)
