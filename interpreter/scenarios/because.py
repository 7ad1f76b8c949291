"""Why something did not happen, or did. Rule: only what the trace shows; where it shows nothing, nothing is said.

A step is not reached for one of four reasons, asked in this order: its journey took nobody in; another way was taken above
it; the journey was over; the journey still stands somewhere before it.
"""

from __future__ import annotations

from verbline.interpreter.nodes import Word
from verbline.interpreter.outcomes import QUESTIONS
from verbline.interpreter.scenarios.paths import Fork, forks_before
from verbline.interpreter.scenarios.waiting import what_ends, where_it_stands

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import TypeAlias

    from verbline.interpreter.nodes import Sentence
    from verbline.interpreter.person.record import Person
    from verbline.interpreter.scenarios.story import Deed, Story
    from verbline.interpreter.scenarios.wording import Teller
    from verbline.interpreter.step.records import Record

    # ``file:number``, the journey's name, the sentence.
    Steps: TypeAlias = "list[tuple[str, str, Sentence]]"

DECIDED = {"ran_out": "why-ran-out", "happened": "why-happened", "answered": "why-answered"}


class Reason:
    """A sentence that says why, and what may be missing where; all of it may be empty."""

    __slots__ = ("missing", "where", "why")

    def __init__(self, why: str = "", missing: str = "", where: str = "scenario") -> None:
        self.why = why
        self.missing = missing
        self.where = where


