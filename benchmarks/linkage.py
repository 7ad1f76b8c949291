"""How well people are told apart: the identity graph beside the plain way. Rule: both see the same events, once, in order.

    python -m benchmarks.linkage --people 100000

What the figures mean stands in `judged`.
"""

from __future__ import annotations

import argparse
import gc
import sqlite3
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterable
from pathlib import Path

from benchmarks import households
from benchmarks.households import Event, Stream
from benchmarks.judged import Identifier, Owner, Result, judged
from verbline.interpreter.project import Project, Settings
from verbline.interpreter.source import Source
from verbline.runtime.identity.graph import Identity
from verbline.runtime.identity.kept import Kept
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


# So many changes are written at once, beside so many kilobytes of pages in memory: as commands keep what a log says.
BATCH, CACHE_KB = 10_000, 65_536
KINDS = frozenset((*RULES.keys, *RULES.contacts, *RULES.weak))


class Truth:
    """Who used each identifier, in any spelling."""

    def __init__(self, stream: Stream) -> None:
        self._homes = [human.family[0].number for human in stream.people]
        self._users: dict[Identifier, set[int]] = {}
        self._reader = Reader(RULES)
        self.events = self.blocked = 0

    def see(self, event: Event) -> None:
        """Note who used what."""
        self.events += 1
        signs = self._reader.read(event.fields, event.confirmed)
        self.blocked += any(refusal.reason == "blocked" for refusal in signs.refused)
        for one in (*signs.keys, *signs.contacts, *signs.weak):
            self._users.setdefault((one.kind, one.value), set()).add(event.who)

    def owners(self) -> dict[Identifier, Owner]:
        """Return the one person who used each identifier; those that several used are left out."""
        alone = {one: min(users) for one, users in self._users.items() if len(users) == 1}
        return {one: Owner(who, self._homes[who]) for one, who in alone.items()}

    def collisions(self) -> list[str]:
        """Return, for each kind of identifier, how many there are, how many several people have used, and how many at most."""
        told = []
        for kind in dict.fromkeys(kind for kind, _value in self._users):
            users = [len(who) for (one, _value), who in self._users.items() if one == kind]
            several = sum(many > 1 for many in users)
            told.append(
                f"{kind:8} {len(users):9,} {several:9,} {several / len(users):8.2%} {max(users):8,}"
            )
        return told


def guarded(
    name: str, text: str, people: int, owners: dict[Identifier, Owner]
) -> tuple[Result, Identity]:
    """Return how the identity graph does with people declared by ``text``, and the graph."""
    identity = Identity(rules(text))
    rate = fed(people, lambda event: identity.resolve(event.fields, 0, confirmed=event.confirmed))
    return of_graph(name, rate, identity, owners), identity


def of_graph(name: str, rate: float, identity: Identity, owners: dict[Identifier, Owner]) -> Result:
    """Return how the profiles of a graph fit the people behind them."""
    store = identity.store
    profiles: dict[Identifier, object] = {}
    held: Counter[int] = Counter()
    for number in range(1, store.idents + 1):
        holders = store.holders(number)
        held.update(holders)
        if holders:
            profiles[store.ident(number)] = holders[0]
    result = judged(name, rate, profiles, owners)
    return result._replace(biggest=max(held.values(), default=0))


def flat(people: int, owners: dict[Identifier, Owner]) -> Result:
    """Return how the plain way does; it takes addresses as they are typed."""
    way = Flat()
    rate = fed(people, way.see)
    return judged("flat", rate, dict(way.profiles()), owners)


def fed(people: int, see: Callable[[Event], object], end: Callable[[], object] = bool) -> float:
    """Return how many events a second ``see`` takes, up to the ``end``, without the making of them."""
    events = list(Stream(people).events())
    begun = time.process_time()
    for event in events:
        see(event)
    end()
    return len(events) / (time.process_time() - begun)


def truth_of(people: int) -> Truth:
    """Return who used what in a stream."""
    stream = Stream(people)
    truth = Truth(stream)
    for event in stream.events():
        truth.see(event)
    return truth


def owners_of(people: int) -> dict[Identifier, Owner]:
    """Return who alone uses each identifier of a stream."""
    return truth_of(people).owners()


def kept(
    text: str, people: int, folder: Path, owners: dict[Identifier, Owner]
) -> tuple[Result, int]:
    """Return how the identity graph does that writes to a file, and how large the file is.

    What is judged is read from the file anew.
    """
    file = folder / "people.sqlite"
    with sqlite3.connect(file, isolation_level=None) as connection:
        connection.execute("pragma journal_mode = wal")
        connection.execute(f"pragma cache_size = -{CACHE_KB}")
        store = Kept(connection)
        identity, written = Identity(rules(text), store), [0]

        def take(event: Event) -> None:
            identity.resolve(event.fields, 0, confirmed=event.confirmed)
            if store.seq - written[0] >= BATCH:
                write(connection, store)
                written[0] = store.seq

        rate = fed(people, take, lambda: write(connection, store))
    connection.close()
    with sqlite3.connect(file) as connection:
        result = of_graph("in a file", rate, Identity(rules(text), Kept(connection)), owners)
    connection.close()
    return result, sum(one.stat().st_size for one in folder.iterdir())


def write(connection: sqlite3.Connection, store: Kept) -> None:
    """Write what is new in one transaction."""
    connection.execute("begin immediate")
    store.flush()
    connection.execute("commit")


def rates() -> str:
    """Return the rates at which the people of a stream share, pass on and mistype what names them."""
    named = {
        name: value
        for name, value in vars(households).items()
        if name.isupper() and isinstance(value, float | int)
    }
    return ", ".join(f"{name.lower().replace('_', ' ')} {value:g}" for name, value in named.items())


def main() -> None:
    """Print both ways side by side."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--people", type=int, default=10_000)
    people = parser.parse_args().people
    # As every command does.
    gc.disable()
    truth = truth_of(people)
    owners = truth.owners()
    print(
        f"{people:,} people, {truth.events:,} events, {truth.blocked:,} of them with a value that names nobody"
    )
    print(f"rates: {rates()}")
    print("          identifiers  shared    share  by most")
    print("\n".join(truth.collisions()))
    print(f"judged: {len(owners):,} identifiers of one person alone\n")
    print(
        "way           events/s  precision   recall       F1  biggest    mixed with others strangers"
    )
    print(flat(people, owners))
    print(guarded("graph", PEOPLE, people, owners)[0])
    result, identity = guarded("with rules", PEOPLE + WITH_RULES, people, owners)
    print(result)
    with tempfile.TemporaryDirectory() as folder:
        result, size = kept(PEOPLE + WITH_RULES, people, Path(folder), owners)
    print(result)
    print(f"the file: {size / 1e6:,.0f} MB")
    print(f"ambiguous events: {identity.ambiguous:,}")
    for refusal, count in identity.refused.most_common():
        print(f"refused {refusal.field}, {refusal.reason}: {count:,}")


if __name__ == "__main__":
    main()
