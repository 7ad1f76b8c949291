"""Heartbeats: silence is an incident, and nobody works at night, at weekends and on holidays."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.cases import project_of
from verbline.interpreter.heartbeats import Heartbeat, heartbeats
from verbline.interpreter.program.compile import compile_project
from verbline.interpreter.program.program import Program
from verbline.interpreter.project import Project
from verbline.interpreter.step.records import instant_text
from verbline.interpreter.zones import DAY, HOUR
from verbline.runtime import backwards
from verbline.runtime.backwards import Wanted, came, texts
from verbline.runtime.lines import read

MOMENTS = """
moment "receipt"
  comes from "tills" as "receipt.closed"
  expected at least {number} in {length}
  owned by "Ana Kos"

moment "other"
  comes from "tills" as "other"
"""
SETTINGS = '[project]\nzone = "Europe/Ljubljana"\ncountry = "SI"\nholidays = "SI"\n'


def club(number: str, length: str) -> tuple[Project, Program]:
    """Return a project of which one moment is expected."""
    files = {"verbline.toml": SETTINGS, "a.journey": MOMENTS.format(number=number, length=length)}
    project = project_of(files)
    return project, compile_project(project)


def expected(number: str, length: str) -> tuple[Heartbeat, Program]:
    """Return what is expected of it."""
    project, program = club(number, length)
    (found,) = heartbeats(project)
    return found, program


def at(text: str, program: Program) -> int:
    """Return the instant of a local time such as ``2026-03-06 16:00``."""
    return program.zone.instant(datetime.fromisoformat(text))


def test_what_is_expected_is_read_from_the_moment() -> None:
    """With who answers for it, and the length in the words of the author; others are expected never."""
    found, _program = expected("5 times", "2 working days")
    assert (found.moment, found.number, found.words, found.owner) == ("receipt", 5, "2 working days", "Ana Kos")  # fmt: skip


# 2026-03-06 is a friday; 6 April is Easter Monday, 3 April no holiday; 8 February a sunday and holiday; 1 and 2 May, friday and saturday, are holidays.
CASES = [
    ("1 time", "1 working day", ["2026-03-06 16:00"], "2026-03-08 23:00", False),
    ("1 time", "1 working day", ["2026-03-06 16:00"], "2026-03-09 16:00", False),
    ("1 time", "1 working day", ["2026-03-06 16:00"], "2026-03-09 16:01", True),
    ("1 time", "1 working day", ["2026-03-05 16:00"], "2026-03-06 16:01", True),
    ("1 time", "1 day", ["2026-03-06 16:00"], "2026-03-07 16:01", True),
    ("1 time", "1 working day", ["2026-04-03 12:00"], "2026-04-07 12:00", False),
    ("1 time", "1 working day", ["2026-04-03 12:00"], "2026-04-07 12:01", True),
    ("1 time", "1 working day", ["2026-04-30 12:00"], "2026-05-04 12:00", False),
    ("1 time", "1 working day", ["2026-04-30 12:00"], "2026-05-04 12:01", True),
    ("1 time", "4 working hours", ["2026-03-06 15:00"], "2026-03-09 11:00", False),
    ("1 time", "4 working hours", ["2026-03-06 15:00"], "2026-03-09 11:01", True),
    ("1 time", "1 working day", ["2026-03-07 12:00"], "2026-03-10 09:00", False),
    ("1 time", "1 working day", ["2026-03-07 12:00"], "2026-03-10 09:01", True),
    ("2 times", "1 hour", ["2026-03-06 10:00", "2026-03-06 10:30"], "2026-03-06 11:00", False),
    ("2 times", "1 hour", ["2026-03-06 10:00", "2026-03-06 10:30"], "2026-03-06 11:01", True),
    ("2 times", "1 hour", ["2026-03-06 10:30"], "2026-03-06 11:01", True),
]


@pytest.mark.parametrize(("number", "length", "instants", "now", "is_silent"), CASES)
def test_silence_begins_when_the_length_has_passed(
    number: str, length: str, instants: list[str], now: str, *, is_silent: bool
) -> None:
    """Counted from the latest but so many; where fewer came, from when on all are known."""
    found, program = expected(number, length)
    there = [at(one, program) for one in instants]
    begun = at("2026-01-01 00:00", program)
    assert found.is_silent(there, begun, at(now, program), program.work) is is_silent
    since = found.since(at(now, program), program.work)
    assert (sum(one >= since for one in there) < found.number) is is_silent


def test_nothing_is_missed_before_the_log_begins() -> None:
    """A log that is an hour old is not silent for a day."""
    found, program = expected("5 times", "1 day")
    now = at("2026-03-06 16:00", program)
    assert not found.is_silent([], now - HOUR, now, program.work)
    assert not found.is_silent([], now - DAY, now, program.work)
    assert found.is_silent([], now - DAY - 1, now, program.work)


def test_where_nobody_ever_works_nothing_is_missed() -> None:
    """The end of all time is not reached."""
    project = project_of({"verbline.toml": SETTINGS, "a.journey": MOMENTS.format(number="1 time", length="99999 working days")})  # fmt: skip
    (found,) = heartbeats(project)
    program = compile_project(project)
    now = at("2026-03-06 16:00", program)
    assert not found.is_silent([], 0, now, program.work)
    assert found.since(now, program.work) < now - 1000 * DAY


# The end of a log


def line(number: int, at: int, kind: str = "receipt.closed", more: str = "") -> str:
    """Return a line of a log."""
    event: dict[str, Any] = {"id": f"e{number}", "source": "tills", "type": kind, "time": instant_text(at), "data": {"more": more}}  # fmt: skip
    return json.dumps(event)


@given(
    lines=st.lists(st.one_of(st.binary(max_size=6), st.just(b"x" * 40)), max_size=12),
    size=st.integers(1, 20),
    ended=st.booleans(),
)
def test_lines_come_backwards_each_once(
    tmp_path_factory: pytest.TempPathFactory, lines: list[bytes], size: int, *, ended: bool
) -> None:
    """Each with its offset, whatever the size of a block."""
    content = b"\n".join(lines) + b"\n" * ended
    path = tmp_path_factory.mktemp("log") / "a.jsonl"
    path.write_bytes(content)
    found = []
    for offset, text in texts(path, size):
        assert content[offset : offset + len(text)] == text
        found += [(offset + place, one) for place, one in offsets(text)]
    assert sorted(found) == [one for one in offsets(content) if one[1]]


def offsets(text: bytes) -> Iterator[tuple[int, bytes]]:
    """Yield the lines of a text that hold something, with their offsets."""
    place = 0
    for one in text.split(b"\n"):
        if one:
            yield place, one
        place += len(one) + 1


def found_in(tmp_path: Path, lines: list[str], number: int, since: int, now: int) -> tuple[Wanted, int]:  # fmt: skip
    """Return what is found in a log of one file, and from when on all are known."""
    _project, program = club("1 time", "1 day")
    path = tmp_path / "a.jsonl"
    path.write_text("\n".join(lines) + "\n")
    wanted = Wanted(number, since)
    return wanted, came([path], program, {"receipt": wanted}, now)


def test_a_log_is_read_back_as_far_as_is_needed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:  # fmt: skip
    """Until enough are found, or the start of the time in which they count is passed."""
    blocks: list[Path] = []

    def noted(path: Path, position: int, size: int) -> bytes:
        blocks.append(path)
        return read(path, position, size)

    monkeypatch.setattr(texts, "__defaults__", (1_000,))
    monkeypatch.setattr(backwards, "read", noted)
    now = 1_800_000_000_000
    lines = [line(number, now - (1_000 - number) * HOUR) for number in range(1_000)]
    wanted, begun = found_in(tmp_path, lines, 3, now - 50 * HOUR, now)
    assert wanted.is_met
    assert begun == now - 50 * HOUR
    few = len(blocks)
    wanted, begun = found_in(tmp_path, lines, 60, now - 50 * HOUR, now)
    assert (len(wanted.came), begun) == (50, now - 50 * HOUR - 1)
    assert few < len(blocks) < 20
    wanted, begun = found_in(tmp_path, lines, 2_000, now - 5_000 * HOUR, now)
    assert (len(wanted.came), begun) == (1_000, now - 1_000 * HOUR)


@pytest.mark.parametrize("every", [4, 7])
def test_what_is_not_read_is_as_if_it_were(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, every: int) -> None:  # fmt: skip
    """Reading back no further than is needed decides the same as reading everything."""
    found, program = expected("5 times", "1 day")
    now = 1_800_000_000_000
    lines = [line(number, now - back * HOUR) for number, back in enumerate(range(999, 0, -every))]
    silent = []
    for size in (500, 1 << 20):
        monkeypatch.setattr(texts, "__defaults__", (size,))
        wanted, begun = found_in(tmp_path, lines, 5, found.since(now, program.work), now)
        silent.append(found.is_silent(wanted.came.values(), begun, now, program.work))
    assert silent == [every > 4] * 2


def test_what_is_no_such_moment_or_comes_twice_does_not_count(tmp_path: Path) -> None:
    """Nor what is no event; a clock that runs ahead counts as now."""
    now = 1_800_000_000_000
    lines = [
        line(1, now - HOUR),
        line(1, now - HOUR),
        line(2, now - HOUR, "other"),
        "{",
        line(3, now + DAY),
        line(4, now - 3 * DAY),
    ]
    wanted, begun = found_in(tmp_path, lines, 9, now - DAY, now)
    assert wanted.came == {("tills", "e1"): now - HOUR, ("tills", "e3"): now}
    assert begun == now - 3 * DAY
