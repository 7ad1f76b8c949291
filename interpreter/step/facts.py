"""What is remembered about a person. Rule: every source keeps its own claim; which one counts is chosen, never overwritten."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from verbline.interpreter.person.record import Person
    from verbline.interpreter.program.program import Program
    from verbline.interpreter.step.turn import Turn


def learn(turn: Turn, field: str, value: Any, source: str, happened: int) -> None:
    """Remember what ``source`` says ``field`` is since ``happened``."""
    person = turn.person
    claims = person.claims.get(field)
    if claims is None:
        claims = person.claims[field] = {}
    known = claims.get(source)
    if known is not None and known[1] > happened:
        return
    claims[source] = (value, happened)
    chosen = value if len(claims) == 1 else best(claims, turn.program.trusted.get(field, ()))
    if person.values.get(field) != chosen or field not in person.values:
        person.values[field] = chosen
        if field in turn.program.place_fields:
            person.zone = None


def best(claims: dict[str, tuple[Any, int]], trusted: tuple[str, ...]) -> Any:
    """Return the value that counts: of the first trusted system that said one, else the newest; ties by the source's name."""
    for source in trusted:
        if source in claims:
            return claims[source][0]
    return max((happened, source, value) for source, (value, happened) in sorted_claims(claims))[2]


def sorted_claims(claims: dict[str, tuple[Any, int]]) -> list[tuple[str, tuple[Any, int]]]:
    """Return the claims by source."""
    return sorted(claims.items(), key=lambda claim: claim[0])


def chosen_again(program: Program, person: Person) -> None:
    """Choose all values of ``person`` anew, after two people turned out to be one."""
    person.values = {
        field: best(claims, program.trusted.get(field, ()))
        for field, claims in sorted(person.claims.items())
    }
    person.zone = None
