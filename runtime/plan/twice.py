"""Both versions over a large log. Rule: what both have in common is done once, and what it comes to is what two whole runs come to.

    log -> who it is, and who belongs together -> for each of them: the old version, then the new one from where it may differ -> sums

People are taken in shares, by as many processes; see `runtime.apart` and `runtime.shares`. What somebody lives by the old
version is what they live by the new one as long as they meet no step that is another there. From there on they live on as they
stood then, or all over where that cannot be told. `OutOfOrderError` where people cannot be taken one after the other.
"""

from __future__ import annotations

from functools import partial
from itertools import islice
from typing import Any, NamedTuple

from verbline.runtime.apart import TOGETHER, Apart
from verbline.runtime.entries import Entries, OutOfOrderError
from verbline.runtime.jotted import Again, Remembered
from verbline.runtime.plan.common import common
from verbline.runtime.plan.family import Family
from verbline.runtime.plan.kept import Versions, go_on, kept
from verbline.runtime.plan.lived import NEAR, TOUCHED, Numbering, Tallies
from verbline.runtime.plan.planned import Gathered

TYPE_CHECKING = False
if TYPE_CHECKING:
    from array import array
    from collections.abc import Callable, Iterable, Iterator

    from verbline.runtime.events import Event
    from verbline.runtime.log import Log
    from verbline.runtime.plan.changes import Changes
    from verbline.runtime.plan.kept import Kept
    from verbline.runtime.plan.lived import Living, Row

# Of people who belong together no more events are held at once.
MOST = 1 << 16


class Share(NamedTuple):
    """What a share of the people comes to.

    ``tallies`` are of those who lived the same by both versions, of the others by the old one, and by the new one, of those
    about whom something is in doubt by the new one, and without it. ``entered`` is when people came in, by run.
    """

    numbering: Numbering
    tallies: tuple[Tallies, Tallies, Tallies, Tallies, Tallies]
    entered: tuple[dict[str, array[int]], ...]
    looked: Gathered


