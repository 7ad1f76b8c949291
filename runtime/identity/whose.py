"""Whose an event is. Rule: the strongest sign decides; what several people share decides only with a name beside it.

Nothing is changed here.
"""

from __future__ import annotations

from typing import NamedTuple

from verbline.runtime.identity.signs import Refusal

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from verbline.runtime.identity.links import Links
    from verbline.runtime.identity.signs import Sign, Signs

# Somebody whom nobody knew.
NEW = -1


class Whose(NamedTuple):
    """Whose an event is: a person, `NEW`, or 0 where nobody can tell.

    ``by`` is the sign that decided. ``ambiguous``: several people, or a post, stand behind the address.
    """

    person: int
    by: Sign | None = None
    ambiguous: bool = False
    refused: tuple[Refusal, ...] = ()


NOBODY = Whose(0)
AMBIGUOUS = Whose(0, ambiguous=True)
SOMEBODY_NEW = Whose(NEW)


def whose(links: Links, signs: Signs) -> Whose:
    """Return whose an event is: by its keys, else its contact points, else its devices."""
    if signs.keys:
        return by_key(links, signs)
    if signs.contacts:
        return by_contact(links, signs)
    if signs.weak:
        return by_device(links, signs)
    return AMBIGUOUS if signs.posts else NOBODY


def by_key(links: Links, signs: Signs) -> Whose:
    """Return the owner of the strongest key; where nobody has it, who gets it.

    That is the owner of a weaker key who has no such key and no other name; else who holds an address that the event
    proves, or a device of the event and an address or the name; else of whom only the device was known.
    """
    free: list[str] = []
    for sign in signs.keys:
        owner = links.store.owner(sign.kind, sign.value)
        if not owner:
            free.append(sign.kind)
        elif not free or may_get(links, owner, free, signs):
            return Whose(owner, sign)
    found = next(proven(links, signs), None) or next(backed(links, signs), None)
    return found or next(stitched(links, signs), SOMEBODY_NEW)


def may_get(links: Links, owner: int, kinds: list[str], signs: Signs) -> bool:
    """Return whether the owner of a weaker key may get stronger ones."""
    has = any(kind in kinds for kind, _ident in links.store.held(owner))
    return not has and not links.likeness(owner, signs.traits).other_name


def proven(links: Links, signs: Signs) -> Iterator[Whose]:
    """Yield those without an account who alone hold an address that the event proves."""
    for sign in signs.contacts:
        if sign.field not in signs.confirmed:
            continue
        holders = links.store.holders(links.store.find(sign.kind, sign.value))
        if len(holders) != 1 or links.has_account(holders[0]):
            continue
        if not links.likeness(holders[0], signs.traits).contradicts:
            yield Whose(holders[0], sign)


def backed(links: Links, signs: Signs) -> Iterator[Whose]:
    """Yield those without an account who hold a device of this event, and an address of it or its full name too."""
    addresses = {links.store.find(sign.kind, sign.value) for sign in signs.contacts}
    for sign in signs.weak:
        owner = links.store.owner(sign.kind, sign.value)
        if owner <= 0 or links.has_account(owner):
            continue
        likeness = links.likeness(owner, signs.traits)
        shares = any(ident in addresses for _kind, ident in links.store.held(owner))
        if likeness.corroborates or (shares and not likeness.other_name):
            yield Whose(owner, sign)


def owns_device(links: Links, signs: Signs, person: int) -> bool:
    """Return whether a device of this event is a person's."""
    return any(links.store.owner(sign.kind, sign.value) == person for sign in signs.weak)


def stitched(links: Links, signs: Signs) -> Iterator[Whose]:
    """Yield those of whom only a device of this event was known."""
    for sign in signs.weak:
        owner = links.store.owner(sign.kind, sign.value)
        if owner > 0 and not links.is_known(owner):
            yield Whose(owner, sign)


def recognised(links: Links, signs: Signs) -> Iterator[Whose]:
    """Yield the known people whose device it is, if the name is theirs too, or they had no address of this kind yet.

    The second only where nobody else has used the device, and no other name is given.
    """
    for sign in signs.weak:
        owner = links.store.owner(sign.kind, sign.value)
        if owner > 0:
            likeness = links.likeness(owner, signs.traits)
            alone = not likeness.other_name and fills_a_gap(links, signs, owner, sign)
            if likeness.corroborates or alone:
                yield Whose(owner, sign)


def fills_a_gap(links: Links, signs: Signs, owner: int, device: Sign) -> bool:
    """Return whether an address is of a kind that the only owner of a device does not have."""
    rows = links.store.rows_of(links.store.find(device.kind, device.value))
    if any(links.now(row.person) != owner for row in rows):
        return False
    kinds = {kind for kind, _ident in links.store.held(owner)}
    return kinds.isdisjoint(sign.kind for sign in signs.contacts)


def by_contact(links: Links, signs: Signs) -> Whose:
    """Return who is reached at the contact points; nobody where several are and no name tells them apart."""
    found, by = candidates(links, signs)
    if len(found) > 1:
        return chosen(links, signs, found, by)
    if found:
        contradicts = links.likeness(found[0], signs.traits).contradicts
        return SOMEBODY_NEW if contradicts else Whose(found[0], by)
    return next(stitched(links, signs), None) or next(recognised(links, signs), SOMEBODY_NEW)


def chosen(links: Links, signs: Signs, found: tuple[int, ...], by: Sign | None) -> Whose:
    """Return the one of several at an address whose name it is, else whose device; nobody where that tells nothing."""
    agreeing = [one for one in found if links.likeness(one, signs.traits).agrees]
    if not agreeing:
        agreeing = [
            one
            for one in found
            if owns_device(links, signs, one) and not links.likeness(one, signs.traits).other_name
        ]
    return Whose(agreeing[0], by) if len(agreeing) == 1 else AMBIGUOUS


def candidates(links: Links, signs: Signs) -> tuple[tuple[int, ...], Sign | None]:
    """Return who holds the first contact point that anybody holds, as far as the others leave them, and that sign."""
    found: tuple[int, ...] = ()
    by: Sign | None = None
    for sign in signs.contacts:
        holders = links.store.holders(links.store.find(sign.kind, sign.value))
        if not found:
            found, by = holders, sign
        elif len(found) > 1:
            found = tuple(one for one in found if one in holders) or found
    return found, by


def by_device(links: Links, signs: Signs) -> Whose:
    """Return whose device it is, a known person before a visitor; somebody new where nobody's, nobody where everybody's."""
    owners = [(sign, links.store.owner(sign.kind, sign.value)) for sign in signs.weak]
    met = [Whose(owner, sign) for sign, owner in owners if owner > 0]
    if met:
        return next((one for one in met if links.is_known(one.person)), met[0])
    if any(owner == 0 for _sign, owner in owners):
        return SOMEBODY_NEW
    return Whose(0, refused=tuple(Refusal(sign.field, "public") for sign in signs.weak))
