"""What is remembered: everything. Rule: a history only grows, and each question is answered by reading all of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any


@dataclass(frozen=True)
class Line:
    """One thing that happened to a person: ``number`` is its place among everything that happened to anybody.

    ``what`` is moment, fact, label, consent, accepted, offered, entered, ended, route or drawn. ``whose`` is the key of the
    one it happened to, also where that one is taken for somebody else.
    """

    number: int
    at: int
    what: str
    data: dict[str, Any]
    whose: str = ""

    def __getitem__(self, key: str) -> Any:
        return self.data[key]


@dataclass
class Person:
    """One person: ``place`` is the order in which people are told apart, ``visits`` those that run.

    ``points`` are the scores of two people who turned out to be one: the sum, from when it fades, and the place of the merge.
    """

    key: str
    place: int
    contacts: list[tuple[str, str]]
    lines: list[Line] = field(default_factory=list)
    visits: list[Any] = field(default_factory=list)
    inside: dict[str, bool] = field(default_factory=dict)
    points: dict[str, tuple[Decimal, int, int]] = field(default_factory=dict)
    # The keys of those who are taken for one with this person, their own among them.
    keys: set[str] = field(default_factory=set)


@dataclass(frozen=True)
class View:
    """A person seen at ``now``: from inside a visit, or while ``event`` is being judged, or neither."""

    person: Person
    now: int
    visit: Any = None
    event: Line | None = None
    until: int | None = None

    def lines(self, what: str) -> Iterator[Line]:
        """Yield what has happened so far of one kind, in order of arrival."""
        for line in self.person.lines:
            if self.until is not None and line.number > self.until:
                return
            if line.what == what:
                yield line

    def latest(self, what: str, **wanted: Any) -> Line | None:
        """Return the newest line of a kind with these data."""
        found = [
            line
            for line in self.lines(what)
            if all(line.data.get(key) == value for key, value in wanted.items())
        ]
        return max(found, key=lambda line: (line.at, line.number), default=None)
