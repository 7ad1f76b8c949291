"""The sweep over an erasure, in short. Rule: it is seen to pass, and to fail on a planted fault."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.sweeps import erased
from tests.sweeps.club import BEGIN
from tests.sweeps.killed import clean_of
from tests.sweeps.stepped import Stepped
from verbline.interpreter.zones import DAY, HOUR
from verbline.runtime.standing import StoreError
from verbline.runtime.store.outbox import Outbox

SECOND = BEGIN + DAY + 10 * HOUR


def test_killed_while_somebody_is_erased_nothing_stays_and_nothing_is_lost(tmp_path: Path) -> None:
    """The end is that of a run without a kill, and the store that is made again from the log is the same.

    `python -m tests.sweeps erased` does it at every 37th step.
    """
    found = erased.swept(tmp_path, range(4_001, 1 << 40, 17_011))
    assert found.points >= 3
    assert (found.differs, found.again) == ({}, {})


def test_an_address_that_stays_is_seen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An outbox that forgets nobody."""
    clean = clean_of(tmp_path)
    place = erased.begun(tmp_path / "forgets nobody")
    monkeypatch.setattr(Outbox, "forget", lambda _self, _people: None)
    place.work()
    assert place.result().differs(clean) == "left"


def test_a_run_without_the_key_of_its_ledger_ends(tmp_path: Path) -> None:
    """Nobody can tell who was erased, so nobody is written to, and it is said why: by --once, by a run that follows, at the start."""
    once = erased.begun(tmp_path / "once")
    once.given.key = None
    with pytest.raises(StoreError, match="is read with their key"):
        once.live(SECOND)
    with pytest.raises(StoreError, match="is read with their key"):
        once.live(SECOND)
    followed = erased.begun(tmp_path / "followed")
    followed.given.key = None
    with Stepped(followed, SECOND) as run, pytest.raises(StoreError, match="is read with their key"):  # fmt: skip
        run.look()
