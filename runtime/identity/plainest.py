"""Events that bring one key, written as it is kept, and with it no more than an email. Rule: what is done here is what `plain`
would do; whatever is written in another way is left to it.

Most of a log are such events, so each look is taken once, and nothing is asked by way of anything else.
"""

from __future__ import annotations

from verbline.runtime.identity.memory import Memory
from verbline.runtime.identity.normalise import LOCAL, LOCAL_MAX

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Any, TypeAlias

    from verbline.runtime.identity.plain import Plain
    from verbline.runtime.identity.store import Store

    # As `Plain.take` does it.
    Take: TypeAlias = Callable[[Mapping[str, object]], tuple[int, bool, str] | None]

EMAIL = "email"
is_local = LOCAL.fullmatch


def plainest(plain: Plain, store: Store) -> Take:
    """Return what does the same as `Plain.take`, faster where the store is a table in memory, and one key and one email name people."""
    careful = plain.take
    if not isinstance(store, Memory) or plain.others or not len(plain.keys) == len(plain.emails) == 1:  # fmt: skip
        return careful
    [(field, kind, _owner_of)], [email_field] = plain.keys, plain.emails
    find, owners, ident_of = store.finder(kind), store.owners, store.finder(EMAIL)
    suspect, is_read, nobodies = plain.suspect, plain.domains, plain.table.nobodies
    enter, give, has_room = store.enter, store.give, plain.has_room
    come_in, is_bare = store.entrance(kind, EMAIL), store.is_bare

    def take(fields: Mapping[str, object]) -> tuple[int, bool, str] | None:
        """Return the person, whether they are new, and the email they did not have; None where the event is not plain."""
        key: Any = fields.get(field)
        email: Any = fields.get(email_field)
        if key.__class__ is not str:
            return careful(fields)
        number = find(key, 0)
        owner = owners[number]
        if not owner and (not key or key[0] in suspect or not key.isascii() or key.strip() is not key):  # fmt: skip
            return careful(fields)
        if owner < 0:
            return None
        if email is None:
            store.seq += 1
            return (owner, False, "") if owner else (enter(kind, key), True, "")
        if email.__class__ is not str or ident_of(email, 0):
            return careful(fields)
        local, _, domain = email.rpartition("@")
        if not is_read.get(domain) or len(local) > LOCAL_MAX or not is_local(local) or local in nobodies:  # fmt: skip
            return careful(fields)
        if not owner:  # with care, where somebody had the key and has it no longer
            return careful(fields) if number else (come_in(key, email), True, email)
        if not is_bare(owner) and not has_room(owner):
            return None
        store.seq += 1
        give(EMAIL, email, owner, store.seq)
        return owner, False, email

    return take
