"""People taken out of the ledger: nothing of them stays but that they are out."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.ledgers import KEY, START, asked, ledger, said
from verbline.interpreter.guard.fold import DENIED, GRANTED
from verbline.interpreter.guard.health import health_of
from verbline.interpreter.zones import DAY
from verbline.runtime.consent.erasure import Erased, Erasing, erase, rewrite
from verbline.runtime.consent.keys import KEY as NAME
from verbline.runtime.consent.keys import KEY_FILE, NoKeyError, key_in
from verbline.runtime.consent.ledger import Ledger
from verbline.runtime.consent.notes import hold, release
from verbline.runtime.consent.rows import Said
from verbline.runtime.consent.verify import verify

TINA, ALES, OFFICE = "email:tina@mail.example", "email:ales@mail.example", "email:office@mail.example"  # fmt: skip
NOW = START + 50 * DAY
# What a link comes to.
T = "t"


def against(found: Ledger, address: str, at: int) -> str:
    """Return what stands against an address."""
    return health_of(asked(contact=address), found.consents_of((), (address,)), at, None)


def personal(name: str, number: int) -> Said:
    """Return an event that is full of what belongs to one person."""
    return said(
        number, person=f"id-{name}", contact=f"email:{name}@mail.example", actor=f"staff:desk-{name}", source=f"form-{name}",
        token=f"token-{name}", record=f"paper-{name}", notice=f"notice-{name}",
    )  # fmt: skip


@pytest.mark.parametrize("others", [0, 3, 200])
def test_no_byte_of_an_erased_person_stays(tmp_path: Path, others: int) -> None:
    """Whatever was said by and about somebody is gone from every file of the ledger; the others are all there."""
    path = tmp_path / "consent.db"
    with ledger(path=str(path)) as found:
        for number in range(3):
            found.append([personal("tina", number)])
            found.append([personal(f"other{one:03}", number) for one in range(others)])
        hold(found, "id-tina", "staff:1", NOW, "claim of tina")
        release(found, "id-tina", "staff:1", NOW, "claim of tina is settled")
        erased = erase(found, [Erasing(["id-tina"])], "staff:2", NOW)
        assert erased == Erased(events=5, addresses=1)
        names = list(tmp_path.glob("consent.db*"))
        assert len(names) == 3
        for name in names:
            assert b"tina" not in name.read_bytes()
        assert verify(found) == (3 + 3 * others + 2 + 2, None, "")
        for one in range(others):
            assert len(found.consents_of((f"id-other{one:03}",))) == 3


@given(st.lists(st.tuples(st.sampled_from("abcd"), st.sampled_from("abcd"), st.booleans()), max_size=15), st.sets(st.sampled_from("abcd")))  # fmt: skip
def test_the_chain_holds_after_every_erasure(events: list[tuple[str, str, bool]], gone: set[str]) -> None:  # fmt: skip
    """Whoever is erased: the chain verifies, nothing of them is read, and nobody else gains or loses a yes of their own."""
    batch = [
        said(day, person=f"P{who}", contact=f"email:{where}", act="grant" if yes else "withdraw")
        for day, (who, where, yes) in enumerate(events)
    ]
    with ledger(*batch) as found:
        before = {who: found.consents_of((f"P{who}",)) for who in "abcd"}
        erase(found, [Erasing([f"P{who}"]) for who in sorted(gone)], "staff:1", NOW)
        assert verify(found).bad is None
        for who in "abcd":
            after = found.consents_of((f"P{who}",))
            assert len(after) == (0 if who in gone else len(before[who]))
            if who in gone:
                mine = {one.contact for one in before[who] if one.contact}
                assert all(against(found, one, NOW) == "suppressed_erased" for one in mine)


def test_a_reader_in_the_middle_is_told_of(tmp_path: Path) -> None:
    """While somebody still reads the old pages the erasure says that they wait, and they are gone afterwards."""
    path = tmp_path / "consent.db"
    with ledger(personal("tina", 1), path=str(path)) as found, Ledger(str(path), key=KEY) as reader:
        found.connection.execute("pragma busy_timeout = 10")
        reader.connection.execute("begin")
        assert len(reader.consents_of(("id-tina",))) == 1
        assert erase(found, [Erasing(["id-tina"])], "staff:2", NOW).waiting == 1
        reader.connection.execute("commit")
        assert rewrite(found)
        assert not any(b"tina" in name.read_bytes() for name in tmp_path.glob("consent.db*"))


def test_two_writers_of_one_file_agree(tmp_path: Path) -> None:
    """Whoever is erased by one program is a stranger to the other at once."""
    path = str(tmp_path / "a.db")
    with ledger(said(1), path=path) as first, Ledger(path, key=KEY) as second:
        first.append([said(2)])
        erase(second, [Erasing(["P1"])], "staff:1", NOW)
        first.append([said(60, act="withdraw")])
        assert [one.act for one in second.consents_of(("P1",), (TINA,))] == ["erase", "withdraw"]
        assert verify(first) == (5, None, "")


def test_an_erased_address_is_known_when_it_comes_back(tmp_path: Path) -> None:
    """An import of the address gives nothing; the person's own yes gives something once it is confirmed."""
    with ledger(said(1), path=str(tmp_path / "a.db")) as found:
        erase(found, [Erasing(["P1"])], "staff:1", NOW)
        assert against(found, TINA, NOW) == "suppressed_erased"
        assert against(found, ALES, NOW) == ""
        assert found.state(asked("P2"), NOW).name == DENIED
        found.append([said(51, person="P2", actor="import:1")])
        assert found.state(asked("P2"), NOW + DAY).name == DENIED
        found.append([said(52, person="P2", token=T)])
        assert against(found, TINA, NOW + 2 * DAY) == "suppressed_erased"
        found.append([said(53, person="P2", token=T, act="confirm")])
        later = NOW + 3 * DAY
        assert against(found, TINA, later) == ""
        assert found.state(asked("P2", confirm=True), later).name == GRANTED
        assert erase(found, [Erasing(["P2"])], "staff:1", later) == Erased(events=3, addresses=1)
        assert against(found, TINA, later) == "suppressed_erased"
        assert verify(found).bad is None


