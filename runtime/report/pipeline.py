"""Pipeline velocity. Rule: the four factors are told beside the product, and a group is worked out anew, never averaged.

    velocity = N x W x A / L, money a day

N  opportunities that are qualified and open at the end of the window, without the stale ones
W  won of those won or lost in the window
A  what was won, by the number won
L  days from created to won, the median of those won in the window
"""

from __future__ import annotations

from decimal import Decimal
from statistics import median

from verbline.interpreter.zones import DAY
from verbline.runtime.report.cases import (
    Occasion,
    by_key,
    field_of,
    first_after,
    occasions,
    once_each,
)
from verbline.runtime.report.durations import thinned
from verbline.runtime.report.estimate import aalen_johansen, ordered_quantile, value_at
from verbline.runtime.report.figures import (
    SECONDS,
    SHARE,
    Curves,
    Figure,
    Listing,
    Section,
    count_of,
    share_of,
)
from verbline.runtime.report.groups import grouped
from verbline.runtime.report.metrics import said_of, window_of
from verbline.runtime.report.money import in_one, left_out
from verbline.runtime.report.opportunities import (
    LOST,
    WON,
    Factors,
    Opportunity,
    lasting,
    stage,
)
from verbline.runtime.report.resample import bootstrap
from verbline.runtime.report.wanted import DEFAULT_OVER

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from typing import Any

    from verbline.runtime.report.asked import Asked
    from verbline.runtime.report.roles import Family

LISTED = 20


