"""The runtime's own events are read with the log, once, and stand there whole or not at all."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from verbline.runtime.lines import LogError
from verbline.runtime.log import Log, read_log
from verbline.runtime.own import NAME, Own, append, own_event, own_log

LINE = b'{"id": "1", "type": "a", "source": "s", "time": "2026-01-01T00:00:00Z", "data": {}}\n'
AT = 1_767_225_600_000


def merge(*people: str) -> dict[str, object]:
    """Return an operator's word that people are one."""
    return own_event("verbline.merge", AT, {"people": list(people), "by": "staff:Maja Kos"})


@pytest.fixture(params=["folder", "file"])
def log(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """Return a log of one event: a folder, and a file."""
    file = tmp_path / "events.jsonl"
    file.write_bytes(LINE)
    return file if request.param == "file" else tmp_path


def test_what_is_appended_is_read_with_the_log(log: Path) -> None:
    """A log that is one file has a file of own events as well as a folder has."""
    append(own_log(log), [merge("P2", "P5"), merge("P3", "P5")])
    found = list(read_log(log))
    assert [one.type for one in found] == ["a", "verbline.merge", "verbline.merge"]
    assert found[1].data["people"] == ["P2", "P5"]
    assert found[1].source == "verbline"
    assert found[1].known == AT


def test_saying_it_twice_is_saying_it_once(log: Path) -> None:
    """The same statement of the same instant is a duplicate."""
    append(own_log(log), [merge("P2", "P5")])
    append(own_log(log), [merge("P2", "P5")])
    read = Log(log)
    assert len(list(read)) == 2
    assert read.counts.duplicates == 1


def test_a_torn_line_is_not_continued(log: Path) -> None:
    """What was appended behind a torn line is whole; the torn one is parked."""
    own_log(log).write_bytes(b'{"id": "x", "ty')
    append(own_log(log), [merge("P2", "P5")])
    read = Log(log)
    assert [one.type for one in read] == ["a", "verbline.merge"]
    assert read.counts.parked == {"bad_json": 1}


def test_nothing_stays_of_what_could_not_be_written(log: Path, monkeypatch: pytest.MonkeyPatch) -> None:  # fmt: skip
    """A disk that is full after some bytes leaves the file as it was."""
    own = own_log(log)
    append(own, [merge("P2", "P5")])
    before, write = own.read_bytes(), os.write
    room = iter((7, 0))

    def full(descriptor: int, text: bytes) -> int:
        size = next(room)
        if not size:
            raise OSError(28, "No space left on device")
        return write(descriptor, text[:size])

    monkeypatch.setattr("os.write", full)
    with pytest.raises(LogError, match="cannot be written: No space left"):
        append(own, [merge("P2", "P6")])
    monkeypatch.undo()
    assert own.read_bytes() == before
    assert own.name.endswith(NAME)


def test_half_a_letter_does_not_spoil_the_log(log: Path) -> None:
    """What a terminal could not decode is replaced; the line is an event."""
    append(own_log(log), [own_event("verbline.merge", AT, {"why": "a\udcffb"})])
    assert [one.data for one in read_log(log)][1] == {"why": "a?b"}


def test_no_event_means_no_file(log: Path) -> None:
    """Whoever has nothing to say leaves nothing behind."""
    assert append(own_log(log), []) == 0
    assert not own_log(log).exists()


def test_a_file_that_is_held_open_is_the_one_that_bears_the_name(tmp_path: Path) -> None:
    """It may be moved or taken away in between, and nobody else is kept from writing."""
    path = tmp_path / "own.jsonl"
    own = Own(path)
    own.append(b"1\n")
    append(path, [own_event("verbline.hello", 0, {})])
    own.append(b"2\n")
    moved = path.rename(tmp_path / "old.jsonl")
    own.append(b"3\n")
    assert [line[:1] for line in moved.read_bytes().splitlines()] == [b"1", b"{", b"2"]
    path.unlink()
    own.append(b"4\n")
    own.close()
    own.append(b"5\n")
    assert path.read_bytes() == b"4\n5\n"
    own.close()


def test_what_cannot_be_waited_for_is_taken_back_from_an_open_file(tmp_path: Path) -> None:
    """What stands there then is what stood there before."""

    def fails(_descriptor: int) -> None:
        raise OSError(5, "no disk")

    own = Own(tmp_path / "own.jsonl")
    own.append(b"1\n")
    with pytest.raises(LogError, match="cannot be written"):
        own.append(b"2\n", fails)
    assert own.path.read_bytes() == b"1\n"
    own.close()
