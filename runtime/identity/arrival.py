"""What an event adds to the graph. Rule: a row is added or closed only for a reason that the event itself gives.

whose     who it is about, and whether they are new
take      keys, contact points, devices and names that come with it
join      people whom it shows to be one
"""

from __future__ import annotations

from itertools import islice, product

from verbline.runtime.identity.rules import YES
from verbline.runtime.identity.signs import LIMIT, Refusal, Sign
from verbline.runtime.identity.store import PUBLIC, Note
from verbline.runtime.identity.whose import NEW, whose

TYPE_CHECKING = False
if TYPE_CHECKING:
    from verbline.runtime.identity.links import Links, Moment
    from verbline.runtime.identity.signs import Signs

# So many values of one name are compared; who has more of them has told nothing.
SPELLINGS_MAX = 8


class Arrival:
    """One event on its way to a person. ``person`` is 0 where nobody can tell whose it is."""

    __slots__ = (
        "added", "ambiguous", "asked", "backed", "by", "changed", "links", "merged", "moment", "new", "others", "person", "refused",
        "signs", "store",
    )  # fmt: skip

    def __init__(self, links: Links, signs: Signs, moment: Moment) -> None:
        self.links, self.store = links, links.store
        self.signs = signs
        self.moment = moment
        self.person, self.by, self.ambiguous, refused = whose(links, signs)
        self.new = self.person == NEW
        self.added: list[tuple[str, str]] = []
        self.merged: list[tuple[int, int]] = []
        self.asked: list[tuple[str, int, int]] = []
        self.refused = [*dict.fromkeys(signs.refused), *refused]
        # Who shares something with the person, and of whom a key or a device has come with the event.
        self.others: list[int] = []
        self.backed: set[int] = set()
        # Whether the event has said anything new about the person.
        self.changed = self.new
        if self.person:
            self._take()

    def _take(self) -> None:
        """Give the person what the event brings."""
        if self.new:
            self.person = self.store.born(self.moment.seq)
        if self.signs.keys:
            self.take_keys()
        # Before anybody is joined: a name may stand against it.
        if self.signs.traits:
            self.learn()
        if self.signs.contacts or self.signs.posts:
            self.take_contacts()
        if self.signs.weak:
            self.take_weak()
        if self.others and self.changed:
            self.join()

    # ---------- take ----------

    def hold(self, sign: Sign, how: str) -> None:
        """Give the person an identifier."""
        ident = self.store.find(sign.kind, sign.value) or self.store.add(sign.kind, sign.value)
        self.store.open(ident, self.person, self.origin(), self.moment.seq, how)
        self.changed = True

    def origin(self) -> int:
        """Return the number under which what comes with this event is kept: that of the sign that decided."""
        if self.by is not None and self.store.edges_of(self.person):
            for row in self.store.rows_of(self.store.find(self.by.kind, self.by.value)):
                if row.person == self.person and not row.until:
                    return row.origin
        return self.person

    def take_keys(self) -> None:
        """Give the person the keys that nobody has."""
        for sign in self.signs.keys:
            owner = self.store.owner(sign.kind, sign.value)
            if owner == self.person:
                continue
            if owner:
                self.refused.append(Refusal(sign.field, "held_by_another"))
                self.others.append(owner)
                self.backed.add(owner)
                self.changed = True
            elif any(kind == sign.kind for kind, _ident in self.store.held(self.person)):
                self.refused.append(Refusal(sign.field, "another_value"))
            else:
                self.hold(sign, "given")

    def take_contacts(self) -> None:
        """Note where the person is reached. Who else is reached there is joined only where the event proves the address."""
        for sign in (*self.signs.contacts, *self.signs.posts):
            holders = self.store.holders(self.store.find(sign.kind, sign.value))
            if self.person not in holders:
                self.take_contact(sign, shared=bool(holders))
            if len(holders) > (self.person in holders) and sign not in self.signs.posts:
                self.others += holders
                if sign.field in self.signs.confirmed:
                    self.join_proven(holders)

    def take_contact(self, sign: Sign, *, shared: bool) -> None:
        """Give the person one contact point, up to the limit."""
        held = {ident for kind, ident in self.store.held(self.person) if kind == sign.kind}
        if len(held) >= self.links.limits[sign.kind]:
            self.refused.append(Refusal(sign.field, LIMIT))
            return
        proven = sign.field in self.signs.confirmed
        self.hold(sign, "confirmed" if proven else "shared" if shared else "given")
        self.added.append((sign.kind, sign.value))

    def join_proven(self, holders: tuple[int, ...]) -> None:
        """Join those without an account who share an address that this event proves."""
        for other in map(self.links.now, holders):
            if other != self.person and not self.links.has_account(other):
                self.merge(other, "confirmed")

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
            else:
                self.move(sign)

    def make_room(self) -> None:
        """Let the oldest device go where the person has as many as one may have."""
        number = sum(kind in self.links.weak for kind, _ident in self.store.held(self.person))
        if number >= self.links.limits["weak"]:
            rows = self.store.rows_held(self.person)
            oldest = next(row for row in rows if self.store.ident(row.ident)[0] in self.links.weak)
            self.store.close(oldest.number, self.moment.seq)

    def move(self, sign: Sign) -> None:
        """Pass a device on; after too many owners it is everybody's."""
        owner = self.store.owner(sign.kind, sign.value)
        if not self.links.has_account(owner):
            self.backed.add(owner)
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
        """Remember names and birth; a new one is looked at beside those of everybody who shares something."""
        known, learned = self.links.traits(self.person), False
        for field, value in self.signs.traits.items():
            values = known.get(field, ())
            if value not in values and len(values) < SPELLINGS_MAX:
                self.store.learn(self.origin(), field, value)
                learned = True
        if learned:
            self.changed = True
            self.describe()
            for _kind, ident in self.store.held(self.person):
                self.others += self.store.holders(ident)

    def describe(self) -> None:
        """Keep the traits that a rule takes for enough as one identifier that several may hold."""
        alone = self.links.rules.clauses.alone
        known = self.links.traits(self.person) if alone else {}
        for group in alone:
            values = [sorted(map(repr, known.get(field, ()))) for field in group]
            for together in islice(product(*values), SPELLINGS_MAX):
                sign = Sign("", "alike " + ", ".join(group), " ".join(together))
                if self.person not in self.store.holders(self.store.find(sign.kind, sign.value)):
                    self.hold(sign, "given")

    # ---------- join ----------

    def join(self) -> None:
        """Look at those who share something with the person."""
        for other in dict.fromkeys(self.others):
            one = self.links.now(other)
            if one != self.person:
                self.consider(one)

    def consider(self, other: int) -> None:
        """Join the person with another, or ask a desk, as the rules say."""
        mine, theirs = self.links.portrait(self.person), self.links.portrait(other)
        if self.links.obstacle(mine, theirs):
            return
        said, same = self.links.rules.clauses, self.links.alike(mine, theirs)
        if any(merge(same) == YES for merge in said.merge):
            self.merge(other, "rule")
        elif self.links.corroborated(mine, theirs):
            self.merge(other, "corroborated")
        elif other in self.backed and self.links.backs(mine, theirs):
            self.merge(other, "backed")
        else:
            self.ask(other, [desk for desk, ask in said.ask if ask(same) == YES])

    def ask(self, other: int, desks: list[str]) -> None:
        """Propose to a desk that two people are one; each pair once."""
        pair = min(self.person, other), max(self.person, other)
        if desks and self.links.propose(pair):
            self.asked.append((desks[0], *pair))
            self.store.note(Note(*self.moment, "ask", *pair, desks[0]))

    def merge(self, other: int, how: str) -> None:
        """Join the person with another, if nothing stands against it."""
        portrait = self.links.portrait
        obstacle = self.links.obstacle(portrait(self.person), portrait(other))
        if obstacle:
            self.refused.append(Refusal(how, obstacle))
            return
        survivor, loser = self.links.merge(self.person, other, self.moment, how)
        self.person = survivor
        self.changed = True
        # Who is known for somebody else at once was nobody of their own; their number is a way to take it back.
        if self.new:
            self.new = False
        else:
            self.merged.append((survivor, loser))
