"""What an event says, for the world and for the ledger. Rule: both hear the same, once, and in the same transaction."""

from __future__ import annotations

from verbline.runtime.consent.recording import HOLDS, Recorder
from verbline.runtime.consent.restored import REPLAYED, take_replayed
from verbline.runtime.feed import Feed
from verbline.runtime.identity.stated import ERASED, PERSON
from verbline.runtime.operators import Operators
from verbline.runtime.ways import Ways

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from verbline.interpreter.person.record import Cause, Person
    from verbline.runtime.consent.ledger import Ledger
    from verbline.runtime.engine.given import Given
    from verbline.runtime.engine.world import Watched
    from verbline.runtime.events import Event
    from verbline.runtime.identity.graph import Identity
    from verbline.runtime.ways import Way

# What people are reached at.
REACHED = frozenset(("email", "phone", "push", "post"))


class Told(Ways):
    """Ways on which no moment passes a person by unnoticed: what changes somebody goes through the world."""

    def of(self, event: Event) -> Way:
        """Return the way of an event, and keep it."""
        way = super().of(event)
        way.idle = None
        return way


class Word(Operators):
    """Follows the words of operators, and lets the ledger follow too. ``forgotten`` are those who were erased, by number."""

    __slots__ = ("_feed", "forgotten")

    def __init__(self, feed: Recorded) -> None:
        super().__init__(feed.graph, feed.world, feed.identifiers)
        self.forgotten: list[int] = []
        self._feed = feed

    def take(self, event: Event) -> None:
        """Let the graph, the world and the ledger take what an event says."""
        self.graph.store.dated(event.known)
        if event.type == ERASED and not self._feed.erase(event):
            self.world.until(event.known)
            self.refused["another_person"] += 1
            return
        self._feed.stated = event
        super().take(event)

    def follow(self, what: str, one: int, other: int, cause: Cause) -> None:
        """Let the ledger and the world follow what the graph has changed."""
        recorder = self._feed.recorder
        if what == "merge":
            recorder.merged(self._feed.stated, one, other, proved=True)
        elif what == "split":
            recorder.split(self._feed.stated, one, other)
        elif what == "erased":
            self.forgotten.append(one)
        super().follow(what, one, other, cause)


class Recorded(Feed):
    """A feed that also fills a ledger. ``stated`` is the last word of an operator."""

    def __init__(self, given: Given, identity: Identity, world: Watched, ledger: Ledger) -> None:
        program = given.program
        super().__init__(given.project, program, identity, world, given.sources)
        self.ways = Told(program, self.renames)
        self.recorder = Recorder(ledger, self, is_sifted=True)
        self.stated: Event
        # Who asks a desk whether two people are one, of whom something was said at an instant.
        self.asking: Callable[[str, tuple[int, int], int], object] | None = None
        self._touched = world.touched
        self.operators: Word = Word(self)
        self._selling = frozenset(
            code for code, moments in program.by_code.items() if any(one.soft for one in moments)
        )

    # What people say

    def hear(self, event: Event, number: int, way: Way, email: str = "") -> None:
        """Take what an event says about being written to."""
        self.graph.store.dated(event.known)
        self.recorder.hear(event, number, way.moments)
        super().hear(event, number, way, email)

    def overhear(self, event: Event, way: Way) -> None:
        """Let a no reach everybody behind the address at which it was said, though nobody can tell who said it."""
        self.recorder.hear(event, 0, way.moments)
        super().overhear(event, way)

    def happen(self, event: Event, person: Person, way: Way) -> None:
        """Let what an event is happen to ``person``."""
        if event.type in self._selling and any(one.soft for one in way.moments):
            number = person.number
            self.recorder.sold(event, number, way.moments, self.contacts(number))
        super().happen(event, person, way)

    # Who people are

    def meet(self, event: Event, way: Way, *plain: Any) -> int:
        """Return who an event is about that says something new of who that is, 0 where nobody can tell."""
        self.graph.store.dated(event.known)
        return super().meet(event, way, *plain)

    def unite(self, event: Event, survivor: int, other: int) -> None:
        """Let two people be one, as an event shows."""
        self.recorder.merged(event, survivor, other, proved=False)
        super().unite(event, survivor, other)

    def ask(self, desk: str, one: int, other: int, event: Event) -> None:
        """Let a desk be asked whether two people are one."""
        super().ask(desk, one, other, event)
        if self.asking is not None:
            self.asking(desk, (one, other), event.known)

    def name(self, number: int, event: Event) -> None:
        """Remember what names a person where somebody reads it."""
        self._touched.add(number)
        super().name(number, event)

    def contacts(self, number: int) -> list[tuple[str, str]]:
        """Return the addresses that a person holds, each once, as (kind, value)."""
        store = self.graph.store
        held = dict.fromkeys(ident for kind, ident in store.held(number) if kind in REACHED)
        return [store.ident(ident) for ident in held]

    # What operators say

    def number_of(self, event: Event) -> int:
        """Return the number that the one person bears now whom an operator names; 0 where that is nobody."""
        found = PERSON.fullmatch(str(event.data.get("person")))
        number = int(found[1]) if found else 0
        return self.graph.now(number) if 0 < number <= self.graph.store.people else 0

    def erase(self, event: Event) -> bool:
        """Take somebody out of the ledger, before nothing names them any more; return whether the number is theirs."""
        number, recorder = self.number_of(event), self.recorder
        contacts = self.contacts(number) if number else []
        keys = [":".join(one) for one in contacts]
        is_other = bool(keys) and not recorder.means(event, keys)
        if is_other or not number:
            recorder.erased(event, (), (), ())
            return not is_other
        shared = [
            key
            for key, one in zip(keys, contacts, strict=True)
            if len(self.graph.holders(*one)) > 1
        ]
        names = (number, *sorted(self.graph.links.leaves(number) - {number}))
        recorder.erased(event, [f"P{one}" for one in names], keys, shared)
        return True

    def heard_of(self, event: Event) -> None:
        """Take what an operator says that concerns the ledger alone."""
        if event.type in HOLDS:
            number = self.number_of(event)
            if number:
                self.recorder.held(event, number)
        elif event.type == REPLAYED:
            take_replayed(self.recorder.ledger, str(event.data.get("anchor")))
