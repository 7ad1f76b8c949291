"""Numbers for addresses and for ids of people. Rule: a number is given out once, also when what it stood for is deleted.

So an entry of the chain can keep a number for ever, and say nothing. Both are numbered in one row, so that an address and whoever
came with it stand side by side.
"""

from __future__ import annotations

from verbline.runtime.consent.rows import marks
from verbline.runtime.consent.waiting import into

TYPE_CHECKING = False
if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Sequence

# How many names are asked about at once, and how many are remembered.
ASKED = 500
REMEMBERED_MAX = 1 << 17
CONTACTS = "select c.address, c.number, h.last from contact c left join head h on h.number = c.number where c.address in (%s)"  # fmt: skip
PEOPLE = "select p.id, p.number, h.last from person p left join head h on h.number = p.number where p.id in (%s)"  # fmt: skip
SETTING = "number"
GIVEN = "select value from setting where name = ?"
# Bits of the marks: two megabytes, in which a million names leave room for fifteen more of sixteen.
MARKS = 1 << 24


class Numbers:
    """The numbers of ``contacts`` and ``people`` that were looked up, and in ``heads`` the last entry about each; 0 for none.

    They hold as long as nobody else has written. Of a ledger that had none, every name that is given a number leaves a mark:
    what has none needs no look into the tables.
    """

    __slots__ = ("_connection", "_marks", "contacts", "heads", "people")

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self.anew()

    def anew(self) -> None:
        """Look everything up again, since somebody else may have given numbers."""
        is_new = self._connection.execute(GIVEN, (SETTING,)).fetchone() is None
        self._marks = bytearray(MARKS // 8) if is_new else None
        self.forget()

    def forget(self) -> None:
        """Look everything up again from now on."""
        self.contacts: dict[str | None, int] = {None: 0}
        self.people: dict[str | None, int] = {None: 0}
        self.heads = {0: 0}

    def are_many(self) -> bool:
        """Return whether more is remembered than should be."""
        return len(self.heads) > REMEMBERED_MAX

    def learn(self, pairs: Sequence[tuple[str | None, str | None]]) -> None:
        """Look addresses and people up, and give numbers to those that have none, in their order."""
        contacts, people = self.contacts, self.people
        self._look_up(CONTACTS, [one for one, _name in pairs], contacts)
        self._look_up(PEOPLE, [one for _address, one in pairs], people)
        new = [one for one in pairs if one[0] not in contacts or one[1] not in people]
        if new:
            self._give(new)

    def _look_up(
        self, query: str, names: Iterable[str | None], known: dict[str | None, int]
    ) -> None:
        asked, heads = [one for one in dict.fromkeys(names) if one not in known], self.heads
        marks_there = self._marks
        if marks_there is not None:
            bits = ((one, hash(one) % MARKS) for one in asked)
            asked = [one for one, bit in bits if marks_there[bit >> 3] & 1 << (bit & 7)]
        for place in range(0, len(asked), ASKED):
            some = asked[place : place + ASKED]
            for name, number, last in self._connection.execute(query % marks(len(some)), some):
                known[name] = number
                heads[number] = last or 0

    def _give(self, pairs: Sequence[tuple[str | None, str | None]]) -> None:
        connection = self._connection
        given: tuple[list[tuple[int, str | None]], ...] = ([], [])
        row = connection.execute(GIVEN, (SETTING,)).fetchone()
        number = int(row[0]) if row else 0
        for pair in pairs:
            for name, known, new in zip(pair, (self.contacts, self.people), given, strict=True):
                if name not in known:
                    number += 1
                    known[name] = number
                    self.heads[number] = 0
                    new.append((number, name))
        if self._marks is not None:
            for bit in (hash(name) % MARKS for names in given for _, name in names):
                self._marks[bit >> 3] |= 1 << (bit & 7)
        connection.execute("insert or replace into setting values (?, ?)", (SETTING, number))
        where = into(connection)
        for table, rows in zip(("contact", "person"), given, strict=True):
            connection.executemany(f"insert into {where}{table} values (?, ?)", rows)  # noqa: S608 - names of ours
