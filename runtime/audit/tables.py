"""Files that hold no events but rows: CSV, and JSON objects without `id`, `type`, `time`. Rule: a row is an event of its
file, or parked with a reason.

What is time, type and source in a row is asked of the caller first, then of the names of the columns, and told.
"""

from __future__ import annotations

import csv
from itertools import islice
from typing import Any

import msgspec

from verbline.runtime.audit.instants import Instants
from verbline.runtime.audit.words import plain_name, vocabulary
from verbline.runtime.careful import FIRST, LAST, NO_JSON, NO_OBJECT, fault_of_bytes, fault_of_text
from verbline.runtime.decode import TOO_LONG
from verbline.runtime.events import NEVER, Event, Fault, Parked
from verbline.runtime.lines import LINE_MAX, blocks
from verbline.runtime.shapes import UNREADABLE

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

    from verbline.interpreter.zones import Zone

TABLES = (".csv", ".tsv")
DELIMITERS = (",", ";", "\t", "|")
OUTER = ("time", "recorded", "type", "source")
SAMPLE = 200
BATCH = 500
# Of the values of a column that is taken for times, so many of ten have to be some; so many types or sources there are.
TIMES_OF_TEN, KINDS_MAX = 8, 60
# So many rows are remembered to know whether one stands there again.
ROWS_KEPT = 4_000_000

BAD_ROW = Fault("bad_row", "has another number of columns than the first row")
BAD_TIME = Fault("bad_time", "has no time that could be read where its column says when it was")
BAD_CSV = Fault("bad_row", "is no row of a table")


class Columns:
    """Which columns of a file say when, when recorded, what and where; ``guessed`` are those that nobody has named.

    A name is empty where no column says it.
    """

    __slots__ = ("guessed", "instants", "names")

    def __init__(self, rows: list[dict[str, Any]], stated: Mapping[str, str], zone: Zone) -> None:
        self.names: dict[str, str] = {}
        self.guessed: list[str] = []
        self.instants: dict[str, Instants] = {}
        columns = {name: None for row in rows for name in row}
        for part in OUTER:
            if part in stated and stated[part] in columns:
                self.names[part] = stated[part]
        for part in OUTER:
            if part not in self.names and part not in stated:
                self._guess(part, columns, rows, zone)
        for part in ("time", "recorded"):
            name = self.names.get(part, "")
            if name:
                self.instants[part] = Instants(zone, (str(row.get(name, "")) for row in rows))

    def _guess(
        self, part: str, columns: Mapping[str, None], rows: list[dict[str, Any]], zone: Zone
    ) -> None:
        taken = set(self.names.values())
        for word in vocabulary().outer[part]:
            for name in columns:
                if plain_name(name) == word and name not in taken and fits(part, name, rows, zone):
                    self.names[part] = name
                    self.guessed.append(part)
                    return

    def settle(self) -> None:
        """Let the only time there is be when it happened."""
        if "recorded" in self.names and "time" not in self.names:
            self.names["time"] = self.names.pop("recorded")
            self.instants["time"] = self.instants.pop("recorded")
            self.guessed = ["time" if part == "recorded" else part for part in self.guessed]

    def read(self, part: str, row: Mapping[str, Any]) -> int | None:
        """Return the instant that a row says for ``part``, None where it says none that can be read."""
        name = self.names.get(part)
        if name is None:
            return NEVER
        at = self.instants[part].read(row.get(name))
        return at if at is not None and FIRST <= at <= LAST else None


def fits(part: str, name: str, rows: list[dict[str, Any]], zone: Zone) -> bool:
    """Return whether the values of a column may be what ``part`` says."""
    values = [row[name] for row in rows if row.get(name) not in (None, "")]
    if not values or not all(isinstance(value, str | int) for value in values):
        return False
    if part in ("time", "recorded"):
        instants = Instants(zone, map(str, values))
        return sum(instants.read(one) is not None for one in values) * 10 >= len(values) * TIMES_OF_TEN  # fmt: skip
    return len(set(values)) <= KINDS_MAX and not any("@" in str(one) for one in values)


