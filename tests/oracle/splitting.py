"""Two people who had been taken for one. Rule: each line and each visit goes back to the one whose it is, and nobody enters by it."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from tests.oracle.history import Person, View
from tests.oracle.merging import Merging
from tests.oracle.visit import End, Visit
from tests.oracle.visits import BOTH


@dataclass
class Kept:
    """What two people were before they were taken for one; ``spent`` is by visit."""

    stays: Person
    goes: Person
    contacts: list[tuple[str, str]]
    points: dict[str, tuple[Decimal, int, int]]
    spent: dict[int, set[int]]


class Splitting(Merging):
    """Visits of people who may turn out to be two."""

    kept: Kept

    def keep(self, stays: Person, goes: Person) -> None:
        """Keep what two people are."""
        spent = {id(visit): set(visit.spent) for visit in (*stays.visits, *goes.visits)}
        self.kept = Kept(stays, goes, list(stays.contacts), dict(stays.points), spent)
        stays.keys = {stays.key, goes.key}

    def double(self, kept: Visit, visit: Visit) -> None:
        """End a visit because ``kept`` goes on for both; it is only laid aside."""
        self.withdraw(visit)
        self.doubles.append((kept, visit, kept.steps))
        visit.running = False
        visit.person.visits.remove(visit)
        self.note(visit.person, "ended", BOTH, journey=visit.journey, value=visit.value)
        self.record(visit.person, visit.journey, "outcome", "taken", outcome="merged")

    def split(self, one: str, other: str) -> None:
        """Take two people apart who are taken for one."""
        whole = self.people[one]
        if whole is not self.people[other]:
            return
        stays, goes = self.kept.stays, self.kept.goes
        doubles, self.doubles = self.doubles, []
        lines, visits = whole.lines, whole.visits
        for person in (stays, goes):
            person.keys = set()
            person.lines = [line for line in lines if line.whose == person.key]
            person.visits = [visit for visit in visits if visit.owner == person.key]
        stays.contacts, stays.points = self.kept.contacts, self.kept.points
        for person in (stays, goes):
            own = [value for _kind, value in person.contacts]
            for line in person.lines:
                if (
                    line.what == "moment"
                ):  # what was bought says nothing about the other's addresses
                    line.data["held"] = [value for value in line["held"] if value in own]
        self.people[goes.key] = goes
        self.questions.consents.people.append(goes)
        for person in (stays, goes):
            self.come_back(person, doubles)

    def come_back(self, person: Person, doubles: list[tuple[Visit, Visit, int]]) -> None:
        """Give a person back what was theirs, and tell of the visits that had ended because another's went on."""
        for visit in person.visits:
            visit.person = person
            visit.spent = self.kept.spent.get(id(visit), set())
            visit.unseen = set()
        mine = [one for one in doubles if one[1].owner == person.key]
        mine.sort(key=lambda one: one[0].steps == one[2])
        for _kept, visit, _steps in mine:
            visit.person, visit.running, visit.unseen = person, True, set()
            visit.spent = self.kept.spent[id(visit)]
            person.visits.append(visit)
            self.record(person, visit.journey, "entry", "resumed", "identity_split")
        for kept, visit, steps in mine:
            if kept.steps == steps:
                self.take_up(visit)
            else:
                assert visit.walked is not None
                visit.walked.close()
                self.over(visit, End("identity split"))
        self.settle(person)

    def take_up(self, visit: Visit) -> None:
        """Tell again what is under way."""
        pause = visit.pause
        if pause is not None and pause.what == "held":
            more = pause.told | {"until": pause.due}
            self.record(visit.person, visit.journey, "message", "held", "identity_split", **more)
        elif pause is not None and pause.what == "task":
            reason = "identity_split"
            self.record(visit.person, visit.journey, "task", "taken", reason, **pause.told)

    def settle(self, person: Person) -> None:
        """Take the segments as they are, so that nobody enters one."""
        view = View(person, self.now)
        person.inside = {name: self.questions.inside(view, name) is True for name in self.segments}
        self.changed(person)
