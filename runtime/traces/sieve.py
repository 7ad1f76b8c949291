"""Which blocks may tell of somebody. Rule: one that does is never left out, one that does not is seldom read.

Of a store with many slices nearly all say nothing of one person. A few bits for each of those of whom they do spare reading
the block in which that one would stand.
"""

from __future__ import annotations

from bisect import bisect_left

import msgspec

TYPE_CHECKING = False
if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Collection, Iterable, Iterator

# Bits for each person, of whom two are set.
BITS = 12
SLICES = "select block, people, sieve from trace_slice order by number"
_decode = msgspec.msgpack.Decoder(list[int]).decode
ONE, OTHER = 2_654_435_761, 2_246_822_519


def blocks_about(connection: sqlite3.Connection, people: Collection[int]) -> Iterator[int]:
    """Yield the numbers of the blocks in which ``people`` may be, in their order."""
    for block, last, sieve in connection.execute(SLICES):
        there = [number for number in people if lets_through(sieve, number)]
        persons = _decode(last) if there else []
        found = {bisect_left(persons, number) for number in there}
        yield from (block + index for index in sorted(found - {len(persons)}))


def sieve_of(people: Iterable[int]) -> bytes:
    """Return a sieve that lets ``people`` through."""
    them = set(people)
    size = max(8, len(them) * BITS)
    found = bytearray(-(-size // 8))
    for person in them:
        for place in places(person, len(found) * 8):
            found[place >> 3] |= 1 << (place & 7)
    return bytes(found)


def lets_through(sieve: bytes, person: int) -> bool:
    """Return whether ``person`` may be among those of a sieve."""
    return all(sieve[place >> 3] >> (place & 7) & 1 for place in places(person, len(sieve) * 8))


def places(person: int, size: int) -> tuple[int, int]:
    """Return which bits stand for a person."""
    return (person * ONE >> 7) % size, (person * OTHER >> 13) % size
