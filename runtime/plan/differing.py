"""In whom two runs differ, and how. Rule: people are compared by all that a trace says of them, in whatever order it came.

A version, a line, the place of a step in its text are how a journey is written, not what happens to anybody. People who are
the same on both sides are compared one by one; where the rules of who is who differ, those who share events are compared
together.
"""

from __future__ import annotations

from array import array
from collections import Counter
from operator import itemgetter
from typing import NamedTuple

from verbline.runtime.identity.regrouped import groups_in

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from verbline.runtime.plan.outline import Deed, Outline, Site
    from verbline.runtime.plan.replay import Result
    from verbline.runtime.plan.sums import Renamed

# How somebody can differ, in the order in which it is told; a person may in several ways.
WAYS = (
    "more",
    "fewer",
    "other",
    "refusals",
    "waits",
    "outcomes",
    "tasks",
    "entries",
    "rest",
    "times",
)
OF_KIND = {"wait": "waits", "outcome": "outcomes", "task": "tasks", "entry": "entries"}

WHEN = itemgetter(0)
# Of whom one side alone can tell who it is.
NOBODY = "nobody"


class Who(NamedTuple):
    """Somebody by the numbers they bear on both sides: one and the same, but where the rules of who is who differ."""

    before: tuple[int, ...]
    after: tuple[int, ...]

    @property
    def name(self) -> str:
        """How they are called: by the numbers of the new side, with those of the old side where these are others."""
        after = ", ".join(f"P{one}" for one in self.after) or NOBODY
        before = ", ".join(f"P{one}" for one in self.before) or NOBODY
        return after if before == after else f"{after} (was {before})"


class Difference(NamedTuple):
    """One who differs: in which ways, and the records that only one side has."""

    who: Who
    ways: frozenset[str]
    lost: list[Deed]
    gained: list[Deed]


class Pair:
    """Two runs over one log. ``sites`` are those of both, under one numbering.

    ``groups`` are all people, where the rules of who is who differ. ``renamed`` are steps whose sentence has changed: the old
    side's are called as on the new one.
    """

    __slots__ = ("after", "before", "groups", "renamed", "sites")

    def __init__(self, before: Result, after: Result, renamed: Renamed) -> None:
        self.before = before
        self.after = after
        self.renamed = renamed
        self.sites: list[Site] = []
        self.groups: list[Who] | None = None
        old = before.outline
        old.sites = [
            one._replace(step=renamed.get((one.journey, one.step), one.step)) for one in old.sites
        ]
        self._number(before.outline, after.outline)
        if before.owners is not None and after.owners is not None:
            self.groups = list(related(before.owners, after.owners))

    def _number(self, *outlines: Outline) -> None:
        """Give the sites of both sides common numbers: what a trace says of them counts, not the sentence."""
        known: dict[tuple[object, ...], int] = {}
        for outline in outlines:
            table = []
            for site in outline.sites:
                number = known.setdefault(site.told, len(self.sites))
                if number == len(self.sites):
                    self.sites.append(site)
                table.append(number)
            outline.numbered(table)

    def couples(self) -> Iterator[tuple[Who, tuple[Spans, Spans]]]:
        """Yield everybody who has a record on some side, with where their records stand on both."""
        old = {person: (begin, end) for person, begin, end in self.before.outline.spans()}
        new = {person: (begin, end) for person, begin, end in self.after.outline.spans()}
        if self.groups is None:
            for person in sorted(old.keys() | new.keys()):
                who = Who((person,), (person,))
                yield who, (of((person,), old), of((person,), new))
            return
        for who in self.groups:
            spans = of(who.before, old), of(who.after, new)
            if any(spans):
                yield who, spans

    def differences(
        self, progress: Callable[[], object] = bool
    ) -> Iterator[tuple[Difference, tuple[Spans, Spans]]]:
        """Yield those in whom the two sides differ, in the order of their numbers, and where their records stand."""
        old, new = self.before.outline, self.after.outline
        for number, (who, (before, after)) in enumerate(self.couples()):
            if not number % 4096:
                progress()
            if not alike(old, before, new, after):
                found = differing(who, deeds(old, before), deeds(new, after), self.sites)
                if found is not None:
                    yield found, (before, after)


