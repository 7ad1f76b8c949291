"""Rules about several journeys and desks at once. Rule: one finding for what they do together, at the first of them."""

from __future__ import annotations

from verbline.interpreter.journeys import journeys_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from verbline.interpreter.journeys import Journey
    from verbline.interpreter.names import Declaration
    from verbline.interpreter.nodes import Sentence
    from verbline.interpreter.problems import Problem
    from verbline.interpreter.rules import Rule
    from verbline.interpreter.view import View


def circle(view: View) -> Iterator[Problem]:
    """F313: journeys that start each other, for ever, in one instant."""
    for journey in journeys_of(view):
        if not journey.onward:
            continue
        ring = shortest_ring(journey)
        if ring is None or any(other.place < journey.place for _step, other in ring):
            continue
        chain = " -> ".join(
            f'"{other.name}"' for other in (journey, *(other for _step, other in ring))
        )
        yield view.problem(
            "F313",
            ring[0][0],
            related=tuple(other.place for _step, other in ring if other is not journey),
            chain=chain,
        )


def shortest_ring(journey: Journey) -> list[tuple[Sentence, Journey]] | None:
    """Return the steps and journeys that lead from ``journey`` back to it at once, or None.

    A journey that lasts does not start a second time meanwhile, and one with a pause does not start again at once.
    """
    found: dict[Journey, list[tuple[Sentence, Journey]]] = {journey: []}
    todo = [journey]
    while todo:
        here = todo.pop(0)
        for step, other in here.started_at_once:
            if not other.lacks("once_per", "again_after"):
                continue
            if other is journey:
                return [*found[here], (step, other)]
            if other not in found:
                found[other] = [*found[here], (step, other)]
                todo.append(other)
    return None


def two_voices(view: View) -> Iterator[Problem]:
    """F314: two journeys write to the same people about the same moment."""
    for journey in journeys_of(view):
        for line, _moment in journey.starts:
            other = journey.all.echoes.get(line)
            if other is not None and line.node is not None:
                word = line.node.word("moment")
                yield view.problem(
                    "F314", line, word, related=(other.place,), moment=word.text, other=other.name
                )


def desks_in_a_ring(view: View) -> Iterator[Problem]:
    """F318: desks that back each other up, so that a task nobody takes goes round."""
    desks = view.project.journeys.declared("desk")
    for desk in view.of("backed_up"):
        above = desk.parent
        if above is None or above.node is None or desk.node is None:
            continue
        chain = backing(above.node.text("name"), desks)
        own = (view.path, above.number)
        if chain and own == min(place(one) for one in chain):
            names = " -> ".join(f'"{one.name}"' for one in (*chain, chain[0]))
            related = tuple(place(one) for one in chain[1:])
            yield view.problem("F318", desk, desk.node.word("desk"), related=related, chain=names)


def place(desk: Declaration) -> tuple[str, int]:
    """Return where a desk is declared."""
    return desk.file.path, desk.sentence.number


def backing(name: str, desks: Mapping[str, Declaration]) -> list[Declaration]:
    """Return the desks from ``name`` round to itself, none where the chain has an end."""
    chain: dict[str, Declaration] = {}
    here = desks.get(name)
    while here is not None and here.name not in chain:
        chain[here.name] = here
        backs = here.sentence.first("backed_up")
        here = desks.get(backs.text("desk")) if backs else None
    return list(chain.values()) if here is not None and here.name == name else []


RULES: Mapping[str, Rule] = {"F313": circle, "F314": two_voices, "F318": desks_in_a_ring}
