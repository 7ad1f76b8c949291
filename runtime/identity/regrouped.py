"""The people of one log by two rules. Rule: people are compared by the events that are theirs, never by their numbers.

Who is one person before and after, whatever the number, is not told. What is told stands with what speaks for it: what the
two people share, why they were joined, and what stands against it on the side where they are two.
"""

from __future__ import annotations

from collections import Counter
from typing import NamedTuple

from verbline.runtime.identity.told import HIDDEN

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import Any

    from verbline.runtime.identity.graph import Identity

# Why people were joined who were never two: an event said both at once.
AT_ONCE = "at_once"


class Group(NamedTuple):
    """People who are others afterwards: the numbers they bear ``before``, and those they bear ``after``."""

    before: tuple[int, ...]
    after: tuple[int, ...]

    @property
    def kind(self) -> str:
        """Merge, split, or regroup where it is neither."""
        if len(self.after) == 1:
            return "merge"
        return "split" if len(self.before) == 1 else "regroup"


class Regrouped(NamedTuple):
    """``groups`` of people who change; how many events ``found`` or ``lost`` the one person they are about."""

    groups: list[Group]
    found: int
    lost: int


def regrouped(
    sides: tuple[Identity, Identity], owners: tuple[Sequence[int], Sequence[int]]
) -> Regrouped:
    """Return what becomes of people; ``owners`` are the numbers that each event was about, 0 for nobody, on both sides."""
    before, after = sides
    pairs: Counter[tuple[int, int]] = Counter()
    for (one, other), number in Counter(zip(*owners, strict=True)).items():
        pairs[one and before.now(one), other and after.now(other)] += number
    found = sum(number for (one, other), number in pairs.items() if other and not one)
    lost = sum(number for (one, other), number in pairs.items() if one and not other)
    return Regrouped(list(groups_in([pair for pair in pairs if all(pair)])), found, lost)


def groups_in(pairs: Sequence[tuple[int, int]]) -> Iterator[Group]:
    """Yield the people who belong together by ``pairs``, those who stay one person left out; in the order before."""
    of_before: dict[int, set[int]] = {}
    of_after: dict[int, set[int]] = {}
    for one, other in pairs:
        of_before.setdefault(one, set()).add(other)
        of_after.setdefault(other, set()).add(one)
    left = set(of_before)
    for start in sorted(of_before):
        if start not in left:
            continue
        befores, afters, edge = {start}, set[int](), [start]
        while edge:
            for other in of_before[edge.pop()] - afters:
                afters.add(other)
                new = of_after[other] - befores
                befores |= new
                edge += new
        left -= befores
        if len(befores) > 1 or len(afters) > 1:
            yield Group(tuple(sorted(befores)), tuple(sorted(afters)))


def evidence(
    one: Identity, whole: Sequence[int], two: Identity, parts: Sequence[int]
) -> list[dict[str, Any]]:
    """Return for each pair of ``parts``, people by the rules of ``two``, what speaks for and against their being one.

    ``whole`` are the people that they are by the rules of ``one``. Pairs are the first with each other one.
    """
    joined = sorted({edge.how for person in whole for leaf in one.links.leaves(person) for edge in one.store.edges_of(leaf) if not edge.until})  # fmt: skip
    first, *others = parts
    return [
        {
            "people": [f"P{first}", f"P{other}"],
            "joined_by": joined or [AT_ONCE],
            "share": shared(two, first, other),
            "same": alike(two, first, other),
            "against": two.links.obstacle(two.links.portrait(first), two.links.portrait(other)) or None,
        }
        for other in others
    ]  # fmt: skip


def shared(identity: Identity, one: int, other: int) -> list[list[str]]:
    """Return the kinds and values of what two people hold."""
    store = identity.store
    both = {ident for _, ident in store.held(one)} & {ident for _, ident in store.held(other)}
    found = [list(store.ident(ident)) for ident in sorted(both)]
    return [pair for pair in found if not pair[0].startswith(HIDDEN)]


def alike(identity: Identity, one: int, other: int) -> list[str]:
    """Return the fields of name and birth in which two people have a value in common."""
    mine, theirs = identity.links.traits(one), identity.links.traits(other)
    return sorted(field for field in mine if mine[field] & theirs.get(field, set()))
