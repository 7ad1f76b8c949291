"""Joining people and taking them apart. Rule: nothing is overwritten: a merge closes rows and opens others, a split too.

A person is a group of numbers joined by live edges, and bears the oldest of them. Each row keeps the number under which
it came (`origin`), so a retracted edge gives back to each part exactly what it brought and what came with it since.
"""

from __future__ import annotations

from typing import NamedTuple

from verbline.runtime.identity.likeness import NOTHING_SAID, Likeness, compare
from verbline.runtime.identity.rules import CONTACTS, YES
from verbline.runtime.identity.signs import namespace
from verbline.runtime.identity.store import Note

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from collections.abc import Set as AbstractSet

    from verbline.runtime.identity.rules import Alike, Rules
    from verbline.runtime.identity.store import Edge, Row, Store


EMPTY: AbstractSet[int] = frozenset()


class Moment(NamedTuple):
    """When something is done to the graph: its number in the order of changes, and the instant in milliseconds."""

    seq: int
    at: int


def why(code: str, said: str) -> str:
    """Return the reason of a note: a code, and behind it what somebody said."""
    return f"{code}: {said}" if said else code


class Portrait:
    """What is known of one person: the numbers of identifiers by kind, and what was said of name and birth by field.

    ``posts`` are the addresses that belong to a post (``info@``), which two people may have without sharing anything.
    """

    __slots__ = ("idents", "leaves", "posts", "traits")

    def __init__(self, links: Links, person: int) -> None:
        self.idents: dict[str, set[int]] = {}
        for kind, ident in links.store.held(person):
            self.idents.setdefault(kind, set()).add(ident)
        self.posts = {ident for ident in self.idents.get("email", ()) if links.is_post(ident)}
        self.leaves = links.leaves(person)
        self.traits = links.traits(person)


