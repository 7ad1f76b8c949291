"""`verbline collisions`: where the journeys of a project meet in one person. The case is in tests/cases/collisions."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.apart import project_at
from tests.cases import CASES
from tests.test_simulate import case_of, log_of
from verbline import cli
from verbline.interpreter.step.records import Record
from verbline.runtime.log import Log
from verbline.runtime.plan.collisions import Collisions
from verbline.runtime.plan.replay import Period, Replay, replayed
from verbline.runtime.simulate import Simulation

PATH = CASES / "collisions" / "three.case"
EXPECTED = PATH.read_text("utf-8").partition("=== collisions\n")[2]


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of a project whose journeys meet, with its log."""
    folder = tmp_path_factory.mktemp("collisions") / "shop"
    case_of(PATH).write(folder)
    return folder


def collided(folder: Path, log: Path) -> dict[str, Any]:
    """Return what `verbline collisions` finds, as JSON has it."""
    found, period = project_at(folder), Period(log)
    result = replayed(lambda: Replay(found.project, found.program, period), period)
    result.outline.grouped()
    collisions = Collisions(found.program, result)
    collisions.look()
    return collisions.form()


def test_the_report(
    shop: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Who meets whom, on how many days, who is served first, and who goes without because of whom."""
    monkeypatch.chdir(shop)
    assert cli.run(["collisions", "--log", "log"]) == 0
    shown = capsys.readouterr()
    assert shown.out.rstrip("\n") == EXPECTED.rstrip("\n")
    assert shown.err == ""


def test_who_is_first_is_told_and_who_is_late_goes_without(shop: Path) -> None:
    """Under a full cap the journey of the higher priority has the last place; a service message fills none."""
    found = collided(shop, shop / "log")
    assert [one["journey"] for one in found["journeys"]] == ["Orders", "Red shoes", "Blue shoes"]
    starved = {(one["journey"], one["verdict"], one["by"]): one["ids"] for one in found["starved"]}
    assert starved == {
        ("Blue shoes", "refused", "Red shoes"): ["P1"],
        ("Red shoes", "held", "Blue shoes"): ["P1"],
    }


def test_a_period_bounds_what_is_looked_at(
    shop: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """From the second day on only one of them meets both offers; who names no project or time is told."""
    monkeypatch.chdir(shop)
    assert cli.run(["collisions", "--log", "log", "--from", "2026-03-04", "--format", "json"]) == 0
    (row,) = json.loads(capsys.readouterr().out)["offers"]
    assert row["ids"] == ["P2"]
    assert cli.run(["collisions", "--log", "log", "--from", "soon"]) == 2
    assert cli.run(["collisions", "--log", "nowhere"]) == 2


EVENT = st.tuples(st.sampled_from(["looked", "ordered"]), st.integers(1, 3), st.integers(0, 60))


@settings(
    max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)
@given(events=st.lists(EVENT, min_size=1, max_size=20))
def test_any_log_is_counted_right(
    shop: Path, tmp_path: Path, events: list[tuple[str, int, int]]
) -> None:
    """The trace of a simulation, read record by record, gives the same days, offers and desks."""
    hour = 0
    lines: list[str] = []
    for kind, shopper, hours in events:
        hour += hours
        time = f"2026-{hour // 24 // 28 + 1:02}-{hour // 24 % 28 + 1:02}T{hour % 24:02}:00"
        mail = f"s{shopper}@mail.example"
        consent = [{"purpose": "offers", "channel": "email", "contact": mail, "act": "grant", "record": "r"}]  # fmt: skip
        row = json.loads(log_of(f"{time} {kind} shop shopper-number={shopper} email={mail}"))
        lines.append(json.dumps({**row, "id": f"e{len(lines)}", "consent": consent}))
    log = tmp_path / "any.jsonl"
    log.write_text("\n".join(lines) + "\n", "utf-8")
    found = collided(shop, log)
    for name, expected in by_hand(shop, log).items():
        told = {tuple(v for k, v in row.items() if k not in ("people", "days", "ids", "served_first")): row["days"] for row in found[name]}  # fmt: skip
        assert told == expected, name


def by_hand(folder: Path, log: Path) -> dict[str, Counter[tuple[str, ...]]]:
    """Return on how many days, of all people together, journeys, offers and tasks for desks met."""
    found = project_at(folder)
    days: defaultdict[tuple[str, str], list[Record]] = defaultdict(list)

    def tell(one: Record) -> None:
        is_told = (one.kind, one.verdict) in (("message", "sent"), ("task", "taken"))
        if is_told:
            day = found.program.zone.local(one.at).date().isoformat()
            days[one.person, day].append(one)

    Simulation(found.project, found.program, tell=tell).run(Log(log))
    same, offers, desks = (Counter[tuple[str, ...]]() for _ in range(3))
    for records in days.values():
        same.update(combinations(sorted({one.journey for one in records if one.kind == "message"}), 2))  # fmt: skip
        shown = {(one.more["message"], one.journey) for one in records if one.more.get("told") == "offer"}  # fmt: skip
        offers.update((*one, *other) for one, other in combinations(sorted(shown), 2) if one[0] != other[0])  # fmt: skip
        tasks = {(one.more["desk"], one.journey) for one in records if one.kind == "task"}
        desks.update((one[0], one[1], other[1]) for one, other in combinations(sorted(tasks), 2) if one[0] == other[0])  # fmt: skip
    return {"same_day": same, "offers": offers, "desks": desks}
