"""How well profiles fit the people behind them. Rule: only what one person alone has used is judged.

Precision: of all pairs of identifiers that a way puts into one profile, how many are one person's. Recall: of all pairs
that are one person's, how many are in one profile; an identifier that several hold is in the first one's. Counted are the
identifiers that one person alone has used, since those that people share belong to no one profile. "With others" are people
in whose profile stands what only somebody else uses, "strangers" those of them where that is somebody of another household.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import NamedTuple

Identifier = tuple[str, str]


class Owner(NamedTuple):
    """Somebody, and the first of their household."""

    who: int
    home: int


class Result(NamedTuple):
    """How one way did: its name, events a second, both shares, the identifiers of the biggest profile, mixed profiles, and
    how many people are in a profile with others, and with strangers.
    """

    name: str
    rate: float
    precision: float
    recall: float
    biggest: int
    mixed: int
    others: int
    strangers: int

    @property
    def f1(self) -> float:
        """The two shares as one."""
        together = self.precision + self.recall
        return 2 * self.precision * self.recall / together if together else 0.0

    def __str__(self) -> str:
        return (
            f"{self.name:11} {self.rate:10,.0f} {self.precision:10.4f} {self.recall:8.4f} {self.f1:8.4f}"
            f" {self.biggest:8,} {self.mixed:8,} {self.others:11,} {self.strangers:9,}"
        )


def pairs(counts: Iterable[int]) -> int:
    """Return how many pairs there are in groups of these sizes."""
    return sum(count * (count - 1) // 2 for count in counts)


def judged(
    name: str, rate: float, profiles: dict[Identifier, object], owners: dict[Identifier, Owner]
) -> Result:
    """Return how well profiles fit the people behind them; an identifier in no profile is alone."""
    found = {one: profiles.get(one, one) for one in owners}
    together = Counter((found[one], owner) for one, owner in owners.items())
    right = pairs(together.values())
    precision = right / max(pairs(Counter(found.values()).values()), 1)
    recall = right / max(pairs(Counter(owners.values()).values()), 1)
    biggest = max(Counter(profiles.values()).values(), default=0)
    return Result(name, rate, precision, recall, biggest, *company(found, owners))


def company(
    found: dict[Identifier, object], owners: dict[Identifier, Owner]
) -> tuple[int, int, int]:
    """Return how many profiles hold several people, how many people stand in one, and how many of them with strangers."""
    inside: dict[object, set[Owner]] = {}
    for one, owner in owners.items():
        inside.setdefault(found[one], set()).add(owner)
    mixed = [people for people in inside.values() if len(people) > 1]
    others = set[Owner]().union(*mixed)
    strange = [people for people in mixed if len({one.home for one in people}) > 1]
    return len(mixed), len(others), len(set[Owner]().union(*strange))
