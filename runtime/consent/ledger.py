"""The ledger: append, ask, compare with an anchor. Rule: a batch is written whole or not at all, and nothing is rewritten.

Two times are kept: ``at``, when something happened, and ``known``, when it was recorded. ``seq`` is the order of recording; a
question about the past names both the instant and how far the ledger went. ``:memory:`` keeps a ledger that leaves nothing.
"""

from __future__ import annotations

import os
from contextlib import contextmanager
from typing import Self

from verbline.interpreter.guard.consent import ACTS
from verbline.interpreter.guard.fold import state
from verbline.interpreter.guard.merged import state_of_merged
from verbline.runtime.consent.chain import (  # fmt: skip
    ERASE,
    SALT,
    START,
    Anchor,
    anchor_in,
    commitment,
    link,
    salt_after,
)
from verbline.runtime.consent.keys import NoKeyError, mark_of, same_key, seed_of
from verbline.runtime.consent.numbering import Numbers
from verbline.runtime.consent.reading import ACT, END, NUMBER, Reading, last_about
from verbline.runtime.consent.rows import Said, draft_of, notice_of, refuse_if_unfit
from verbline.runtime.consent.schema import IN_MEMORY, opened, prepare

TYPE_CHECKING = False
if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from types import TracebackType
    from typing import Any

    from verbline.interpreter.guard.consent import Consent
    from verbline.interpreter.guard.fold import State
    from verbline.interpreter.guard.heard import Asked
    from verbline.runtime.consent.numbering import Cells
    from verbline.runtime.consent.rows import Draft

LAST = "select seq, hash, known from entry order by seq desc limit 1"
INSERT = "insert into entry values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"


