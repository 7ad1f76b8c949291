"""Numbers for addresses and for ids of people. Rule: a number is given out once, also when what it stood for is deleted.

So an entry of the chain can keep a number for ever, and say nothing. Both are numbered in one row, so that an address and whoever
came with it stand side by side.
"""

from __future__ import annotations

from verbline.runtime.consent.recent import MOST, how_many, note, settle
from verbline.runtime.consent.rows import marks
from verbline.runtime.consent.waiting import into

TYPE_CHECKING = False
if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Mapping, Sequence
    from typing import TypeAlias

    # A number, and the place of the last entry about it, 0 where there is none.
    Cell: TypeAlias = list[int]
    Cells: TypeAlias = dict[str | None, Cell]

# How many names are asked about at once, and how many are remembered.
ASKED = 500
REMEMBERED_MAX = 1 << 17
LOOK_UP = (
    "select n.{column}, n.number, ifnull(r.last, h.last) from {table} n left join recent_head r on r.number = n.number"
    " left join head h on h.number = n.number where n.{column} in (%s)"
)
# Where names stand: most often in the first of two tables.
CONTACTS = [LOOK_UP.format(table=one, column="address") for one in ("contact", "recent_contact")]
PEOPLE = [LOOK_UP.format(table=one, column="id") for one in ("person", "recent_person")]
SETTING = "number"
GIVEN = "select value from setting where name = ?"
# Bits of the marks: two megabytes, in which a million names leave room for fifteen more of sixteen.
MARKS = 1 << 24


class Numbers:
    """What is known of ``contacts`` and ``people``: their numbers, and the last entry about each; 0 for none.

    It holds as long as nobody else has written. Of a ledger that had none, every name that is given a number leaves a mark:
    what has none needs no look into the tables.
    """

    __slots__ = ("_connection", "_given", "_marks", "_recent", "contacts", "people")

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        # The last number that was given out, None where that is to be looked up.
        self._given: int | None = None
        self.anew()

    def anew(self) -> None:
        """Look everything up again, since somebody else may have given numbers."""
        is_new = self._connection.execute(GIVEN, (SETTING,)).fetchone() is None
        self._marks = bytearray(MARKS // 8) if is_new else None
        self.forget()

    def forget(self) -> None:
        """Look everything up again from now on."""
        self._recent = how_many(self._connection)
        self._given = None
        self.contacts: Cells = {None: [0, 0]}
        self.people: Cells = {None: [0, 0]}

    def learn(self, names: Sequence[tuple[str | None, str | None]]) -> None:
        """Look up addresses and people, those that were not yet, and give numbers to those that have none, in their order."""
        if len(self.contacts) + len(self.people) > REMEMBERED_MAX:
            self.forget()
        contacts, people = self.contacts, self.people
        new = [one for one in names if one[0] not in contacts or one[1] not in people]
        if new:
            self._look_up(CONTACTS, {one: None for one, _person in new}, contacts)
            self._look_up(PEOPLE, {one: None for _contact, one in new}, people)
            new = [one for one in new if one[0] not in contacts or one[1] not in people]
        if new:
            self._give(new)

    def _look_up(self, queries: Sequence[str], names: Mapping[str | None, None], known: Cells) -> None:  # fmt: skip
        asked = [one for one in names if one not in known]
        marks_there = self._marks
        if marks_there is not None:
            bits = ((one, hash(one) % MARKS) for one in asked)
            asked = [one for one, bit in bits if marks_there[bit >> 3] & 1 << (bit & 7)]
        for query in queries:
            for place in range(0, len(asked), ASKED):
                some = asked[place : place + ASKED]
                for name, number, last in self._connection.execute(query % marks(len(some)), some):
                    known[name] = [number, last or 0]
            asked = [one for one in asked if one not in known]

    def _give(self, names: Sequence[tuple[str | None, str | None]]) -> None:
        connection, contacts, people = self._connection, self.contacts, self.people
        addresses: list[tuple[int, str | None]] = []
        ids: list[tuple[int, str | None]] = []
        number = self._last_given()
        for contact, person in names:
            if contact not in contacts:
                number += 1
                contacts[contact] = [number, 0]
                addresses.append((number, contact))
            if person not in people:
                number += 1
                people[person] = [number, 0]
                ids.append((number, person))
        if self._marks is not None:
            for bit in (hash(name) % MARKS for given in (addresses, ids) for _, name in given):
                self._marks[bit >> 3] |= 1 << (bit & 7)
        connection.execute("insert or replace into setting values (?, ?)", (SETTING, number))
        self._given = number
        where = into(connection)
        for table, rows in (("contact", addresses), ("person", ids)):
            if rows:
                connection.executemany(f"insert into {where}{table} values (?, ?)", rows)  # noqa: S608 - names of ours
        self._recent += len(addresses) + len(ids)

    def _last_given(self) -> int:
        """Return the last number that was given out, 0 where none was."""
        if self._given is not None:
            return self._given
        row = self._connection.execute(GIVEN, (SETTING,)).fetchone()
        return int(row[0]) if row else 0

    def note(self, lasts: Mapping[int, int]) -> None:
        """Write the places of the last entries about some numbers."""
        note(self._connection, sorted(lasts.items()))
        self._recent += len(lasts)
        if self._recent > MOST:
            settle(self._connection)
            self._recent = 0
