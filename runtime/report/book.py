"""What is noted of a run. Rule: nothing here can act, and what is noted of shares of the people adds up to what is noted of all."""

from __future__ import annotations

from operator import attrgetter, itemgetter
from typing import Any, TypeAlias

from verbline.runtime.pictures.walking import Walks

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from verbline.runtime.report.noted import Handed, Left, Sent

# When it happened, when it became known, the person's number, and the values of the fields that are kept, in their order.
Happening: TypeAlias = "tuple[int, int, int, tuple[Any, ...]]"

ORDER = itemgetter(0, 1, 2)
BY_TIME = attrgetter("at", "person")


class Book:
    """See the module.

    ``moments`` holds the happenings of each watched moment, ``raised`` those that journeys raised, with the ``values`` of each
    by its key; ``entries`` and ``labels`` (instant, person) by journey and label, ``draws`` by experiment the first arm of each
    person with its instant. ``left`` are messages that were not sent, ``walks`` counts the ways that people went from ``start``
    on; ``handed`` and ``bounced`` are what channels said by the key of the message, each with when it was known.
    """

    def __init__(self, watched: Iterable[str], start: int | None = None) -> None:
        self.moments: dict[str, list[Happening]] = {name: [] for name in watched}
        self.raised: dict[str, list[Happening]] = {name: [] for name in watched}
        self.values: dict[str, tuple[Any, ...]] = {}
        self.entries: dict[str, list[tuple[int, int]]] = {}
        self.labels: dict[str, list[tuple[int, int]]] = {}
        self.draws: dict[str, dict[int, tuple[int, str]]] = {}
        self.sent: list[Sent] = []
        self.tasks: list[Handed] = []
        self.left: list[Left] = []
        self.outcomes: list[tuple[int, str, str]] = []
        self.handed: dict[str, tuple[int, int]] = {}
        self.bounced: dict[str, tuple[int, str]] = {}
        self.walks = Walks(start)

    def bare(self) -> Book:
        """Return what is noted, and nothing that notes."""
        found = Book(())
        for name in vars(found):
            setattr(found, name, getattr(self, name))
        return found

    def add(self, other: Book) -> None:
        """Add what was noted of other people, before `join`."""
        for name, happenings in other.moments.items():
            self.moments[name] += happenings
        for name, happenings in other.raised.items():
            self.raised[name] += happenings
        for name, noted in other.entries.items():
            self.entries.setdefault(name, []).extend(noted)
        for name, noted in other.labels.items():
            self.labels.setdefault(name, []).extend(noted)
        for name, drawn in other.draws.items():
            self.draws.setdefault(name, {}).update(drawn)
        self.values |= other.values
        self.sent += other.sent
        self.tasks += other.tasks
        self.left += other.left
        self.outcomes += other.outcomes
        for key, handed in other.handed.items():
            self.handed[key] = min(self.handed.get(key, handed), handed)
        for key, bounced in other.bounced.items():
            self.bounced[key] = max(self.bounced.get(key, bounced), bounced)
        self.walks.add(other.walks)

    def join(self) -> None:
        """Add the moments that journeys raised to those that happened, and put all in order."""
        for name, ones in self.raised.items():
            self.moments[name] += ones
        self.order()

    def order(self) -> None:
        """Put all in order: by time, then by person.

        What happened to one person at one instant stays in its order, so it is the same whoever was looked at first. What
        shares have put in order is soon put together.
        """
        for happenings in (*self.moments.values(), *self.raised.values()):
            happenings.sort(key=ORDER)
        for noted in (*self.entries.values(), *self.labels.values()):
            noted.sort()
        for name, drawn in self.draws.items():
            self.draws[name] = dict(sorted(drawn.items(), key=lambda one: (one[1][0], one[0])))
        self.sent.sort(key=BY_TIME)
        self.tasks.sort(key=BY_TIME)
