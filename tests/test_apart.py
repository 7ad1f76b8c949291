"""A run that takes one person after the other comes to the same as one in the order of time."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks import logs
from tests.apart import MARK, are_same, bounds, club, project_at
from tests.test_logs import SMALL
from tests.test_simulate import CASE_FILES, case_of
from tests.test_simulate_anything import EVENT, lines_of
from tests.tree import ROOT
from tests.trials import tries
from verbline.cli.programs import Compiled
from verbline.runtime import apart

DATA = st.fixed_dictionaries(
    {},
    optional={
        "member-number": st.sampled_from(["M-1", "M-2", "M-3", "M-4"]),
        "web-account": st.sampled_from(["W-1", "W-2", "W-3"]),
        "email": st.sampled_from(["a@mail.example", "B@mail.example", "b@mail.example"]),
        "phone": st.sampled_from(["+38641555222", "041 555 222", "+38641555333"]),
        "last-name": st.sampled_from(["Kos", "Mlakar"]),
    },
)
YES = st.fixed_dictionaries(
    {"act": st.sampled_from(["grant", "withdraw", "object"]), "purpose": st.just("offers"), "channel": st.just("email")},
    optional={"contact": st.sampled_from(["email:a@mail.example", "email:b@mail.example"])},
)  # fmt: skip
VISIT = st.fixed_dictionaries(
    {
        "type": st.sampled_from(["visit.begun", "visit.begun", "page.read"]),
        "data": DATA,
        "hours": st.sampled_from([0, 0, 1, 3, 30, -2, -50]),
        "source": st.just("site"),
    },
    optional={
        "consent": st.lists(YES, max_size=2),
        "agrees": st.just({"offers": {"email": True}}),
    },
)
ANSWER = st.fixed_dictionaries({
    "type": st.just(MARK),
    "source": st.just("verbline"),
    "data": st.fixed_dictionaries(
        {"member-number": st.sampled_from(["M-1", "M-2"]), "answer": st.just("reached"), "desk": st.just("Data")}
    ),
    "hours": st.sampled_from([0, 5]),
})  # fmt: skip


@pytest.mark.parametrize("path", CASE_FILES, ids=lambda one: one.stem)
def test_cases_come_to_the_same(path: Path, tmp_path: Path) -> None:
    """The cases of `verbline simulate`, whole and cut, with answers by hash and without.

    Only the order of time is a way where operators join people or take them apart.
    """
    case_of(path).write(tmp_path)
    found = project_at(tmp_path)
    ways = [
        are_same(found, tmp_path / "log", share=share, **span)
        for span in bounds(tmp_path / "log")
        for share in (0.0, 0.6)
    ]
    assert all(ways) == ("verbline.merge" not in path.read_text("utf-8"))


@pytest.mark.parametrize("name", [*SMALL, "waiting"])
def test_data_sets_come_to_the_same(name: str, tmp_path: Path) -> None:
    """The data sets of the benchmarks, whose brakes nobody meets."""
    logs.make(name, "s").write(tmp_path)
    found = project_at(tmp_path)
    assert are_same(found, tmp_path / "log.jsonl")


def test_examples_come_to_the_same() -> None:
    """Every example project with every example log; an answer that names its question by a key needs the order of time."""
    folders = sorted(one.parent for one in (ROOT / "journeys").glob("*/verbline.toml"))
    log_paths = sorted((ROOT / "journeys").glob("*/log"))
    assert folders
    assert log_paths
    for folder in folders:
        found = project_at(folder)
        for path in log_paths:
            for span in bounds(path):
                are_same(found, path, **span)


@tries(25)
@given(
    events=st.lists(st.one_of(VISIT, VISIT, ANSWER), min_size=1, max_size=30),
    share=st.sampled_from([0.0, 0.5, 1.0]),
    together=st.sampled_from([1, 3, 1_000]),
)
def test_people_who_touch_come_to_the_same(
    shared_club: Compiled, tmp_path: Path, events: list[dict[str, Any]], share: float, together: int
) -> None:
    """People who share addresses, speak of those of others, and turn out to be one."""
    path = tmp_path / "log.jsonl"
    path.write_text(lines_of(events), "utf-8")
    apart.TOGETHER = together
    try:
        assert are_same(shared_club, path, share=share)
        for span in bounds(path):
            assert are_same(shared_club, path, share=share, **span)
    finally:
        apart.TOGETHER = 1_024


@pytest.fixture(scope="module")
def shared_club(tmp_path_factory: pytest.TempPathFactory) -> Compiled:
    """Return the project of `CLUB`, whose brake nobody meets."""
    return club(tmp_path_factory.mktemp("club"))


@tries(25)
@given(events=st.lists(EVENT, min_size=1, max_size=25))
def test_anything_comes_to_the_same(
    anything: Compiled, tmp_path: Path, events: list[dict[str, Any]]
) -> None:
    """Whatever stands in a log, with lines that are no events in between and behind."""
    path = tmp_path / "log.jsonl"
    text = lines_of(events)
    path.write_text(f"{text}\n{text}\nno event", "utf-8")
    are_same(anything, path)


@pytest.fixture(scope="module")
def anything(tmp_path_factory: pytest.TempPathFactory) -> Compiled:
    """Return the project of a case that asks a desk."""
    folder = tmp_path_factory.mktemp("desk")
    case_of(next(one for one in CASE_FILES if one.stem == "desk")).write(folder)
    return project_at(folder)