class Table:
    """One file of rows. ``duplicates`` are rows that stood there before, word for word."""

    __slots__ = ("_delimiter", "_seen", "columns", "duplicates", "encoding", "is_json", "path", "read")  # fmt: skip

    def __init__(self, path: Path, stated: Mapping[str, str], zone: Zone, *, is_json: bool) -> None:
        self.path = path
        self.is_json = is_json
        self.encoding = "utf-8" if is_json else encoding_of(path)
        self._delimiter = "," if is_json else delimiter_of(path, self.encoding)
        self.read = 0
        self.duplicates = 0
        self._seen: set[int] = set()
        sample = list(islice((row for row, _at in self._rows() if isinstance(row, dict)), SAMPLE))
        self.columns = Columns(sample, stated, zone)
        self.columns.settle()
        self.forget()

    def forget(self) -> None:
        """Begin anew."""
        self.read = self.duplicates = 0
        self._seen = set()

    def batches(self) -> Iterator[list[Event | Parked]]:
        """Yield what the rows say, some at a time."""
        items: list[Event | Parked] = []
        for row, (offset, length) in self._rows():
            items += self._item(row, offset, length)
            if len(items) >= BATCH:
                yield items
                items = []
        if items:
            yield items

    def _item(
        self, row: dict[str, Any] | Fault, offset: int, length: int
    ) -> Iterable[Event | Parked]:
        if isinstance(row, Fault):
            return (Parked(row, self.path.name, offset, length),)
        mark = hash(tuple(map(repr, row.items())))
        if mark in self._seen:
            self.duplicates += 1
            return ()
        if len(self._seen) < ROWS_KEPT:
            self._seen.add(mark)
        at, recorded = self.columns.read("time", row), self.columns.read("recorded", row)
        if at is None:
            return (Parked(BAD_TIME, self.path.name, offset, length),)
        return (self._event(row, at, NEVER if recorded is None else recorded, offset),)

    def _event(self, row: dict[str, Any], at: int, recorded: int, offset: int) -> Event:
        names = self.columns.names
        kind, source = (str(row.get(names.get(part, ""), "")) for part in ("type", "source"))
        outer = names.values()
        return Event(
            id=str(offset),
            type=kind or self.path.stem,
            source=source or self.path.name,
            data={name: value for name, value in row.items() if name not in outer},
            happened=at,
            known=recorded,
            sourced=bool(source),
            file=self.path.name,
            offset=offset,
        )

    def _rows(self) -> Iterator[tuple[dict[str, Any] | Fault, tuple[int, int]]]:
        return self._json_rows() if self.is_json else self._csv_rows()

    # ---------- JSON ----------

    def _json_rows(self) -> Iterator[tuple[dict[str, Any] | Fault, tuple[int, int]]]:
        """Yield each row, or what is wrong with its line, and where it stands."""
        for line, at in self._lines():
            if line is None:
                yield TOO_LONG, at
            elif line and not line.isspace():
                yield json_row(line), at

    def _lines(self) -> Iterator[tuple[bytes | None, tuple[int, int]]]:
        """Yield each line, None for one that is too long, and where it stands."""
        for lines in blocks(self.path):
            self.read += lines.length + 1
            if lines.text is None:
                yield None, (lines.offset, lines.length)
                continue
            offset = lines.offset
            for line in lines.text.split(b"\n"):
                yield line, (offset, len(line))
                offset += len(line) + 1

    # ---------- CSV ----------

    def _csv_rows(self) -> Iterator[tuple[dict[str, Any] | Fault, tuple[int, int]]]:
        place = [0, 0]  # where the row began, and its bytes so far
        reader = csv.reader(self._texts(place), delimiter=self._delimiter)
        header: list[str] = []
        while True:
            place[1] = 0
            try:
                row = next(reader, None)
            except csv.Error:
                yield BAD_CSV, (place[0] - place[1], place[1])
                continue
            if row is None:
                return
            at = place[0] - place[1], place[1]
            if not header:
                header = [name.strip() for name in row]
            elif any(row):
                yield csv_row(header, row, place[1]), at

    def _texts(self, place: list[int]) -> Iterator[str]:
        """Yield each line as text; ``place`` holds where it ends, and the bytes since somebody set that to 0."""
        for line, (offset, length) in self._lines():
            place[0], place[1] = offset + length + 1, place[1] + length + 1
            if line is not None:
                yield line.decode(self.encoding, "replace") + "\n"


def csv_row(header: list[str], row: list[str], length: int) -> dict[str, Any] | Fault:
    """Return a row by its columns, without those that are empty; or what is wrong with it."""
    if length > LINE_MAX:
        return TOO_LONG
    if len(row) != len(header):
        return BAD_ROW
    return {
        name: value for name, value in zip(header, map(str.strip, row), strict=True) if value
    } or BAD_ROW


def json_row(line: bytes) -> dict[str, Any] | Fault:
    """Return the object of a line, or what is wrong with it."""
    fault = fault_of_bytes(line)
    if fault is not None:
        return fault
    try:
        row = msgspec.json.decode(line)
    except UNREADABLE:
        return fault_of_text(line) or NO_JSON
    if not isinstance(row, dict):
        return NO_OBJECT
    if line.count(b'":') != len(row):
        fault = fault_of_text(line)
    return fault or row


def head_of(path: Path, number: int = SAMPLE) -> list[bytes]:
    """Return the first lines of a file that are not blank."""
    found: list[bytes] = []
    for lines in blocks(path):
        if lines.text is not None:
            found += [line for line in lines.text.split(b"\n") if line and not line.isspace()]
        if len(found) >= number:
            break
    return found[:number]


def encoding_of(path: Path) -> str:
    """Return how the letters of a file are written: UTF-8, or as older programs for offices write them."""
    try:
        b"\n".join(head_of(path)).decode()
    except UnicodeDecodeError:
        return "cp1250"
    return "utf-8"


def delimiter_of(path: Path, encoding: str) -> str:
    """Return what stands between two columns: what stands in the first row most often, and in each row as often."""
    lines = [line.decode(encoding, "replace") for line in head_of(path, 20)]
    if not lines:
        return ","
    return max(DELIMITERS, key=lambda sign: (min(line.count(sign) for line in lines) > 0, lines[0].count(sign)))  # fmt: skip
