"""What experiments show. Rule: everybody counts in the arm that they drew, whatever they got of it, from the draw on.

The arm that leaves people alone is the one the others are held against. Where there is none, arms are held against the first:
which is better shows, what the journey does as a whole does not. An arm is judged by those who drew it long enough ago.
"""

from __future__ import annotations

from decimal import Decimal
from typing import NamedTuple

from verbline.interpreter.step.choices import Experiment
from verbline.runtime.report.cases import Occasion, by_key, first_after, occasions
from verbline.runtime.report.estimate import chi_square_tail, newcombe
from verbline.runtime.report.figures import DIFFERENCE, NUMBER, Figure, Section, count_of, share_of
from verbline.runtime.report.metrics import said_of
from verbline.runtime.report.money import in_one
from verbline.runtime.report.resample import bootstrap
from verbline.runtime.report.wanted import SUMS, length_text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from verbline.interpreter.program.reckoning import Duration
    from verbline.runtime.report.asked import Asked
    from verbline.runtime.report.wanted import Metric, Trial

# Arms that would be drawn so differently by chance less often than this were not drawn as they should be.
RATIO_MIN = 0.001
BY_CHANNEL = "who can be reached by it differs from who was left alone: association, not effect"


class Arm(NamedTuple):
    """An arm: who drew it long enough ago, and how many did since."""

    name: str
    drawn: list[Occasion]
    ripening: int


