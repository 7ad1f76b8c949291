"""Qualified interest capture. Rule: a person counts once, from the earliest sign, and is judged only once the horizon is over.

    shown > captured > identified > permitted > qualified > accepted

Each stage is a part of the one before. Who was anonymous then and is known now counts once, as who they are at the cut.
"""

from __future__ import annotations

from typing import NamedTuple

from verbline.interpreter.guard.consent import key_of
from verbline.runtime.identity.signs import namespace
from verbline.runtime.report.cases import Occasion, by_key, first_after, occasions, once_each
from verbline.runtime.report.figures import Bars, Figure, Section, count_of, share_of
from verbline.runtime.report.groups import grouped
from verbline.runtime.report.metrics import said_of, window_of
from verbline.runtime.report.wanted import DEFAULT_OVER

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from verbline.runtime.report.asked import Asked
    from verbline.runtime.report.roles import Family

STAGES = ("shown", "captured", "identified", "permitted", "qualified", "accepted")


class Interested(NamedTuple):
    """Somebody who showed interest, and how far they came: the places of the stages they reached."""

    start: Occasion
    end: Occasion | None
    reached: frozenset[str]
    is_rejected: bool
    is_ripe: bool


class Interest:
    """The people who showed interest in the window."""

    def __init__(self, asked: Asked, family: Family) -> None:
        self.asked, self.family = asked, family
        horizon = family.length("horizon")
        assert horizon is not None, "a horizon stands in the settings or by default"
        self.horizon = horizon
        self.window = window_of(asked, DEFAULT_OVER, horizon)
        self.by = {
            role: by_key(occasions(asked.facts, name)) for role, name in family.moments.items()
        }
        self.sent = self.follow_ups()
        # A stage of which the log says nothing at all is no stage of this project.
        self.stages = [
            stage
            for stage in STAGES
            if stage in ("shown", "identified")
            or (stage == "permitted" and family.more["purpose"])
            or self.by.get(stage)
        ]
        firsts = once_each(occasions(asked.facts, family.moments["shown"]))
        self.people = [self.judged(one) for one in firsts if one.at in self.window]

    def follow_ups(self) -> dict[int, list[int]]:
        """Return when each person was written to for the purpose of following up; each of them passed the guard."""
        facts, key = self.asked.facts, key_of(self.family.more["purpose"])
        found: dict[int, list[int]] = {}
        for sent in facts.notes.sent:
            if key and key_of(sent.purpose) == key:
                found.setdefault(facts.number(sent.person), []).append(sent.at)
        return found

    def judged(self, start: Occasion) -> Interested:
        """Return how far somebody came within the horizon."""
        facts = self.asked.facts
        due = facts.clock.later(start.at, self.horizon)
        met = {role: self.met(role, start, due) for role in ("captured", "qualified")}
        qualified = met["qualified"]
        accepted = rejected = None
        if qualified is not None:
            objective = self.family.length("objective")
            until = facts.clock.later(qualified.at, objective) if objective else due
            accepted = self.met("accepted", qualified, until)
            rejected = self.met("rejected", qualified, facts.cut)
        there = {
            "shown": True,
            "captured": met["captured"] is not None,
            "identified": self.is_identified(start.person),
            "permitted": any(start.at <= at <= due for at in self.sent.get(start.person, ())),
            "qualified": qualified is not None,
            "accepted": accepted is not None,
        }
        reached = []
        for stage in self.stages:
            if not there[stage]:
                break
            reached.append(stage)
        return Interested(
            start, qualified, frozenset(reached), rejected is not None, due <= facts.cut
        )

    def met(self, role: str, start: Occasion, until: int) -> Occasion | None:
        """Return what first happened to somebody in a role, from ``start`` on and by ``until``."""
        found = first_after(self.by.get(role, {}).get(start.key, ()), start.at, start.known)
        return found if found is not None and found.at <= until else None

    def is_identified(self, person: int) -> bool:
        """Return whether somebody is known by more than a device."""
        graph = self.asked.facts.run.feed.graph
        weak = {namespace(field) for field in graph.links.rules.weak}
        return any(kind not in weak for kind, _ident in graph.store.held(person))

    def figures(self, people: Sequence[Interested]) -> Iterator[Figure]:
        """Yield the stages, the rate, the leaks, and what went wrong."""
        ripe = [one for one in people if one.is_ripe]
        minimum = self.asked.minimum
        counts = {stage: sum(stage in one.reached for one in ripe) for stage in self.stages}
        qualified = counts.get("qualified", 0)
        before = [len(ripe), *counts.values()]
        for stage, there in zip(self.stages, before, strict=False):
            left = "" if stage == "shown" else f"{there - counts[stage]:,} left before"
            yield count_of(stage, stage, counts[stage], left)
        if len(people) > len(ripe):
            note = "not in the rates: their time is not over"
            yield count_of("ripening", "ripening", len(people) - len(ripe), note)
        label = "qualified of those who showed interest"
        yield share_of("capture_rate", label, qualified, len(ripe), minimum)
        for stage, there in zip(self.stages[1:], before[1:], strict=False):
            lost = there - counts[stage]
            yield share_of(f"leak_{stage}", f"leak before {stage}", lost, there, minimum)
        if "accepted" in counts:
            label = "accepted of those qualified"
            yield share_of("accept_rate", label, counts["accepted"], qualified, minimum)
        yield from self.rejected([one for one in ripe if "qualified" in one.reached])

    def rejected(self, qualified: Sequence[Interested]) -> Iterator[Figure]:
        """Yield how many of those who were qualified were rejected, and how many still are qualified."""
        gone, minimum = sum(one.is_rejected for one in qualified), self.asked.minimum
        yield share_of(
            "false_qualify", "rejected of those qualified", gone, len(qualified), minimum
        )
        label = "qualified and not rejected since"
        yield count_of("still_qualified", label, len(qualified) - gone)

    def missed(self) -> Figure:
        """Return who was won in the window without ever having been qualified."""
        won = {
            person
            for person, ones in self.by.get("won", {}).items()
            if any(one.at in self.window for one in ones)
        }
        missed = sum(person not in self.by["qualified"] for person in won)
        return share_of(
            "missed", "won and never qualified, of those won", missed, len(won), self.asked.minimum
        )


def section(asked: Asked, family: Family) -> Section:
    """Return what there is to say of interest."""
    interest = Interest(asked, family)
    told = [*grouped(interest.people, asked.of_cases(), interest.figures), interest.missed()]
    ripe = [one for one in interest.people if one.is_ripe]
    bars = tuple((stage, sum(stage in one.reached for one in ripe)) for stage in interest.stages)
    says = (
        said_of(interest.window, asked.facts),
        f"Each person has {family.more['horizon']} to ripen. Known by more than a device counts as identified; a follow-up that was sent passed the guard and counts as permitted.",
    )
    plot = Bars("funnel", "From a sign of interest to sales", "people", bars, funnel=True)
    return Section(
        "interest", "Qualified interest capture", says, tuple(told), (), (plot,) if ripe else ()
    )
