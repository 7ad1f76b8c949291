"""The new side without the reactions that are in doubt. Rule: only those whom they are about live again, with whoever shares something with them.

What happens to everybody else stays what it was, unless more came in than an entry brake lets in at once: then all have to
live again, in the order of time.
"""

from __future__ import annotations

from array import array
from collections import Counter
from typing import NamedTuple

from verbline.runtime.apart import Apart
from verbline.runtime.entries import Entries, OutOfOrderError
from verbline.runtime.log import Log
from verbline.runtime.plan.replay import Replay, replayed

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from verbline.interpreter.program.parts import Journey
    from verbline.runtime.plan.outline import Outline, Site
    from verbline.runtime.plan.replay import Period, Result


class Totals(NamedTuple):
    """What a side came to in all: how many records there are of each site, and visits at the end by journey."""

    sites: Counter[Site]
    inside: Counter[str]


class Part(NamedTuple):
    """What is otherwise without some events: records more or fewer of each site, visits, and who came in when, both times."""

    sites: Counter[Site]
    inside: Counter[str]
    entries: Sequence[Mapping[str, array[int]]]

    def beside(self, side: Result, journeys: Mapping[str, Journey]) -> Totals:
        """Return what a side came to with this; `OutOfOrderError` where an entry brake may have been met."""
        brakes = Entries()
        for counts in (entries_in(side.outline), *self.entries):
            brakes.add(counts, journeys)
        brakes.check()
        sites, inside = side.outline.counted(), side.inside.copy()
        sites.update(self.sites)
        inside.update(self.inside)
        return Totals(+sites, +inside)


def totals(side: Result) -> Totals:
    """Return what a side came to in all."""
    return Totals(side.outline.counted(), side.inside)


def entries_in(outline: Outline) -> dict[str, array[int]]:
    """Return when people came in, by journey."""
    found: dict[str, array[int]] = {}
    came = {
        number: found.setdefault(site.journey, array("q"))
        for number, site in enumerate(outline.sites)
        if site.kind == "entry" and site.verdict == "taken"
    }
    for number, at in zip(outline.site, outline.at, strict=True):
        if number in came:
            came[number].append(at)
    return found


def unreacted(
    make: Callable[[frozenset[int]], Replay],
    period: Period,
    without: frozenset[int],
    people: frozenset[int],
    progress: Callable[[Log], object] = bool,
) -> Part | Totals:
    """Return what would have been ``without`` some events, which are about ``people``; all of it where that is the only way."""
    if people:
        try:
            return lived_again(make, period, without, people, progress)
        except OutOfOrderError:
            pass
    return totals(replayed(lambda: make(without), period, progress))


def lived_again(
    make: Callable[[frozenset[int]], Replay],
    period: Period,
    without: frozenset[int],
    people: frozenset[int],
    progress: Callable[[Log], object],
) -> Part:
    """Return what is otherwise for some people; `OutOfOrderError` where what happens to them depends on others."""
    replay = make(without)
    log = Log(period.path, now=period.now, park=replay.park)
    apart = Apart(replay, log)
    apart.learn(lambda: progress(log))
    families = [family for family in apart.families() if not people.isdisjoint(family)]
    apart.live(bool, families)
    entries = [apart.entries.counts()]
    reacted = make(frozenset())
    apart.follow(reacted)
    apart.live(bool, families)
    entries.append(apart.entries.counts())
    sites, inside = replay.outline.counted(), replay.inside.copy()
    sites.subtract(reacted.outline.counted())
    inside.subtract(reacted.inside)
    return Part(sites, inside, entries)
