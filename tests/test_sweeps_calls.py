"""Faults planted in a runtime that is killed or refused at its calls. Rule: these sweeps turn red where something is wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.sweeps import calls, killed
from tests.sweeps.calls import Point
from tests.sweeps.club import Place

# At which eighths of all calls of a kind the runtime is disturbed, until it is seen.
EIGHTHS = (5, 6, 2, 3, 4, 7)


@pytest.mark.skipif(not calls.has_strace(), reason="there is no strace, or it may not trace")
@pytest.mark.parametrize(
    ("fault", "call", "what"),
    [("loose", "pwrite64", "KILL"), ("loose", "pwrite64", "ENOSPC"), ("deaf", "fdatasync", "EIO")],
)
def test_a_planted_fault_is_caught(
    fault: str, call: str, what: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without its transaction, and where nobody hears that something could not be written."""
    monkeypatch.setattr(killed, "LONGEST", 3)
    monkeypatch.setattr(calls, "SECONDS", 20)
    clean = killed.clean_of(tmp_path)
    count = calls.counted(tmp_path / "counted", fault)[call]
    for eighth in EIGHTHS:
        place = Place(tmp_path / str(eighth))
        code = calls.worked(place.folder, Point(call, count * eighth // 8, what), fault)
        if code == calls.NO_END or killed.came_to(place, clean, goes_on=bool(code))[0]:
            return
    pytest.fail("this sweep is never red")
