"""Events of a register: one key, and with it addresses and names. Rule: what is done here is what `arrival` would do, in a
third of the time; whatever touches anybody else is left to it.

    what the event says -> whose the key is -> nobody else has any of it -> what is new of it is kept
"""

from __future__ import annotations

from verbline.runtime.identity.arrival import SPELLINGS_MAX
from verbline.runtime.identity.memory import Memory
from verbline.runtime.identity.normalise import address_key, text_key
from verbline.runtime.identity.signs import namespace

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from typing import TypeAlias

    from verbline.runtime.identity.plain import Plain
    from verbline.runtime.identity.rules import Rules
    from verbline.runtime.identity.store import Store

    # Kinds and values of addresses, in the order of the rules.
    Addresses: TypeAlias = list[tuple[str, str]]
    Names: TypeAlias = list[tuple[str, object]]

EMAIL = "email"
GIVEN = "given"
PLAIN_NAMES = frozenset((str, int, float, bool))


class Ample:
    """The events of a register in one project, over a store in memory."""

    __slots__ = ("_address", "_barred", "_contacts", "_is_open", "_keys", "_letters", "_limits", "_plain", "_region", "_store", "_traits")  # fmt: skip

    def __init__(self, rules: Rules, store: Store, plain: Plain) -> None:
        self._store, self._plain = store, plain
        self._keys = rules.keys
        self._contacts = tuple(rules.contacts.items())
        self._traits = rules.traits
        self._barred = frozenset(rules.weak)
        # Where a key is an address, or a name alone is enough, there is no short way.
        self._is_open = isinstance(store, Memory) and not rules.clauses.alone and all(namespace(field) == field for field in rules.keys)  # fmt: skip
        self._region, self._limits, self._letters = rules.region, rules.table.limits, rules.table.letters  # fmt: skip

    def take(self, fields: Mapping[str, object]) -> tuple[int, bool, Addresses] | None:
        """Return the person, whether they are new, and the addresses they did not have; None where this is no such event."""
        if not self._is_open or not self._barred.isdisjoint(fields):
            return None
        kind = ""
        key: object = None
        for field in self._keys:
            value = fields.get(field)
            if value is not None:
                if kind:
                    return None
                kind, key = field, value
        if key.__class__ is not str:
            return None
        value = str(key)
        owner = self._store.owner(kind, value)
        if not owner:
            value, owner = self._plain.owned(kind, value)
        if not value or owner < 0:
            return None
        addresses, names = self._reached(fields, owner), self._named(fields)
        if addresses is None or names is None:
            return None
        return self._kept(kind, value, owner, addresses, names)

    def _reached(self, fields: Mapping[str, object], owner: int) -> Addresses | None:
        """Return the addresses of an event that nobody has; None where one is none, or somebody else's too."""
        found: Addresses = []
        store = self._store
        for field, kind in self._contacts:
            value = fields.get(field)
            if value is None:
                continue
            if value.__class__ is not str:
                return None
            text = str(value)
            ident = store.find(kind, text)
            if not ident:
                address = self._plain.address(text) if kind == EMAIL else address_key(kind, text, self._region)  # fmt: skip
                if not address:
                    return None
                ident = store.find(kind, address)
                if not ident:
                    if (kind, address) in found:
                        return None
                    found.append((kind, address))
                    continue
            if store.holders(ident) != (owner,):
                return None
        return found

    def _named(self, fields: Mapping[str, object]) -> Names | None:
        """Return names and birth as they are compared."""
        found: Names = []
        for field in self._traits:
            value = fields.get(field)
            if value is None:
                continue
            if value.__class__ is str:
                value = text_key(str(value), self._letters)
            elif value.__class__ not in PLAIN_NAMES:
                return None
            if value != "":
                found.append((field, value))
        return found

    def _kept(
        self, kind: str, key: str, owner: int, addresses: Addresses, names: Names
    ) -> tuple[int, bool, Addresses] | None:
        """Return what `take` does, once what is new is kept; None where nothing is, or where there is no room for it."""
        store = self._store
        if owner:
            if store.edges_of(owner) or not self._has_room(owner, addresses):
                return None
            known = store.traits(owner)
            names = [one for one in names if one[1] not in known.get(one[0], ())]
            if names and not self._is_alone(owner, known, names):
                return None
            if not names and not addresses:
                return None
        elif not self._has_room(0, addresses):
            return None
        store.seq += 1
        person = owner or self._plain.enter(kind, key)
        for field, value in names:
            store.learn(person, field, value)
        for kind_of, value in addresses:
            self._plain.give(kind_of, value, person, store.seq)
        return person, not owner, addresses

    def _has_room(self, person: int, addresses: Addresses) -> bool:
        """Return whether a person may have so many addresses more."""
        kinds = [kind for kind, _address in addresses]
        held = [kind for kind, _ident in self._store.held(person)] if person and kinds else []
        return all(held.count(kind) + kinds.count(kind) <= self._limits[kind] for kind in {*kinds})

    def _is_alone(
        self, person: int, known: Mapping[str, tuple[object, ...]], names: Iterable[tuple[str, object]]
    ) -> bool:  # fmt: skip
        """Return whether nobody shares anything with a person, who has room for another name."""
        store = self._store
        if any(len(known.get(field, ())) >= SPELLINGS_MAX for field, _value in names):
            return False
        return all(store.holders(ident) == (person,) for _kind, ident in store.held(person))
