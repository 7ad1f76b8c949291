"""A file of which lines were overwritten is known again by whoever read it before, and by nothing else than what was told."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import assume, given
from hypothesis import strategies as st

from verbline.runtime.follow.overwritten import Patch, changes, events_of, is_known
from verbline.runtime.follow.place import Place, prints
from verbline.runtime.own import append, own_log

LENGTHS = st.lists(st.sampled_from((3, 40, 300, 1500)), min_size=1, max_size=12)
CHOSEN = st.lists(st.lists(st.integers(0, 11), max_size=4, unique=True), max_size=3)


@contextmanager
def opened(path: Path) -> Iterator[int]:
    """Open a file to read and write it."""
    descriptor = os.open(path, os.O_RDWR)
    try:
        yield descriptor
    finally:
        os.close(descriptor)


def places_of(path: Path, lengths: list[int]) -> list[Place]:
    """Return all places at which the reading of a file may stand."""
    ends = [sum(lengths[:count]) for count in range(1, len(lengths) + 1)]
    with opened(path) as descriptor:
        found = [(end, prints(descriptor, end)) for end in ends]
    return [Place(path.name, 0, 0, end, head=head, tail=tail) for end, (head, tail) in found]


def written(folder: Path, lengths: list[int]) -> Path:
    """Write a file of lines that are so long, each another one."""
    path = folder / "log.jsonl"
    path.write_bytes(b"".join(bytes([97 + at]) * (size - 1) + b"\n" for at, size in enumerate(lengths)))  # fmt: skip
    return path


def patches(lengths: list[int], chosen: list[int]) -> list[Patch]:
    """Return what lines are overwritten with."""
    return [
        Patch(sum(lengths[:line]), b" " * (lengths[line] - 1))
        for line in chosen
        if line < len(lengths)
    ]


@given(lengths=LENGTHS, rounds=CHOSEN, half=st.integers(0, 12))
def test_it_is_known_at_any_place_also_half_way(lengths: list[int], rounds: list[list[int]], half: int) -> None:  # fmt: skip
    """However often lines are overwritten, and wherever the last time was broken off between two lines."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        path = written(folder, lengths)
        places = places_of(path, lengths)
        with opened(path) as descriptor:
            for at, chosen in enumerate(rounds):
                some = patches(lengths, chosen)
                append(own_log(folder), events_of(changes(descriptor, some), at))
                for patch in some[: half if at == len(rounds) - 1 else None]:
                    os.pwrite(descriptor, patch.text, patch.offset)
            assert all(is_known(descriptor, place, folder) for place in places)


@given(lengths=LENGTHS, line=st.integers(0, 11), byte=st.integers(0, 8_000))
def test_what_was_not_told_is_another_file(lengths: list[int], line: int, byte: int) -> None:
    """One byte more that is another one, where the file is known by it, and nobody believes that it is the same."""
    assume(line < len(lengths))
    assume(byte < sum(lengths))
    with TemporaryDirectory() as name:
        folder = Path(name)
        path = written(folder, lengths)
        place = places_of(path, lengths)[-1]
        with opened(path) as descriptor:
            some = patches(lengths, [line])
            append(own_log(folder), events_of(changes(descriptor, some), 0))
            for patch in some:
                os.pwrite(descriptor, patch.text, patch.offset)
            os.pwrite(descriptor, b"!", byte)
            is_met = byte < 1024 or byte >= place.offset - 1024
            assert is_known(descriptor, place, folder) is not is_met


def test_a_shorter_file_is_another_one(tmp_path: Path) -> None:
    """Whatever is told."""
    path = written(tmp_path, [40, 40])
    place = places_of(path, [40, 40])[-1]
    path.write_bytes(path.read_bytes()[:40])
    with opened(path) as descriptor:
        assert not is_known(descriptor, place, tmp_path)
