"""What was handled when, in the runtime's own log. Rule: a batch has its receipt on the disk before anything leaves for it.

    {"receipt": {"number": 7, "epoch": 2, "at": 1773129600000,
                 "files": {"3": ["booking.jsonl", "9f86d0…"]},
                 "lines": [[3, 0, 512, 1773129600000], [3, 512, 900, 1773129600010, [[700, 1773129600010]]]]}}

So that whoever makes the store again meets the same lines in the same order, known at the same instants. Lines are those of
a file between two offsets. Behind these stands the instant at which all of them were known, where they were read as they came;
or the instant of the first, with those lines apart that were not known at their own time. ``at`` is how far timers have fallen
due by the clock, where some did. A batch that failed before it counted leaves a receipt too; the next one bears its number, and a higher epoch.
"""

from __future__ import annotations

import json
from functools import partial
from hashlib import sha256
from operator import attrgetter
from typing import Any, NamedTuple

import msgspec

from verbline.runtime.engine.disk import Disk
from verbline.runtime.events import Parked, milliseconds
from verbline.runtime.leaving.own_lines import ids_at_end
from verbline.runtime.own import Own, line_of, own_event, synced

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from verbline.interpreter.program.program import Program
    from verbline.runtime.engine.engine import Engine
    from verbline.runtime.engine.reading import Files, Stretch
    from verbline.runtime.events import Item
    from verbline.runtime.leaving.leaving import Leaving

RECEIPT = "verbline.receipt"
MARK = b'"type":"verbline.receipt"'
# By what names the last receipts are kept in a store, each in one of some places, how many there are, and up to which number
# all of them are known to be in the log.
PLACE, NUMBER, TOLD = "receipt/{}", "receipts", "receipts told"
# So many receipts are held at the most, unless the disk fails; then there are places for so many.
HELD_MAX, PLACES = 16, 32
KNOWN = attrgetter("known")
_encode = msgspec.json.Encoder().encode
# So much of its first line is what a file is known by.
FIRST_LINE = 1024


class Held(NamedTuple):
    """A receipt, by its id, as a line of the log."""

    id: str
    line: bytes


