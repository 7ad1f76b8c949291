"""Lines read ahead. Rule: whoever asks gets what would have come, in its order, and an error at its place."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest

from tests.limits import joined
from verbline.runtime.engine.ahead import Ahead
from verbline.runtime.engine.reading import Stretch
from verbline.runtime.events import Item
from verbline.runtime.lines import LogError


def stretches(many: int, read: list[int], fault: int = -1) -> Iterator[Stretch]:
    """Yield stretches of two lines, and note which were read; at one of them the file is gone."""
    for number in range(many):
        if number == fault:
            raise LogError("gone")
        read.append(number)
        lines: list[Item] = [None, None]  # type: ignore[list-item]  # nobody looks at them
        yield Stretch(number, lines, None)


def test_what_is_read_ahead_comes_in_its_order() -> None:
    """So many lines are read as are wanted, whoever asks meanwhile waits for them, and nothing is left out."""
    read: list[int] = []
    with Ahead(stretches(9, read), 5) as ahead:
        assert next(ahead).file == 0
        ahead.begin()
        ahead.end()
        assert read == [0, 1, 2, 3]
        ahead.begin()
        assert next(ahead).file == 1
        assert read == [0, 1, 2, 3]
        ahead.begin()
        assert [one.file for one in ahead] == [2, 3, 4, 5, 6, 7, 8]
        ahead.begin()
        assert next(ahead, None) is None


def test_an_error_is_told_where_it_would_have_been() -> None:
    """What was read before it comes first, and then it comes once."""
    with Ahead(stretches(5, [], 2), 100) as ahead:
        ahead.begin()
        assert [next(ahead).file for _ in range(2)] == [0, 1]
        with pytest.raises(LogError, match="gone"):
            next(ahead)
        assert next(ahead, None) is None


def test_nothing_is_read_once_it_is_over() -> None:
    """Whoever ends a run leaves no thread that reads on."""
    read: list[int] = []
    with Ahead(stretches(5, read), 3) as ahead:
        ahead.begin()
    ahead.begin()
    ahead.end()
    assert read == [0, 1]


def test_its_thread_ends_with_it() -> None:
    """Whoever catches up again and again does not gather threads."""
    before = set(threading.enumerate())
    with Ahead(stretches(5, []), 3) as ahead:
        ahead.begin()
    (thread,) = set(threading.enumerate()) - before
    del ahead
    joined(thread)
