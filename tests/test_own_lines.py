"""What belongs into the runtime's own log gets there: killed between any two calls nothing is lost, and nothing is told twice."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.leavers import AT
from verbline.runtime.leaving import own_lines
from verbline.runtime.leaving.own_lines import OwnLines
from verbline.runtime.lines import LogError
from verbline.runtime.own import append, own_event
from verbline.runtime.store.writer import Writer


def event(number: int) -> dict[str, object]:
    """Return an event of our own."""
    return own_event(
        "verbline.signal", AT + number, {"person": "P1", "number": number}, f"k{number}"
    )


@pytest.fixture
def writer(tmp_path: Path) -> Iterator[Writer]:
    """Return the writer of a store."""
    found = Writer(tmp_path / "store.db")
    yield found
    found.close()


def ids(path: Path) -> list[str]:
    """Return the ids of the events in a log."""
    if not path.exists():
        return []
    return [json.loads(line)["id"] for line in path.read_bytes().split(b"\n") if line]


def test_lines_are_appended_in_their_order_once(writer: Writer, tmp_path: Path) -> None:
    """What was appended is forgotten in the store; asked again there is nothing to do."""
    log = tmp_path / "own.jsonl"
    lines = OwnLines(writer, log)
    lines.put(event(number) for number in range(5_000))
    assert not log.exists()
    assert lines.append() == 5_000
    assert lines.append() == 0
    lines.put([event(5_000)])
    assert lines.append() == 1
    assert ids(log) == [f"k{number}" for number in range(5_001)]
    assert not writer.connection.execute("select 1 from own_line").fetchone()


def taken_back(writer: Writer, lines: OwnLines) -> None:
    """Put a line in a transaction that is taken back."""
    with writer.writing():
        lines.put([event(1)])
        raise OSError("no disk")


def test_what_is_not_committed_is_not_told(writer: Writer, tmp_path: Path) -> None:
    """A line belongs to the transaction in which it was put; inside of one nothing is appended."""
    lines = OwnLines(writer, tmp_path / "own.jsonl")
    with pytest.raises(OSError, match="no disk"):
        taken_back(writer, lines)
    assert lines.append() == 0
    with writer.writing():
        lines.put([event(2)])
        with pytest.raises(AssertionError, match="what is told is true"):
            lines.append()
    assert lines.append() == 1


def test_a_log_that_cannot_be_written_loses_nothing(writer: Writer, tmp_path: Path) -> None:
    """The lines stay until it can."""
    log = tmp_path / "own.jsonl"
    log.mkdir()
    lines = OwnLines(writer, log)
    lines.put([event(1), event(2)])
    for _ in range(2):
        with pytest.raises(LogError):
            lines.append()
    log.rmdir()
    assert lines.append() == 2
    assert ids(log) == ["k1", "k2"]


def test_lines_with_any_letters_are_the_same_in_the_log(writer: Writer, tmp_path: Path) -> None:
    """Whatever stands in a value, even half a letter, is one line."""
    lines = OwnLines(writer, tmp_path / "own.jsonl")
    lines.put([own_event("verbline.signal", AT, {"fields": {"name": "Žan\r\n\ud800 <b>"}}, "k")])
    lines.append()
    (line,) = (tmp_path / "own.jsonl").read_bytes().splitlines()
    assert json.loads(line)["data"]["fields"]["name"].startswith("Žan\r\n")


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(cut=st.integers(0, 1_000_000), others=st.integers(0, 6), is_done=st.booleans())
def test_cut_off_anywhere_the_log_holds_each_event_once(
    tmp_path: Path, *, cut: int, others: int, is_done: bool
) -> None:
    """A crash leaves the log at any length of what was written, and the rows in the store; others may have written since."""
    store, log = (
        tmp_path / f"s{cut}-{others}-{is_done}.db",
        tmp_path / f"l{cut}-{others}-{is_done}.jsonl",
    )
    for path in (store, log):
        path.unlink(missing_ok=True)
    writer = Writer(store)
    try:
        OwnLines(writer, log).put(event(number) for number in range(10))
        append(log, [event(-1)])
        before = log.stat().st_size
        append(log, [event(number) for number in range(10)])
        length = log.stat().st_size
        os.truncate(log, length if is_done else before + cut % (length - before + 1))
        append(log, [event(-2 - number) for number in range(others)])
        OwnLines(writer, log).append()
        found = [one for one in lines_of(log) if one.startswith("k") and not one.startswith("k-")]
        assert sorted(found) == sorted(f"k{number}" for number in range(10))
    finally:
        writer.close()


def lines_of(path: Path) -> list[str]:
    """Return the ids of the lines that are whole events; a torn line is none."""
    found = []
    for line in path.read_bytes().split(b"\n")[:-1]:
        try:
            found.append(str(json.loads(line)["id"]))
        except ValueError:
            continue
    return found


def test_without_the_look_a_crash_would_tell_twice(
    tmp_path: Path, writer: Writer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The planted fault: whoever does not look what is there appends it again."""
    log = tmp_path / "own.jsonl"
    lines = OwnLines(writer, log)
    lines.put([event(1)])
    append(log, [event(1)])
    monkeypatch.setattr(own_lines, "ids_at_end", lambda _: set())
    lines.append()
    assert ids(log) == ["k1", "k1"]
