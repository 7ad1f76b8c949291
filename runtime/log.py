"""A log: the files of a folder, read as one. Rule: every line is an event, a duplicate or parked, and each is counted.

A log is read as it stands. What was appended since the reading began is left for the next one. A last line without a
newline is an event if it is whole, since no beginning of a JSON object is one; else it is parked as torn.
"""

from __future__ import annotations

from pathlib import Path

from verbline.runtime.decode import TOO_LONG, TORN, Decoder
from verbline.runtime.events import NEVER, Event, Parked
from verbline.runtime.lines import BLOCK, Lines, LogError, blocks, line_at, read, size_of, told
from verbline.runtime.order import Clocks, merged, with_known
from verbline.runtime.own import own_log
from verbline.runtime.seen import CONFLICT, Seen

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from verbline.runtime.events import Item

SUFFIX = ".jsonl"
PEEK = 1 << 14
LINE_LENGTH_MIN = 200


class Counts:
    """What was read so far: ``events`` that are new, ``duplicates``, lines ``parked`` by their reason.

    ``ahead`` counts lines whose clock ran ahead, ``late`` those that lay more than a day behind the line above; ``size``
    and ``read`` are the bytes of all files and of those read, in as many ``passes`` as there are.
    """

    __slots__ = ("ahead", "duplicates", "events", "late", "parked", "passes", "read", "size")

    def __init__(self, size: int) -> None:
        self.size = size
        self.read = 0
        self.passes = 1
        self.events = 0
        self.duplicates = 0
        self.ahead = 0
        self.late = 0
        self.parked: dict[str, int] = {}


class Log:
    """The log at ``path``, a file or a folder of ``.jsonl`` files. `LogError` where it cannot be read.

    ``now`` is what the clock shows, in milliseconds since 1970 UTC; ``park`` is told of each line that is no event.
    """

    __slots__ = ("_block", "_clocks", "_decoder", "_now", "_park", "counts", "files")

    def __init__(
        self,
        path: Path,
        *,
        now: int | None = None,
        park: Callable[[Parked], object] | None = None,
        block: int = BLOCK,
    ) -> None:
        self.files = files_of(path)
        self.counts = Counts(sum(map(size_of, self.files)))
        self._now = now
        self._park = park
        self._block = block
        self._decoder = Decoder()
        self._clocks = Clocks()

    def __iter__(self) -> Iterator[Event]:
        """Yield the events, each once, in the order in which they were known."""
        for events in self.batches():
            yield from events

    def batches(self) -> Iterator[list[Event]]:
        """Yield the events as `__iter__` does, some at a time; what is parked between two of them is told between them."""
        counts, seen = self.counts, Seen(self._stretch, self.counts.size // LINE_LENGTH_MIN)
        firsts = [self._first_known(file) for file in self.files]
        for number, items in merged(firsts, self._begin):
            for piece in seen.new(items, number):
                counts.duplicates, counts.ahead = seen.duplicates, self._clocks.ahead
                counts.late = self._clocks.late
                if type(piece) is Parked:
                    self._parked(piece)
                elif piece:
                    counts.events += len(piece)
                    yield piece

    def _begin(self, number: int) -> Iterator[list[Item]]:
        file = self.files[number]
        items = items_of(self._counted(blocks(file, self._block)), file.name, self._decoder)
        return with_known(items, self._clocks, self._now)

    def _counted(self, whole: Iterator[Lines]) -> Iterator[Lines]:
        for lines in whole:
            self.counts.read += lines.length + 1
            yield lines

    def _first_known(self, file: Path) -> int:
        """Return when the first line of a file was known."""
        items = items_of(blocks(file, PEEK), file.name, Decoder())
        first = next(with_known(items, Clocks(), self._now), None)
        return first[0].known if first else NEVER

    def _again(self, number: int, offset: int) -> Event | None:
        """Return the event that stands at ``offset`` of a file."""
        file = self.files[number]
        found = self._decoder.events(line_at(file, offset), file.name, offset)
        return found[0] if found and not isinstance(found[0], Parked) else None

    def _stretch(self, number: int, first: int, last: int) -> list[Event]:
        """Return the events of a file whose lines begin from ``first`` to ``last``, both offsets of lines."""
        file = self.files[number]
        text = read(file, first, last - first) + line_at(file, last)
        found = self._decoder.events(text, file.name, first)
        return [item for item in found if not isinstance(item, Parked)]

    def _parked(self, parked: Parked) -> None:
        if parked.fault is CONFLICT:
            file = next(one for one in self.files if one.name == parked.file)
            parked.length = len(line_at(file, parked.offset))
        counts, reason = self.counts.parked, parked.fault.reason
        counts[reason] = counts.get(reason, 0) + 1
        if self._park is not None:
            self._park(parked)


def items_of(whole: Iterator[Lines], name: str, decoder: Decoder) -> Iterator[list[Item]]:
    """Yield what the lines of the file called ``name`` say, some at a time; no list is empty."""
    for lines in whole:
        if lines.text is None:
            yield [Parked(TOO_LONG, name, lines.offset, lines.length)]
            continue
        items = decoder.events(lines.text, name, lines.offset)
        if lines.is_torn and items and isinstance(items[-1], Parked):
            items[-1].fault = TORN
        if items:
            yield items


def files_of(path: Path) -> list[Path]:
    """Return the files of a log in the order of their names, with that of the runtime's own events where there is one."""
    try:
        if not path.is_dir():
            own = own_log(path)
            return [path, own] if own.is_file() else [path]
        found = [one for one in path.iterdir() if one.name.endswith(SUFFIX) and one.is_file()]
    except OSError as error:
        raise LogError(told(path, error)) from error
    if not found:
        raise LogError(f'There is no {SUFFIX} file in "{path}".')
    return sorted(found, key=lambda one: one.name)


def read_log(path: Path, park: Callable[[Parked], object] | None = None) -> Iterator[Event]:
    """Yield the events of the log at ``path``, each once, in the order in which they were known."""
    return iter(Log(path, park=park))
