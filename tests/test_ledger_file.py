"""The file of a ledger: what somebody changes in it is found, and one of an earlier form is opened."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.ledgers import KEY, cut_off, ledger, made_earlier, said
from tests.test_ledger import fields
from verbline.runtime.consent import numbering
from verbline.runtime.consent import verify as verifying
from verbline.runtime.consent.ledger import Ledger
from verbline.runtime.consent.recent import settle
from verbline.runtime.consent.schema import version_of
from verbline.runtime.consent.verify import verify


def filled(path: Path) -> Ledger:
    """Return a ledger with forty events of ten people, in a file without a write-ahead log."""
    found = ledger(path=str(path))
    notice = found.keep_words("Offers by email, at most two a month.")
    for number in range(1, 41):
        name = number % 10
        found.append([said(number, person=f"P{name}", contact=f"email:p{name}@mail.example", source=f"form-{number:02}", notice=notice)])  # fmt: skip
    found.connection.execute("pragma wal_checkpoint(truncate)")
    return found


@pytest.fixture(scope="module")
def ready(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the file of such a ledger."""
    path = tmp_path_factory.mktemp("ledger") / "consent.db"
    filled(path).close()
    return path


@pytest.mark.parametrize("number", [1, 17, 40])
def test_a_changed_byte_is_found_with_its_place(ready: Path, tmp_path: Path, number: int) -> None:
    """One byte of what was said is changed on disk: the entry is named."""
    content = bytearray(ready.read_bytes())
    place = content.index(b"form-%02d" % number)
    content[place + 1] ^= 1
    path = tmp_path / "changed.db"
    path.write_bytes(content)
    with Ledger(str(path)) as found:
        assert verify(found)[1:] == (number, "the entry was changed")


def answers(found: Ledger) -> list[object]:
    """Return everything that a ledger can say."""
    events = [fields(one) for name in range(10) for one in found.said((f"P{name}",), (f"email:p{name}@mail.example",))]  # fmt: skip
    return [*events, found.last(), found.connection.execute("select * from wording").fetchall()]


@given(st.data())
def test_no_byte_can_be_changed_unseen(ready: Path, data: st.DataObject) -> None:
    """Whatever byte of the file changes: it is found, or no answer differs."""
    content = bytearray(ready.read_bytes())
    place = data.draw(st.integers(0, len(content) - 1))
    content[place] ^= data.draw(st.integers(1, 255))
    path = ready.with_name("changed.db")
    path.write_bytes(content)
    try:
        with Ledger(str(path)) as found, Ledger(str(ready)) as before:
            assert verify(found).bad is not None or answers(found) == answers(before)
    except (sqlite3.DatabaseError, ValueError):
        pass  # not even opened
    finally:
        for one in ready.parent.glob("changed.db*"):
            one.unlink()


CHANGES = {
    "update entry set act = 'deny' where seq = 7": 7,
    "update entry set topic = 'sale' where seq = 9": 9,
    "update entry set known = known + 1 where seq = 40": 40,
    "delete from entry where seq = 12": 12,
    "update entry set said = null where seq = 23": 23,
    "update entry set said = zeroblob(15) || substr(said, 16) where seq = 3": 3,
    "update entry set said = cast(said as text) where seq = 4": 4,
    "update entry set commitment = 'nothing' where seq = 8": 8,
    "update entry set before_contact = 1 where seq = 31": 31,
    "update entry set before_person = 0 where seq = 32": 32,
    "update {recent}head set last = 25 where last = 35": 35,
    "delete from {recent}head where last = 36": 36,
    "update entry set before_contact = 40 where seq = 22": 22,
    "delete from entry where seq > 38": 39,
    "update {recent}contact set address = 'email:other@mail.example' where address = 'email:p5@mail.example'": 5,
    "delete from {recent}person where id = 'P6'": 6,
    "update wording set words = 'Everything by every channel.'": 0,
}
# An address or a number that stands twice: whoever asks finds one of them.
TWICE = (
    "insert into main.contact select 999, address from recent_contact limit 1",
    "insert into main.person select number, 'P999' from recent_person limit 1",
)


