"""Why somebody got one message, or did not. Rule: only what the trace and the events show; where they show nothing, that is said.

A message went out; or it was refused, held or dropped; or its step was not reached: the journey took nobody in, another way
was taken above it, the journey was over, or it still stands before it.
"""

from __future__ import annotations

from typing import cast

from verbline.interpreter.nearness import nearest
from verbline.interpreter.scenarios.because import Because, Reason
from verbline.interpreter.scenarios.story import Story
from verbline.runtime.explain.standings import visits_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any, TypeAlias

    from verbline.interpreter.names import Scope
    from verbline.interpreter.nodes import Sentence
    from verbline.interpreter.person.record import Person
    from verbline.interpreter.program.program import Program
    from verbline.interpreter.scenarios.because import Steps
    from verbline.interpreter.step.records import Record
    from verbline.runtime.explain.case import Case
    from verbline.runtime.explain.rows import Row
    from verbline.runtime.explain.timeline import Timeline
    from verbline.runtime.explain.words import Words

    Answer: TypeAlias = "dict[str, Any]"

# The steps that write to people, and the part that names what.
SENDERS = {"notify": "message", "ask": "message", "confirm": "question", "offer": "offer", "offer_best": "offers"}  # fmt: skip
KEPT = ("refused", "held", "stale", "withdrawn", "failed", "ignored", "unknown")


class Somebody:
    """The person, as reasons are looked for: their ids, and the visits that are running."""

    def __init__(self, case: Case) -> None:
        self.id = case.id
        self.merged = tuple(case.ids[1:])
        self.visits = [Running(one.id, one.journey) for one in visits_of(case.rows) if not one.outcome]  # fmt: skip


class Running:
    """A visit that is running."""

    def __init__(self, visit: str, journey: str) -> None:
        self.id = visit
        self.journey = journey


class Placed:
    """A record whose line is told as its file is named in the project."""

    def __init__(self, row: Row, folder: str) -> None:
        self._row = row
        self.line = folder + row.line if row.line else ""

    def __getattr__(self, name: str) -> Any:
        return getattr(self._row, name)


class Lacking(Because):
    """Looks for what was lacking in what happened to one person."""

    def __init__(self, case: Case, words: Words, scope: Scope) -> None:
        story = Story(case.program, scope)
        folder = case.program.folder
        story.records = [cast("Record", Placed(row, folder)) for row in case.rows]
        super().__init__(story, words, case.rows[-1].at if case.rows else 0)
        self.case = case
        self.words = words

    def not_started(self, person: Person | None, name: str, journey: Sentence) -> Reason | None:
        """Return why nothing started ``journey``."""
        del person
        path, case = self.path_of(name), self.case
        starts = journey.of("starts_when")
        for start in starts:
            moment = self.story.moment(start.node.text("moment") if start.node else "")
            place = self.teller.place(f"{path}:{start.number}")
            event = next((one for one in reversed(case.seen) if moment in one.moments), None)
            if event is not None:
                values = {"journey": name, "place": place, "moment": moment}
                when = {"at": self.words.at(event.known), "event": self.words.cause(*event.cause)}
                return Reason(self.words.word("not-as-asked", **values, **when))
        for start in starts:
            moment = start.node.text("moment") if start.node else ""
            place = self.teller.place(f"{path}:{start.number}")
            values = {"journey": name, "moment": moment, "place": place, "who": case.id}
            return Reason(self.words.word("not-started" if case.has_events else "not-in", **values))
        place = self.teller.place(f"{path}:{journey.number}")
        return Reason(self.words.word("not-in", journey=name, place=place, who=case.id))

    def still_there(self, standing: Record, wanted: Sentence | None) -> Reason:
        """Return where the journey stands."""
        del wanted
        sentence = self.story.sentence(standing.line)
        values = {"place": self.teller.place(standing.line), "sentence": sentence.raw if sentence else ""}  # fmt: skip
        return Reason(self.words.word("still-stands", at=self.words.at(standing.at), **values))


