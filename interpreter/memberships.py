"""Segments that name each other: N110. Rule: whether somebody is in a segment never depends on itself."""

from __future__ import annotations

from verbline.interpreter.nodes import Node
from verbline.interpreter.places import lists_conditions

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from verbline.interpreter.nodes import Sentence
    from verbline.interpreter.problems import Problem
    from verbline.interpreter.view import View


def check_memberships(view: View) -> Iterator[Problem]:
    """Yield the segments that come back to themselves, each ring once: at its segment whose name comes first."""
    links = {
        name: [node.text("segment") for _sentence, node in named_in(one.sentence)]
        for names in view.project.index.used.values()
        for name, one in names.declared.get("segment", {}).items()
    }
    left = in_rings(links)
    for name, one in view.names.declared.get("segment", {}).items():
        if name not in left:
            continue
        ring = shortest_ring(name, left)
        if not ring or name != min(ring):
            continue
        for sentence, node in named_in(one.sentence):
            if node.text("segment") == ring[1]:
                shown = " → ".join(f'"{each}"' for each in ring)
                yield view.problem("N110", sentence, node.word("segment"), ring=shown)
                break


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


def in_rings(links: Mapping[str, list[str]]) -> dict[str, list[str]]:
    """Return the segments that may be in a ring: whoever leads nowhere, or only to such, is left out."""
    left = {name: [one for one in others if one in links] for name, others in links.items()}
    behind: dict[str, list[str]] = {name: [] for name in links}
    for name, others in left.items():
        for other in others:
            behind[other].append(name)
    counts = {name: len(others) for name, others in left.items()}
    done = [name for name, count in counts.items() if not count]
    for name in done:
        for one in behind[name]:
            counts[one] -= 1
            if not counts[one]:
                done.append(one)
    return {name: left[name] for name, count in counts.items() if count}


def shortest_ring(start: str, links: Mapping[str, list[str]]) -> list[str]:
    """Return the segments that lead from ``start`` back to it, both ends included; nothing where none do."""
    came_from: dict[str, str] = {}
    todo = [start]
    for name in todo:
        for other in links.get(name, ()):
            if other == start:
                ring = [start]
                while name != start:
                    ring.append(name)
                    name = came_from[name]  # noqa: PLW2901 - the way back, after which nothing is left to do
                return [start, *reversed(ring)]
            if other not in came_from:
                came_from[other] = name
                todo.append(other)
    return []
