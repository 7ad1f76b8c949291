"""How well people are told apart: the identity graph beside the plain way. Rule: both see the same events, once, in order.

    python -m benchmarks.linkage --people 100000

Precision: of all pairs of identifiers that a way puts into one profile, how many are one person's. Recall: of all pairs
that are one person's, how many are in one profile; an identifier that several hold is in the first one's. Counted are the identifiers that one person alone has used, since
those that people share belong to no one profile.
"""

from __future__ import annotations

import argparse
import time
from collections import Counter
from collections.abc import Callable, Iterable
from typing import NamedTuple

from benchmarks.households import Event, Stream
from verbline.interpreter.project import Project, Settings
from verbline.interpreter.source import Source
from verbline.runtime.identity.graph import Identity
from verbline.runtime.identity.rules import Rules, rules_of
from verbline.runtime.identity.signs import Reader

PEOPLE = """
person customer
  known by user, card, policy
  also known by email, phone
  recognised by device
  has first-name as text
  has last-name as text
  has birth-date as date
"""
WITH_RULES = """
  merge when email is the same and first-name is the same and last-name is the same
  merge when phone is the same and first-name is the same and last-name is the same
  never merge when birth-date is different
"""


def rules(text: str) -> Rules:
    """Return the rules that a declaration of people makes."""
    source = Source.of_text("people.journey", text)
    settings = Settings(country="SI")
    return rules_of(Project({"people": source}, settings, lambda _name: None, lambda _path: None))


RULES = rules(PEOPLE)
Identifier = tuple[str, str]


class Result(NamedTuple):
    """How one way did: its name, events a second, both shares, the identifiers of the biggest profile, mixed profiles."""

    name: str
    rate: float
    precision: float
    recall: float
    biggest: int
    mixed: int

    @property
    def f1(self) -> float:
        """The two shares as one."""
        together = self.precision + self.recall
        return 2 * self.precision * self.recall / together if together else 0.0

    def __str__(self) -> str:
        return (
            f"{self.name:11} {self.rate:10,.0f} {self.precision:10.4f} {self.recall:8.4f} {self.f1:8.4f}"
            f" {self.biggest:8,} {self.mixed:8,}"
        )


class Flat:
    """The plain way: whoever has a value in common is one person."""

    def __init__(self) -> None:
        self._over: dict[Identifier, Identifier] = {}

    def top(self, one: Identifier) -> Identifier:
        """Return the identifier that stands for the profile of ``one``."""
        over = self._over
        over.setdefault(one, one)
        while over[one] != one:
            over[one] = over[over[one]]
            one = over[one]
        return one

    def see(self, event: Event) -> None:
        """Join everything that the event names."""
        named = [(kind, value) for kind, value in event.fields.items() if kind in KINDS]
        for other in named[1:]:
            self._over[self.top(other)] = self.top(named[0])
        if named:
            self.top(named[0])

    def profiles(self) -> Iterable[tuple[Identifier, Identifier]]:
        """Yield each identifier with its profile."""
        return ((one, self.top(one)) for one in list(self._over))


KINDS = frozenset((*RULES.keys, *RULES.contacts, *RULES.weak))


class Truth:
    """Who used each identifier, in any spelling."""

    def __init__(self) -> None:
        self._users: dict[Identifier, set[int]] = {}
        self._reader = Reader(RULES)

    def keys(self, event: Event) -> list[Identifier]:
        """Return the identifiers of an event as keys."""
        signs = self._reader.read(event.fields, event.confirmed)
        return [(one.kind, one.value) for one in (*signs.keys, *signs.contacts, *signs.weak)]

    def see(self, event: Event) -> None:
        """Note who used what."""
        for one in self.keys(event):
            self._users.setdefault(one, set()).add(event.who)

    def owners(self) -> dict[Identifier, int]:
        """Return the one person who used each identifier; those that several used are left out."""
        return {one: min(users) for one, users in self._users.items() if len(users) == 1}


def pairs(counts: Iterable[int]) -> int:
    """Return how many pairs there are in groups of these sizes."""
    return sum(count * (count - 1) // 2 for count in counts)


def judged(
    name: str, rate: float, profiles: dict[Identifier, object], owners: dict[Identifier, int]
) -> Result:
    """Return how well profiles fit the people behind them; an identifier in no profile is alone."""
    found = {one: profiles.get(one, one) for one in owners}
    together = Counter((found[one], owner) for one, owner in owners.items())
    right = pairs(together.values())
    precision = right / max(pairs(Counter(found.values()).values()), 1)
    recall = right / max(pairs(Counter(owners.values()).values()), 1)
    people = Counter(profile for profile, _owner in together)
    biggest = max(Counter(profiles.values()).values(), default=0)
    return Result(name, rate, precision, recall, biggest, sum(many > 1 for many in people.values()))


def guarded(
    name: str, text: str, people: int, owners: dict[Identifier, int]
) -> tuple[Result, Identity]:
    """Return how the identity graph does with people declared by ``text``, and the graph."""
    identity = Identity(rules(text))
    rate = fed(people, lambda event: identity.resolve(event.fields, 0, confirmed=event.confirmed))
    store = identity.store
    profiles: dict[Identifier, object] = {}
    held: Counter[int] = Counter()
    for number in range(1, store.idents + 1):
        holders = store.holders(number)
        held.update(holders)
        if holders:
            profiles[store.ident(number)] = holders[0]
    result = judged(name, rate, profiles, owners)
    return result._replace(biggest=max(held.values(), default=0)), identity


def flat(people: int, owners: dict[Identifier, int]) -> Result:
    """Return how the plain way does; it takes addresses as they are typed."""
    way = Flat()
    rate = fed(people, way.see)
    return judged("flat", rate, dict(way.profiles()), owners)


def fed(people: int, see: Callable[[Event], object]) -> float:
    """Return how many events a second ``see`` takes, without the making of them."""
    events = list(Stream(people).events())
    begun = time.process_time()
    for event in events:
        see(event)
    return len(events) / (time.process_time() - begun)


def owners_of(people: int) -> dict[Identifier, int]:
    """Return who alone uses each identifier of a stream."""
    truth = Truth()
    for event in Stream(people).events():
        truth.see(event)
    return truth.owners()


def main() -> None:
    """Print both ways side by side."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--people", type=int, default=10_000)
    people = parser.parse_args().people
    owners = owners_of(people)
    print(f"{people:,} people, {len(owners):,} identifiers of one person alone")
    print("way           events/s  precision   recall       F1  biggest    mixed")
    print(flat(people, owners))
    print(guarded("graph", PEOPLE, people, owners)[0])
    result, identity = guarded("with rules", PEOPLE + WITH_RULES, people, owners)
    print(result)
    print(f"ambiguous events: {identity.ambiguous:,}")
    for refusal, count in identity.refused.most_common():
        print(f"refused {refusal.field}, {refusal.reason}: {count:,}")


if __name__ == "__main__":
    main()
