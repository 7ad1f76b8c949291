"""A world as records, and back. Rule: whoever reads the records goes on exactly where the one who wrote them stood.

people who changed       by number, as bytes; nothing for one who is gone
world                    the clock, the order of stimuli, the place in the ledger, when brakes are looked at
entries/JOURNEY/PIECE    the latest entries of a journey, some in a piece; pieces are written over in a ring
queue/JOURNEY            who waits at its entry brake
holders/HASH             the order of those who hold an address together
also/ID, erased/HASH     ids that lead elsewhere, and when an address was erased
"""

from __future__ import annotations

import json
from collections import deque
from heapq import heapify

import msgspec

from verbline.interpreter.person.encode import (
    from_bytes,
    plain_values,
    real_values,
    to_bytes,
)
from verbline.interpreter.person.mould import head_of
from verbline.interpreter.step.people import trace_of
from verbline.interpreter.step.signals import Start
from verbline.interpreter.step.world import BITS
from verbline.runtime.engine.brief import Brief
from verbline.runtime.engine.world import Entries
from verbline.runtime.moulds import is_brief, moulds_in

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from typing import Any, TypeAlias

    from verbline.interpreter.person.record import Person
    from verbline.runtime.engine.world import Watched
    from verbline.runtime.moulds import Moulds
    from verbline.runtime.store.journal import Loaded

    Records: TypeAlias = dict[int, bytes | None]
    Kept: TypeAlias = dict[str, bytes]

WORLD = "world"
# So many entries are written together, and what marks a name in the store that has nothing any more.
PIECE = 128
GONE = b""
_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.decode


