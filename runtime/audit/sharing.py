"""Who shares what: the guarded rules beside "whoever has a value in common is one person". Rule: values are counted, and
the one that is shown is masked in part.

Identifiers are followed up to a number of them; where a log names more, what is told is told of its beginning.
"""

from __future__ import annotations

from array import array
from collections import Counter
from typing import NamedTuple

from verbline.runtime.identity.counting import collisions, people
from verbline.runtime.identity.normalise import email_key
from verbline.runtime.identity.signs import namespace

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from typing import Any

    from verbline.runtime.identity.counting import People
    from verbline.runtime.identity.graph import Identity

# Sizes of groups of people who share one value, as they are told.
STEPS = ((2, "2"), (3, "3"), (5, "4-5"), (10, "6-10"), (1 << 60, "more"))
TOLD = 5
PLACEHOLDERS_MAX = 1_000


class Shared(NamedTuple):
    """A value that several people hold: its kind, how many they are, and the value itself."""

    kind: str
    people: int
    value: str


class Cluster(NamedTuple):
    """A profile that the plain way makes: its values by kind, and how many people the rules see in it.

    ``through`` are placeholders that hold it together.
    """

    values: dict[str, int]
    people: int
    through: list[str]


class Plain:
    """The plain way: whoever has a value in common is one person. Values are numbers from 0, profiles trees of them."""

    __slots__ = ("_kinds", "_number", "_over", "_person", "blocked")

    def __init__(self) -> None:
        self._number: dict[int, int] = {}
        self._over = array("i")
        self._person = array("i")
        self._kinds = array("h")
        # Values that stand for nobody, as they are told.
        self.blocked: dict[int, str] = {}

    def __len__(self) -> int:
        return len(self._over)

    def number(self, kind: int, value: object) -> int:
        """Return the number of a value."""
        key = hash((kind, value if value.__class__ is not str else plain(value)))
        number = self._number.get(key)
        if number is None:
            number = self._number[key] = len(self._over)
            self._over.append(number)
            self._person.append(0)
            self._kinds.append(kind)
        return number

    def top(self, one: int) -> int:
        """Return the value that stands for a profile."""
        over = self._over
        while over[one] != one:
            over[one] = one = over[over[one]]
        return one

    def see(self, named: Iterable[tuple[int, object]], person: int) -> None:
        """Join everything that one event names; ``person`` is who it is by the guarded rules."""
        first = -1
        for kind, value in named:
            number = self.number(kind, value)
            if person:
                self._person[number] = person
            if first < 0:
                first = self.top(number)
                continue
            top = self.top(number)
            if top != first:
                self._over[top] = first

    def kinds(self) -> Counter[int]:
        """Return how many values there are of each kind."""
        return Counter(self._kinds)

    def clusters(self, identity: Identity, kinds: list[str]) -> list[Cluster]:
        """Return the biggest profiles, the biggest first."""
        tops = array("i", (self.top(number) for number in range(len(self._over))))
        biggest = [top for top, count in Counter(tops).most_common(TOLD) if count > 1]
        found = {top: ([0] * len(kinds), set[int](), list[str]()) for top in biggest}
        for number, top in enumerate(tops):
            if top in found:
                counts, persons, through = found[top]
                counts[self._kinds[number]] += 1
                if self._person[number]:
                    persons.add(identity.now(self._person[number]))
                if number in self.blocked:
                    through.append(self.blocked[number])
        return [
            Cluster(
                {kinds[at]: many for at, many in enumerate(counts) if many},
                len(persons),
                sorted(through)[:TOLD],
            )
            for top, (counts, persons, through) in found.items()
        ]

    def profiles(self) -> int:
        """Return how many profiles there are."""
        return sum(number == over for number, over in enumerate(self._over))


