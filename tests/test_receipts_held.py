"""Receipts of batches from which nothing leaves are written some at a time, and none is lost."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.run_club import club, joins, live, own_events
from verbline.runtime.engine import receipts as receipting
from verbline.runtime.engine.live import Live


def numbers(log: Path) -> list[int]:
    """Return the numbers of the receipts in the runtime's own log."""
    return [one["data"]["receipt"]["number"] for one in own_events(log, "verbline.receipt")]


def leave(found: Live, log: Path, number: int) -> None:
    """Let something happen that brings no message about."""
    joins(log, number, kind="member.left")
    found.catch_up()


def test_a_receipt_is_held_until_something_leaves(tmp_path: Path) -> None:
    """Then it stands before that in the log; and the last are written at the end."""
    project, log = club(tmp_path)
    with live(project, log) as found:
        found.begin()
        found.send()
        there = numbers(log)
        leave(found, log, 1)
        leave(found, log, 2)
        assert numbers(log) == there
        joins(log, 3)
        found.catch_up()
        assert numbers(log) == [*there, *range(there[-1] + 1, there[-1] + 4)]
        leave(found, log, 4)
        assert len(found.runner.receipts.held) == 1
    assert numbers(log)[-1] == there[-1] + 4


def test_after_a_crash_those_that_were_held_are_written_from_the_store(tmp_path: Path) -> None:
    """Each once, whether it had come into the log or not."""
    project, log = club(tmp_path)
    with live(project, log) as found:
        found.begin()
        found.send()
        leave(found, log, 1)
        leave(found, log, 2)
        found.runner.receipts.held.clear()  # as if it were killed here
    before = numbers(log)
    with live(project, log) as found:
        found.begin()
    assert numbers(log)[len(before) : len(before) + 2] == [before[-1] + 1, before[-1] + 2]
    after = numbers(log)
    with live(project, log) as found:
        found.begin()
    assert numbers(log)[: len(after)] == after
    assert sorted(set(numbers(log))) == sorted(numbers(log))


def test_no_more_are_held_than_some(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The store bears them with each batch."""
    monkeypatch.setattr(receipting, "HELD_MAX", 3)
    project, log = club(tmp_path)
    with live(project, log) as found:
        found.begin()
        found.send()
        there = len(numbers(log))
        for number in range(4):
            assert len(numbers(log)) == there
            leave(found, log, number)
        assert len(numbers(log)) == there + 4


def test_a_disk_that_fails_behind_the_transaction_keeps_them_held(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """They are written once more, and are no others for that."""
    project, log = club(tmp_path)

    def fails(path: Path) -> None:
        raise OSError(5, str(path))

    with live(project, log) as found:
        found.begin()
        found.send()
        with monkeypatch.context() as patched:
            patched.setattr(receipting, "synced", fails)
            joins(log, 1)
            found.catch_up()
            assert len(found.runner.receipts.held) == 1
        joins(log, 2)
        found.catch_up()
        assert not found.runner.receipts.held
    assert sorted(set(numbers(log))) == list(range(1, max(numbers(log)) + 1))
