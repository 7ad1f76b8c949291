"""People taken out of the ledger. Rule: what was said is deleted, the chain stays, and the address is still known to be erased.

Of each erased address a keyed mark stays, so that it is recognised when it comes back with a list; only its holder, by a
new confirmed yes, lifts it. An address at which others spoke too stays theirs; the erasure says no there all the same.
While a legal hold lies on the person nothing of it is deleted, and nobody writes to them either.
"""

from __future__ import annotations

import os
from typing import NamedTuple

from verbline.runtime.consent.chain import ERASE, commitment
from verbline.runtime.consent.keys import MARK, NoKeyError, mark_of, remember
from verbline.runtime.consent.notes import is_held, own_content
from verbline.runtime.consent.reading import Reading
from verbline.runtime.consent.waiting import gather

TYPE_CHECKING = False
if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Mapping, Sequence

    from verbline.runtime.consent.ledger import Ledger
    from verbline.runtime.consent.rows import Draft

# What was said about a number, but for what says that something was erased; what the chain goes on with stays in its place.
EMPTIED = (
    "update entry set said = null, commitment = committed(said, (select cast(address as blob) from contact where number ="
    " entry.contact), (select cast(id as blob) from person where number = entry.person)) where said is not null and act <> ?2 and seq in ("
    "with recursive walk (seq) as (select last from head where number = ?1 union all"
    " select iif(e.contact = ?1, e.before_contact, e.before_person) from walk w cross join entry e on e.seq = w.seq"
    " where iif(e.contact = ?1, e.before_contact, e.before_person) between 1 and w.seq - 1) select seq from walk)"
)


class Erasing(NamedTuple):
    """Who is erased: all ids of one person, and the addresses that are known to be theirs alone or with others.

    ``shared`` are those of the addresses that others hold too. ``marks`` are those of addresses that were erased before,
    and stand nowhere any more.
    """

    people: Sequence[str]
    contacts: Sequence[str] = ()
    shared: Sequence[str] = ()
    marks: Sequence[bytes] = ()


class Erased(NamedTuple):
    """What was done: events deleted, addresses marked and forgotten, addresses kept for others, people held back.

    ``waiting`` is 1 where a reader kept old pages in use: they stay on disk until `rewrite` is called without one.
    """

    events: int = 0
    addresses: int = 0
    shared: int = 0
    held: int = 0
    waiting: int = 0

    def plus(self, other: Erased) -> Erased:
        """Return both together."""
        return Erased(*(mine + theirs for mine, theirs in zip(self, other, strict=True)))


def erase(ledger: Ledger, wanted: Iterable[Erasing], actor: str, at: int) -> Erased:
    """Erase people and return what was done; the file is written anew, so that no byte of them stays.

    Raises NoKeyError where the ledger was opened without a key.
    """
    if ledger.key is None:
        raise NoKeyError("erasing needs the key by which the addresses are known afterwards")
    total = take_out(ledger, wanted, actor, at)
    return total if rewrite(ledger) else total._replace(waiting=1)


def take_out(ledger: Ledger, wanted: Iterable[Erasing], actor: str, at: int) -> Erased:
    """Do the same but for writing the file anew, which a transaction of somebody else does not allow.

    Without the key nobody can be recognised afterwards, and the ledger says so when an address is asked about.
    """
    total = Erased()
    with ledger.writing() as connection:
        gather(connection)
        if ledger.key is not None:
            remember(connection, ledger.key)
        at = max(at, ledger.last_known())
        for one in wanted:
            total = total.plus(_erase(ledger, one, actor, at))
    return total


def rewrite(ledger: Ledger) -> bool:
    """Write the file anew without what was deleted; False where a reader still needs the old pages: then again later."""
    # What is deleted was overwritten already; this is for what tables that were moved about may have left behind.
    ledger.connection.execute("vacuum")
    (busy, _pages, _moved) = ledger.connection.execute("pragma wal_checkpoint(truncate)").fetchone()
    return not busy


