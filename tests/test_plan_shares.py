"""A large log is read once for both versions, and lived in shares of the people; the plan is the same, to the byte."""

from __future__ import annotations

import json
import os
import re
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.years.made import year_of
from tests.planned import PAIRS, SAME_PEOPLE, Pair, plan
from tests.test_plan_any import EVENT, versions, written
from tests.test_plan_edits import compiled_at
from tests.tree import ROOT
from tests.trials import tries
from verbline import cli
from verbline.cli import plan_shares, plan_sides
from verbline.cli.plan_sides import Ask, result_of
from verbline.cli.planning import Asked, planned
from verbline.runtime import shares
from verbline.runtime.entries import Entries, OutOfOrderError
from verbline.runtime.plan import gathered, twice
from verbline.runtime.plan.common import Common
from verbline.runtime.plan.kept import kept
from verbline.runtime.plan.twice import Both

__all__ = ["versions"]

# Where more than journeys and what they send differs, each side is read for itself.
TOGETHER = (
    "consent-purpose", "layout-only", "longer-wait", "new-journey", "new-message", "other-words", "owner-only", "removed-journey", "removed-step",
)  # fmt: skip
# What the example's journeys are changed in: the last wait, the first, a message, a clause of the head.
EDITS = (
    ("up to 14 days", "up to 7 days"),
    ("wait until 09:00 on", "wait until 11:00 on"),
    ("sends at most 3 messages", "sends at most 1 message"),
    ("gives up after 130 days", "gives up after 20 days"),
    ("  wait until 09:00 on the next working day\n  notify the member by email with \"How to prepare for your course\"", "  wait 3 days\n  notify the member by email with \"How to prepare for your course\""),
)  # fmt: skip
WAYS: list[bool] = []


def at_once(monkeypatch: pytest.MonkeyPatch, number: int) -> None:
    """Let the next plans be made at once, in so many shares; `WAYS` says whether that was a way."""
    whole = plan_shares.at_once

    def seen(*given: Any) -> Any:
        found = whole(*given)
        WAYS.append(found is not None)
        return found

    WAYS.clear()
    monkeypatch.setattr(plan_shares, "at_once", seen)
    monkeypatch.setattr(plan_sides, "APART_FROM", 0)
    monkeypatch.setattr(shares, "room", lambda: number)


def told(new: Path, old: Path, log: Path) -> str:
    """Return the plan as JSON."""
    found = planned(Asked(str(new), str(old), str(log)))
    assert found is not None
    found.pop("took", None)
    return json.dumps(found)


def say_same(one: str, other: str) -> None:
    """Fail where two plans differ, in few words however long they are."""
    at = next((at for at, pair in enumerate(zip(one, other, strict=False)) if len({*pair}) > 1), -1)
    assert hash(one) == hash(other), f"{one[at - 200 : at + 60]}\n{other[at - 200 : at + 60]}"


