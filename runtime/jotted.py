"""What a first reading of a log keeps of each event. Rule: numbers only, so that a log of any length fits; the rest is read again.

An event costs 40 bytes, and what is learned from it about who somebody is a few dozen more.
"""

from __future__ import annotations

import marshal
import os
import sys
from array import array
from bisect import bisect_left
from itertools import compress
from typing import Any, BinaryIO, Self

from verbline.runtime.decode import Decoder
from verbline.runtime.events import Event, Parked
from verbline.runtime.identity.resolution import Resolution
from verbline.runtime.identity.signs import LIMIT, Refusal
from verbline.runtime.lines import LogError, line_at, told

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from verbline.runtime.gist import Gist
    from verbline.runtime.kin import Kin

# The place of a line: the number of its file, and its offset.
OFFSET_BITS = 44
OFFSET = (1 << OFFSET_BITS) - 1
# Said of an event that tells nothing of who somebody is, and of one that only might have.
NOTHING, MET, LEARNED = 0, 1, 2
# So much of a line is read at once, so many lines are decoded at once, and so many files are open at most.
PIECE = 1 << 10
TOGETHER = 64
OPEN_MAX = 64


class Jotted:
    """The events of a log that are about somebody, in their order: who it is about, where it stands, when it was known."""

    __slots__ = ("_before", "_happened", "_known", "_last", "_learned", "owner", "places", "said")

    def __init__(self) -> None:
        self.owner = array("I")
        self.places = array("Q")
        self.said = array("Q")
        self._known = array("q")
        self._happened = array("q")
        # The event of the same person before this one, and the last of each person; counted from 1.
        self._before = array("I")
        self._last = array("I", (0,))
        self._learned = bytearray()

    def add(self, gist: Gist, owners: Sequence[int], said: Sequence[int]) -> None:
        """Keep the events of ``gist``: whom each is about, 0 for one that is not kept, and what `learned` has said of it."""
        if 0 in owners:
            kept = [bool(number) for number in owners]
            owners, said = [*compress(owners, kept)], [*compress(said, kept)]
            self.places.extend(compress(gist.places, kept))
            self._known.extend(compress(gist.known, kept))
            self._happened.extend(compress(gist.happened, kept))
        else:
            self.places += gist.places
            self._known += gist.known
            self._happened += gist.happened
        self.owner.extend(owners)
        self.said.extend(said)
        last, before, event = self._last, self._before, len(self._before)
        most = max(owners, default=0)
        if most >= len(last):
            last.frombytes(bytes(last.itemsize * (most + 1 - len(last))))
        for number in owners:
            event += 1
            before.append(last[number])
            last[number] = event

    def learned(self, found: Resolution) -> int:
        """Keep what an event says of who somebody is, and return what `said` has of it."""
        learned = self._learned
        if found.person is None:  # a no that all behind an address overhear
            told: tuple[Any, ...] | None = None
        else:
            vain = tuple(one.field for one in found.refused if one.reason == LIMIT)
            if not (found.new or found.added or found.merged or vain):
                return MET
            told = found.new, found.merged, found.added, vain
        said = LEARNED + len(learned)
        learned += marshal.dumps(told)
        return said

    def resolution(self, index: int) -> Resolution:
        """Return what was found of who an event is about."""
        said, number = self.said[index], self.owner[index]
        if said < LEARNED:
            return Resolution(number)
        learned = marshal.loads(memoryview(self._learned)[said - LEARNED :])  # noqa: S302 - our own bytes
        if not learned:
            return Resolution(None)
        new, merged, added, vain = learned
        return Resolution(
            number, new, merged, added, refused=tuple(Refusal(one, LIMIT) for one in vain)
        )

    def of(self, people: Sequence[int]) -> list[int]:
        """Return the events about ``people``, in their order."""
        found = []
        for number in people:
            event = self._last[number] if number < len(self._last) else 0
            while event:
                found.append(event - 1)
                event = self._before[event - 1]
        found.sort()
        return found

    def families(self, kin: Kin) -> Iterator[list[int]]:
        """Yield those who belong together, in the order of the first of each."""
        families = kin.families()
        for number in range(1, len(kin)):
            family = families.get(number)
            if family is not None:
                yield family
            elif kin.eldest(number) == number:
                yield [number]

    def restore(self, event: Event, index: int) -> Event:
        """Return an event that was read again with the instants of the first reading."""
        event.known, event.happened = self._known[index], self._happened[index]
        return event


