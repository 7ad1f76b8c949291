"""Claim resolution, for insurance claims and service requests alike. Rule: a claim that was reopened is not closed.

A claim lasts from the notice to the last closing before the cut that no reopening follows. What is open at the cut has lasted
so long at least, and is never left out.
"""

from __future__ import annotations

from verbline.interpreter.zones import DAY
from verbline.runtime.report.cases import (
    Case,
    field_of,
)
from verbline.runtime.report.durations import Durations
from verbline.runtime.report.estimate import (
    aalen_johansen,
    kaplan_meier,
    quantile,
    value_at,
)
from verbline.runtime.report.figures import (
    NUMBER,
    SECONDS,
    SHARE,
    Bars,
    Figure,
    Section,
    count_of,
    share_of,
)
from verbline.runtime.report.groups import grouped
from verbline.runtime.report.metrics import said_of, window_of
from verbline.runtime.report.notices import Claim, Told
from verbline.runtime.report.wanted import COUNTS, DEFAULT_OVER, length_text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from typing import Any

    from verbline.interpreter.program.reckoning import Duration
    from verbline.runtime.report.asked import Asked
    from verbline.runtime.report.roles import Family

# The ages of the backlog, in days: each from the number before.
BANDS = ((7, "0-7 days"), (30, "8-30 days"), (90, "31-90 days"), (1 << 30, "over 90 days"))
WEEK = 7 * DAY


class Claims:
    """The claims of a log."""

    def __init__(self, asked: Asked, family: Family) -> None:
        self.asked, self.family = asked, family
        facts, roles = asked.facts, family.moments
        self.field = field_of(facts, (roles["notified"], roles["closed"]), family.more["case"])
        self.within = horizon(asked, family)
        self.window = window_of(asked, DEFAULT_OVER)
        self.objective = objective(asked, family)
        self.durations = Durations(asked, self.objective)
        self.all = list(Told(facts, family, self.field).claims())
        self.claims_of_window = [one for one in self.all if one.start.at in self.window]

    def figures(self, claims: Sequence[Claim]) -> Iterator[Figure]:
        """Yield cycle, resolution, and what makes claims long."""
        cases = [Case(one.start, one.way, one.end) for one in claims]
        for figure in self.durations.figures(cases):
            key, _working, _rest = figure.key.partition("_working")
            yield (
                figure._replace(label=figure.label.replace(*LABELS[key]))
                if key in LABELS
                else figure
            )
        yield self.resolution(claims)
        yield from self.to_paper(claims)
        yield from self.to_payment(claims)
        yield from self.reopened(claims)
        yield from self.questions(claims)
        closed = [one.lasted(0) / 1000 for one in claims if one.end is not None]
        mean = sum(closed) / len(closed) if closed else None
        yield Figure(
            "settled_only",
            "mean of the closed ones alone",
            mean,
            SECONDS,
            of=len(closed),
            note="biased low: open ones are left out",
        )

    def resolution(self, claims: Sequence[Claim]) -> Figure:
        """Return the share that was closed for good in time, of those notified long enough ago."""
        facts = self.asked.facts
        due = [(one, facts.clock.later(one.start.at, self.within)) for one in claims]
        old = [(one, until) for one, until in due if until <= facts.cut]
        hits = sum(one.end is not None and one.end.at <= until for one, until in old)
        label = f"closed within {length_text(self.within)}"
        return share_of("resolution", label, hits, len(old), self.asked.minimum)

    def to_paper(self, claims: Sequence[Claim]) -> Iterator[Figure]:
        """Yield how long it takes until the papers are complete; who closes without them is no longer waiting."""
        if "complete" not in self.family.moments:
            return
        cut = self.asked.facts.cut
        times = []
        for one in claims:
            end = (
                one.complete if one.complete is not None else cut if one.end is None else one.end.at
            )
            times.append((max(0, end - one.start.at), int(one.complete is not None)))
        value, low, high = (
            None if at is None else at / 1000 for at in quantile(kaplan_meier(times), 0.5)
        )
        note = "" if value is not None else "not reached yet"
        yield Figure(
            "paper_chase",
            "until the papers are complete, the median",
            value,
            SECONDS,
            low,
            high,
            len(times),
            note,
        )

    def to_payment(self, claims: Sequence[Claim]) -> Iterator[Figure]:
        """Yield how many were paid by when; closed without a payment is another end."""
        if not any(one.paid for one in self.all):
            return
        cut = self.asked.facts.cut
        times = []
        for one in claims:
            paid, closed = one.paid, None if one.end is None else one.end.at
            way = 1 if paid is not None else 2 if closed is not None else 0
            end = paid if paid is not None else closed if closed is not None else cut
            times.append((max(0, end - one.start.at), way))
        points = aalen_johansen(times, 2)[0]
        first = next((point.at / 1000 for point in points if point.value >= 0.5), None)
        note = "" if first is not None else "fewer than half are paid"
        yield Figure(
            "first_payment",
            "until the first payment: half are paid by",
            first,
            SECONDS,
            of=len(times),
            note=note,
        )
        if len(times) >= self.asked.minimum:
            within = self.asked.facts.clock.later(0, self.within)
            share, low, high = value_at(points, within, 0.0)
            label = f"paid within {length_text(self.within)}, closed unpaid as another end"
            yield Figure("paid_in_time", label, share, SHARE, low, high, len(times))

    def reopened(self, claims: Sequence[Claim]) -> Iterator[Figure]:
        """Yield the share of claims reopened soon after they were closed."""
        length = self.family.length("reopened-within")
        assert length is not None, "a length stands in the settings or by default"
        later = self.asked.facts.clock.later
        closed = [one for one in claims if one.closings]
        again = sum(
            any(at <= back <= later(at, length) for at in one.closings for back in one.reopenings)
            for one in closed
        )
        label = f"reopened within {length_text(length)} of closing, of those closed"
        yield share_of("reopen_rate", label, again, len(closed), self.asked.minimum)

    def questions(self, claims: Sequence[Claim]) -> Iterator[Figure]:
        """Yield how often people ask: once for all, and about the status, for a hundred open weeks."""
        if "asked" not in self.family.moments:
            return
        closed = [one for one in claims if one.end is not None]
        once = sum(len(one.asked) == 1 for one in closed)
        yield share_of(
            "first_contact",
            "closed with exactly one question",
            once,
            len(closed),
            self.asked.minimum,
        )
        status = self.family.more["status"].casefold()
        calls = sum(why.casefold() == status for one in claims for _at, why in one.asked)
        weeks = sum(one.lasted(self.asked.facts.cut) for one in claims) / WEEK
        rate = 100 * calls / weeks if weeks else None
        yield Figure(
            "status_calls",
            f"questions about the {status}, for 100 open weeks",
            rate,
            NUMBER,
            of=calls,
        )

    def backlog(self) -> list[tuple[str, int]]:
        """Return how many claims are open at the cut, by their age."""
        cut = self.asked.facts.cut
        found = dict.fromkeys((name for _days, name in BANDS), 0)
        for one in self.all:
            if one.end is None:
                age = (cut - one.start.at) / DAY
                found[next(name for days, name in BANDS if age <= days)] += 1
        return list(found.items())