class Why:
    """Answers about one message of one case."""

    def __init__(self, case: Case, words: Words, timeline: Timeline) -> None:
        self.case = case
        self.words = words
        self.timeline = timeline

    def why(self, message: str) -> Answer:
        """Return why a message went out, each time that it did; else why not."""
        sent = [row for row in self.about(message) if row.verdict == "sent"]
        if not sent:
            return self.why_not(message) | {"asked": "why"}
        return self._answer("why", message, [self._sent(row) for row in sent], sent)

    def why_not(self, message: str) -> Answer:
        """Return why a message did not go out, each time that it was tried, or why it never was."""
        rows = self.about(message)
        sent = [row for row in rows if row.verdict == "sent"]
        kept = [row for row in rows if row.verdict in KEPT]
        said = [self._kept(row) if row.verdict in KEPT else self._sent(row) for row in rows]
        if not sent:
            said.insert(0, self.words.word("never-sent"))
        if not rows:
            said += self.unreached(message)
        return self._answer("why not", message, said, kept or sent or self._outside(message))

    def _outside(self, message: str) -> list[Row]:
        """Return the records by which the journeys that send a message did not take the person in."""
        names = {name for _scope, steps in self.senders(message) for _line, name, _step in steps}
        return [
            row
            for row in self.case.rows
            if row.kind == "entry" and row.verdict != "taken" and row.journey in names
        ]

    def _answer(self, asked: str, message: str, said: list[str], rows: list[Row]) -> Answer:
        records = [self.timeline.record(row) for row in rows]
        folder = self.case.program.folder
        lines = [one.replace(folder, "") for one in said] if folder else said
        return {"asked": asked, "message": message, "said": lines, "records": records}

    def about(self, message: str) -> list[Row]:
        """Return the records about a message: by its own name, or as the words of an offer."""
        shows = {
            name for name, one in self.case.program.offers.items() if one.message is not None and one.message.name == message
        }  # fmt: skip
        return [
            row
            for row in self.case.rows
            if not row.is_to_desk
            and (
                row.message == message or (row.more.get("told") == "offer" and row.message in shows)
            )
        ]

    def _sent(self, row: Row) -> str:
        return self.words.word("was-sent", **self._values(row))

    def _kept(self, row: Row) -> str:
        until = row.more.get("until")
        verdict = self.words.word(f"verdict-{row.verdict}", until=self.words.at(until))
        return self.words.word("was-kept", verdict=verdict, **self._values(row))

    def _values(self, row: Row) -> dict[str, str]:
        return {
            "at": self.words.at(row.at),
            "by": self.words.by(str(row.more.get("channel", ""))),
            "place": row.line,
            "reason": self.words.reason(cast("Record", row)),
        }

    # Never reached

    def unreached(self, message: str) -> Iterator[str]:
        """Yield why no step that sends a message was reached, for each journey that does."""
        senders = list(self.senders(message))
        if not senders:
            yield self.words.word("no-such-message", message=message)
            near = self.near(message)
            if near:
                yield self.words.word("nearest-message", message=near)
        person = cast("Person", Somebody(self.case))
        for scope, steps in senders:
            reason = Lacking(self.case, self.words, scope).unreached(person, steps)
            yield self.words.word("never-reached", why=reason.why or self._nothing())

    def _nothing(self) -> str:
        return self.words.word("nothing-told", who=self.case.id)

    def senders(self, message: str) -> Iterator[tuple[Scope, Steps]]:
        """Yield for each file the steps that send a message, with what the file sees."""
        program = self.case.program
        project = self.case.project
        for file, names in project.names.items():
            steps: Steps = [
                (f"{names.file.path}:{step.number}", journey.node.text("name"), step)
                for journey in names.of("journey")
                if journey.node is not None and not journey.misplaced
                for step in journey.walk()
                if step.node and step.shape in SENDERS and message in sent_by(step, program)
            ]
            if steps:
                yield project.scopes[file], steps

    def near(self, message: str) -> str:
        """Return the name that was meant; nothing where none is like it."""
        names, wanted = self.names(), message.casefold()
        holding = (name for name in names if wanted and wanted in name.casefold())
        return nearest(message, names) or next(holding, "")

    def names(self) -> list[str]:
        """Return all that can be sent, by its name."""
        program = self.case.program
        found = [*program.messages, *program.offers]
        for names in self.case.project.names.values():
            found += [one.node.text("question") for one in names.of("confirm") if one.node]
        return found


def sent_by(step: Sentence, program: Program) -> list[str]:
    """Return what a step can send: messages and questions by name, offers by theirs and by the message that they show."""
    assert step.node is not None, "only sentences that were understood are asked"
    names = [word.text for word in step.node.words(SENDERS[step.shape])]
    offers = [program.offers[name] for name in names if name in program.offers]
    return names + [one.message.name for one in offers if one.message is not None]