class Remembered:
    """Stands for the identity graph in the second reading: who each event is about is known from the first."""

    __slots__ = ("_index", "_indices", "_jotted")

    def __init__(self, jotted: Jotted) -> None:
        self._jotted = jotted
        self._indices: Iterator[int] = iter(())
        self._index = 0

    def follow(self, indices: Sequence[int]) -> None:
        """Be ready for the events with these numbers, which come next."""
        self._indices = iter(indices)

    def known(self, _fields: Mapping[str, object]) -> int:
        """Return who the next event is about, 0 where it says something of who that is."""
        index = self._index = next(self._indices)
        return 0 if self._jotted.said[index] else self._jotted.owner[index]

    def plain(self, _fields: Mapping[str, object]) -> None:
        """Return nothing: what was found is known from the first reading, plain or not."""

    def look(self, fields: Mapping[str, object]) -> int | None:
        """Return what `known` does, or nothing."""
        return self.known(fields) or None

    glance = look

    def meet(self, _fields: Mapping[str, object], _at: int) -> Resolution:
        """Return what the event says of which `known` said nothing."""
        return self._jotted.resolution(self._index)

    def has_room(self, _person: int, _contact: str) -> bool:
        """Return that there is none: whatever becomes theirs by what the event says is theirs already."""
        return False

    def speak(self, _person: int, _contact: str, _fields: Mapping[str, object], _at: int) -> bool:
        """Return that this is nothing new: of whom it is, what the event says holds it already."""
        return False


def read_at(file: BinaryIO, offset: int) -> bytes:
    """Return what stands in a file from ``offset`` on, as much as most lines have."""
    if sys.platform == "win32":
        file.seek(offset)
        return file.read(PIECE)
    return os.pread(file.fileno(), PIECE, offset)


class Again:
    """Reads events of a log again, wherever they stand."""

    __slots__ = ("_decoder", "_files", "_jotted", "_open")

    def __init__(self, jotted: Jotted, files: Sequence[Path]) -> None:
        self._jotted = jotted
        self._files = files
        self._open: dict[int, BinaryIO] = {}
        self._decoder = Decoder()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_told: object) -> None:
        self.close()

    def events(self, indices: Sequence[int]) -> dict[int, Event]:
        """Return the events with these numbers. `LogError` where the log is not what it was."""
        found: dict[int, Event] = {}
        places, first = self._jotted.places, 0
        # File by file, so that many lines of one are decoded at once.
        order = sorted(indices, key=places.__getitem__)
        while first < len(order):
            number = places[order[first]] >> OFFSET_BITS
            end = bisect_left(
                order,
                number + 1 << OFFSET_BITS,
                first,
                min(first + TOGETHER, len(order)),
                key=places.__getitem__,
            )
            self._decode(order[first:end], number, found)
            first = end
        return found

    def _decode(self, run: list[int], number: int, found: dict[int, Event]) -> None:
        """Read events of the file with this number into ``found``."""
        jotted, path = self._jotted, self._files[number]
        lines = self._lines(number, [jotted.places[index] & OFFSET for index in run])
        events = self._decoder.events(b"\n".join(lines), path.name, 0)
        if len(events) != len(run) or Parked in set(map(type, events)):
            raise LogError(f'"{path}" was changed while it was read.')
        for index, event in zip(run, events, strict=True):
            found[index] = jotted.restore(event, index)  # type: ignore[arg-type]  # all are events

    def _lines(self, number: int, offsets: Iterable[int]) -> list[bytes]:
        """Return the lines that stand at ``offsets`` of a file."""
        file, found = self._file(number), []
        for offset in offsets:
            piece = read_at(file, offset)
            cut = piece.find(b"\n")
            if cut >= 0:
                found.append(piece[:cut])
            else:
                found.append(piece if len(piece) < PIECE else line_at(self._files[number], offset))
        return found

    def _file(self, number: int) -> BinaryIO:
        """Return a file of the log, open."""
        file = self._open.get(number)
        if file is None:
            if len(self._open) >= OPEN_MAX:
                self.close()
            path = self._files[number]
            try:
                file = self._open[number] = path.open("rb", buffering=0)
            except OSError as error:
                raise LogError(told(path, error)) from error
        return file

    def close(self) -> None:
        """Close all files."""
        for file in self._open.values():
            file.close()
        self._open.clear()