# Where records stand: from the one to before the other.
Spans = tuple[tuple[int, int], ...]


def of(people: Iterable[int], spans: dict[int, tuple[int, int]]) -> Spans:
    """Return where the records of ``people`` stand."""
    return tuple(spans[one] for one in people if one in spans)


def alike(old: Outline, before: Spans, new: Outline, after: Spans) -> bool:
    """Return whether the records of somebody are the same in the same order, as they are for most."""
    if len(before) != 1 or len(after) != 1:
        return not before and not after
    (a, b), (c, d) = before[0], after[0]
    return (
        b - a == d - c
        and old.shared[a:b] == new.shared[c:d]
        and old.at[a:b] == new.at[c:d]
        and old.until[a:b] == new.until[c:d]
        and old.own[a:b] == new.own[c:d]
    )


def deeds(outline: Outline, spans: Spans) -> list[Deed]:
    """Return the records at ``spans``."""
    found: list[Deed] = []
    for a, b in spans:
        columns = outline.at[a:b], outline.shared[a:b], outline.until[a:b], outline.own[a:b]
        found += zip(*columns, strict=True)
    return found


def only_in(one: list[Deed], other: list[Deed]) -> list[Deed]:
    """Return what ``one`` has and ``other`` has not, as it came; what is there more than once is counted."""
    theirs = set(other)
    if len(theirs) == len(other) and len(set(one)) == len(one):
        found = [deed for deed in one if deed not in theirs]
    else:
        left = Counter(other)
        found = []
        for deed in one:
            left[deed] -= 1
            if left[deed] < 0:
                found.append(deed)
    found.sort(key=WHEN)
    return found


def differing(
    who: Who, before: list[Deed], after: list[Deed], sites: Sequence[Site]
) -> Difference | None:
    """Return how the records of somebody differ; None where they came in another order, and are the same."""
    lost, gained = only_in(before, after), only_in(after, before)
    if not lost and not gained:
        return None
    return Difference(who, frozenset(ways_of(lost, gained, sites)), lost, gained)


def ways_of(lost: list[Deed], gained: list[Deed], sites: Sequence[Site]) -> Iterator[str]:
    """Yield the ways in which somebody differs: ``times`` where what happens is the same, and when it does is not."""
    sums: dict[tuple[int, int], int] = {}
    for change, deeds_of in ((-1, lost), (1, gained)):
        for _at, site, _until, own in deeds_of:
            sums[site, own] = sums.get((site, own), 0) + change
    signs: dict[str, set[int]] = {}
    for (site, _own), number in sums.items():
        way = way_of(sites[site])
        signs.setdefault(way, set()).add((number > 0) - (number < 0))
    for way, found in signs.items():
        if way == "sent" and found != {0}:
            yield "other" if {-1, 1} <= found else "more" if 1 in found else "fewer"
        elif way == "waits" or found != {0}:
            yield way
        else:
            yield "times"


def way_of(site: Site) -> str:
    """Return in which way somebody differs who has a record of ``site`` on one side only."""
    if site.kind == "message":
        return "sent" if site.verdict == "sent" else "refusals"
    return OF_KIND.get(site.kind, "rest")


def related(before: array[int], after: array[int]) -> Iterator[Who]:
    """Yield everybody by the numbers of both sides; who is about the same events is compared together."""
    pairs = {pair for pair in set(zip(before, after, strict=True)) if all(pair)}
    joined = [Who(*group) for group in groups_in(sorted(pairs))]
    grouped_old = {one for who in joined for one in who.before}
    grouped_new = {one for who in joined for one in who.after}
    alone = [Who((one,), (other,)) for one, other in pairs if one not in grouped_old and other not in grouped_new]  # fmt: skip
    olds, news = {one for one, _ in pairs}, {other for _, other in pairs}
    alone += [Who((one,), ()) for one in set(before) - olds if one]
    alone += [Who((), (one,)) for one in set(after) - news if one]
    yield from sorted((*joined, *alone), key=lambda who: (who.after or who.before, who.before))
