"""What a run came to, counted. Rule: a record is counted as it happens and not kept, so any number of them costs the same.

The sums are plain values, as JSON has them.
"""

from __future__ import annotations

from collections import Counter, defaultdict

from verbline.interpreter.step.records import APART, apart_of
from verbline.interpreter.zones import HOUR

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, TypeAlias

    from verbline.interpreter.person.record import Visit
    from verbline.interpreter.program.parts import Journey
    from verbline.interpreter.program.program import Program
    from verbline.interpreter.step.steps import Step
    from verbline.interpreter.step.turn import Turn

    # The journey or the step, kind, verdict, reason, and what else tells two records apart.
    Key: TypeAlias = "tuple[Journey | Step, str, str, str, str]"

# What becomes of those who do not come in, and how the sums call it.
NOT_ENTERED = {"not admitted": "not_admitted", "held": "held_back", "ignored": "ignored"}
# Whose visit had ended as merged with that of somebody else, who turned out to be another person after all.
RESUMED = "resumed"
# What is told of people, and belongs to no journey.
PEOPLE = frozenset(("merge", "split", "erased"))
# What becomes of a task: the desk answers, does not in time, is told that it is over, or got it too late.
ENDS = ("answered", "ran_out", "withdrawn", "stale")


class Tally:
    """Counts the records of a run; those before ``start`` are left out.

    ``tasks`` counts those that were handed over by desk and day, ``ends`` what became of them by desk, ``people`` those who
    turned out to be somebody known (merge), or two (split), or were erased, by the kind of the record; ``confirming`` the
    requests to confirm a yes, by what became of them.
    """

    __slots__ = ("_days", "_program", "_start", "confirming", "counts", "ends", "people", "sites", "tasks")  # fmt: skip

    def __init__(self, program: Program, start: int | None = None) -> None:
        self._program = program
        self._start = start
        self._days: dict[int, str] = {}
        self.counts: dict[Key, int] = {}
        # What steps that are done in one go count themselves, by the program's numbers of such records.
        self.sites: defaultdict[int, int] = defaultdict(int)
        self.tasks: Counter[tuple[str, str]] = Counter()
        self.ends: Counter[tuple[str, str]] = Counter()
        self.people: Counter[str] = Counter()
        self.confirming: Counter[str] = Counter()

    def count(
        self,
        turn: Turn,
        journey: Journey | None,
        _visit: Visit | None,
        step: Step | None,
        kind: str,
        verdict: str,
        reason: str,
        more: dict[str, Any],
    ) -> None:
        """Count one record."""
        if self._start is not None and turn.now < self._start:
            return
        if journey is None:
            if kind == "message":
                self.confirming[verdict] += 1
            else:
                assert kind in PEOPLE, f"a {kind} belongs to a journey"
                self.people[kind] += 1
            return
        where = step if step is not None and kind != "outcome" else journey
        counts, key = self.counts, (where, kind, verdict, reason, apart_of(kind, more))
        counts[key] = counts.get(key, 0) + 1
        if kind == "task":
            self.ends[more.get("desk", ""), verdict] += 1
            if verdict == "taken":
                self.tasks[more["desk"], self._day(turn.now)] += 1
        elif kind == "wait" and verdict == "taken" and "desk" in more:
            self.ends[more["desk"], reason] += 1

    def all(self) -> dict[Key, int]:
        """Return how often each kind of record came, wherever it was counted."""
        found, known = dict(self.counts), self._program.sites.known
        for site, number in self.sites.items():
            found[known[site]] = found.get(known[site], 0) + number
        return found

    def _day(self, now: int) -> str:
        """Return the date at ``now`` in the project's zone."""
        hour = now // (HOUR // 4)
        day = self._days.get(hour)
        if day is None:
            day = self._days[hour] = self._program.zone.local(now).date().isoformat()
        return day

    def journeys(self, inside: Counter[str]) -> list[dict[str, Any]]:
        """Return the sums of each journey, in the order in which they stand; ``inside`` says how many are in each."""
        folder = self._program.folder
        by_place: dict[Journey | Step, list[tuple[Key, int]]] = {}
        for key, number in self.all().items():
            by_place.setdefault(key[0], []).append((key, number))
        journeys = sorted(self._program.journeys.values(), key=lambda one: place(one.line))
        return [
            {
                "journey": journey.name,
                "line": journey.line.removeprefix(folder),
                **of_journey(by_place.get(journey, [])),
                "inside": inside[journey.name],
                "steps": [
                    {
                        "step": step.id,
                        "line": step.line.removeprefix(folder),
                        "text": step.text,
                        "records": records,
                    }
                    for step in sorted(journey.steps.values(), key=lambda one: place(one.line))
                    if (records := of_step(by_place.get(step, [])))
                ],
            }
            for journey in journeys
        ]

    def desks(self) -> list[dict[str, Any]]:
        """Return for each desk that was handed tasks how many, what became of them, and how many on each day."""
        names = sorted({desk for desk, _ in self.tasks})
        return [
            {
                "desk": name,
                "tasks": sum(number for (desk, _), number in self.tasks.items() if desk == name),
                **{what: self.ends[name, what] for what in ENDS},
                "days": {
                    day: number
                    for (desk, day), number in sorted(self.tasks.items())
                    if desk == name
                },
            }
            for name in names
        ]


def place(line: str) -> tuple[str, int]:
    """Return a place such as ``file:12`` as it is sorted."""
    file, _, number = line.rpartition(":")
    return file, int(number)


def of_journey(counted: list[tuple[Key, int]]) -> dict[str, Any]:
    """Return who came into a journey, who did not and why, and how it ended."""
    sums: dict[str, Counter[str]] = {verdict: Counter() for verdict in NOT_ENTERED}
    entered, resumed, outcomes = 0, 0, Counter[str]()
    for (_, kind, verdict, reason, apart), number in counted:
        if kind == "outcome":
            outcomes[apart] += number
        elif kind == "entry" and verdict == "taken":
            entered += number
        elif kind == "entry" and verdict == RESUMED:
            resumed += number
        elif kind == "entry":
            sums[verdict][reason] += number
    return {
        "entered": entered,
        "resumed": resumed,
        **{name: ordered(sums[verdict]) for verdict, name in NOT_ENTERED.items()},
        "outcomes": ordered(outcomes),
    }


def of_step(counted: list[tuple[Key, int]]) -> list[dict[str, Any]]:
    """Return the sums of one step, the largest first."""
    rows = [
        {
            "kind": kind,
            "verdict": verdict,
            **({"reason": reason} if reason else {}),
            **({APART[kind]: apart} if apart else {}),
            "count": number,
        }
        for (_, kind, verdict, reason, apart), number in counted
    ]
    return sorted(rows, key=lambda row: (-int(str(row["count"])), str(row)))


def ordered(sums: Counter[str]) -> dict[str, int]:
    """Return sums with the largest first, equal ones by name."""
    return dict(sorted(sums.items(), key=lambda one: (-one[1], one[0])))