class Judging:
    """One experiment, judged by its metric."""

    def __init__(self, asked: Asked, trial: Trial, metric: Metric) -> None:
        self.asked, self.trial, self.metric = asked, trial, metric
        self.facts = asked.facts
        self.horizon: Duration = metric.within or trial.after
        self.goals = by_key(occasions(self.facts, metric.goal))
        self.arms = [self.arm(name) for name in trial.arms]
        idle = [arm for arm in self.arms if arm.name in trial.idle]
        self.base = (idle or self.arms)[0]
        self.has_holdout = bool(idle)

    def arm(self, name: str) -> Arm:
        """Return who drew an arm. Who is one with somebody who drew earlier counts once, with what the earlier one drew."""
        facts, firsts = self.facts, dict[int, tuple[int, str]]()
        for person, (at, arm) in facts.notes.draws.get(self.trial.name, {}).items():
            now = facts.number(person)
            firsts[now] = min(firsts.get(now, (at, arm)), (at, arm))
        mine = [
            (at, person)
            for person, (at, arm) in firsts.items()
            if arm == name and at in self.asked.whole
        ]
        ripe = [
            Occasion(at, at, who, who, ())
            for at, who in mine
            if facts.clock.later(at, self.horizon) <= facts.cut
        ]
        return Arm(name, sorted(ripe, key=lambda one: one.at), len(mine) - len(ripe))

    def hits(self, arm: Arm) -> int:
        """Return how many of an arm did what the metric counts, in time since the draw."""
        return sum(self.reached(one) is not None for one in arm.drawn)

    def reached(self, one: Occasion) -> Occasion | None:
        """Return what somebody did in time."""
        found = first_after(self.goals.get(one.person, ()), one.at)
        return (
            found
            if found is not None and found.at <= self.facts.clock.later(one.at, self.horizon)
            else None
        )

    def figures(self) -> Iterator[Figure]:
        """Yield each arm, its difference to the base, and whether the arms were drawn as they should be."""
        told = self.sums if self.metric.how == SUMS else self.shares
        for arm in self.arms:
            group = {"experiment": self.trial.name, "arm": arm.name}
            for figure in told(arm):
                yield figure._replace(group=group)
            if arm.ripening:
                yield count_of("ripening", "drew it too lately", arm.ripening)._replace(group=group)
        if self.has_holdout and self.metric.how != SUMS:
            yield from self.channels()
        yield from self.ratio()

    def channels(self) -> Iterator[Figure]:
        """Yield by channel how those who were written to by it do against those left alone."""
        facts, later = self.facts, self.facts.clock.later
        reached: dict[str, set[int]] = {}
        drawn = {one.person: one for arm in self.arms if arm is not self.base for one in arm.drawn}
        for sent in facts.notes.sent:
            one = drawn.get(facts.number(sent.person))
            if one is not None and one.at <= sent.at <= later(one.at, self.horizon):
                reached.setdefault(sent.channel, set()).add(one.person)
        base, of_base = self.hits(self.base), len(self.base.drawn)
        for channel, people in sorted(reached.items()):
            if min(len(people), of_base) < self.asked.minimum:
                continue
            hits = sum(self.reached(drawn[person]) is not None for person in people)
            value, low, high = newcombe(hits, len(people), base, of_base)
            label = f"written to by {channel}, against {self.base.name}"
            group = {"experiment": self.trial.name, "channel": channel}
            yield Figure(
                "channel", label, value, DIFFERENCE, low, high, len(people), BY_CHANNEL, group=group
            )

    def shares(self, arm: Arm) -> Iterator[Figure]:
        """Yield the share of an arm, and its difference to the base by Newcombe."""
        minimum, hits, of = self.asked.minimum, self.hits(arm), len(arm.drawn)
        yield share_of("arm", f"{self.metric.name}, {arm.name}", hits, of, minimum)
        if arm is self.base:
            return
        label, note = self.against(arm)
        if min(of, len(self.base.drawn)) < minimum:
            yield Figure(
                "lift", label, None, DIFFERENCE, of=of, note=f"fewer than {minimum} in an arm"
            )
            return
        value, low, high = newcombe(hits, of, self.hits(self.base), len(self.base.drawn))
        yield Figure(
            "lift", label, value, DIFFERENCE, low, high, of, "; ".join((note, judged(low, high)))
        )

    def sums(self, arm: Arm) -> Iterator[Figure]:
        """Yield what an arm brought for each person, and the difference to the base with bounds by drawing people again."""
        mine, base = self.each(arm), self.each(self.base)
        unit = self.unit or NUMBER
        if len(mine) < self.asked.minimum:
            yield Figure(
                "arm",
                f"{self.metric.name}, {arm.name}",
                None,
                unit,
                of=len(mine),
                note=f"fewer than {self.asked.minimum}",
            )
            return
        yield Figure(
            "arm",
            f"{self.metric.name} for each who drew {arm.name}",
            mean(mine),
            unit,
            of=len(mine),
        )
        if arm is self.base or len(base) < self.asked.minimum:
            return
        label, note = self.against(arm)
        found = bootstrap(mine, base, difference, f"{self.trial.name} {arm.name}")
        assert found is not None, "means of somebody"
        note = "; ".join((note, judged(found.low, found.high)))
        yield Figure("lift", label, found.value, unit, found.low, found.high, len(mine), note)

    def each(self, arm: Arm) -> list[float]:
        """Return what each of an arm brought in time."""
        place = self.facts.notes.fields[self.metric.goal].index(self.metric.field)
        later = self.facts.clock.later
        brought = []
        for one in arm.drawn:
            until = later(one.at, self.horizon)
            values = [
                goal.values[place]
                for goal in self.goals.get(one.person, ())
                if one.at <= goal.at <= until
            ]
            brought.append(float(sum(in_one(values, self.asked.roles).numbers, Decimal(0))))
        return brought

    @property
    def unit(self) -> str:
        """The currency of what is summed."""
        place = self.facts.notes.fields[self.metric.goal].index(self.metric.field)
        values = [one.values[place] for ones in self.goals.values() for one in ones]
        return in_one(values, self.asked.roles).currency

    def against(self, arm: Arm) -> tuple[str, str]:
        """Return what a difference is called, and what it says."""
        label = f"{arm.name} against {self.base.name}"
        return (
            label,
            "by the arm that was drawn"
            if self.has_holdout
            else "no arm leaves people alone: which is better, not what the journey does",
        )

    def ratio(self) -> Iterator[Figure]:
        """Yield how likely the sizes of the arms are; unlikely ones were not drawn as they should be."""
        shares = next(
            (
                {name: float(share) for share, name, _way in step.arms}
                for journey in self.facts.program.journeys.values()
                for step in journey.steps.values()
                if isinstance(step, Experiment) and step.name == self.trial.name
            ),
            {},
        )
        sizes = {arm.name: len(arm.drawn) + arm.ripening for arm in self.arms}
        total = sum(sizes.values())
        if total < self.asked.minimum or len(sizes) < 2 or min(shares.values(), default=0) <= 0:
            return
        statistic = sum(
            (sizes[name] - total * share / 100) ** 2 / (total * share / 100)
            for name, share in shares.items()
        )
        likely = chi_square_tail(statistic, len(shares) - 1)
        note = (
            "as they should be"
            if likely >= RATIO_MIN
            else "the arms were not drawn as they should be: judge nothing by them"
        )
        yield Figure(
            "ratio", "how likely such sizes of the arms are", likely, NUMBER, of=total, note=note
        )._replace(group={"experiment": self.trial.name})


def judged(low: float, high: float) -> str:
    """Return what an interval says."""
    return (
        "the interval covers 0: no effect is shown"
        if low <= 0 <= high
        else "the interval leaves out 0"
    )


def mean(values: Sequence[float]) -> float:
    """Return the mean: what a sum is for each person."""
    return sum(values) / len(values)


def difference(one: Sequence[float], other: Sequence[float]) -> float:
    """Return how much more one group brings for each person."""
    return mean(one) - mean(other)


def sections(asked: Asked) -> Iterator[Section]:
    """Yield a section for each experiment."""
    for trial in asked.facts.wanted.trials:
        metric = asked.facts.wanted.metrics.get(trial.metric)
        if metric is None:
            continue
        judging = Judging(asked, trial, metric)
        says = (
            f"{trial.line} in {trial.journey}. Judged by {metric.name}, within {length_text(judging.horizon)} of the draw.",
            said_of(asked.whole, asked.facts),
        )
        yield Section(
            f"experiment/{trial.name}", f"Experiment: {trial.name}", says, tuple(judging.figures())
        )
