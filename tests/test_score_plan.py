"""`verbline score plan`: who crosses the line of a score by two versions, and how well that tells what came later."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.planned import PAIRS, pair_of
from verbline import cli
from verbline.cli import plan_sides
from verbline.cli.scoring import Scored, planned

DAY = 86_400_000
WEIGHTS = next(one for one in PAIRS if one.path.stem == "score-weights")


def scored(old: Path, new: Path, log: Path, **more: Any) -> dict[str, Any]:
    """Return what `verbline score plan` says as JSON has it."""
    asked = Scored(str(new), str(old), str(log))
    for name, value in more.items():
        setattr(asked, name, value)
    found = planned(asked)
    assert found is not None
    return found


@pytest.fixture(scope="module")
def versions(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path, Path]:
    """Return two versions that weigh a visit with 10 and with 20 points, and a log."""
    return WEIGHTS.write(tmp_path_factory.mktemp("score"))


def test_who_crosses_the_line_and_what_came_later(versions: tuple[Path, Path, Path]) -> None:
    """The line is the number that a sentence asks for; the outcome counts for whom it comes after the line was crossed."""
    found = scored(*versions, outcome="member attends")
    (line,) = found["lines"]
    assert line["score"] == "engagement"
    assert line["before"] == {"line": "is at least 40", "crossed": 3, "precision": [1, 3], "recall": [1, 3]}  # fmt: skip
    assert line["after"] == {"line": "is at least 40", "crossed": 3, "precision": [1, 3], "recall": [1, 3]}  # fmt: skip
    assert (line["now"], line["no_longer"], line["earlier"], line["later"]) == ([], [], ["P5"], [])


def test_a_line_of_ones_own(versions: tuple[Path, Path, Path]) -> None:
    """Who reaches 20 points by one visit, and did not; within a day of crossing, those count for whom the day is over."""
    (line,) = scored(*versions, line=20, outcome="member attends", within=1)["lines"]
    assert line["now"] == ["P6", "P7"]
    assert line["before"]["crossed"] == 5
    assert line["after"]["crossed"] == 7
    # Nobody attends within a day of booking, and for whom came on the last day it is not over.
    assert line["before"]["precision"] == [0, 5]
    assert line["after"]["precision"] == [0, 6]
    assert line["after"]["recall"] == [3, 3]


def test_a_line_that_becomes_another_is_one_line(tmp_path: Path) -> None:
    """Where each side asks for a number of its own, the one has become the other."""
    case = tmp_path / "a.case"
    case.write_text("=== change people.journey\n-at least 40\n+at least 30\n\n=== plan\n", "utf-8")
    (line,) = scored(*pair_of(case).write(tmp_path))["lines"]
    assert (line["before"]["line"], line["after"]["line"]) == ("is at least 40", "is at least 30")
    assert (line["before"]["crossed"], line["after"]["crossed"]) == (3, 5)
    assert line["now"] == ["P2", "P3"]
    assert line["earlier"] == ["P1", "P4"]


def test_people_who_are_others_by_other_rules_are_compared_as_one(tmp_path: Path) -> None:
    """Who is one with somebody by the new rules has the points of both, under a name that says so."""
    pair = next(one for one in PAIRS if one.path.stem == "identity-rule")
    (line,) = scored(*pair.write(tmp_path))["lines"]
    assert line["now"] == ["P2 (was P2, P6)"]


def test_processes_come_to_the_same(
    versions: tuple[Path, Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The journeys that watch go along into the processes."""
    here = scored(*versions, outcome="member attends")
    monkeypatch.setattr(plan_sides, "APART_FROM", 0)
    assert scored(*versions, outcome="member attends") == here


EVENT = st.tuples(
    st.sampled_from(["booked", "visited", "attended"]), st.integers(1, 3), st.integers(0, 5)
)
SOURCES = {"booked": "booking", "visited": "site", "attended": "ground"}


@settings(
    max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)
@given(events=st.lists(EVENT, min_size=1, max_size=25), line=st.integers(10, 90))
def test_any_log_is_counted_right(
    versions: tuple[Path, Path, Path],
    tmp_path: Path,
    events: list[tuple[str, int, int]],
    line: int,
) -> None:
    """Points added up by hand give who crosses, in both versions, and the shares."""
    log, rows, day = tmp_path / "any.jsonl", [], 0
    made = []
    for at, (kind, member, days) in enumerate(events):
        day += days
        made.append((kind, member, day, at))
        time = f"2026-{day // 28 % 12 + 1:02}-{day % 28 + 1:02}T10:00:{at:02}Z"
        rows.append(json.dumps({"id": f"e{at}", "source": SOURCES[kind], "type": kind, "time": time, "data": {"member-number": f"M-{member}"}}))  # fmt: skip
    log.write_text("\n".join(rows) + "\n", "utf-8")
    old, new, _log = versions
    (found,) = scored(old, new, log, line=line, outcome="member attends")["lines"]
    for side, visit in (("before", 10), ("after", 20)):
        points = {"booked": 30, "visited": visit, "attended": 0}
        sums = dict.fromkeys((1, 2, 3), 0)
        crossed: dict[int, int] = {}
        later, came = set(), set()
        for kind, member, _day, at in made:
            sums[member] += points[kind]
            if sums[member] >= line and member not in crossed and points[kind]:
                crossed[member] = at
            if kind == "attended":
                came.add(member)
                later |= {member} & crossed.keys()
        assert found[side]["crossed"] == len(crossed)
        if came:
            assert found[side]["precision"] == [len(later), len(crossed)]
            assert found[side]["recall"] == [len(later), len(came)]


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["new", "--against", "old"], "--log"),
        (["new", "--against", "old", "--log", "log", "--score", "fame"], '"fame"'),
        (["new", "--against", "old", "--log", "log", "--outcome", "nothing"], '"nothing"'),
        (["new", "--against", "old", "--log", "log", "--line", "x"], "--line"),
    ],
)
def test_wrong_usage_is_1(
    words: list[str],
    sentence: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """2 says that something changes, so whatever cannot be told ends in 1."""
    WEIGHTS.write(tmp_path)
    monkeypatch.chdir(tmp_path)
    assert cli.run(["score", "plan", *words]) == 1
    assert sentence in capsys.readouterr().err


def test_the_report(versions: tuple[Path, Path, Path], capsys: pytest.CaptureFixture[str]) -> None:
    """A share stands with its numbers, and below 30 people alone; 0 where nobody crosses the line otherwise."""
    old, new, log = map(str, versions)
    words = ["--log", log, "--outcome", "member attends", "--format", "markdown"]
    assert cli.run(["score", "plan", new, "--against", old, *words]) == 2
    shown = capsys.readouterr().out
    assert "| people who cross the line | 3 | 3 |" in shown
    assert "| of them with “member attends” later | 1 of 3 | 1 of 3 |" in shown
    assert "- 1 person crosses the line earlier than before: P5" in shown
    assert cli.run(["score", "plan", new, "--against", new, *words]) == 0
