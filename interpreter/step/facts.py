"""What is remembered about a person. Rule: every source keeps its own claim; which one counts is chosen, never overwritten."""

from __future__ import annotations

from verbline.interpreter.person.aside import NONE

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from verbline.interpreter.person.record import Claim, Person
    from verbline.interpreter.program.program import Program
    from verbline.interpreter.step.turn import Turn


def learn(turn: Turn, field: str, value: Any, source: str, happened: int) -> None:
    """Remember what ``source`` says ``field`` is since ``happened``."""
    person = turn.person
    known = person.claims
    claim = (source, value, happened, turn.order)
    chosen = value
    if known is NONE:
        person.claims = {field: (claim,)}
    elif field not in known:
        known[field] = (claim,)
    else:
        claims = known[field]
        if any(one[0] == source and one[2] > happened for one in claims):
            return
        known[field] = claims = (*(one for one in claims if one[0] != source), claim)
        chosen = best(claims, turn.program.trusted.get(field, ()))
    values = person.values
    if values is NONE:
        values = person.values = {}
    if field not in values or values[field] != chosen:
        values[field] = chosen
        if field in turn.program.place_fields:
            person.zone = None


def best(claims: tuple[Claim, ...], trusted: tuple[str, ...]) -> Any:
    """Return the value that counts: of the first trusted system that said one, else the newest; of one instant the last.

    ``claims`` stand in the order in which they were learned.
    """
    for source in trusted:
        for claim in claims:
            if claim[0] == source:
                return claim[1]
    return max(reversed(claims), key=learned)[1]


def learned(claim: Claim) -> tuple[int, int]:
    """Return what claims are ordered by: when it happened, and of one instant, when it was learned."""
    return claim[2], claim[3]


def chosen_again(program: Program, person: Person) -> None:
    """Choose all values of ``person`` anew, after two people turned out to be one."""
    person.values = {
        field: best(claims, program.trusted.get(field, ()))
        for field, claims in sorted(person.claims.items())
    }
    person.zone = None
