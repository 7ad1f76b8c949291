"""A log of many files: nothing is lost, nothing is read twice, and the order is that in which things were known."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.loglines import HOUR, START, Reading, line, written
from verbline.runtime.lines import LogError
from verbline.runtime.log import Log, read_log
from verbline.runtime.order import DAY


def test_files_are_one_log(tmp_path: Path) -> None:
    """Lines of several files come in the order in which they were known; at one instant the first name is first."""
    hours = {"b": (0, 2, 2, 9), "a": (2, 3), "c": (1, 2, 10)}
    files = {
        f"{name}.jsonl": [line(f"{name}{n}", START + hour * HOUR) for n, hour in enumerate(at)]
        for name, at in hours.items()
    }
    read = Reading(written(tmp_path / "log", {**files, "notes.txt": ["no line of the log"]}))
    assert read.ids == ["b0", "c0", "a0", "b1", "b2", "c1", "a1", "b3", "c2"]
    assert [event.id for event in read_log(tmp_path / "log")] == read.ids


def test_what_stands_below_is_never_known_before(tmp_path: Path) -> None:
    """A late line is known when the line above was and happened when it says; the counts tell of it."""
    hours = (48, 1, 49, 48)
    lines = [line(f"e{n}", START + hour * HOUR) for n, hour in enumerate(hours)]
    read = Reading(written(tmp_path / "log", {"a.jsonl": lines}))
    assert [(event.known - START) // HOUR for event in read.events] == [48, 48, 49, 49]
    assert [(event.happened - START) // HOUR for event in read.events] == list(hours)
    assert read.log.counts.late == 1


def test_a_clock_ahead_takes_nobody_along(tmp_path: Path) -> None:
    """A line from the future is known, and happened, when the line above was; those below keep their own time."""
    lines = [line(f"e{n}", START + n * HOUR) for n in range(20)]
    lines.insert(5, line("ahead", START + 4_000 * DAY))
    lines.insert(9, line("too", START + 4_000 * DAY))
    read = Reading(written(tmp_path / "log", {"a.jsonl": lines}))
    by_id = {event.id: event for event in read.events}
    assert by_id["ahead"].known == by_id["ahead"].happened == START + 4 * HOUR
    assert by_id["too"].known == START + 7 * HOUR
    assert [by_id[f"e{n}"].known for n in range(20)] == [START + n * HOUR for n in range(20)]
    assert read.log.counts.ahead == 2


def test_the_first_clock_may_be_ahead_too(tmp_path: Path) -> None:
    """A first line from the future is known when those that follow begin."""
    lines = [line("ahead", START + 4_000 * DAY), *(line(f"e{n}", START + n) for n in range(10))]
    for block in (100, 1 << 16):
        read = Reading(written(tmp_path / "log", {"a.jsonl": lines}), block=block)
        assert [event.known - START for event in read.events] == [0, *range(10)]


def test_a_quiet_log_may_leap(tmp_path: Path) -> None:
    """Weeks without a line are no clock that runs ahead, nor is one late line below."""
    days = (0, 30, 60, 61, 90, 95, 59, 120, 150, 180, 210, 240)
    lines = [line(f"e{n}", START + day * DAY) for n, day in enumerate(days)]
    read = Reading(written(tmp_path / "log", {"a.jsonl": lines}))
    assert read.log.counts.ahead == 0
    assert [(event.known - START) // DAY for event in read.events][5:8] == [95, 95, 120]


def test_the_last_line_may_leap_over_the_clock(tmp_path: Path) -> None:
    """A last line later than the clock, below one that is not, is known when that one was; no clock, no such question."""
    lines = [line("e0", START), line("e1", START + 4_000 * DAY)]
    path = written(tmp_path / "log", {"a.jsonl": lines})
    assert Reading(path, now=START + DAY).events[1].known == START
    assert Reading(path).events[1].known == START + 4_000 * DAY
    assert Reading(path, now=START - DAY).events[1].known == START + 4_000 * DAY


def test_the_same_event_is_one_event(tmp_path: Path) -> None:
    """An event that comes again changes nothing, in another file and written otherwise too, and is counted."""
    event = line("e1", START, a=1, b="x")
    again = '{"data":{"b":"\\u0078","a":1.0},"type":"t","time":"2026-03-09T09:00:00+01:00","source":"s","id":"e1"}'
    files: dict[str, list[str] | bytes] = {
        "a.jsonl": [event, event],
        "b.jsonl": [again, line("e2", START)],
    }
    read = Reading(written(tmp_path / "log", files))
    assert read.ids == ["e1", "e2"]
    assert (read.log.counts.duplicates, read.parked) == (2, [])


@pytest.mark.parametrize(
    "other",
    [
        line("e1", START, a=2),
        line("e1", START + 1, a=1),
        line("e1", START, a=1).replace('"t"', '"u"'),
        line("e1", START, a=1).replace("{", '{"consent":[{"act":"deny"}],', 1),
    ],
)
def test_another_event_under_an_id_is_parked(tmp_path: Path, other: str) -> None:
    """The same id with another body is a conflict; the first stays."""
    read = Reading(written(tmp_path / "log", {"a.jsonl": [line("e1", START, a=1), other]}))
    assert [event.data for event in read.events] == [{"a": 1}]
    assert read.reasons == ["conflict"]
    parked = read.parked[0]
    assert (parked.file, parked.offset, parked.length) == (
        "a.jsonl",
        len(line("e1", START, a=1)) + 1,
        len(other),
    )


def test_an_id_belongs_to_its_source(tmp_path: Path) -> None:
    """Two sources may use one id; so may two files whose lines name no source."""
    nameless = line("e1", START).replace('"source": "s", ', "")
    files: dict[str, list[str] | bytes] = {
        "a.jsonl": [nameless, line("e1", START)],
        "b.jsonl": [nameless, line("e1", START).replace('"s"', '"z"')],
    }
    read = Reading(written(tmp_path / "log", files))
    assert [event.source for event in read.events] == ["a.jsonl", "s", "b.jsonl", "z"]
    assert not read.parked


@pytest.mark.text
def test_ids_that_hash_alike_stay_apart(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No answer depends on a hash: were there only four of them, each event would still be one."""
    monkeypatch.setattr("verbline.runtime.seen.HASH", 3 << 32)
    lines = [line(f"e{n % 40}", START + n % 40) for n in range(60)]
    read = Reading(written(tmp_path / "log", {"a.jsonl": lines}))
    assert read.ids == [f"e{n}" for n in range(40)]
    assert (read.log.counts.duplicates, read.parked) == (20, [])


