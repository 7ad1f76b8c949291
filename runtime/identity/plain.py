"""Events that bring one key, and with it no more than an email: nine of ten. Rule: what is done here is what `arrival`
would do, in a tenth of the time; whatever is not plain is left to it.

Plain is: one key that is free or has an owner, and an email that nobody has or the owner alone.
"""

from __future__ import annotations

from functools import partial

from verbline.runtime.identity.kept import Kept
from verbline.runtime.identity.memory import Memory
from verbline.runtime.identity.normalise import (
    LOCAL,
    LOCAL_MAX,
    REMEMBERED,
    email_key,
    is_domain,
)
from verbline.runtime.identity.signs import namespace

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from verbline.runtime.identity.rules import Rules
    from verbline.runtime.identity.store import Store

EMAIL = "email"


class Plain:
    """The plain events of one project."""

    __slots__ = ("_find", "_limit", "_store", "domains", "emails", "enter", "give", "keys", "others", "suspect", "table")  # fmt: skip

    def __init__(self, rules: Rules, store: Store) -> None:
        self._store = store
        # Whether mail for what stands behind the @ is read by somebody, where that is a plain domain.
        self.domains: dict[str, bool] = {}
        self.give, self.enter = store.give, store.enter
        if isinstance(store, Memory | Kept):
            self._find, owner_of = store.finder(EMAIL), store.asker
        else:
            self._find = lambda value, _none: store.find(EMAIL, value)
            owner_of = lambda kind: partial(store.owner, kind)  # noqa: E731 - as short as the other
        self.table = rules.table
        # What the values begin with that are blocked.
        self.suspect = frozenset("0").union(*((one[:1], one[:1].upper()) for one in rules.table.nobody))  # fmt: skip
        self._limit = rules.table.limits[EMAIL]
        kinds = ((field, namespace(field)) for field in rules.keys)
        self.keys = tuple((field, kind, owner_of(kind)) for field, kind in kinds)
        self.emails = tuple(field for field, kind in rules.contacts.items() if kind == EMAIL)
        contacts = (field for field, kind in rules.contacts.items() if kind != EMAIL)
        # Keys that are addresses are no plain keys.
        addresses = (field for field, kind, _owner in self.keys if kind != field)
        self.others = frozenset((*rules.weak, *rules.traits, *contacts, *addresses))

    def take(self, fields: Mapping[str, object]) -> tuple[int, bool, str] | None:
        """Return the person, whether they are new, and the email they did not have; None where the event is not plain."""
        if self.others and not self.others.isdisjoint(fields):
            return None
        kind = key = ""
        owner = 0
        for field, named, owner_of in self.keys:
            value = fields.get(field)
            if value is not None:
                if kind or value.__class__ is not str:
                    return None
                # A value that somebody holds as it is written is a key, and passed every test when it became one.
                kind, key, owner = named, value, owner_of(value)
        if not owner:
            key, owner = self.owned(kind, key)
            if not key:
                return None
        if owner < 0:
            return None
        email = None
        for field in self.emails:
            value = fields.get(field)
            if value is not None:
                if email is not None or value.__class__ is not str:
                    return None
                email = value
        if email is not None:
            return self._reached(kind, key, owner, email)
        self._store.seq += 1
        return (owner, False, "") if owner else (self.enter(kind, key), True, "")

    def owned(self, kind: str, value: str) -> tuple[str, int]:
        """Return what nobody holds as it is written as a key, with who holds that; no key where it is not plain."""
        key = value.strip()
        if not key or not key.isascii():
            return "", 0
        if key[0] in self.suspect and self.table.blocks_key(key):
            return "", 0
        return key, 0 if key is value else self._store.owner(kind, key)

    def _reached(self, kind: str, key: str, owner: int, email: str) -> tuple[int, bool, str] | None:
        """Return what `take` does of an event with an email, whose key is ``owner``'s or free (0)."""
        store = self._store
        ident = self._find(email, 0)
        if ident:  # it is a key as it is written
            if owner and store.holders(ident) == (owner,):
                return owner, False, ""
            return None
        address = self.address(email)
        if not address:
            return None
        ident = self._find(address, 0) if address is not email else 0
        if ident:
            return (owner, False, "") if store.holders(ident) == (owner,) else None
        if owner and not self.has_room(owner):
            return None
        store.seq += 1
        person = owner or self.enter(kind, key)
        self.give(EMAIL, address, person, store.seq)
        return person, not owner, address

    def address(self, email: str) -> str:
        """Return an email as a key, nothing where it is none of a person's own."""
        local, _, domain = email.rpartition("@")
        is_read = self.domains.get(domain)
        if is_read is None:
            is_read = is_domain(domain) and self.table.is_own_mail(f"@{domain}")
            if len(self.domains) < REMEMBERED:
                self.domains[domain] = is_read
        if is_read and len(local) <= LOCAL_MAX and LOCAL.fullmatch(local):
            return email if local not in self.table.nobodies else ""
        address = email_key(email)
        return address if address is not None and self.table.is_own_mail(address) else ""

    def has_room(self, person: int) -> bool:
        """Return whether a person who was never joined with another may have one more email."""
        held = self._store.held(person)
        if len(held) >= self._limit:
            held = [one for one in held if one[0] == EMAIL]
        return len(held) < self._limit and not self._store.edges_of(person)