class State:
    """What of a ``world`` is on the disk already, as far as it takes that to know what is new.

    The world is brought to where it was when that was written, and ``brief`` keeps those people who have a mould.
    """

    def __init__(self, world: Watched, loaded: Loaded) -> None:
        self.world = world
        moulds = moulds_in(loaded.kept.items())
        self.brief = Brief(world, moulds)
        self._entries: dict[str, int] = {}
        # Of each queue, the places of the first and behind the last of those who wait, as they were written.
        self._queues: dict[str, tuple[int, int]] = {}
        # What is kept of journeys that are gone, and who waited at their entry brakes.
        self._stale: list[str] = []
        self.away: list[tuple[str, Person, list[Any]]] = []
        self._names: set[str] = set()
        self._also: dict[str, list[str]] = {}
        self._erased: dict[bytes, int] = {}
        self._load(loaded, moulds)

    def changes(self) -> tuple[Records, Kept]:
        """Return what changed since this was asked last: people by number, and what is kept by name."""
        world = self.world
        self.brief.count()
        touched = sorted(world.touched)
        people: Iterable[Any] = map(world.numbered.__getitem__, touched)
        records: Records = {
            number: one[2] if one.__class__ is tuple else None if one is None else to_bytes(one)
            for number, one in zip(touched, people, strict=True)
        }
        world.touched.clear()
        waiting = [(name, world.brakes.served.get(name, 0)) for name in world.brakes.queues]
        told = world.now, world.turn.order, world.turn.said, world.calls, waiting
        kept: Kept = {WORLD: _encode(told), **dict(self.brief.kept())}
        for name in sorted(world.brakes.changed):
            kept.update(self._new_in_queue(name))
        world.brakes.changed.clear()
        world.brakes.mixed.clear()
        kept.update(dict.fromkeys(self._stale, GONE))
        self._stale.clear()
        kept.update(self._new_entries())
        kept.update(self._holders())
        if world.joined:
            world.joined = False
            kept.update(self._ids())
        return records, kept

    def _new_entries(self) -> Iterator[tuple[str, bytes]]:
        """Yield the pieces of entries that are new."""
        for name, entries in self.world.brakes.entries.items():
            assert isinstance(entries, Entries), "a brake counts by itself"
            written = self._entries.get(name, 0)
            if entries.added == written:
                continue
            gone = entries.added - len(entries)
            ring = ring_of(entries)
            for piece in range(max(written, gone) // PIECE, (entries.added - 1) // PIECE + 1):
                first = max(piece * PIECE, gone)
                last = min((piece + 1) * PIECE, entries.added)
                found = [entries[place - gone] for place in range(first, last)]
                yield f"entries/{name}/{piece % ring}", _encode((first, found))
            self._entries[name] = entries.added

    def _new_in_queue(self, name: str) -> Iterator[tuple[str, bytes]]:
        """Yield the pieces of a queue that are new, or over."""
        brakes = self.world.brakes
        queue = brakes.queues.get(name, deque())
        first = brakes.served.get(name, 0)
        end = first + len(queue)
        begun, written = self._queues.get(name, (0, 0))
        same = first if name in brakes.mixed else min(max(written, first), end)
        for piece in range(begun // PIECE, (max(written, end) + PIECE - 1) // PIECE):
            here, behind = max(first, piece * PIECE), min(end, (piece + 1) * PIECE)
            if here >= behind:
                yield f"queue/{name}/{piece}", GONE
            elif behind > same:
                rows = [queue[place - first] for place in range(here, behind)]
                yield f"queue/{name}/{piece}", queue_form(here, rows)
        self._queues[name] = first, end

    def _holders(self) -> Iterator[tuple[str, bytes]]:
        """Yield who holds the addresses together whose holders changed."""
        world = self.world
        for key in sorted(world.shared):
            name = f"holders/{trace_of(key).hex()}"
            holders = world.holders.get(key, ())
            if len(holders) > 1:
                self._names.add(name)
                yield name, _encode([one.number for one in holders])
            elif name in self._names:
                self._names.discard(name)
                yield name, GONE
        world.shared.clear()

    def _ids(self) -> Iterator[tuple[str, bytes]]:
        """Yield which ids lead elsewhere now, and which addresses were erased."""
        world = self.world
        for identity in world.also.keys() | self._also.keys():
            ids = world.also.get(identity)
            if ids != self._also.get(identity):
                yield f"also/{identity}", _encode(ids) if ids is not None else GONE
        self._also = {identity: list(ids) for identity, ids in world.also.items()}
        for trace, at in world.erased.items():
            if self._erased.get(trace) != at:
                yield f"erased/{trace.hex()}", _encode(at)
        self._erased = dict(world.erased)

    # Back

    def _load(self, loaded: Loaded, moulds: Moulds) -> None:
        """Let the world, in which nothing happened yet, be what was written."""
        world, program = self.world, self.world.program
        world.numbered.extend([None] * max(loaded.records, default=0))
        numbered: list[Any] = world.numbered
        for number, content in sorted(loaded.records.items()):
            if is_brief(content):
                mould, due = head_of(content)
                alarm = due << BITS | number if due else 0
                numbered[number] = moulds[mould], alarm, content
                if alarm:
                    world.alarms.append(alarm)
                continue
            person = world.numbered[number] = from_bytes(content, program)
            for identity in (person.id, *person.merged):
                world.people[identity] = person
            for contact in person.contacts:
                world.holders.setdefault(contact.key, []).append(person)
            world.arm(person)
        kept = loaded.kept
        if WORLD in kept:
            world.now, world.turn.order, world.turn.said, calls, waiting = _decode(kept[WORLD])
            for due in calls:
                world.call(due)
            for name, served in waiting:
                world.brakes.served[name] = served
                if name in world.program.journeys:
                    world.brakes.queues[name] = deque()
        heapify(world.alarms)
        self._load_names(kept)
        self._load_brakes(kept)
        world.touched.clear()

    def _load_names(self, kept: Mapping[str, bytes]) -> None:
        world = self.world
        shared = {trace_of(key): key for key, holders in world.holders.items() if len(holders) > 1}
        for name, content in kept.items():
            what, _, rest = name.partition("/")
            if what == "holders":
                self._names.add(name)
                key = shared.get(bytes.fromhex(rest))
                if key is not None:
                    place = {number: order for order, number in enumerate(_decode(content))}
                    world.holders[key].sort(key=lambda one: place[one.number])
            elif what == "also":
                world.also[rest] = _decode(content)
                for identity in world.also[rest]:
                    world.people[identity] = world.people[rest]
            elif what == "erased":
                world.erased[bytes.fromhex(rest)] = _decode(content)
        self._also = {identity: list(ids) for identity, ids in world.also.items()}
        self._erased = dict(world.erased)

    def _load_brakes(self, kept: Mapping[str, bytes]) -> None:
        world, pieces = self.world, dict[str, list[tuple[int, list[int]]]]()
        waiting: dict[str, list[Any]] = {}
        for name, content in kept.items():
            what, _, rest = name.partition("/")
            if what not in ("queue", "entries"):
                continue
            journey = rest.rpartition("/")[0]
            if journey not in world.program.journeys:
                self._stale.append(name)
            if what == "queue":
                waiting.setdefault(journey, []).append(json.loads(content))
            else:
                pieces.setdefault(journey, []).append(_decode(content))
        for name, rows in waiting.items():
            found = waiting_in(world, rows, world.brakes.served.get(name, 0))
            if name in world.program.journeys:
                load_queue(world, name, found)
            else:
                self.away += ((name, person, row) for person, row in found)
        for name in world.brakes.served.keys() - world.program.journeys.keys():
            del world.brakes.served[name]
        for name, queue in world.brakes.queues.items():
            served = world.brakes.served.get(name, 0)
            self._queues[name] = served, served + len(queue)
        for name, parts in pieces.items():
            one = world.program.journeys.get(name)
            if one is not None:
                entries = world.brakes.entries[name] = Entries(maxlen=max(1, one.brake[0]))
                for first, instants in sorted(parts):
                    entries.extend(instants)
                    entries.added = first + len(instants)
                self._entries[name] = entries.added


def ring_of(entries: deque[int]) -> int:
    """Return how many pieces hold all the entries that count."""
    assert entries.maxlen is not None, "a brake counts so many entries"
    return entries.maxlen // PIECE + 2


def queue_form(first: int, rows: Iterable[tuple[Person, Start]]) -> bytes:
    """Return a piece of a queue as bytes; ``first`` is the place of its first."""
    told = [
        (
            person.number, start.moment, plain_values(start.fields), start.happened, start.cause, start.depth, start.whose,
        )
        for person, start in rows
    ]  # fmt: skip
    return json.dumps([first, told]).encode()


def waiting_in(world: Watched, pieces: list[Any], served: int) -> Iterator[tuple[Person, list[Any]]]:  # fmt: skip
    """Yield who waits in the ``pieces`` of a queue, of which so many were ``served``, and for what."""
    for first, rows in sorted(pieces, key=lambda piece: piece[0]):
        for number, *row in rows[max(0, served - first) :]:
            person = world.numbered[number]
            assert person is not None, "whoever waits is there"
            yield person, row


def load_queue(world: Watched, name: str, found: Iterable[tuple[Person, list[Any]]]) -> None:
    """Let those wait at the entry brake of the journey called ``name`` who did."""
    journey, queue = world.program.journeys[name], world.brakes.queues[name]
    for person, (moment, fields, happened, cause, depth, whose) in found:
        start = Start(journey, moment, real_values(fields), happened, tuple(cause), depth)
        start.whose = whose
        queue.append((person, start))
