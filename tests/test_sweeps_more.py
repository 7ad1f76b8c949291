"""More sweeps of faults, in short: log, store, clock, disk. Rule: each is seen to pass, and to fail on a planted fault."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.sweeps import flipped, full, jumps, mounts, rotated, torn, twenty
from tests.sweeps.club import Place
from tests.sweeps.rotated import SAME, STOPPED, Turn
from tests.sweeps.stepped import Stepped
from verbline.runtime.engine.opened import LIVE, Store
from verbline.runtime.engine.runner import Runner
from verbline.runtime.follow import growing, overwritten
from verbline.runtime.store import damage
from verbline.runtime.store.writer import Writer

MAY_NOT_MOUNT = "nothing may be mounted here"


def test_a_line_waits_for_its_newline_at_every_byte(tmp_path: Path) -> None:
    """Under a runtime that follows, byte by byte; and where a run ends at a cut and another one goes on."""
    assert torn.followed(tmp_path / "grown") == {}
    count, wrong = torn.continued(tmp_path / "cut", 41)
    assert count >= 9
    assert wrong == {}


def test_a_line_read_before_its_newline_would_be_seen(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A reader that takes what is there for whole lines."""

    def read(self: growing.Growing, *_: object) -> object:
        last = self.last_words()
        return iter([last] if last else [])

    monkeypatch.setattr(growing.Growing, "read", read)
    assert torn.followed(tmp_path)


def test_a_rotated_log_loses_nothing_or_stops(tmp_path: Path) -> None:
    """A file renamed loses nothing; one that was cut stops the run; one deleted loses nothing under a runtime, else stops it."""
    found = rotated.swept(tmp_path, 5)
    assert {turn.way for turn in found} == set(rotated.WAYS)
    for turn, what in found.items():
        expected = {
            "renamed": SAME,
            "copied": STOPPED,
            "deleted": SAME if turn.running else STOPPED,
        }
        assert what == expected[turn.way], turn


