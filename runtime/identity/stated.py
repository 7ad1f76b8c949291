"""What operators say about people, from the log. Rule: their word stands above every rule, and is there again when the log is read again.

verbline.merge           {"people": ["P2", "P5"], "by": "staff:ana", "why": "…"}          they are one
verbline.split           {"person": "P2", "apart": "P5", …}                               they are two, and stay two
verbline.split           {"person": "P2", "identifiers": [["email", "a@b.example"]], …}   who holds these is somebody else
verbline.person.erased   {"person": "P2"}                                                 nothing names them any more

Numbers of people follow from the rules, and other rules give others. So the event may name each person by something that
they alone hold, ``"known_by": {"P2": ["member-number", "M-7"]}``; who holds it is meant, whatever their number is now.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from verbline.runtime.identity.graph import GONE

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from verbline.runtime.events import Event
    from verbline.runtime.identity.graph import Identity

MERGE, SPLIT, ERASED = "verbline.merge", "verbline.split", "verbline.person.erased"
STATED = frozenset((MERGE, SPLIT, ERASED))
# Events of the runtime's own that name the person by number.
OURS = "verbline"
NAMING = (
    "verbline.message.",
    "verbline.desk.",
    "verbline.question.",
    "verbline.signal",
    "verbline.consent.",
)
PERSON = re.compile(r"P([1-9]\d{0,17})")


class Change(NamedTuple):
    """What an operator's word has changed, by the numbers that people bear now.

    ``what`` is ``merge`` (``one`` survives, ``other`` is a part of them), ``split`` (``other`` is somebody of their own
    again, or for the first time), ``apart`` (they were two already, and stay so), ``erased`` (``one``), or ``refused``,
    with the reason: unknown_person, already_one, not_held, nothing_to_split, unclear.
    """

    what: str
    one: int = 0
    other: int = 0
    reason: str = ""


def named(identity: Identity, event: Event) -> tuple[int, int]:
    """Return who an event of the runtime's own is about, by the number they bear now and the one they bore then; else 0, 0.

    It names the person by number, ``{"person": "P7"}``: the runtime knows to whom it wrote, and whom it asked.
    """
    if event.source != OURS or not event.type.startswith(NAMING):
        return 0, 0
    found = PERSON.fullmatch(str(event.data.get("person")))
    number = int(found[1]) if found else 0
    return (identity.now(number), number) if 0 < number <= identity.store.people else (0, 0)


def stated(identity: Identity, event: Event) -> tuple[Change, ...]:
    """Take what an event of a type in `STATED` says, and return what it has changed, in its order."""
    if GONE in event.data:  # somebody who was erased stood there
        identity.vacate(event.data)
        return ()
    said = Saying(identity, event.data, event.known)
    match event.type:
        case "verbline.merge":
            return tuple(said.merge())
        case "verbline.split":
            return (said.split(),)
        case _:
            return (said.erased(),)


class Saying:
    """One operator's word about the people of a graph."""

    __slots__ = ("at", "graph", "said", "told")

    def __init__(self, graph: Identity, said: Mapping[str, Any], at: int) -> None:
        self.graph = graph
        self.said = said
        self.at = at
        named = (said.get("by"), said.get("why"))
        self.told = ": ".join(one for one in named if isinstance(one, str) and one)

    def person(self, name: object) -> int:
        """Return the number that somebody bears, named as the event does; 0 where there is nobody."""
        found = PERSON.fullmatch(name) if isinstance(name, str) else None
        number = int(found[1]) if found else 0
        sure = self._sure(name)
        holders = self.graph.holders(*sure) if sure is not None else ()
        if len(holders) == 1 and self.graph.now(number) != holders[0]:
            return holders[0]
        return number if number <= self.graph.store.people else 0

    def _sure(self, name: object) -> tuple[str, str] | None:
        """Return what the event says that somebody alone holds."""
        said = self.said.get("known_by")
        pair = said.get(name) if isinstance(said, dict) and isinstance(name, str) else None
        if not isinstance(pair, list) or len(pair) != 2:
            return None
        return str(pair[0]), str(pair[1])

    def merge(self) -> list[Change]:
        """Join the people that are named, one after the other with the first."""
        named = self.said.get("people")
        people = [self.person(one) for one in named] if isinstance(named, list) else []
        if len(people) < 2:
            return [Change("refused", reason="unclear")]
        return [self._joined(people[0], other) for other in people[1:]]

    def _joined(self, one: int, other: int) -> Change:
        if not one or not other:
            return Change("refused", reason="unknown_person")
        forgotten = {note.a for note in self.graph.store.notes("forget")}
        if not forgotten.isdisjoint((self.graph.now(one), self.graph.now(other))):
            return Change("refused", one, other, "person_erased")
        found = self.graph.merge(one, other, self.at, self.told)
        if isinstance(found, str):
            return Change("refused", self.graph.now(one), self.graph.now(other), found)
        return Change("merge", *found)

    def split(self) -> Change:
        """Take apart two people, or a person and those who hold some of the identifiers."""
        person, listed = self.person(self.said.get("person")), self.said.get("identifiers")
        if not person:
            return Change("refused", reason="unknown_person")
        if listed is not None:
            return self._divided(self.graph.now(person), listed)
        other = self.person(self.said.get("apart"))
        if not other:
            return Change("refused", self.graph.now(person), reason="unknown_person")
        if person == other:
            return self._told_apart(person)
        was_one = self.graph.now(person) == self.graph.now(other)
        parts = self.graph.split(person, other, self.at, self.told)
        return Change("split" if was_one else "apart", *parts)

    def _told_apart(self, person: int) -> Change:
        """Take apart one number, which under other rules stood for two people."""
        pairs = [self._sure(self.said.get(one)) for one in ("person", "apart")]
        if pairs[0] is None or pairs[1] is None or pairs[0] == pairs[1]:
            return Change("refused", self.graph.now(person), reason="unclear")
        parts = self.graph.not_same(pairs[0], pairs[1], self.at)
        if isinstance(parts, str):
            return Change("refused", self.graph.now(person), reason=parts)
        return Change("split", *parts)

    def _divided(self, person: int, listed: object) -> Change:
        pairs = listed if isinstance(listed, list) else []
        if not pairs or not all(isinstance(one, list) and len(one) == 2 for one in pairs):
            return Change("refused", person, reason="unclear")
        chosen = [(str(kind), str(value)) for kind, value in pairs]
        part = self.graph.split_off(person, chosen, self.at, self.told)
        if isinstance(part, str):
            return Change("refused", person, reason=part)
        return Change("split", person, part)

    def erased(self) -> Change:
        """Let nothing name a person any more."""
        person = self.person(self.said.get("person"))
        if not person:
            return Change("refused", reason="unknown_person")
        one = self.graph.now(person)
        self.graph.forget(one, self.at)
        return Change("erased", one)
