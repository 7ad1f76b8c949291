"""Two people who turn out to be one. Rule: histories are united; what each had counts as it was, and nobody enters anything by it."""

from __future__ import annotations

from typing import Any

from tests.oracle.history import Line, Person, View
from tests.oracle.visit import Answer, Pause, Visit
from tests.oracle.visits import BOTH, Visits


class Merging(Visits):
    """Visits of people who may turn out to be one."""

    def merge(self, one: Person, other: Person) -> None:
        """Make two people one: the older stays, histories are united, a journey both are in goes on once."""
        if one is other:
            return
        stays, goes = sorted((one, other), key=lambda person: person.place)
        self.keep(stays, goes)
        fresh = {id(visit): latest(goes) for visit in stays.visits}
        fresh |= {id(visit): latest(stays) for visit in goes.visits}
        for visits, past in ((stays.visits, goes), (goes.visits, stays)):
            known = {line.number for line in latest(past)}
            for visit in visits:
                visit.unseen = {line.number for line in past.lines} - known
        self.unite(stays, goes)
        self.unite_visits(stays, goes)
        raised = list(self.raised)
        self.changed(stays)
        self.raised = raised  # nobody enters a segment because of what was united
        for visit in self.running(stays):
            wait = visit.pause
            if visit.running and wait and wait.wants:
                news = [line for line in fresh[id(visit)] if line.number > wait.anchor]
                line = next((line for line in news if wait.wants(line)), None)
                if line:
                    self.go_on(visit, Answer(line))

    def unite(self, stays: Person, goes: Person) -> None:
        """Unite what is known of two people."""
        views = [View(stays, self.now), View(goes, self.now)]
        for name in self.book.declared.get("score", {}):
            stays.points[name] = (*self.questions.united(name, *views), self.count)
        labels = {line["label"] for view in views for line in view.lines("label")}
        held = [
            one
            for one in sorted(labels)
            if any(self.questions.labelled(view, one) for view in views)
        ]
        routes = [line["desk"] for view in views if (line := view.latest("route"))]
        stays.lines = sorted([*stays.lines, *goes.lines], key=lambda line: line.number)
        stays.contacts += [contact for contact in goes.contacts if contact not in stays.contacts]
        stays.inside = {name: stays.inside[name] or goes.inside[name] for name in self.segments}
        self.people = {
            key: stays if person is goes else person for key, person in self.people.items()
        }
        self.questions.consents.people.remove(goes)
        self.note(stays, "merged", BOTH)
        for label in held:  # what one of the two has stays
            self.note(stays, "label", BOTH, label=label, holds=True)
        for desk in routes[:1]:
            self.note(stays, "route", BOTH, desk=desk)

    def unite_visits(self, stays: Person, goes: Person) -> None:
        """Unite the visits of two people: of two with one journey and value the earlier goes on."""
        theirs = {id(visit) for visit in goes.visits}
        timers: list[Pause] = []
        for visit in goes.visits:
            visit.person = stays
            timers += [one for one in (visit.pause, visit.gives_up) if one is not None]
        for timer in sorted(timers, key=lambda one: one.serial):
            self.serial += 1
            timer.rank = self.serial
        stays.visits += goes.visits
        first: dict[tuple[str, Any], Visit] = {}
        order = sorted(stays.visits, key=lambda one: (one.began, id(one) in theirs, one.first))
        for visit in order:
            kept = first.setdefault((visit.journey, visit.value), visit)
            if kept is not visit:
                kept.spent |= visit.spent | visit.done
                self.double(kept, visit)

    def keep(self, stays: Person, goes: Person) -> None:
        """Keep what is needed to take two people apart again."""
        raise NotImplementedError

    def double(self, kept: Visit, visit: Visit) -> None:
        """End a visit because ``kept`` goes on for both."""
        raise NotImplementedError


def latest(person: Person) -> list[Line]:
    """Return the latest of each moment of a person, in order."""
    moments = {line["moment"]: line for line in View(person, 0).lines("moment")}
    return sorted(moments.values(), key=lambda line: line.number)