class Because:
    """Looks for reasons in one run, as it is at ``now``."""

    def __init__(self, story: Story, teller: Teller, now: int) -> None:
        self.story = story
        self.teller = teller
        self.now = now

    def unreached(self, person: Person | None, steps: Steps) -> Reason:
        """Return why none of ``steps`` was done."""
        tell = self.teller.tell
        if not steps:
            return Reason(tell("why-no-sender"))
        journeys = list(dict.fromkeys(name for _line, name, _step in steps))
        entered = {one.journey for one in self.story.of(person, "entry", "taken")}
        inside = [name for name in journeys if name in entered]
        if not inside:
            return self.outside(person, journeys)
        for line, name, step in steps:
            if name in entered:
                detour = self.detour(person, line, step)
                if detour:
                    return Reason(detour)
        for name in inside:
            standing = where_it_stands(self.story, person, name)
            if standing is not None:
                wanted = next(step for _line, other, step in steps if other == name)
                return self.still_there(standing, wanted)
        return Reason(self.over(person, inside))

    def outside(self, person: Person | None, journeys: list[str]) -> Reason:
        """Return why none of ``journeys`` took anybody in."""
        tell, teller = self.teller.tell, self.teller
        for record in reversed(self.story.of(person, "entry")):
            if record.journey in journeys and record.verdict != "taken":
                place = teller.place(record.line)
                values = {"journey": record.journey, "reason": teller.reason(record)}
                return Reason(tell("why-not-admitted", **values, place=place))
        for name in journeys:
            journey = self.story.journey(name)
            found = self.not_started(person, name, journey) if journey else None
            if found is not None:
                return found
        return Reason()

    def not_started(self, person: Person | None, name: str, journey: Sentence) -> Reason | None:
        """Return why nothing started ``journey``."""
        tell, path = self.teller.tell, self.path_of(name)
        starts = journey.of("starts_when")
        for start in starts:
            place = self.teller.place(f"{path}:{start.number}")
            moment = start.node.text("moment") if start.node else ""
            deed = self.deed_of(moment, person) or self.deed_of(moment, None)
            if deed is not None:
                at_line = self.teller.tell("line", number=deed.line.number)
                mine = person is None or deed.person in (person.id, *person.merged)
                key = "why-starts-if" if mine else "why-starts-other"
                values = {"moment": moment, "journey": name, "place": place}
                return Reason(tell(key, **values, at_line=at_line))
        for start in starts:
            place = self.teller.place(f"{path}:{start.number}")
            moment = start.node.text("moment") if start.node else ""
            why = tell("why-starts", journey=name, moment=moment, place=place)
            return Reason(why, self.line(f'when "{moment}" happens'))
        place = self.teller.place(f"{path}:{journey.number}")
        return Reason(tell("why-starts-otherwise", journey=name, place=place))

    def detour(self, person: Person | None, line: str, step: Sentence) -> str:
        """Return where the journey took another way than the one to ``step``; nothing where it did not."""
        decided = self.turned_off(person, line, step)
        return self.told_decision(decided) if decided is not None else ""

    def turned_off(self, person: Person | None, line: str, step: Sentence) -> Record | None:
        """Return the record of the first fork before ``step`` at which another way was taken."""
        path = line.rpartition(":")[0]
        for fork in forks_before(step):
            decided = self.decision(person, f"{path}:{fork.step.number}", fork.step.shape)
            if decided is not None and self.passed(person, path, fork) == fork.away:
                return decided
        return None

    def decision(self, person: Person | None, line: str, shape: str) -> Record | None:
        """Return the last record of the step of ``shape`` at ``line`` that led on from it."""
        kinds = {("branch", "taken"), ("wait", "taken"), ("message", "refused")}
        if shape not in QUESTIONS:
            kinds.add(("message", "sent"))
        found = [
            record
            for record in self.story.records
            if record.line == line
            and (record.kind, record.verdict) in kinds
            and (person is None or record.person in (person.id, *person.merged))
        ]
        return found[-1] if found else None

    def passed(self, person: Person | None, path: str, fork: Fork) -> bool:
        """Return whether somebody went the way of ``fork``."""
        lines = {f"{path}:{one.number}" for one in fork.way.walk()[1:]}
        ids = None if person is None else (person.id, *person.merged)
        return any(
            record.line in lines and (ids is None or record.person in ids)
            for record in self.story.records
        )

    def told_decision(self, record: Record) -> str:
        """Return which way was taken instead, and where."""
        tell, teller = self.teller.tell, self.teller
        sentence = self.story.sentence(record.line)
        values = {
            "at": teller.at(record.at),
            "place": teller.place(record.line),
            "sentence": sentence.raw if sentence else "",
        }
        if record.kind == "branch":
            return tell("why-branch", **values, answer=teller.answer(record.more.get("answer", "")))
        if record.kind == "message":
            return tell("why-sent" if record.verdict == "sent" else "why-not-sent", **values)
        key = DECIDED.get(record.reason)
        return tell(key, **values, moment=record.more.get("moment", "")) if key else ""

    def still_there(self, standing: Record, wanted: Sentence | None) -> Reason:
        """Return where the journey stands, and the line of a scenario that would let it go on."""
        sentence = self.story.sentence(standing.line)
        place = self.teller.place(standing.line)
        raw = sentence.raw if sentence else ""
        missing = what_ends(standing, sentence, wanted, self.now)
        return Reason(
            self.teller.tell("why-waits", place=place, sentence=raw),
            self.line(missing) if missing else "",
        )

    def over(self, person: Person | None, journeys: list[str]) -> str:
        """Return when one of ``journeys`` ended, and as what."""
        for record in reversed(self.story.of(person, "outcome")):
            if record.journey in journeys:
                return self.teller.tell(
                    "why-ended",
                    outcome=record.more.get("outcome", ""),
                    at=self.teller.at(record.at),
                    place=self.teller.place(record.line),
                )
        return ""

    def anyway(self, record: Record, outcome: str = "") -> Reason:
        """Return why something was done that should not have been; ``outcome`` is how the scenario sees the journey end."""
        journey = self.story.journey(record.journey)
        deed = self.unheard(record, journey) if journey else None
        if deed is None or journey is None:
            return Reason()
        tell, place = self.teller.tell, self.teller.tell("line", number=deed.line.number)
        for stop in journey.of("stops_when"):
            if self.story.moment(stop.node.text("moment") if stop.node else "") == deed.moment:
                clause = self.teller.place(f"{self.path_of(record.journey)}:{stop.number}")
                values = {"moment": deed.moment, "clause": clause, "place": place}
                return Reason(tell("why-not-stopped", **values))
        why = tell("why-still-running", moment=deed.moment, place=place)
        ending = f' as "{outcome}"' if outcome else ""
        line = f'stops when "{deed.moment}"{ending}'
        return Reason(why, self.teller.sentence(line, 'journey "…"'), "journey")

    def unheard(self, record: Record, journey: Sentence) -> Deed | None:
        """Return the last thing that happened between the start of a visit and ``record`` and that the journey did not hear."""
        records = self.story.records
        end = records.index(record)
        entries = [
            number
            for number, one in enumerate(records[:end])
            if one.kind == "entry" and one.visit == record.visit and one.verdict == "taken"
        ]
        heard = self.story.moments(heard_by(journey))
        for deed in reversed(self.story.deeds):
            after = bool(entries) and deed.before > entries[-1]
            mine = deed.moment and deed.person == record.person
            if mine and after and deed.before <= end and deed.moment not in heard:
                return deed
        return None

    def deed_of(self, moment: str, person: Person | None) -> Deed | None:
        """Return the line of the scenario that let ``moment`` happen to ``person``, or to anybody."""
        wanted = self.story.moment(moment)
        ids = None if person is None else (person.id, *person.merged)
        return next(
            (
                deed
                for deed in self.story.deeds
                if deed.moment == wanted and (ids is None or deed.person in ids)
            ),
            None,
        )

    def path_of(self, journey: str) -> str:
        """Return the path of the file that holds ``journey``."""
        return next((path for path, name, _one in self.story.journeys() if name == journey), "")

    def line(self, english: str) -> str:
        """Return a line of a scenario in the language of the file."""
        return self.teller.sentence(english, 'scenario "…"')


def heard_by(journey: Sentence) -> set[str]:
    """Return the moments that start a journey, or that it waits for; those that stop it are told apart."""
    found: set[str] = set()
    for sentence in journey.walk():
        if sentence.node and sentence.shape in ("starts_when", "wait_for", "wait_absent"):
            parts = (*sentence.node.items("moment"), *sentence.node.items("moments"))
            found.update(part.text for part in parts if isinstance(part, Word))
    return found
