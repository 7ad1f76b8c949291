"""Where the boxes of a drawing stand. Rule: every arrow leads down, but for those that lead back; who follows from the same stands side by side.

    arrows -> without rings -> layers -> places between, where an arrow passes a layer -> order in each layer -> x and y

An arrow that passes layers gets a place in each, so that it leads between the boxes and not through them.
"""

from __future__ import annotations

from itertools import pairwise
from typing import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from typing import TypeAlias

    Arrow: TypeAlias = "tuple[str, str]"
    Point: TypeAlias = "tuple[float, float]"

# Between boxes of a layer, and between layers; what a place between is wide.
GAP, LAYER_GAP, BETWEEN = 28.0, 56.0, 12.0
MARGIN = 16.0
# How often the order of the layers, and their places, are looked at again.
SWEEPS, SHIFTS = 8, 12


class Size(NamedTuple):
    """How large a box is."""

    width: float
    height: float


class Placed(NamedTuple):
    """A box: its middle, and how large it is."""

    x: float
    y: float
    width: float
    height: float


class Layout(NamedTuple):
    """Where everything stands: boxes by name, the points that each arrow leads through, and how large all of it is."""

    boxes: Mapping[str, Placed]
    arrows: Mapping[Arrow, Sequence[Point]]
    width: float
    height: float


class Layers:
    """A layout on its way."""

    def __init__(self, sizes: Mapping[str, Size], arrows: Iterable[Arrow]) -> None:
        self.sizes = dict(sizes)
        self.arrows = [one for one in dict.fromkeys(arrows) if one[0] != one[1]]
        self.rings = [one for one in dict.fromkeys(arrows) if one[0] == one[1]]
        back = backward(self.sizes, self.arrows)
        self.back = [one for one in self.arrows if one in back]
        self.down = [one for one in self.arrows if one not in back]
        self.layer = layers_of(self.sizes, self.down)
        self.ways: dict[Arrow, list[str]] = {}
        self._fill()
        count = max(self.layer.values(), default=-1) + 1
        self.rows = [[name for name in self.sizes if self.layer[name] == one] for one in range(count)]  # fmt: skip
        self.above: dict[str, list[str]] = {name: [] for name in self.sizes}
        self.below: dict[str, list[str]] = {name: [] for name in self.sizes}
        for way in self.ways.values():
            for one, other in pairwise(way):
                self.below[one].append(other)
                self.above[other].append(one)

    def _fill(self) -> None:
        """Give each arrow that passes layers a place in each."""
        for start, end in self.down:
            between = []
            for layer in range(self.layer[start] + 1, self.layer[end]):
                name = f"{start} {end} {layer}"
                self.sizes[name] = Size(BETWEEN, 0.0)
                self.layer[name] = layer
                between.append(name)
            self.ways[start, end] = [start, *between, end]

    def order(self) -> None:
        """Bring those of a layer near to those that they follow and lead to, so that few arrows cross."""
        for sweep in range(SWEEPS):
            rows, near = (self.rows[1:], self.above) if sweep % 2 == 0 else (self.rows[-2::-1], self.below)  # fmt: skip
            for row in rows:
                place = {name: float(at) for layer in self.rows for at, name in enumerate(layer)}
                middle = {name: mean([place[one] for one in near[name]], place[name]) for name in row}  # fmt: skip
                row.sort(key=middle.__getitem__)  # who is equal stays in order

    def across(self) -> dict[str, float]:
        """Return where the middle of each stands from left to right."""
        found: dict[str, float] = {}
        for row in self.rows:
            left = 0.0
            for name in row:
                found[name] = left + self.sizes[name].width / 2
                left += self.sizes[name].width + GAP
        for shift in range(SHIFTS):
            down = shift % 2 == 0
            for row in self.rows if down else self.rows[::-1]:
                near = self.above if down else self.below
                wanted = [mean([found[one] for one in near[name]], found[name]) for name in row]
                self._settle(row, wanted, found)
        left = min((found[name] - self.sizes[name].width / 2 for name in found), default=0.0)
        return {name: x - left + MARGIN for name, x in found.items()}

    def _settle(self, row: list[str], wanted: list[float], found: dict[str, float]) -> None:
        """Put a row as near as can be to where it is wanted; nobody stands on another."""
        widths = [self.sizes[name].width for name in row]
        apart = [(one + other) / 2 + GAP for one, other in pairwise(widths)]
        to_left, to_right = list(wanted), list(wanted)
        for at in range(1, len(row)):
            to_left[at] = max(wanted[at], to_left[at - 1] + apart[at - 1])
        for at in range(len(row) - 2, -1, -1):
            to_right[at] = min(wanted[at], to_right[at + 1] - apart[at])
        for name, one, other in zip(row, to_left, to_right, strict=True):
            found[name] = (one + other) / 2

    def laid(self) -> Layout:
        """Return the layout."""
        self.order()
        xs = self.across()
        boxes: dict[str, Placed] = {}
        top = MARGIN
        for row in self.rows:
            high = max((self.sizes[name].height for name in row), default=0.0)
            for name in row:
                boxes[name] = Placed(xs[name], top + high / 2, *self.sizes[name])
            top += high + LAYER_GAP
        right = max((one.x + one.width / 2 for one in boxes.values()), default=0.0)
        arrows = {arrow: through([boxes[one] for one in way]) for arrow, way in self.ways.items()}
        for number, arrow in enumerate((*self.back, *self.rings)):
            lane = right + MARGIN * (number + 1)
            arrows[arrow] = around(boxes[arrow[0]], boxes[arrow[1]], lane)
        width = right + MARGIN * (len(self.back) + len(self.rings) + 1)
        there = {name: one for name, one in boxes.items() if " " not in name}
        return Layout(there, arrows, width, top - LAYER_GAP + MARGIN)


