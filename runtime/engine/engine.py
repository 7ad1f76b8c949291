"""One project at work on one store. Rule: a batch is one transaction, and what it leaves in memory is what it wrote.

    lines -> new? -> who it is -> what was said -> what happens -> records, trace, what is to leave, places

Should a batch fail, this is thrown away with all that it remembers, and made again from the store.
"""

from __future__ import annotations

from bisect import bisect_right
from contextlib import contextmanager
from functools import partial

import msgspec

from verbline.interpreter.step.world import BITS
from verbline.runtime.answers import DESK, QUESTION, Answers
from verbline.runtime.engine.counting import Counting
from verbline.runtime.engine.ids import Ids
from verbline.runtime.engine.metered import traces_of
from verbline.runtime.engine.parking import FAILED, PARK, THERE, Words, record_of, record_of_drop
from verbline.runtime.engine.pending import Jotting, Pending
from verbline.runtime.engine.reading import Files, places_of
from verbline.runtime.engine.recorded import Recorded
from verbline.runtime.engine.state import State
from verbline.runtime.engine.usual import usual
from verbline.runtime.engine.world import Watched
from verbline.runtime.events import Parked
from verbline.runtime.identity.graph import Identity
from verbline.runtime.identity.rules import rules_of
from verbline.runtime.leaving.rows import DECIDED
from verbline.runtime.leaving.same import Desks
from verbline.runtime.seen import CONFLICT
from verbline.runtime.store.damage import understood
from verbline.runtime.uptake.stored import is_known, take_over

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from typing import Any

    from verbline.interpreter.person.record import Visit
    from verbline.interpreter.program.parts import Journey
    from verbline.interpreter.step.steps import Step
    from verbline.interpreter.step.turn import Turn
    from verbline.runtime.engine.disk import Work
    from verbline.runtime.engine.given import Given
    from verbline.runtime.engine.opened import Store
    from verbline.runtime.engine.reading import Stretch
    from verbline.runtime.events import Event
    from verbline.runtime.leaving.leaving import Leaving

# So many events and timers are handled together at the most.
TOGETHER = 5_000
_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.decode
LAST = "last"
FOLDED = 32  # so many batches are brought to the rows of the people at a time
# Somebody was erased, and the file is still to be written anew without them.
REWRITE = "rewrite"


