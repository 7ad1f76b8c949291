"""What is new in a log since it was read last. Rule: a line is taken once, in the order of the log as it stands now.

A file is read on from its place. A last line without a newline is taken if it is whole, else it is left for the next time.
A file that was cut, replaced or taken away stops the reading: what was lost is not known.
"""

from __future__ import annotations

import os
from contextlib import contextmanager

from verbline.runtime.decode import TOO_LONG, TORN, Decoder
from verbline.runtime.events import NEVER, Parked
from verbline.runtime.follow.overwritten import is_known
from verbline.runtime.follow.place import LogChangedError, Place, prints
from verbline.runtime.lines import LINE_MAX, LogError, blocks, size_of, told
from verbline.runtime.log import PEEK, Log, items_of
from verbline.runtime.order import Clocks, merged, with_known

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from pathlib import Path

    from verbline.runtime.events import Event, Item

    # Gives the events of some lines that are new, and apart from them what is parked; of the file with this name.
    Sieve = Callable[[list[Item], str], Iterator[list[Event] | Parked]]


class Rest(Log):
    """The log at ``path`` behind its ``places``, which are by what the files are called now. `LogChangedError` where it is another.

    Events that others were known before are known when the last of all was, or at ``floor``, at the earliest. ``also`` are
    files that belong to the log and bear no name of it any more.
    """

    def __init__(
        self,
        path: Path,
        places: Mapping[str, Place],
        *,
        now: int | None = None,
        park: Callable[[Parked], object] | None = None,
        also: Iterable[Path] = (),
        floor: int = NEVER,
    ) -> None:
        super().__init__(path, now=now, park=park)
        older = list(also)
        self.files[:0] = older  # of lines known at one instant, theirs were written first
        self.counts.size += sum(size_of(one) for one in older)
        self._places = dict(places)
        self._last: dict[int, Item] = {}
        self._floor = max(floor, *(one.known for one in places.values()), NEVER)
        self._by_name = {file.name: file for file in self.files}
        for name, place in places.items():
            self._compare(name, place)
            self.counts.size -= place.offset

    def _compare(self, name: str, place: Place) -> None:
        """Refuse a log in which the file called ``name`` is no longer what was read."""
        file = self._by_name.get(name)
        if file is None:
            raise LogChangedError("gone", f'"{name}" is no longer in the log.')
        with descriptor_of(file) as descriptor:
            if os.fstat(descriptor).st_size < place.offset:
                raise LogChangedError("cut", f'"{file}" is shorter than what was read of it.')
            if not is_known(descriptor, place, file.parent):
                raise LogChangedError("replaced", f'"{file}" is not the file that was read before.')

    def new(self, sieve: Sieve) -> Iterator[list[Event]]:
        """Yield the events that are new, some at a time; some of these lists are empty.

        Whenever a list is given out, all that stands before `places` has been given out.
        """
        for number, items in self.lines():
            events: list[Event] = []
            for piece in sieve(items, self.files[number].name):
                if type(piece) is Parked:
                    self._parked(piece)
                else:
                    events += piece
            self.counts.events += len(events)
            yield events

    def lines(self, *, torn: bool = False) -> Iterator[tuple[int, list[Item]]]:
        """Yield the lines that are new, so many of one file at a time as follow each other, with the file's number.

        With ``torn`` a last line that is not whole is among them too, though `places` do not lie behind it.
        """
        firsts = [self._first_known(file) for file in self.files]
        for number, items in merged(firsts, self._begin):
            whole = items[:-1] if self._is_torn(number, items[-1]) else items
            for item in whole:
                if type(item) is not Parked:
                    item.known = max(item.known, self._floor)
            self.counts.ahead, self.counts.late = self._clocks.ahead, self._clocks.late
            if whole:
                self._last[number] = whole[-1]
            if whole or torn:
                yield number, items if torn else whole

    def places(self) -> Iterator[Place]:
        """Yield the places of the files that were read on since the beginning, or since this was asked."""
        for number, item in self._last.items():
            file = self.files[number]
            with descriptor_of(file) as descriptor:
                state = os.fstat(descriptor)
                offset = behind(descriptor, item.offset) or state.st_size
                yield Place(
                    self._place(file).name,
                    state.st_dev,
                    state.st_ino,
                    offset,
                    max(item.known, self._floor),
                    *prints(descriptor, offset),
                )
        self._last.clear()

    def again(self, name: str, offset: int) -> Event | None:
        """Return the event that stands at ``offset`` of the file called ``name``."""
        return self._again(self.files.index(self._by_name[name]), offset)

    def _is_torn(self, number: int, item: Item) -> bool:
        """Return whether a line is the last of its file, and not whole."""
        if not isinstance(item, Parked) or item.fault not in (TORN, TOO_LONG):
            return False
        with descriptor_of(self.files[number]) as descriptor:
            return item.fault is TORN or behind(descriptor, item.offset) is None

    def _begin(self, number: int) -> Iterator[list[Item]]:
        file = self.files[number]
        place = self._place(file)
        lines = self._counted(blocks(file, self._block, place.offset))
        items = items_of(lines, place.name, self._decoder)
        return with_known(items, self._clocks, self._now, place.known)

    def _place(self, file: Path) -> Place:
        """Return the place of a file, which goes on under the name that it was met under."""
        return self._places.get(file.name, Place(file.name, 0, 0))

    def _first_known(self, file: Path) -> int:
        """Return when the first line of a file that is new was known."""
        place = self._place(file)
        items = items_of(blocks(file, PEEK, place.offset), place.name, Decoder())
        first = next(with_known(items, Clocks(), self._now, place.known), None)
        return first[0].known if first else NEVER


@contextmanager
def descriptor_of(file: Path) -> Iterator[int]:
    """Open a file for reading."""
    try:
        descriptor = os.open(file, os.O_RDONLY | os.O_CLOEXEC)
    except OSError as error:
        raise LogError(told(file, error)) from error
    try:
        yield descriptor
    finally:
        os.close(descriptor)


def behind(descriptor: int, offset: int) -> int | None:
    """Return where the line behind the one at ``offset`` begins, or None where it has no newline yet."""
    size = 1 << 12
    while piece := os.pread(descriptor, size, offset):
        cut = piece.find(b"\n")
        if cut >= 0:
            return offset + cut + 1
        offset += len(piece)
        size = min(size * 4, LINE_MAX)
    return None
