"""Events of a log into a world. Rule: first who it is, then what was said about writing, then what happened.

    log -> identity -> addresses -> consent -> moments

People bear the number under which the identity graph knows them, in the world too.
"""

from __future__ import annotations

from collections import Counter

from verbline.interpreter.guard.consent import YES
from verbline.interpreter.person.record import Contact, put
from verbline.interpreter.step.happening import note_latest
from verbline.runtime.allocator import give_back
from verbline.runtime.declared import read_of
from verbline.runtime.identity.proposed import restated
from verbline.runtime.identity.stated import named
from verbline.runtime.operators import Operators
from verbline.runtime.shortly import shortly
from verbline.runtime.sources import renamed
from verbline.runtime.speech import Speech
from verbline.runtime.ways import Ways

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from verbline.interpreter.person.record import Person
    from verbline.interpreter.program.program import Program
    from verbline.interpreter.project import Project
    from verbline.interpreter.step.world import World
    from verbline.runtime.events import Event
    from verbline.runtime.identity.graph import Identity
    from verbline.runtime.jotted import Remembered
    from verbline.runtime.shortly import Taking
    from verbline.runtime.sources import Sources
    from verbline.runtime.ways import Way

OWN, EMAIL = "verbline.", "email"


class Feed(Speech):
    """What lies between a log and a world.

    ``strange`` counts, by source and type, events of types that the project does not name, but for those that say something
    about being written to; ``foreign`` those of a type that belongs to another source; ``nobody`` those of which nobody can
    tell whose they are. ``asked`` counts, by desk, the questions whether two people are one, ``refused`` the answers about
    writing that could not be taken. ``own`` takes the events of the runtime's own types that are no moment, with the number
    of the person, or None.
    """

    def __init__(
        self,
        project: Project,
        program: Program,
        identity: Identity,
        world: World,
        sources: Sources | None = None,
    ) -> None:
        super().__init__(project, program)
        give_back()
        if sources is not None:
            sources.tell(program)
        self.renames = sources.fields if sources is not None else {}
        self.identity: Identity | Remembered = identity
        self.graph = identity
        self.world, self.holds = world, world.holds
        self.ways = Ways(program, self.renames)
        rules = identity.links.rules
        emails = {field for field, kind in rules.contacts.items() if kind == EMAIL}
        # Whether the email that the graph takes from an event is the one that an answer in it is for.
        self.is_one = emails == set(self.fields_of[EMAIL])
        self.identifiers = read_of(project, program, (*rules.keys, *rules.contacts))
        self.operators = Operators(identity, world, self.identifiers)
        self.own: Callable[[Event, int | None], None] | None = None
        self.brief: Taking | None = None  # who takes usual events, once people are kept in brief
        self.newcomer: Callable[[int], None] | None = None  # called instead of `numbered`
        self.strange: Counter[tuple[str, str]] = Counter()
        self.foreign: Counter[tuple[str, str]] = Counter()
        self.asked: Counter[str] = Counter()
        self.nobody = self.refused = 0

    def take(self, events: Sequence[Event]) -> None:
        """Let ``events`` happen, one after the other."""
        if self.brief is not None:
            self.brief.take(self, events)
            return
        for event in events:
            self.one(event)

    def one(self, event: Event) -> None:
        """Let an event happen."""
        way = self.ways.way_of(event)
        if way.names is not None:
            event.data = renamed(event.data, way.names)
        if way.stated:
            self.operators.take(event)
            return
        self.world.until(event.known)
        self.let(event, way, self.identity.known(event.data), None)

    def let(self, event: Event, way: Way, number: int, plain: tuple[int, bool, str] | None) -> None:
        """Let an event happen now to the person of this number, 0 where that takes a look; ``plain`` is what the graph has said."""
        if not number:
            number = self.meet(event, way, plain)
            if not number:
                if event.consent or way.itself:
                    self.overhear(event, way)
                self.pass_over(event, None)
                return
        elif event.consent or way.itself:
            self.hear(event, number, way)
        if not way.moments:
            self.pass_over(event, number)
            return
        person = self.person(number)
        if way.idle is not None and person.parts is None:
            note_latest(person, way.idle, event.happened)
        else:
            self.happen(event, person, way)

    def shorten(self) -> None:
        """Keep people in brief where that can be, for a host that wants sums alone. It is called before the first event."""
        self.brief = shortly(self)

    def person(self, number: int) -> Person:
        """Return the record of somebody."""
        person = self.world.numbered[number]
        assert person is not None, "a merge leaves the older number"
        return person if self.brief is None else self.brief.brevity.unfold(number)

    def happen(self, event: Event, person: Person, way: Way) -> None:
        """Let what an event is happen to ``person``."""
        world, cause = self.world, (event.source, event.id)
        whose = "" if person.parts is None else self.whose(person, event)
        if len(way.fields) > 1:
            met = [(moment, fields_of(event.data.get)) for moment, fields_of in way.fields]
            world.handle_event(person, met, event.happened, cause, whose)
            return
        for moment, fields_of in way.fields:
            if moment.idle:
                world.pass_by(person, moment, event.happened, whose)
            else:
                fields = fields_of(event.data.get)
                world.handle(person, moment, fields, event.happened, cause, whose)

    def whose(self, person: Person, event: Event) -> str:
        """Return the id of the one to whom an event belongs, of several people who became ``person``, else their own."""
        _now, number = named(self.graph, event)
        whose = f"P{number or self.graph.origin(event.data, person.number)}"
        return whose if person.parts is not None and whose in person.parts.people else person.id

    def meet(self, event: Event, way: Way, plain: tuple[int, bool, str] | None) -> int:
        """Return who an event is about that says something new of who that is, 0 where nobody can tell.

        What it says is there in the world when this returns.
        """
        if plain is None:
            number, _then = named(self.graph, event)
            if number:
                return self.meet_named(number, event, way)
            plain = self.identity.plain(event.data)
            if plain is None:
                return self.resolve(event, way)
        number, is_new, email = plain
        if is_new:
            (self.newcomer or self.numbered)(number)
        if email:  # nobody has had it
            self.reach(number, EMAIL, email, event, is_first=True)
        if event.consent or way.itself:
            self.hear(event, number, way, email)
        if self.identifiers:
            self.name(number, event)
        return number

    def meet_named(self, number: int, event: Event, way: Way) -> int:
        """Return the same of an event that names the person by number; 0 for somebody who is not there any more."""
        there = self.world.numbered
        if number >= len(there) or getattr(there[number], "erased", there[number] is None):
            return 0
        if event.consent or way.itself:
            self.hear(event, number, way)
        return number

    def resolve(self, event: Event, way: Way) -> int:
        """Return the same of an event that is not plain."""
        found = self.identity.meet(event.data, event.known)
        number = found.person
        if number is None:
            return 0
        if found.new:
            (self.newcomer or self.numbered)(number)
        for desk, one, other in found.asked:
            self.ask(desk, one, other, event)
        for survivor, other in found.merged:
            self.unite(event, survivor, other)
        for kind, value in found.added:
            self.reach(number, kind, value, event)
        if event.consent or way.itself:
            self.vain = self.vain_of(found.refused, event.data)
            self.hear(event, number, way)
            self.vain = ()
        if self.identifiers:
            self.name(number, event)
        return number

    def may_hold(self, person: str, contact: str) -> bool:
        """Return whether an address can become that of a person, by their id."""
        return self.identity.has_room(int(person[1:]), contact)

    def ask(self, desk: str, one: int, other: int, event: Event) -> None:
        """Let a desk be asked whether two people are one, of whom an event says something."""
        self.asked[desk] += 1

    def unite(self, event: Event, survivor: int, other: int) -> None:
        """Let two people be one, as an event shows."""
        self.world.merge(f"P{survivor}", f"P{other}", event.known)

    def numbered(self, number: int) -> None:
        """Let somebody be known under the next ``number``."""
        # The numbers of those who were known for somebody else at once stay empty.
        numbered = self.world.numbered
        if number > len(numbered):
            numbered.extend([None] * (number - len(numbered)))
        self.world.add(f"P{number}")

    def pass_over(self, event: Event, number: int | None) -> None:
        """Count an event that is no moment, or nobody's; one of the runtime's own is passed on."""
        if event.type.startswith(OWN):
            word = restated(event)
            if word is not None:
                self.operators.take(word)
            elif self.own is not None:
                self.own(event, number)
        elif event.type not in self.program.by_code:
            if not event.consent or number is None:
                self.strange[event.source, event.type] += 1
        elif number is None:
            self.nobody += 1
        else:
            self.foreign[event.source, event.type] += 1

    def reach(
        self, number: int, kind: str, value: str, event: Event, *, is_first: bool = False
    ) -> None:
        """Let somebody be reached at an address that came with an event; see `People.hold`."""
        person, world = self.person(number), self.world
        contact = Contact(kind, value, world.now)
        world.hold(person, contact, is_first=is_first)
        if person.parts is not None:
            person.parts.hold(person, self.whose(person, event), contact)

    def name(self, number: int, event: Event) -> None:
        """Remember what names a person where somebody reads it; the first value of each identifier stays."""
        person, data = self.person(number), event.data
        records = [person]
        if person.parts is not None:
            records.append(person.parts.people[self.whose(person, event)])
        for record in records:
            for field in self.identifiers:
                value = data.get(field)
                if isinstance(value, str) and record.values.get(field) is None:
                    put(record, "values", field, value)

    def hear(self, event: Event, number: int, way: Way, email: str = "") -> None:
        """Take what an event says about being written to; ``email`` is the key of its one address, where that is known."""
        person, world = self.person(number), self.world
        if way.gives_back:
            self.world.give_back(person.id, str(event.data.get("key")), (event.source, event.id))
            return
        happens = not (way.itself and way.moments)
        speaker = person.id if person.parts is None else self.whose(person, event)
        models = self.models(event, way) if event.consent else None
        if models is None:
            taken, refused = self.said(event, speaker, way.moments)
            self.refused += refused
            for spoken in self.spoken_for(event, taken):
                if self.identity.speak(number, spoken, event.data, event.known):
                    kind, _colon, value = spoken.partition(":")
                    self.reach(number, kind, value, event)
            for consent in taken:
                world.consent(speaker, consent, event.known, happens=happens)
            return
        for model, kind in models:
            if email and kind == EMAIL and self.is_one:
                contact: str | None = f"{EMAIL}:{email}"
            else:
                contact = self.key(kind, event.data) if kind else None
                if contact in self.vain:
                    self.refused += 1
                    continue
            consent = model.again(event.happened, event.known, speaker, contact, 0)
            world.consent(speaker, consent, event.known, happens=happens)

    def overhear(self, event: Event, way: Way) -> None:
        """Let a no reach everybody behind the address at which it was said, though nobody can tell who said it."""
        for consent in self.said(event, None, way.moments)[0]:
            if consent.act not in YES and (there := self.world.holders.get(consent.contact or "")):
                self.world.consent(there[0].id, consent, event.known, happens=False)
