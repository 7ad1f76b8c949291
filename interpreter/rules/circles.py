"""Rules about several journeys and desks at once. Rule: one finding for what they do together, at the first of them."""

from __future__ import annotations

from verbline.interpreter.journeys import journeys_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from verbline.interpreter.names import Declaration
    from verbline.interpreter.problems import Problem
    from verbline.interpreter.rules import Rule
    from verbline.interpreter.view import View

# How many journeys of a ring are named.
SHOWN_MAX = 12


def circle(view: View) -> Iterator[Problem]:
    """F313: journeys that start each other, for ever, in one instant."""
    for journey in journeys_of(view):
        ring = journey.all.rings.get(journey) if journey.onward else None
        if ring is None:
            continue
        names = [f'"{other.name}"' for other in (journey, *(other for _step, other in ring))]
        if len(names) > SHOWN_MAX:
            names[SHOWN_MAX - 2 : -1] = ["…"]
        yield view.problem(
            "F313",
            ring[0][0],
            related=tuple(
                other.place for _step, other in ring[: SHOWN_MAX - 3] if other is not journey
            ),
            chain=" -> ".join(names),
        )


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