class Receipts:
    """The receipts of one run. ``number`` is that of the last batch that counts, ``epoch`` that of the run.

    ``held`` are those that may be missing in the log at ``own``, that of the batch in hand among them once it is written;
    ``may_hold`` says that those may be held of batches from which nothing leaves; then the log is held open too.
    """

    def __init__(self, own: Path, files: Files, epoch: int) -> None:
        self.own = own
        self.number = 0
        self._files = files
        self._epoch = epoch
        self._told: set[int] = set()
        self._last, self._tried = -1, 0
        self._lines: list[list[Any]] = []
        self._apart: list[list[int]] = []
        self._versions: dict[str, str] = {}
        self._event: dict[str, Any] = {}
        self.held: list[Held] = []
        self.may_hold = False
        self._file = Own(own)
        self._disk = Disk("receipts")

    def recall(self, engine: Engine) -> None:
        """Know again what the store knows."""
        self.number = engine.value(NUMBER) or 0
        missing = range((engine.value(TOLD) or 0) + 1, self.number + 1)
        self.held = [held(engine.value(PLACE.format(one % PLACES))) for one in missing]

    def keep(self, engine: Engine, event: dict[str, Any]) -> None:
        """Let the store know it, with the batch in hand."""
        number = self.number + 1
        engine.keep(PLACE.format(number % PLACES), event)
        engine.keep(NUMBER, number)
        engine.keep(TOLD, self.number - len(self.held))

    def put_right(self) -> None:
        """Append what the store holds to the log, where it is not there."""
        there = ids_at_end(self.own) if self.held else set()
        self.held = [one for one in self.held if one.id not in there]
        self.flush()

    def begin(self) -> None:
        """Begin the receipt of a batch."""
        self._disk.end()  # of one that has failed meanwhile
        self._lines, self._apart, self._versions, self._event = [], [], {}, {}

    def lines(self, stretch: Stretch, start: int, end: int) -> None:
        """Note that the lines of ``stretch`` between two offsets were handled."""
        if end <= start:
            return
        items = [one for one in stretch.items if start <= one.offset < end]
        row = [stretch.file, start, end, *when(items)]
        last = self._lines[-1] if self._lines else None
        if last and last[0] == row[0] and last[2] == start and len(last) == len(row) == 4 and last[3] == row[3]:  # fmt: skip
            last[2] = end
        else:
            self._lines.append(row)

    def apart(self, file: int, offset: int) -> None:
        """Note that a line was set aside, since it made the engine fail."""
        self._apart.append([file, offset])

    def versions(self, program: Program) -> None:
        """Note which versions of the journeys begin to run."""
        self._versions = {name: one.version for name, one in program.journeys.items()}

    def event(self, at: int | None, now: int) -> dict[str, Any]:
        """Return the receipt; ``at`` is up to when timers have fallen due by the clock, if any did, which shows ``now``."""
        used = dict.fromkeys(row[0] for row in (*self._lines, *self._apart))
        fresh = [file for file in used if file not in self._told]
        told: dict[str, Any] = {"number": self.number + 1, "epoch": self._epoch}
        if at is not None:
            told["at"] = at
        if fresh:
            told["files"] = {str(file): self._name(file) for file in fresh}
        more = {"lines": self._lines, "apart": self._apart, "versions": self._versions}
        told |= {name: found for name, found in more.items() if found}
        # A batch that failed and is tried again leaves another one.
        self._tried = self._tried + 1 if self._last == self.number else 0
        self._last = self.number
        again = f".{self._tried}" if self._tried else ""
        key = f"receipt/{self.number + 1}/{self._epoch}{again}"
        self._event = own_event(RECEIPT, now, {"receipt": told}, key)
        return self._event

    def _name(self, file: int) -> list[str]:
        """Return by what a file is known again."""
        path = self._files.file(file)
        return [self._files.places[file].name, print_of(path)]

    def write(self, leaving: Leaving | None) -> None:
        """Write the receipt, and those that are held; where nothing is ``leaving`` and they may be held, only once they are many.

        The disk is waited for while the rest of the batch is written: `wait` ends that.
        """
        is_any = leaving is not None and leaving.is_any
        if leaving is not None and is_any:
            leaving.render()  # where that cannot be done now there is no batch
        self.held.append(held(self._event))
        if len(self.held) >= PLACES:
            self.flush()
        elif is_any or not self.may_hold or len(self.held) > HELD_MAX:
            self._append(self._begin)

    def wait(self) -> None:
        """Wait until those are on the disk that were written; where it has failed, they are written again, and held till then."""
        if self._disk.end():
            self.held.clear()
        if not self.may_hold:
            self.close()

    def _append(self, wait: Callable[[int], object]) -> None:
        self._file.append(b"".join([one.line for one in self.held]), wait)

    def _begin(self, descriptor: int) -> None:
        """Let the disk take what was written."""
        self._disk.begin(partial(synced, descriptor))

    def flush(self) -> None:
        """Put those on the disk that are held."""
        if self.held:
            self._append(synced)
            self.held.clear()
        if not self.may_hold:
            self.close()

    def close(self) -> None:
        """Let go of the log."""
        self._disk.end()
        self._file.close()

    def done(self) -> None:
        """Go on to the next: the batch counts."""
        self.number += 1
        self._told.update(int(file) for file in self._event["data"]["receipt"].get("files", ()))


def held(receipt: dict[str, Any]) -> Held:
    """Return a receipt as a line of the log."""
    try:
        line = _encode(receipt) + b"\n"
    except UnicodeEncodeError:
        line = line_of(receipt)  # a file is called by half a letter
    return Held(receipt["id"], line)


def when(items: list[Item]) -> Iterator[Any]:
    """Yield when some lines were known: one instant for all, or that of the first, and of those that do not follow from it."""
    known = list(map(KNOWN, items))
    if known.count(known[0]) == len(known):
        yield known[0]
        return
    apart, at = [], known[0]
    yield at
    for one, instant in zip(items, known, strict=True):
        if isinstance(one, Parked):
            continue
        at = max(at, milliseconds(one.stamp))
        if instant != at:
            at = instant
            apart.append([one.offset, at])
    yield apart


def print_of(path: Path) -> str:
    """Return a hash of the beginning of the first line of a file."""
    with path.open("rb") as file:
        first = file.read(FIRST_LINE).split(b"\n", 1)[0]
    return sha256(first).hexdigest()[:16]


def receipts_in(own: Path) -> dict[int, dict[str, Any]]:
    """Return the events of receipts in the runtime's own log by number, each that of the last run that wrote it."""
    found: dict[int, dict[str, Any]] = {}
    if not own.is_file():
        return found
    with own.open("rb") as file:
        for line in file:
            if MARK in line and line.endswith(b"\n"):
                try:
                    event = json.loads(line)
                    told = event["data"]["receipt"]
                except (ValueError, LookupError):
                    continue  # torn by a loss of power: its batch has left another one, or nothing
                known = found.get(told["number"])
                if known is None or known["data"]["receipt"]["epoch"] <= told["epoch"]:
                    found[told["number"]] = event
    return found


def has_receipts(own: Path) -> bool:
    """Return whether the log was read by a runtime before."""
    if not own.is_file():
        return False
    with own.open("rb") as file:
        return any(MARK in line for line in file)
