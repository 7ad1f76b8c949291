"""The identity graph. Rule: the same events in the same order give the same people, with the same numbers.

Numbers of people count from 1 in the order in which they were first met ("P1" is 1). A number is never given twice; of two
people who become one, the older number stays and the other remains a way to find them.
"""

from __future__ import annotations

from collections import Counter
from itertools import product

from verbline.runtime.identity.ample import Ample
from verbline.runtime.identity.arrival import Arrival
from verbline.runtime.identity.links import Links, Moment
from verbline.runtime.identity.memory import Memory
from verbline.runtime.identity.plain import Plain
from verbline.runtime.identity.plainest import plainest
from verbline.runtime.identity.quick import named, quick
from verbline.runtime.identity.resolution import Resolution
from verbline.runtime.identity.signs import Reader, namespace

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from typing import TypeAlias

    from verbline.runtime.identity.rules import Rules
    from verbline.runtime.identity.signs import Refusal
    from verbline.runtime.identity.store import Store

    # A number, or else what `Plain.take` gives.
    Found: TypeAlias = int | tuple[int, bool, str] | None

NOTHING: frozenset[str] = frozenset()
# The one field of an event from which a person was erased, where it gave a number: how many.
GONE = "+"
GONE_MAX = 9
# So many events are remembered by what they say of who it is.
MET_MAX = 1 << 16


