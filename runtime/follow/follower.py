"""A folder of files that grow. Rule: what was written into the log is given out once, whatever the files are called by then.

A file that is renamed is read on under its new name, then the one that took its name. Whoever cuts a file below what was
read of it, or writes it anew, stops the reading: what was lost is not known.
"""

from __future__ import annotations

import os
import stat
import time

from verbline.runtime.decode import Decoder
from verbline.runtime.follow.growing import Growing
from verbline.runtime.follow.overwritten import is_known
from verbline.runtime.follow.place import LogChangedError, Place
from verbline.runtime.lines import BLOCK, LogError, told
from verbline.runtime.log import SUFFIX
from verbline.runtime.own import own_log

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

    from verbline.runtime.follow.growing import Piece

# How long a file that was rotated away is looked at after it grew last: who wrote it may not know yet.
GRACE = 60.0


class Follower:
    """The log at ``path``, a file or a folder, read on from ``places``.

    ``clock`` gives seconds that never run backwards; ``block`` is how many bytes are read at a time. `LogChangedError`
    where a file is no longer what was read, `LogError` where it cannot be read.
    """

    def __init__(
        self,
        path: Path,
        places: Iterable[Place] = (),
        *,
        clock: Callable[[], float] = time.monotonic,
        block: int = BLOCK,
        grace: float = GRACE,
    ) -> None:
        self.path = path
        self.folder = path if path.is_dir() else path.parent
        self._decoder = Decoder()
        self._clock = clock
        self._block = block
        self._grace = grace
        self._own = own_log(path).name
        # Where the files of the folder are now, and which of them are of the log.
        self._paths: dict[tuple[int, int], Path] = {}
        self._of_log: set[tuple[int, int]] = set()
        self._files: dict[tuple[int, int], Growing] = {}
        self._done: dict[tuple[int, int], Place] = {}
        try:
            self._find(places)
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """Let go of all files."""
        for file in self._files.values():
            file.close()
        self._files.clear()

    @property
    def places(self) -> tuple[Place, ...]:
        """Where the reading stands, of every file by name."""
        found = [one.place for one in self._files.values()] + list(self._done.values())
        return tuple(sorted(found))

    def poll(self, *, look: bool = True) -> Iterator[Piece]:
        """Yield what is new in all files, those that were rotated away first, then by name.

        Without ``look`` nobody looks which files there are and what they are called: that is known from before.
        """
        if look:
            self._look()
        for key, file in list(self._files.items()):
            path = self._paths.get(key) or self.folder / file.place.name
            yield from file.read(path, self._block)
            if key not in self._of_log:
                yield from self._leave(key, file)
            else:
                file.wake()

    def _look(self) -> None:
        """Find out which files there are, and bring them into the order in which they are read."""
        names = self._names()
        self._paths = {key: self.folder / name for name, key in names.items()}
        of_log = {name: key for name, key in names.items() if self._is_of_log(name)}
        self._of_log = set(of_log.values())
        for name, key in of_log.items():
            if key not in self._files:
                self._meet(name, key)
        self._files = dict(sorted(self._files.items(), key=self._turn))

    def _turn(self, one: tuple[tuple[int, int], Growing]) -> tuple[bool, str, int]:
        key, file = one
        return key in self._of_log, file.place.name, file.place.inode

    def _leave(self, key: tuple[int, int], file: Growing) -> Iterator[Piece]:
        """Take leave of a file that was rotated away, once nobody has written it for a while."""
        if file.quiet_for(self._clock()) < self._grace:
            return
        last = file.last_words()
        if last is not None:
            yield last
        self._done[key] = file.place._replace(done=True)
        file.close()
        del self._files[key]

    def _is_of_log(self, name: str) -> bool:
        if self.path is self.folder:
            return name.endswith(SUFFIX)
        return name == self.path.name or name == self._own

    def _names(self) -> dict[str, tuple[int, int]]:
        """Return the files of the folder by name, with their numbers on the disk."""
        found: dict[str, tuple[int, int]] = {}
        try:
            with os.scandir(self.folder) as entries:
                for entry in entries:
                    state = entry.stat()
                    if stat.S_ISREG(state.st_mode):
                        found[entry.name] = state.st_dev, state.st_ino
        except FileNotFoundError:
            return found  # the folder, or a file of it, is gone for the moment
        except OSError as error:
            raise LogError(told(self.folder, error)) from error
        return dict(sorted(found.items()))

    def _meet(self, name: str, key: tuple[int, int]) -> None:
        """Begin a file that was not there before; a number on the disk is given again once its file is gone."""
        descriptor = self._opened(name)
        if descriptor is None:
            return
        place = Place(name, *key)
        done = self._done.pop(key, None)
        if done is not None and is_known(descriptor, done, self.folder):
            place = done._replace(name=name, done=False)  # it bears a name of the log again
        self._files[key] = Growing(descriptor, place, self._decoder)

    def _opened(self, name: str) -> int | None:
        try:
            return os.open(self.folder / name, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK)
        except FileNotFoundError:
            return None
        except OSError as error:
            raise LogError(told(self.folder / name, error)) from error

    def _find(self, places: Iterable[Place]) -> None:
        """Find the files again that were read before, whatever they are called now."""
        names = self._names()
        by_key = {key: name for name, key in names.items()}
        for place in places:
            if place.done:
                self._done[place.key] = place
                continue
            name = by_key.get(place.key, place.name)
            descriptor = self._opened(name) if name in names else None
            if descriptor is None:
                message = f'"{self.folder / place.name}" is gone, and was not read to its end.'
                raise LogChangedError("gone", message)
            if not is_known(descriptor, place, self.folder):
                os.close(descriptor)
                message = f'"{self.folder / name}" is not the file that was read before.'
                raise LogChangedError("replaced", message)
            key = names[name]
            found = place._replace(device=key[0], inode=key[1])
            self._files[key] = Growing(descriptor, found, self._decoder)
