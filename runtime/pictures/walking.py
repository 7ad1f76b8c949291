"""How many went which way through a journey, and where they stand. Rule: a box is counted when somebody comes there, an arrow when they go from one end to the other.

A step that leaves no record, such as ``go on``, is passed unseen: who is seen before and behind it has gone through it, where
only one way leads there.
"""

from __future__ import annotations

from collections import Counter

from verbline.interpreter.diagram import drawings
from verbline.runtime.pictures.svg import Marks, picture

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from typing import Any

    from verbline.interpreter.diagram import Drawing
    from verbline.interpreter.person.record import Person, Visit
    from verbline.interpreter.project import Project
    from verbline.runtime.pictures.layers import Arrow

# So many boxes are passed unseen at the most.
UNSEEN_MAX = 3


class Walks:
    """What the records of a run say about ways, from ``start`` on. Instants are milliseconds.

    Places are lines, such as ``file:12``; the place of who has just come in is the moment that led there, in brackets.
    """

    def __init__(self, start: int | None = None) -> None:
        self.start = start
        self._at: dict[Visit, str] = {}
        # By journey, the place before, nothing for whoever has just come in, and the place.
        self.went: Counter[tuple[str, str, str]] = Counter()
        self.stands: Counter[tuple[str, str]] = Counter()

    def take(
        self,
        turn: Any,
        visit: Any,
        step: Any,
        kind: str,
        verdict: str,
        more: dict[str, Any],
    ) -> None:
        """Take a record of a visit."""
        at = self._at
        enters = step is None and kind == "entry" and verdict == "taken"
        if enters:
            place = f"[{more.get('moment', '')}]"
        else:
            place = more.get("line") or ("" if step is None else step.line)
        before = at.get(visit, "")
        if place and (enters or before != place):
            at[visit] = place
            if self.start is None or turn.now >= self.start:
                way = visit.journey, before, place
                self.went[way] = self.went.get(way, 0) + 1
        if kind == "outcome":
            at.pop(visit, None)

    def add(self, other: Walks) -> None:
        """Add the ways of other people."""
        self.went += other.went
        self.stands += other.stands

    def forget(self) -> None:
        """Forget where people are to whom nothing more happens."""
        self._at.clear()

    def stand(self, people: Iterable[Person | None]) -> None:
        """Count where people stand at the end."""
        seen: set[int] = set()
        for person in people:
            if person is None or person.number in seen:
                continue
            seen.add(person.number)
            for visit in person.visits:
                if visit.step is not None:
                    self.stands[visit.journey, visit.step.line] += 1

    def marks(self, drawing: Drawing) -> Marks:
        """Return the counts as marks of a drawing."""
        name = drawing.title
        boxes = Boxes(drawing)
        came: Counter[str] = Counter()
        told: Counter[Arrow] = Counter()
        stands: Counter[str] = Counter()
        for (journey, _before, place), number in self.went.items():
            if journey == name and (box := boxes.of(place)):
                came[box] += number
        for (journey, place), number in self.stands.items():
            if journey == name and (box := boxes.of(place)):
                stands[box] += number
        for (journey, before, place), number in self.went.items():
            if journey == name and before:
                for arrow in boxes.way(boxes.of(before), boxes.of(place)):
                    told[arrow] += number
        for box, number in list(came.items()):
            for arrow, count in boxes.only(box, number, told).items():
                told[arrow] += count
                came[arrow[1]] += count
        notes = {box: note(came[box], stands[box]) for box in {*came, *stands}}
        numbers = {arrow: f"{number:,}" for arrow, number in told.items()}
        return Marks(notes, frozenset(came), frozenset(told), numbers)


def note(came: int, stand: int) -> str:
    """Return what is noted at a box."""
    return f"{came:,}" + (f", {stand:,} stand here" if stand else "")


class Boxes:
    """The boxes of a drawing, by the places that records name."""

    def __init__(self, drawing: Drawing) -> None:
        self._by_line = {line: box for box, line in reversed(drawing.lines.items())}
        self._following: dict[str, list[str]] = {}
        self._entered: set[str] = set()
        for start, end, _text, _sure in drawing.arrows:
            self._following.setdefault(start, []).append(end)
            self._entered.add(end)
        texts = {box: text for box, _kind, text in drawing.boxes}
        starts = [box for box in drawing.lines if box not in self._entered]
        self.starts = [(box, texts[box]) for box in starts]

    def of(self, place: str) -> str:
        """Return the box of a place, or nothing."""
        if place.startswith("["):
            named = f'"{place[1:-1]}"'
            fitting = [box for box, text in self.starts if named in text]
            return next(iter(fitting or [box for box, _text in self.starts]), "")
        line = place.rpartition(":")[2]
        return self._by_line.get(int(line), "") if line.isdecimal() else ""

    def way(self, start: str, end: str) -> Iterator[Arrow]:
        """Yield the arrows of the shortest way from one box to another; none where two are as short, or it is long."""
        ways = [[start]] if start and end else []
        for _unseen in range(UNSEEN_MAX + 1):
            ways = [[*way, other] for way in ways for other in self._following.get(way[-1], ())]
            there = [way for way in ways if way[-1] == end]
            if there:
                if len(there) == 1:
                    yield from zip(there[0], there[0][1:], strict=False)
                return

    def only(self, box: str, number: int, told: Counter[Arrow]) -> dict[Arrow, int]:
        """Return the count of the one arrow that leads from a box to which none leads: that of what stops a journey."""
        following = self._following.get(box, [])
        if box in self._entered or len(following) != 1 or told[box, following[0]]:
            return {}
        return {(box, following[0]): number}


def pictures(project: Project, walks: Walks) -> dict[str, str]:
    """Return the journeys of a project as SVG, by their names, with how many went which way."""
    return {
        drawing.title: picture(drawing, walks.marks(drawing))
        for file in project.files.values()
        for drawing in drawings(file)
    }
