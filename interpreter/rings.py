"""Journeys that start each other in one instant, for ever. Rule: the whole project is walked through once, and what does not
lead back to itself is never looked at again.

A moment that many journeys signal and many start on is a node of its own: the joins grow with the text, not with its square.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import TypeAlias, TypeVar

    from verbline.interpreter.journeys import Journey, Journeys
    from verbline.interpreter.nodes import Sentence

    Node: TypeAlias = "Journey | str"  # a journey, or the first name of a moment
    Ring: TypeAlias = "list[tuple[Sentence, Journey]]"
    T = TypeVar("T")

# Of a larger knot of journeys only the ring of its first journey is told: to try them all would take too long.
KNOT_MAX = 100


def rings_of(journeys: Journeys) -> dict[Journey, Ring]:
    """Return, for each journey that is the first in its shortest ring, the steps and journeys that lead back to it at once."""
    follows = followers(journeys)
    found: dict[Journey, Ring] = {}
    for knot in knots(follows):
        inside = {node: [one for one in follows[node] if one in knot] for node in knot}
        ordered = sorted(
            (one for one in knot if not isinstance(one, str)), key=lambda one: one.place
        )
        for journey in ordered if len(ordered) <= KNOT_MAX else ordered[:1]:
            ring = shortest_ring(journey, inside)
            if all(other.place >= journey.place for _step, other in ring):
                found[journey] = ring
    return found


def followers(journeys: Journeys) -> dict[Node, list[Node]]:
    """Return what comes in the same instant: behind a journey moments and journeys, behind a moment those that it starts.

    A journey that lasts does not start a second time meanwhile, and one with a pause does not start again at once.
    """
    found: dict[Node, list[Node]] = {
        journey: [node for step in journey.steps_at_once for node in begun_by(step, journeys)]
        for journey in journeys.all
    }
    for moment, started in journeys.started_by.items():
        found[moment] = [other for other in started if may_start_again(other)]
    return found


def begun_by(step: Sentence, journeys: Journeys) -> Iterator[Node]:
    """Yield the moment that ``step`` signals, or the journey it continues with."""
    assert step.node is not None, "only understood steps are on a way"
    if step.shape == "signal":
        moment = journeys.call(step.node.text("moment"))
        yield from [moment] if moment in journeys.started_by else []
    else:
        other = journeys.by_name.get(step.node.text("journey"))
        yield from [other] if other is not None and may_start_again(other) else []


def may_start_again(journey: Journey) -> bool:
    """Return whether ``journey`` may start in the instant in which it has ended."""
    return journey.lacks("once_per", "again_after")


def knots(follows: Mapping[Node, list[Node]]) -> Iterator[set[Node]]:
    """Yield the sets of nodes in which each is reached from every other, and those that follow themselves."""
    for group in components(follows):
        if len(group) > 1 or any(node in follows[node] for node in group):
            yield group


def components(follows: Mapping[T, list[T]]) -> Iterator[set[T]]:
    """Yield all nodes, those in one set that are reached from each other; what follows a set comes before it (Tarjan 1972)."""
    order: dict[T, int] = {}
    least: dict[T, int] = {}
    waiting: dict[T, None] = {}
    for root in follows:
        walk = [] if root in order else [(root, iter(follows[root]))]
        while walk:
            node, rest = walk[-1]
            if node not in order:
                order[node] = least[node] = len(order)
                waiting[node] = None
            deeper = next((one for one in rest if not seen(node, one, order, least, waiting)), None)
            if deeper is not None:
                walk.append((deeper, iter(follows[deeper])))
                continue
            walk.pop()
            if walk:
                above = walk[-1][0]
                least[above] = min(least[above], least[node])
            if least[node] == order[node]:
                yield taken_back_to(node, waiting)


def seen(
    node: T, other: T, order: Mapping[T, int], least: dict[T, int], waiting: Mapping[T, None]
) -> bool:
    """Return whether ``other`` has been met before ``node`` leads to it; one that still waits is joined with ``node``."""
    if other in waiting:
        least[node] = min(least[node], order[other])
    return other in order


def taken_back_to(node: T, waiting: dict[T, None]) -> set[T]:
    """Take ``node`` and all that came to wait after it out of ``waiting``, and return them."""
    knot: set[T] = set()
    while node not in knot:
        knot.add(waiting.popitem()[0])
    return knot


def shortest_ring(journey: Journey, follows: Mapping[Node, list[Node]]) -> Ring:
    """Return the steps and journeys that lead from ``journey`` back to it; ``follows`` holds its knot, so there are some."""
    before: dict[Node, Node] = {}
    todo: list[Node] = [journey]
    for node in todo:
        if journey in before:
            break
        for other in follows[node]:
            if other not in before:
                before[other] = node
                todo.append(other)
    ring: Ring = []
    here: Node = journey
    while not ring or here is not journey:
        above = before[here]
        above = before[above] if isinstance(above, str) else above
        assert not isinstance(above, str), "a moment starts journeys only"
        assert not isinstance(here, str), "a moment starts journeys only"
        ring.append((step_to(above, here, before[here]), here))
        here = above
    return ring[::-1]


def step_to(journey: Journey, other: Journey, by: Node) -> Sentence:
    """Return the first step of ``journey`` that starts ``other``, ``by`` a moment or itself."""
    wanted = by if isinstance(by, str) else other
    return next(step for step in journey.steps_at_once if wanted in begun_by(step, journey.all))