# How figures of durations are called here: the words that stand there, and those instead.
LABELS = {
    "cases": ("cases", "claims notified"),
    "open": ("still open", "open, reopened ones among them"),
    "median": ("median", "cycle, the median"),
    "p90": ("90th", "cycle, 90th"),
}


def horizon(asked: Asked, family: Family) -> Duration:
    """Return the time in which a claim is to be closed: that of a metric that counts just that, else the settings'."""
    roles = family.moments
    for metric in asked.facts.wanted.metrics.values():
        is_same = (metric.since, metric.goal) == (roles["notified"], roles["closed"])
        if metric.how == COUNTS and is_same and metric.within is not None:
            return metric.within
    length = family.length("within")
    assert length is not None, "a length stands in the settings or by default"
    return length


def objective(asked: Asked, family: Family) -> Duration:
    """Return the objective: the target of a metric that measures just that, else the time in which a claim is to be closed."""
    roles = family.moments
    found = asked.target(roles["notified"], roles["closed"])
    return horizon(asked, family) if found is None else found


def section(asked: Asked, family: Family) -> Section:
    """Return what there is to say of claims."""
    claims = Claims(asked, family)
    dimensions: dict[str, Callable[[Any], Sequence[str]]] = {**asked.of_cases()}
    if any(one.by for one in claims.all):
        dimensions = {family.more["by"]: lambda one: [one.by], **dimensions}
    told = list(grouped(claims.claims_of_window, dimensions, claims.figures))
    backlog = claims.backlog()
    told += [
        count_of(f"backlog {name}", f"open at the cut, {name}", number) for name, number in backlog
    ]
    cases = [Case(one.start, one.way, one.end) for one in claims.claims_of_window]
    plots = claims.durations.plot("still open", "Claims still open", cases)
    bars = Bars("backlog", "Open claims at the cut by age", "claims", tuple(backlog))
    return Section(
        "claims",
        "Claim resolution",
        (said_of(claims.window, asked.facts),),
        tuple(told),
        (),
        (*plots, bars),
    )
