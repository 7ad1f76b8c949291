"""What is remembered about a person. Rule: every source keeps its own claim; which one counts is chosen, never overwritten."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from verbline.interpreter.person.record import Claim, Person
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
    claims[source] = (value, happened, person.next_serial())
    chosen = value if len(claims) == 1 else best(claims, turn.program.trusted.get(field, ()))
    if person.values.get(field) != chosen or field not in person.values:
        person.values[field] = chosen
        if field in turn.program.place_fields:
            person.zone = None


def best(claims: dict[str, Claim], trusted: tuple[str, ...]) -> Any:
    """Return the value that counts: of the first trusted system that said one, else the newest; of one instant the last."""
    for source in trusted:
        if source in claims:
            return claims[source][0]
    newest = max(claims, key=lambda source: (*claims[source][1:], source))
    return claims[newest][0]


def chosen_again(program: Program, person: Person) -> None:
    """Choose all values of ``person`` anew, after two people turned out to be one."""
    person.values = {
        field: best(claims, program.trusted.get(field, ()))
        for field, claims in sorted(person.claims.items())
    }
    person.zone = None
