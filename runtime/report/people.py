"""People: how many there are, how many the systems disagree about, who may be written to. Rule: people are who they are at the cut."""

from __future__ import annotations

from collections import Counter

from verbline.runtime.identity.signs import namespace
from verbline.runtime.report.crowd import resting_on_consent
from verbline.runtime.report.estimate import ordered_quantile
from verbline.runtime.report.figures import (
    SECONDS,
    Bars,
    Figure,
    Section,
    count_of,
    share_of,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from verbline.runtime.report.asked import Asked

QUANTILES = (("median", 0.5), ("p95", 0.95), ("max", 1.0))


class Everybody:
    """The people of a log at its cut."""

    def __init__(self, asked: Asked) -> None:
        self.asked, self.facts = asked, asked.facts
        self.crowd = asked.facts.run.crowd
        self.people = self.crowd.numbers

    def unique(self) -> Iterator[Figure]:
        """Yield how many there are, and by what they are known."""
        graph, tally = self.facts.run.feed.graph, self.facts.run.tally
        keys = {namespace(field) for field in graph.links.rules.keys}
        weak = {namespace(field) for field in graph.links.rules.weak}
        known: Counter[str] = Counter()
        disagreed = 0
        for number in self.people:
            kinds = Counter(kind for kind, _ident in graph.store.held(number))
            disagreed += any(times > 1 for kind, times in kinds.items() if kind in keys)
            known[
                "key" if kinds.keys() & keys else "contact" if kinds.keys() - weak else "device"
            ] += 1
        yield count_of(
            "unique", "unique people", len(self.people), "by the rules of who is who, at the cut"
        )
        for kind, label in (
            ("key", "by a number of their own"),
            ("contact", "by an address alone"),
            ("device", "by a device alone"),
        ):
            if known[kind]:
                yield count_of(f"known_by_{kind}", f"known {label}", known[kind])
        for kind, label in (
            ("merge", "turned out to be somebody known"),
            ("split", "turned out to be two"),
            ("erased", "were erased"),
        ):
            yield count_of(kind, label, tally.people[kind])
        yield share_of(
            "collisions",
            "with two values of what one person has one of",
            disagreed,
            len(self.people),
            self.asked.minimum,
        )

    def coverage(self) -> Iterator[Figure]:
        """Yield for each purpose that rests on consent, and each channel, how many agree."""
        for purpose in resting_on_consent(self.facts.program):
            for channel in purpose.channels:
                agreeing = self.crowd.agreeing[purpose.name, channel]
                label = f"agree to {purpose.name} by {channel}"
                of, minimum = len(self.people), self.asked.minimum
                figure = share_of("consent", label, agreeing, of, minimum)
                yield figure._replace(group={"purpose": purpose.name, "channel": channel})

    def propagation(self) -> Iterator[Figure]:
        """Yield how long it took until what people said about being written to was known here."""
        window = self.asked.whole
        times = [late / 1000 for known, late in self.crowd.heard if known in window]
        for name, share in QUANTILES if times else ():
            label = f"until what somebody said was known here, {name}"
            yield Figure(
                f"propagation_{name}", label, ordered_quantile(times, share), SECONDS, of=len(times)
            )


def section(asked: Asked) -> Section:
    """Return what there is to say of people."""
    everybody = Everybody(asked)
    coverage = list(everybody.coverage())
    told = (*everybody.unique(), *coverage, *everybody.propagation())
    bars = tuple(
        (f"{one.group['purpose']}, {one.group['channel']}", round((one.value or 0) * (one.of or 0)))
        for one in coverage
        if one.value is not None
    )
    says = (
        "At the cut. Whether other systems heard of a change is not in the log; the delay told is that until it was known here.",
    )
    plots = (Bars("coverage", "People who agree", "people", bars),) if bars else ()
    return Section("people", "People", says, told, (), plots)
