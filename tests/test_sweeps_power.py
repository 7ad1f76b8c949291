"""A run that goes on from whatever a disk may hold. Rule: it comes to the same end, and a runtime that does not wait for the disk would not."""

from __future__ import annotations

from pathlib import Path
from random import Random

import pytest

from tests.sweeps import calls, killed, power
from tests.sweeps.disk import Call, Recorded
from verbline.runtime.engine.receipts import MARK, RECEIPT, receipts_in
from verbline.runtime.own import line_of, own_event

MAY_TRACE = pytest.mark.skipif(
    not calls.has_strace(), reason="there is no strace, or it may not trace"
)


@MAY_TRACE
def test_from_each_disk_it_goes_on_to_the_same_end(tmp_path: Path) -> None:
    """Killed behind a call, or without power: nothing lost, nothing differs."""
    found = power.swept(tmp_path, 127)
    assert min(found.points.values()) >= 5
    assert found.differs == {}


@MAY_TRACE
@pytest.mark.parametrize("fault", ["unsynced", "untold"])
def test_what_does_not_wait_for_the_disk_is_caught(
    fault: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The store, or the log of the runtime's own."""
    monkeypatch.setattr(killed, "LONGEST", 3)
    found = power.swept(tmp_path, 298, fault)
    assert {way for _, way in found.differs} == {power.LOST}, "this sweep is never red"


def test_what_was_synced_is_there_and_the_rest_may_be() -> None:
    """Names by their folder, bytes by their file; a write is torn at sectors; what others keep is there at once."""
    disk = Recorded(["received"])
    text = bytes(range(256)) * 8
    for call in (
        Call("make", "s.db"), Call("write", "s.db", 0, b"old"), Call("sync", "s.db"), Call("sync", ""),
        Call("make", "s.db-wal"), Call("write", "s.db-wal", 0, text), Call("make", "received"), Call("write", "received", -1, b"k"),
    ):  # fmt: skip
        disk.happens(call)
    assert disk.least().content == {"s.db": b"old", "received": b"k"}
    assert disk.now.content == {"s.db": b"old", "received": b"k", "s.db-wal": text}
    disk.happens(Call("sync", ""))
    found = {disk.some(Random(seed)).content["s.db-wal"] for seed in range(40)}  # noqa: S311 - the same in each run
    assert {b"", text} <= found
    sectors = [text[at : at + 512] for at in range(0, len(text), 512)]
    for one in found:
        pieces = [one[at : at + 512] for at in range(0, len(one), 512)]
        assert all(piece in (bytes(512), sectors[place]) for place, piece in enumerate(pieces))
    assert len(found) > 4


def test_a_receipt_that_the_disk_has_torn_is_none(tmp_path: Path) -> None:
    """Whoever makes the store again reads the others."""
    own = tmp_path / "verbline.runtime.jsonl"
    whole = [line_of(own_event(RECEIPT, 0, {"receipt": {"number": one, "epoch": 1}})) for one in (1, 2)]  # fmt: skip
    assert MARK in whole[0]
    own.write_bytes(bytes(99) + whole[0][99:] + whole[0] + whole[1][:-9] + b"\n" + whole[1])
    assert sorted(receipts_in(own)) == [1, 2]