class Engine:
    """See the module. ``counts`` are sums over the life of the store, by name; ``room`` is how much fits into this batch."""

    def __init__(
        self, store: Store, given: Given, leaving: Leaving | None = None, files: Files | None = None
    ) -> None:
        self.store, self.given, self.leaving = store, given, leaving
        program = given.program
        self.world = Watched(program, self._sink)
        with understood(store.path, "record"):
            loaded = store.journal.load()
            self.state = State(self.world, loaded)
        self.kept = loaded.kept
        store.ledger.forget()
        graph = Jotting(store.writer.connection)
        identity = Identity(rules_of(given.project), graph)
        self.feed = Recorded(given, identity, self.world, store.ledger)
        self.feed.own = self._own
        # Who follows what an operator decided about what was to leave, or is parked.
        self.heed: Callable[[Event, int], object] = lambda _event, _now: None
        if leaving is not None:
            self.feed.asking = partial(leaving.ask, Desks(program.language, self.known_by))
        self.answers = Answers(self.world)
        self.answers.recall()
        self.files = files or Files(given.log)
        with understood(store.path, "kept"):
            self.files.restore(places_of(loaded.kept, _decode))
            # When the last event was known that happened.
            self.last: int | None = self.value(LAST)
        self.ids = Ids(store.writer.connection, self.files.again)
        with store.writer.writing() as connection:
            self.pending = Pending(connection, self.ids, graph)
        with understood(store.path, "trace_term"):
            self.traces = traces_of(store.writer, program.folder, given.metrics)
        self.words = Words(self)
        with understood(store.path, "kept"):
            self._counting = Counting(loaded.kept, self.feed, self.ids)
        self.counts = self._counting.found
        self.feed.brief = usual(self.feed, self.state.brief, self.traces, self.counts, leaving)
        self.room = TOGETHER
        self._also: dict[str, bytes] = {}

    # One batch

    @contextmanager
    def batch(self, then: Work = bool, sure: Work = bool, meanwhile: Work = bool) -> Iterator[None]:
        """Let what happens inside be on the disk together with what follows from it, ``then`` once it is known what that is.

        ``sure`` comes before anything leaves, ``meanwhile`` before the disk is waited for.
        """
        self.room = TOGETHER
        with self.store.writer.writing():
            yield
            then()
            self._write()
            meanwhile()
        sure()
        if self.leaving is not None:
            self.leaving.done()
        self.traces.done()

    def keep(self, name: str, value: object) -> None:
        """Keep a value under a name, with this batch."""
        self._also[name] = _encode(value)

    def take_over(self) -> None:
        """Let what is new in the program take effect for those who are there, inside a batch."""
        if self.given.taken is not None:
            take_over(self, self.given.taken)

    @property
    def is_taken(self) -> bool:
        """Whether the program is the one that was taken up last."""
        taken = self.given.taken
        return taken is None or is_known(self, taken)

    def value(self, name: str) -> Any:
        """Return what is kept under a name; None where nothing is."""
        with understood(self.store.path, "kept"):
            return _decode(self.kept[name]) if name in self.kept else None

    def _write(self) -> None:
        self.feed.recorder.write()
        self.pending.write()
        forgotten = self.feed.operators.forgotten
        if forgotten:
            # To whose lines were overwritten nothing ever happened.
            met = (self.world.people.get(f"P{one}") for one in forgotten)
            self.traces.forget(name for one in met if one for name in (one.id, *one.merged))
            self.keep(REWRITE, True)  # noqa: FBT003 - a value
            forgotten.clear()
        records, kept = self.state.changes()
        for number in self.files.changed:
            kept[f"place/{number}"] = _encode(self.files.places[number])
        self.files.changed.clear()
        kept.update(self._counting.changed())
        kept[LAST] = _encode(self.last)
        kept.update(self._also)
        self.kept.update(self._also)
        self._also = {}
        self.traces.write()
        self.store.journal.add(records, kept)
        if self.leaving is not None:  # made ready while the disk is waited for
            self.leaving.write(self.world.now, is_one=self.room >= TOGETHER - 1)

    def fold(self, most: int) -> int:
        """Move some of what was written in batches to where it is found by person; return how many were moved."""
        return self.store.journal.fold(most) + self.traces.fold(most)

    def settle(self) -> None:
        """Bring all that was written in batches to where it is found by itself, and leave nothing of who was erased."""
        with self.store.writer.writing():
            self.pending.settle()
        while self.fold(FOLDED):
            pass
        if self.value(REWRITE) and self.store.rewrite():
            with self.batch():
                self.keep(REWRITE, False)  # noqa: FBT003 - a value

    # What happens

    def take(self, stretch: Stretch) -> Stretch | None:
        """Let happen what some lines say, each at its time; return those for which this batch has no room."""
        for piece in self.ids.new(stretch.items, stretch.file):
            left: Event | Parked | None
            if isinstance(piece, Parked):
                left = None if self.park(piece, stretch.file) else piece
            else:
                left = self._happen(piece)
            if left is not None:
                offset = left.offset
                self.ids.back(stretch.file, offset)
                rest = [one for one in stretch.items if one.offset >= offset]
                self.files.moved(self.files.before(stretch.file, rest[0]))
                return stretch._replace(items=rest)
        if stretch.place is not None:
            self.files.moved(stretch.place)
        return None

    def _happen(self, events: Sequence[Event]) -> Event | None:
        """Let ``events`` happen, each at its time, and return the first for which this batch has no room."""
        first, known, alarms = 0, [one.known for one in events], self.world.alarms
        while first < len(known):
            at = known[first]
            if alarms and alarms[0] < at << BITS:
                self.room -= self.world.fire_some(at, self.room)
                if self.room <= 0:
                    return events[first]
                continue
            behind = bisect_right(known, alarms[0] >> BITS, first) if alarms else len(known)
            self.feed.take(events[first:behind])
            self.counts["events"] += behind - first
            self.last = known[behind - 1]
            self.room, first = self.room - behind + first, behind
        return None

    def park(self, parked: Parked, file: int) -> bool:
        """Take note of a line that is no event; return no where this batch has no room for what is due before it."""
        world = self.world
        if not self.fire(parked.known):
            return False
        world.until(max(parked.known, world.now))
        connection = self.store.writer.connection
        if connection.execute(THERE, (file, parked.offset)).fetchone():
            return True  # torn, as it was when it was told
        if parked.fault is CONFLICT:
            parked.length = self.files.length(file, parked.offset)
        connection.execute(PARK, (parked.file, parked.offset, parked.length, parked.known, parked.fault.reason, file))  # fmt: skip
        self.counts[f"parked {parked.fault.reason}"] += 1
        self.traces.take(record_of(parked, world.now))
        self.room -= 1
        return True

    def fire(self, until: int) -> bool:
        """Let what is due before ``until`` fall due; return whether this batch had room for all of it."""
        while (due := self.world.next_due()) is not None and due < until:
            if self.room <= 0:
                return False
            self.room -= self.world.fire_some(until, self.room)
        return True

    def set_aside(self, one: Stretch) -> None:
        """Park a line that made the engine fail."""
        item = one.items[0]
        for _ in self.ids.new(one.items, one.file):
            pass  # its id is noted
        length = self.files.length(one.file, item.offset)
        self.park(Parked(FAILED, item.file, item.offset, length, item.known), one.file)
        if one.place is not None:
            self.files.moved(one.place)

    def drop(self) -> int:
        """Drop the next timer, which made the engine fail; return the number of the person, 0 for an entry brake."""
        number = self.world.drop_next()
        self.traces.take(record_of_drop(number, self.world.now))
        self.counts["timers dropped"] += 1
        return number

    def reach(self, now: int) -> bool:
        """Move the clock to ``now``, with all that is due then; return whether this batch had room for that."""
        if not self.fire(now + 1):
            return False
        self.world.now = max(self.world.now, now)
        return True

    def _sink(  # noqa: PLR0917 - a sink is called with these, in this order
        self,
        turn: Turn,
        journey: Journey | None,
        visit: Visit | None,
        step: Step | None,
        kind: str,
        verdict: str,
        reason: str,
        more: dict[str, Any],
    ) -> None:
        if visit is not None and (kind == "task" or kind == "wait"):
            self.answers.note(visit, step, kind, verdict, more)
        if self.leaving is not None:
            self.leaving.take(turn, journey, visit, step, kind, verdict, reason, more)
        self.counts[f"told {kind} {verdict}"] += 1
        self.traces.tell(turn, journey, visit, step, kind, verdict, reason, more)

    def _own(self, event: Event, number: int | None) -> None:
        """Take an event of the runtime's own that is no moment."""
        if event.type in (DESK, QUESTION):
            self.world.until(event.known)
            self.counts["vain"] += not self.answers.recorded(event, number)
        elif event.type == DECIDED:
            if not self.words.heed(event):
                self.heed(event, self.world.now)
        else:
            self.feed.heard_of(event)

    def known_by(self, number: int) -> list[tuple[str, str]]:
        """Return what somebody is known by, as (kind, value)."""
        store = self.feed.graph.store
        return [store.ident(ident) for _kind, ident in store.held(number)]
