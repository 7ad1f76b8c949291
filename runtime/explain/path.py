"""A person's path through the drawing of a journey. Rule: a box is marked because a record names its line; an arrow, because both ends follow each other."""

from __future__ import annotations

from itertools import pairwise
from typing import NamedTuple

from verbline.interpreter.diagram import drawings
from verbline.runtime.explain.standings import visits_of
from verbline.runtime.pictures.svg import Marks, picture

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from verbline.interpreter.diagram import Drawing
    from verbline.runtime.explain.case import Case
    from verbline.runtime.explain.rows import Row
    from verbline.runtime.explain.standings import Visit

# So many visits are drawn at the most, the latest.
DRAWN = 12


class Path(NamedTuple):
    """One visit drawn: its id, the journey, and the picture."""

    visit: str
    journey: str
    svg: str


def paths_of(case: Case, journey: str = "") -> list[Path]:
    """Return the latest visits drawn, those of one ``journey`` where it is named; what has no text at hand is left out."""
    found: list[Path] = []
    for visit in reversed(visits_of(case.rows)):
        if journey in ("", visit.journey) and len(found) < DRAWN:
            drawing = drawing_of(case, visit)
            if drawing is not None:
                found.append(Path(visit.id, visit.journey, picture(drawing, marks_of(drawing, visit))))  # fmt: skip
    return found


def drawing_of(case: Case, visit: Visit) -> Drawing | None:
    """Return the drawing of a journey in the version of a visit; None where its text is not at hand."""
    there = case.texts.journey(visit.journey, visit.version)
    file = case.texts.file(visit.journey, visit.version, there[0]) if there is not None else None
    found = drawings(file, visit.journey) if file is not None else []
    return found[0] if found else None


def marks_of(drawing: Drawing, visit: Visit) -> Marks:
    """Return where a visit went in a drawing: boxes in their order, numbered, and the arrows between them."""
    way = list(way_of(drawing, visit))
    numbers: dict[str, list[str]] = {}
    for number, box in enumerate(way, 1):
        numbers.setdefault(box, []).append(str(number))
    arrows = {(start, end) for start, end, _text, _sure in drawing.arrows}
    walked = frozenset(pairwise(way)) & arrows
    stands = visit.stands
    here = box_of(drawing, stands) if stands is not None else ""
    notes = {box: ", ".join(found) for box, found in numbers.items()}
    return Marks(notes, frozenset(way), walked, {}, here)


def way_of(drawing: Drawing, visit: Visit) -> Iterator[str]:
    """Yield the boxes that a visit went through, each once for every time that it came there."""
    last = ""
    for row in visit.rows:
        box = box_of(drawing, row)
        if box and box != last:
            yield box
            last = box


def box_of(drawing: Drawing, row: Row) -> str:
    """Return the box that says the line of a record; of an entry, the start that fits its moment."""
    number = int(row.line.rpartition(":")[2] or 0)
    for box, line in drawing.lines.items():
        if line == number:
            return box
    if row.kind != "entry":
        return ""
    moment = str(row.more.get("moment", ""))
    first = list(drawing.lines)[:1]
    named = [name for name, _kind, text in drawing.boxes if moment and f'"{moment}"' in text]
    starts = [name for name in named if name in drawing.lines]
    return (starts or first or [""])[0]