def test_more_ids_than_expected(tmp_path: Path) -> None:
    """The table of ids grows, and still knows each of them."""
    ids = [f"{n:x}" for n in range(4_000)]
    lines = [f'{{"id":"{one}","type":"t","time":"2026-03-09T08:00:00Z"}}' for one in ids]
    read = Reading(written(tmp_path / "log", {"a.jsonl": lines + lines}))
    assert read.ids == ids
    assert read.log.counts.duplicates == len(ids)


@pytest.mark.parametrize(
    ("tail", "ids", "reasons"),
    [
        (line("e2", START).encode(), ["e1", "e2"], []),
        (line("e2", START).encode()[:-1], ["e1"], ["torn"]),
        (b'{"id', ["e1"], ["torn"]),
        ("č".encode()[:1], ["e1"], ["torn"]),
        (b"  ", ["e1"], []),
    ],
)
def test_a_last_line_without_newline(
    tmp_path: Path, tail: bytes, ids: list[str], reasons: list[str]
) -> None:
    """A last line that is whole is read though its newline is missing; else it is torn."""
    text = line("e1", START).encode() + b"\n" + tail
    read = Reading(written(tmp_path / "log", {"a.jsonl": text}))
    assert (read.ids, read.reasons) == (ids, reasons)


@pytest.mark.parametrize("block", [64, 1 << 16, 1 << 24])
def test_an_endless_line_is_parked_unread(tmp_path: Path, block: int) -> None:
    """A line of more than 1 MiB is parked with its place and length; one of just that length is read."""
    full = line("full", START, text="")
    full = line("full", START, text="x" * ((1 << 20) - len(full)))
    long = line("long", START, text="x" * (1 << 20))
    text = "\n".join((line("e1", START), full, long, line("e2", START), "y" * (1 << 21)))
    read = Reading(written(tmp_path / "log", {"a.jsonl": text.encode()}), block=block)
    assert read.ids == ["e1", "full", "e2"]
    assert read.reasons == ["too_long", "too_long"]
    assert [one.length for one in read.parked] == [len(long), 1 << 21]
    assert [one.offset for one in read.parked] == [text.index(long), text.index("y" * 9)]