def test_an_address_that_changed_hands_stays_erased() -> None:
    """Erased is the address for whoever is asked about: the first holder, and the last one it had."""
    with ledger(said(1), said(2, act="reassign", epoch=1, person="P2"), said(3, epoch=1, person="P2")) as found:  # fmt: skip
        erase(found, [Erasing(["P1", "P2"])], "staff:1", NOW)
        assert {one.epoch for one in found.consents_of((), (TINA,))} == {0, 1}


def test_an_address_of_two_stays_the_others() -> None:
    """What the other said there stays; nobody is written to there before somebody confirms anew."""
    shared = [said(1, contact=OFFICE), said(2, contact=OFFICE, person="P2"), said(3, person="P2", contact=ALES)]  # fmt: skip
    with ledger(*shared) as found:
        assert erase(found, [Erasing(["P1"])], "staff:1", NOW) == Erased(events=1, shared=1)
        assert [one.person for one in found.consents_of((), (OFFICE,))] == ["P2", None]
        assert against(found, OFFICE, NOW) == "suppressed_erased"
        assert found.state(asked("P2", ALES), NOW).name == GRANTED
        assert verify(found).bad is None


def test_a_held_person_is_silent_and_not_deleted() -> None:
    """Under a legal hold what was said stays as evidence, and nobody writes; after it the erasure is complete."""
    with ledger(said(1)) as found:
        hold(found, "P1", "staff:1", NOW, "a claim")
        assert erase(found, [Erasing(["P1"])], "staff:1", NOW) == Erased(shared=1, held=1)
        assert len(found.consents_of(("P1",))) == 1
        assert against(found, TINA, NOW) == "suppressed_erased"
        release(found, "P1", "staff:1", NOW, "settled")
        assert erase(found, [Erasing(["P1"])], "staff:1", NOW) == Erased(events=3, addresses=1)
        assert found.consents_of(("P1",)) == []
        assert verify(found).bad is None


def test_a_mark_that_is_taken_away_is_missed() -> None:
    """Nobody lets an erased address in again by deleting its mark, its erasure, or what another person said."""
    with ledger(said(1), said(2, person="P2", contact=ALES)) as found:
        erase(found, [Erasing(["P1"])], "staff:1", NOW)
        assert verify(found) == (4, None, "")
        found.connection.execute("begin")
        found.connection.execute("update entry set said = null where seq = 2")
        assert verify(found)[1:] == (2, "what was said is missing, and nobody erased it")
        found.connection.execute("rollback")
        found.connection.execute("begin")
        found.connection.execute("update entry set said = null where seq = 3")
        assert verify(found)[1] == 1
        found.connection.execute("rollback")
        found.connection.execute("begin")
        (content,) = found.connection.execute("select said from entry where seq = 3").fetchone()
        changed = content.replace(b"staff:1", b"staff:2")
        assert changed != content
        found.connection.execute("update entry set said = ? where seq = 3", (changed,))
        assert verify(found).bad == 1
        found.connection.execute("rollback")
        found.connection.execute("delete from mark")
        assert verify(found)[1:] == (3, "an erased address could come back")


def test_erased_addresses_are_read_with_their_key_alone(tmp_path: Path) -> None:
    """Without the key, or with another, nobody is told that an address may be written to."""
    path = str(tmp_path / "a.db")
    with ledger(said(1), path=path, key=None) as found:
        assert len(found.consents_of((), (TINA,))) == 1
        with pytest.raises(NoKeyError, match="erasing needs the key"):
            erase(found, [Erasing(["P1"])], "staff:1", NOW)
    with Ledger(path, key=KEY) as found:
        erase(found, [Erasing(["P1"], [ALES])], "staff:1", NOW)
    with Ledger(path) as found, pytest.raises(NoKeyError, match="with their key"):
        found.consents_of((), (TINA,))
    with pytest.raises(NoKeyError, match="not the key"):
        Ledger(path, key=b"another key of some length")
    with Ledger(path, key=KEY) as found:
        assert against(found, ALES, NOW) == "suppressed_erased"


def test_the_key_comes_from_outside(tmp_path: Path) -> None:
    """The key stands in the environment or in a file that is named there, and is no short word."""
    file = tmp_path / "key"
    file.write_bytes(KEY + b"\n")
    assert key_in({}) is None
    assert key_in({NAME: KEY.decode()}) == KEY
    assert key_in({KEY_FILE: str(file)}) == KEY
    with pytest.raises(NoKeyError, match="16 is the least"):
        key_in({NAME: "short"})
