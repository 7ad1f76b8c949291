"""What is new in a log, with how far that brings the reading. Rule: a place goes with the lines before it, never ahead of them.

A file bears its number for the life of the store, whatever it is called. Its place says which file on the disk it is, so
that it is found again under another name.
"""

from __future__ import annotations

import os
import stat
from typing import NamedTuple

from verbline.runtime.decode import Decoder
from verbline.runtime.events import NEVER, Parked
from verbline.runtime.follow.overwritten import is_known
from verbline.runtime.follow.place import LogChangedError, Place, prints
from verbline.runtime.lines import LINE_MAX, LogError, line_at, told
from verbline.runtime.log import SUFFIX, files_of
from verbline.runtime.rest import Rest, descriptor_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from pathlib import Path

    from verbline.runtime.events import Event, Item
    from verbline.runtime.log import Counts


class Stretch(NamedTuple):
    """Lines of one file that follow each other, and the ``place`` behind them; None where that lies where it lay."""

    file: int
    items: list[Item]
    place: Place | None


class Files:
    """The files of the log at ``path``, by number, and where the reading of each stands."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.folder = path if path.is_dir() else path.parent
        self.places: dict[int, Place] = {}
        self.changed: set[int] = set()
        self._decoder = Decoder()
        self._numbers: dict[tuple[int, int], int] = {}

    def restore(self, places: Mapping[int, Place]) -> None:
        """Let the places be those that are on the disk; whoever has a number keeps it."""
        begun = {number: Place(one.name, *one.key) for number, one in self.places.items()}
        self.places = {**begun, **places}
        self.changed.clear()
        # A number on the disk is given again once a file is gone.
        for number, place in self.places.items():
            if not place.done:
                self._numbers[place.key] = number

    def number(self, name: str, key: tuple[int, int]) -> int:
        """Return the number of the file on the disk called ``name``, given out where it has none yet."""
        number = self._numbers.get(key)
        if number is None:
            number = self._numbers[key] = max(self.places, default=0) + 1
            self.places[number] = Place(name, *key)
        return number

    def know(self, number: int, place: Place) -> None:
        """Let a file bear a number, which it bore before."""
        self.places.setdefault(number, place)
        self._numbers[place.key] = number

    def moved(self, place: Place) -> int:
        """Note how far a file was read and return its number."""
        number = self.number(place.name, place.key)
        if self.places[number] != place:
            self.places[number] = place
            self.changed.add(number)
        return number

    def over(self, place: Place) -> None:
        """Note that a file was read to its end, and that nobody writes it any more."""
        number = self._numbers.pop(place.key, None)
        if number is not None:
            self.places[number] = self.places[number]._replace(done=True)
            self.changed.add(number)

    def names(self) -> dict[str, tuple[int, int]]:
        """Return the files of the folder by name, with their numbers on the disk."""
        try:
            found = [(one.name, one.stat()) for one in os.scandir(self.folder)]
        except OSError as error:
            raise LogError(told(self.folder, error)) from error
        return {
            name: (state.st_dev, state.st_ino)
            for name, state in found
            if stat.S_ISREG(state.st_mode)
        }

    def find(self) -> dict[str, Place]:
        """Return the places of files that are not done, by what these are called now; `LogChangedError` where one is gone."""
        names = self.names()
        by_key = {key: name for name, key in names.items()}
        found = {}
        for number, place in self.places.items():
            if place.done:
                continue
            name = by_key.get(place.key, place.name)
            if name not in names:
                message = f'"{self.folder / place.name}" is gone, and was not read to its end.'
                raise LogChangedError("gone", message)
            with descriptor_of(self.folder / name) as descriptor:
                if os.fstat(descriptor).st_size < place.offset:
                    message = f'"{self.folder / name}" is shorter than what was read of it.'
                    raise LogChangedError("cut", message)
                if not is_known(descriptor, place, self.folder):
                    message = f'"{self.folder / name}" is not the file that was read before.'
                    raise LogChangedError("replaced", message)
            if names[name] != place.key:  # copied to another place, or put back from elsewhere
                self._numbers[names[name]] = number
                place = place._replace(device=names[name][0], inode=names[name][1])  # noqa: PLW2901
                self.places[number] = place
                self.changed.add(number)
            found[name] = place
        return found

    def file(self, number: int) -> Path:
        """Return where a file stands now."""
        place = self.places[number]
        by_key = {key: name for name, key in self.names().items()}
        return self.folder / by_key.get(place.key, place.name)

    def is_there(self, number: int) -> bool:
        """Return whether a file still stands there: where it is gone, another one may bear its name, or its number on the disk."""
        if number not in self.places:
            return False
        key = self.names().get(self.file(number).name)
        return key is not None and self._numbers.get(key, number) == number

    def before(self, number: int, item: Item) -> Place:
        """Return the place right before a line of a file."""
        with descriptor_of(self.file(number)) as descriptor:
            head, tail = prints(descriptor, item.offset)
        return self.places[number]._replace(offset=item.offset, head=head, tail=tail)

    def length(self, number: int, offset: int) -> int:
        """Return how long the line is that begins at ``offset`` of a file."""
        return min(len(self.text(number, offset)), LINE_MAX + 1)

    def text(self, number: int, offset: int) -> bytes:
        """Return the line that begins at ``offset`` of a file."""
        return line_at(self.file(number), offset)

    def again(self, number: int, offset: int) -> Event | None:
        """Return the event that stands at ``offset`` of a file."""
        text = self.text(number, offset)
        found = self._decoder.events(text, self.places[number].name, offset)
        return found[0] if found and not isinstance(found[0], Parked) else None


class Backlog:
    """What stands in a log when this is made, in the order of `Rest`: files are merged by when their lines were known.

    ``now`` is what the clock shows; nothing is known before ``floor``. With ``torn`` a last line that is not whole is told.
    """

    def __init__(
        self, files: Files, *, now: int | None = None, floor: int = NEVER, torn: bool = False
    ) -> None:
        self._torn = torn
        there = files.find()
        usual = {one.name for one in files_of(files.path)}
        also = [files.folder / name for name in there if name not in usual]
        self._rest = Rest(files.path, there, now=now, also=also, floor=floor)
        names = files.names()
        self._numbers = [files.number(one.name, names[one.name]) for one in self._rest.files]

    @property
    def counts(self) -> Counts:
        """What was read so far."""
        return self._rest.counts

    def stretches(self) -> Iterator[Stretch]:
        """Yield what is new."""
        for number, items in self._rest.lines(torn=self._torn):
            place = next(iter(list(self._rest.places())), None)
            yield Stretch(self._numbers[number], items, place)


def places_of(kept: Mapping[str, bytes], decode: Callable[[bytes], Iterable[object]]) -> dict[int, Place]:  # fmt: skip
    """Return the places in what a store keeps."""
    return {
        int(name.partition("/")[2]): Place._make(decode(content))
        for name, content in kept.items()
        if name.startswith("place/")
    }


def is_empty(log: Path) -> bool:
    """Return whether a log is a folder in which no file stands yet."""
    return log.is_dir() and not any(one.name.endswith(SUFFIX) for one in log.iterdir())
