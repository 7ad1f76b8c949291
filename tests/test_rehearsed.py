"""A rehearsal writes what would leave into a file: what is committed stands there once, wherever it was broken off."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.leavers import ALL, AT, COURSE, HOUR, OFFER, Club, opened
from verbline.runtime.leaving.rehearsal import Rehearsal
from verbline.runtime.standing import StoreError

FILE = "intents.jsonl"


def lines(club: Club) -> list[dict[str, Any]]:
    """Return what stands in the file."""
    return [json.loads(line) for line in (club.folder / FILE).read_text("utf-8").splitlines()]


def test_what_would_leave_stands_in_the_file(tmp_path: Path) -> None:
    """A batch at once, in its order, with the words; nothing is told to any log and nothing waits in a store."""
    with opened(tmp_path, ALL, file=FILE) as club:
        club.member(first_name="Tina")
        club.happens("P1", "member joins", **COURSE)
        assert lines(club) == []
        club.commit()
        found = lines(club)
        assert [one["type"] for one in found] == ["verbline.message", "verbline.note", "verbline.task"]  # fmt: skip
        assert found[0]["words"]["subject"] == "Hello Tina"
        assert found[0]["at"] == AT
        assert found[2]["task"]["due_text"] == "10 March 2026, 13:00"
        assert not club.own.exists()
        club.commit()
        assert lines(club) == found


def test_what_has_left_is_not_taken_back(tmp_path: Path) -> None:
    """All of it left at its instant: a desk is told of a task that is taken back, and nobody of a message."""
    with opened(tmp_path, ALL, file=FILE) as club:
        club.member(first_name="Tina")
        club.happens("P1", "member joins")
        club.commit()
        club.happens("P1", "member leaves", AT + HOUR)
        club.commit()
        *_, task, back = lines(club)
        assert (back["task"]["is_withdrawn"], back["task"]["key"]) == (True, task["key"])
        assert len(lines(club)) == 4


def test_what_has_no_words_says_why(tmp_path: Path) -> None:
    """A message that would fail stands there with its reason."""
    with opened(tmp_path, OFFER, links=False, file=FILE) as club:
        club.member(first_name="Tina")
        club.says("grant", "P1", AT)
        club.happens("P1", "member joins")
        club.commit()
        (one,) = lines(club)
        assert (one["failed"], one["told"]) == ("missing_field", "leave-link")


@pytest.mark.parametrize("length", [0, 1, 200, 10_000])
def test_what_was_never_committed_is_cut_off(tmp_path: Path, length: int) -> None:
    """A crash between the file and the store leaves lines that nobody decided; whoever goes on removes them."""
    with opened(tmp_path, ALL, file=FILE) as club:
        club.member(first_name="Tina")
        club.happens("P1", "member joins")
        club.commit()
        before = (club.folder / FILE).read_bytes()
        club.happens("P1", "member leaves", AT + HOUR)
        with pytest.raises(OSError, match="no disk"):
            club.commit(OSError("no disk"))
        whole = (club.folder / FILE).read_bytes()
        assert len(whole) > len(before)
        (club.folder / FILE).write_bytes(before + whole[len(before) :][:length])
        club.leaving.out = Rehearsal(club.writer, club.folder / FILE)
        assert (club.folder / FILE).read_bytes() == before
        club.commit()
        assert (club.folder / FILE).read_bytes() == whole


def test_a_file_that_was_changed_is_refused(tmp_path: Path) -> None:
    """What is shorter than it was is not what was written; what cannot be written is told."""
    with opened(tmp_path, ALL, file=FILE) as club:
        club.member()
        club.happens("P1", "member joins")
        club.commit()
        (club.folder / FILE).write_bytes(b"")
        with pytest.raises(StoreError, match="is shorter than what was written"):
            Rehearsal(club.writer, club.folder / FILE)
        (club.folder / FILE).unlink()
        (club.folder / FILE).mkdir()
        with pytest.raises(StoreError, match="cannot be written"):
            Rehearsal(club.writer, club.folder / FILE)


def test_who_is_erased_is_forgotten_by_the_store(tmp_path: Path) -> None:
    """What desks were shown is kept to take tasks back, and no longer."""
    with opened(tmp_path, ALL, file=FILE) as club:
        club.member(first_name="Tinkara")
        club.happens("P1", "member joins")
        club.commit()
        count = "select count(*) from rehearsed_task"
        assert club.writer.connection.execute(count).fetchone() == (1,)
        club.world.erase("P1", AT + HOUR)
        club.commit()
        assert club.writer.connection.execute(count).fetchone() == (0,)