@pytest.mark.parametrize("recent", ["", "recent_"])
@pytest.mark.parametrize("names_max", [0, verifying.NAMES_MAX])
@pytest.mark.parametrize(("change", "bad"), CHANGES.items())
def test_a_changed_table_is_found(
    ready: Path, tmp_path: Path, change: str, bad: int, names_max: int, recent: str, monkeypatch: pytest.MonkeyPatch
) -> None:  # fmt: skip
    """What somebody with a database tool changes is found, with the first entry it concerns, and every question still ends."""
    monkeypatch.setattr(verifying, "NAMES_MAX", names_max)
    path = shutil.copy(ready, tmp_path / "changed.db")
    with Ledger(str(path), key=KEY) as found:
        if not recent:
            settle(found.connection)
        assert verify(found) == (40, None, "")
        found.connection.execute(change.format(recent=recent))
        assert verify(found).bad == bad
        assert len(found.said((f"P{one}" for one in range(10)), ())) <= 40


@pytest.mark.parametrize("change", TWICE)
def test_a_name_that_stands_twice_is_found(ready: Path, tmp_path: Path, change: str) -> None:
    """Nobody is led past what was said by a second number for an address, or a second name for a number."""
    path = shutil.copy(ready, tmp_path / "changed.db")
    with Ledger(str(path), key=KEY) as found:
        found.connection.execute(change)
        assert verify(found).bad is not None


def test_what_is_recent_is_settled_after_a_while(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:  # fmt: skip
    """However often it is brought into the tables, answers, hashes and what a check finds are the same, here and for others."""
    found = []
    for most in (0, 7, 1_000):
        monkeypatch.setattr(numbering, "MOST", most)
        path = tmp_path / f"{most}.db"
        with filled(path) as one, Ledger(str(path)) as other:
            (recent,) = one.connection.execute("select count(*) from recent_head").fetchone()
            assert (recent == 0) == (most == 0)
            assert verify(one) == verify(other) == (40, None, "")
            assert answers(one) == answers(other)
            found.append(answers(one))
    assert [list(map(str, one)) for one in found[1:]] == [list(map(str, found[0]))] * 2


def before(path: Path) -> list[object]:
    """Let the ledger at ``path`` be one of the form before; return what it answers."""
    with Ledger(str(path)) as found:
        expected = answers(found)
        made_earlier(found.connection)
        found.connection.execute("pragma wal_checkpoint(truncate)")
    return expected


@pytest.mark.parametrize("is_writable", [True, False])
def test_a_ledger_of_the_form_before_is_opened(
    ready: Path, tmp_path: Path, *, is_writable: bool
) -> None:
    """One in which nothing was recent gets the tables for it, where it may be written; read it is anyhow."""
    path = Path(shutil.copy(ready, tmp_path / "before.db"))
    expected = before(path)
    mode = "rw" if is_writable else "ro"
    connection = sqlite3.connect(f"file:{path}?mode={mode}", uri=True, isolation_level=None)
    with Ledger(connection) as found:
        assert list(map(str, answers(found))) == list(map(str, expected))
        assert verify(found) == (40, None, "")
        assert version_of(connection) == (3 if is_writable else 2)
        if is_writable:
            assert found.append([said(100)]) == 41


def test_a_ledger_of_the_form_before_that_somebody_writes_is_not_opened(
    ready: Path, tmp_path: Path
) -> None:
    """It is not taken for one that may only be read: what was said to it would be gone when it is closed."""
    path = Path(shutil.copy(ready, tmp_path / "before.db"))
    before(path)
    writer = sqlite3.connect(path, isolation_level=None)
    late = sqlite3.connect(path, isolation_level=None, timeout=0)
    with closing(writer), closing(late):
        writer.execute("begin immediate")
        with pytest.raises(sqlite3.OperationalError, match="locked"):
            Ledger(late)
        writer.execute("rollback")
        assert Ledger(late).append([said(100)]) == 41
        assert version_of(writer) == 3


def test_what_was_cut_off_is_found_by_the_anchor(tmp_path: Path) -> None:
    """A ledger without its last entries is whole in itself; the anchor knows how far it went."""
    with filled(tmp_path / "consent.db") as found:
        anchor, early = str(found.last()), "verbline-consent 0 " + "00" * 32
        assert (found.check(anchor), found.check(early)) == ("", "")
        cut_off(found.connection, 30)
        assert verify(found) == (30, None, "")
        assert found.check(anchor) == "the ledger ends at 30, the anchor was taken at 40"
        found.append([said(90 + place) for place in range(10)])
        assert found.check(anchor) == "entry 40 is not the one the anchor was taken at"
        assert found.check("nothing") == "the line is no anchor"
