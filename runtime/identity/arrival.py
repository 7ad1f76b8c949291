"""Who an event is about, and what it adds. Rule: the order of these steps is the order of authority.

whose     the strongest key; else the contact points; else the devices; else somebody new
take      keys, contact points, devices and names that come with the event
join      people whom this event shows to be one
"""

from __future__ import annotations

from verbline.runtime.identity.rules import YES
from verbline.runtime.identity.signs import Refusal
from verbline.runtime.identity.store import PUBLIC, Note

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from verbline.runtime.identity.links import Links, Moment
    from verbline.runtime.identity.signs import Sign, Signs

# So many values of one name are compared; who has more of them has told nothing.
SPELLINGS_MAX = 8


class Arrival:
    """One event on its way to a person. ``person`` is 0 until it is known who it is, and stays so where nobody can tell."""

    __slots__ = ("added", "ambiguous", "anchor", "asked", "changed", "links", "merged", "moment", "new", "others", "person", "refused", "rules", "signs", "store")  # fmt: skip

    def __init__(self, links: Links, signs: Signs, moment: Moment) -> None:
        self.links, self.store, self.rules = links, links.store, links.rules
        self.signs = signs
        self.moment = moment
        self.person = 0
        # The sign that decided; what comes with it belongs to the same number.
        self.anchor: Sign | None = None
        self.new = self.ambiguous = self.changed = False
        self.added: list[tuple[str, str]] = []
        self.merged: list[tuple[int, int]] = []
        self.asked: list[tuple[str, int, int]] = []
        self.refused: list[Refusal] = list(signs.refused)
        self.others: dict[int, None] = {}

    def settle(self) -> None:
        """Find the person, and give them what the event brings."""
        self.person = self.whose()
        if self.person:
            self.take_keys()
            self.take_contacts()
            self.take_weak()
            self.learn()
            self.join()

    # ---------- whose ----------

    def whose(self) -> int:
        """Return who the event is about, or 0."""
        if self.signs.keys:
            return self.by_key()
        if self.signs.contacts:
            return self.by_contact()
        if self.signs.weak:
            return self.by_weak()
        self.ambiguous = bool(self.signs.posts)
        return 0

    def by_key(self) -> int:
        """Return the owner of the strongest key, or who gets it."""
        free: list[str] = []
        for sign in self.signs.keys:
            owner = self.store.owner(sign.kind, sign.value)
            if not owner:
                free.append(sign.kind)
            elif not free or self.may_get(owner, free):
                self.anchor = sign
                return owner
        return self.proven() or self.stitched() or self.born()

    def may_get(self, owner: int, kinds: list[str]) -> bool:
        """Return whether the owner of a weaker key may get stronger ones: they have none of these, and no other name."""
        return (
            not self.links.holds(owner, kinds)
            and not self.links.likeness(owner, self.signs.traits).other_name
        )

    def proven(self) -> int:
        """Return the one person without an account who holds an address that this event proves, or 0."""
        for sign in self.signs.contacts:
            if sign.field not in self.signs.confirmed:
                continue
            holders = self.links.holders(self.store.find(sign.kind, sign.value))
            if len(holders) != 1 or self.links.has_account(holders[0]):
                continue
            if not self.links.likeness(holders[0], self.signs.traits).contradicts:
                self.anchor = sign
                return holders[0]
        return 0

    def stitched(self) -> int:
        """Return the person of whom only a device of this event was known, or 0."""
        for sign in self.signs.weak:
            owner = self.store.owner(sign.kind, sign.value)
            if owner > 0 and not self.links.is_known(owner):
                self.anchor = sign
                return owner
        return 0

    def by_contact(self) -> int:
        """Return who is reached at the contact points of the event; 0 where several are and no name tells them apart."""
        candidates = self.candidates()
        traits = self.signs.traits
        if len(candidates) > 1:
            agreeing = [one for one in candidates if self.links.likeness(one, traits).agrees]
            if len(agreeing) != 1:
                self.ambiguous = True
                return 0
            return agreeing[0]
        if candidates and not self.links.likeness(candidates[0], traits).contradicts:
            return candidates[0]
        if candidates:
            return self.born()
        return self.stitched() or self.recognised() or self.born()

    def candidates(self) -> list[int]:
        """Return who holds the first contact point that anybody holds, as far as the others do not rule them out."""
        found: list[int] = []
        for sign in self.signs.contacts:
            holders = self.links.holders(self.store.find(sign.kind, sign.value))
            both = [one for one in found if one in holders]
            if holders and (both or not found):
                self.anchor = self.anchor or sign
                found = both or list(holders)
        return found

    def recognised(self) -> int:
        """Return the known person whose device it is if the name is theirs too, or 0."""
        for sign in self.signs.weak:
            owner = self.store.owner(sign.kind, sign.value)
            if owner > 0 and self.links.likeness(owner, self.signs.traits).corroborates:
                self.anchor = sign
                return owner
        return 0

    def by_weak(self) -> int:
        """Return whose device it is; somebody new where nobody's; 0 where everybody's."""
        owners = [self.store.owner(sign.kind, sign.value) for sign in self.signs.weak]
        for sign, owner in zip(self.signs.weak, owners, strict=True):
            if owner > 0:
                self.anchor = sign
                return owner
        if 0 in owners:
            return self.born()
        self.refused += [Refusal(sign.field, "public") for sign in self.signs.weak]
        return 0

    def born(self) -> int:
        """Return a new person."""
        self.new, self.anchor = True, None
        return self.store.born(self.moment.seq)

    # ---------- take ----------

    def origin(self) -> int:
        """Return the number under which what comes with this event is kept."""
        if self.anchor is not None and self.store.edges_of(self.person):
            ident = self.store.find(self.anchor.kind, self.anchor.value)
            for row in self.store.rows_of(ident):
                if row.person == self.person and not row.until:
                    return row.origin
        return self.person

    def hold(self, sign: Sign, how: str) -> None:
        """Give the person an identifier."""
        ident = self.store.find(sign.kind, sign.value) or self.store.add(sign.kind, sign.value)
        self.store.open(ident, self.person, self.origin(), self.moment.seq, how)
        self.changed = True

    def take_keys(self) -> None:
        """Give the person the keys that nobody has."""
        for sign in self.signs.keys:
            owner = self.store.owner(sign.kind, sign.value)
            if owner == self.person:
                continue
            if owner:
                self.refused.append(Refusal(sign.field, "held_by_another"))
                self.others[owner] = None
                self.changed = self.changed or self.new
            elif self.links.holds(self.person, (sign.kind,)):
                self.refused.append(Refusal(sign.field, "another_value"))
            else:
                self.hold(sign, "given")

    def take_contacts(self) -> None:
        """Note that the person is reached at the contact points; those of others are shared, proven ones are joined."""
        for sign in (*self.signs.contacts, *self.signs.posts):
            holders = self.links.holders(self.store.find(sign.kind, sign.value))
            if self.person not in holders:
                self.take_contact(sign, shared=bool(holders))
            if sign in self.signs.posts:
                continue
            for other in holders:
                if other != self.person:
                    self.others[other] = None
            if sign.field in self.signs.confirmed:
                self.join_proven(holders)

    def take_contact(self, sign: Sign, *, shared: bool) -> None:
        """Give the person one contact point, up to the limit."""
        held = {row.ident for row in self.store.rows_held(self.person)}
        of_kind = sum(self.store.ident(ident)[0] == sign.kind for ident in held)
        if of_kind >= self.links.limits[sign.kind]:
            self.refused.append(Refusal(sign.field, "limit"))
            return
        proven = sign.field in self.signs.confirmed
        self.hold(sign, "confirmed" if proven else "shared" if shared else "given")
        self.added.append((sign.kind, sign.value))

    def join_proven(self, holders: Iterable[int]) -> None:
        """Join those without an account who share an address that this event proves."""
        for other in holders:
            one = self.links.now(other)
            if one != self.person and not self.links.has_account(one):
                self.merge(one, "confirmed")

    def take_weak(self) -> None:
        """Stitch what was done on a device to the person, or note that the device has moved on."""
        for sign in self.signs.weak:
            owner = self.store.owner(sign.kind, sign.value)
            if owner in (self.person, PUBLIC):
                continue
            if not owner:
                self.make_room()
                self.hold(sign, "given")
            elif not self.links.is_known(owner):
                self.merge(owner, "stitched")
            elif self.links.is_known(self.person):
                self.move(sign)

    def make_room(self) -> None:
        """Let the oldest device go where the person has as many as one may have."""
        kinds = {*self.links.kinds.values()} - self.links.keys - {*self.rules.contacts.values()}
        held = [
            row
            for row in self.store.rows_held(self.person)
            if self.store.ident(row.ident)[0] in kinds
        ]
        if len(held) >= self.links.limits["weak"]:
            self.store.close(held[0].number, self.moment.seq)

    def move(self, sign: Sign) -> None:
        """Pass a device on; after too many owners it is everybody's."""
        ident = self.store.find(sign.kind, sign.value)
        rows = self.store.rows_of(ident)
        owners = {self.links.now(row.person) for row in rows}
        for row in rows:
            if not row.until:
                self.store.close(row.number, self.moment.seq)
        if self.person not in owners and len(owners) >= self.links.limits["owners"]:
            self.store.open(ident, PUBLIC, 0, self.moment.seq, "public")
            self.refused.append(Refusal(sign.field, "public"))
        else:
            self.make_room()
            self.hold(sign, "moved")

    def learn(self) -> None:
        """Remember names and birth, to corroborate with later."""
        if not self.signs.traits:
            return
        known = self.links.traits(self.person)
        for field, value in self.signs.traits.items():
            values = known.get(field, set())
            if value not in values and len(values) < SPELLINGS_MAX:
                self.store.learn(self.origin(), field, value)
                self.changed = True

    # ---------- join ----------

    def join(self) -> None:
        """Look at those who share something with the person, if the event has said anything new."""
        if not self.changed:
            return
        for other in self.others:
            one = self.links.now(other)
            if one != self.person:
                self.consider(one)

    def consider(self, other: int) -> None:
        """Join the person with another, or ask a desk, as the rules say."""
        mine, theirs = self.links.portrait(self.person), self.links.portrait(other)
        if self.links.obstacle(mine, theirs):
            return
        same = self.links.alike(mine, theirs)
        if any(merge(same) == YES for merge in self.rules.merge):
            self.merge(other, "rule")
        elif self.links.corroborated(mine, theirs):
            self.merge(other, "corroborated")
        else:
            self.ask(other, [desk for desk, ask in self.rules.ask if ask(same) == YES])

    def ask(self, other: int, desks: list[str]) -> None:
        """Propose to a desk that two people are one; each pair once."""
        pair = min(self.person, other), max(self.person, other)
        if desks and self.links.propose(pair):
            self.asked.append((desks[0], *pair))
            self.store.note(Note(*self.moment, "ask", *pair, desks[0]))

    def merge(self, other: int, how: str) -> None:
        """Join the person with another, if nothing stands against it."""
        obstacle = self.links.obstacle(self.links.portrait(self.person), self.links.portrait(other))
        if obstacle:
            self.refused.append(Refusal(how, obstacle))
            return
        merged = self.links.merge(self.person, other, self.moment, how)
        self.merged.append(merged)
        self.person = merged[0]
        self.changed = True
