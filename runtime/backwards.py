"""The end of a log. Rule: it is read backwards, no further than what is looked for can stand."""

from __future__ import annotations

from verbline.runtime.decode import Decoder
from verbline.runtime.events import Event
from verbline.runtime.lines import LINE_MAX, read, size_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

    from verbline.interpreter.program.program import Program

SIZE = 1 << 18


class Wanted:
    """So many of a moment, not before ``since``. ``came`` are the instants found, by the source and the id of the event."""

    def __init__(self, number: int, since: int) -> None:
        self.number = number
        self.since = since
        self.came: dict[tuple[str, str], int] = {}

    @property
    def is_met(self) -> bool:
        """Whether there are enough."""
        return len(self.came) >= self.number


def came(files: Iterable[Path], program: Program, wanted: Mapping[str, Wanted], now: int) -> int:
    """Find the latest events of the moments that are ``wanted`` by name, and return behind which instant all are known. `LogError`."""
    first = min((one.since for one in wanted.values()), default=now)
    begun, is_cut = now, False
    for path in files:
        for events in backwards(path):
            if all(one.is_met for one in wanted.values()):
                return first
            for event in events:
                take(event, program, wanted, now)
            happened = [min(event.happened, now) for event in events]
            begun = min(begun, *happened)
            # Some lines come late; what is all before that lies behind.
            if happened and max(happened) < first:
                is_cut = True
                break
    return first - 1 if is_cut else begun


def take(event: Event, program: Program, wanted: Mapping[str, Wanted], now: int) -> None:
    """Note an event that is wanted."""
    source = event.source if event.sourced else ""
    at = min(event.happened, now)
    for moment in program.moments_of(source, event.type):
        one = wanted.get(moment.name)
        if one is not None and at >= one.since and not one.is_met:
            one.came[event.source, event.id] = at


def backwards(path: Path) -> Iterator[list[Event]]:
    """Yield the events of a file, the last ones first, some at a time in the order of the file."""
    decoder = Decoder()
    for offset, text in texts(path):
        found = decoder.events(text, path.name, offset)
        yield [one for one in found if isinstance(one, Event)]


def texts(path: Path, size: int = SIZE) -> Iterator[tuple[int, bytes]]:
    """Yield whole lines of a file with their offset, the last ones first, about ``size`` bytes at a time."""
    position, rest = size_of(path), b""
    while position:
        start = max(0, position - size)
        piece = read(path, start, position - start) + rest
        position = start
        cut = piece.find(b"\n") if start else -1
        if start and cut < 0:
            rest = piece if len(piece) <= LINE_MAX else b""  # of one that is too long nothing comes
            continue
        rest = piece[:cut] if start else b""
        if text := piece[cut + 1 :].removesuffix(b"\n"):
            yield start + cut + 1, text
