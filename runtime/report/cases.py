"""Cases: what began, and how it ended. Rule: a case begins once and ends once, and what is open at the cut stays a case.

Two moments that carry the same number of a case, such as claim-number, belong together by it; others by the person. While a
case is open, another beginning of the same one is none of its own.
"""

from __future__ import annotations

from bisect import bisect_left
from typing import Any, NamedTuple, Protocol, TypeAlias

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from verbline.runtime.report.run import Facts

    # What a case is told by: the number that it bears, or the person.
    Key: TypeAlias = "str | int"

PEOPLE = ""
NEVER = -1 << 62


class Occasion(NamedTuple):
    """Something that happened, in a case of somebody: ``values`` are those of the fields that are kept."""

    at: int
    known: int
    person: int
    key: Key
    values: tuple[Any, ...]


class Case(NamedTuple):
    """A case: its beginning, and its end (the place of the kind of end from 1 on, 0 while it is open).

    ``until`` is when it is over for who counts it, though it did not end.
    """

    start: Occasion
    way: int
    end: Occasion | None
    until: int | None = None

    def lasted(self, cut: int) -> int:
        """Return how long it lasted, or has lasted by the cut."""
        return max(0, (cut if self.end is None else self.end.at) - self.start.at)


class Lasting(Protocol):
    """What begins, and ends or is open."""

    @property
    def start(self) -> Occasion:
        """Its beginning."""

    @property
    def end(self) -> Occasion | None:
        """Its end."""


def over_at(case: Lasting, cut: int) -> int:
    """Return until when a case is looked at: its end, or when it is over for who counts it, or the cut."""
    if case.end is not None:
        return case.end.at
    until = getattr(case, "until", None)
    return cut if until is None else min(cut, until)


def field_of(facts: Facts, moments: Iterable[str], wanted: str = "") -> str:
    """Return the field by which ``moments`` belong together: one that numbers cases and that all carry, else none."""
    shared = [set(facts.notes.fields[name]) for name in moments]
    listed = (wanted, *facts.roles.cases) if wanted else facts.roles.cases
    return next((field for field in listed if all(field in one for one in shared)), PEOPLE)


def occasions(facts: Facts, moment: str, field: str = PEOPLE) -> list[Occasion]:
    """Return what ``moment`` brought, in the order of time; one without a number of its case is left out."""
    known = facts.ordered.get((moment, field))
    if known is None:
        known = facts.ordered[moment, field] = ordered(facts, moment, field)
    return known


def ordered(facts: Facts, moment: str, field: str) -> list[Occasion]:
    """Return the same, made anew."""
    place = facts.notes.fields[moment].index(field) if field else -1
    numbers = facts.numbers
    happened = facts.notes.moments[moment]  # in the order of time, see `Book.join`
    if place < 0:
        return [
            Occasion(at, known, who := numbers[person], who, values)
            for at, known, person, values in happened
        ]
    return [
        Occasion(at, known, numbers[person], values[place], values)
        for at, known, person, values in happened
        if values[place] is not None
    ]


def instants(facts: Facts, noted: Iterable[tuple[int, int]]) -> list[Occasion]:
    """Return entries or labels as what happened to people."""
    now = facts.number
    found = [Occasion(at, at, now(person), now(person), ()) for at, person in noted]
    found.sort(key=lambda one: one.at)
    return found


def by_key(found: Iterable[Occasion]) -> dict[Key, list[Occasion]]:
    """Return occasions by their case, in the order of time."""
    cases: dict[Key, list[Occasion]] = {}
    for one in found:
        cases.setdefault(one.key, []).append(one)
    return cases


def first_after(found: Sequence[Occasion], at: int, known: int = NEVER) -> Occasion | None:
    """Return the first of some occasions, which are in the order of time, that is not before ``at``.

    Of one at that very instant the order in which things became known decides: it must not have been ``known`` before.
    """
    place = bisect_left(found, (at, known), key=lambda one: (one.at, one.known))
    return found[place] if place < len(found) else None


def paired(starts: Sequence[Occasion], ends: Sequence[Sequence[Occasion]]) -> list[Case]:
    """Return the cases: each beginning with the first end of any kind after it.

    What begins while the same case is open belongs to it.
    """
    closing = [by_key(one) for one in ends]
    cases: list[Case] = []
    open_until: dict[Key, float] = {}
    for start in starts:
        if start.at < open_until.get(start.key, start.at):
            continue
        best: Occasion | None = None
        way = 0
        for number, one in enumerate(closing, 1):
            end = first_after(one.get(start.key, ()), start.at, start.known)
            if end is not None and (best is None or end.at < best.at):
                best, way = end, number
        cases.append(Case(start, way, best))
        # What begins at the very instant of an end is a case of its own, unless the end is its own beginning.
        open_until[start.key] = float("inf") if best is None else max(best.at, start.at + 1)
    return cases


def once_each(starts: Iterable[Occasion]) -> list[Occasion]:
    """Return the first beginning of each case."""
    seen: dict[Key, Occasion] = {}
    for one in starts:
        seen.setdefault(one.key, one)
    return list(seen.values())
