"""What operators say about people, in a world. Rule: the graph is told first, and the world follows what it says has changed.

Nobody who was erased is joined with anybody. What is refused is counted with its reason.
"""

from __future__ import annotations

from collections import Counter

from verbline.interpreter.person.record import put
from verbline.runtime.identity.signs import namespace
from verbline.runtime.identity.stated import MERGE, stated

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection

    from verbline.interpreter.person.record import Cause, Person
    from verbline.interpreter.step.world import World
    from verbline.runtime.events import Event
    from verbline.runtime.identity.graph import Identity

# Kinds of identifiers that somebody is reached at.
REACHED = frozenset(("email", "phone", "push", "post"))


class Operators:
    """Follows the words of operators.

    ``done`` counts what they have changed: ``merge``, ``split``, ``apart`` (they were two already) and ``erased``;
    ``refused`` by reason what could not be done. ``names`` are the fields that name people in the world.
    """

    __slots__ = ("done", "graph", "names", "refused", "world")

    def __init__(self, graph: Identity, world: World, names: Collection[str]) -> None:
        self.graph = graph
        self.world = world
        self.names = names
        self.done: Counter[str] = Counter()
        self.refused: Counter[str] = Counter()

    def take(self, event: Event) -> None:
        """Let the graph and the world take what an event says."""
        self.world.until(event.known)
        if event.type == MERGE and self.names_erased(event.data.get("people")):
            self.refused["person_erased"] += 1
            return
        for what, one, other, reason in stated(self.graph, event):
            if what == "refused":
                self.refused[reason] += 1
                continue
            self.done[what] += 1
            self.follow(what, one, other, (event.source, event.id))

    def names_erased(self, named: object) -> bool:
        """Return whether one of the people who are ``named`` was erased."""
        found = [
            self.world.people.get(one)
            for one in (named if isinstance(named, list) else ())
            if isinstance(one, str)
        ]
        return any(one is not None and one.erased for one in found)

    def follow(self, what: str, one: int, other: int, cause: Cause) -> None:
        """Let the world follow what the graph has changed. Who was known for somebody else at once was never in the world."""
        world, numbered = self.world, self.world.numbered
        if what == "split":
            whole, apart = (one, other) if is_there(numbered, one) else (other, one)
            if is_there(numbered, whole) and not is_there(numbered, apart):
                self.split(whole, apart, cause)
        elif what == "merge" and is_there(numbered, one) and is_there(numbered, other):
            world.merge(f"P{one}", f"P{other}", world.now, cause)
        elif what == "erased" and is_there(numbered, one):
            world.erase(f"P{one}", world.now, cause)

    def split(self, whole: int, apart: int, cause: Cause) -> None:
        """Take apart two people, the second of whom bears a number that is not in the world."""
        world, links, store = self.world, self.graph.links, self.graph.store
        # Of whom nothing is left but what has gone goes too.
        left = {row.origin for row in store.rows_held(whole)}
        gone = {row.origin for row in store.rows_ever(whole) if row.until == store.seq}
        going = [f"P{number}" for number in sorted(links.leaves(apart) | (gone - left))]
        theirs = self.held(apart) - self.held(whole)
        part = world.split(
            f"P{whole}",
            f"P{apart}",
            world.now,
            going=going,
            addresses=[f"{kind}:{value}" for kind, value in sorted(theirs) if kind in REACHED],
            number=apart,
            cause=cause,
        )
        self.rename(world.people[f"P{whole}"], part, theirs)

    def held(self, person: int) -> set[tuple[str, str]]:
        """Return the kinds and values of the identifiers of a person."""
        store = self.graph.store
        return {store.ident(ident) for _kind, ident in store.held(person)}

    def rename(self, whole: Person, part: Person, theirs: Collection[tuple[str, str]]) -> None:
        """Let what names a person go with the identifier that it is."""
        for field in self.names:
            value = whole.values.get(field)
            if (namespace(field), value) in theirs and part.values.get(field) is None:
                put(part, "values", field, value)
                whole.values = {name: one for name, one in whole.values.items() if name != field}


def is_there(numbered: list[Person | None], number: int) -> bool:
    """Return whether the world knows somebody under this number."""
    return number < len(numbered) and numbered[number] is not None
