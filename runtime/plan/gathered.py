"""Shares of the people put together. Rule: what they come to does not depend on how many shares there were."""

from __future__ import annotations

from array import array
from collections import Counter
from functools import partial
from typing import NamedTuple

from verbline.runtime import shares
from verbline.runtime.entries import Entries
from verbline.runtime.log import Log
from verbline.runtime.plan.twice import Both
from verbline.runtime.plan.unreacted import Totals

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from verbline.interpreter.program.parts import Journey
    from verbline.runtime.plan.changes import Changes
    from verbline.runtime.plan.lasting import Lengths
    from verbline.runtime.plan.lived import Living, Tallies
    from verbline.runtime.plan.outline import Site
    from verbline.runtime.plan.planned import Gathered
    from verbline.runtime.plan.replay import Period
    from verbline.runtime.plan.twice import Share

# What may differ without another difference than in the steps that name it: nobody is known, or asked, otherwise by it.
HARMLESS = frozenset(("journey", "metric", "message", "offer"))


def has_one_reading(meant: Changes) -> bool:
    """Return whether the log says the same by both versions of who somebody is, and what they said about writing."""
    return HARMLESS.issuperset(change.kind for change in meant.changes)


class Counted(NamedTuple):
    """How many records there are of each site."""

    sites: Counter[Site]

    def counted(self) -> Counter[Site]:
        """Return it."""
        return self.sites


class Side(NamedTuple):
    """What one version came to in all; see `replay.Result`."""

    outline: Counted
    lengths: Lengths
    tasks: Counter[tuple[str, str]]
    inside: Counter[str]
    people: int
    events: int
    first: int | None
    last: int | None
    parked: int


class Sides(NamedTuple):
    """Both versions; what is called otherwise on the old side bears its new name there already."""

    before: Side
    after: Side
    renamed: Mapping[tuple[str, str], str]
    sites: Sequence[Site]


def in_shares(
    runs: tuple[Living, Living, Living],
    period: Period,
    meant: Changes,
    details: int,
    number: int,
    progress: Callable[[Log], object] = bool,
) -> tuple[Gathered, Totals | None]:
    """Return in whom two versions differ over a log, and what the new one comes to without the reactions that are in doubt.

    So many processes take a share of the people each. `OutOfOrderError` where people cannot be taken so.
    """
    log = Log(period.path, now=period.now, park=runs[1].park)
    both = Both(runs, log, meant, details)
    both.learn(lambda: progress(log), beside=number > 1)

    def work(place: int) -> Share:
        return both.share_of(place, number, bool if place else lambda: progress(log))

    whole, *others = shares.taken([partial(work, place) for place in range(number)])
    for other in others:
        add(whole, other)
    check(whole, runs)
    alike, before, after, reacted, unreacted = whole.tallies
    sites, looked = whole.numbering.sites, whole.looked
    read = runs[1].events, runs[1].first, runs[1].last, sum(log.counts.parked.values())
    old, new = (side(sites, (alike, one), read) for one in (before, after))
    looked.settle(Sides(old, new, {}, whole.numbering.told))
    if not looked.doubts.answers:
        return looked, None
    found = new.outline.sites + by_site(sites, unreacted)
    inside = new.inside + unreacted.inside
    found.subtract(by_site(sites, reacted))
    inside.subtract(reacted.inside)
    return looked, Totals(+found, +inside)


def add(one: Share, other: Share) -> None:
    """Add what another share came to."""
    numbers = one.numbering.numbers_of(other.numbering)
    for mine, theirs in zip(one.tallies, other.tallies, strict=True):
        mine.add(theirs, numbers)
    for kept, came in zip(one.entered, other.entered, strict=True):
        for journey, instants in came.items():
            kept.setdefault(journey, array("q")).extend(instants)
    one.looked.add(other.looked)


def check(share: Share, runs: tuple[Living, Living, Living]) -> None:
    """Raise `OutOfOrderError` where an entry brake may have been met."""
    before, after, without = share.entered
    journeys = [run.program.journeys for run in runs]
    brakes(journeys[0], before).check()
    if share.numbering.common is None:
        found = brakes(journeys[1], after)
    else:  # of those who lived the same by both versions the old one has counted
        alike, _old, new, _reacted, _unreacted = share.tallies
        found = brakes(journeys[1], alike.entries, new.entries)
    found.check()
    if share.looked.doubts.answers:
        found.add(without, journeys[2])
        found.check()


def brakes(journeys: Mapping[str, Journey], *counts: Mapping[str, array[int]]) -> Entries:
    """Return the brakes of journeys, with who came in."""
    found = Entries()
    for one in counts:
        found.add(one, journeys)
    return found


def side(
    sites: Sequence[Site], tallies: Sequence[Tallies], read: tuple[int, int | None, int | None, int]
) -> Side:
    """Return what a version came to, of which all ``tallies`` are."""
    lengths: Lengths = {}
    for one in tallies:
        for place, those in one.lengths.items():
            lengths.setdefault(place, array("q")).extend(those)
    tasks = sum((one.tasks for one in tallies), Counter[tuple[str, str]]())
    inside = sum((one.inside for one in tallies), Counter[str]())
    people = sum(one.people for one in tallies)
    return Side(Counted(by_site(sites, *tallies)), lengths, tasks, inside, people, *read)


def by_site(sites: Sequence[Site], *tallies: Tallies) -> Counter[Site]:
    """Return how many records there are of each site."""
    found: Counter[Site] = Counter()
    for one in tallies:
        for number, count in one.sites.items():
            found[sites[number]] += count
    return found
