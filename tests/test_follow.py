"""A log that grows is given out once, line by line, whatever its files are called by then; what cannot be known stops it."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from verbline.runtime.events import Parked
from verbline.runtime.follow.follower import Follower
from verbline.runtime.follow.place import LogChangedError, Place

LINE_MAX = 1 << 20


class Writer:
    """Whoever writes a log: what was written stands in ``ids``, in the order of each file."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.ids: list[str] = []
        self.rotated = 0

    def line(self, more: str = "") -> bytes:
        """Return one more event as a line."""
        self.ids.append(f"e{len(self.ids)}")
        told = '{"id": "%s", "type": "a", "source": "s", "time": "2026-01-01T00:00:00Z"%s}\n'
        return (told % (self.ids[-1], more)).encode()

    def append(self, text: bytes, name: str = "a.jsonl") -> None:
        """Write at the end of a file."""
        with (self.folder / name).open("ab", buffering=0) as file:
            file.write(text)

    def rotate(self) -> None:
        """Give the file another name, as most programs that rotate do."""
        self.rotated += 1
        (self.folder / "a.jsonl").rename(self.folder / f"a.jsonl.{self.rotated}")


class Clock:
    """Seconds that pass when they are told to."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        """Return what it shows."""
        return self.now


def ids(follower: Follower) -> list[str]:
    """Return the ids of what is new, and the reason in capitals of what is parked."""
    items = [item for piece in follower.poll() for item in piece.items]
    return [one.fault.reason.upper() if isinstance(one, Parked) else one.id for one in items]


@pytest.fixture
def writer(tmp_path: Path) -> Writer:
    """Return somebody who writes into an empty folder."""
    return Writer(tmp_path)


def test_a_line_is_taken_once_its_newline_is_there(writer: Writer) -> None:
    """Cut at every byte, a line comes out once and whole."""
    follower, found = Follower(writer.folder), []
    for byte in writer.line() + writer.line(', "data": {"name": "č"}'):
        writer.append(bytes([byte]))
        found += ids(follower)
    assert found == ["e0", "e1"]
    assert ids(follower) == []


def test_a_rotated_file_is_read_to_its_end(writer: Writer) -> None:
    """Who wrote it may go on under its old name; then comes the file that took the name."""
    follower = Follower(writer.folder)
    writer.append(writer.line())
    assert ids(follower) == ["e0"]
    writer.rotate()
    writer.append(writer.line(), "a.jsonl.1")
    writer.append(writer.line())
    assert ids(follower) == ["e1", "e2"]
    writer.append(writer.line(), "a.jsonl.1")
    assert ids(follower) == ["e3"]


def test_what_was_rotated_away_is_left_after_a_while(writer: Writer) -> None:
    """The descriptor is let go, what stands without a newline is taken or parked, and the place is done."""
    clock = Clock()
    follower = Follower(writer.folder, clock=clock, grace=60)
    writer.append(writer.line() + b'{"id": "half')
    assert ids(follower) == ["e0"]
    writer.rotate()
    assert ids(follower) == []
    clock.now = 59.0
    assert ids(follower) == []
    clock.now = 61.0
    assert ids(follower) == ["TORN"]
    assert [one.done for one in follower.places] == [True]
    assert ids(Follower(writer.folder, follower.places)) == []


def test_a_deleted_file_is_read_to_its_end(writer: Writer) -> None:
    """What was written before somebody deleted the file is not lost while the reader holds it."""
    follower = Follower(writer.folder)
    writer.append(writer.line())
    assert ids(follower) == ["e0"]
    writer.append(writer.line())
    (writer.folder / "a.jsonl").unlink()
    writer.append(writer.line())
    assert ids(follower) == ["e1", "e2"]


def test_a_cut_file_stops_the_reading(writer: Writer) -> None:
    """Copying a file and cutting it may lose what was not read: that is said."""
    follower = Follower(writer.folder)
    writer.append(writer.line() + writer.line())
    assert ids(follower) == ["e0", "e1"]
    os.truncate(writer.folder / "a.jsonl", 0)
    with pytest.raises(LogChangedError, match="was cut below") as caught:
        ids(follower)
    assert caught.value.reason == "cut"


@pytest.mark.parametrize("longer", [0, 40])
def test_a_file_written_anew_stops_the_reading(writer: Writer, longer: int) -> None:
    """Also where the new text is as long as the old one, or longer."""
    follower = Follower(writer.folder)
    writer.append(writer.line())
    assert ids(follower) == ["e0"]
    file = writer.folder / "a.jsonl"
    size = file.stat().st_size
    file.write_bytes(b"x" * (size - 1 + longer) + b"\n")
    os.utime(file, ns=(1, 1))
    with pytest.raises(LogChangedError, match="no longer holds") as caught:
        ids(follower)
    assert caught.value.reason == "replaced"


def test_reading_on_finds_a_renamed_file(writer: Writer) -> None:
    """A rotation while nobody read loses nothing."""
    follower = Follower(writer.folder)
    writer.append(writer.line())
    assert ids(follower) == ["e0"]
    places = follower.places
    follower.close()
    writer.append(writer.line())
    writer.rotate()
    writer.append(writer.line())
    assert ids(Follower(writer.folder, places)) == ["e1", "e2"]


def test_reading_on_knows_a_restored_copy(writer: Writer) -> None:
    """A copy of the file, with another number on the disk, is read on where the place is."""
    follower = Follower(writer.folder)
    writer.append(writer.line())
    assert ids(follower) == ["e0"]
    file = writer.folder / "a.jsonl"
    content = file.read_bytes()
    (writer.folder / "b").write_bytes(content + writer.line())
    file.unlink()
    (writer.folder / "b").rename(file)
    assert ids(Follower(writer.folder, follower.places)) == ["e1"]


@pytest.mark.parametrize("reason", ["gone", "replaced"])
def test_reading_on_stops_where_the_file_is_another(writer: Writer, reason: str) -> None:
    """What was not read of a file that is gone, or was exchanged, is not known."""
    follower = Follower(writer.folder)
    writer.append(writer.line() + writer.line())
    assert ids(follower) == ["e0", "e1"]
    file = writer.folder / "a.jsonl"
    size = file.stat().st_size
    file.unlink()
    if reason == "replaced":
        file.write_bytes(b" " * size)
    with pytest.raises(LogChangedError) as caught:
        Follower(writer.folder, follower.places)
    assert caught.value.reason == reason


def test_a_line_without_end_is_parked_and_the_next_one_is_read(writer: Writer) -> None:
    """However long it is and in however many pieces it came."""
    follower, found = Follower(writer.folder, block=1 << 16), []
    for _ in range(5):
        writer.append(b"x" * (LINE_MAX // 3))
        found += ids(follower)
    writer.append(b"\n" + writer.line())
    assert found + ids(follower) == ["TOO_LONG", "e0"]


def test_a_log_that_is_one_file_is_that_file_and_its_own_events(writer: Writer) -> None:
    """Neighbours of the file are other logs."""
    writer.append(writer.line())
    writer.append(writer.line(), "other.jsonl")
    writer.append(writer.line(), "a.verbline.runtime.jsonl")
    assert ids(Follower(writer.folder / "a.jsonl")) == ["e0", "e2"]


def test_what_is_no_file_is_left_alone(writer: Writer) -> None:
    """A pipe that nobody writes to does not hold the reading up."""
    os.mkfifo(writer.folder / "p.jsonl")
    (writer.folder / "d.jsonl").mkdir()
    writer.append(writer.line())
    assert ids(Follower(writer.folder)) == ["e0"]


DEEDS = st.lists(
    st.one_of(
        st.tuples(st.just("append"), st.integers(0, 80)),
        st.tuples(st.just("rotate"), st.just(0)),
        st.tuples(st.just("poll"), st.just(0)),
        st.tuples(st.just("again"), st.integers(0, 9)),
        st.tuples(st.just("other"), st.integers(0, 80)),
    ),
    max_size=40,
)


@settings(deadline=None)
@given(deeds=DEEDS, block=st.sampled_from([7, 64, 1 << 15]))
def test_every_line_comes_once(
    tmp_path_factory: pytest.TempPathFactory, deeds: list[tuple[str, int]], block: int
) -> None:
    """Lines cut anywhere, files rotated, readers that stop after any piece and come back: each line once, in its file's order."""
    writer = Writer(tmp_path_factory.mktemp("log"))
    rest = {"a.jsonl": b"", "b.jsonl": b""}
    follower = Follower(writer.folder, block=block)
    found: list[str] = []
    places: tuple[Place, ...] = ()

    def write(name: str, cut: int) -> None:
        text = rest[name] + writer.line()
        writer.append(text[:cut], name)
        rest[name] = text[cut:]

    def read(most: int) -> tuple[Place, ...]:
        for number, piece in enumerate(follower.poll()):
            found.extend(item.id for item in piece.items if not isinstance(item, Parked))
            if number == most:
                break
        return follower.places

    for deed, size in [*deeds, ("poll", 0)]:
        if deed in {"append", "other"}:
            write("a.jsonl" if deed == "append" else "b.jsonl", size)
        elif deed == "rotate" and (writer.folder / "a.jsonl").exists():
            writer.append(rest["a.jsonl"])
            rest["a.jsonl"] = b""
            places = read(1 << 30)
            writer.rotate()
        elif deed == "again":
            places = read(size)
            follower.close()
            follower = Follower(writer.folder, places, block=block)
    for name, text in rest.items():
        writer.append(text, name)
    read(1 << 30)
    follower.close()
    assert sorted(found) == sorted(writer.ids)