class Links:
    """The graph's edges, over one store."""

    __slots__ = ("_proposed", "keys", "kinds", "limits", "rules", "store", "telling", "weak")

    def __init__(self, rules: Rules, store: Store) -> None:
        self.rules = rules
        self.store = store
        self.limits = rules.table.limits
        self.keys = frozenset(namespace(field) for field in rules.keys)
        self.weak = frozenset(namespace(field) for field in rules.weak)
        self.telling = self.keys | {*CONTACTS}
        self.kinds = {
            **{field: namespace(field) for field in (*rules.weak, *rules.keys)},
            **rules.contacts,
        }
        self._proposed = {(note.a, note.b) for note in store.notes("ask")}

    # ---------- what is known ----------

    def now(self, person: int) -> int:
        """Return who the person called ``person`` is now."""
        into = self.store.into(person)
        while into:
            person, into = into, self.store.into(into)
        return person

    def leaves(self, person: int) -> set[int]:
        """Return the numbers that one person has had: its own, and those of the people it was joined with."""
        found, left = {person}, [person]
        while left:
            here = left.pop()
            for edge in self.store.edges_of(here):
                there = edge.b if edge.a == here else edge.a
                if not edge.until and there not in found:
                    found.add(there)
                    left.append(there)
        return found

    def traits(self, person: int) -> dict[str, set[object]]:
        """Return what was said about a person's name and birth, by field."""
        found: dict[str, set[object]] = {}
        if self.rules.traits:
            for leaf in self.leaves(person):
                for field, values in self.store.traits(leaf).items():
                    found.setdefault(field, set()).update(values)
        return found

    def has_account(self, person: int) -> bool:
        """Return whether a person holds an exclusive identifier."""
        return any(kind in self.keys for kind, _ident in self.store.held(person))

    def is_known(self, person: int) -> bool:
        """Return whether a person is more than a device."""
        return any(kind in self.telling for kind, _ident in self.store.held(person))

    def likeness(self, person: int, traits: Mapping[str, object]) -> Likeness:
        """Return how a person compares with the names and the birth that an event gives."""
        if not traits:
            return NOTHING_SAID
        known = self.traits(person)

        def same(field: str) -> int:
            return compare(known.get(field, ()), (traits[field],) if field in traits else ())

        return Likeness(same, self.rules.traits, self.rules.table)

    def is_post(self, ident: int) -> bool:
        """Return whether an email address belongs to a post."""
        return self.rules.table.is_shared(self.store.ident(ident)[1])

    def portrait(self, person: int) -> Portrait:
        """Return what is known of a person."""
        return Portrait(self, person)

    # ---------- may two people be one? ----------

    def alike(self, one: Portrait, other: Portrait) -> Alike:
        """Return how each field of two people compares, identifiers included."""

        def same(field: str) -> int:
            kind = self.kinds.get(field)
            if kind is not None:
                theirs = other.idents.get(kind, EMPTY)
                return compare(one.idents.get(kind, EMPTY) - one.posts, theirs - other.posts)
            return compare(one.traits.get(field, ()), other.traits.get(field, ()))

        return same

    def obstacle(self, one: Portrait, other: Portrait, *, stated: bool = False) -> str:
        """Return why two people are not joined, or nothing; an operator may say that they are one all the same.

        ``stated``: only what tells about their identifiers, not about names, the file's rules and what was said before.
        """
        for kind, mine in one.idents.items():
            theirs = other.idents.get(kind)
            if kind in self.keys and theirs is not None and mine != theirs:
                return "different_key"
        if self._too_many(one, other):
            return "limit"
        if stated:
            return ""
        if any(not other.leaves.isdisjoint(self.store.apart(leaf)) for leaf in one.leaves):
            return "not_same"
        same = self.alike(one, other)
        if Likeness(same, self.rules.traits, self.rules.table).contradicts:
            return "contradicts"
        return "never" if any(never(same) == YES for never in self.rules.clauses.never) else ""

    def corroborated(self, one: Portrait, other: Portrait) -> bool:
        """Return whether two people who share an address are one by their names, and nobody's account is handed over."""
        if not self.keys.isdisjoint(one.idents) or not self.keys.isdisjoint(other.idents):
            return False
        return Likeness(self.alike(one, other), self.rules.traits, self.rules.table).corroborates

    def backs(self, one: Portrait, other: Portrait) -> bool:
        """Return whether two people who came with one event share an address, and no name is another."""
        shared = (one.idents.get(kind, EMPTY) & other.idents.get(kind, EMPTY) for kind in CONTACTS)
        if not set[int]().union(*shared) - one.posts:
            return False
        return not Likeness(self.alike(one, other), self.rules.traits, self.rules.table).other_name

    def propose(self, pair: tuple[int, int]) -> bool:
        """Return whether two people have not been proposed as one before."""
        fresh = pair not in self._proposed
        self._proposed.add(pair)
        return fresh

    def _too_many(self, one: Portrait, other: Portrait) -> bool:
        """Return whether one person would hold more than a limit allows."""
        weak = 0
        for kind in {*one.idents, *other.idents} - self.keys:
            together = len(one.idents.get(kind, set()) | other.idents.get(kind, set()))
            if kind in self.weak:
                weak += together
            elif kind in CONTACTS and together > self.limits[kind]:
                return True
        return weak > self.limits["weak"]

    # ---------- joining and splitting ----------

    def merge(
        self, one: int, other: int, moment: Moment, how: str, said: str = ""
    ) -> tuple[int, int]:
        """Make two people one and return the survivor, the older of the two, and the other."""
        survivor, loser = (one, other) if one < other else (other, one)
        assert one != other, "two people become one"
        self._move(self.store.rows_held(loser), survivor, moment.seq, "merged")
        self.store.put_into(loser, survivor)
        self.store.join(survivor, loser, moment.seq, how)
        self.store.note(Note(*moment, "merge", survivor, loser, why(how, said)))
        return survivor, loser

    def split(self, one: int, other: int, moment: Moment, said: str = "") -> tuple[int, int]:
        """Take apart two people who have been joined, and return the two; each bears the oldest number of its part.

        Of the edges that join them the newest goes. They are noted as not the same, so that nothing joins them again.
        """
        whole = self.now(one)
        assert whole == self.now(other), "only what is joined can be split"
        assert one != other, "a number is not split"
        edge = max(self._path(one, other), key=lambda edge: edge.number)
        self.store.retract(edge.number, moment.seq)
        parts = [self.leaves(one), self.leaves(other)]
        first, second = (min(part) for part in parts)
        moving = parts[0] if first != whole else parts[1]
        part = min(moving)
        rows = [row for row in self.store.rows_held(whole) if row.origin in moving]
        self._move(rows, part, moment.seq, "split")
        for leaf in sorted(moving):
            self.store.put_into(leaf, part if leaf != part else 0)
        self.store.put_apart(one, other)
        self.store.note(Note(*moment, "split", one, other, why("retracted", said)))
        return first, second

    def split_off(self, person: int, idents: Iterable[int], moment: Moment, said: str = "") -> int:
        """Make a new person of some identifiers of one, and return it."""
        chosen = set(idents)
        rows = [row for row in self.store.rows_held(person) if row.ident in chosen]
        assert rows, "a person is made of something"
        part = self.store.born(moment.seq)
        for row in rows:
            self.store.close(row.number, moment.seq)
        for row in {row.ident: row for row in rows}.values():
            self.store.open(row.ident, part, part, moment.seq, "split")
        for origin in sorted({row.origin for row in rows}):
            self.store.put_apart(origin, part)
        self.store.note(Note(*moment, "split", person, part, why("divided", said)))
        return part

    def put_apart(self, one: int, other: int, moment: Moment, said: str = "") -> None:
        """Note that two people are not the same."""
        self.store.put_apart(one, other)
        self.store.note(Note(*moment, "not same", one, other, why("stated", said)))

    def release(self, ident: int, moment: Moment) -> None:
        """Take an identifier from everybody who holds it."""
        for row in self.store.rows_of(ident) if ident else ():
            if not row.until:
                self.store.close(row.number, moment.seq)

    def forget(self, person: int, moment: Moment) -> int:
        """Erase what names a person and nobody else, under every number they have had; return how many identifiers."""
        idents: set[int] = set()
        for leaf in sorted(self.leaves(person)):
            idents.update(row.ident for row in self.store.rows_ever(leaf))
            self.store.forget(leaf)
        for row in self.store.rows_held(person):
            self.store.close(row.number, moment.seq)
        gone = [ident for ident in sorted(idents) if not self.store.holders(ident)]
        for ident in gone:
            self.store.erase(ident)
        self.store.note(Note(*moment, "forget", person, 0, "asked for"))
        return len(gone)

    def _move(self, rows: Iterable[Row], person: int, seq: int, how: str) -> None:
        for row in list(rows):
            self.store.close(row.number, seq)
            self.store.open(row.ident, person, row.origin, seq, how)

    def _path(self, one: int, other: int) -> list[Edge]:
        """Return the live edges between two numbers of one person; there is one way, since only strangers are joined."""
        came: dict[int, Edge | None] = {one: None}
        left = [one]
        while left:
            here = left.pop()
            for edge in self.store.edges_of(here):
                there = edge.b if edge.a == here else edge.a
                if not edge.until and there not in came:
                    came[there] = edge
                    left.append(there)
        path: list[Edge] = []
        while (step := came[other]) is not None:
            path.append(step)
            other = step.b if step.a == other else step.a
        return path