@pytest.mark.parametrize(
    "pair", [one for one in SAME_PEOPLE if one.path.stem in TOGETHER], ids=lambda one: one.path.stem
)
def test_any_number_of_shares_comes_to_the_same(
    pair: Pair, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each prepared pair, in one, two and three shares."""
    here = plan(pair, tmp_path / "here")
    for number in (1, 2, 3):
        with monkeypatch.context() as patch:
            at_once(patch, number)
            there = plan(pair, tmp_path / str(number))
        assert WAYS == [True]
        there.pop("took")
        there["against"] = here["against"]
        say_same(json.dumps(here), json.dumps(there))


@pytest.fixture(scope="module")
def year(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the log of a small year of the example project, with desks that answer."""
    year_of("mobility", 25, 3).write(tmp_path_factory.mktemp("year") / "log")
    return next(tmp_path_factory.getbasetemp().glob("year*/log"))


@pytest.fixture(scope="module")
def edited(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Return the example project, edited in each way."""
    found = []
    for before, after in EDITS:
        folder = tmp_path_factory.mktemp("edited") / "club"
        shutil.copytree(
            ROOT / "journeys" / "mobility", folder, ignore=shutil.ignore_patterns("log")
        )
        file = folder / "journeys" / "safe-driving-course.journey"
        text = file.read_text("utf-8")
        if before in text:
            file.write_text(text.replace(before, after, 1), "utf-8")
            found.append(folder)
    return found


def test_a_year_by_edited_journeys(
    year: Path, edited: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Either side may be the old one; some live on from where they stood, some all over, some only once."""
    example = ROOT / "journeys" / "mobility"
    lived: list[bool] = []
    whole = Both.live_again

    def seen(self: Both, run: Any, again: Any, tallies: Any) -> Any:
        lived.append(again.stood is not None)
        return whole(self, run, again, tallies)

    monkeypatch.setattr(Both, "live_again", seen)
    for number, folder in enumerate(edited):
        for old, new in ((folder, example), (example, folder)):
            alone = told(new, old, year)
            with monkeypatch.context() as patch:
                at_once(patch, 1 + number % 2)
                say_same(alone, told(new, old, year))
            assert WAYS == [True]
    assert {*lived} == {True, False}


@tries(15)
@given(events=st.lists(EVENT, min_size=1, max_size=30), pair=st.sampled_from(SAME_PEOPLE))
def test_any_log(
    versions: dict[str, tuple[Path, Path]],
    tmp_path: Path,
    events: list[Any],
    pair: Pair,
) -> None:
    """Whatever stands in the log, and whichever two versions meet it."""
    if pair.path.stem not in TOGETHER:
        return
    old, new = versions[pair.path.stem]
    log = tmp_path / "any.jsonl"
    written(events, log)
    alone = told(new, old, log)
    with pytest.MonkeyPatch.context() as patch:
        at_once(patch, 1)
        say_same(alone, told(new, old, log))
    assert WAYS == [True]


def test_what_is_taken_for_common_is_caught(
    year: Path, edited: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Were a step that differs held for common, nobody would differ: the tests above notice."""
    example = ROOT / "journeys" / "mobility"
    alone = told(example, edited[0], year)
    at_once(monkeypatch, 1)
    nothing = Common(frozenset(), frozenset(), frozenset(), is_kept_alike=True)
    monkeypatch.setattr(twice, "common", lambda *_programs: nothing)
    with pytest.raises(AssertionError):
        say_same(alone, told(example, edited[0], year))


def test_whoever_goes_on_otherwise_is_caught(
    year: Path, edited: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Were an event lost where somebody lives on by the new version, the tests above would notice."""
    example = ROOT / "journeys" / "mobility"
    alone = told(example, edited[0], year)
    at_once(monkeypatch, 1)

    def hasty(run: Any, events: int, rows: int) -> Any:
        return kept(run, events + 1, rows)

    monkeypatch.setattr(twice, "kept", hasty)
    with pytest.raises(AssertionError):
        say_same(alone, told(example, edited[0], year))


def test_where_a_brake_may_have_been_met_each_side_is_replayed_for_itself(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who has to wait depends on all others, and so does a family that is too large."""
    (pair,) = (one for one in SAME_PEOPLE if one.path.stem == "longer-wait")
    here = plan(pair, tmp_path / "here")
    monkeypatch.setattr(plan_sides, "in_processes", one_by_one)
    for number, (where, name, value) in enumerate([
        (Entries, "check", refused), (twice, "MOST", 0), (gathered, "check", refused),
    ]):  # fmt: skip
        with monkeypatch.context() as patch:
            at_once(patch, 1)
            patch.setattr(where, name, value)
            there = plan(pair, tmp_path / str(number))
        assert WAYS == [False]
        assert there["replay"] == here["replay"]


@pytest.mark.parametrize(
    "pair", [one for one in PAIRS if one.path.stem not in TOGETHER], ids=lambda one: one.path.stem
)
def test_what_else_differs_is_read_for_each_side(
    pair: Pair, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Purposes, scores, settings, and who is who: what a log says of people may be another thing by each."""
    monkeypatch.setattr(plan_sides, "in_processes", one_by_one)
    at_once(monkeypatch, 1)
    plan(pair, tmp_path)
    assert WAYS == [False]


def one_by_one(asks: Sequence[Ask]) -> list[Any]:
    """Stand for the processes that each replay a side."""
    return [result_of(compiled_at(Path(ask.folder)), ask, bool) for ask in asks]


def refused(*_given: Any) -> None:
    """Say that one person after the other is no way."""
    raise OutOfOrderError


@pytest.mark.skipif(not shares.can_copy(), reason="a copy of a process is not to be had here")
def test_a_share_that_is_ended_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A system that runs out of memory ends processes: that is a sentence, and 1."""
    (pair,) = (one for one in SAME_PEOPLE if one.path.stem == "longer-wait")
    old, new, log = pair.write(tmp_path / "pair")
    at_once(monkeypatch, 2)
    whole = Both.share_of

    def ended(self: Both, place: int, *more: Any) -> Any:
        if place:
            os._exit(9)
        return whole(self, place, *more)

    monkeypatch.setattr(Both, "share_of", ended)
    assert cli.run(["plan", str(new), "--against", str(old), "--log", str(log)]) == 1
    assert re.search("was ended from outside", capsys.readouterr().err)


def test_a_log_of_nobody(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where nobody came, the end is told all the same."""
    (pair,) = (one for one in SAME_PEOPLE if one.path.stem == "longer-wait")
    old, new, _log = pair.write(tmp_path)
    log = tmp_path / "empty.jsonl"
    log.write_text('{"id":"1","source":"x","type":"strange","time":"2026-03-02T09:00:00Z","data":{}}\n', "utf-8")  # fmt: skip
    alone = told(new, old, log)
    at_once(monkeypatch, 2)
    say_same(alone, told(new, old, log))


def test_bounds_of_the_period(
    year: Path, edited: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A beginning, an end, and answers that are made up are taken as they are."""
    example = ROOT / "journeys" / "mobility"
    asked = Asked(str(example), str(edited[0]), str(year))
    asked.start, asked.until, asked.answers = "2025-12-01", "2026-06-01", "60%"
    alone = planned(asked)
    at_once(monkeypatch, 2)
    found = planned(asked)
    assert alone is not None
    assert found is not None
    say_same(json.dumps(alone["replay"]), json.dumps(found["replay"]))
    assert WAYS == [True]
