"""Who is inside which version of which journey. Rule: whoever is there is counted, and what their record needs is named."""

from __future__ import annotations

from collections import Counter

from verbline.runtime.moulds import stands

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any, TypeAlias

    from verbline.runtime.moulds import Moulds

    # A journey, its version, and the identity of a step.
    Where: TypeAlias = "tuple[str, str, str]"


class Inside:
    """How many visits stand ``where``; ``needed`` are the versions without which the records of people cannot be read.

    Those are more where somebody was joined with another: what each of them was stands in the record too.
    """

    __slots__ = ("needed", "where")

    def __init__(self) -> None:
        self.where: Counter[Where] = Counter()
        self.needed: set[tuple[str, str]] = set()

    def of(self, journey: str, version: str) -> int:
        """Return how many people are inside a version."""
        return sum(
            number for where, number in self.where.items() if where[:2] == (journey, version)
        )


def inside_records(records: Iterable[bytes], moulds: Moulds | None = None) -> Inside:
    """Return who is inside, of the records of a store with these ``moulds``."""
    inside = Inside()
    for content in records:
        running, kept = stands(content, moulds or {})
        inside.where.update(running)
        inside.needed.update(where[:2] for where in running)
        inside.needed.update(where[:2] for where in kept)
    return inside


def inside_people(people: Iterable[Any]) -> Inside:
    """Return who is inside, of people in memory."""
    inside = Inside()
    for person in people:
        if person is None:
            continue
        if person.__class__ is tuple:  # kept by a mould
            inside.where.update(person[0].standing)
            inside.needed.update(where[:2] for where in person[0].standing)
            continue
        for visit in person.visits:
            inside.where[visit.journey, visit.version, visit.step.id] += 1
            inside.needed.add((visit.journey, visit.version))
        if person.parts is not None:
            inside.needed.update(
                (visit.journey, visit.version)
                for record in person.parts.people.values()
                for visit in record.visits
            )
    return inside
