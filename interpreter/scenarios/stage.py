"""A scenario on its stage: givens and whens become stimuli of a fresh world. Rule: nothing happens that no line says.

Desks and people answer only when they are told to; the clock moves only by ``pass``, and what falls due at its end has
happened. What a line cannot do, such as an answer to a task that nobody has, is a missed expectation.
"""

from __future__ import annotations

from verbline.interpreter.guard.consent import KIND_OF_CHANNEL
from verbline.interpreter.person.record import Person, put
from verbline.interpreter.program.meanings import duration_of
from verbline.interpreter.scenarios.cast import Cast
from verbline.interpreter.scenarios.desks import nothing_to_answer
from verbline.interpreter.scenarios.judging import Judge
from verbline.interpreter.scenarios.knowing import Knowledge, contacts_of
from verbline.interpreter.scenarios.literals import Literals, channel_of, instant_of
from verbline.interpreter.scenarios.saying import Saying, Wish, of_delivery
from verbline.interpreter.scenarios.story import Deed, Story
from verbline.interpreter.scenarios.writing import nothing_asked
from verbline.interpreter.step.turn import Turn
from verbline.interpreter.step.world import World
from verbline.interpreter.zones import HOUR, MINUTE

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from decimal import Decimal
    from typing import Any, TypeAlias

    from verbline.interpreter.nodes import Node
    from verbline.interpreter.program.program import Program
    from verbline.interpreter.scenarios.miss import Miss
    from verbline.interpreter.scenarios.script import Line, Script
    from verbline.interpreter.scenarios.wording import Teller

    Act: TypeAlias = "Callable[[Stage, Line], Miss | None]"

LENGTHS = {"minute": MINUTE, "hour": HOUR}


