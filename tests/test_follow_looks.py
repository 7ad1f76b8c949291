"""How a log that grows is looked at: its files now and then, what stands in them each time."""

from __future__ import annotations

from pathlib import Path

from tests.test_follow import Writer, ids
from verbline.runtime.follow.follower import Follower


def test_a_line_that_is_taken_back_half_written_hides_none(tmp_path: Path) -> None:
    """A shorter one that takes its room is met at once."""
    writer, follower = Writer(tmp_path), Follower(tmp_path)
    writer.append(b"x" * 500)
    assert ids(follower) == []
    (writer.folder / "a.jsonl").write_bytes(b"")
    writer.append(writer.line())
    assert ids(follower) == ["e0"]


def test_without_a_look_names_are_as_they_were(tmp_path: Path) -> None:
    """What is appended is read all the same, whatever the file is called by now; a new file waits for the next look."""
    writer, follower = Writer(tmp_path), Follower(tmp_path)
    writer.append(writer.line())
    assert ids(follower) == ["e0"]
    writer.rotate()
    writer.append(writer.line(), "a.jsonl.1")
    writer.append(writer.line())
    assert [item.id for piece in follower.poll(look=False) for item in piece.items] == ["e1"]  # type: ignore[union-attr]
    assert ids(follower) == ["e2"]
