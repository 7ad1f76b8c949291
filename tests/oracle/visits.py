"""Visits: how they start, go on, stop and end. Rule: whoever is admitted, and whoever is not, leaves a record."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.oracle import values
from tests.oracle.admission import admitted, in_order, outside
from tests.oracle.book import Book, node_of
from tests.oracle.history import Line, Person, View
from tests.oracle.questions import Questions
from tests.oracle.values import length_of
from tests.oracle.visit import DEEPEST, Answer, End, Pause, Visit
from tests.oracle.walk import Walk
from tests.oracle.watching import Watching
from verbline.interpreter.nodes import Node, Sentence

Record = dict[str, Any]
# Whose that is which comes of two people being one, and ends with it.
BOTH = "both"


class Visits:
    """All visits: ``count`` numbers what happens, ``serial`` the timers, ``raised`` is what waits for its turn.

    ``whose`` is the key of the one to whom something happens now; ``doubles`` are visits that ended because an earlier one
    goes on for both, each behind that one, with the steps this had come to.
    """

    def __init__(self, book: Book, start: int) -> None:
        self.book = book
        self.questions = Questions(book)
        self.now = start
        self.count = 0
        self.serial = 0
        self.records: list[Record] = []
        self.raised: list[tuple[Any, ...]] = []
        self.entering: list[tuple[str, Person, list[Line], str, int]] = []
        self.depth = (
            0  # how many signals, segments and journeys have led to one another at this instant
        )
        self.whose = ""
        self.doubles: list[tuple[Visit, Visit, int]] = []
        self.people: dict[str, Person] = {}
        self.journeys = in_order(book)
        clauses = [clause for one in self.journeys.values() for clause in one.block]
        self.labels = [clause for clause in clauses if clause.shape == "no_longer"]
        entered = [one for one in clauses if one.shape in ("starts_segment", "stops_segment")]
        self.segments = sorted({node_of(one).text("segment") for one in entered})
        where = [book.of("segment", name).of("people_where")[0] for name in self.segments]
        self.watching = Watching(self.questions, [*where, *self.labels])

    # ---------- what is kept ----------

    def note(self, person: Person, what: str, whose: str = "", **data: Any) -> Line:
        """Write a line into a person's history; ``whose`` it is where that is not the one to whom something happens now."""
        self.count += 1
        if not whose:
            whose = self.whose if self.whose in person.keys else person.key
        if what == "consent":
            data["speaker"] = whose
        elif what == "moment":
            data["held"] = [value for _kind, value in person.contacts]
        line = Line(self.count, self.now, what, data, whose)
        person.lines.append(line)
        return line

    def record(
        self, person: Person, journey: str, kind: str, verdict: str, reason: str = "", **more: Any
    ) -> None:
        """Add a record of what was done, refused or left."""
        head = {"at": self.now, "person": person.key, "journey": journey}
        self.records.append(head | {"kind": kind, "verdict": verdict, "reason": reason} | more)

    def is_about(self, visit: Visit, line: Line, node: Node) -> bool:
        """Return whether a moment is the one that a stop names."""
        named = self.book.moment(node.text("moment")) == line["moment"]
        return named and self.concerns(visit, line, node)

    def concerns(self, visit: Visit, line: Line, node: Node) -> bool:
        """Return whether a moment has the visit's own value where it carries it, and fulfils the `where`."""
        once = visit.sentence.first("once_per")
        field = once.text("field") if once else ""
        carried = field and self.book.carries(line["moment"], field)
        if carried and not self.same(line["fields"].get(field), visit.value, visit.person):
            return False
        same = node.text("same")
        if same:
            # What the person had before it: it may just have changed that.
            before = View(visit.person, self.now, visit, until=line.number)
            own = self.questions.lookup(before, same)
            if not self.same(line["fields"].get(same), own, visit.person):
                return False
        view = View(visit.person, self.now, visit, line)
        return not node.has("condition") or self.questions.rule(view, node) is True

    def same(self, one: Any, other: Any, person: Person) -> bool:
        """Return whether two values are known and the same."""
        if one is None or other is None:
            return False
        pair = values.comparable(one, other, self.questions.zone(person))
        return pair is not None and bool(pair[0] == pair[1])

    def found(self, visit: Visit, anchor: int, wants: Callable[[Line], bool]) -> Line | None:
        """Return the first moment behind a place in the history that a visit waits for."""
        lines = [one for one in visit.person.lines if one.what == "moment" and one.number > anchor]
        seen = [line for line in lines if line.number not in visit.unseen]
        return next((line for line in seen if wants(line)), None)

    def changed(self, person: Person) -> None:
        """Look at labels and segments again after something has changed."""
        view = View(person, self.now)
        for clause in self.labels:
            if self.lost(view, clause):
                journey, label = clause.parent, node_of(clause).text("label")
                assert journey is not None
                self.record(
                    person, node_of(journey).text("name"), "label", "withdrawn", label=label
                )
                several = BOTH if person.keys else ""
                self.note(person, "label", several, label=label, holds=False)
        for name in self.segments:
            inside = self.questions.inside(view, name) is True
            if inside and not person.inside[name]:
                self.raised.append((person, "segment", name, self.whose, self.depth + 1))
            person.inside[name] = inside

    # ---------- visits ----------

    def running(self, person: Person) -> list[Visit]:
        """Return the person's visits in the order of their journeys."""
        order = list(self.journeys)
        return sorted(person.visits, key=lambda visit: (order.index(visit.journey), visit.first))

    def start(self, journey: str, person: Person, moments: list[Line], whose: str = "") -> None:
        """Admit a person to a journey, or say why not; ``whose`` the visit is, of those who are taken for this person."""
        verdict, reason, value = admitted(self, journey, person, moments)
        self.record(person, journey, "entry", verdict, reason)
        if verdict != "taken":
            return
        sentence = self.journeys[journey]
        owner = whose if whose in person.keys else person.key
        self.note(person, "entered", owner, journey=journey, value=value)
        visit = Visit(journey, sentence, person, value, self.now, self.count, list(moments))
        visit.owner = owner
        person.visits.append(visit)
        limit = sentence.first("gives_up")
        if limit:
            due = self.questions.on(View(person, self.now), length_of(limit.node("length")))
            visit.gives_up = self.set(Pause("gives up", due))
        visit.walked = Walk(self, visit).block(sentence.block)
        self.go_on(visit, None)

    def set(self, pause: Pause) -> Pause:
        """Number a timer."""
        self.serial += 1
        pause.serial = pause.rank = self.serial
        return pause

    def go_on(self, visit: Visit, answer: Answer | None) -> None:
        """Let a visit walk until it pauses or ends."""
        assert visit.walked is not None
        visit.pause = None
        before, self.whose = self.whose, visit.owner
        try:
            pause = visit.walked.send(answer) if answer else next(visit.walked)
            pause.depth = self.depth if pause.due == self.now else 0
            visit.pause = self.set(pause)
        except StopIteration as walked:
            self.over(visit, walked.value or End("finished"))
        self.whose = before

    def stop(self, visit: Visit, outcome: str) -> None:
        """End a visit from outside; what it holds or has on a desk is withdrawn."""
        self.withdraw(visit)
        assert visit.walked is not None
        visit.walked.close()
        self.over(visit, End(outcome))

    def withdraw(self, visit: Visit) -> None:
        """Take back what a visit holds or has on a desk."""
        pause = visit.pause
        if pause and pause.what in ("held", "task"):
            kind = "message" if pause.what == "held" else "task"
            reason = "journey_stopped"
            self.record(visit.person, visit.journey, kind, "withdrawn", reason, **pause.told)

    def over(self, visit: Visit, end: End) -> None:
        """Write down the outcome, and go on with another journey where the visit says so."""
        visit.running = False
        visit.person.visits.remove(visit)
        ended = {"journey": visit.journey, "value": visit.value}
        self.note(visit.person, "ended", visit.owner, **ended)
        for kept, double, _steps in self.doubles:
            if kept is visit:  # to the one who began it, that one has ended now
                self.note(visit.person, "ended", double.owner, **ended)
        self.doubles = [one for one in self.doubles if one[0] is not visit]
        self.record(visit.person, visit.journey, "outcome", "taken", outcome=end.outcome)
        if end.journey:
            self.wish(end.journey, visit.person, visit.moments, visit.owner, self.depth + 1)

    def wish(
        self, journey: str, person: Person, moments: list[Line], whose: str, depth: int
    ) -> None:
        """Let a person want to enter a journey; not where too much has led to it at this instant."""
        if depth > DEEPEST:
            self.record(person, journey, "entry", "not admitted", "too_deep")
        else:
            self.entering.append((journey, person, moments, whose, depth))

    def still_for(self, visit: Visit) -> bool:
        """Return whether `only for` and `except` still let the person be written to."""
        return not outside(self, visit.sentence, visit.person)

    def lost(self, view: View, clause: Sentence) -> bool:
        """Return whether a label holds and is to be taken back."""
        label = node_of(clause).text("label")
        return self.questions.labelled(view, label) and self.questions.holds(view, clause) is True
