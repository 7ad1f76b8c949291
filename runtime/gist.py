"""What a first reading has to know of each event. Rule: of most it is whom they name, and nothing else of them is passed on.

    log -> gist, many events at once -> whoever asks who they are about; where that is another process, as bytes

An event that says something about being written to, or is the runtime's own, is passed on whole.
"""

from __future__ import annotations

import marshal
import pickle
from array import array
from typing import Any, NamedTuple, TypeAlias

from verbline.runtime import shares
from verbline.runtime.events import Event
from verbline.runtime.identity.graph import GONE
from verbline.runtime.identity.quick import named
from verbline.runtime.identity.stated import OURS
from verbline.runtime.jotted import OFFSET_BITS
from verbline.runtime.sources import renamed

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from verbline.runtime.log import Counts, Log
    from verbline.runtime.simulate import Simulation

# So many events are passed on at once, or a few more.
TOGETHER = 512
# So many kinds of events are told by number, and so many answers about being written to.
KINDS_MAX, ANSWERS_MAX = 10_000, 4_096
OWN = "verbline."
# What is pickled begins with this, and nothing that marshal has written.
PICKLED = b"\x80"

# What an event names somebody by, by our names; or all of it.
Subject: TypeAlias = "dict[str, Any] | Event"


class Kind(NamedTuple):
    """Events of one type from one source.

    ``fields`` are those that say who somebody is, each by the name it has there and ours; ``names`` those of all fields.
    """

    number: int
    fields: tuple[tuple[str, str], ...]
    names: Mapping[str, str] | None
    is_whole: bool


class Gist:
    """Some events: the number of their kind, where they stand, when they were known, when they happened, whom they name."""

    __slots__ = ("happened", "kinds", "known", "places", "subjects")

    def __init__(self) -> None:
        self.kinds = array("I")
        self.places = array("Q")
        self.known = array("q")
        self.happened = array("q")
        self.subjects: list[Subject] = []


class Gists:
    """The gists of a log. ``kinds`` has the source of each kind, whether a line brought it, and the type."""

    def __init__(self, simulation: Simulation, log: Log) -> None:
        self.simulation, self.log = simulation, log
        feed = simulation.feed
        self._renames, self._system = feed.renames, feed.program.system
        self._said = (*named(feed.graph.links.rules), GONE)
        self._found: dict[tuple[str, str, bool], Kind] = {}
        # When the last line was known, as far as this process has read them.
        self.reached = 0
        self.kinds: list[tuple[str, bool, str]] = []

    def read(self) -> Iterator[Gist]:
        """Yield the gists of all events, in their order."""
        numbers = {file.name: number for number, file in enumerate(self.log.files)}
        gist = Gist()
        for events in self.simulation.within(self.log):
            self._add(events, numbers[events[0].file] << OFFSET_BITS, gist)
            if len(gist.places) >= TOGETHER:
                yield gist
                gist = Gist()
        if gist.places:
            yield gist

    def _add(self, events: Sequence[Event], base: int, gist: Gist) -> None:
        """Add ``events`` of one file, which begins at ``base``."""
        find, subjects = self._found.get, gist.subjects
        kinds, places = gist.kinds, gist.places
        known, happened = gist.known, gist.happened
        for event in events:
            kind = find((event.source, event.type, event.sourced)) or self._kind(event)
            data = event.data
            if kind.is_whole or event.consent:
                if kind.names:
                    event.data = renamed(data, kind.names)
                subjects.append(event)
            else:
                subjects.append({ours: data[name] for name, ours in kind.fields if name in data})
            kinds.append(kind.number)
            places.append(base + event.offset)
            known.append(event.known)
            happened.append(event.happened)

    def _kind(self, event: Event) -> Kind:
        """Return the kind of an event, and keep it."""
        source, code, sourced = event.source, event.type, event.sourced
        names = self._renames.get(self._system(source)) if sourced and self._renames else None
        is_own = source == OURS or code.startswith(OWN)
        is_odd = names is not None and len({*names.values()}) < len(names)
        if len(self.kinds) >= KINDS_MAX:
            return Kind(0, (), names, is_whole=True)
        kind = Kind(len(self.kinds), fields_of(self._said, names or {}), names, is_own or is_odd)
        self.kinds.append((source, sourced, code))
        self._found[source, code, sourced] = kind
        return kind