def test_a_reader_that_trusts_names_would_lose_lines(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody compares what was read with what is there."""
    monkeypatch.setattr(overwritten, "is_same", lambda *_: True)
    monkeypatch.setattr(growing.Growing, "_is_same", lambda _: True)
    turn = Turn("copied", read=2, unread=1, running=True)
    monkeypatch.setattr(rotated, "turns", lambda _: iter([turn]))
    (what,) = rotated.swept(tmp_path, 1).values()
    assert what not in (SAME, STOPPED)


def test_a_changed_byte_is_refused_or_harmless(tmp_path: Path) -> None:
    """Some positions of a store, and those of its first page."""
    found = flipped.swept(tmp_path, [*range(0, 100, 24), *range(10_000, 230_000, 30_011)])
    assert set(found.values()) == {flipped.SAME, flipped.REFUSED}


def test_a_name_that_is_no_text_is_damage(tmp_path: Path) -> None:
    """What SQLite cannot tell of as an error of its own."""
    kept = flipped.Kept(tmp_path)
    assert kept.flipped(kept.store.index(b"sqlite_sequence")) == flipped.REFUSED


def test_a_row_that_its_index_does_not_know_is_damage(tmp_path: Path) -> None:
    """An address in the index of who is who: whoever has it would be taken for somebody new."""
    kept = flipped.Kept(tmp_path)
    assert kept.flipped(kept.in_index("ident_by_")[0]) == flipped.REFUSED


@pytest.mark.parametrize("table", ["record", "kept", "outbox", "trace_term", "batch"])
def test_a_row_that_makes_no_sense_is_damage(table: str, tmp_path: Path) -> None:
    """What no page tells, whoever reads it meets: the run is refused in a sentence, with the way out."""
    kept = flipped.Kept(tmp_path)
    assert kept.with_row(table, b"\xc1") == flipped.REFUSED


def test_what_is_kept_by_name_and_makes_no_sense_is_damage(tmp_path: Path) -> None:
    """Bytes that are none of ours, a text that is none, another kind of value: what is read by itself is refused too."""
    kept = flipped.Kept(tmp_path)
    for name in ("receipts", "receipts told", "rung"):
        for body in (b"\xc1", b"\xa1\x8b", b"\xa1x"):
            assert kept.with_row("kept", body, f"name = '{name}'") == flipped.REFUSED, (name, body)


def test_a_row_that_nobody_vouches_for_would_be_a_mistake_of_ours(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody asks whether what is read makes sense."""
    kept = flipped.Kept(tmp_path)
    monkeypatch.setattr(damage, "STRANGE", ())
    assert kept.with_row("record", b"\xc1").startswith(flipped.ENDED)


def test_a_store_that_nobody_looks_through_would_be_taken(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Such bytes, and no look at the start."""
    kept = flipped.Kept(tmp_path)
    monkeypatch.setattr("verbline.runtime.engine.opened.LOOKED_THROUGH", -1)
    found = {kept.flipped(one) for one in kept.in_index("ident_by_")[::3]}
    assert found - {flipped.SAME, flipped.REFUSED}
    assert not any(one.startswith(flipped.ENDED) for one in found)


def test_of_many_runtimes_one_runs(tmp_path: Path) -> None:
    """Under two names of one file; the others say who runs. Whoever sleeps keeps the store."""
    found = twenty.swept(tmp_path / "many", twenty.MANY)
    assert twenty.wrong(found) == []
    assert any(one.named for one in found)
    assert twenty.asleep(tmp_path / "asleep") == 0


def test_a_store_has_one_name_and_a_disk_that_may_be_written(tmp_path: Path) -> None:
    """A hard link, a mount of the file alone and a disk to read are refused, and the store is what it was."""
    found = mounts.swept(tmp_path)
    if found is None:
        pytest.skip(MAY_NOT_MOUNT)
    assert mounts.REFUSED.keys() < found.keys()
    assert mounts.wrong(found) == []


def test_a_store_of_any_name_would_be_seen(tmp_path: Path) -> None:
    """Nobody asks by what name it is opened."""
    found = mounts.swept(tmp_path, "nameless")
    if found is None:
        pytest.skip(MAY_NOT_MOUNT)
    assert len(mounts.wrong(found)) >= 2


def test_without_a_lock_many_would_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody keeps anybody out, by a lock or by the number of the writer."""
    monkeypatch.setattr("fcntl.flock", lambda *_: None)
    monkeypatch.setattr(Writer, "_still", lambda _: None)
    place = Place(tmp_path)
    Store(place.store, place.given.wanted(LIVE)).close()
    found = twenty.at_once(place, 4, lambda path: Store(path, place.given.wanted(LIVE)))
    assert twenty.wrong(found)


def test_a_clock_that_jumps_rings_no_timer_twice(tmp_path: Path) -> None:
    """By minutes, days and a month, back and forth: what began ends once, each step is told once, nothing arrives twice."""
    count, wrong = jumps.swept(tmp_path, range(4))
    assert count >= 20
    assert wrong == {}


def test_a_timer_that_is_lost_would_be_seen(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A runtime that never looks at its clock."""
    monkeypatch.setattr(Runner, "tick", lambda _: None)
    _, wrong = jumps.swept(tmp_path, range(1))
    assert wrong


def test_a_full_disk_is_waited_for(tmp_path: Path) -> None:
    """The run goes on by itself, and comes to the same."""
    found = full.swept(tmp_path, 7)
    if found is None:
        pytest.skip(MAY_NOT_MOUNT)
    assert found["waited"] >= 3
    assert found["differs"] == []


def test_a_runtime_that_does_not_wait_would_end(tmp_path: Path) -> None:
    """One that takes a full disk for a mistake of its own."""
    found = full.swept(tmp_path, 12, "impatient")
    if found is None:
        pytest.skip(MAY_NOT_MOUNT)
    assert found["differs"]


def test_a_store_that_somebody_holds_is_waited_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another tool writes for a while: nothing is half done, and the run goes on when it has ended."""
    monkeypatch.setattr("verbline.runtime.store.writer.PATIENCE", 0.01)
    place = Place(tmp_path / "held")
    clean = torn.clean_of(tmp_path / "clean")
    waits: list[int] = []
    with Stepped(place, torn.NOW) as run, closing(sqlite3.connect(place.store, isolation_level=None)) as other:  # fmt: skip
        run.look()
        other.execute("begin immediate")
        torn.log_of(place).write_bytes(torn.TEXT)

        def pause(_seconds: float) -> None:
            waits.append(len(waits))
            assert not other.execute("select count(*) from outbox").fetchone()[0]
            if len(waits) == 3:
                other.execute("rollback")

        run.live.runner.pause = pause
        run.look()
    assert len(waits) == 3
    assert not place.result().differs(clean)