class Both(Apart):
    """The two runs: ``before``, ``after``, and ``without`` some events, which is of the new version too."""

    def __init__(
        self, runs: tuple[Living, Living, Living], log: Log, meant: Changes, details: int
    ) -> None:
        self.runs = runs
        self.before, self.after, self.without = runs
        super().__init__(self.after, log)
        self.meant = meant
        period_is_plain = self.after.start is None and not self.after.share
        found = common(self.before.program, self.after.program) if period_is_plain else None
        self.goes_on = found is not None and found.is_kept_alike
        self.numbering = Numbering(found)
        self.before.watch(self.numbering, meant.renamed)
        self.after.watch(self.numbering, {})
        self.without.watch(self.numbering, {})
        self.versions = Versions(self.after.program, self.before.program)
        self.family = Family(self.numbering)
        self.alike, self.old, self.new, self.reacted, self.unreacted = (Tallies() for _ in range(5))
        self.looked = Gathered(self.family, details)
        self.remembered = Remembered(self.jotted)

    def share_of(self, place: int, number: int, progress: Callable[[], object] = bool) -> Share:
        """Let happen by both versions what happens to one of so many shares of the people."""
        for run in self.runs:
            self.make_ready(run)
        counts = self.log.counts
        done, read = 0, counts.read
        with Again(self.jotted, self.log.files) as again:
            for portion in self.whole(islice(self.families(), place, None, number)):
                found = again.events([one for _, indices in portion for one in indices])
                for people, indices in portion:
                    self.live_twice(people, indices, [found[one] for one in indices])
                done += len(found)
                counts.read = read + read * done * number // max(1, len(self.jotted.owner))
                progress()
        self.after.finish()  # where nobody came, the end is told too
        self.looked.bare()
        tallies = self.alike, self.old, self.new, self.reacted, self.unreacted
        return Share(self.numbering, tallies, tuple(map(entered, self.runs)), self.looked)

    def make_ready(self, run: Living) -> None:
        """Let a run begin with nobody; who each event is about is known from the first reading."""
        if run is not self.simulation:
            run.first, run.last, run.events = self.after.first, self.after.last, self.after.events
            run.feed.graph = self.after.feed.graph
        world = run.world
        run.feed.identity = self.remembered
        run.feed.newcomer = partial(self.come, run)
        world.brakes = Entries()
        self.answered.watch(run.answers, self.kin)
        world.parted = False
        world.numbered = [None] * len(self.kin)
        world.now = 0
        run.live_at = run.start

    def come(self, run: Living, number: int) -> None:
        """Let somebody be known in a run under the number of the first reading."""
        self.simulation = run
        self.newcomer(number)

    def whole(self, families: Iterable[list[int]]) -> Iterator[list[tuple[list[int], list[int]]]]:
        """Yield families with all of their events, so many as are read at once."""
        portion: list[tuple[list[int], list[int]]] = []
        size = 0
        for people in families:
            indices = self.jotted.of(people)
            if len(indices) > MOST:
                raise OutOfOrderError("too many belong together")
            if portion and size + len(indices) > TOGETHER:
                yield portion
                portion, size = [], 0
            portion.append((people, indices))
            size += len(indices)
        if portion:
            yield portion

    # What becomes of a family

    def live_twice(self, people: list[int], indices: list[int], events: list[Event]) -> None:
        """Let a family live by the old version, and by the new one where that may be otherwise."""
        fields = [event.data for event in events]
        before = self.before
        there = Stand(before)
        self.remembered.follow(indices)
        self.simulation = before
        stood = self.live_watched(events)
        self.leave(people)
        if self.has_touched(before.rows):
            there.leave(self.old)
            self.old.take(before.rows, self.numbering, before.day)
            again = Anew(people, indices, events, fields, stood)
            counted = self.live_again(self.after, again, self.new)
            if self.differ(again):
                counted.leave(self.reacted)
                self.reacted.take(self.after.rows, self.numbering, self.after.day)
                self.live_again(self.without, again, self.unreacted)
                self.without.rows.clear()
            self.after.rows.clear()
        else:
            there.leave(self.alike)
            self.alike.take(before.rows, self.numbering, before.day)
        before.rows.clear()

    def has_touched(self, rows: list[Row]) -> bool:
        """Return whether somebody has come to what is not common to both versions."""
        levels = self.numbering.levels
        return self.numbering.common is None or any(levels[row[1]] & TOUCHED for row in rows)

    def live_watched(self, events: list[Event]) -> Kept | None:
        """Let a family live by the old version; return how they stood before they came to what is not common."""
        before, found = self.before, None
        if not self.goes_on:
            before.take(events)
            return None
        rows, levels, one, seen = before.rows, self.numbering.levels, before.feed.one, 0
        for place, event in enumerate(events, 1):
            one(event)
            level = 0
            while seen < len(rows):
                level |= levels[rows[seen][1]]
                seen += 1
            if level & TOUCHED:
                before.take(events[place:])
                break
            if level & NEAR:
                found = kept(before, place, seen)
        return found

    def live_again(self, run: Living, again: Anew, tallies: Tallies) -> Stand:
        """Let a family live in a run of the new version, from where it stood or all over, and count it; return how the run stood before."""
        counted, begin = Stand(run), 0
        for event, data in zip(again.events, again.fields, strict=True):
            event.data = data  # it may bear other names since
        self.simulation = run
        if again.stood is not None:
            go_on(run, again.stood, self.versions)
            begin = again.stood.events
            run.rows += self.before.rows[: again.stood.rows]
        self.remembered.follow(again.indices[begin:])
        run.take(again.events[begin:])
        self.leave(again.people)
        counted.leave(tallies)
        tallies.take(run.rows, self.numbering, run.day)
        return counted

    def differ(self, again: Anew) -> bool:
        """Note in whom of a family the two versions differ; return whether reactions are in doubt, which then are left out."""
        looked, alike = self.looked, 0 if again.stood is None else again.stood.rows
        self.family.take(again.people, self.before.rows, self.after.rows, alike)
        doubts = looked.doubts
        known, doubts.answers = doubts.answers, set()
        looked.look()
        found, doubts.answers = doubts.answers, known
        known |= found
        self.without.leave_out(frozenset(found))
        return bool(found)


def entered(run: Living) -> dict[str, array[int]]:
    """Return when people came in by a run, by journey."""
    brakes = run.world.brakes
    assert isinstance(brakes, Entries), "the run was made ready"
    return brakes.counts()


class Stand:
    """How many people a run has counted until now, and who is inside of what."""

    __slots__ = ("inside", "people", "run")

    def __init__(self, run: Living) -> None:
        self.run = run
        self.people = run.people
        self.inside = dict(run.inside)

    def leave(self, tallies: Tallies) -> None:
        """Count who has come since then."""
        run, inside = self.run, self.inside
        tallies.people += run.people - self.people
        for journey, number in run.inside.items():
            if number != inside.get(journey, 0):
                tallies.inside[journey] += number - inside.get(journey, 0)


class Anew(NamedTuple):
    """A family that lives once more: its events as they were read, and how it stood before the versions may differ."""

    people: list[int]
    indices: list[int]
    events: list[Event]
    fields: list[dict[str, Any]]
    stood: Kept | None
