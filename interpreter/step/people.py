"""Everybody in a world: by id, by number, by address. Rule: who holds an address hears what was said about it before.

Numbers count from 1 in the order in which people become known; of two who turn out to be one, the older stays.
"""

from __future__ import annotations

from hashlib import sha256

from verbline.interpreter.guard.consent import Consent
from verbline.interpreter.person.record import Contact, Person

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable


class People:
    """See the module. ``now`` is what the clock shows; ``holders`` are those reached at an address, by its key such as ``email:a@b.example``."""

    def __init__(self) -> None:
        self.now = 0
        self.people: dict[str, Person] = {}
        self.numbered: list[Person | None] = [None]
        self.holders: dict[str, list[Person]] = {}
        # Ids that lead to somebody who never was the one that bore them: who it was turned out to be somebody new.
        self.also: dict[str, list[str]] = {}
        # When addresses were erased, by a hash of each.
        self.erased: dict[bytes, int] = {}

    def add(self, identity: str) -> Person:
        """Return a new person called ``identity``."""
        assert identity not in self.people, f"{identity} is there already"
        person = Person(identity, len(self.numbered))
        self.people[identity] = person
        self.numbered.append(person)
        return person

    def contact(
        self,
        identity: str,
        kind: str,
        value: str,
        *,
        verified: bool = False,
        since: int | None = None,
    ) -> Contact:
        """Make the person a holder of an address and return it; what other holders said about it counts from here on."""
        person = self.people[identity]
        since = self.now if since is None else since
        contact = Contact(kind, value, since, verified=verified)
        self.hold(person, contact)
        if person.parts is not None:
            person.parts.hold(person, identity, contact)
        return contact

    def holds(self, identity: str, contact: str) -> bool:
        """Return whether somebody holds an address, by its key; True where nobody knows them."""
        person = self.people.get(identity)
        return person is None or any(one.key == contact for one in person.contacts)

    def hold(self, person: Person, contact: Contact, *, is_first: bool = False) -> None:
        """Make ``person`` a holder of an address; what other holders said about it counts from here on.

        Who knows that there never was another holder says that it ``is_first``.
        """
        person.contacts.append(contact)
        key = contact.key
        holders = None if is_first else self.holders.get(key)
        if self.erased:
            self._remind(person, key)
        if holders is None:
            self.holders[key] = [person]
            return
        known = {one.seq for one in person.consents}
        said = {one.seq: one for other in holders for one in other.consents}
        person.consents += [
            one for seq, one in sorted(said.items()) if one.contact == key and seq not in known
        ]
        holders.append(person)

    def put_into(self, survivor: Person, other: Person) -> None:
        """Let everything that leads to ``other`` lead to ``survivor``, who is the same person."""
        also = self.also.pop(other.id, [])
        for identity in (other.id, *other.merged, *also):
            self.people[identity] = survivor
        if also:
            self.also.setdefault(survivor.id, []).extend(also)
        self.numbered[other.number] = None
        for contact in survivor.contacts:
            holders = self.holders.get(contact.key, [])
            if other in holders:
                holders[:] = dict.fromkeys(survivor if one is other else one for one in holders)

    def part(self, whole: Person, identity: str, number: int) -> Person:
        """Return a record of nobody yet for somebody who turns out not to be ``whole``, under the number that was theirs."""
        parts = whole.parts
        if parts is not None and identity in parts.people:
            number = parts.people[identity].number
        number = number or len(self.numbered)
        self.numbered.extend([None] * (number + 1 - len(self.numbered)))
        person = self.numbered[number] = Person(identity, number)
        self.people[identity] = person
        return person

    def reach(self, whole: Person, part: Person, keys: Iterable[str]) -> None:
        """Let each be reached at the addresses they hold, of which all called ``keys`` were those of ``whole``."""
        held = [(one, {contact.key for contact in one.contacts}) for one in (whole, part)]
        for key in dict.fromkeys(keys):
            holders = [one for one, mine in held if key in mine]
            rest = [one for one in self.holders.get(key, ()) if one is not whole]
            self.holders[key] = [*holders, *rest]

    def abandon(self, person: Person, keys: Iterable[str]) -> None:
        """Let nobody reach ``person`` any more, who was erased; of an address that nobody else holds a hash stays."""
        for key in dict.fromkeys(keys):
            rest = [one for one in self.holders.get(key, ()) if one is not person]
            if rest:
                self.holders[key] = rest
            else:
                self.holders.pop(key, None)
                self.erased[trace_of(key)] = self.now

    def _remind(self, person: Person, key: str) -> None:
        """Let ``person`` know that an address was erased, where it was: only a yes that is confirmed lifts that."""
        at = self.erased.get(trace_of(key))
        if at is not None and all(
            one.act != "erase" or one.contact != key for one in person.consents
        ):
            person.consents.append(
                Consent(at=at, known=at, act="erase", actor="system:verbline", contact=key)
            )


def trace_of(key: str) -> bytes:
    """Return what stays of an address."""
    return sha256(key.encode("utf-8", "surrogatepass")).digest()
