"""Events that bring one key, and with it no more than an email: nine of ten. Rule: what is done here is what `arrival`
would do, in a tenth of the time; whatever is not plain is left to it.

Plain is: one key that is free or has an owner, and an email that nobody has or the owner alone.
"""

from __future__ import annotations

from verbline.runtime.identity.normalise import email_key
from verbline.runtime.identity.signs import namespace

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from verbline.runtime.identity.rules import Rules
    from verbline.runtime.identity.store import Store

EMAIL = "email"


class Plain:
    """The plain events of one project."""

    __slots__ = ("_emails", "_keys", "_limit", "_others", "_store", "_table")

    def __init__(self, rules: Rules, store: Store) -> None:
        self._store = store
        self._table = rules.table
        self._limit = rules.table.limits[EMAIL]
        self._keys = tuple((field, namespace(field)) for field in rules.keys)
        self._emails = tuple(field for field, kind in rules.contacts.items() if kind == EMAIL)
        contacts = (field for field, kind in rules.contacts.items() if kind != EMAIL)
        # Keys that are addresses are no plain keys.
        addresses = (field for field, kind in self._keys if kind != field)
        self._others = frozenset((*rules.weak, *rules.traits, *contacts, *addresses))

    def take(self, fields: Mapping[str, object]) -> tuple[int, bool, str] | None:
        """Return the person, whether they are new, and the email they did not have; None where the event is not plain."""
        if not self._others.isdisjoint(fields):
            return None
        found = self._key(fields)
        if found is None:
            return None
        kind, key = found
        owner = self._store.owner(kind, key)
        address = self._email(fields)
        if owner < 0 or address is None:
            return None
        ident = self._store.find(EMAIL, address) if address else 0
        if ident:
            return (owner, False, "") if self._store.holders(ident) == (owner,) else None
        if owner and address and not self._has_room(owner):
            return None
        self._store.seq += 1
        person = owner or self._born(kind, key)
        if address:
            self._store.open(
                self._store.add(EMAIL, address), person, person, self._store.seq, "given"
            )
        return person, not owner, address

    def _key(self, fields: Mapping[str, object]) -> tuple[str, str] | None:
        """Return the kind and the value of the one key; None where there are several, or one that is not plain."""
        found = None
        for field, kind in self._keys:
            value = fields.get(field)
            if value is None:
                continue
            if found is not None or value.__class__ is not str:
                return None
            assert isinstance(value, str), "that was asked"
            key = value.strip()
            if not key or not key.isascii() or self._table.blocks_key(key):
                return None
            found = kind, key
        return found

    def _email(self, fields: Mapping[str, object]) -> str | None:
        """Return the address, nothing where there is none; None where there are several, or one that is not plain."""
        found = ""
        for field in self._emails:
            value = fields.get(field)
            if value is None:
                continue
            if found or not isinstance(value, str):
                return None
            key = email_key(value)
            if key is None or self._table.blocks_mail(key) or self._table.is_shared(key):
                return None
            found = key
        return found

    def _has_room(self, person: int) -> bool:
        """Return whether a person who was never joined with another may have one more email."""
        held = [ident for kind, ident in self._store.held(person) if kind == EMAIL]
        return len(held) < self._limit and not self._store.edges_of(person)

    def _born(self, kind: str, key: str) -> int:
        """Return a new person with a key."""
        store = self._store
        person = store.born(store.seq)
        # Somebody may have had the key, and has it no longer.
        ident = store.find(kind, key) or store.add(kind, key)
        store.open(ident, person, person, store.seq, "given")
        return person
