"""All journeys of a project together: where they meet in one person. Rule: what is told was sent or handed over; days are the project's.

- **same day**: messages of two journeys reached one person on one day. Whose left first is served first.
- **offers**: one person was offered two different things on one day.
- **desks**: two journeys handed one desk a task each about one person on one day.
- **starved**: a message was held or refused because messages of other journeys had filled a cap.
"""

from __future__ import annotations

from collections import Counter
from itertools import combinations, pairwise
from typing import NamedTuple

from verbline.interpreter.guard.spans import has_passed
from verbline.interpreter.zones import HOUR

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from typing import Any, TypeAlias

    from verbline.interpreter.guard.purpose import Length
    from verbline.interpreter.program.program import Program
    from verbline.runtime.plan.outline import Site
    from verbline.runtime.plan.replay import Result

    Key: TypeAlias = "tuple[str, ...]"

FORMAT = 1
FULL = "frequency_cap"
# Under this name stands a cap that a journey's own messages have filled.
ITSELF = ""


class Sent(NamedTuple):
    """One message, task or refusal of somebody: when, on which day, and at which site."""

    at: int
    day: str
    site: Site


class Meetings:
    """How often something happened to how many people, by what it is about."""

    __slots__ = ("times", "who")

    def __init__(self) -> None:
        self.times: Counter[Key] = Counter()
        self.who: dict[Key, set[int]] = {}

    def add(self, key: Key, person: int, number: int = 1) -> None:
        """Count that it happened to ``person``."""
        self.times[key] += number
        self.who.setdefault(key, set()).add(person)

    def rows(self, names: tuple[str, ...], times: str) -> list[dict[str, Any]]:
        """Return a row for each key, the most people first; ``times`` is how the number of times is called."""
        keys = sorted(self.who, key=lambda key: (-len(self.who[key]), key))
        return [
            {
                **dict(zip(names, key, strict=True)),
                "people": len(self.who[key]),
                times: self.times[key],
                "ids": [f"P{one}" for one in sorted(self.who[key])],
            }
            for key in keys
        ]


class Collisions:
    """See the module. A run is looked at person by person."""

    def __init__(self, program: Program, result: Result) -> None:
        self.program = program
        self.result = result
        self.same_day, self.offers = Meetings(), Meetings()
        self.desks, self.starved = Meetings(), Meetings()
        self.first: Counter[Key] = Counter()
        self._days: dict[int, str] = {}

    def look(self, progress: Callable[[], object] = bool) -> None:
        """Look at everybody."""
        outline = self.result.outline
        told = [is_told(site) for site in outline.sites]
        for number, (person, begin, end) in enumerate(outline.spans()):
            if not number % 4096:
                progress()
            found = [at for at in range(begin, end) if told[outline.site[at]]]
            if len(found) > 1:
                self.take(person, [self._sent(outline.at[at], outline.sites[outline.site[at]]) for at in found])  # fmt: skip

    def _sent(self, at: int, site: Site) -> Sent:
        """Return a record with its day."""
        quarter = at // (HOUR // 4)
        day = self._days.get(quarter)
        if day is None:
            day = self._days[quarter] = self.program.zone.local(at).date().isoformat()
        return Sent(at, day, site)

    def take(self, person: int, records: Sequence[Sent]) -> None:
        """Look at one person; ``records`` are in the order of time."""
        messages = [one for one in records if one.site.kind == "message" and one.site.verdict == "sent"]  # fmt: skip
        for day in by_day(messages):
            journeys = list(dict.fromkeys(one.site.journey for one in day))
            for one, other in combinations(journeys, 2):
                key = tuple(sorted((one, other)))
                self.same_day.add(key, person)
                self.first[*key, one] += 1
            offers = {(one.site.get("message"), one.site.journey) for one in day if one.site.get("told") == "offer"}  # fmt: skip
            for (offer, journey), (rival, another) in combinations(sorted(offers), 2):
                if offer != rival:
                    self.offers.add((offer, journey, rival, another), person)
        for day in by_day([one for one in records if one.site.kind == "task"]):
            self._tasks(person, day)
        for record in records:
            if record.site.reason == FULL:
                self._starve(person, record, messages)

    def _tasks(self, person: int, day: Iterable[Sent]) -> None:
        """Count desks that are handed tasks about one person by several journeys on one day."""
        by_desk: dict[str, set[str]] = {}
        for one in day:
            by_desk.setdefault(one.site.get("desk"), set()).add(one.site.journey)
        for desk, journeys in by_desk.items():
            for pair in combinations(sorted(journeys), 2):
                self.desks.add((desk, *pair), person)

    def _starve(self, person: int, held: Sent, messages: Iterable[Sent]) -> None:
        """Count that a message found a cap filled, by each journey that had filled it."""
        journey, purpose, zone = held.site.journey, held.site.get("purpose"), self.program.zone
        others = {
            one.site.journey
            for length, purposes in self._caps(purpose)
            for one in messages
            if one.site.get("purpose") in purposes
            and one.at <= held.at
            and not has_passed(zone, one.at, length, held.at)
        }
        for winner in others - {journey} or {ITSELF}:
            self.starved.add((journey, purpose, held.site.verdict, winner), person)

    def _caps(self, purpose: str) -> Iterator[tuple[Length, frozenset[str]]]:
        """Yield the caps over all journeys that hold a purpose: how long a message counts, and for which purposes."""
        program = self.program
        own = program.purposes[purpose]
        if own.cap is not None:
            yield own.cap[1], frozenset((purpose,))
        if program.marketing_cap is not None:
            marketing = (name for name, one in program.purposes.items() if one.cls == "marketing")
            yield program.marketing_cap[1], frozenset(marketing)

    def form(self) -> dict[str, Any]:
        """Return all of it, as JSON has it."""
        result = self.result
        pairs = self.same_day.rows(("first", "second"), "days")
        for row in pairs:
            key = row["first"], row["second"]
            row["served_first"] = {name: self.first[*key, name] for name in key}
        return {
            "format": FORMAT,
            "log": {"events": result.events, "parked": result.parked},
            "people": result.people,
            "journeys": [
                {"journey": one.name, "order": one.index + 1, "priority": one.priority}
                for one in sorted(self.program.journeys.values(), key=lambda one: one.index)
            ],
            "same_day": pairs,
            "offers": self.offers.rows(("offer", "journey", "other_offer", "other_journey"), "days"),
            "desks": self.desks.rows(("desk", "first", "second"), "days"),
            "starved": self.starved.rows(("journey", "purpose", "verdict", "by"), "times"),
        }  # fmt: skip


def is_told(site: Site) -> bool:
    """Return whether records of ``site`` can collide: what is sent, handed over, or finds a cap filled."""
    if site.kind == "task":
        return site.verdict == "taken"
    return site.kind == "message" and bool(site.journey) and (site.verdict == "sent" or site.reason == FULL)  # fmt: skip


def by_day(records: Sequence[Sent]) -> Iterator[list[Sent]]:
    """Yield the records of each day on which there is more than one."""
    bounds = [0, *(at for at, (one, other) in enumerate(pairwise(records), 1) if one.day != other.day), len(records)]  # fmt: skip
    for begin, end in pairwise(bounds):
        if end - begin > 1:
            yield list(records[begin:end])
