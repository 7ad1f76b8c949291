"""Events that bring one key, written as it is kept, and with it no more than an email. Rule: what is done here is what `plain`
would do; whatever is written in another way is left to it.

Most of a log are such events, so each look is taken once, and nothing is asked by way of anything else.
"""

from __future__ import annotations

from verbline.runtime.identity.memory import Memory
from verbline.runtime.identity.normalise import LOCAL, LOCAL_MAX

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from verbline.runtime.identity.plain import Plain
    from verbline.runtime.identity.quick import Known
    from verbline.runtime.identity.store import Store

EMAIL = "email"


class Plainest:
    """See the module. It is for a table in memory, where one key and one email name people."""

    __slots__ = ("careful", "domains", "email_field", "emails", "field", "has_room", "keys", "kind", "known", "met", "nobodies", "store", "suspect", "well")  # fmt: skip

    def __init__(self, plain: Plain, store: Memory, known: Known) -> None:
        [(self.field, self.kind, _owner_of)], [self.email_field] = plain.keys, plain.emails
        self.store, self.known, self.met = store, known, store.met
        self.keys, self.emails = store.numbers_of(self.kind), store.numbers_of(EMAIL)
        self.careful, self.has_room = plain.take, plain.has_room
        self.suspect, self.domains, self.nobodies = (
            plain.suspect,
            plain.domains,
            plain.table.nobodies,
        )
        self.well = LOCAL.fullmatch

    def take(self, fields: Mapping[str, object]) -> tuple[int, bool, str] | None:
        """Return the person, whether they are new, and the email they did not have; None where the event is not plain."""
        key: Any = fields.get(self.field)
        if key.__class__ is not str:
            return self.careful(fields)
        number = self.keys.get(key, 0)
        return self._take(fields, key, number, self.store.holder[number])

    def glance(self, fields: Mapping[str, object]) -> int | tuple[int, bool, str] | None:
        """Return what `look` does; of whoever is known 1 will do, which takes only half a look."""
        key: Any = fields.get(self.field)
        if key.__class__ is str and key in self.keys and self.store.is_owned and self.email_field not in fields:  # fmt: skip
            return 1
        return self.look(fields)

    def look(self, fields: Mapping[str, object]) -> int | tuple[int, bool, str] | None:
        """Return the number of who is known by all that ``fields`` say, else what `take` does."""
        key: Any = fields.get(self.field)
        if key.__class__ is not str:
            return self.known(fields) or self.careful(fields)
        number = self.keys.get(key, 0)
        owner = self.store.holder[number]
        if self.email_field in fields:
            if self.met and (found := self.known(fields)):
                return found
        elif owner > 0:
            return owner
        return self._take(fields, key, number, owner)

    def _take(self, fields: Mapping[str, object], key: str, number: int, owner: int) -> tuple[int, bool, str] | None:  # fmt: skip
        """Return what `take` does of an event with ``key``, whose ``number`` is, and who its ``owner`` is."""
        store = self.store
        if not owner and (not key or key[0] in self.suspect or not key.isascii() or key.strip() is not key):  # fmt: skip
            return self.careful(fields)
        if owner < 0:
            return None
        email: Any = fields.get(self.email_field)
        if email is None:
            store.seq += 1
            return (owner, False, "") if owner else (store.enter(self.kind, key), True, "")
        if email.__class__ is not str or email in self.emails:
            return self.careful(fields)
        address: str = email
        local, _, domain = address.rpartition("@")
        if not self.domains.get(domain) or len(local) > LOCAL_MAX or not self.well(local) or local in self.nobodies:  # fmt: skip
            return self.careful(fields)
        if not owner:  # with care, where somebody had the key and has it no longer
            if number:
                return self.careful(fields)
            return store.come_in(self.kind, key, EMAIL, address), True, address
        if not store.is_bare(owner) and not self.has_room(owner):
            return None
        store.seq += 1
        store.give(EMAIL, address, owner, store.seq)
        return owner, False, address


def plainest(plain: Plain, store: Store, known: Known) -> Plainest | None:
    """Return what does the same as `Plain.take`, faster; None where the store is no table in memory, or more than one key and one email name people."""
    if not isinstance(store, Memory) or plain.others or not len(plain.keys) == len(plain.emails) == 1:  # fmt: skip
        return None
    return Plainest(plain, store, known)
