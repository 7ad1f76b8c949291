"""A run that gives up leaves nothing of what it could not write: the next one takes those lines."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.run_club import club, joins, live
from verbline.interpreter.zones import DAY
from verbline.runtime.clock import now
from verbline.runtime.engine import engine as engines
from verbline.runtime.engine.reading import Backlog, Files, Stretch
from verbline.runtime.standing import StoreError
from verbline.runtime.store.journal import Journal

LINES = 12
STRETCHES = Backlog.stretches


def in_threes(files: Files) -> Callable[[Backlog], Iterator[Stretch]]:
    """Return what yields the lines of a backlog of ``files``, three at a time."""

    def stretches(backlog: Backlog) -> Iterator[Stretch]:
        for one in STRETCHES(backlog):
            for start in range(0, len(one.items), 3):
                end = start + 3
                is_last = end >= len(one.items)
                place = one.place if is_last else files.before(one.file, one.items[end])
                yield Stretch(one.file, one.items[start:end], place)

    return stretches


@pytest.mark.parametrize("at", [2, 3, 4])
def test_lines_that_were_taken_back_are_taken_by_the_next_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, at: int
) -> None:
    """Their ids must not be written when the run closes its store: they would count as there already."""
    project, log = club(tmp_path)
    begun = now() - 365 * DAY
    for number in range(1, LINES + 1):
        joins(log, number, begun + number * DAY // 5)
    left, add = [at], Journal.add

    def failing(journal: Journal, *given: object) -> None:
        left[0] -= 1
        if not left[0]:
            raise StoreError("The disk is full.")
        add(journal, *given)  # type: ignore[arg-type]  # as it was called

    with monkeypatch.context() as planted:
        planted.setattr(engines, "TOGETHER", 5)
        planted.setattr(Journal, "add", failing)
        with live(project, log) as found:
            planted.setattr(Backlog, "stretches", in_threes(found.runner.files))
            found.runner.is_patient = False
            with pytest.raises(StoreError, match="full"):
                found.begin()
    with live(project, log, io.StringIO()) as found:
        found.begin()
        assert found.engine.counts["events"] == LINES
