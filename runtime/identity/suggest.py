"""Who may be one person written twice. Rule: what is found is a proposal, with its score and its reason; nobody is joined.

A score says how likely it is that a pair is one person: of a hundred people so many are met again with a slip, beside
those who would be as near by chance, which for a common name are many.
"""

from __future__ import annotations

import re
from collections import Counter
from itertools import islice, product
from typing import NamedTuple

from verbline.runtime.identity.slips import DATE, NOTHING, PARTS, Slips

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from verbline.runtime.identity.graph import Identity
    from verbline.runtime.identity.rules import Table
    from verbline.runtime.identity.slips import Named

# Of so many people one is there a second time with a slip; how much more likely that is where they share an address.
AGAIN, SHARING = 0.01, 20
SPELLINGS_MAX = 8
LEAST = 50
TOLD_DATE = re.compile(r"(\d{1,2})[./ -]+(\d{1,2})[./ -]+(\d{4})")


class Proposal(NamedTuple):
    """Two people who may be one: ``slip`` is what is another in them (first-name, last-name, birth-date or nothing), ``score``
    from 0 to 100 how likely they are one, ``shares`` the kinds of what both hold. ``against`` is what keeps rules from joining
    them, though an operator may: different_key (two keys of one kind) or limit (more than one person holds), or nothing.
    """

    one: int
    other: int
    slip: str
    score: int
    shares: tuple[str, ...] = ()
    against: str = ""


class Proposals(NamedTuple):
    """The ``found`` pairs, the likeliest first. ``compared`` people have a name and a birth; ``left_out`` counts why pairs
    were not proposed: ``unlikely``, or ``not_same``, as somebody has said.
    """

    found: list[Proposal]
    compared: int
    people: int
    left_out: Counter[str]


def suggested(identity: Identity, least: int = LEAST) -> Proposals:
    """Return the pairs of people who may be one, by one slip, with a score of at least ``least``."""
    slips = Slips()
    pairs: dict[tuple[int, int], tuple[int, Named]] = {}
    compared = total = 0
    for person in living(identity):
        total += 1
        names = list(islice(named(identity.links.traits(person), identity.links.rules.table), SPELLINGS_MAX))  # fmt: skip
        compared += bool(names)
        for name in names:
            for other, slip in slips.add(person, name).items():
                known = pairs.get((other, person))
                if known is None or slip > known[0]:
                    pairs[other, person] = slip, name
    left_out: Counter[str] = Counter()
    found = []
    for (one, other), (slip, name) in pairs.items():
        against = obstacle(identity, one, other)
        proposal = scored(identity, slips, (one, other), slip, name)
        if against == "not_same":
            left_out[against] += 1
        elif proposal.score < least:
            left_out["unlikely"] += 1
        else:
            found.append(proposal._replace(against=against))
    found.sort(key=lambda pair: (-pair.score, pair.one, pair.other))
    return Proposals(found, compared, total, left_out)


def living(identity: Identity) -> Iterator[int]:
    """Yield everybody who is not a part of somebody else."""
    for person in range(1, identity.store.people + 1):
        if not identity.store.into(person):
            yield person


def scored(
    identity: Identity, slips: Slips, pair: tuple[int, int], slip: int, name: Named
) -> Proposal:
    """Return a pair with its score."""
    shares = shared(identity, *pair)
    again = AGAIN * (SHARING if shares else 1)
    score = int(100 * again / (again + slips.by_chance(name, slip)))
    return Proposal(*pair, "nothing" if slip == NOTHING else PARTS[slip], min(score, 99), shares)


def shared(identity: Identity, one: int, other: int) -> tuple[str, ...]:
    """Return the kinds of what two people both hold."""
    mine = {ident for _kind, ident in identity.store.held(one)}
    return tuple(sorted({kind for kind, ident in identity.store.held(other) if ident in mine}))


def obstacle(identity: Identity, one: int, other: int) -> str:
    """Return what stands against joining two people, or nothing: not_same as somebody said, different_key, limit."""
    links = identity.links
    leaves = links.leaves(other)
    if any(not leaves.isdisjoint(identity.store.apart(leaf)) for leaf in links.leaves(one)):
        return "not_same"
    return links.obstacle(links.portrait(one), links.portrait(other), stated=True)


def named(traits: Mapping[str, Iterable[object]], table: Table) -> Iterator[Named]:
    """Yield each way in which somebody is called, where a first name, a surname and a date of birth are known."""
    firsts, lasts, births = set[str](), set[str](), set[str]()
    for field, values in traits.items():
        texts = [text for text in values if isinstance(text, str)]
        if field in table.first:
            firsts.update(texts)
        elif field in table.last:
            lasts.update(texts)
        elif field in table.birth:
            births.update(filter(None, map(date_of, map(str, values))))
    if not (firsts and lasts):
        for field in table.whole:
            for value in traits.get(field, ()):
                parts = str(value).split()
                if len(parts) > 1:
                    firsts.add(" ".join(parts[:-1]))
                    lasts.add(parts[-1])
    yield from product(sorted(firsts), sorted(lasts), sorted(births))


def date_of(text: str) -> str:
    """Return a date as eight digits, year first; nothing where it is none."""
    day_first = TOLD_DATE.fullmatch(text.strip())
    if day_first is not None:
        return f"{day_first[3]}{int(day_first[2]):02}{int(day_first[1]):02}"
    digits = "".join(filter(str.isdecimal, text))[:DATE]
    return digits if len(digits) == DATE and digits.isascii() else ""
