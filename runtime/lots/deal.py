"""Who is in which lot. Rule: whoever bears one mark is in one lot, and so is whoever is joined with them by others.

Where that cannot be told, or the same id stands in two lots, there is no way to deal.
"""

from __future__ import annotations

from itertools import pairwise
from typing import NamedTuple

from verbline.runtime.events import NEVER
from verbline.runtime.lines import read, size_of
from verbline.runtime.lots.glimpse import NoWayError
from verbline.runtime.lots.look import LINE_MIN, Piece
from verbline.runtime.lots.marks import NOTHING

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from verbline.runtime.lots.look import Look, Row
    from verbline.runtime.lots.slots import Slots

SEEK = 1 << 12
# A hash has its bits for the lot there.
LOT = 8


class Found(NamedTuple):
    """What was seen of pieces, as plain values; see `Look`."""

    rows: list[Row]
    pairs: dict[int, int]
    joined: list[tuple[int, int]]
    lone: set[int]
    parked: list[tuple[int, int, int, int, str]]
    bounds: list[tuple[int, int, int]]
    counts: tuple[int, int, int, int]


def found_by(look: Look) -> Found:
    """Return what was seen."""
    whom = look.whom
    counts = look.ahead, look.late, whom.events, len(whom.ids - {0})
    return Found(look.rows, whom.pairs, whom.joined, whom.lone, whom.parked, look.bounds, counts)


class Deal(NamedTuple):
    """A log dealt into ``lots``: ``apart`` has the lot of each mark that is not where its hash says.

    ``rows`` are the stretches by file, ``firsts`` says when the first line of each file was known. ``twins``: some ids stand
    there more than once.
    """

    lots: int
    apart: dict[int, int]
    rows: list[list[Row]]
    firsts: list[int]
    twins: bool

    def lot_of(self, mark: int) -> int:
        """Return the lot of a mark."""
        return self.apart.get(mark, (mark >> LOT) % self.lots)


def pieces_of(files: Sequence[Path], lots: int) -> list[list[Piece]]:
    """Return the pieces of a log that each of so many processes looks at: as many bytes each, in the order of the files."""
    sizes = [size_of(file) for file in files]
    whole, before, slot = sum(sizes), 0, 0
    shares: list[list[Piece]] = [[] for _lot in range(lots)]
    for number, (file, size) in enumerate(zip(files, sizes, strict=True)):
        start = 0
        while start < size:
            share = min(lots - 1, (before + start) * lots // whole)
            cut = -(-whole * (share + 1) // lots) - before
            end = line_after(file, cut, size) if share < lots - 1 and cut < size else size
            shares[share].append(Piece(number, start, end, slot))
            slot += (end - start) // LINE_MIN + 2
            start = end
        before += size
    return shares


def slots_of(shares: Sequence[Sequence[Piece]]) -> int:
    """Return how many slots pieces need."""
    return sum((one.end - one.start) // LINE_MIN + 2 for share in shares for one in share)


def line_after(file: Path, position: int, size: int) -> int:
    """Return where the first line begins that does not begin before ``position``; the end where there is none."""
    position -= 1
    while position < size:
        piece = read(file, position, SEEK)
        cut = piece.find(b"\n")
        if cut >= 0:
            return min(size, position + cut + 1)
        if not piece:
            break
        position += len(piece)
    return size


def dealt(
    founds: Sequence[Found],
    shares: Sequence[Sequence[Piece]],
    files: int,
    slots: Slots,
    seen: set[int],
) -> Deal:
    """Return the deal for as many lots as there are shares; ``seen`` are the hashes of the ids of the first found."""
    rows: list[list[Row]] = [[] for _file in range(files)]
    for found in founds:
        for row in found.rows:
            rows[row[0]].append(row)
    firsts = agreed([zip(share, found.bounds, strict=True) for share, found in zip(shares, founds, strict=True)], files)  # fmt: skip
    deal = Deal(
        len(shares), apart_of(founds, len(shares)), rows, firsts, has_twins(seen, founds, slots)
    )
    if deal.twins:
        stay_together(deal, slots)
    return deal


def agreed(pieces: Iterable[Iterable[tuple[Piece, tuple[int, int, int]]]], files: int) -> list[int]:
    """Return when the first line of each file was known, where what each piece took for known above it was."""
    by_file: list[list[tuple[int, int, int]]] = [[] for _file in range(files)]
    for share in pieces:
        for piece, bounds in share:
            by_file[piece.number].append(bounds)
    for bounds_of in by_file:
        for above, below in pairwise(bounds_of):
            if above[2] != below[0]:
                raise NoWayError("late by a lot")
    return [bounds_of[0][1] if bounds_of else NEVER for bounds_of in by_file]


def apart_of(founds: Sequence[Found], lots: int) -> dict[int, int]:
    """Return the lot of each mark that does not stand in the one of its hash."""
    first_of: dict[int, int] = {}
    above: dict[int, int] = {}
    for found in founds:
        # The smaller of the two is looked through.
        for other in found.pairs.keys() & first_of.keys():
            if found.pairs[other] != first_of[other]:
                join(above, found.pairs[other], first_of[other])
        first_of = {**found.pairs, **first_of} if first_of else found.pairs
    for found in founds:
        for other, first in found.joined:
            join(above, first, first_of[other])
        for one in found.lone & first_of.keys():
            join(above, one, first_of[one])
    return {one: (eldest(above, one) >> LOT) % lots for one in above}


def eldest(above: dict[int, int], one: int) -> int:
    """Return the mark that stands for all who belong together with ``one``."""
    while (over := above.get(one, one)) != one:
        above[one] = above.get(over, over)
        one = over
    return one


def join(above: dict[int, int], one: int, other: int) -> None:
    """Put two marks together, and with them all who belong to them."""
    one, other = eldest(above, one), eldest(above, other)
    above.setdefault(one, one)
    above[other] = one


def has_twins(seen: set[int], founds: Sequence[Found], slots: Slots) -> bool:
    """Return whether some id may stand in the log more than once; ``seen`` are the hashes of the ids of the first found."""
    if any(found.counts[2] != found.counts[3] for found in founds):
        return True
    for found in founds[1:]:
        for ids in ids_in(found, slots):
            if not seen.isdisjoint(ids):
                return True
        if found is not founds[-1]:
            for ids in ids_in(found, slots):
                seen.update(ids)
    return False


def ids_in(found: Found, slots: Slots) -> Iterator[list[int]]:
    """Yield the hashes of all ids, some at a time; among them 0, where a line is no event, is none."""
    for row in found.rows:
        ids = slots.ids(row[3], row[4])
        yield [one for one in ids if one] if 0 in ids else ids


def stay_together(deal: Deal, slots: Slots) -> None:
    """Raise where the events of one id are in several lots."""
    lots: dict[int, int] = {}
    for row in (row for rows in deal.rows for row in rows):
        for one, first in zip(slots.ids(row[3], row[4]), slots.firsts(row[3], row[4]), strict=True):
            if first != NOTHING and lots.setdefault(one, deal.lot_of(first)) != deal.lot_of(first):
                raise NoWayError("one id in two lots")
