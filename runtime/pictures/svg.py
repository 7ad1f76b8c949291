"""A drawing as SVG. Rule: no text of anybody's becomes markup, nothing is loaded, and no style is asked for from outside.

Who was where, or how many, is shown by `Marks`: strong boxes and arrows, notes beside them.
"""

from __future__ import annotations

from html import escape
from itertools import pairwise
from textwrap import wrap
from typing import NamedTuple

from verbline.interpreter.diagram import BOX, CHOICE, END, UNCLEAR, visible
from verbline.runtime.pictures.layers import Size, laid_out

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from verbline.interpreter.diagram import Drawing
    from verbline.runtime.pictures.layers import Arrow, Placed, Point

# Of a letter, a line and the rim of a box, in pixels; how many letters a line has.
LETTER, LINE, RIM, WIDE = 7.0, 17.0, 11.0, 34
# The colours: of lines, of what was walked, of what is stood at, of texts and of the inside of boxes.
PALE, STRONG, HERE, INK, INSIDE, WALKED = "#8a94a0", "#0b6e4f", "#b3470b", "#1b2430", "#ffffff", "#e3f4ec"  # fmt: skip
FONT = "font-family='system-ui, sans-serif'"


class Marks(NamedTuple):
    """What is shown in a drawing beside what it is: notes on boxes and arrows, which of them are strong, and where somebody stands."""

    notes: Mapping[str, str] = {}
    strong: frozenset[str] = frozenset()
    walked: frozenset[Arrow] = frozenset()
    told: Mapping[Arrow, str] = {}
    here: str = ""


NO_MARKS = Marks()


def picture(drawing: Drawing, marks: Marks = NO_MARKS) -> str:
    """Return a drawing as an SVG element, with what is marked in it."""
    lines = {name: lines_of(text) for name, _kind, text in drawing.boxes}
    sizes = {name: size_of(lines[name], kind) for name, kind, _text in drawing.boxes}
    arrows = {(start, end): (text, sure) for start, end, text, sure in drawing.arrows}
    layout = laid_out(sizes, arrows)
    width, height = round(layout.width), round(layout.height)
    parts = [
        f"<svg xmlns='http://www.w3.org/2000/svg' role='img' viewBox='0 0 {width} {height}' width='{width}' height='{height}'>",
        f"<title>{shown(drawing.title)}</title>",
        *arrow_heads(),
    ]  # fmt: skip
    # What was walked lies above what was not.
    for arrow in sorted(arrows, key=marks.walked.__contains__):
        parts += arrow_of(arrow, layout.arrows[arrow], arrows[arrow], marks)
    for name, kind, _text in drawing.boxes:
        parts += box_of(name, kind, layout.boxes[name], lines[name], marks)
    for arrow, (text, _sure) in arrows.items():
        # What is told stands first: a long text is cut at its end.
        note = " · ".join(part for part in (marks.told.get(arrow, ""), text) if part)
        parts += label_of(layout.arrows[arrow], note) if note else []
    return "\n".join([*parts, "</svg>"]) + "\n"


def shown(text: str) -> str:
    """Return a text as it stands in markup: in one line, without signs that nobody sees."""
    return escape(visible(text), quote=True)


def lines_of(text: str) -> list[str]:
    """Return a text in lines that fit a box; what is longer than six is cut."""
    found = wrap(visible(text), WIDE, break_long_words=True) or [""]
    return found if len(found) <= 6 else [*found[:5], f"{found[5][: WIDE - 1]}…"]


def size_of(lines: Sequence[str], kind: str) -> Size:
    """Return how large a box is; those that are not square need room at their sides."""
    slant = 2 * RIM if kind in (CHOICE, UNCLEAR) else 0
    return Size(max(map(len, lines)) * LETTER + 2 * RIM + slant, len(lines) * LINE + 2 * RIM)


def arrow_heads() -> Iterator[str]:
    """Yield the heads of arrows, one for each colour."""
    yield "<defs>"
    for name, colour in (("pale", PALE), ("strong", STRONG)):
        yield (
            f"<marker id='{name}' viewBox='0 0 8 8' refX='7' refY='4' markerWidth='9' markerHeight='9' markerUnits='userSpaceOnUse' orient='auto'>"
            f"<path d='M0 0 L8 4 L0 8 z' fill='{colour}'/></marker>"
        )
    yield "</defs>"


