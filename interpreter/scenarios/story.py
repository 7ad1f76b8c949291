"""What happened in one run. Rule: everything since the scenario began, in its order; nothing is forgotten or tidied.

Records are those of the trace; deeds are the lines of the scenario that made something happen.
"""

from __future__ import annotations

from verbline.interpreter.index import folded

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from verbline.interpreter.names import Scope
    from verbline.interpreter.nodes import Sentence
    from verbline.interpreter.person.record import Person
    from verbline.interpreter.program.program import Program
    from verbline.interpreter.scenarios.script import Line
    from verbline.interpreter.step.records import Record

# What keeps a message from leaving.
KEPT_BACK = ("refused", "held", "stale", "withdrawn", "failed")


class Deed:
    """A line of the scenario that was carried out: when, for whom, which moment, and how many records were there before."""

    __slots__ = ("at", "before", "line", "moment", "person")

    def __init__(self, at: int, line: Line, person: str, moment: str, before: int) -> None:
        self.at = at
        self.line = line
        self.person = person
        self.moment = moment
        self.before = before


class Story:
    """One run so far."""

    def __init__(self, program: Program, scope: Scope) -> None:
        self.program = program
        self.scope = scope
        self.people: Iterable[Person] = ()
        self.records: list[Record] = []
        self.deeds: list[Deed] = []

    def of(self, person: Person | None, kind: str, *verdicts: str) -> list[Record]:
        """Return the records of ``kind``, of one person or of everybody, with one of ``verdicts`` where some are given."""
        ids = None if person is None else {person.id, *person.merged}
        return [
            record
            for record in self.records
            if record.kind == kind
            and (ids is None or record.person in ids)
            and (not verdicts or record.verdict in verdicts)
        ]

    def messages(self, person: Person, *verdicts: str) -> list[Record]:
        """Return what was to be written to the person; what desks are told is left out."""
        found = self.of(person, "message", *verdicts)
        return [record for record in found if "desk" not in record.more]

    def sent(self, person: Person) -> list[Record]:
        """Return what went out to the person."""
        return self.messages(person, "sent")

    def is_message(self, record: Record, name: str) -> bool:
        """Return whether the record is about the message ``name``, by itself or as an offer's words."""
        return self.words(record) == name

    def words(self, record: Record) -> str:
        """Return the message that a record is about: for an offer, the one that it shows."""
        name = str(record.more.get("message", ""))
        if record.more.get("told") == "offer":
            offer = self.program.offers[name]
            return offer.message.name if offer.message else name
        return name

    def offer(self, record: Record) -> str:
        """Return the offer that a record is about, or nothing."""
        is_offer = record.more.get("told") == "offer"
        return str(record.more.get("message", "")) if is_offer else ""

    def journey(self, name: str) -> Sentence | None:
        """Return the sentence that begins the journey ``name``."""
        found = self.scope.find("journey", name)
        return found.sentence if found else None

    def journeys(self) -> Iterator[tuple[str, str, Sentence]]:
        """Yield every journey in sight: its file's path, its name, its first sentence."""
        for part in self.scope.parts:
            for sentence in part.of("journey"):
                if sentence.node and not sentence.misplaced:
                    yield part.file.path, sentence.node.text("name"), sentence

    def steps(self, shapes: Iterable[str]) -> Iterator[tuple[str, str, Sentence]]:
        """Yield every sentence of ``shapes`` in the journeys in sight: ``file:number`` of it, the journey's name, itself."""
        wanted = frozenset(shapes)
        for path, name, journey in self.journeys():
            for sentence in journey.walk():
                if sentence.node and sentence.shape in wanted:
                    yield f"{path}:{sentence.number}", name, sentence

    def sentence(self, line: str) -> Sentence | None:
        """Return the sentence at ``file:number``."""
        path, _, number = line.rpartition(":")
        for part in self.scope.parts:
            if part.file.path == path:
                every = part.file.every
                return next((one for one in every if one.number == int(number)), None)
        return None

    def moment(self, name: str) -> str:
        """Return the first name of a moment, or what a form's submission is."""
        form = self.scope.find("form", name)
        signals = form.sentence.first("form_signals") if form else None
        if signals is not None:
            name = signals.text("moment")
        found = self.scope.find("moment", name)
        return found.sentence.node.text("name") if found and found.sentence.node else name

    def moments(self, names: Iterable[str]) -> set[str]:
        """Return the first names of some moments."""
        return {self.moment(name) for name in names}


def same_reason(record: Record, reason: str) -> bool:
    """Return whether the record has the reason that a scenario writes with blanks."""
    return folded(record.reason.replace("_", " ")) == folded(reason)
