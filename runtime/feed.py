"""Events of a log into a world. Rule: first who it is, then what was said about writing, then what happened.

    log -> identity -> addresses -> consent -> moments

People bear the number under which the identity graph knows them, in the world too.
"""

from __future__ import annotations

from collections import Counter

from verbline.interpreter.guard.consent import key_of
from verbline.interpreter.guard.purpose import channel_of
from verbline.interpreter.guard.said import OWN_TYPE, Occasion, consents_of_event
from verbline.interpreter.guard.short import ShortAnswers
from verbline.interpreter.nodes import Word
from verbline.interpreter.person.record import put
from verbline.runtime.consent.wording import Wordings
from verbline.runtime.identity.normalise import address_key
from verbline.runtime.sources import renamed

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence

    from verbline.interpreter.guard.consent import Consent
    from verbline.interpreter.nodes import Sentence
    from verbline.interpreter.person.record import Person
    from verbline.interpreter.program.parts import Moment
    from verbline.interpreter.program.program import Program
    from verbline.interpreter.project import Project
    from verbline.interpreter.step.world import World
    from verbline.runtime.events import Event
    from verbline.runtime.identity.graph import Identity
    from verbline.runtime.jotted import Remembered
    from verbline.runtime.sources import Sources

OWN = "verbline."
DECLARING = frozenset(
    ("known_by", "also_known_by", "recognised_by", "has_field", "carries", "asks")
)


