"""The lines of a log that are about somebody who is erased. Rule: what they say is overwritten in place; no byte moves.

The name of the event, its source, its type and its time stay, so that offsets, duplicates and order are what they were. Where an
event gave somebody a number, the number stays empty when the log is read again, and everybody else keeps theirs. What
operators said keeps which people it names, by their numbers.
"""

from __future__ import annotations

import json
import os
from contextlib import contextmanager
from typing import NamedTuple

from verbline.runtime.decode import Decoder
from verbline.runtime.events import Parked
from verbline.runtime.follow.overwritten import Patch, changes, events_of
from verbline.runtime.identity.graph import GONE
from verbline.runtime.lines import LogError, blocks, line_at, told
from verbline.runtime.log import files_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence
    from pathlib import Path
    from typing import Any

    from verbline.runtime.events import Event, Item

# What stays of an event, in this order, and what stays of what operators say.
KEPT = ("specversion", "id", "source", "type", "time")
OPERATORS = ("verbline.merge", "verbline.split", "verbline.person.")
NAMED = ("person", "people", "apart", "by", "marks")


class Line(NamedTuple):
    """A line of a log: its file, where it begins and how long it is, in bytes; ``born`` says how many numbers it gave.

    One that is not ``theirs`` is about somebody else, and mentions an address.
    """

    file: Path
    offset: int
    length: int
    born: int
    theirs: bool


class Search:
    """Finds the lines about somebody: ``numbers`` are all they have had, ``words`` what nobody else is found by.

    `met` is told of every event of the log, in its order; then `lines` reads the files once more, for what was there twice
    or could not be read.
    """

    def __init__(self, numbers: Collection[int], words: Collection[str]) -> None:
        self._numbers = frozenset(numbers)
        self._words = [word.lower().encode() for word in words if word]
        self._people = frozenset(f"P{one}" for one in numbers)
        self._found: dict[tuple[str, str], int] = {}
        self._last = 0

    def met(self, event: Event, number: int, people: int) -> None:
        """Take an event about the person ``number``, after which so many ``people`` have been there."""
        born, self._last = people - self._last, people
        if number in self._numbers or self._names(event):
            self._found[event.source, event.id] = born

    def _names(self, event: Event) -> bool:
        """Return whether an operator speaks of the person."""
        if not event.type.startswith(OPERATORS):
            return False
        listed = event.data.get("people")
        named = [
            event.data.get("person"),
            event.data.get("apart"),
            *(listed if isinstance(listed, list) else ()),
        ]
        return any(isinstance(one, str) and one in self._people for one in named)

    def lines(self, log: Path) -> Iterator[Line]:
        """Yield the lines about the person, and those that mention an address of theirs."""
        for file in files_of(log):
            decoder = Decoder()
            for block in blocks(file):
                text = block.text if block.text is not None else line_at(file, block.offset)
                texts = dict(places(text, block.offset))
                for item in decoder.events(text, file.name, block.offset):
                    found = self._line(file, item, texts[item.offset])
                    if found is not None:
                        yield found

    def _line(self, file: Path, item: Item, text: bytes) -> Line | None:
        if isinstance(item, Parked):
            return Line(file, item.offset, len(text), 0, theirs=True) if self._mentions(text) else None  # fmt: skip
        born = self._found.get((item.source, item.id))
        if born is not None:
            return Line(file, item.offset, len(text), born, theirs=True)
        return Line(file, item.offset, len(text), 0, theirs=False) if self._mentions(text) else None  # fmt: skip

    def _mentions(self, text: bytes) -> bool:
        small = text.lower()
        return any(word in small for word in self._words)


def places(text: bytes, offset: int) -> Iterator[tuple[int, bytes]]:
    """Yield the lines of ``text``, which begins at ``offset``, with their places."""
    for line in text.split(b"\n"):
        yield offset, line
        offset += len(line) + 1


def announced(lines: Sequence[Line], at: int) -> list[dict[str, Any]]:
    """Return the events by which whoever reads the files of ``lines`` knows them again, said at ``at`` before `overwrite`."""
    pairs: list[tuple[str, str]] = []
    for file, some in by_file(lines).items():
        with written(file, os.O_RDONLY) as descriptor:
            pairs += changes(descriptor, [patch_of(descriptor, one) for one in some])
    return list(events_of(pairs, at))


def overwrite(lines: Sequence[Line]) -> None:
    """Overwrite what each of ``lines`` says; `LogError` where a file cannot be written."""
    for file, some in by_file(lines).items():
        with written(file, os.O_RDWR) as descriptor:
            for line in some:
                place, text = patch_of(descriptor, line)
                rest = memoryview(text)
                while rest:
                    size = os.pwrite(descriptor, rest, place)
                    rest, place = rest[size:], place + size
            os.fsync(descriptor)


def by_file(lines: Sequence[Line]) -> dict[Path, list[Line]]:
    """Return lines by the file that they stand in, in their order."""
    found: dict[Path, list[Line]] = {}
    for line in lines:
        found.setdefault(line.file, []).append(line)
    return found


@contextmanager
def written(file: Path, flags: int) -> Iterator[int]:
    """Open a file that is to be overwritten; what fails is a `LogError`."""
    try:
        descriptor = os.open(file, flags | os.O_CLOEXEC)
        try:
            yield descriptor
        finally:
            os.close(descriptor)
    except OSError as error:
        raise LogError(told(file, error, "written")) from error


def patch_of(descriptor: int, line: Line) -> Patch:
    """Return what a line says afterwards, and where it stands."""
    text = os.pread(descriptor, line.length, line.offset)
    return Patch(line.offset, blanked(text, line.born))


def blanked(text: bytes, born: int) -> bytes:
    """Return a line of the same length that says only which event it was; blanks where it was no event."""
    end = b"\r" if text.endswith(b"\r") else b""
    try:
        event = json.loads(text)
    except ValueError:
        return b" " * (len(text) - len(end)) + end
    rest = rest_of(event, born)
    if "data" not in event and not born:
        del rest["data"]
    kept = json.dumps(rest, ensure_ascii=False, separators=(",", ":")).encode()
    assert len(kept) + len(end) <= len(text), "nothing is added but a number, where a name was"
    return kept + b" " * (len(text) - len(kept) - len(end)) + end


def rest_of(event: Mapping[str, Any], born: int) -> dict[str, Any]:
    """Return what stays of an event."""
    data: dict[str, Any] = {}
    if str(event.get("type", "")).startswith(OPERATORS) and isinstance(event.get("data"), dict):
        data = {name: event["data"][name] for name in NAMED if name in event["data"]}
    if born:
        data[GONE] = born
    return {**{name: event[name] for name in KEPT if name in event}, "data": data}
