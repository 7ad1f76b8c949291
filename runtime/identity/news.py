"""What is new in the graph, into the tables of a file. Rule: it is written in the transaction of the caller, who then forgets it."""

from __future__ import annotations

from verbline.runtime.identity.recalled import GIVEN
from verbline.runtime.identity.schema import mark_of, marks_of
from verbline.runtime.identity.store import Note

TYPE_CHECKING = False
if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Collection, Mapping, Sequence
    from collections.abc import Set as AbstractSet

    from verbline.runtime.identity.recalled import Given

NOTES = "select seq, at, what, a, b, why from oplog where what = ?1 or ?1 = '' order by number"
FORGET_WHY = (
    "update oplog set why = substr(why, 1, instr(why, ':') - 1)"
    " where (a = ?1 or b = ?1) and instr(why, ':') > 0"
)
IDENT = "insert into ident values (?, ?, ?, ?)"
MEMBER = "insert into member values (?, ?, ?, ?, ?, ?, ?)"
# The same of an identifier with its one line, see `Given`.
MEMBER_GIVEN = f"insert into member values (?2, ?1, ?5, ?5, ?6, 0, '{GIVEN}')"  # noqa: S608 - a word of ours


class Happened:
    """What happened to the graph, and when: the log of a file, with what is still to be written."""

    connection: sqlite3.Connection
    seq: int
    _new_notes: list[Note]
    _forgotten: list[tuple[int]]
    _new_instants: dict[int, int]

    def note(self, note: Note) -> None:
        """Add a line to the log of the graph."""
        self._new_notes.append(note)

    def notes(self, what: str = "") -> Sequence[Note]:
        """Return the log of the graph, or only the lines that say ``what``."""
        found = [Note(*row) for row in self.connection.execute(NOTES, (what,))]
        if self._forgotten:
            gone = {person for (person,) in self._forgotten}
            found = [silent(one, gone) for one in found]
        return found + [one for one in self._new_notes if what in ("", one.what)]

    def dated(self, at: int) -> None:
        """Note that what changes from now on changes at the instant ``at``."""
        self._new_instants[self.seq + 1] = at

    def when(self, seq: int) -> int | None:
        """Return when the change number ``seq`` was made; None where nobody said."""
        found = max((one for one in self._new_instants if one <= seq), default=0)
        if found:
            return self._new_instants[found]
        query = "select at from instant where seq <= ? order by seq desc limit 1"
        row = self.connection.execute(query, (seq,)).fetchone()
        return row[0] if row else None


def write_given(
    connection: sqlite3.Connection,
    given: Sequence[Given],
    untils: Mapping[int, int],
    nameless: Collection[int],
) -> None:
    """Write identifiers with their one line each; ``untils`` are the ends of lines, ``nameless`` what was erased since."""
    if not untils and not nameless:
        numbers, _lines, kinds, values, _people, _seqs = (
            zip(*given, strict=True) if given else ((),) * 6
        )
        marks = marks_of(kinds, values)
        connection.executemany(IDENT, zip(numbers, kinds, values, marks, strict=True))
        connection.executemany(MEMBER_GIVEN, given)
        return
    idents = (
        (ident, kind, None, None)
        if ident in nameless
        else (ident, kind, value, mark_of(kind, value))
        for ident, _line, kind, value, _person, _since in given
    )
    lines = (
        (line, ident, person, person, since, untils.get(line, 0), GIVEN)
        for ident, line, _kind, _value, person, since in given
    )
    connection.executemany(IDENT, idents)
    connection.executemany(MEMBER, lines)


def write_aparts(connection: sqlite3.Connection, pairs: Mapping[tuple[int, int], bool]) -> None:
    """Write who is not the same as whom, and who may be again."""
    apart = [pair for pair, is_apart in pairs.items() if is_apart]
    same = [pair for pair, is_apart in pairs.items() if not is_apart]
    connection.executemany("insert or ignore into apart values (?, ?)", apart)
    connection.executemany("delete from apart where a = ? and b = ?", same)


def silent(note: Note, people: AbstractSet[int]) -> Note:
    """Return a note about one of ``people`` without what an operator said."""
    if note.a in people or note.b in people:
        return note._replace(why=note.why.partition(":")[0])
    return note
