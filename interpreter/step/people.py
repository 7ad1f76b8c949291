"""Everybody in a world: by id, by number, by address. Rule: who holds an address hears what was said about it before.

Numbers count from 1 in the order in which people become known; of two who turn out to be one, the older stays.
"""

from __future__ import annotations

from verbline.interpreter.person.record import Contact, Person


class People:
    """See the module. ``now`` is what the clock shows; ``holders`` are those reached at an address, by its key such as ``email:a@b.example``."""

    def __init__(self) -> None:
        self.now = 0
        self.people: dict[str, Person] = {}
        self.numbered: list[Person | None] = [None]
        self.holders: dict[str, list[Person]] = {}

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
        return contact

    def hold(self, person: Person, contact: Contact) -> None:
        """Make ``person`` a holder of an address; what other holders said about it counts from here on."""
        person.contacts.append(contact)
        key = contact.key
        holders = self.holders.get(key)
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
        self.people[other.id] = survivor
        self.numbered[other.number] = None
        for contact in survivor.contacts:
            holders = self.holders.get(contact.key, [])
            if other in holders:
                holders[:] = dict.fromkeys(survivor if one is other else one for one in holders)