class Pipeline:
    """The opportunities of a log."""

    def __init__(self, asked: Asked, family: Family) -> None:
        self.asked, self.family = asked, family
        self.window = window_of(asked, DEFAULT_OVER)
        facts, roles = asked.facts, family.moments
        self.field = field_of(facts, (roles["created"], roles["won"]), family.more["case"])
        self.all = list(self.opportunities())
        self.qualifies = any(one.qualified is not None for one in self.all)
        self.currency = in_one(
            [one.amount for one in self.all if one.way == WON], asked.roles
        ).currency
        self.stale_after = self.staleness()

    def happened(self, role: str) -> list[Occasion]:
        """Return what happened in a role, nothing where the project has no such moment or it bears no number of a case."""
        facts, name = self.asked.facts, self.family.moments.get(role, "")
        if not name or (self.field and self.field not in facts.notes.fields[name]):
            return []
        return occasions(facts, name, self.field)

    def opportunities(self) -> Iterator[Opportunity]:
        """Yield each opportunity once."""
        fields = self.asked.facts.notes.fields
        name = self.family.moments["won"]
        amount = self.family.more["amount"]
        place = fields[name].index(amount) if amount in fields[name] else -1
        named = fields[self.family.moments["created"]]
        by = self.family.more["by"]
        by_place = named.index(by) if by in named else -1
        ends = {WON: by_key(self.happened("won")), LOST: by_key(self.happened("lost"))}
        qualified = by_key(self.happened("qualified"))
        for start in once_each(self.happened("created")):
            met = first_after(qualified.get(start.key, ()), start.at, start.known)
            way, end = 0, None
            for number, of in ends.items():
                found = first_after(of.get(start.key, ()), start.at, start.known)
                if found is not None and (end is None or found.at < end.at):
                    way, end = number, found
            won = end.values[place] if way == WON and end is not None and place >= 0 else None
            group = str(start.values[by_place] or "none") if by_place >= 0 else ""
            yield Opportunity(start, met.at if met else None, way, end, won, group)

    def staleness(self) -> float | None:
        """Return from how many days on an open opportunity is stale: as the settings say, else twice the slowest tenth."""
        said = self.family.length("stale-after")
        cut = self.asked.facts.cut
        if said is not None:
            return (cut - self.asked.facts.clock.earlier(cut, said)) / DAY
        days = [one.days(cut) for one in self.all if one.way == WON]
        return 2 * ordered_quantile(days, 0.9) if days else None

    def is_stale(self, one: Opportunity) -> bool:
        """Return whether an open opportunity has been left lying."""
        return (
            self.stale_after is not None
            and (self.window.end - one.start.at) / DAY > self.stale_after
        )

    def live(self, ones: Sequence[Opportunity]) -> list[Opportunity]:
        """Return what counts as N, stale ones included."""
        end = self.window.end
        found = [one for one in ones if one.is_open(end)]
        if not self.qualifies:
            return found
        return [one for one in found if one.qualified is not None and one.qualified < end]

    def factors(self, ones: Sequence[Opportunity]) -> Factors:
        """Return the four factors of a group."""
        closed = [one for one in ones if one.end is not None and one.end.at in self.window]
        won = [one for one in closed if one.way == WON]
        money = in_one([one.amount for one in won], self.asked.roles)
        numbers = money.numbers
        return Factors(
            sum(not self.is_stale(one) for one in self.live(ones)),
            len(won),
            len(closed) - len(won),
            float(sum(numbers, Decimal(0)) / len(numbers)) if numbers else None,
            median(one.days(0) for one in won) if won else None,
        )

    def figures(self, ones: Sequence[Opportunity]) -> Iterator[Figure]:
        """Yield velocity and its factors."""
        found, minimum = self.factors(ones), self.asked.minimum
        closed = found.won + found.lost
        velocity = found.velocity if closed >= minimum else None
        why = "a factor cannot be told" if closed >= minimum else f"{closed:,} closed: fewer than {minimum}"  # fmt: skip
        note = why if velocity is None else ""
        unit = f"{self.currency or 'number'} a day"
        yield Figure("velocity", "velocity, N x W x A / L", velocity, unit, of=closed, note=note)
        what = "qualified and open" if self.qualifies else "open; nothing says which are qualified"
        yield count_of("n", "N, at the end of the window", found.n, what)
        if self.qualifies:
            met = sum(one.qualified is not None and one.qualified in self.window for one in ones)
            yield count_of("n_in_window", "qualified in the window", met, "another way to take N")
        yield count_of("stale", "stale, not in N", sum(map(self.is_stale, self.live(ones))))
        yield share_of("w", "W, share won of those closed", found.won, closed, minimum)
        won = [
            one
            for one in ones
            if one.way == WON and one.end is not None and one.end.at in self.window
        ]
        money = in_one([one.amount for one in won], self.asked.roles)
        unit = self.currency or "number"
        yield Figure("a", "A, won value by won", found.amount, unit, of=len(money.numbers))
        middle = float(median(money.numbers)) if money.numbers else None
        yield Figure("a_median", "the median of won values", middle, unit, of=len(money.numbers))
        yield from left_out(money)
        seconds = None if found.days is None else found.days * DAY / 1000
        yield Figure("l", "L, days to win, the median", seconds, SECONDS, of=found.won)
        yield from self.stages(ones)

    def stages(self, ones: Sequence[Opportunity]) -> Iterator[Figure]:
        """Yield how long each stage takes of those that began it in the window, and what became of those created in it."""
        cut, window = self.asked.facts.cut, self.window
        begun = [one for one in ones if one.start.at in window]
        if self.qualifies:
            times = [
                (
                    max(0, (one.qualified or (one.end.at if one.end else cut)) - one.start.at),
                    int(one.qualified is not None),
                )
                for one in begun
            ]
            yield stage("created_qualified", "created to qualified, the median", times)
            met = [
                (one, one.qualified)
                for one in ones
                if one.qualified is not None and one.qualified in window
            ]
            times = [
                (max(0, (one.end.at if one.end else cut) - at), int(one.end is not None))
                for one, at in met
            ]
            yield stage("qualified_closed", "qualified to closed, the median", times)
        curves = aalen_johansen(lasting(begun, cut), 2)
        for key, points in zip(("won", "lost"), curves, strict=True):
            if len(begun) >= self.asked.minimum and points:
                share, low, high = value_at(points, points[-1].at, 0.0)
                label = f"{key} by {points[-1].at / DAY:.0f} days, of those created in the window"
                yield Figure(
                    f"cohort_{key}", label, share, SHARE, low, high, len(begun), "open ones as open"
                )

    def plots(self) -> tuple[Curves, ...]:
        """Return how those created in the window end: won and lost, each as another end than the other."""
        cut = self.asked.facts.cut
        begun = [one for one in self.all if one.start.at in self.window]
        if len(begun) < self.asked.minimum:
            return ()
        won, lost = aalen_johansen(lasting(begun, cut), 2)
        end = max(max(0, (one.end.at if one.end else cut) - one.start.at) for one in begun)
        named = (("won", thinned(won)), ("lost", thinned(lost)))
        return (
            Curves(
                "ends", "How opportunities of the window end", "days since created", named, 0.0, end
            ),
        )

    def lists(self) -> tuple[Listing, ...]:
        """Return the stale ones, the oldest first."""
        stale = sorted(
            (one for one in self.live(self.all) if self.is_stale(one)), key=lambda one: one.start.at
        )
        rows = tuple(
            (str(one.start.key), f"{(self.window.end - one.start.at) / DAY:.0f}")
            for one in stale[:LISTED]
        )
        columns = (self.field or "person", "days open")
        return (
            (Listing("stale", "Stale opportunities", columns, rows, max(0, len(stale) - LISTED)),)
            if rows
            else ()
        )

    def effects(self) -> Iterator[Figure]:
        """Yield what experiments that leave people alone did to velocity, for a thousand people."""
        facts = self.asked.facts
        by_person: dict[int, list[Opportunity]] = {}
        for one in self.all:
            by_person.setdefault(one.start.person, []).append(one)
        for trial in facts.wanted.trials:
            drawn = facts.notes.draws.get(trial.name, {})
            arms = [
                (facts.number(person), arm in trial.idle) for person, (_at, arm) in drawn.items()
            ]
            groups = [
                [by_person.get(person, ()) for person, idle in arms if idle is which]
                for which in (False, True)
            ]
            if trial.idle and min(map(len, groups)) >= self.asked.minimum:
                found = bootstrap(groups[0], groups[1], self.per_thousand, f"velocity {trial.name}")
                value, low, high = found or (None, None, None)
                label = f"effect of {trial.name} on velocity, for 1,000 people"
                unit = f"{self.currency or 'number'} a day"
                yield Figure(
                    "effect",
                    label,
                    value,
                    unit,
                    low,
                    high,
                    len(arms),
                    "all who drew an arm, whatever they got",
                )

    def per_thousand(self, one: Sequence[Any], other: Sequence[Any]) -> float | None:
        """Return how much larger the velocity of a thousand of the first is; a group that won nothing has none."""
        values = []
        for people in (one, other):
            velocity = self.factors([each for ones in people for each in ones]).velocity
            values.append((velocity or 0.0) * 1000 / len(people))
        return values[0] - values[1]


def section(asked: Asked, family: Family) -> Section:
    """Return what there is to say of the pipeline."""
    pipeline = Pipeline(asked, family)
    dimensions: dict[str, Callable[[Any], Sequence[str]]] = {**asked.of_cases()}
    if family.more["by"]:
        dimensions = {family.more["by"]: lambda one: [one.by], **dimensions}
    told = list(grouped(pipeline.all, dimensions, pipeline.figures))
    says = [said_of(pipeline.window, asked.facts)]
    if pipeline.stale_after is not None:
        says.append(f"Stale: open for more than {pipeline.stale_after:.0f} days.")
    lists = pipeline.lists()
    return Section(
        "pipeline",
        "Pipeline velocity",
        tuple(says),
        (*told, *pipeline.effects()),
        lists,
        pipeline.plots(),
    )