class Sharing:
    """People and what names them, as the events of a log come by.

    ``placeholders`` counts values that name nobody, by field and as they can be told; ``refused`` counts, by field and
    reason, what could not be taken; ``full`` is the number of events after which no more identifiers were followed.
    """

    __slots__ = ("_kinds", "_limit", "_place", "_seen", "events", "full", "identity", "placeholders", "plain", "refused")  # fmt: skip

    def __init__(self, identity: Identity, limit: int) -> None:
        self.identity = identity
        self.plain = Plain()
        self.placeholders: Counter[tuple[str, str]] = Counter()
        self.refused: Counter[tuple[str, str]] = Counter()
        self.events = 0
        self.full = 0
        self._seen = 0
        self._limit = limit
        links = identity.links
        self._kinds = [*dict.fromkeys([*map(namespace, (*links.rules.keys, *links.rules.weak)), *links.rules.contacts.values()])]  # fmt: skip
        place = {kind: at for at, kind in enumerate(self._kinds)}
        self._place = {field: place[kind] for field, kind in links.kinds.items()}

    def see(self, fields: Mapping[str, Any], at: int) -> int:
        """Return who an event with these fields is about, 0 where nobody can tell, and remember what it shares."""
        self._seen += 1
        number = self.identity.known(fields) if fields else 0
        # What joins nothing here has been joined there before.
        if number or self.full or not fields:
            self.events += bool(fields) and not self.full
            return number
        found = self.identity.meet(fields, at)
        number = found.person or 0
        if found.refused:
            self._refuse(fields, found.refused)
        place = self._place
        named = [(place[name], value) for name, value in fields.items() if name in place]
        self.plain.see(named, number)
        self.events += 1
        if len(self.plain) > self._limit:
            self.full = self._seen
        return number

    def _refuse(self, fields: Mapping[str, Any], refused: Iterable[Any]) -> None:
        for field, reason in refused:
            self.refused[field, reason] += 1
            value = fields.get(field)
            if reason != "blocked" or value is None:
                continue
            told = self._told(field, str(value))
            if len(self.placeholders) < PLACEHOLDERS_MAX:
                self.placeholders[field, told] += 1
            number = self.plain.number(self._place[field], value)
            self.plain.blocked.setdefault(number, f"{field} {told}")

    def _told(self, field: str, value: str) -> str:
        """Return a value that names nobody as it can be shown: what stands in the table of such values, and no more."""
        table = self.identity.links.rules.table
        if self.identity.links.kinds.get(field) == "email" and "@" in value:
            local, _, domain = (email_key(value) or "@").rpartition("@")
            return f"{local}@…" if local in table.silent else f"…@{test_domain(domain, table.test)}"
        return plain(value)

    # ---------- what came of it ----------

    def people(self) -> People:
        """Return how many people there are by the guarded rules."""
        return people(self.identity)

    def values(self) -> dict[str, int]:
        """Return how many values there are of each kind by the guarded rules."""
        store = self.identity.store
        counts = Counter(store.ident(number)[0] for number in range(1, store.idents + 1))
        return {kind: counts[kind] for kind in self._kinds}

    def shared(self) -> tuple[dict[str, dict[str, int]], list[Shared], int]:
        """Return how many values of each kind are shared by how many people, the most shared ones, and devices of all."""
        steps: dict[str, dict[str, int]] = {kind: {} for kind in self._kinds}
        most: list[Shared] = []
        public = 0
        for one in collisions(self.identity):
            many = len(one.people)
            if one.kind == "email" and self.identity.links.is_post(one.ident):
                continue
            if not many:
                public += 1
                continue
            step = next(name for limit, name in STEPS if many <= limit)
            steps[one.kind][step] = steps[one.kind].get(step, 0) + 1
            most.append(Shared(one.kind, many, self.identity.store.ident(one.ident)[1]))
            if len(most) > 1_000:
                most = top_of(most)
        return steps, top_of(most), public

    def posts(self) -> int:
        """Return how many mailboxes of a post there are, such as ``info@``."""
        store, links = self.identity.store, self.identity.links
        numbers = range(1, store.idents + 1)
        return sum(store.ident(one)[0] == "email" and links.is_post(one) for one in numbers)

    def clusters(self) -> list[Cluster]:
        """Return the biggest profiles of the plain way."""
        return self.plain.clusters(self.identity, self._kinds)

    def biggest(self) -> int:
        """Return how many identifiers the biggest profile of the guarded rules holds."""
        store = self.identity.store
        return max((len(store.held(one)) for one in range(1, store.people + 1)), default=0)


def top_of(shared: list[Shared]) -> list[Shared]:
    """Return those that most people hold."""
    return sorted(shared, key=lambda one: (-one.people, one.kind, one.value))[:TOLD]


def plain(value: str) -> str:
    """Return a value as it is compared by somebody who compares texts."""
    return value.strip().casefold()


def test_domain(domain: str, known: Iterable[str]) -> str:
    """Return the domain of the table that an address lies in."""
    return next((one for one in known if domain == one or domain.endswith(f".{one}")), "")
