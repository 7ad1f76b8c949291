"""Numbers by hashes that come in no order, very many of them. Rule: a run is written once, in the order of its hashes, and never changed.

A tree of them would be written anew, nearly all of it, each time some are added. So some tens of thousands at a time make a
run of their own: pages in order, and a sieve that tells which hashes it does not hold. The sieves stay in memory, two bytes
for each hash; where all of them say no, nothing is read.
"""

from __future__ import annotations

import sqlite3
import zlib
from array import array
from bisect import bisect_left, bisect_right
from typing import NamedTuple

from verbline.runtime.tables import make

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

FIRST = (
    # `pages` are the first hash of each page; those of run n have the numbers from n * PAGES on.
    "create table run (number integer primary key, pages blob not null, sieve blob not null)",
    "create table run_page (number integer primary key, body blob not null)",
)
# So many hashes make a page, which is then a page of the file, and so many pages are kept free for each run.
PAGE = 300
PAGES = 1 << 16
# A hash has three places in a sieve of at least twelve bits for each: one in a hundred that is not there seems to be.
BITS, STEP = 12, 21


class Run(NamedTuple):
    """One run: its ``number``, the first hash of each page, and its sieve."""

    number: int
    firsts: Sequence[int]
    sieve: bytes


class Runs:
    """The runs of a store. A hash is a signed number of 64 bits; where it is in two runs, the older one counts."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        """Read which runs there are, inside the transaction of the caller; their tables are made where there are none."""
        self._connection = connection
        make(connection, "runs", "run", FIRST)
        self._runs = [
            Run(number, numbers_in(checked(pages)), checked(sieve))
            for number, pages, sieve in connection.execute("select * from run order by number")
        ]

    def find(self, hashes: Sequence[int]) -> dict[int, int]:
        """Return the numbers of those that are there."""
        found: dict[int, int] = {}
        for run in self._runs:
            for one in may_be_in(run.sieve, hashes):
                number = self._look_up(run, one)
                if number is not None:
                    found.setdefault(one, number)
        return found

    def _look_up(self, run: Run, one: int) -> int | None:
        page = bisect_right(run.firsts, one) - 1
        if page < 0:
            return None
        row = self._connection.execute("select body from run_page where number = ?", (run.number * PAGES + page,)).fetchone()  # fmt: skip
        hashes, numbers = page_in(checked(row[0]))
        place = bisect_left(hashes, one)
        return numbers[place] if place < len(hashes) and hashes[place] == one else None

    def add(self, hashes: Sequence[int], numbers: Sequence[int]) -> None:
        """Write a run of hashes, which are in their order, with their numbers, inside the transaction of the caller."""
        number = self._runs[-1].number + 1 if self._runs else 1
        firsts = range(0, len(hashes), PAGE)
        assert len(firsts) <= PAGES, "a run has room for its pages"
        pages = (page_of(hashes[one : one + PAGE], numbers[one : one + PAGE]) for one in firsts)
        self._connection.executemany(
            "insert into run_page values (?, ?)", enumerate(pages, number * PAGES)
        )
        run = Run(number, array("q", hashes[::PAGE]), sieve_of(hashes))
        row = number, signed(array("q", run.firsts).tobytes()), signed(run.sieve)
        self._connection.execute("insert into run values (?, ?, ?)", row)
        self._runs.append(run)


def sieve_of(hashes: Sequence[int]) -> bytes:
    """Return a sieve that lets ``hashes`` through."""
    bits = 1 << (len(hashes) * BITS).bit_length()
    mask, sieve = bits - 1, bytearray(bits >> 3)
    for one in hashes:
        place = one & mask
        sieve[place >> 3] |= 1 << (place & 7)
        place = one >> STEP & mask
        sieve[place >> 3] |= 1 << (place & 7)
        place = one >> 2 * STEP & mask
        sieve[place >> 3] |= 1 << (place & 7)
    return bytes(sieve)


def may_be_in(sieve: bytes, hashes: Iterable[int]) -> Iterator[int]:
    """Yield the hashes that a sieve lets through."""
    mask = (len(sieve) << 3) - 1
    for one in hashes:
        place = one & mask
        if sieve[place >> 3] >> (place & 7) & 1:
            place = one >> STEP & mask
            if sieve[place >> 3] >> (place & 7) & 1:
                place = one >> 2 * STEP & mask
                if sieve[place >> 3] >> (place & 7) & 1:
                    yield one


def page_of(hashes: Sequence[int], numbers: Sequence[int]) -> bytes:
    """Return a page as bytes: its least number, its hashes, and how much larger each number is, in four bytes where that is enough."""
    least = min(numbers)
    kind = "I" if max(numbers) - least < 1 << 32 else "Q"
    head = array("q", (least, *hashes))
    above = array(kind, [number - least for number in numbers])
    return signed(kind.encode() + head.tobytes() + above.tobytes())


def page_in(body: bytes) -> tuple[Sequence[int], Sequence[int]]:
    """Return the hashes and the numbers of a page."""
    kind = body[:1].decode()
    wide = array(kind).itemsize
    count = (len(body) - 1 - 8) // (8 + wide)
    least, *hashes = numbers_in(body[1 : 9 + 8 * count])
    above = array(kind)
    above.frombytes(body[9 + 8 * count :])
    return hashes, [least + one for one in above]


def numbers_in(content: bytes) -> array[int]:
    """Return numbers of 64 bits."""
    found = array("q")
    found.frombytes(content)
    return found


def signed(content: bytes) -> bytes:
    """Return ``content`` with a sum by which a change is noticed: nothing else would show that a hash is missing."""
    return content + zlib.crc32(content).to_bytes(4, "big")


def checked(body: bytes) -> bytes:
    """Return what `signed` was given; an error as SQLite's of a damaged file where it was changed since."""
    content, told = body[:-4], body[-4:]
    if zlib.crc32(content).to_bytes(4, "big") != told:
        error = sqlite3.DatabaseError("a run is not what was written there")
        error.sqlite_errorcode = sqlite3.SQLITE_CORRUPT
        raise error
    return content
