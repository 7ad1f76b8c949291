"""Faults planted in a runtime that is killed or refused at its calls. Rule: these sweeps turn red where something is wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.sweeps import calls, killed, power
from tests.sweeps.calls import Point
from tests.sweeps.club import Place

# At which thirtieths of all calls of a kind the runtime is disturbed, until it is seen: where batches are written.
THIRTIETHS = (8, 9, 7, 12, 4)

# How often a call fails in a row, so that something is lost whatever was being written.
TIMES = 8
MAY_TRACE = pytest.mark.skipif(
    not calls.has_strace(), reason="there is no strace, or it may not trace"
)


@MAY_TRACE
def test_writes_that_fail_unheard_are_caught(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody hears that something could not be written."""
    monkeypatch.setattr(killed, "LONGEST", 3)
    monkeypatch.setattr(calls, "SECONDS", 20)
    clean = killed.clean_of(tmp_path)
    count = calls.counted(tmp_path / "counted", "deaf")["fdatasync"]
    for part in THIRTIETHS:
        place = Place(tmp_path / str(part))
        code = calls.worked(place.folder, Point("fdatasync", count * part // 30, "EIO", TIMES), "deaf")  # fmt: skip
        if code == calls.NO_END or killed.came_to(place, clean, goes_on=bool(code))[0]:
            return
    pytest.fail("this sweep is never red")


@MAY_TRACE
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_batches_without_their_transaction_are_caught(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Killed behind some call, a part of a batch would be there."""
    monkeypatch.setattr(killed, "LONGEST", 3)
    found = power.ends(tmp_path, 333, "loose")
    assert any(end.what and end.image.way == power.KILLED for end in found), "this sweep is never red"  # fmt: skip
