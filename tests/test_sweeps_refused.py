"""Killed or refused by the system at some calls. Rule: the long sweeps are `calls` and `errors`; here some points are met.

That they turn red where something is wrong, `tests/test_sweeps_calls.py` says.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.sweeps import calls, killed
from tests.sweeps.calls import Point
from tests.sweeps.club import Place


@pytest.mark.skipif(not calls.has_strace(), reason="there is no strace, or it may not trace")
def test_killed_or_refused_at_a_call_the_end_is_the_same(tmp_path: Path) -> None:
    """One write of each kind; a disk that is full for one call, one that is broken or may only be read, no file left to open."""
    clean = killed.clean_of(tmp_path)
    for number, point in enumerate(
        (
            Point("pwrite64", 300, "KILL"), Point("pwrite64", 200, "ENOSPC"),
            Point("fsync", 3, "EIO"), Point("openat", 40, "EMFILE"), Point("pwrite64", 250, "EROFS", 2),
        )
    ):  # fmt: skip
        place = Place(tmp_path / str(number))
        if calls.worked(place.folder, point):
            place.work()
        assert not place.result().differs(clean), point
