"""What an event names people by, as numbers. Rule: two spellings of one identifier are one mark; more may be put together than need be.

A mark is a hash, so that two identifiers of one hash are taken for one: that joins people who have nothing to do with each
other, and never parts any.
"""

from __future__ import annotations

from functools import partial
from itertools import repeat
from typing import Any

from verbline.interpreter.guard.consent import KIND_OF_CHANNEL
from verbline.interpreter.guard.said import kind_of
from verbline.runtime.identity.normalise import address_key, email_key, id_key
from verbline.runtime.identity.rules import CONTACTS
from verbline.runtime.identity.signs import namespace, text_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from typing import TypeAlias

    from verbline.interpreter.program.program import Program
    from verbline.runtime.identity.rules import Rules, Table

    Key: TypeAlias = Callable[[str], str | None]
    # A field, what the marks of its kind are told apart by, and what makes a key of its values.
    Way: TypeAlias = tuple[str, int, Key]

# No mark of anybody: a line that is no event, and an event that names nobody. A mark has the bit of `LEAST`.
NOTHING, NOBODY, LEAST = 0, 1, 2
# So many combinations of fields are remembered.
COMBINED_MAX = 4_096


class Marks:
    """The marks of the events of one project.

    ``fields`` are those that name people, the strongest first. ``sole`` is the strongest where no other field may bear its
    marks, else nothing.
    """

    __slots__ = ("_combined", "_nobodies", "_ways", "fields", "sole")

    def __init__(
        self, rules: Rules, program: Program, renames: Mapping[str, Mapping[str, str]]
    ) -> None:
        # Who is known by an address is also reached there.
        keys = ((field, field if field in CONTACTS else namespace(field)) for field in rules.keys)
        contacts = (*rules.contacts.items(), *program.contact_fields.items())
        weak = ((field, namespace(field)) for field in rules.weak)
        kinds: dict[str, str] = {}
        for field, kind in (*keys, *contacts, *weak):
            kinds.setdefault(field, kind)
        for names in renames.values():
            for theirs, ours in names.items():
                if ours in kinds:
                    kinds.setdefault(theirs, kinds[ours])
        self.fields = tuple(kinds)
        first = next(iter(kinds.values()), "")
        is_sole = first not in CONTACTS and list(kinds.values()).count(first) == 1
        self.sole = self.fields[0] if is_sole else ""
        self._ways = {field: (field, hash(kind), key_of(kind, rules)) for field, kind in kinds.items()}  # fmt: skip
        self._nobodies = rules.table.nobody
        self._combined: dict[tuple[str, ...], tuple[Way, ...]] = {}

    def ways(self, names: tuple[str, ...]) -> tuple[Way, ...]:
        """Return the ways to the marks of an event with these fields, the strongest first."""
        found = self._combined.get(names)
        if found is None:
            found = tuple(way for field, way in self._ways.items() if field in names)
            if len(self._combined) < COMBINED_MAX:
                self._combined[names] = found
        return found

    def all(self, data: Mapping[str, object]) -> list[int]:
        """Return the marks in the fields of an event, the one of the strongest field first."""
        found = []
        for field, salt, key_from in self.ways(tuple(data)):
            value = data[field]
            text = value if value.__class__ is str else text_of(value)
            key = key_from(text) if text is not None else None
            if key is not None:
                found.append(hash(key) ^ salt | LEAST)
        return found

    def led(self, values: Sequence[Any]) -> list[int] | None:
        """Return the marks of values of the sole field; None where one may name nobody, or is written in an unusual way."""
        if set(map(type, values)) != {str} or not "".join(values).isascii():
            return None
        keys = list(map(str.strip, values))
        # Nought, written as often as one likes, and nothing at all.
        if "" in map(str.strip, keys, repeat("0")):
            return None
        if not self._nobodies.isdisjoint(map(str.casefold, keys)):
            return None
        salt = self._ways[self.sole][1]
        return [hash(key) ^ salt | LEAST for key in keys]

    def beside(self, firsts: Sequence[int], found: Sequence[Mapping[str, Any]]) -> Iterator[tuple[list[int], list[int]]]:  # fmt: skip
        """Yield the marks in the other fields of events that bear ``firsts`` in the sole field, each time with their firsts."""
        for field, salt, key_from in self._ways.values():
            if field == self.sole:
                continue
            there = [at for at, data in enumerate(found) if field in data]
            if not there:
                continue
            values = [found[at][field] for at in there]
            keys: Sequence[str | None] | None = None
            if key_from is email_key:
                keys = plain_emails(values)
            if keys is None:
                keys = [None if (text := text_of(one)) is None else key_from(text) for one in values]  # fmt: skip
            yield (
                [firsts[at] for at, key in zip(there, keys, strict=True) if key is not None],
                [hash(key) ^ salt | LEAST for key in keys if key is not None],
            )

    def spoken(self, entries: Iterable[Any], region: str) -> list[int]:
        """Return the marks of the addresses that answers about being written to name."""
        found = []
        for entry in entries:
            written = entry.get("contact") if isinstance(entry, dict) else None
            if isinstance(written, str):
                for kind, value in meant(entry, written.strip()):
                    key = address_key(kind, value, region)
                    if key is not None:
                        found.append(hash(key) ^ hash(kind) | LEAST)
        return found


def meant(entry: Mapping[str, Any], written: str) -> list[tuple[str, str]]:
    """Return the kinds and values that an address may be meant as, what the guard takes it for among them."""
    kind, _colon, value = written.partition(":")
    if kind in CONTACTS and value:
        return [(kind, value)]
    channel = entry.get("channel")
    by_channel = KIND_OF_CHANNEL.get(channel.strip()) if isinstance(channel, str) else None
    return [(one, written) for one in (by_channel, kind_of(written)) if one and written]


def key_of(kind: str, rules: Rules) -> Key:
    """Return what makes a key of the values of one kind."""
    if kind == "email":
        return email_key
    if kind in CONTACTS:
        return partial(address, kind, rules.region)
    return partial(named, rules.table)


def plain_emails(values: Sequence[Any]) -> list[str] | None:
    """Return keys of addresses that are written as most are; None where one is not. What is no address gets a key too."""
    if set(map(type, values)) != {str}:
        return None
    written = "\n".join(values).lower()
    if not written.isascii() or "<" in written or "xn--" in written:
        return None
    return list(map(str.strip, map(str.lower, values)))


def named(table: Table, text: str) -> str | None:
    """Return an id as a key; None where it names nobody."""
    key = id_key(text)
    return None if key is None or table.blocks_key(key) else key


def address(kind: str, region: str, text: str) -> str | None:
    """Return an address as a key; None where it is none."""
    return address_key(kind, text, region)
