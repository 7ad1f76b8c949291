"""What a few people have lived, kept until they are compared. Rule: a row is numbered alike on both sides, and costs nothing once they are done.

Sites bear one number for all runs that share a `Numbering`, so that rows of one run can stand for those of another.
"""

from __future__ import annotations

from array import array
from collections import Counter
from operator import itemgetter

from verbline.runtime.plan.lasting import ENDS, part_of
from verbline.runtime.plan.outline import Outline
from verbline.runtime.plan.replay import Replay

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Any, TypeAlias

    from verbline.interpreter.person.record import Visit
    from verbline.interpreter.program.parts import Journey
    from verbline.interpreter.program.program import Program
    from verbline.interpreter.step.steps import Step
    from verbline.interpreter.step.turn import Turn
    from verbline.runtime.plan.common import Common
    from verbline.runtime.plan.lasting import Lengths
    from verbline.runtime.plan.outline import Site
    from verbline.runtime.plan.sums import Renamed

    # A record as `Outline` has it: person, site, when, visit, when it is due, a hash of what is their own, a hash of the event.
    Row: TypeAlias = "tuple[int, ...]"

# Whether a record says that somebody stands before what is not common to both sides, or has come to it.
NEAR, TOUCHED = 1, 2
SITE = itemgetter(1)
# What is counted of a record beside that it was there.
ENTRY, TASK = 4, 8


class Numbering:
    """The sites of several runs. ``table`` has for each the number of all that a trace tells alike; ``told`` are these."""

    def __init__(self, common: Common | None = None) -> None:
        self.sites: list[Site] = []
        self.told: list[Site] = []
        self.table: list[int] = []
        # Of each site: how near it is to what is not common, and what is counted of it.
        self.levels: list[int] = []
        self.parts: list[int] = []
        self.common = common
        self._numbers: dict[Site, int] = {}
        self._told: dict[tuple[Any, ...], int] = {}

    def number(self, site: Site, step: Step | None) -> int:
        """Return the number of a site, which is that of ``step``."""
        number = self._numbers.setdefault(site, len(self.sites))
        if number == len(self.sites):
            self.sites.append(site)
            told = self._told.setdefault(site.told, len(self.told))
            if told == len(self.told):
                self.told.append(site)
            self.table.append(told)
            self.levels.append(0)
            self.parts.append(parts_of(site))
        self.levels[number] |= self._level(site, step)
        return number

    def numbers_of(self, other: Numbering) -> list[int]:
        """Return the numbers that the sites of another one have here, which they are given where they have none."""
        return [self.number(site, None) for site in other.sites]

    def _level(self, site: Site, step: Step | None) -> int:
        """Return how near somebody is of whom there is a record of ``site``."""
        if self.common is None:
            return TOUCHED
        if step is None:
            return TOUCHED if site.kind == "entry" and site.journey in self.common.begins else 0
        place = site.journey, step.id
        return TOUCHED * (place in self.common.touched) | NEAR * (place in self.common.near)


def parts_of(site: Site) -> int:
    """Return what is counted of records of ``site``."""
    is_taken = site.verdict == "taken"
    return part_of(site) | ENTRY * (site.kind == "entry" and is_taken) | TASK * (site.kind == "task" and is_taken)  # fmt: skip


class Rows(Outline):
    """The records of those who live now, under numbers that several runs share; ``renamed`` are steps by their old sentences."""

    __slots__ = ("_numbering", "_renamed", "rows")

    def __init__(self, numbering: Numbering, renamed: Renamed) -> None:
        super().__init__()
        self._numbering = numbering
        self._renamed = renamed
        self.rows: list[Row] = self._rows

    def _put(self) -> None:
        """Keep what was taken as rows."""

    def _site(self, key: tuple[Any, ...], program: Program) -> int:
        number = super()._site(key, program)
        site, step = self.sites.pop(), key[1]
        site = site._replace(step=self._renamed.get((site.journey, site.step), site.step))
        number = self._known[key] = self._numbering.number(site, step)
        return number


class Living(Replay):
    """A run of which the records of those who live now are kept."""

    def watch(self, numbering: Numbering, renamed: Renamed) -> None:
        """Keep records under the numbers of ``numbering``."""
        self.outline = Rows(numbering, renamed)
        self._add = self.outline.add
        self.rows = self.outline.rows

    def leave_out(self, events: frozenset[int]) -> None:
        """Leave out the events with these hashes from now on."""
        self._without = events

    def day(self, now: int) -> str:
        """Return the date at ``now`` in the project's zone."""
        return self._day(now)

    def _sink(  # noqa: PLR0917 - a sink is called with these, in this order
        self,
        turn: Turn,
        journey: Journey | None,
        visit: Visit | None,
        step: Step | None,
        kind: str,
        verdict: str,
        reason: str,
        more: dict[str, Any],
    ) -> None:
        if visit is not None and (kind == "task" or kind == "wait"):
            self.answers.note(visit, step, kind, verdict, more)
        if self.start is None or turn.now >= self.start:
            self._add(turn, journey, visit, step, kind, verdict, reason, more)


class Tallies:
    """What records of some people come to in sums: by site, how long waits lasted, tasks by desk and day, entries, who is inside."""

    __slots__ = ("entries", "inside", "lengths", "people", "sites", "tasks")

    def __init__(self) -> None:
        self.sites: Counter[int] = Counter()
        self.lengths: Lengths = {}
        self.tasks: Counter[tuple[str, str]] = Counter()
        self.entries: dict[str, array[int]] = {}
        self.inside: Counter[str] = Counter()
        self.people = 0

    def take(self, rows: Sequence[Row], numbering: Numbering, day: Callable[[int], str]) -> None:
        """Take in the records of people of whom all come at once, in order."""
        self.sites.update(map(SITE, rows))
        parts, sites = numbering.parts, numbering.sites
        begun: dict[tuple[int, int], tuple[tuple[str, str], int]] = {}
        for row in rows:
            part = parts[row[1]]
            if not part:
                continue
            person, number, at, visit, _until, _own, _cause = row
            site = sites[number]
            if part & ENTRY:
                self.entries.setdefault(site.journey, array("q")).append(at)
                continue
            if part & TASK:
                self.tasks[site.get("desk"), day(at)] += 1
            place, there = (site.journey, site.step), begun.get((person, visit))
            if part & ENDS:
                if there is not None and there[0] == place:
                    self.lengths.setdefault(place, array("q")).append(at - there[1])
                begun.pop((person, visit), None)
            elif there is None or there[0] != place:
                begun[person, visit] = place, at

    def add(self, other: Tallies, numbers: Sequence[int]) -> None:
        """Add what others come to, whose sites bear these ``numbers`` here."""
        for number, count in other.sites.items():
            self.sites[numbers[number]] += count
        for place, lengths in other.lengths.items():
            self.lengths.setdefault(place, array("q")).extend(lengths)
        for journey, entries in other.entries.items():
            self.entries.setdefault(journey, array("q")).extend(entries)
        self.tasks.update(other.tasks)
        self.inside.update(other.inside)
        self.people += other.people