def laid_out(sizes: Mapping[str, Size], arrows: Iterable[Arrow]) -> Layout:
    """Return where boxes of these sizes stand; no name has a blank in it."""
    return Layers(sizes, list(arrows)).laid()


def mean(numbers: Sequence[float], otherwise: float) -> float:
    """Return the middle of some numbers."""
    return sum(numbers) / len(numbers) if numbers else otherwise


def backward(names: Iterable[str], arrows: Sequence[Arrow]) -> set[Arrow]:
    """Return the arrows that lead back to where one came from."""
    following: dict[str, list[str]] = {}
    for start, end in arrows:
        following.setdefault(start, []).append(end)
    found: set[Arrow] = set()
    done: set[str] = set()
    for first in names:
        path = [(first, iter(following.get(first, ())))] if first not in done else []
        on_path = {first}
        while path:
            here, rest = path[-1]
            other = next(rest, None)
            if other is None:
                path.pop()
                on_path.discard(here)
                done.add(here)
            elif other in on_path:
                found.add((here, other))
            elif other not in done:
                path.append((other, iter(following.get(other, ()))))
                on_path.add(other)
    return found


def layers_of(names: Iterable[str], arrows: Sequence[Arrow]) -> dict[str, int]:
    """Return the layer of each: below all that lead to it. The arrows make no ring."""
    before: dict[str, list[str]] = {name: [] for name in names}
    for start, end in arrows:
        before[end].append(start)
    found: dict[str, int] = {}
    for first in before:
        stack = [first]
        while stack:
            here = stack[-1]
            open_ones = [one for one in before[here] if one not in found]
            if open_ones:
                stack += open_ones
            else:
                found[here] = max((found[one] + 1 for one in before[here]), default=0)
                stack.pop()
    return found


def through(way: Sequence[Placed]) -> list[Point]:
    """Return the points of an arrow from the foot of the first box to the head of the last."""
    first, last = way[0], way[-1]
    middle = [(one.x, one.y) for one in way[1:-1]]
    return [(first.x, first.y + first.height / 2), *middle, (last.x, last.y - last.height / 2)]


def around(start: Placed, end: Placed, lane: float) -> list[Point]:
    """Return the points of an arrow that leads back, along a lane at the right of everything."""
    away, back = start.y + start.height / 4, end.y - end.height / 4
    return [(start.x + start.width / 2, away), (lane, away), (lane, back), (end.x + end.width / 2, back)]  # fmt: skip
