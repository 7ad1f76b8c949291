"""Who an event is about that says nothing new of who that is, as most do. Rule: one look-up for each identifier, and no more.

What has to be looked at depends on the rules alone, so it is written out once as a function of Python. No text of an author
stands in it: names of fields are objects, bound to names of our own making.
"""

from __future__ import annotations

from functools import partial

from verbline.runtime.identity.kept import Kept
from verbline.runtime.identity.memory import Memory
from verbline.runtime.identity.signs import namespace

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Any, TypeAlias

    from verbline.runtime.identity.rules import Rules
    from verbline.runtime.identity.store import Store

    # Returns the person that an event with these fields is about, 0 where that takes more than a look.
    Known: TypeAlias = Callable[[Mapping[str, object]], int]

# Who was met with the very same values, where a store in memory has not been turned since.
AGAIN = """\
    if T{place} in fields:
        try:
            return met.get(tuple(map(fields.get, names)), 0) if met else 0
        except TypeError:  # a list or an object among them
            return 0
"""
FIRST = """\
    value = fields.get({field})
    if value is not None:
        if value.__class__ is not str:
            return 0
        found = {owner}
        if found <= 0:
            return 0
"""
FURTHER = """\
    value = fields.get({field})
    if value is not None:
        if value.__class__ is not str:
            return 0
        owner = {owner}
        if owner <= 0 or (found and owner != found):
            return 0
        found = owner
"""
NEVER = """\
    if T{place} in fields:
        return 0
"""


def named(rules: Rules) -> tuple[str, ...]:
    """Return the fields that say who somebody is."""
    return (*rules.keys, *rules.contacts, *rules.weak, *rules.traits)


def quick(rules: Rules, store: Store) -> Known:
    """Return the function that tells who an event is about whose identifiers are all one person's already; 0 of any other.

    It says nothing of an event that brings an address or a name, which may be new, but where the same came before.
    """
    namespace_of: dict[str, Any] = {"names": named(rules)}
    if isinstance(store, Memory):
        namespace_of["met"] = store.met
    look = AGAIN if isinstance(store, Memory) else NEVER
    lines = ["def known(fields):\n"]
    for place, field in enumerate((*rules.contacts, *rules.traits)):
        namespace_of[f"T{place}"] = field
        lines.append(look.format(place=place))
    lines.append("    found = 0\n")
    for place, field in enumerate((*rules.keys, *rules.weak)):
        kind = namespace(field)
        namespace_of[f"F{place}"] = field
        owner, names = asking(store, kind, f"A{place}")
        namespace_of.update(names)
        piece = FURTHER if place else FIRST
        lines.append(piece.format(field=f"F{place}", owner=owner))
    lines.append("    return found\n")
    source = "".join(lines)
    exec(compile(source, "<identity>", "exec"), namespace_of)  # noqa: S102 - only names of our own stand in it
    known: Known = namespace_of.pop("known")  # where it stayed, it would hold itself
    return known


def asking(store: Store, kind: str, ask: str) -> tuple[str, dict[str, Any]]:
    """Return how a function asks for the owner of ``value``, and what it knows for that by names that begin with ``ask``."""
    if isinstance(store, Memory):  # it is asked directly
        return f"owners[{ask}(value, 0)]", {"owners": store.owners, ask: store.finder(kind)}
    if isinstance(store, Kept):  # first for what it remembers
        names = {ask: store.asker(kind), f"{ask}H": store.holding(kind)}
        return f"{ask}H(value) or {ask}(value)", names
    return f"{ask}(value)", {ask: partial(store.owner, kind)}
