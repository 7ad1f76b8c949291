"""Segments that name each other: N110. Rule: whether somebody is in a segment never depends on itself."""

from __future__ import annotations

from verbline.interpreter.nodes import Node
from verbline.interpreter.places import lists_conditions
from verbline.interpreter.rings import components

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from verbline.interpreter.names import Names
    from verbline.interpreter.nodes import Sentence
    from verbline.interpreter.problems import Problem
    from verbline.interpreter.view import View


def check_memberships(view: View) -> Iterator[Problem]:
    """Yield the segments that come back to themselves, each circle once: at its segment whose name comes first."""
    circles = view.project.index.circles
    for name, one in view.names.declared.get("segment", {}).items():
        circle = circles.get(name)
        if circle is None:
            continue
        shown = " → ".join(f'"{each}"' for each in circle)
        sentence, node = next(
            (line, node)
            for line, node in named_in(one.sentence)
            if node.text("segment") == circle[1]
        )
        yield view.problem("N110", sentence, node.word("segment"), ring=shown)


def circles_in(used: Iterable[Names]) -> dict[str, list[str]]:
    """Return, by the name that comes first in it, the shortest way from that segment back to it; one for each knot."""
    links = {
        name: [node.text("segment") for _line, node in named_in(one.sentence)]
        for names in used
        for name, one in names.declared.get("segment", {}).items()
    }
    links = {name: [one for one in others if one in links] for name, others in links.items()}
    found = {}
    for knot in components(links):
        start = min(knot)
        inside = {name: [one for one in links[name] if one in knot] for name in knot}
        circle = way_back(start, inside)
        if circle:
            found[start] = circle
    return found


def named_in(segment: Sentence) -> list[tuple[Sentence, Node]]:
    """Return where the condition of a segment names a segment, with the line it stands in."""
    found = []
    left = segment.of("people_where")
    while left:
        line = left.pop(0)
        condition = line.node.parts.get("condition") if line.node else None
        if lists_conditions(line):
            left = [*line.of("condition"), *left]
        elif isinstance(condition, Node):
            found += [
                (line, one)
                for one in condition.walk()
                if isinstance(one, Node) and one.shape == "in_segment"
            ]
    return found


def way_back(start: str, links: Mapping[str, list[str]]) -> list[str]:
    """Return the segments that lead from ``start`` back to it, both ends included; nothing where none do."""
    came_from: dict[str, str] = {}
    todo = [start]
    for name in todo:
        for other in links[name]:
            if other not in came_from:
                came_from[other] = name
                todo.append(other)
    circle = [start] if start in came_from else []
    while circle and (len(circle) == 1 or circle[-1] != start):
        circle.append(came_from[circle[-1]])
    return circle[::-1]