def _erase(ledger: Ledger, wanted: Erasing, actor: str, at: int) -> Erased:
    connection = ledger.connection
    held = any(is_held(ledger, one) for one in wanted.people)
    found = addresses(ledger, wanted)
    people = [ledger.person(one) for one in wanted.people]
    theirs = {ledger.contact(one): one for one in found}
    alone = {number: one for number, one in theirs.items() if not (held or found[one])}
    marks = {} if held else _marks(ledger, alone, wanted.marks)
    names = theirs | {number: mark.hex() for number, mark in marks.items() if number not in theirs}
    entries: list[Draft] = []
    for number in names:
        epoch = _epoch(connection, theirs[number]) if number in theirs else 0
        content = own_content(actor, epoch, marks.get(number, b"").hex())
        entries.append((names[number], None, at, at, ERASE, "*", "*", None, content))
    if held:
        ledger.add(entries)
        return Erased(shared=len(theirs), held=1)
    content = own_content(actor, 0, "")
    places = list(names)
    entries += [(None, one, at, at, ERASE, "*", "*", None, content) for one in wanted.people]
    events = _delete(connection, people, alone)
    first = ledger.add(entries) - len(entries) + 1
    # Whoever never spoke has a name since a moment ago only, which may wait.
    gather(connection)
    rows = [(marks[number], first + place) for place, number in enumerate(places) if number in marks]  # fmt: skip
    connection.executemany("insert or replace into mark values (?, ?)", rows)
    connection.executemany("delete from main.person where number = ?", [(one,) for one in people])
    connection.executemany("delete from main.contact where number = ?", [(one,) for one in marks])
    connection.executemany(
        "delete from head where number = ?", [(one,) for one in (*people, *marks)]
    )
    ledger.forget()
    return Erased(events, len(marks), len(theirs) - len(alone))


def _marks(ledger: Ledger, alone: Mapping[int, str], given: Sequence[bytes]) -> dict[int, bytes]:
    """Return the marks of addresses by number; what is only a ``given`` mark any more gets a number of its own."""
    key, found = ledger.key, {}
    for place, (number, address) in enumerate(alone.items()):
        if key is not None:
            found[number] = mark_of(key, address)
        else:  # whose is whose is told by the key alone
            found[number] = given[place] if place < len(given) else os.urandom(MARK)
    for mark in dict.fromkeys(given):
        row = ledger.connection.execute("select 1 from mark where mark = ?", (mark,)).fetchone()
        if mark not in found.values() and row is None:
            found[ledger.contact(mark.hex())] = mark
    return found


def addresses(ledger: Ledger, wanted: Erasing) -> dict[str, bool]:
    """Return the addresses of somebody: those that are known, and those at which they spoke; each with whether others have it too."""
    found = list(wanted.contacts)
    for one in wanted.people:
        spoken = (said.consent.contact for said in ledger.said((one,)))
        found += [address for address in spoken if address is not None]
    return {
        address: address in wanted.shared or _is_shared(ledger.connection, address, wanted.people)
        for address in dict.fromkeys(found)
    }


def _is_shared(connection: sqlite3.Connection, address: str, people: Sequence[str]) -> bool:
    """Return whether somebody else than ``people`` spoke at an address."""
    reading = Reading(connection)
    speakers = {reading.said(row).consent.person for row in reading.about((address,), ())}
    return not speakers.issubset((*people, None))


def _epoch(connection: sqlite3.Connection, address: str) -> int:
    """Return which holder of ``address`` was the last one."""
    reading = Reading(connection)
    rows = reading.about((address,), ())
    return max((reading.said(row).consent.epoch for row in rows), default=0)


def _delete(connection: sqlite3.Connection, people: list[int], addresses: Iterable[int]) -> int:
    """Delete what was said by ``people`` and at ``addresses``, but for what says that something was erased."""
    connection.create_function("committed", 3, _committed, deterministic=True)
    return sum(
        connection.execute(EMPTIED, (number, ERASE)).rowcount for number in (*people, *addresses)
    )


def _committed(said: bytes, address: bytes | None, person: bytes | None) -> bytes:
    return commitment(said, address or b"", person or b"")
