"""Records of a trace as bytes. Rule: what is packed comes out the same; what repeats is told by its number or not at all.

    persons, instants, causes: of each group, that is of the records of one person that one event or timer brought
    sites, visits, values: of each record; a tale, whose number is below zero, stands for several records

Columns, since what is alike is small when it stands together, and is soon brought into another order. Visits are eight bytes, told when they change.
"""

from __future__ import annotations

import zlib
from functools import partial
from itertools import accumulate, chain
from operator import sub
from typing import Any, NamedTuple

import msgspec

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from typing import TypeAlias

    from verbline.runtime.traces.terms import Terms

    # The number of the site, the visit as bytes, and what is this record's own, packed.
    Packed: TypeAlias = "tuple[int, bytes, list[Any]]"

# Smaller bodies are not worth compressing.
SMALL = 200
LEVEL = 3
# The length of a visit's id, and whether a record has none, that of the record before, or another one.
VISIT = 8
NONE, SAME, ANOTHER = range(3)
BIG = 1


class Group(NamedTuple):
    """The records of one person that one event or timer brought. ``place`` is that in the order of all groups, ``source`` a term's number, or text."""

    place: int
    person: int
    at: int
    source: int | str
    event: str
    records: list[Packed]


class Columns(NamedTuple):
    """Groups as columns, of each group and from ``sites`` on of each record; ``counts`` says how many of these a group has."""

    places: Sequence[int]
    persons: Sequence[int]
    ats: Sequence[int]
    sources: Sequence[int | str]
    events: Sequence[str]
    counts: Sequence[int]
    sites: Sequence[int]
    names: Sequence[bytes]
    values: Sequence[list[Any]]


# How many of the columns are those of groups.
OF_GROUPS = 6
# Makes a group of its parts; what is generated for a named tuple takes three times as long.
grouped: Callable[[tuple[Any, ...]], Group] = partial(tuple.__new__, Group)


class Body(msgspec.Struct, array_like=True):
    """Groups as columns; see the module. ``places`` and ``ats`` are distances from the one before."""

    places: list[int]
    persons: list[int]
    ats: list[int]
    sources: list[int | str]
    events: list[str]
    counts: list[int]
    sites: list[int]
    visits: list[int]
    names: bytes
    values: list[Any]


def from_big(_code: int, content: memoryview) -> int:
    """Return a whole number of more than 64 bits again; see `small`."""
    return int(bytes(content))


_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(Body, ext_hook=from_big).decode


def columns_of(groups: Iterable[Group]) -> Columns:
    """Return ``groups`` as columns."""
    places, persons, ats, sources, events, records = zip(*groups, strict=True)
    of_records = zip(*chain.from_iterable(records), strict=True)
    return Columns(places, persons, ats, sources, events, list(map(len, records)), *of_records)


def joined(parts: Sequence[Columns]) -> Columns:
    """Return some columns behind each other."""
    return Columns(*(list(chain.from_iterable(column)) for column in zip(*parts, strict=True)))


def ends_of(columns: Columns) -> Sequence[int] | None:
    """Return where the records of each group begin, and behind them where they end; None where each group has one."""
    return None if are_single(columns.counts) else (0, *accumulate(columns.counts))


def chosen(columns: Columns, order: Sequence[int], ends: Sequence[int] | None) -> Columns:
    """Return some of the groups in another order, by their places among all; ``ends`` is what `ends_of` says."""
    records = order
    if ends is not None:
        records = [one for place in order for one in range(ends[place], ends[place + 1])]
    of_groups = (picked(column, order) for column in columns[:OF_GROUPS])
    of_records = (picked(column, records) for column in columns[OF_GROUPS:])
    return Columns(*of_groups, *of_records)


def are_single(counts: Sequence[int]) -> bool:
    """Return whether each group has one record."""
    return counts.count(1) == len(counts)


def picked(column: Sequence[Any], places: Iterable[int]) -> list[Any]:
    """Return what stands at some places of a column."""
    return list(map(column.__getitem__, places))


def packed(columns: Columns) -> bytes:
    """Return groups as bytes."""
    places, persons, ats, sources, events, counts, sites, names, values = columns
    visits, told = visits_of(names)
    body = Body(
        steps(places), list(persons), steps(ats), list(sources), list(events), list(counts),
        list(sites), visits, told, list(chain.from_iterable(values)),
    )  # fmt: skip
    content = encoded(body)
    return content if len(content) < SMALL else shorter(content)


def steps(numbers: Sequence[int]) -> list[int]:
    """Return how far each number is from the one before."""
    return list(map(sub, numbers, (0, *numbers)))


def visits_of(names: Sequence[bytes]) -> tuple[list[int], bytes]:
    """Return for each record whether it has a visit, the same as before or another, and the names of the latter."""
    if not any(names):
        return [NONE] * len(names), b""
    visits: list[int] = []
    others: list[bytes] = []
    visit = b""
    for name in names:
        visits.append(NONE if not name else SAME if name == visit else ANOTHER)
        if name and name != visit:
            others.append(name)
            visit = name
    return visits, b"".join(others)


def encoded(body: Body) -> bytes:
    """Return columns as bytes."""
    try:
        return _encode(body)
    except OverflowError:
        body.values = [small(value) for value in body.values]
        return _encode(body)


def small(value: Any) -> Any:
    """Return a value in which whole numbers of more than 64 bits stand in their own form."""
    if isinstance(value, int) and not -(1 << 63) <= value < 1 << 64:
        return msgspec.msgpack.Ext(BIG, str(value).encode())
    if isinstance(value, dict):
        return {name: small(one) for name, one in value.items()}
    if isinstance(value, list):
        return [small(one) for one in value]
    return value


def shorter(content: bytes) -> bytes:
    """Return ``content`` compressed, where that is shorter."""
    pressed = zlib.compress(content, LEVEL)
    return pressed if len(pressed) < len(content) else content


def columns_in(content: bytes, terms: Terms) -> Columns:
    """Return the columns that `packed` made ``content`` of."""
    # An array of ten begins otherwise than what is compressed.
    body = _decode(content if content[0] != ord("x") else zlib.decompress(content))
    counts, values = terms.own, body.values
    widths = [counts[abs(site)] for site in body.sites]
    owns = [
        values[end - width : end] for end, width in zip(accumulate(widths), widths, strict=True)
    ]
    return Columns(
        list(accumulate(body.places)), body.persons, list(accumulate(body.ats)), body.sources, body.events, body.counts,
        body.sites, named(body.visits, body.names), owns,
    )  # fmt: skip


def unpacked(content: bytes, terms: Terms) -> Iterator[Group]:
    """Return the groups that `packed` made ``content`` of, in their order."""
    return groups_in(columns_in(content, terms))


def groups_in(columns: Columns) -> Iterator[Group]:
    """Return the groups of columns, in their order."""
    rows = list(zip(*columns[OF_GROUPS:], strict=True))
    records = [
        rows[end - count : end]
        for end, count in zip(accumulate(columns.counts), columns.counts, strict=True)
    ]
    return map(grouped, zip(*columns[: OF_GROUPS - 1], records, strict=True))


def named(visits: Sequence[int], names: bytes) -> list[bytes]:
    """Return the visit of each record, as `visits_of` has told them."""
    if not names:
        return [b""] * len(visits)
    found: list[bytes] = []
    first, visit = 0, b""
    for told in visits:
        if told == ANOTHER:
            visit = names[first : first + VISIT]
            first += VISIT
        found.append(b"" if told == NONE else visit)
    return found