class Ledger:
    """A ledger in a file, in memory, or beside other tables of a connection that is open.

    ``key`` is what erased addresses are known by. With it the same log gives the same hashes everywhere: salts come from it
    and from the entry before. Without it they are random; ``salts`` gives so many bytes.
    """

    def __init__(
        self,
        path: str | sqlite3.Connection = IN_MEMORY,
        *,
        key: bytes | None = None,
        salts: Callable[[int], bytes] | None = None,
    ) -> None:
        self.key = key
        self._salts = salts or os.urandom
        self._seed = seed_of(key) if key and salts is None else b""
        if isinstance(path, str):
            self.connection = opened(path)
        else:
            self.connection = path
            prepare(path)
        self._numbers = Numbers(self.connection)
        self._version = 0
        try:
            same_key(self.connection, key)
        except BaseException:
            self.connection.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:  # fmt: skip
        self.close()

    def close(self) -> None:
        """Close the file."""
        self.connection.close()

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """Hold the only right to write; all is written at the end, or nothing where something failed.

        Within a transaction of somebody else it is theirs to end; whoever takes one back calls `forget`.
        """
        connection = self.connection
        is_ours = not connection.in_transaction
        if is_ours:
            connection.execute("begin immediate")
        (version,) = connection.execute("pragma data_version").fetchone()
        if version != self._version:
            self._numbers.anew()
            self._version = version
        try:
            yield connection
            if is_ours:
                connection.execute("commit")
        except BaseException:
            if is_ours and connection.in_transaction:
                connection.execute("rollback")
            self.forget()
            raise

    def forget(self) -> None:
        """Look every number up again from now on."""
        self._numbers.forget()

    def append(self, batch: Sequence[Said]) -> int:
        """Write ``batch`` and return the place of its last event, or of the last one there is.

        Raises ValueError where an act is no event's, nobody is named, or something is older than what was recorded before.
        """
        for said in batch:
            refuse_if_unfit(said.consent)
        return self.add([draft_of(said) for said in batch])

    def add(self, drafts: Sequence[Draft]) -> int:
        """Write what drafts say and return the place of the last entry there is; `append` says when ValueError is raised."""
        with self.writing():
            self._numbers.learn([one[:2] for one in drafts])
            rows, lasts = self._chained(drafts, self._numbers.contacts, self._numbers.people)
            self.connection.executemany(INSERT, rows)
            self._numbers.note(lasts)
            return rows[-1][0] if rows else self.last().seq

    def _chained(
        self, drafts: Sequence[Draft], contacts: Cells, people: Cells
    ) -> tuple[list[tuple[Any, ...]], dict[int, int]]:
        """Return the rows by which ``drafts`` go on the chain, and by number which of them is the last about it."""
        seq, previous, last = self._last()
        seed, nobody, rows, lasts = self._seed, (contacts[None], people[None]), [], {}
        salts = b"" if seed else self._salts(SALT * len(drafts))
        begin = range(0, SALT * len(drafts), SALT)
        for start, one in zip(begin, drafts, strict=True):
            address, name, at, known, act, channel, purpose, topic, content = one
            if known < last:
                raise ValueError(f"recorded at {known}, before the last event, at {last}")
            last = known
            seq += 1
            contact, person = contacts[address], people[name]
            (where, before), (who, by_person) = contact, person
            said = (salt_after(previous, seed) if seed else salts[start : start + SALT]) + content
            if act == ERASE:  # it names nobody
                committed = commitment(said, b"", b"")
            else:
                committed = commitment(said, (address or "").encode(), (name or "").encode())
            skeleton = (seq, at, known, where, who, act, channel, purpose, topic)
            previous = link(previous, skeleton, committed)
            rows.append((
                seq, where, who, before, by_person, at, known, act, channel, purpose, topic, said, previous, None,
            ))  # fmt: skip
            contact[1] = person[1] = lasts[where] = lasts[who] = seq
            nobody[0][1] = nobody[1][1] = 0
        lasts.pop(0, None)
        return rows, lasts

    def contact(self, address: str | None) -> int:
        """Return the number of an address, given out where there is none yet; 0 for none. Inside `writing`."""
        self._numbers.learn([(address, None)])
        return self._numbers.contacts[address][0]

    def person(self, name: str | None) -> int:
        """Return the number of a person's id, given out where there is none yet; 0 for none. Inside `writing`."""
        self._numbers.learn([(None, name)])
        return self._numbers.people[name][0]

    def last(self) -> Anchor:
        """Return the last entry's place and hash."""
        return Anchor(*self._last()[:2])

    def last_known(self) -> int:
        """Return when the last entry was recorded."""
        return self._last()[2]

    def _last(self) -> tuple[int, bytes, int]:
        return self.connection.execute(LAST).fetchone() or (0, START, -(1 << 62))

    def check(self, line: str) -> str:
        """Return what speaks against the anchor ``line``, or nothing; it holds where no entry up to it changed."""
        anchor = anchor_in(line)
        if anchor is None:
            return "the line is no anchor"
        last = self.last().seq
        if last < anchor.seq:
            return f"the ledger ends at {last}, the anchor was taken at {anchor.seq}"
        row = self.connection.execute("select hash from entry where seq = ?", (anchor.seq,)).fetchone()  # fmt: skip
        if (row[0] if row else START) != anchor.hash:
            return f"entry {anchor.seq} is not the one the anchor was taken at"
        return ""

    def seq_at(self, instant: int) -> int:
        """Return how far the ledger went at ``instant``: what `known` is where that is asked as a time."""
        low, high = 0, self.last().seq
        while low < high:
            middle = (low + high + 1) // 2
            (known,) = self.connection.execute("select known from entry where seq = ?", (middle,)).fetchone()  # fmt: skip
            low, high = (middle, high) if known <= instant else (low, middle - 1)
        return low

    def consents_of(
        self, people: Iterable[str] = (), contacts: Iterable[str] = (), known: int | None = None
    ) -> list[Consent]:
        """Return what was said by any of ``people`` (a person's ids) or at any of ``contacts``, in the order of recording.

        It is what the ledger held when it went as far as ``known`` (None: all of it); but what is erased is gone from then too.
        A correction is among them where it names the person or the address too.
        Raises NoKeyError where addresses were erased and the ledger was opened without their key.
        """
        contacts, reading = tuple(contacts), Reading(self.connection)
        end = END if known is None else known
        rows = reading.about(contacts, tuple(people), end, lambda: self._marks(contacts))
        found = [reading.consent(row) for row in rows if row[ACT] in ACTS]
        if reading.erased:
            found += self._erasures(reading, contacts)
            found.sort(key=lambda one: one.seq)
        return found

    def said(self, people: Iterable[str] = (), contacts: Iterable[str] = ()) -> list[Said]:
        """Return all of it with the words and the records it rests on."""
        contacts, reading = tuple(contacts), Reading(self.connection)
        rows = reading.about(contacts, tuple(people), END, lambda: self._marks(contacts))
        found = [reading.said(row) for row in rows if row[ACT] in ACTS]
        if reading.erased:
            found += map(Said, self._erasures(reading, contacts))
            found.sort(key=lambda said: said.consent.seq)
        return found

    def said_since(self, seq: int, people: Iterable[str], contacts: Iterable[str]) -> bool:
        """Return whether anything behind the place ``seq`` is about one of ``people`` or of ``contacts``.

        Raises NoKeyError where addresses were erased and the ledger was opened without their key.
        """
        contacts = tuple(contacts)
        return last_about(self.connection, contacts, tuple(people)) > seq or any(
            one.seq > seq for contact in contacts for one in self.erased(contact)
        )

    def has(self, address: str) -> bool:
        """Return whether ``address`` stands in the ledger by its name."""
        (number,) = self.connection.execute(NUMBER, (address,)).fetchone()
        return number is not None

    def erased(self, address: str) -> list[Consent]:
        """Return the erasure of ``address``, as it stands in the ledger, for each holder it had; nothing where there is none."""
        reading = Reading(self.connection)
        reading.about((), (), END, lambda: self._marks((address,)))
        return self._erasures(reading, (address,))

    def _marks(self, contacts: Sequence[str]) -> list[bytes]:
        """Return what is kept of those of ``contacts`` that were erased, in their order; asked where anything was."""
        if self.key is not None:
            return [mark_of(self.key, one) for one in contacts]
        if contacts:
            raise NoKeyError("addresses were erased from this ledger: it is read with their key")
        return []

    def _erasures(self, reading: Reading, contacts: Sequence[str]) -> list[Consent]:
        """Return the erasures that were found of ``contacts``, each for every holder that the address had."""
        found: list[Consent] = []
        if not reading.erased:
            return found
        for address, mark in zip(contacts, self._marks(contacts), strict=True):
            if mark in reading.erased:
                seq = reading.erased[mark]
                one = reading.consent(reading.at(seq))
                for epoch in {0, one.epoch}:
                    each = one.again(one.at, one.known, None, address, epoch)
                    each.seq = seq
                    found.append(each)
        return found

    def state(self, asked: Asked, at: int, known: int | None = None) -> State:
        """Return what is on record for ``asked`` at ``at``, as far as the ledger went at ``known`` (None: all of it)."""
        people = (asked.person, *(asked.merged or ()))
        contacts = () if asked.contact is None else (asked.contact,)
        fold = state_of_merged if asked.merged else state
        return fold(asked, self.consents_of(people, contacts, known), at, known)

    def keep_words(self, words: str) -> str:
        """Keep the words that people are shown, and return the hash by which events name them."""
        name = notice_of(words)
        with self.writing() as connection:
            connection.execute("insert or ignore into wording values (?, ?)", (name, words))
        return name

    def words(self, notice: str) -> str | None:
        """Return the words with the hash ``notice``, None where they were not kept."""
        row = self.connection.execute("select words from wording where hash = ?", (notice,)).fetchone()  # fmt: skip
        return str(row[0]) if row else None
