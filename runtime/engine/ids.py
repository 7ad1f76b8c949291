"""Which events were there before. Rule: an id is noted with the place of its line, in the transaction that handles the event.

The same event again changes nothing; another event under its id is parked. What has the same hash is read again from its
line and compared in full, so no answer depends on a hash alone.
"""

from __future__ import annotations

from typing import cast

from verbline.runtime.event_ids import mark_of, marks_of
from verbline.runtime.events import Parked
from verbline.runtime.seen import is_again, sifted
from verbline.runtime.standing import OFFSET, OFFSET_BITS
from verbline.runtime.store.runs import Runs

TYPE_CHECKING = False
if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from verbline.runtime.events import Event, Item

# So many ids are asked about at once.
ASKED = 250
# Once so many are in the table, they become a run of their own: the table is in no order, and stays small.
MOST = 1 << 16


class Ids:
    """The ids of a log. ``again`` returns the event at an offset of a file, by its number; ``duplicates`` counts."""

    def __init__(
        self, connection: sqlite3.Connection, again: Callable[[int, int], Event | None]
    ) -> None:
        self.duplicates = 0
        self._connection = connection
        self._again = again
        self._fresh: dict[int, int] = {}
        # Those of batches that were written, and are not in the table yet.
        self._recent: dict[int, int] = {}
        self._old: list[int] = []
        self._runs: Runs
        # How many are in the table, and in no run.
        self._tabled = 0

    def begin(self) -> None:
        """Learn how what is known is kept, inside a transaction."""
        self._runs = Runs(self._connection)
        (self._tabled,) = self._connection.execute("select count(*) from event_id").fetchone()

    def new(self, items: list[Item], number: int) -> Iterator[list[Event] | Parked]:
        """Yield the events of ``items`` that were not there before, and apart from them, each at its place, what is parked."""
        self._old.clear()
        events = cast("list[Event]", items)
        if Parked in set(map(type, items)):
            events = [item for item in items if not isinstance(item, Parked)]
        marks = marks_of(events)
        known = self._known(marks)
        if events is items and not known and self._are_new(events, number, marks):
            yield events
            return
        by_event = dict(zip(map(id, events), marks, strict=True))
        yield from sifted(
            items, lambda event: self._was_there(event, number, by_event[id(event)], known), self
        )

    def _are_new(self, events: list[Event], number: int, marks: Sequence[int]) -> bool:
        """Return whether events that are not in the store are all new, as nearly always; then they are noted."""
        fresh, recent = self._fresh.keys(), self._recent.keys()
        if not (fresh.isdisjoint(marks) and recent.isdisjoint(marks)):
            return False
        first = number << OFFSET_BITS
        noted = dict(zip(marks, [first | event.offset for event in events], strict=True))
        if len(noted) < len(marks):
            return False
        self._fresh.update(noted)
        return True

    def _known(self, marks: Sequence[int]) -> dict[int, int]:
        """Return the places of those that are in the store."""
        found = self._runs.find(marks)
        for first in range(0, len(marks), ASKED) if self._tabled else ():
            some = marks[first : first + ASKED]
            signs = ",".join("?" * len(some))
            query = f"select mark, place from event_id where mark in ({signs})"  # noqa: S608 - question marks
            found.update(self._connection.execute(query, some).fetchall())
        return found

    def _was_there(
        self, event: Event, number: int, mark: int, known: dict[int, int]
    ) -> bool | None:
        """Return whether an event was there before, saying the same; None for one that is new, which is then noted."""
        place = self._fresh.get(mark) or self._recent.get(mark) or known.get(mark, 0)
        if not place:
            self._fresh[mark] = number << OFFSET_BITS | event.offset
            return None
        is_same = is_again(event, self._again(place >> OFFSET_BITS, place & OFFSET))
        if is_same:
            self._old.append(event.offset)
        return is_same

    def again(self, event: Event, number: int) -> bool | None:
        """Return the same as `_was_there` of an event that comes now, though its line is an older one."""
        mark = mark_of(event)
        is_same = self._was_there(event, number, mark, self._known([mark]))
        if is_same:
            self._old.pop()  # it is none of those that `back` may take back
        return is_same

    def back(self, number: int, offset: int) -> None:
        """Forget again what `new` was given last of a file from ``offset`` on."""
        first, last = number << OFFSET_BITS | offset, number << OFFSET_BITS | OFFSET
        self._fresh = {
            mark: place for mark, place in self._fresh.items() if not first <= place <= last
        }
        self.duplicates -= sum(one >= offset for one in self._old)

    def done(self) -> list[tuple[int, int]]:
        """Return those that are new since this was asked last."""
        fresh = list(self._fresh.items())
        self._recent.update(self._fresh)
        self._fresh.clear()
        return fresh

    def recall(self, marks: Iterable[tuple[int, int]]) -> None:
        """Know again what `done` told."""
        self._recent.update(marks)

    def write(self) -> None:
        """Write all that are not in the table yet, inside the transaction of the caller."""
        self.done()
        many = self._tabled + len(self._recent) >= MOST
        if many and self._tabled:
            self._recent.update(self._connection.execute("select mark, place from event_id"))
            self._connection.execute("delete from event_id")
        # In their order, so that neighbours in the table are written together.
        marks = sorted(self._recent)
        places = list(map(self._recent.__getitem__, marks))
        if many:
            self._runs.add(marks, places)
            self._tabled = 0
        else:
            rows = zip(marks, places, strict=True)
            self._connection.executemany("insert or ignore into event_id values (?, ?)", rows)
            self._tabled += len(marks)
        self._recent.clear()