def fields_of(said: Sequence[str], names: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    """Return under which names an event has the fields ``said``, with ours for them; the last one that is there counts."""
    theirs = {ours: name for name, ours in names.items()}
    found: list[tuple[str, str]] = []
    for field in said:
        if field in theirs:
            found.append((theirs[field], field))
        if field in theirs or field not in names:
            found.append((field, field))
    return tuple(found)


class Packed:
    """Gists as bytes, and back; whoever unpacks them has to be given all, in their order."""

    def __init__(self, gists: Gists) -> None:
        self._gists = gists
        self._told = 0
        # Answers that many events give are passed on once: by the identity of the entries, which live as long as they stand here.
        self._numbers: dict[int, tuple[int, Any]] = {}
        self._answers: list[Any] = []

    def packed(self, gist: Gist) -> bytes:
        """Return a gist as bytes."""
        answers: list[Any] = []
        subjects = [
            one if one.__class__ is dict else self._whole(one, answers)  # type: ignore[arg-type]  # its class says so
            for one in gist.subjects
        ]
        kinds = self._gists.kinds[self._told :]
        self._told += len(kinds)
        columns = (gist.kinds, gist.places, gist.known, gist.happened)
        told = [one.tobytes() for one in columns], subjects, kinds, answers, self._gists.log.counts.read  # fmt: skip
        try:
            return marshal.dumps(told)
        except ValueError:  # a number with a fraction is among them
            return pickle.dumps(told)

    def _whole(self, event: Event, answers: list[Any]) -> tuple[Any, ...]:
        """Return an event as plain values; what it says for the first time about being written to is added to ``answers``."""
        entries: Any = event.consent
        if entries is not None:
            known = self._numbers.get(id(entries))
            if known is not None:
                entries = known[0]
            elif len(self._numbers) < ANSWERS_MAX:
                self._numbers[id(entries)] = len(self._numbers), entries
                answers.append(entries)
                entries = len(self._numbers) - 1
        return (
            event.id, event.type, event.source, event.sourced, event.data, entries, event.known, event.happened, event.file,
            event.offset,
        )  # fmt: skip

    def unpacked(self, told: bytes) -> Gist:
        """Return the gist that was packed."""
        gist = Gist()
        load = pickle.loads if told.startswith(PICKLED) else marshal.loads
        columns, subjects, kinds, answers, read = load(told)
        self._gists.log.counts.read = read
        for column, found in zip((gist.kinds, gist.places, gist.known, gist.happened), columns, strict=True):  # fmt: skip
            column.frombytes(found)
        self._gists.kinds += kinds
        self._answers += answers
        gist.subjects = [one if one.__class__ is dict else self._event(one) for one in subjects]
        return gist

    def _event(self, told: tuple[Any, ...]) -> Event:
        """Return an event that was passed on whole."""
        event_id, code, source, sourced, data, entries, known, happened, file, offset = told
        if entries.__class__ is int:
            entries = self._answers[entries]
        return Event(
            id=event_id, type=code, source=source, sourced=sourced, data=data, consent=entries, known=known, happened=happened,
            file=file, offset=offset,
        )  # fmt: skip


def read_beside(gists: Gists, take: Callable[[Gist], object]) -> None:
    """Let another process read, and ``take`` what it has read; what the reading counts is then known here too."""
    simulation, log, packed = gists.simulation, gists.log, Packed(gists)

    def read(tell: Callable[[bytes], None]) -> Any:
        for gist in gists.read():
            tell(packed.packed(gist))
        seen = simulation.first, simulation.last, simulation.events, simulation.parked
        return seen, counted(log.counts), simulation.world.now

    def taken(told: bytes) -> None:
        gist = packed.unpacked(told)
        log.counts.events += len(gist.places)
        take(gist)

    seen, counts, gists.reached = shares.streamed(read, taken)
    simulation.first, simulation.last, simulation.events, simulation.parked = seen
    for name, value in counts.items():
        setattr(log.counts, name, value)


def counted(counts: Counts) -> dict[str, Any]:
    """Return all that was counted, by name."""
    return {name: getattr(counts, name) for name in counts.__slots__}
