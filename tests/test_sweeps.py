"""The sweeps of faults, in short. Rule: the long ones are commands; here each is seen to pass, and to fail on a planted fault."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.sweeps import calls, killed
from tests.sweeps.calls import Point
from tests.sweeps.club import Place
from verbline.runtime.store.writer import Writer

# The first batches of the club.
BATCHES = (1, 2, 3)


def test_killed_anywhere_the_end_is_the_same(tmp_path: Path) -> None:
    """At some steps of our code, once and twice in one run: nothing is lost, no state differs."""
    found = killed.swept(tmp_path / "once", range(9_001, 1 << 30, 61_001))
    assert found.points >= 3, "the work is long enough to be killed"
    assert found.differs == {}
    found = killed.swept(tmp_path / "twice", range(5_003, 1 << 30, 90_001), crashes=2)
    assert found.differs == {}


def test_a_store_without_its_transaction_is_caught(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Killed between two writes of one batch, a part of it would be there."""

    @contextmanager
    def writing(self: Writer) -> Iterator[object]:
        with self._threads:
            yield self.connection

    whole = killed.swept(tmp_path / "whole", BATCHES, steps=killed.HALF_WRITTEN)
    assert (whole.points, whole.differs) == (len(BATCHES), {})
    monkeypatch.setattr(Writer, "writing", writing)
    loose = killed.swept(tmp_path / "loose", BATCHES, steps=killed.HALF_WRITTEN)
    assert loose.differs, "this sweep is never red"


@pytest.mark.skipif(not calls.has_strace(), reason="there is no strace, or it may not trace")
def test_killed_or_refused_at_a_call_the_end_is_the_same(tmp_path: Path) -> None:
    """One write of each kind; a disk that is full for one call, one that is broken, no file left to open."""
    clean = killed.clean_of(tmp_path)
    for number, point in enumerate(
        (
            Point("pwrite64", 5, "KILL"), Point("fdatasync", 11, "KILL"), Point("pwrite64", 300, "KILL"),
            Point("pwrite64", 200, "ENOSPC"), Point("fsync", 3, "EIO"), Point("openat", 40, "EMFILE"),
        )
    ):  # fmt: skip
        place = Place(tmp_path / str(number))
        if calls.worked(place.folder, point):
            place.work()
        assert not place.result().differs(clean), point
