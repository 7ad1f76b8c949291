"""One slip: two of first name, surname and date of birth are the same, and the third is one slip of the pen away.

Rule: the answer is that of comparing everybody with everybody, and the order in which people come changes nothing of it.

A slip is one letter too many, too few or another, two neighbours that changed places, or in a date the day and the month.
People are looked up by the two that are the same. Where many share those, they are looked up by what is left of the third
when any one letter is left out, which two values one slip apart have in common.
"""

from __future__ import annotations

from collections import Counter

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from typing import TypeAlias

    # A first name, a surname and eight digits of a date.
    Named: TypeAlias = tuple[str, str, str]

FIRST, LAST, BIRTH = 0, 1, 2
PARTS = ("first-name", "last-name", "birth-date")
# Nothing is another: all three are the same.
NOTHING = 3
# So many are compared one by one before they are looked up by what is left.
FEW = 12
DATE = 8
# A slip in a shorter name makes another name: Jan and Jana, Ivo and Iva.
SHORTEST = 3


def one_slip(one: str, other: str) -> bool:
    """Return whether two values are one slip of the pen apart; the same value is not."""
    if len(one) > len(other):
        one, other = other, one
    if len(other) - len(one) > 1 or one == other:
        return False
    at = next((at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), len(one))
    if len(one) < len(other):
        return one[at:] == other[at + 1 :]
    if one[at + 1 :] == other[at + 1 :]:
        return True
    swapped = one[at : at + 2] == other[at : at + 2][::-1]
    return swapped and one[at + 2 :] == other[at + 2 :]


def near(part: int, one: str, other: str) -> bool:
    """Return whether two values of a part are one slip apart."""
    if part != BIRTH:
        return min(len(one), len(other)) >= SHORTEST and one_slip(one, other)
    return one_slip(one, other) or (one != other and other == turned(one))


def turned(date: str) -> str:
    """Return a date with its day and month exchanged."""
    return date[:4] + date[6:] + date[4:6]


def lefts(part: int, value: str) -> Iterator[str]:
    """Yield what a value has in common with every other that is one slip apart, and with itself."""
    yield value
    for at in range(len(value)):
        yield value[:at] + value[at + 1 :]
    if part == BIRTH:
        yield min(value, turned(value)) + "/"


class Group:
    """People in whom two parts are the same, by the third."""

    __slots__ = ("_by_left", "_people", "part")

    def __init__(self, part: int) -> None:
        self.part = part
        self._people: list[tuple[str, int]] = []
        self._by_left: dict[str, list[tuple[str, int]]] | None = None

    def add(self, value: str, person: int) -> Iterator[tuple[int, int]]:
        """Add a person, and yield those who are near, each with the part that is another."""
        part = self.part
        for other, number in self._near_enough(value):
            if number == person:
                continue
            if other == value:
                # Told by one of the three groups only.
                if part == BIRTH:
                    yield number, NOTHING
            elif near(part, value, other):
                yield number, part
        self._put(value, person)

    def _near_enough(self, value: str) -> Iterable[tuple[str, int]]:
        if self._by_left is None:
            return self._people
        lists = (self._by_left.get(left, ()) for left in lefts(self.part, value))
        return dict.fromkeys(one for found in lists for one in found)

    def _put(self, value: str, person: int) -> None:
        self._people.append((value, person))
        if self._by_left is None and len(self._people) > FEW:
            self._by_left = {}
            new = self._people
        else:
            new = self._people[-1:]
        if self._by_left is not None:
            for other, number in new:
                for left in lefts(self.part, other):
                    self._by_left.setdefault(left, []).append((other, number))


class Slips:
    """Everybody so far. A person may be added under several spellings."""

    __slots__ = ("_counts", "_groups", "_names", "_near")

    def __init__(self) -> None:
        self._groups: dict[tuple[int, str, str], Group] = {}
        self._counts: tuple[Counter[str], Counter[str], Counter[str]] = (Counter(), Counter(), Counter())  # fmt: skip
        self._near: tuple[dict[str, int], ...] = ({}, {}, {})
        self._names: tuple[dict[str, list[str]], ...] | None = None

    def add(self, person: int, named: Named) -> dict[int, int]:
        """Add somebody, and return those met before who may be the same: their numbers, and the part that is another."""
        self._names = None
        found: dict[int, int] = {}
        for part in (FIRST, LAST, BIRTH):
            self._counts[part][named[part]] += 1
            key = part, named[part - 1], named[part - 2]
            group = self._groups.get(key)
            if group is None:
                group = self._groups[key] = Group(part)
            for number, slip in group.add(named[part], person):
                found[number] = max(slip, found.get(number, slip))
        return found

    def by_chance(self, named: Named, slip: int) -> float:
        """Return how many people would be this near by chance, if names and dates had nothing to do with each other."""
        total = max(self._counts[BIRTH].total(), 1)
        expected = float(total)
        for part in (FIRST, LAST, BIRTH):
            many = self._nearby(part, named[part]) if part == slip else self._counts[part][named[part]]  # fmt: skip
            expected *= many / total
        return expected

    def _nearby(self, part: int, value: str) -> int:
        """Return how many people have a value one slip from ``value``, or itself."""
        if self._names is None:
            self._near = ({}, {}, {})
            self._names = tuple(by_left(part, counts) for part, counts in enumerate(self._counts))
        found = self._near[part].get(value)
        if found is None:
            names = self._names[part]
            others = {one for left in lefts(part, value) for one in names.get(left, ())}
            near_ones = [one for one in others if one == value or near(part, one, value)]
            found = self._near[part][value] = sum(self._counts[part][one] for one in near_ones)
        return found


def by_left(part: int, values: Iterable[str]) -> dict[str, list[str]]:
    """Return ``values`` by what is left of them when any one letter is left out."""
    found: dict[str, list[str]] = {}
    for value in values:
        for left in lefts(part, value):
            found.setdefault(left, []).append(value)
    return found
