"""Both lives of a few people who belong together, side by side. Rule: they are compared as two whole runs are.

What came before the versions could differ stands on both sides alike, and need not be looked at.
"""

from __future__ import annotations

from array import array

from verbline.runtime.plan.differing import Pair, Who, differing
from verbline.runtime.plan.outline import Outline

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from typing import Any

    from verbline.runtime.plan.differing import Difference, Spans
    from verbline.runtime.plan.lived import Numbering, Row
    from verbline.runtime.plan.outline import Deed


class Half:
    """One side: the records of those who are compared now, put into an outline where somebody asks for that."""

    __slots__ = ("_numbering", "_outline", "rows")

    def __init__(self, numbering: Numbering) -> None:
        self._numbering = numbering
        self.rows: Sequence[Row] = ()
        self._outline: Outline | None = None

    def take(self, rows: Sequence[Row]) -> None:
        """Take in the records of those who are compared next."""
        self.rows = rows
        self._outline = None

    @property
    def outline(self) -> Outline:
        """Their records, put together by person."""
        found = self._outline
        if found is None:
            found = self._outline = Outline()
            found.sites = self._numbering.sites
            found.take(self.rows)
            found.grouped()
            found.shared = array("I", map(self._numbering.table.__getitem__, found.site))
        return found

    def deeds(self, begin: int) -> list[Deed]:
        """Return the records from ``begin`` on as they are compared."""
        table = self._numbering.table
        return [(one[2], table[one[1]], one[4], one[5]) for one in self.rows[begin:]]


class Family(Pair):
    """The pair of those who are compared now: ``people``, of whose records so many are ``alike`` from the beginning."""

    __slots__ = ("_alike", "_people")

    def __init__(self, numbering: Numbering) -> None:
        self.before: Any = Half(numbering)
        self.after: Any = Half(numbering)
        self.renamed = {}
        self.sites = numbering.told
        self.groups = None
        self._people: Sequence[int] = ()
        self._alike = 0

    def take(
        self, people: Sequence[int], before: Sequence[Row], after: Sequence[Row], alike: int
    ) -> None:
        """Take in the records of both sides."""
        self._people, self._alike = people, alike
        self.before.take(before)
        self.after.take(after)

    def differences(
        self, progress: Callable[[], object] = bool
    ) -> Iterator[tuple[Difference, tuple[Spans, Spans]]]:
        """Yield those in whom the two sides differ, in the order of their numbers, and where their records stand."""
        if len(self._people) > 1:
            yield from super().differences(progress)
            return
        who = Who((self._people[0],), (self._people[0],))
        before, after = (one.deeds(self._alike) for one in (self.before, self.after))
        found = None if before == after else differing(who, before, after, self.sites)
        if found is not None:
            yield found, (whole(self.before.rows), whole(self.after.rows))


def whole(rows: Sequence[Row]) -> Spans:
    """Return where the records of somebody stand who is alone."""
    return ((0, len(rows)),) if rows else ()
