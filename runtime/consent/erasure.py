"""People taken out of the ledger. Rule: what was said is deleted, the chain stays, and the address is still known to be erased.

Of each erased address a keyed mark stays, so that it is recognised when it comes back with a list; only its holder, by a
new confirmed yes, lifts it. An address at which others spoke too stays theirs; the erasure says no there all the same.
While a legal hold lies on the person nothing is deleted, and nobody writes to them either.
"""

from __future__ import annotations

from typing import NamedTuple

from verbline.runtime.consent.chain import ERASE, encode
from verbline.runtime.consent.keys import NoKeyError, mark_of, remember
from verbline.runtime.consent.ledger import HOLD, RELEASE
from verbline.runtime.consent.rows import Entry

TYPE_CHECKING = False
if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Sequence

    from verbline.runtime.consent.ledger import Ledger


class Erasing(NamedTuple):
    """Who is erased: all ids of one person, and the addresses that are known to be theirs alone or with others."""

    people: Sequence[str]
    contacts: Sequence[str] = ()


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


def hold(ledger: Ledger, person: str, actor: str, at: int, why: str) -> int:
    """Record that nothing about ``person`` may be deleted, and return the place."""
    return _noted(ledger, HOLD, person, actor, at, why)


def release(ledger: Ledger, person: str, actor: str, at: int, why: str) -> int:
    """Record the end of a hold, and return the place."""
    return _noted(ledger, RELEASE, person, actor, at, why)


def _noted(ledger: Ledger, act: str, person: str, actor: str, at: int, why: str) -> int:
    with ledger.writing():
        entry = Entry(at, at, 0, ledger.person(person), act, "*", "*", None, _content(actor, 0, why), "", person)  # fmt: skip
        return ledger.write([entry])


def _content(actor: str, epoch: int, record: str) -> bytes:
    return encode((actor, "", "consent", False, None, "", None, epoch, "", record))


def erase(ledger: Ledger, wanted: Iterable[Erasing], actor: str, at: int) -> Erased:
    """Erase people and return what was done; the file is written anew, so that no byte of them stays.

    Raises NoKeyError where the ledger was opened without a key.
    """
    key = ledger.key
    if key is None:
        raise NoKeyError("erasing needs the key by which the addresses are known afterwards")
    total = Erased()
    with ledger.writing() as connection:
        remember(connection, key)
        for one in wanted:
            total = total.plus(_erase(ledger, key, one, actor, at))
    return total if rewrite(ledger) else total._replace(waiting=1)


def rewrite(ledger: Ledger) -> bool:
    """Write the file anew without what was deleted; False where a reader still needs the old pages: then again later."""
    # What is deleted was overwritten already; this is for what tables that were moved about may have left behind.
    ledger.connection.execute("vacuum")
    (busy, _pages, _moved) = ledger.connection.execute("pragma wal_checkpoint(truncate)").fetchone()
    return not busy


def _erase(ledger: Ledger, key: bytes, wanted: Erasing, actor: str, at: int) -> Erased:
    connection = ledger.connection
    people = [ledger.person(one) for one in wanted.people]
    addresses = _addresses(ledger, people, wanted.contacts)
    is_held = any(_is_held(connection, one) for one in people)
    alone = {} if is_held else {number: address for number, address in addresses.items() if not _is_shared(connection, number, people)}  # fmt: skip
    entries, marks = [], []
    for number, address in addresses.items():
        mark = mark_of(key, address) if number in alone else b""
        content = _content(actor, _epoch(ledger, address), mark.hex())
        entries.append(Entry(at, at, number, 0, ERASE, "*", "*", None, content, "", ""))
        marks.append(mark)
    if is_held:
        ledger.write(entries)
        return Erased(shared=len(addresses), held=1)
    content = _content(actor, 0, "")
    entries += [Entry(at, at, 0, one, ERASE, "*", "*", None, content, "", "") for one in people]
    events = _delete(connection, people, alone)
    first = ledger.write(entries) - len(entries) + 1
    rows = [(mark, first + place) for place, mark in enumerate(marks) if mark]
    connection.executemany("insert or replace into mark values (?, ?)", rows)
    connection.executemany("delete from person where number = ?", [(one,) for one in people])
    connection.executemany("delete from contact where number = ?", [(one,) for one in alone])
    ledger.forget()
    return Erased(events, len(alone), len(addresses) - len(alone))


def _addresses(ledger: Ledger, people: list[int], known: Iterable[str]) -> dict[int, str]:
    """Return the addresses at which any of ``people`` spoke, and those that are ``known``, by number."""
    found = {ledger.contact(address): address for address in known}
    for one in people:
        rows = ledger.connection.execute(
            "select distinct c.number, c.address from entry e join contact c on c.number = e.contact where e.person > 0 and e.person = ?",
            (one,),
        )
        found.update(rows)
    return found


def _is_held(connection: sqlite3.Connection, person: int) -> bool:
    row = connection.execute(
        "select act from entry where person > 0 and person = ? and act in (?, ?) order by seq desc limit 1",
        (person, HOLD, RELEASE),
    ).fetchone()
    return row is not None and row[0] == HOLD


def _is_shared(connection: sqlite3.Connection, number: int, people: list[int]) -> bool:
    """Return whether somebody else than ``people`` spoke at an address."""
    rows = connection.execute(
        "select distinct e.person from entry e join payload p on p.seq = e.seq where e.contact > 0 and e.contact = ? and e.person > 0",
        (number,),
    )
    return any(row[0] not in people for row in rows)


def _epoch(ledger: Ledger, address: str) -> int:
    """Return which holder of ``address`` was the last one."""
    return max((one.epoch for one in ledger.consents_of((), (address,))), default=0)


def _delete(connection: sqlite3.Connection, people: list[int], addresses: Iterable[int]) -> int:
    """Delete what was said by ``people`` and at ``addresses``, but for what says that something was erased."""
    total = 0
    for column, numbers in (("person", people), ("contact", addresses)):
        for number in numbers:
            done = connection.execute(
                "delete from payload where seq in (select seq from entry"  # noqa: S608 - both names stand above
                f" where {column} > 0 and {column} = ? and act <> ?)",
                (number, ERASE),
            )
            total += done.rowcount
    return total
