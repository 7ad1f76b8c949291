"""Reading a ledger. Rule: what is about somebody is read in one query, so that what another program writes is there whole or not at all.

An address and a person are asked about side by side: of two entries before, the later one comes first, so one that is about
both is met once. It goes from an entry to the one before it, never back: a ledger that is damaged ends too.
"""

from __future__ import annotations

from functools import lru_cache
from itertools import chain, zip_longest

from verbline.interpreter.guard.consent import Consent
from verbline.runtime.consent.chain import SALT, content_in
from verbline.runtime.consent.recent import NAMED
from verbline.runtime.consent.rows import Said

TYPE_CHECKING = False
if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
    from typing import Any, TypeAlias

    from verbline.runtime.consent.chain import Content

    # The columns that are read of an entry, and which of those who were asked about it names.
    Row: TypeAlias = tuple[Any, ...]

SEQ, _AT, _KNOWN, ACT, _CHANNEL, _PURPOSE, _TOPIC, CONTACT, PERSON, SAID, BY_CONTACT, BY_PERSON = (
    range(12)
)
COLUMNS = "e.seq, e.at, e.known, e.act, e.channel, e.purpose, e.topic, e.contact, e.person, e.said"
AT_PLACE = f"select {COLUMNS} from entry e where e.seq = ?"  # noqa: S608
SINCE = f"select {COLUMNS} from entry e where e.said is not null and e.known >= ? order by e.seq"  # noqa: S608
# So many of each are asked about: their numbers, and the last entry about each.
CONTACT_OF, PERSON_OF = (
    f"ifnull((select number from {table} where {column} = {{0}}), (select number from recent_{table} where {column} = {{0}}))"  # noqa: S608
    for table, column in NAMED.items()
)
LAST_OF = "coalesce((select last from recent_head where number = {0}), (select last from head where number = {0}), 0)"
ASKED = (
    f"select place, contact, person, {LAST_OF.format('contact')} as by_contact, {LAST_OF.format('person')} as by_person,"  # noqa: S608
    f" {{end}} as seq from (select column1 as place, {CONTACT_OF.format('column2')} as contact,"
    f" {PERSON_OF.format('column3')} as person from ({{pairs}}))"
)
NUMBER = f"select {CONTACT_OF.format('?1')}"
# The last row is no entry: it says whether anything was erased.
ABOUT = (
    "with recursive walk (place, contact, person, by_contact, by_person, seq) as ({asked} union all"
    " select w.place, w.contact, w.person, iif(e.contact = w.contact, e.before_contact, w.by_contact),"
    " iif(e.person = w.person, e.before_person, w.by_person), e.seq"
    " from walk w cross join entry e on e.seq = max(w.by_contact, w.by_person) where max(w.by_contact, w.by_person) < w.seq)"
    " select {columns}, iif(e.contact = w.contact, w.place, null), iif(e.person = w.person, w.place, null)"
    " from walk w cross join entry e on e.seq = w.seq where w.seq <= ? and e.said is not null"
    " union all select 0, 0, 0, exists (select 1 from mark), 0, 0, 0, 0, 0, 0, 0, 0"
)
ERASED = "select seq from mark where mark = ?"
LAST = "select by_contact, by_person from ({asked})"
ADDRESS, ID = (
    f"select {column} from {table} where number = ?1 union all select {column} from recent_{table} where number = ?1"  # noqa: S608
    for table, column in NAMED.items()
)
# Further than any place.
END = 1 << 62


@lru_cache
def query_of(text: str, pairs: int) -> str:
    """Return a query about so many pairs of an address and a person."""
    listed = "values " + ", ".join(f"({place}, ?, ?)" for place in range(pairs))
    return text.format(asked=ASKED.format(end=END, pairs=listed), columns=COLUMNS)


def last_about(
    connection: sqlite3.Connection, contacts: Collection[str], people: Collection[str]
) -> int:
    """Return the place of the last entry about any of some addresses and people; 0 where there is none."""
    pairs = list(zip_longest(contacts, people))
    rows = connection.execute(query_of(LAST, len(pairs)), list(chain(*pairs))) if pairs else ()
    return max((max(row) for row in rows), default=0)


def no_marks() -> Iterable[bytes]:
    """Return that nothing erased is asked about."""
    return ()


class Reading:
    """Reads a ledger: numbers in rows are told by name, nothing for what was deleted.

    ``erased`` are those of the marks that were asked about that are kept, each with the place of its erasure.
    """

    __slots__ = ("_connection", "_names", "erased")

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._names: dict[int, str | None] = {0: None}
        self.erased: dict[bytes, int] = {}

    def about(
        self,
        contacts: Sequence[str],
        people: Sequence[str],
        known: int = END,
        marks: Callable[[], Iterable[bytes]] = no_marks,
    ) -> list[Row]:
        """Return the rows about any of ``contacts`` or ``people`` up to the place ``known``, in the order of recording.

        ``marks`` are asked for where anything was erased.
        """
        pairs = list(zip_longest(contacts, people)) or [(None, None)]
        query = query_of(ABOUT, len(pairs))
        rows = self._connection.execute(query, (*chain(*pairs), known)).fetchall()
        # What is erased just now is told twice then: the erasure stands behind what it erased.
        if rows.pop()[ACT]:
            self._look_up(marks())
        names = self._names
        for row in rows:
            contact, person = row[BY_CONTACT], row[BY_PERSON]
            if contact is not None:
                names[row[CONTACT]] = contacts[contact]
            if person is not None:
                names[row[PERSON]] = people[person]
        if len(pairs) > 1:
            rows = list({row[SEQ]: row for row in rows}.values())
        rows.sort()
        return rows

    def _look_up(self, marks: Iterable[bytes]) -> None:
        for mark in marks:
            row = self._connection.execute(ERASED, (mark,)).fetchone()
            if row:
                self.erased[mark] = row[0]

    def at(self, seq: int) -> Row:
        """Return the row at a place."""
        row: Row = self._connection.execute(AT_PLACE, (seq,)).fetchone()
        return row

    def since(self, instant: int) -> Iterator[Said]:
        """Yield what was recorded since an instant."""
        return map(self.said, self._connection.execute(SINCE, (instant,)).fetchall())

    def said(self, row: Row) -> Said:
        """Return what a row says."""
        content = content_in(row[SAID][SALT:])
        return Said(
            self._consent(row, content),
            content.notice,
            content.record,
            content.sender,
            content.event,
        )

    def consent(self, row: Row) -> Consent:
        """Return the same without the words and the records it rests on."""
        return self._consent(row, content_in(row[SAID][SALT:]))

    def _consent(self, row: Row, content: Content) -> Consent:
        one = Consent.__new__(
            Consent
        )  # what stands in the ledger went through the constructor before
        one.seq, one.at, one.known, one.act, one.channel, one.purpose, one.topic, contact, person = row[:9]  # fmt: skip
        names = self._names
        one.contact = names[contact] if contact in names else self._name(ADDRESS, contact)
        one.person = names[person] if person in names else self._name(ID, person)
        one.when = min(one.known, one.at)
        (
            one.actor, one.source, one.basis, one.complete, _notice, _sender, _event, _record, one.epoch, one.until, one.token,
            one.corrects,
        ) = content  # fmt: skip
        return one

    def _name(self, query: str, number: int) -> str | None:
        row = self._connection.execute(query, (number,)).fetchone()
        self._names[number] = name = row[0] if row else None
        return name
