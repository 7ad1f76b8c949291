"""What would have been without some reactions: those whom they are about live again, and the sums are those of a whole run."""

from __future__ import annotations

from collections import Counter
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.apart import club, project_at, visit
from tests.planned import PAIRS, plan
from tests.test_plan_any import EVENT, versions, written
from verbline.cli import plan_sides
from verbline.cli.programs import Compiled
from verbline.runtime.entries import Entries, OutOfOrderError
from verbline.runtime.log import Log
from verbline.runtime.plan import unreacted as told
from verbline.runtime.plan.outline import cause_mark
from verbline.runtime.plan.replay import Period, Replay, Result, owners_of, replayed
from verbline.runtime.plan.unreacted import Part, Totals, totals, unreacted

assert versions is not None  # a fixture
REMOVED = next(one for one in PAIRS if one.path.stem == "removed-step")


def making(found: Compiled, period: Period) -> partial[Replay]:
    """Return what makes a run without the events that it is given."""
    return partial(Replay, found.project, found.program, period, None)


def both(found: Compiled, log: Path, left_out: set[int]) -> tuple[Totals, Part | Totals, Result]:
    """Return what a whole run without some events comes to, what is told of their people alone, and the run with them."""
    period, people, marks = Period(log), set[int](), set[int]()
    make = making(found, period)
    events = list(Log(log))
    owners, _now = owners_of(found.project, found.program, period)
    for number in left_out:
        event = events[number % len(events)]
        marks.add(cause_mark((event.source, event.id)))
        people |= {owners[number % len(events)]} - {0}
    after = replayed(partial(make, frozenset()), period)
    after.outline.grouped()
    without = totals(replayed(partial(make, frozenset(marks)), period))
    return without, unreacted(make, period, frozenset(marks), frozenset(people)), after


def plain(one: Totals) -> tuple[Counter[Any], Counter[str]]:
    """Return sums without those of nothing."""
    return +one.sites, +one.inside


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)  # fmt: skip
@given(
    events=st.lists(EVENT, min_size=1, max_size=30),
    left_out=st.sets(st.integers(0, 29), min_size=1, max_size=4),
    name=st.sampled_from([one.path.stem for one in PAIRS]),
)
def test_a_part_and_the_rest_are_the_whole(
    versions: dict[str, tuple[Path, Path]],
    tmp_path: Path,
    events: list[Any],
    left_out: set[int],
    name: str,
) -> None:
    """Whichever events are left out of whichever log."""
    log = tmp_path / "any.jsonl"
    written(events, log)
    found = project_at(versions[name][1])
    whole, part, after = both(found, log, left_out)
    if isinstance(part, Part):
        part = part.beside(after, found.program.journeys)
    assert plain(part) == plain(whole)


def test_a_plan_tells_the_same_either_way(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The plan of a message that is taken out, with those alone whom that concerns and with all; only a part is run."""
    parts = []
    whole = told.lived_again

    def seen(*given: Any) -> Part:
        parts.append(whole(*given))
        return parts[-1]

    monkeypatch.setattr(told, "lived_again", seen)
    found = plan(REMOVED, tmp_path / "one")["replay"]
    assert [bool(part.sites) for part in parts] == [True]
    monkeypatch.setattr(told, "lived_again", refused)
    assert plan(REMOVED, tmp_path / "two")["replay"] == found
    monkeypatch.setattr(told, "lived_again", lambda *_given: Part(Counter(), Counter(), ()))
    assert plan(REMOVED, tmp_path / "three")["replay"] != found
    monkeypatch.undo()
    monkeypatch.setattr(plan_sides, "APART_FROM", 0)
    assert plan(REMOVED, tmp_path / "in a process")["replay"] == found


def refused(*_given: Any) -> Part:
    """Say that one person after the other is no way."""
    raise OutOfOrderError


def test_where_a_brake_may_have_been_met_all_live_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Those who live again alone do not fill a journey; together with all others they do."""
    found = club(tmp_path / "club", "entered by at most 4 people in 1 day")
    log = tmp_path / "log.jsonl"
    log.write_text("".join(visit(one, f"2026-03-02T0{one}:00:00Z") for one in range(1, 6)), "utf-8")
    _whole, part, after = both(found, log, {0})
    assert isinstance(part, Part)
    with pytest.raises(OutOfOrderError):
        part.beside(after, found.program.journeys)
    asked: list[frozenset[int]] = []
    real = unreacted

    def seen(make: Any, period: Any, without: Any, people: frozenset[int], *more: Any) -> Any:
        asked.append(people)
        return real(make, period, without, people, *more)

    monkeypatch.setattr(told, "unreacted", seen)
    monkeypatch.setattr(Entries, "check", lambda _entries: refused())
    plan(REMOVED, tmp_path / "plan")
    assert [bool(people) for people in asked] == [True, False]