def arrow_of(
    arrow: Arrow, points: Sequence[Point], said: tuple[str, bool], marks: Marks
) -> Iterator[str]:
    """Yield an arrow; one that is not sure is dashed."""
    strong = arrow in marks.walked
    colour, name, wide = (STRONG, "strong", 2.5) if strong else (PALE, "pale", 1.2)
    dashed = "" if said[1] else " stroke-dasharray='5 4'"
    yield (
        f"<path d='{path_of(points)}' fill='none' stroke='{colour}' stroke-width='{wide}'{dashed}"
        f" marker-end='url(#{name})'/>"
    )


def path_of(points: Sequence[Point]) -> str:
    """Return the path through some points, which bends where they do."""
    found = [f"M{points[0][0]:.1f} {points[0][1]:.1f}"]
    for (x, y), (to_x, to_y) in pairwise(points):
        half = (y + to_y) / 2
        if x == to_x or y == to_y:
            found.append(f"L{to_x:.1f} {to_y:.1f}")
        else:
            found.append(f"C{x:.1f} {half:.1f} {to_x:.1f} {half:.1f} {to_x:.1f} {to_y:.1f}")
    return " ".join(found)


def box_of(name: str, kind: str, at: Placed, lines: Sequence[str], marks: Marks) -> Iterator[str]:
    """Yield a box with its text, and what is noted at it."""
    colour = HERE if name == marks.here else STRONG if name in marks.strong else PALE
    inside = WALKED if name in marks.strong else INSIDE
    rim = f"fill='{inside}' stroke='{colour}' stroke-width='{1.2 if colour == PALE else 2.5}'"
    yield shape_of(kind, at, rim)
    top = at.y - (len(lines) - 1) * LINE / 2 + 4
    for number, line in enumerate(lines):
        yield text_at(at.x, top + number * LINE, line, INK, "middle", apart=False)
    note = marks.notes.get(name, "")
    if note:
        yield text_at(at.x - at.width / 2, at.y - at.height / 2 - 5, note, colour, "start")


def shape_of(kind: str, at: Placed, rim: str) -> str:
    """Return the rim of a box of its kind."""
    left, right = at.x - at.width / 2, at.x + at.width / 2
    top, foot = at.y - at.height / 2, at.y + at.height / 2
    if kind in (BOX, END):
        round_by = at.height / 2 if kind == END else 4
        return (
            f"<rect x='{left:.1f}' y='{top:.1f}' width='{at.width:.1f}' height='{at.height:.1f}'"
            f" rx='{round_by:.1f}' {rim}/>"
        )
    corners = [(left + RIM, top), (right - RIM, top), (right, at.y), (right - RIM, foot), (left + RIM, foot), (left, at.y)]  # fmt: skip
    if kind == UNCLEAR:
        corners = [(left + RIM, top), (right, top), (right - RIM, foot), (left, foot)]
    points = " ".join(f"{x:.1f},{y:.1f}" for x, y in corners)
    return f"<polygon points='{points}' {rim}/>"


def label_of(points: Sequence[Point], text: str) -> Iterator[str]:
    """Yield what is said at an arrow, near its beginning."""
    (x, y), (to_x, to_y) = points[0], points[1]
    short = visible(text)
    short = short if len(short) <= WIDE else f"{short[: WIDE - 1]}…"
    yield text_at(x + (to_x - x) * 0.5, y + (to_y - y) * 0.5 + 4, short, INK, "middle", small=True)


def text_at(
    x: float,
    y: float,
    text: str,
    colour: str,
    anchor: str,
    *,
    small: bool = False,
    apart: bool = True,
) -> str:
    """Return a text at a place; where it stands ``apart`` from boxes its rim is white, so that it can be read above lines."""
    size = 11 if small else 12
    rim = " stroke='#ffffff' stroke-width='3' paint-order='stroke'" if apart else ""
    return (
        f"<text x='{x:.1f}' y='{y:.1f}' {FONT} font-size='{size}' fill='{colour}' text-anchor='{anchor}'{rim}>"
        f"{shown(text)}</text>"
    )
