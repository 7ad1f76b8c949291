"""People, their visits and the clock. Rule: one thing at a time: what is due before it, the thing itself, what it raised."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from typing import Any

from tests.oracle.book import CHANNELS, Book, Settings, node_of
from tests.oracle.consent import DENIALS, said
from tests.oracle.history import Line, Person, View
from tests.oracle.splitting import Splitting
from tests.oracle.visit import DUE, Answer, Pause, Visit
from tests.oracle.visits import Record
from verbline.interpreter.nodes import Node
from verbline.interpreter.project import Project


def run(
    project: Project,
    settings: Settings,
    people: Iterable[Mapping[str, Any]],
    stimuli: Iterable[Mapping[str, Any]],
    until: int,
) -> list[Record]:
    """Return the records of what happens to ``people`` when ``stimuli`` happen, with timers up to ``until``.

    A person has ``key``, ``contacts`` (pairs of kind and address, newest last) and ``facts``. A stimulus has ``at``,
    ``person``, ``kind`` (moment, consent, desk, answer, merge, split) and what that kind needs: ``moment`` and ``fields``; the
    data of a consent event; ``desk`` and ``answer``; ``answer`` (a bool); ``other``.
    """
    given = list(stimuli)
    world = World(Book(project, settings), people, min((one["at"] for one in given), default=0))
    for stimulus in given:
        world.take(stimulus)
    world.pass_until(until + 1)
    return world.records


class World(Splitting):
    """Everything that happens, in its order."""

    def __init__(self, book: Book, people: Iterable[Mapping[str, Any]], start: int) -> None:
        super().__init__(book, start)
        for one in people:
            self.add(one)

    def add(self, given: Mapping[str, Any]) -> None:
        """Add a person, who enters no segment by being there."""
        person = Person(given["key"], len(self.people), list(given.get("contacts", ())))
        self.people[person.key] = person
        self.questions.consents.people.append(person)
        for field, value in given.get("facts", {}).items():
            self.note(person, "fact", field=field, value=exact(value))
        view = View(person, self.now)
        person.inside = {name: self.questions.inside(view, name) is True for name in self.segments}

    # ---------- time ----------

    def take(self, stimulus: Mapping[str, Any]) -> None:
        """Let a stimulus happen, after all that is due before it."""
        at = max(self.now, stimulus["at"])
        self.pass_until(at)
        self.now, self.depth = at, 0
        person, self.whose = self.people[stimulus["person"]], stimulus["person"]
        match stimulus["kind"]:
            case "moment":
                moment = self.book.moment(stimulus["moment"])
                self.happen(person, moment, stimulus.get("fields", {}))
            case "consent":
                more = {key: stimulus.get(key) for key in CONSENT}
                self.hear(person, self.note(person, "consent", **said(**more)))
            case "desk" | "answer":
                self.reply(person, stimulus)
            case "merge":
                self.merge(person, self.people[stimulus["other"]])
            case "split":
                self.split(stimulus["person"], stimulus["other"])
            case _:
                raise AssertionError(stimulus)
        self.drain()
        self.whose = ""

    def pass_until(self, end: int) -> None:
        """Fire every timer that is due before ``end``, in due order; ties: person, then the order in which they were set."""
        while True:
            self.whose = ""  # what time alone changes happens to nobody more than to another
            due = min(self.timers(), key=lambda one: one[:3], default=None)
            last = min(end - 1, due[0] if due else end)
            changed = self.first_change(last) if last >= self.now else None
            # Of one instant and person, what visits have set comes before what time alone changes.
            if changed and (due is None or (changed[0], changed[1].place) < due[:2]):
                at, person = changed
                self.now, self.depth = at, 0
                self.changed(person)
            elif due is not None and due[0] < end:
                self.now = max(self.now, due[0])
                self.fire(due[3], due[4])
            else:
                return
            self.drain()

    def timers(self) -> list[tuple[int, int, int, Visit, Pause]]:
        """Return what is set: due, the person's place, the order of setting, the visit and what it waits for."""
        return [
            (pause.due, person.place, pause.rank, visit, pause)
            for person in self.each()
            for visit in person.visits
            for pause in (visit.pause, visit.gives_up)
            if pause is not None and pause.due is not None
        ]

    def each(self) -> list[Person]:
        """Return the people, each once."""
        return list({id(person): person for person in self.people.values()}.values())

    def first_change(self, last: int) -> tuple[int, Person] | None:
        """Return when, up to ``last``, time alone first moves somebody into or out of what is watched."""
        found = []
        for person in self.each():
            if self.moved(person, self.now):  # another person's change of this instant came first
                found.append((self.now, person.place, person))
                continue
            for at in self.watching.changes(person, self.now, last) if last > self.now else ():
                if self.moved(person, at):
                    found.append((at, person.place, person))
                    break
        first = min(found, key=lambda one: one[:2], default=None)
        return (first[0], first[2]) if first else None

    def moved(self, person: Person, at: int) -> bool:
        """Return whether a segment or a label would be another at an instant."""
        view = View(person, at)
        inside = {name: self.questions.inside(view, name) is True for name in self.segments}
        return inside != person.inside or any(self.lost(view, clause) for clause in self.labels)

    def fire(self, visit: Visit, pause: Pause) -> None:
        """Let a timer go off; one for the instant at which it was set does not begin a chain of signals anew."""
        self.depth = pause.depth
        if pause is visit.gives_up:
            self.stop(visit, "gave up")
        else:
            self.go_on(visit, DUE)

    # ---------- what happens ----------

    def drain(self) -> None:
        """Let in who wants to enter, then handle what was raised on the way, first come first served, until nothing is left."""
        while self.entering or self.raised:
            if self.entering:
                journey, person, moments, whose, self.depth = self.entering.pop(0)
                self.start(journey, self.people[person.key], moments, whose)
                continue
            person, what, name, self.whose, self.depth, *more = self.raised.pop(0)
            person = self.people[person.key]
            if what == "moment":
                self.happen(person, name, more[0])
            else:
                self.enter(person, name)

    def happen(self, person: Person, moment: str, fields: Mapping[str, Any]) -> None:
        """A moment happens: facts, scores, segments; stops; waits; starts."""
        known = {name: exact(value) for name, value in fields.items()}
        line = self.note(person, "moment", moment=moment, fields=known)
        for field in self.book.carried(moment):
            value = known.get(field.name)
            if value is not None and self.book.is_fact(field.name):
                self.note(person, "fact", field=field.name, value=value)
        self.changed(person)
        self.stops(person, "stops_when", lambda visit, node: self.is_about(visit, line, node))
        for visit in self.running(person):
            pause = visit.pause
            if visit.running and pause and pause.wants and pause.wants(line):
                self.go_on(visit, Answer(line))
        for journey, sentence in self.journeys.items():
            for clause in sentence.of("starts_when"):
                node = node_of(clause)
                view = View(person, self.now, None, line)
                fits = self.book.moment(node.text("moment")) == line["moment"]
                if fits and (not node.has("condition") or self.questions.rule(view, node)):
                    self.wish(journey, person, [line], self.whose, self.depth)
                    break

    def enter(self, person: Person, segment: str) -> None:
        """A person has entered a segment: stops, then starts."""
        self.stops(person, "stops_segment", lambda _visit, node: node.text("segment") == segment)
        for journey, sentence in self.journeys.items():
            if any(
                node_of(one).text("segment") == segment for one in sentence.of("starts_segment")
            ):
                self.wish(journey, person, [], self.whose, self.depth)

    def hear(self, person: Person, line: Line) -> None:
        """Something was said about consent: it happens to whoever said it, with all that follows, then to who else is there."""
        self.changed(person)
        if line["act"] in DENIALS and line["actor"] == "subject":
            self.stops(person, "stops_withdrawn", lambda _visit, node: withdraws(line, node))
        for holder in self.each():
            addresses = [address for _kind, address in holder.contacts]
            if holder is not person and line["contact"] in addresses:
                self.drain()
                self.whose, self.depth = "", 0
                self.changed(holder)

    def reply(self, person: Person, stimulus: Mapping[str, Any]) -> None:
        """A desk answers the person's oldest open task, or the person the oldest open question."""
        desk, what = stimulus.get("desk", ""), "task" if stimulus["kind"] == "desk" else "question"
        waiting = [
            (visit.pause.serial, visit)
            for visit in person.visits
            if visit.pause and visit.pause.what == what
            if what == "question" or visit.pause.told["desk"] == desk
        ]
        if waiting:
            answer = stimulus.get("answer")
            text = (answer or "") if what == "task" else "yes" if answer else "no"
            self.go_on(min(waiting, key=lambda one: one[0])[1], Answer(None, text))

    def stops(self, person: Person, shape: str, fits: Callable[[Visit, Node], bool]) -> None:
        """End each running visit that has a stop that fits, with the outcome of the first of them."""
        for visit in self.running(person):
            for clause in visit.sentence.of(shape) if visit.running else ():
                node = node_of(clause)
                if fits(visit, node):
                    self.stop(visit, node.text("outcome") or "stopped")
                    break


CONSENT = ("act", "purpose", "channel", "topic", "contact", "actor", "source", "evidence")


def exact(value: Any) -> Any:
    """Return a value as it is reckoned with: a number is a Decimal."""
    return Decimal(value) if isinstance(value, int) and not isinstance(value, bool) else value


def withdraws(line: Line, node: Node) -> bool:
    """Return whether a no is the one that `stops when … withdraws` names."""
    by = CHANNELS[node.word("channel").kind] if node.has("channel") else ""
    return (
        line["purpose"] in (node.text("purpose"), "*")
        and (not by or (line["channel"] or "*") in (by, "*"))
        and (line["topic"] or "*") in (node.text("topic"), "*")
    )