class Stage:
    """One run of one script: its world, its people, its story so far."""

    def __init__(self, program: Program, script: Script, teller: Teller) -> None:
        self.program = program
        self.meanings = program.meanings
        self.script = script
        self.teller = teller
        self.story = Story(program, script.scope)
        self.world = World(program, tell=self.story.records.append)
        self.begin()
        self.knowledge = Knowledge(program, self.world)
        self.saying = Saying(program, self.world)
        self.cast = Cast(self.world, script.scope, self.saying.allow)
        self.story.people = self.cast
        self.is_live = False

    def begin(self) -> None:
        """Set the clock to the first `given it is`."""
        first = next((line for line in self.script.lines if line.shape == "g_now"), None)
        if first is not None:
            self.world.now = instant_of(first.node, self.program.zone)

    @property
    def now(self) -> int:
        """The instant at which the clock stands."""
        return self.world.now

    def prepare(self, line: Line) -> None:
        """Let the journeys go live before the first line that is no given: whoever is given is there already."""
        if not self.is_live and not line.shape.startswith("g_"):
            self.is_live = True
            self.world.go_live(self.now)

    def do(self, line: Line) -> Miss | None:
        """Carry out a given or a when; return what was in the way, if anything was."""
        return ACTS[line.shape](self, line)

    def note(self, line: Line, person: Person | None = None, moment: str = "") -> None:
        """Remember that the line is being carried out."""
        identity = person.id if person else ""
        self.story.deeds.append(Deed(self.now, line, identity, moment, len(self.story.records)))

    def values(self, line: Line, person: Person | None = None) -> dict[str, Any]:
        """Return the fields that a line gives values to; what has to be reckoned is reckoned for ``person``."""
        return Literals(self.meanings, self.looking_at(person or Person(""))).values(line.node)

    def looking_at(self, person: Person) -> Turn:
        """Return a turn that only looks at somebody."""
        turn = Turn(self.program, lambda *_told: None)
        turn.person = person
        turn.now = turn.happened = self.now
        return turn

    # Givens

    def given_now(self, line: Line) -> None:
        """Move the clock, where a later line names a later time."""
        self.world.advance(instant_of(line.node, self.program.zone))

    def given_person(self, line: Line) -> None:
        """Let somebody be there, with what is known of them."""
        self.know(self.cast.given(line.node.text("who"), line.node.text("name")), line)

    def given_other(self, line: Line) -> None:
        """Let another one be there."""
        noun = line.node.text("who")
        self.cast.first(self.cast.noun(noun))
        self.know(self.cast.add(noun), line)

    def know(self, person: Person, line: Line) -> None:
        """Let the values of a line be known of the person."""
        contacts = contacts_of(self.cast.declaration(line.node.text("who")))
        values = self.values(line, person)
        self.knowledge.learn(self.looking_at(person), values, contacts)
        if not contacts.keys().isdisjoint(values):
            self.saying.allow(person)

    def given_answer(self, line: Line) -> None:
        """Let the person have said yes, and have confirmed it where that is asked for, or have said no."""
        person = self.cast.of(line.node)
        for act in ("grant", "confirm") if line.shape == "g_agrees" else ("deny",):
            self.saying.before(person, Wish.of_line(act, line.node))

    def given_segment(self, line: Line) -> None:
        """Let the person be in a segment, whatever its condition says."""
        person = self.cast.of(line.node)
        person.assumed = {**(person.assumed or {}), line.node.text("segment"): True}
        put(person, "segments", line.node.text("segment"), self.now)

    def given_label(self, line: Line) -> None:
        """Let the person be qualified."""
        person = self.cast.of(line.node)
        self.knowledge.label(person, line.node.text("label"), holds=True)

    def given_no_channel(self, line: Line) -> None:
        """Take from the person the addresses that a channel uses."""
        person = self.cast.of(line.node)
        self.knowledge.drop_addresses(person, KIND_OF_CHANNEL[channel_of(line.node)])

    def given_stranger(self, line: Line) -> None:
        """Let the person be nobody we know."""
        person = self.cast.of(line.node)
        for contact in list(person.contacts):
            self.knowledge.drop_addresses(person, contact.kind)
        self.cast.forget(person, line.node.text("who"))

    def given_arm(self, line: Line) -> None:
        """Draw the arm of an experiment for everybody."""
        self.cast.draw(line.node.text("experiment"), line.node.text("arm"))

    # Whens

    def event(self, line: Line) -> None:
        """Let a moment happen."""
        person = self.meant(line.node)
        whose = self.cast.spoken
        name = self.story.moment(line.node.text("moment"))
        fields = self.values(line, person)
        contacts = contacts_of(self.cast.declaration(self.cast.noun_of(person)))
        for field, kind in contacts.items():
            self.knowledge.address(person, kind, fields.get(field), whose=whose)
        self.note(line, person, name)
        wish = Wish.of_moment(self.program.moments[name].code, fields)
        if wish is not None:
            self.saying.now(person, wish, whose)
            return
        for said in of_delivery(self.program.moments[name].code, fields):
            self.saying.now(person, said, whose)
        cause = (self.script.path, f"{self.script.path}:{line.number}")
        self.world.moment(whose, name, fields, self.now, cause=cause)

    def meant(self, node: Node) -> Person:
        """Return to whom something happens."""
        if node.has("to"):
            return self.cast.named(node.text("to"))
        if node.has("other"):
            return self.cast.other(self.cast.noun(node.text("other")))
        return self.cast.first("")

    def passes(self, line: Line) -> None:
        """Let time pass."""
        self.note(line)
        self.world.advance(self.later(*duration_of(line.node.node("length"))))

    def later(self, number: int | Decimal, unit: str) -> int:
        """Return the instant that is so much later in the project's own time."""
        if unit in LENGTHS:
            return self.now + int(number * LENGTHS[unit])
        if unit == "wday":
            found = self.program.work.add_days(self.now, int(number))
        elif unit == "whour":
            found = self.program.work.add_time(self.now, int(number * HOUR))
        else:
            found = self.program.zone.add(self.now, int(number), unit)
        assert found is not None, "the project works at some time"
        return found

    def desk_answers(self, line: Line) -> Miss | None:
        """Let a desk answer its task."""
        desk, answer = line.node.text("desk"), line.node.text("answer")
        self.note(line)
        for person in self.cast:
            if self.world.answer_task(person.id, desk, answer, self.now):
                return None
        tasks = [one for one in self.story.of(None, "task", "taken") if one.more["desk"] == desk]
        if tasks:
            return None
        return nothing_to_answer(Judge(self, line, 0))

    def person_answers(self, line: Line) -> Miss | None:
        """Let the person answer a question."""
        person = self.cast.of(line.node)
        self.note(line, person)
        yes = line.node.word("answer").kind == "YES"
        if self.world.answer_question(person.id, self.now, yes=yes):
            return None
        asked = [one for one in self.story.sent(person) if one.more.get("told") == "question"]
        return None if asked else nothing_asked(Judge(self, line, 0))

    def says(self, line: Line) -> None:
        """Let the person say yes or no to a purpose."""
        person = self.cast.of(line.node)
        whose = self.cast.spoken
        self.note(line, person)
        act = "grant" if line.shape == "w_agrees" else "withdraw"
        self.saying.now(person, Wish.of_line(act, line.node), whose)

    def merges(self, line: Line) -> None:
        """Let two people turn out to be one."""
        first, second = self.two(line.node)
        self.note(line, self.world.people[first])
        if self.world.people[first] is not self.world.people[second]:
            self.world.merge(first, second, self.now)
            self.cast.look_again()

    def splits(self, line: Line) -> None:
        """Let a person turn out to be two, who are two from then on whoever they were one with."""
        first, second = self.two(line.node)
        person = self.world.people[first]
        self.note(line, person)
        if person is self.world.people[second] and first != second:
            # Whose the number is keeps it.
            apart = first if person.id == second else second
            self.world.split(person.id, apart, self.now)
            self.cast.look_again()

    def two(self, node: Node) -> tuple[str, str]:
        """Return the ids of the two of whom a line speaks."""
        if node.has("first"):
            find, both = self.cast.named, (node.text("first"), node.text("second"))
            return self.cast.id_of(find, both[0]), self.cast.id_of(find, both[1])
        noun = self.cast.noun(node.text("who"))
        return self.cast.id_of(self.cast.first, noun), self.cast.id_of(self.cast.other, noun)


ACTS: Mapping[str, Act] = {
    "g_now": Stage.given_now,
    "g_person": Stage.given_person,
    "g_other_person": Stage.given_other,
    "g_agrees": Stage.given_answer,
    "g_disagrees": Stage.given_answer,
    "g_segment": Stage.given_segment,
    "g_qualified": Stage.given_label,
    "g_has_no": Stage.given_no_channel,
    "g_not_known": Stage.given_stranger,
    "g_exp": Stage.given_arm,
    "w_event": Stage.event,
    "w_pass": Stage.passes,
    "w_desk": Stage.desk_answers,
    "w_answers": Stage.person_answers,
    "w_agrees": Stage.says,
    "w_withdraws": Stage.says,
    "w_merge": Stage.merges,
    "w_merge_named": Stage.merges,
    "w_split": Stage.splits,
    "w_split_named": Stage.splits,
}
