"""The sweeps of faults, in short. Rule: the long ones are commands; here each is seen to pass, and to fail on a planted fault."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from tests.sweeps import killed
from tests.sweeps.club import BEGIN, DAYS, Place
from tests.sweeps.killed import Steps
from tests.test_moulds import nobody_by_a_mould
from verbline.interpreter.zones import DAY, HOUR
from verbline.runtime.engine import engine as engines
from verbline.runtime.engine.letters import Letters

# The first batches of the club.
BATCHES = (1, 2, 3)


def test_killed_anywhere_the_end_is_the_same(tmp_path: Path) -> None:
    """At some steps of our code, once and twice in one run: nothing is lost, no state differs."""
    found = killed.swept(tmp_path / "once", range(9_001, 1 << 30, 200_003))
    assert found.points >= 3, "the work is long enough to be killed"
    assert found.differs == {}
    found = killed.swept(tmp_path / "twice", range(65_003, 1 << 30, 300_007), crashes=2)
    assert found.differs == {}


def test_a_store_without_its_transaction_is_caught(tmp_path: Path) -> None:
    """Killed between two writes of one batch, a part of it would be there."""
    whole = killed.swept(tmp_path / "whole", BATCHES, steps=killed.HALF_WRITTEN)
    assert (whole.points, whole.differs) == (len(BATCHES), {})
    loose = killed.swept(tmp_path / "loose", BATCHES, steps=killed.HALF_WRITTEN, fault="loose")
    assert loose.differs, "this sweep is never red"


def test_killed_while_it_carries_out_what_is_decided(tmp_path: Path) -> None:
    """At some steps of rendering, claims, hand-overs, answers and the own log."""
    steps = killed.PARTS["dispatch"]
    found = killed.swept(tmp_path, range(4_003, 1 << 30, 41_003), steps=steps)
    assert found.points >= 3
    assert found.differs == {}


def test_what_is_noted_before_it_was_sent_is_caught(tmp_path: Path) -> None:
    """Killed as it is handed over, it is there in the end; it would be lost where it was noted before."""
    handed_over = Steps(f"{os.sep}sweeps{os.sep}club.py", "call", "send")
    kept = killed.swept(tmp_path / "kept", BATCHES, steps=handed_over)
    assert (kept.points, kept.differs) == (len(BATCHES), {})
    lost = killed.swept(tmp_path / "lost", BATCHES, steps=handed_over, fault="early")
    assert set(lost.differs.values()) == {"arrived"}, "this sweep is never red"


def test_a_receiver_that_may_get_nothing_twice_gets_nothing_twice(tmp_path: Path) -> None:
    """Killed as it is handed over, and behind that: what nobody knows waits for a person's word."""
    handed_over = Steps(f"{os.sep}sweeps{os.sep}club.py", "call", "send")
    found = killed.swept(tmp_path, BATCHES, steps=handed_over, repeatable="no")
    assert (found.differs, found.twice) == ({}, 0)
    assert found.unknown >= len(BATCHES)


def test_what_is_swept_keeps_people_by_moulds(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each day some are kept by one, and messages to them leave without a record; without moulds it comes to the same."""
    sent, send = list[Any](), Letters.send

    def leave(*given: Any) -> None:
        sent.append(given)
        send(*given)

    monkeypatch.setattr(Letters, "send", leave)
    place, kept = Place(tmp_path / "brief"), []
    for day in range(len(DAYS)):
        place.happens(day)
        place.live(BEGIN + day * DAY + 10 * HOUR)
        kept.append(place.result().brief)
    assert min(kept) >= 3
    assert len(sent) >= 12
    monkeypatch.setattr(engines, "usual", nobody_by_a_mould)
    found = killed.clean_of(tmp_path)
    assert (found.brief, found.differs(place.result())) == (0, "")


def test_a_mould_that_is_kept_late_is_caught(tmp_path: Path) -> None:
    """Killed before the next batch, nobody could tell who is kept by it."""
    late = killed.swept(tmp_path / "late", BATCHES, steps=killed.HALF_WRITTEN, fault="late")
    assert late.differs, "this sweep is never red"