def test_a_mark_at_the_beginning_is_no_line(tmp_path: Path) -> None:
    """The mark that some programs put in front of UTF-8 is skipped; offsets count it."""
    text = b"\xef\xbb\xbf" + line("e1", START).encode() + b"\n"
    read = Reading(written(tmp_path / "log", {"a.jsonl": text, "b.jsonl": b"\xef\xbb\xbf"}))
    assert [(event.id, event.offset) for event in read.events] == [("e1", 3)]
    assert not read.parked


def test_one_file_is_a_log(tmp_path: Path) -> None:
    """A log may be one file, whatever its name."""
    written(tmp_path / "log", {"events": [line("e1", START)], "b.jsonl": [line("e2", START)]})
    assert Reading(tmp_path / "log" / "events").ids == ["e1"]


def test_an_empty_log_has_no_events(tmp_path: Path) -> None:
    """Empty files are a log; a folder without any, and no folder at all, are none."""
    assert Reading(written(tmp_path / "log", {"a.jsonl": b"", "b.jsonl": b"\n\n"})).events == []
    with pytest.raises(LogError):
        Log(written(tmp_path / "none", {"a.json": b""}))
    with pytest.raises(LogError):
        Log(tmp_path / "nowhere")


def test_what_is_parked_is_told_in_its_place(tmp_path: Path) -> None:
    """A line that is no event is told after the events above it and before those below."""
    lines = [line("e1", START), "{", line("e2", START + HOUR), "[]", "{", line("e3", START)]
    told: list[str] = []
    log = Log(written(tmp_path / "log", {"a.jsonl": lines}), park=lambda _one: told.append("-"))
    for events in log.batches():
        told += [event.id for event in events]
    assert "".join(told) == "e1-e2--e3"
    assert log.counts.parked == {"bad_json": 3}


def test_the_counts_add_up(tmp_path: Path) -> None:
    """Every byte of a log is counted as read."""
    lines = [line(f"e{n}", START + n) for n in range(500)]
    path = written(tmp_path / "log", {"a.jsonl": lines, "b.jsonl": lines[:100]})
    read = Reading(path, block=1_000)
    assert read.log.counts.read == read.log.counts.size
    assert (read.log.counts.events, read.log.counts.duplicates) == (500, 100)


# ---------- Whatever stands in the files ----------

LINES = st.one_of(
    st.builds(
        lambda name, minutes, value: line(f"e{name}", START + minutes * 60_000, a=value).encode(),
        st.integers(0, 8),
        st.integers(0, 5_000),
        st.sampled_from([1, "x", None, [1, {"b": 2}], 'č:"{']),
    ),
    st.binary(max_size=40).map(lambda some: some.replace(b"\n", b"")),
    st.sampled_from([b"", b" ", b"{}", b'{"id":"e1"', b'{"a":1,"a":1}', b"\xef\xbb\xbf"]),
)
FILES = st.dictionaries(
    st.sampled_from(["a.jsonl", "b.jsonl", "verbline.runtime.jsonl"]),
    st.tuples(st.lists(LINES, max_size=12), st.booleans()),
    min_size=1,
)


def places(read: Reading) -> list[tuple[str, int, str]]:
    """Return each line that came out, with its place and what became of it."""
    found = [(one.file, one.offset, one.id) for one in read.events]
    return found + [(one.file, one.offset, one.fault.reason) for one in read.parked]


@settings(max_examples=150)
@given(files=FILES, block=st.integers(1, 200))
def test_nothing_is_lost(
    tmp_path_factory: pytest.TempPathFactory,
    files: dict[str, tuple[list[bytes], bool]],
    block: int,
) -> None:
    """Every line that is not blank is an event, a duplicate or parked, however many bytes are read at a time."""
    folder = tmp_path_factory.mktemp("log")
    texts = {
        name: b"\n".join(lines) + (b"\n" if lines and is_ended else b"")
        for name, (lines, is_ended) in files.items()
    }
    written(folder, dict(texts))
    whole, small = Reading(folder), Reading(folder, block=block)
    assert Counter(places(whole)) == Counter(places(small))
    assert [(one.id, one.known, one.happened) for one in whole.events] == [
        (one.id, one.known, one.happened) for one in small.events
    ]
    lines = [
        one
        for text in texts.values()
        for one in text.removeprefix(b"\xef\xbb\xbf").split(b"\n")
        if one.strip(b" \t\r\x0b\x0c")
    ]
    counts = whole.log.counts
    assert len(lines) == counts.events + counts.duplicates + sum(counts.parked.values())
    assert all(one.known <= two.known for one, two in pairwise(whole.events))
    assert all(one.happened <= one.known for one in whole.events)