def test_a_number_on_the_disk_that_is_given_again_hides_no_file(writer: Writer) -> None:
    """A file that was rotated away and deleted leaves its number to the next one, which is read from its beginning."""
    clock = Clock()
    follower = Follower(writer.folder, clock=clock, grace=60)
    writer.append(writer.line())
    assert ids(follower) == ["e0"]
    writer.rotate()
    ids(follower)
    clock.now = 61.0
    ids(follower)
    (place,) = follower.places
    assert place.done
    (writer.folder / "a.jsonl.1").unlink()
    writer.append(writer.line(), "b.jsonl")
    state = (writer.folder / "b.jsonl").stat()
    reused = place._replace(device=state.st_dev, inode=state.st_ino)
    assert ids(Follower(writer.folder, [reused])) == ["e1"]


def test_a_file_that_bears_a_name_of_the_log_again_is_read_on(writer: Writer) -> None:
    """What was read of it is not read again."""
    clock = Clock()
    follower = Follower(writer.folder, clock=clock, grace=60)
    writer.append(writer.line())
    assert ids(follower) == ["e0"]
    writer.rotate()
    ids(follower)
    clock.now = 61.0
    ids(follower)
    (writer.folder / "a.jsonl.1").rename(writer.folder / "a.jsonl")
    writer.append(writer.line())
    assert ids(follower) == ["e1"]
