"""What names and dates of birth say about two people. Rule: unknown is neither the same nor different."""

from __future__ import annotations

from verbline.runtime.identity.rules import NO, UNKNOWN, YES, table

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from verbline.runtime.identity.rules import Alike, Table


def compare(one: Iterable[object], other: Iterable[object]) -> int:
    """Return YES where two people share a value, NO where both have values and share none, else UNKNOWN."""
    first, second = set(one), set(other)
    if not first or not second:
        return UNKNOWN
    return YES if first & second else NO


class Likeness:
    """How the names and the birth of two people compare: each of the four is NO, UNKNOWN or YES."""

    __slots__ = ("birth", "first", "last", "whole")

    def __init__(self, same: Alike, fields: Iterable[str], table: Table) -> None:
        self.first = self.last = self.whole = self.birth = UNKNOWN
        for field in fields:
            for name in ("first", "last", "whole", "birth"):
                if field in getattr(table, name) and same(field) != UNKNOWN:
                    setattr(self, name, same(field))

    @property
    def contradicts(self) -> bool:
        """Whether both the name and the birth say that these are two people; either alone may be a slip or a marriage."""
        return self.birth == NO and self.other_name

    @property
    def other_name(self) -> bool:
        """Whether the names are those of two people: the first names, or without these all that is known."""
        if self.first != UNKNOWN:
            return self.first == NO
        names = {self.last, self.whole}
        return NO in names and YES not in names

    @property
    def agrees(self) -> bool:
        """Whether something is the same and nothing is different: enough to choose between those who share an address."""
        known = {self.first, self.last, self.whole, self.birth}
        return YES in known and NO not in known

    @property
    def corroborates(self) -> bool:
        """Whether the birth or the full name is the same and nothing is different: a second sign beside an address."""
        full = self.first == YES and self.last == YES
        return self.agrees and (full or self.whole == YES or self.birth == YES)


# A person beside an event that gives no name.
NOTHING_SAID = Likeness(lambda _field: UNKNOWN, (), table())
