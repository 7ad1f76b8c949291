"""Sales response time. Rule: it runs from the signal to the first human contact, and each part of it has its own line.

    response = detect + route + accept + react

detect  until we heard of the signal: what its source and our intake take
route   until somebody had it
accept  until somebody took it
react   until the first contact

Several signals of one person close together are one, from the first. A new owner restarts nothing.
"""

from __future__ import annotations

from typing import NamedTuple

from verbline.runtime.report.cases import Case, Occasion, by_key, first_after, occasions
from verbline.runtime.report.durations import Durations
from verbline.runtime.report.estimate import kaplan_meier, quantile
from verbline.runtime.report.figures import SECONDS, Figure, Section, count_of
from verbline.runtime.report.groups import grouped
from verbline.runtime.report.metrics import said_of, window_of
from verbline.runtime.report.wanted import DEFAULT_OVER

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from verbline.interpreter.program.reckoning import Duration
    from verbline.runtime.report.asked import Asked
    from verbline.runtime.report.roles import Family

PARTS = {
    "detect": "detect, until we heard of it",
    "route": "route, until somebody had it",
    "accept": "accept, until somebody took it",
    "react": "react, until the first contact",
}


class Signal(NamedTuple):
    """A signal as a case that ends with the first contact, with the instants between."""

    start: Occasion
    way: int
    end: Occasion | None
    assigned: int | None
    accepted: int | None
    by: str
    times: int

    def lasted(self, cut: int) -> int:
        """Return how long it lasted, or has lasted by the cut."""
        return max(0, (cut if self.end is None else self.end.at) - self.start.at)


class Response:
    """The signals of a log, and what became of them."""

    def __init__(self, asked: Asked, family: Family) -> None:
        self.asked, self.family = asked, family
        self.window = window_of(asked, DEFAULT_OVER)
        self.objective = objective(asked, family)
        self.durations = Durations(asked, self.objective, both=True)
        self.by_tasks = not self.happened("assigned")
        self.signals = [one for one in self.cases() if one.start.at in self.window]

    def happened(self, role: str) -> list[Occasion]:
        """Return what happened to people in a role."""
        name = self.family.moments.get(role, "")
        return occasions(self.asked.facts, name) if name else []

    def between(self) -> tuple[dict[int, list[tuple[int, int | None]]], str]:
        """Return by person when somebody had it and took it: by the moments, else by the tasks of desks."""
        facts = self.asked.facts
        found: dict[int, list[tuple[int, int | None]]] = {}
        if not self.by_tasks:
            accepted = by_key(self.happened("accepted"))
            for one in self.happened("assigned"):
                met = first_after(accepted.get(one.key, ()), one.at)
                found.setdefault(one.person, []).append((one.at, met.at if met else None))
            return found, "moments"
        for task in facts.notes.tasks:
            found.setdefault(facts.number(task.person), []).append((task.at, task.answered))
        return {
            person: sorted(ones, key=lambda one: one[0]) for person, ones in found.items()
        }, "tasks"

    def cases(self) -> Iterator[Signal]:
        """Yield the signals, those close together as one."""
        facts = self.asked.facts
        contacts = by_key(self.happened("contact"))
        between, _how = self.between()
        together = self.family.length("together-within") or (0, "minute")
        name = self.family.moments["signal"]
        fields = facts.notes.fields[name]
        place = fields.index(self.family.more["by"]) if self.family.more["by"] in fields else -1
        for person, ones in by_key(occasions(facts, name)).items():
            left = ones
            while left:
                first, until = left[0], facts.clock.later(left[0].at, together)
                rest = [one for one in left if one.at > until]
                end = first_after(contacts.get(person, ()), first.at, first.known)
                at, taken = next(
                    ((at, taken) for at, taken in between.get(first.person, ()) if at >= first.at),
                    (None, None),
                )
                by = str(first.values[place] or "none") if place >= 0 else ""
                yield Signal(first, int(end is not None), end, at, taken, by, len(left) - len(rest))
                left = rest

    def figures(self, signals: Sequence[Signal]) -> Iterator[Figure]:
        """Yield the time of response, its parts and the share in time."""
        cases = [Case(one.start, one.way, one.end) for one in signals]
        for figure in self.durations.figures(cases):
            yield figure._replace(label="signals" if figure.key == "cases" else figure.label)
        repeated = sum(one.times - 1 for one in signals)
        if repeated:
            yield count_of("repeated", "further signals, close to another", repeated)
        for part, label in PARTS.items():
            times = list(self.part(part, signals))
            value, low, high = (
                None if one is None else one / 1000 for one in quantile(kaplan_meier(times), 0.5)
            )
            slow = quantile(kaplan_meier(times), 0.9).value
            note = "" if value is not None else "not reached yet" if times else "nothing says it"
            yield Figure(part, label, value, SECONDS, low, high, len(times), note)
            if slow is not None:
                yield Figure(
                    f"{part}_p90",
                    f"{part}, 90th percentile",
                    slow / 1000,
                    SECONDS,
                    of=len(times),
                )

    def part(self, part: str, signals: Sequence[Signal]) -> Iterator[tuple[int, int]]:
        """Yield the time of one part of each signal that came so far, and whether it is over."""
        cut = self.asked.facts.cut
        for one in signals:
            contact = None if one.end is None else one.end.at
            begin, end = {
                "detect": (one.start.at, one.start.known),
                "route": (one.start.known, one.assigned),
                "accept": (one.assigned, one.accepted),
                "react": (one.accepted, contact),
            }[part]
            # What was answered without it is no longer waiting for it: it is censored there.
            stop = min(cut, contact) if contact is not None and end is None else cut
            if begin is not None:
                yield max(0, (stop if end is None else end) - begin), int(end is not None)


def objective(asked: Asked, family: Family) -> Duration | None:
    """Return within which time a signal is to be answered: the target of a metric that measures just that, else the settings'."""
    roles = family.moments
    found = asked.target(roles["signal"], roles["contact"])
    return family.length("objective") if found is None else found


def section(asked: Asked, family: Family) -> Section:
    """Return what there is to say of sales response time."""
    response = Response(asked, family)
    dimensions: dict[str, Callable[[Signal], Sequence[str]]] = {**asked.of_cases()}
    if any(one.by for one in response.signals):
        dimensions = {family.more["by"]: lambda one: [one.by], **dimensions}
    told = tuple(grouped(response.signals, dimensions, response.figures))
    how = "tasks of desks" if response.by_tasks else "moments of the log"
    says = (
        said_of(response.window, asked.facts),
        f"Who had it and took it is told by {how}. We decide route, measure detect, can hurry accept, and have no hand in react.",
    )
    cases = [Case(one.start, one.way, one.end) for one in response.signals]
    plot = response.durations.plot("not answered", "Signals without a contact yet", cases)
    return Section("response", "Sales response time", says, told, (), plot)