class Identity:
    """Who is who, by the rules of one project, in one store.

    ``ambiguous`` counts the events of which nobody can tell whose they are, ``refused`` what did not count and why.
    """

    def __init__(self, rules: Rules, store: Store | None = None) -> None:
        self.store = Memory() if store is None else store
        self.links = Links(rules, self.store)
        self.ambiguous = 0
        self.refused: Counter[Refusal] = Counter()
        self._reader = Reader(rules, self.store.find)
        self._keys = tuple((field, namespace(field)) for field in rules.keys)
        # Returns who an event with the given fields is about, where it says nothing new of who that is; else 0.
        self.known = quick(rules, self.store)
        self._plain = Plain(rules, self.store)
        self._ample = Ample(rules, self.store, self._plain)
        self._met = self.store.met if isinstance(self.store, Memory) else None
        self._named, self._traits = named(rules), frozenset(rules.traits)
        self._said = frozenset((*self._named, GONE))
        short = plainest(self._plain, self.store, self.known)
        # Returns the person, whether they are new, and an email they did not have, of a plain event; None of any other.
        self.plain = self._plain.take if short is None else short.take
        # Returns what `known` does, or else what `plain` does; a glance says 1 of whoever is known.
        self.look = self._look if short is None else short.look
        self.glance = self._look if short is None else short.glance

    def __repr__(self) -> str:
        return f"<{self.store!r}>"

    def _look(self, fields: Mapping[str, object]) -> Found:
        return self.known(fields) or self.plain(fields)

    def resolve(
        self, fields: Mapping[str, object], at: int, *, confirmed: frozenset[str] = NOTHING
    ) -> Resolution:
        """Return who an event with these fields is about, and remember what it says about them.

        ``at`` is the instant at which the event was known. ``confirmed`` names the fields whose address the event proves,
        as a log-in or a click on a link that was sent there does.
        """
        known = 0 if confirmed else self.known(fields)
        return Resolution(known) if known else self.meet(fields, at, confirmed=confirmed)

    def meet(
        self, fields: Mapping[str, object], at: int, *, confirmed: frozenset[str] = NOTHING
    ) -> Resolution:
        """Return the same of an event that `known` says nothing about."""
        if self._said.isdisjoint(fields):
            return Resolution(None)
        if not confirmed:
            plain = self._plain.take(fields)
            if plain is not None:
                person, is_new, email = plain
                return Resolution(person, is_new, (), (("email", email),) if email else ())
            ample = self._ample.take(fields)
            if ample is not None:
                person, is_new, added = ample
                return Resolution(person, is_new, (), tuple(added))
        return self._settle(fields, at, confirmed)

    def _settle(
        self, fields: Mapping[str, object], at: int, confirmed: frozenset[str]
    ) -> Resolution:
        moment = self._moment(at)
        arrival = Arrival(self.links, self._reader.read(fields, confirmed), moment)
        if GONE in fields and not arrival.person:
            self.vacate(fields)
        self.ambiguous += arrival.ambiguous
        self.refused.update(arrival.refused)
        if self._met is not None and not (confirmed or arrival.changed or arrival.refused):
            self.remember(self._met, fields, arrival)
        return Resolution(
            arrival.person or None,
            arrival.new,
            tuple(arrival.merged),
            tuple(arrival.added),
            arrival.ambiguous,
            tuple(arrival.refused),
            tuple(arrival.asked),
        )

    def remember(
        self, met: dict[tuple[object, ...], int], fields: Mapping[str, object], arrival: Arrival
    ) -> None:
        """Remember who an event is about that says nothing new, where nothing but its keys or its addresses says so."""
        signs, said = arrival.signs, tuple(map(fields.get, self._named))
        is_sure = signs.keys or (signs.contacts and self._traits.isdisjoint(fields))
        is_sure = is_sure and all(one is None or type(one) is str for one in said)  # True is 1
        if arrival.person and is_sure and len(met) < MET_MAX:
            met[said] = arrival.person

    def vacate(self, fields: Mapping[str, object]) -> None:
        """Leave the numbers empty that an event gave to somebody who was erased from the log since."""
        number = fields.get(GONE)
        if isinstance(number, int) and 0 < number <= GONE_MAX:
            for _each in range(number):
                self.store.born(self.store.seq)

    def speak(self, person: int, contact: str, fields: Mapping[str, object], at: int) -> bool:
        """Make ``person`` a holder of an address for which they said yes; return whether that is new. Nobody is joined by it.

        ``contact`` is the address as the ledger names it, ``fields`` are those of the event in which they said it.
        """
        kind, _colon, value = contact.partition(":")
        store = self.store
        ident = store.find(kind, value)
        holders = store.holders(ident)
        if person in holders or not self.has_room(person, contact):
            return False
        origin = self.origin(fields, person) if store.edges_of(person) else person
        how = "shared" if holders else "given"
        store.open(ident or store.add(kind, value), person, origin, self._moment(at).seq, how)
        return True

    def has_room(self, person: int, contact: str) -> bool:
        """Return whether ``person`` may hold one address more, this one, by the limits and the addresses that are nobody's."""
        kind, _colon, value = contact.partition(":")
        if not value or (kind == "email" and self.links.rules.table.blocks_mail(value)):
            return False
        held = {one for named, one in self.store.held(self.now(person)) if named == kind}
        return len(held) < self.links.limits[kind]

    def _moment(self, at: int) -> Moment:
        self.store.seq += 1
        return Moment(self.store.seq, at)

    # ---------- looking up ----------

    def holders(self, kind: str, value: str) -> tuple[int, ...]:
        """Return who holds an identifier now; ``value`` is a key as `Resolution.added` has it."""
        return self.store.holders(self.store.find(kind, value))

    def person(self, kind: str, value: str) -> int | None:
        """Return the one person who holds an identifier, or None where nobody does or several do."""
        holders = self.holders(kind, value)
        return holders[0] if len(holders) == 1 else None

    def now(self, person: int) -> int:
        """Return the number that a person bears now, after merges and splits."""
        return self.links.now(person)

    def as_of(self, kind: str, value: str, seq: int) -> tuple[int, ...]:
        """Return who held an identifier after the change number ``seq``, by the numbers of that time."""
        rows = self.store.rows_of(self.store.find(kind, value))
        return tuple(
            dict.fromkeys(
                row.person
                for row in rows
                if row.person > 0 and row.since <= seq and not 0 < row.until <= seq
            )
        )

    # ---------- what people say ----------

    def merge(self, one: int, other: int, at: int, said: str = "") -> tuple[int, int] | str:
        """Join two people because somebody says so; return (survivor, other), or that they are one already.

        ``said`` is who says so, and why; it is noted.
        """
        first, second = self.links.now(one), self.links.now(other)
        if first == second:
            return "already_one"
        for a, b in product(self.links.leaves(first), self.links.leaves(second)):
            self.store.drop_apart(a, b)
        return self.links.merge(first, second, self._moment(at), "stated", said)

    def split(self, one: int, other: int, at: int, said: str = "") -> tuple[int, int]:
        """Take two people apart, now and for good, and return the numbers they bear now."""
        if self.links.now(one) == self.links.now(other):
            return self.links.split(one, other, self._moment(at), said)
        self.links.put_apart(one, other, self._moment(at), said)
        return self.links.now(one), self.links.now(other)

    def split_off(
        self, person: int, identifiers: Iterable[tuple[str, str]], at: int, said: str = ""
    ) -> int | str:
        """Make a new person of some identifiers of one; return the number, or why that cannot be."""
        held = {ident for _kind, ident in self.store.held(person)}
        chosen = {self.store.find(kind, value) for kind, value in identifiers}
        if not chosen <= held:
            return "not_held"
        if chosen == held or not chosen:
            return "nothing_to_split"
        return self.links.split_off(person, chosen, self._moment(at), said)

    def same(self, one: tuple[str, str], other: tuple[str, str], at: int) -> tuple[int, int] | str:
        """Join the holders of two identifiers; return (survivor, other), or why they cannot be one."""
        first, second = self.person(*one), self.person(*other)
        return self.merge(first, second, at) if first and second else "not_one_holder"

    def not_same(
        self, one: tuple[str, str], other: tuple[str, str], at: int
    ) -> tuple[int, int] | str:
        """Take the holders of two identifiers apart, now and for good; return their numbers, or why that cannot be."""
        first, second = self.person(*one), self.person(*other)
        if not first or not second:
            return "not_one_holder"
        if first != second:
            return self.split(first, second, at)
        here, there = self._origin(first, *one), self._origin(first, *other)
        if here != there:
            return self.split(here, there, at)
        part = self.split_off(first, [other], at)
        return part if isinstance(part, str) else (first, part)

    def _origin(self, person: int, kind: str, value: str) -> int:
        """Return the number under which a person came by an identifier."""
        rows = self.store.rows_of(self.store.find(kind, value))
        return next(row.origin for row in rows if row.person == person and not row.until)

    def origin(self, fields: Mapping[str, object], person: int) -> int:
        """Return the number under which ``person`` came by what an event with these fields is recognised by.

        That is of several people who became one the one to whom the event belongs; ``person`` where nothing tells.
        """
        for field, kind in self._keys:  # most events bring a key, written as it is kept
            value = fields.get(field)
            if value is not None and value.__class__ is str:
                found = self._came(kind, str(value), person)
                if found:
                    return found
        signs = self._reader.read(fields, NOTHING)
        ways = (
            self._came(sign.kind, sign.value, person)
            for sign in (*signs.keys, *signs.contacts, *signs.posts, *signs.weak)
        )
        return next(filter(None, ways), person)

    def _came(self, kind: str, value: str, person: int) -> int:
        """Return the number under which ``person`` came by an identifier; 0 where they do not hold it."""
        for row in self.store.rows_of(self.store.find(kind, value)):
            if row.person == person and not row.until:
                return row.origin
        return 0

    def release(self, kind: str, value: str, at: int) -> tuple[int, ...]:
        """Take an identifier from everybody, since it has changed hands; return who held it."""
        moment, holders = self._moment(at), self.holders(kind, value)
        self.links.release(self.store.find(kind, value), moment)
        return holders

    def forget(self, person: int, at: int) -> int:
        """Erase a person's identifiers, names and birth, as far as nobody else has them; return how many identifiers."""
        return self.links.forget(self.links.now(person), self._moment(at))
