"""How many people there are. Rule: what cannot be known is counted apart, and the answer is a range."""

from __future__ import annotations

from typing import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from verbline.runtime.identity.graph import Identity


class People(NamedTuple):
    """How many people have a key or an address of their own, only shared addresses, or only a device.

    ``ambiguous`` are the events of which nobody can tell whose they are. Between ``low``, if every proposal that desks have
    been asked about is right, and ``high``, if none is, lies the number of people who are more than a device.
    """

    certain: int
    shared: int
    anonymous: int
    ambiguous: int
    low: int
    high: int


class Collision(NamedTuple):
    """An identifier that several people hold, or too many have held: its kind, its number in the store, and who.

    ``people`` is empty for a device that is everybody's.
    """

    kind: str
    ident: int
    people: tuple[int, ...]


def people(identity: Identity) -> People:
    """Return how many people there are."""
    counts = {"certain": 0, "shared": 0, "anonymous": 0, "": 0}
    for person in range(1, identity.store.people + 1):
        if not identity.store.into(person):
            counts[_certainty(identity, person)] += 1
    high = counts["certain"] + counts["shared"]
    return People(
        counts["certain"],
        counts["shared"],
        counts["anonymous"],
        identity.ambiguous,
        high - _joined(identity),
        high,
    )


def _certainty(identity: Identity, person: int) -> str:
    """Return how surely somebody is one person; nothing where they hold no identifier any more."""
    store, links = identity.store, identity.links
    held = store.held(person)
    contacts = [ident for kind, ident in held if kind in links.telling and kind not in links.keys]
    if links.has_account(person):
        return "certain"
    if any(store.holders(ident) == (person,) for ident in contacts):
        return "certain"
    return (
        "shared" if contacts else "anonymous" if any(kind in links.weak for kind, _ in held) else ""
    )


def _joined(identity: Identity) -> int:
    """Return how many people fewer there are if all proposals are right that still can be."""
    links = identity.links
    parts: dict[int, int] = {}

    def part(person: int) -> int:
        while person in parts:
            person = parts[person]
        return person

    for note in identity.store.notes("ask"):
        one, other = part(links.now(note.a)), part(links.now(note.b))
        if one != other and other not in links.store.apart(one):
            parts[max(one, other)] = min(one, other)
    return len(parts)


def collisions(identity: Identity) -> Iterator[Collision]:
    """Yield what several people share, in the order in which it was first met."""
    store, links = identity.store, identity.links
    for ident in range(1, store.idents + 1):
        people = store.holders(ident)
        kind, value = store.ident(ident)
        public = kind in links.weak and value != "" and store.owner(kind, value) < 0
        if (len(people) > 1 and kind in links.telling) or public:
            yield Collision(kind, ident, people)
