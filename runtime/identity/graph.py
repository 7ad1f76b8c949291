"""The identity graph. Rule: the same events in the same order give the same people, with the same numbers.

Numbers of people count from 1 in the order in which they were first met ("P1" is 1). A number is never given twice; of two
people who become one, the older number stays and the other remains a way to find them.
"""

from __future__ import annotations

from verbline.runtime.identity.arrival import Arrival
from verbline.runtime.identity.links import Links, Moment
from verbline.runtime.identity.memory import Memory
from verbline.runtime.identity.signs import Reader, namespace

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from verbline.runtime.identity.rules import Rules
    from verbline.runtime.identity.signs import Refusal
    from verbline.runtime.identity.store import Store

NOTHING: frozenset[str] = frozenset()


class Resolution:
    """What came of one event.

    ``person`` is the number of who it is about, or None; ``new`` says that nobody knew them. ``ambiguous``: several share
    the address and no name tells them apart. ``merged`` are (survivor, other), ``added`` the contact points the person did
    not hold before, as (kind, key), ``refused`` the fields that did not count and why, ``asked`` (desk, person, other).
    """

    __slots__ = ("added", "ambiguous", "asked", "merged", "new", "person", "refused")

    def __init__(
        self,
        person: int | None,
        new: bool = False,  # noqa: FBT001, FBT002 - by position, since it is made for every event
        merged: tuple[tuple[int, int], ...] = (),
        added: tuple[tuple[str, str], ...] = (),
        ambiguous: bool = False,  # noqa: FBT001, FBT002
        refused: tuple[Refusal, ...] = (),
        asked: tuple[tuple[str, int, int], ...] = (),
    ) -> None:
        self.person = person
        self.new = new
        self.merged = merged
        self.added = added
        self.ambiguous = ambiguous
        self.refused = refused
        self.asked = asked

    def __repr__(self) -> str:
        who = f"P{self.person}" if self.person else "ambiguous" if self.ambiguous else "nobody"
        return f"<{who}{' new' * self.new} merged={self.merged} added={len(self.added)} refused={self.refused}>"


class Identity:
    """Who is who, by the rules of one project, in one store."""

    def __init__(self, rules: Rules, store: Store | None = None) -> None:
        self.store = Memory() if store is None else store
        self.links = Links(rules, self.store)
        self.ambiguous = 0
        self._reader = Reader(rules)
        fields = frozenset((*rules.keys, *rules.contacts, *rules.weak, *rules.traits))
        self._quick = [(field, namespace(field), fields - {field}) for field in rules.keys]
        self._owner = self.store.owner

    def __repr__(self) -> str:
        return f"<{self.store!r}>"

    def resolve(
        self, fields: Mapping[str, object], at: int, *, confirmed: frozenset[str] = NOTHING
    ) -> Resolution:
        """Return who an event with these fields is about, and remember what it says about them.

        ``at`` is the instant at which the event was known. ``confirmed`` names the fields whose address the event proves,
        as a log-in or a click on a link that was sent there does.
        """
        for field, kind, others in self._quick:
            value = fields.get(field)
            if value is not None:
                # Most events say who they are and nothing else about it.
                if value.__class__ is str:
                    person = self._owner(kind, value)
                    if person > 0 and others.isdisjoint(fields):
                        return Resolution(person)
                break
        return self._settle(fields, at, confirmed)

    def _settle(
        self, fields: Mapping[str, object], at: int, confirmed: frozenset[str]
    ) -> Resolution:
        arrival = Arrival(self.links, self._reader.read(fields, confirmed), self._moment(at))
        arrival.settle()
        self.ambiguous += arrival.ambiguous
        return Resolution(
            arrival.person or None,
            arrival.new,
            tuple(arrival.merged),
            tuple(arrival.added),
            arrival.ambiguous,
            tuple(arrival.refused),
            tuple(arrival.asked),
        )

    def _moment(self, at: int) -> Moment:
        self.store.seq += 1
        return Moment(self.store.seq, at)

    # ---------- looking up ----------

    def holders(self, kind: str, value: str) -> tuple[int, ...]:
        """Return who holds an identifier now; ``value`` is a key as `Resolution.added` has it."""
        return self.links.holders(self.store.find(kind, value))

    def person(self, kind: str, value: str) -> int | None:
        """Return the one person who holds an identifier, or None where nobody does or several do."""
        holders = self.holders(kind, value)
        return holders[0] if len(holders) == 1 else None

    def now(self, person: int) -> int:
        """Return the number that a person bears now, after merges and splits."""
        return self.links.now(person)

    # ---------- what people say ----------

    def merge(self, one: int, other: int, at: int) -> tuple[int, int] | str:
        """Join two people because somebody says so; return (survivor, other), or the reason why they cannot be one."""
        first, second = self.links.now(one), self.links.now(other)
        if first == second:
            return "already_one"
        moment = self._moment(at)
        for a in self.links.leaves(first):
            for b in self.links.leaves(second):
                self.store.drop_apart(a, b)
        portrait = self.links.portrait
        obstacle = self.links.obstacle(portrait(first), portrait(second), stated=True)
        return obstacle or self.links.merge(first, second, moment, "stated")

    def split(self, one: int, other: int, at: int) -> tuple[int, int]:
        """Take two people apart who were joined, and return the numbers they bear now."""
        if self.links.now(one) != self.links.now(other):
            self.store.put_apart(one, other)
            return self.links.now(one), self.links.now(other)
        return self.links.split(one, other, self._moment(at))
