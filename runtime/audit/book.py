"""The files that are audited, read as one. Rule: every line is an event, a duplicate or parked, and each is counted.

Lines of CloudEvents are read as the runtime reads them; what is a table otherwise comes after them, file by file.
"""

from __future__ import annotations

from collections import Counter

from verbline.runtime.audit.tables import TABLES, Table, head_of
from verbline.runtime.decode import Decoder
from verbline.runtime.events import Event, Parked
from verbline.runtime.lines import LogError, size_of, told
from verbline.runtime.log import Counts, Log, files_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from verbline.interpreter.zones import Zone

SUFFIXES = (".jsonl", ".ndjson", *TABLES)
PLACES_TOLD = 3


class Events(Log):
    """The files of CloudEvents among those of a folder."""

    __slots__ = ()

    def __init__(self, files: list[Path], now: int | None, park: object) -> None:
        super().__init__(files[0], now=now, park=park)  # type: ignore[arg-type]
        self.files = files
        self.counts = Counts(sum(map(size_of, files)))


class Book:
    """The files at ``path``; `LogError` where they cannot be read.

    ``stated`` says which column holds what: time, recorded, type, source. ``zone`` is whose clock is meant where a time
    has no offset. ``parked`` counts by reason, ``places`` are the first lines that were parked.
    """

    def __init__(
        self, path: Path, *, zone: Zone, stated: Mapping[str, str], now: int | None = None
    ) -> None:
        self.files = chosen(path)
        self.size = sum(map(size_of, self.files))
        self.read = 0
        self.duplicates = self.ahead = self.late = self.events = 0
        self.parked: Counter[str] = Counter()
        self.places: list[Parked] = []
        self._now = now
        self.tables: list[Table] = []
        self.logs: list[Path] = []
        for file in self.files:
            kind = kind_of(file)
            if kind == "events":
                self.logs.append(file)
            else:
                self.tables.append(Table(file, stated, zone, is_json=kind == "json"))

    def batches(self) -> Iterator[list[Event]]:
        """Yield all events, some at a time; what is counted begins anew."""
        self.read = self.duplicates = self.ahead = self.late = self.events = 0
        self.parked, self.places = Counter(), []
        for events in self._all():
            self.events += len(events)
            yield events

    def _all(self) -> Iterator[list[Event]]:
        if self.logs:
            log = Events(self.logs, self._now, self._park)
            for events in log.batches():
                self._count(log.counts)
                yield events
            self._count(log.counts)
        for table in self.tables:
            yield from self._of_table(table)

    def _count(self, counts: Counts) -> None:
        self.read, self.duplicates = counts.read, counts.duplicates
        self.ahead, self.late = counts.ahead, counts.late

    def _of_table(self, table: Table) -> Iterator[list[Event]]:
        table.forget()
        before = self.read
        for items in table.batches():
            self.read = before + table.read
            events = []
            for item in items:
                if isinstance(item, Parked):
                    self._park(item)
                else:
                    events.append(item)
            if events:
                yield events
        self.duplicates += table.duplicates
        self.read = before + table.read

    def _park(self, parked: Parked) -> None:
        self.parked[parked.fault.reason] += 1
        if len(self.places) < PLACES_TOLD:
            self.places.append(parked)


def chosen(path: Path) -> list[Path]:
    """Return the files at ``path`` in the order of their names."""
    try:
        if not path.is_dir():
            return [path] if path.suffix in TABLES else files_of(path)
        found = [one for one in path.iterdir() if one.suffix in SUFFIXES and one.is_file()]
    except OSError as error:
        raise LogError(told(path, error)) from error
    if not found:
        raise LogError(f'There is no file in "{path}" whose name ends in {", ".join(SUFFIXES)}.')
    return sorted(found, key=lambda one: one.name)


def kind_of(file: Path) -> str:
    """Return what a file holds: ``events``, ``json`` objects that are no events, or a ``csv`` table."""
    if file.suffix in TABLES:
        return "csv"
    lines = head_of(file)
    items = Decoder().events(b"\n".join(lines), file.name, 0)
    events = sum(isinstance(one, Event) for one in items)
    if events * 2 >= len(lines):
        return "events"
    parked = [one for one in items if isinstance(one, Parked)]
    plain = sum(one.fault.reason in ("no_id", "no_type", "bad_time", "bad_source", "bad_data", "bad_consent") for one in parked)  # fmt: skip
    return "json" if plain > events and plain * 2 >= len(lines) else "events"
