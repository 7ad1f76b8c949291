"""Whose fates touch. Rule: two people who were ever one, or could both be reached at an address, belong together.

More may be put together than need be; nobody is ever taken apart.
"""

from __future__ import annotations

from array import array

SLOTS_MIN = 1 << 10
# Never nought, which says that a slot is free.
HASH = (1 << 64) - 1


class Kin:
    """People by their numbers, and who of them belongs together."""

    __slots__ = ("_above",)

    def __init__(self) -> None:
        self._above = array("I", (0,))

    def __len__(self) -> int:
        return len(self._above)

    def reach(self, number: int) -> None:
        """Take in everybody up to ``number``, each alone."""
        self._above.extend(range(len(self._above), number + 1))

    def eldest(self, number: int) -> int:
        """Return the lowest number among those who belong together with ``number``."""
        above = self._above
        while above[number] != number:
            above[number] = number = above[above[number]]
        return number

    def join(self, one: int, other: int) -> None:
        """Put two people together, and with them all who belong to them."""
        one, other = self.eldest(one), self.eldest(other)
        self._above[max(one, other)] = min(one, other)

    def families(self) -> dict[int, list[int]]:
        """Return those who are not alone, by the lowest number among them, each in the order of the numbers."""
        found: dict[int, list[int]] = {}
        for number, above in enumerate(self._above):
            if above != number:
                eldest = self.eldest(number)
                found.setdefault(eldest, [eldest]).append(number)
        return found


class Doors:
    """Who was first known at each address. An address is kept as a hash; two of one hash count as one address."""

    __slots__ = ("_free", "_hashes", "_people")

    def __init__(self) -> None:
        self._clear(SLOTS_MIN)

    def _clear(self, slots: int) -> None:
        self._hashes = array("Q", bytes(8 * slots))
        self._people = array("I", bytes(4 * slots))
        self._free = slots * 7 // 10

    def first(self, address: str, number: int) -> int:
        """Return who was known at ``address`` first; that is ``number`` where nobody was."""
        mark = hash(address) & HASH or 1
        slot = self._slot(mark)
        if not self._hashes[slot]:
            if not self._free:
                self._grow()
                slot = self._slot(mark)
            self._free -= 1
            self._hashes[slot], self._people[slot] = mark, number
        return self._people[slot]

    def _slot(self, mark: int) -> int:
        """Return where ``mark`` stands or is to stand."""
        hashes = self._hashes
        mask = len(hashes) - 1
        slot = mark & mask
        while hashes[slot] and hashes[slot] != mark:
            slot = slot + 1 & mask
        return slot

    def _grow(self) -> None:
        """Double the table."""
        hashes, people = self._hashes, self._people
        self._clear(2 * len(hashes))
        for mark, number in zip(hashes, people, strict=True):
            if mark:
                slot = self._slot(mark)
                self._hashes[slot], self._people[slot] = mark, number
                self._free -= 1