class Feed:
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
        if sources is not None:
            sources.tell(program)
        self.renames = sources.fields if sources is not None else {}
        self.program = program
        self.identity: Identity | Remembered = identity
        self.world = world
        self.purposes = {one.key: one for one in program.purposes.values()}
        self.forms = agreements(project)
        self.wordings = Wordings(project)
        self.region = program.country
        rules = identity.links.rules
        self.identifiers = read_of(project, program, (*rules.keys, *rules.contacts))
        self.short = ShortAnswers()
        self.own: Callable[[Event, int | None], None] | None = None
        # Who lets somebody be known instead of `numbered`; none, so that a feed that is over is gone at once.
        self.newcomer: Callable[[int], None] | None = None
        self.strange: Counter[tuple[str, str]] = Counter()
        self.foreign: Counter[tuple[str, str]] = Counter()
        self.asked: Counter[str] = Counter()
        self.nobody = 0
        self.refused = 0

    def take(self, events: Iterable[Event]) -> None:
        """Let ``events`` happen, one after the other."""
        known, numbered, world = self.identity.known, self.world.numbered, self.world
        moments_of, system_of = self.program.moments_of, self.program.system
        renames = self.renames
        for event in events:
            data = event.data
            if renames and event.sourced and (names := renames.get(system_of(event.source))):
                data = event.data = renamed(data, names)
            world.until(event.known)
            moments = moments_of(event.source if event.sourced else "", event.type)
            number = known(data)
            if not number:
                number = self.meet(event, moments)
                if not number:
                    self.pass_over(event, None)
                    continue
            elif event.consent or event.type.startswith(OWN_TYPE):
                self.prepare(event, number, (), (), moments)
            person = numbered[number]
            assert person is not None, "a merge leaves the older number"
            if not moments:
                self.pass_over(event, number)
            for moment in moments:
                if moment.idle:
                    world.pass_by(person, moment, event.happened)
                else:
                    cause = (event.source, event.id)
                    world.handle(person, moment, moment.fields_of(data), event.happened, cause)

    def meet(self, event: Event, moments: tuple[Moment, ...]) -> int:
        """Return who an event is about that says something new of who that is, 0 where nobody can tell.

        What it says is there in the world when this returns.
        """
        found = self.identity.meet(event.data, event.known)
        number = found.person
        if number is None:
            return 0
        if found.new:
            (self.newcomer or self.numbered)(number)
        if found.asked:
            self.asked.update(desk for desk, _, _ in found.asked)
        if found.added or found.merged or event.consent or event.type.startswith(OWN_TYPE):
            self.prepare(event, number, found.added, found.merged, moments)
        if self.identifiers:
            self.name(number, event.data)
        return number

    def numbered(self, number: int) -> None:
        """Let somebody be known under the next ``number``."""
        # The numbers of those who were known for somebody else at once stay empty.
        numbered = self.world.numbered
        numbered.extend([None] * (number - len(numbered)))
        self.world.add(f"P{number}")

    def pass_over(self, event: Event, number: int | None) -> None:
        """Count an event that is no moment, or nobody's; one of the runtime's own is passed on."""
        if event.type.startswith(OWN):
            if self.own is not None:
                self.own(event, number)
        elif event.type not in self.program.by_code:
            if not event.consent or number is None:
                self.strange[event.source, event.type] += 1
        elif number is None:
            self.nobody += 1
        else:
            self.foreign[event.source, event.type] += 1

    def prepare(
        self,
        event: Event,
        number: int,
        added: Iterable[tuple[str, str]],
        merged: Iterable[tuple[int, int]],
        moments: tuple[Moment, ...],
    ) -> None:
        """Let the world know what an event says about people, addresses and writing, before it happens."""
        world = self.world
        for survivor, other in merged:
            world.merge(f"P{survivor}", f"P{other}", event.known)
        person = world.numbered[number]
        assert person is not None, "a merge leaves the older number"
        for kind, value in added:
            world.contact(person.id, kind, value)
        if event.consent or event.type.startswith(OWN_TYPE):
            self.hear(event, person, moments)

    def name(self, number: int, data: Mapping[str, object]) -> None:
        """Remember what names a person where somebody reads it; the first value of each identifier stays."""
        person = self.world.numbered[number]
        assert person is not None, "a merge leaves the older number"
        for field in self.identifiers:
            value = data.get(field)
            if isinstance(value, str) and person.values.get(field) is None:
                put(person, "values", field, value)

    def hear(self, event: Event, person: Person, moments: tuple[Moment, ...]) -> None:
        """Take what an event says about being written to."""
        taken, refused = self.said(event, person.id, moments)
        self.refused += refused
        itself = bool(moments) and event.type.startswith(OWN_TYPE)
        for consent in taken:
            self.world.consent(person.id, consent, event.known, happens=not itself)

    def said(
        self, event: Event, person: str | None, moments: tuple[Moment, ...]
    ) -> tuple[Sequence[Consent], int]:
        """Return what an event about ``person`` (None: nobody can tell) says about being written to, and how much of it cannot be taken."""
        occasion = self.occasion(event, person, moments)
        short = self.short.take(event.consent, occasion) if event.consent else None
        if short is not None:
            return short, 0
        given = event.data if event.consent is None else {"consent": event.consent}
        taken, refused = consents_of_event(event.type, given, occasion)
        return taken, len(refused)

    def occasion(self, event: Event, person: str | None, moments: tuple[Moment, ...]) -> Occasion:
        """Return on what occasion an event about ``person`` says something about being written to."""
        occasion = Occasion(
            self.purposes, self.program.system(event.source), person, event.happened, event.known
        )
        forms = [self.forms[one.form] for one in moments if one.form]
        if forms:
            occasion.form = forms[0]
        occasion.notices = self.wordings.hashes
        occasion.normal = self.address
        occasion.addresses = self.addresses(event.data)
        return occasion

    def addresses(self, fields: Mapping[str, object]) -> dict[str, str]:
        """Return the addresses in an event by kind, as the ledger names them."""
        found: dict[str, str] = {}
        for field, kind in self.program.contact_fields.items():
            value = fields.get(field)
            key = self.address(kind, value) if isinstance(value, str) else ""
            if key:
                found.setdefault(kind, f"{kind}:{key}")
        return found

    def address(self, kind: str, value: str) -> str:
        """Return an address as it is compared; nothing where it can be none."""
        return address_key(kind, value, self.region) or ""


def read_of(project: Project, program: Program, names: Collection[str]) -> tuple[str, ...]:
    """Return those of ``names`` that a message, a task or a condition reads."""
    offered = (one.message for one in program.offers.values() if one.message is not None)
    read = {name for one in (*program.messages.values(), *offered) for name in one.reads}
    for file in project.files.values():
        for sentence in file.sentences:
            if sentence.shape != "scenario":
                read.update(words_in(sentence))
    return tuple(name for name in names if name in read)


def words_in(sentence: Sentence) -> Iterator[str]:
    """Yield the data words of a sentence and of all below it, but for those that only declare what an event brings."""
    if sentence.node is not None and sentence.shape not in DECLARING:
        yield from (word.text for word in sentence.node.walk() if isinstance(word, Word))
    for below in sentence.block:
        yield from words_in(below)


def agreements(project: Project) -> dict[str, frozenset[tuple[str, str]]]:
    """Return what each form asks agreement to: the purpose's key and the channel, nothing where it names none."""
    return {
        one.name: frozenset(
            (
                key_of(line.node.text("purpose")),
                channel_of(line.node.word("channel")) if line.node.has("channel") else "",
            )
            for line in one.sentence.of("asks_agreement")
            if line.node
        )
        for one in project.overview.declarations("form")
    }
