"""What records of a trace have in common, under numbers. Rule: a number means the same for the life of the store.

A site is all of a record that does not belong to one person alone: where it stands, what was decided, and which further
fields it has. The sources of events are numbered beside them, and what several records tell that always come together.
"""

from __future__ import annotations

from typing import Any, NamedTuple, TypeAlias

import msgspec

from verbline.runtime.traces.tales import Tale

TYPE_CHECKING = False
if TYPE_CHECKING:
    import sqlite3

# Further fields of which the project has a limited number of values: they belong to the site.
COMMON = frozenset({
    "answer", "channel", "desk", "experiment", "field", "label", "message", "moment", "outcome", "purpose", "told",
})  # fmt: skip
# So many terms are numbered; sources can be made up by whoever writes the log, and stand in the record from then on.
MOST = 50_000
TABLE = "create table trace_term (number integer primary key, body blob not null)"


class Site(NamedTuple):
    """What records have in common. ``fields`` are the further ones in their order, each with its value, or None where every record has its own."""

    journey: str
    version: str
    step: str
    line: str
    kind: str
    verdict: str
    reason: str
    fields: tuple[tuple[str, Any], ...]


Term: TypeAlias = "Site | Tale | str"
_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(Site | Tale | str).decode


class Terms:
    """The terms of a store, by number from 1 on."""

    def __init__(self) -> None:
        self.known: list[Term] = [""]
        # How many values stand with a record of each site, and with each tale.
        self.own: list[int] = [0]
        self._numbers: dict[Term, int] = {}

    def read(self, connection: sqlite3.Connection) -> None:
        """Read the terms that have become known since."""
        last = len(self.known) - 1
        rows = connection.execute("select number, body from trace_term where number > ? order by number", (last,))  # fmt: skip
        for number, body in rows:
            assert number == len(self.known), "terms are numbered without a gap"
            self._add(_decode(body))

    def write(self, connection: sqlite3.Connection) -> None:
        """Write the terms that the store does not have yet: those that are new, and those of a transaction that was taken back."""
        (last,) = connection.execute("select max(number) from trace_term").fetchone()
        first = (last or 0) + 1
        fresh = enumerate(self.known[first:], first)
        connection.executemany(
            "insert into trace_term values (?, ?)",
            [(number, _encode(term)) for number, term in fresh],
        )

    def number(self, term: Term) -> int:
        """Return the number of ``term``, which is given one where it has none yet; 0 where there are too many."""
        number = self._numbers.get(term)
        if number is not None:
            return number
        if isinstance(term, str) and len(self.known) > MOST:
            return 0
        return self._add(term)

    @property
    def are_many(self) -> bool:
        """Whether so many are known that values are no longer taken for common ones."""
        return len(self.known) > MOST

    def site(self, number: int) -> Site:
        """Return the site with this number."""
        site = self.known[number]
        assert isinstance(site, Site), "records name sites"
        return site

    def _add(self, term: Term) -> int:
        self._numbers[term] = len(self.known)
        self.known.append(term)
        self.own.append(own_of(term))
        return len(self.known) - 1


def own_of(term: Term) -> int:
    """Return how many values stand with what names a term."""
    if isinstance(term, Tale):
        return term.gaps
    return 0 if isinstance(term, str) else sum(common is None for _name, common in term.fields)
