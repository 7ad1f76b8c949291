"""A log that is dealt into lots comes to the same as one that is taken whole, however many lots there are."""

from __future__ import annotations

import json
import os
import signal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks import logs
from tests.apart import bounds, club, project_at, run
from tests.test_apart import VISIT
from tests.test_logs import SMALL
from tests.test_simulate import CASE_FILES, case_of
from tests.test_simulate_anything import EVENT, lines_of
from tests.tree import ROOT
from tests.trials import tries
from verbline.cli.programs import Compiled
from verbline.runtime.lots import look
from verbline.runtime.lots.crew import in_turn, together
from verbline.runtime.lots.glimpse import NoWayError
from verbline.runtime.lots.simulated import in_lots
from verbline.runtime.simulate import Simulation
from verbline.runtime.sources import sources_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from verbline.runtime.lots.crew import Work

OFTEN = tries(20)


def shared(found: Compiled, path: Path, lots: int, crew: Any = in_turn, **options: Any) -> str:
    """Return the summary of a run over the log at ``path`` in so many lots, as JSON."""
    sources = sources_of(found.reading.settings)

    def make() -> Simulation:
        return Simulation(found.project, found.program, sources=sources, **options)

    simulation, log = in_lots(make, path, lots, crew=crew)
    return json.dumps(simulation.summary(log))


def are_same(found: Compiled, path: Path, **options: Any) -> bool:
    """Assert that lots come to the same as the whole log; return false where no way to deal was found."""
    told = run(found, path, "in order", **options)
    dealt = []
    for lots in (2, 3, 7):
        try:
            assert shared(found, path, lots, **options) == told, f"{lots} lots"
            dealt.append(lots)
        except NoWayError:
            continue
    return bool(dealt)


@pytest.fixture(scope="module")
def shared_club(tmp_path_factory: pytest.TempPathFactory) -> Compiled:
    """Return the project of `CLUB`, whose brake nobody meets."""
    return club(tmp_path_factory.mktemp("club"))


@pytest.mark.parametrize("path", CASE_FILES, ids=lambda one: one.stem)
def test_cases_come_to_the_same(path: Path, tmp_path: Path) -> None:
    """The cases of `verbline simulate`, whole and cut."""
    case_of(path).write(tmp_path)
    found = project_at(tmp_path)
    for span in bounds(tmp_path / "log"):
        are_same(found, tmp_path / "log", **span)


@pytest.mark.parametrize("name", [*SMALL, "waiting"])
def test_data_sets_come_to_the_same(name: str, tmp_path: Path) -> None:
    """The data sets of the benchmarks can be dealt; all of one come in within an hour, and half of what a brake takes is enough."""
    logs.make(name, "s").write(tmp_path)
    assert are_same(project_at(tmp_path), tmp_path / "log.jsonl")


def test_examples_come_to_the_same() -> None:
    """Every example project with every example log."""
    folders = sorted(one.parent for one in (ROOT / "journeys").glob("*/verbline.toml"))
    log_paths = sorted((ROOT / "journeys").glob("*/log"))
    assert folders
    assert log_paths
    for folder in folders:
        found = project_at(folder)
        for path in log_paths:
            are_same(found, path)


@OFTEN
@given(
    events=st.lists(VISIT, min_size=1, max_size=30), block=st.sampled_from([150, 1_500, 1 << 15])
)
def test_people_who_touch_come_to_the_same(
    shared_club: Compiled, tmp_path: Path, events: list[dict[str, Any]], block: int
) -> None:
    """People who share addresses, speak of those of others, and turn out to be one; lines that are late, and clocks ahead."""
    path = tmp_path / "log.jsonl"
    path.write_text(lines_of(events), "utf-8")
    before, look.TOGETHER = look.TOGETHER, block
    try:
        are_same(shared_club, path)
        are_same(shared_club, path, start=bounds(path)[1]["start"])
    finally:
        look.TOGETHER = before


@OFTEN
@given(events=st.lists(EVENT, min_size=1, max_size=25), files=st.integers(1, 3))
def test_anything_comes_to_the_same(
    anything: Compiled, tmp_path: Path, events: list[dict[str, Any]], files: int
) -> None:
    """Whatever stands in a log of some files, with lines that are no events in between, twice and behind."""
    folder = tmp_path / "log"
    folder.mkdir(exist_ok=True)
    for old in folder.iterdir():
        old.unlink()
    lines = lines_of(events).split("\n")
    for number in range(files):
        text = "\n".join(lines[number::files])
        (folder / f"{number}.jsonl").write_text(f"{text}\n{text}\n\nno event", "utf-8")
    are_same(anything, folder)


@pytest.fixture(scope="module")
def anything(tmp_path_factory: pytest.TempPathFactory) -> Compiled:
    """Return the project of a case that asks a desk."""
    folder = tmp_path_factory.mktemp("desk")
    case_of(next(one for one in CASE_FILES if one.stem == "desk")).write(folder)
    return project_at(folder)


def members(number: int, **more: Any) -> list[dict[str, Any]]:
    """Return the first visits of so many members, each with an address of their own and a yes."""
    data = [{"member-number": f"M-{one}", "email": f"{one}@mail.example"} for one in range(number)]
    yes = {"agrees": {"offers": {"email": True}}}
    return [{"type": "visit.begun", "source": "site", "data": one, "hours": 0, **yes, **more} for one in data]  # fmt: skip


def written(path: Path, events: list[dict[str, Any]]) -> Path:
    """Write a log."""
    path.write_text(lines_of(events), "utf-8")
    return path


def test_a_no_for_the_address_of_somebody_else(shared_club: Compiled, tmp_path: Path) -> None:
    """Whoever says no for another's address is in one lot with them."""
    events = members(40)
    for one in range(20):
        no = {"act": "withdraw", "purpose": "offers", "channel": "email", "contact": f"{one + 20}@mail.example"}  # fmt: skip
        events.append({"type": "page.read", "source": "site", "data": {"member-number": f"M-{one}"}, "hours": 0, "consent": [no]})  # fmt: skip
    events.append({**members(1)[0], "hours": 100})
    path = written(tmp_path / "log.jsonl", events)
    assert are_same(shared_club, path)
    assert '"verdict": "refused"' in run(shared_club, path, "in order")


def test_one_id_of_two_people(shared_club: Compiled, tmp_path: Path) -> None:
    """An id that stands there twice, of people in two lots, is seen by nobody who has one of the lots."""
    path = tmp_path / "log.jsonl"
    text = lines_of(members(40))
    other = text.replace("M-", "N-").replace("@", "@other.")
    path.write_text(f"{text}\n{other}\n", "utf-8")
    with pytest.raises(NoWayError, match="one id in two lots"):
        shared(shared_club, path, 2)
    path.write_text(f"{text}\n{text}\n", "utf-8")
    assert are_same(shared_club, path)


def test_a_line_that_is_very_late(shared_club: Compiled, tmp_path: Path) -> None:
    """Where no line near a piece tells when the line above it was known, there is no way."""
    events = members(200)
    for number, one in enumerate(events):
        one["hours"] = 20 if number == 20 else -20 if number == 21 else 0
    path = written(tmp_path / "log.jsonl", events)
    before, look.TOGETHER = look.TOGETHER, 1_000
    try:
        with pytest.raises(NoWayError, match="late by a lot"):
            shared(shared_club, path, 2)
    finally:
        look.TOGETHER = before
    assert are_same(shared_club, path)


def test_a_brake_that_may_hold_somebody_back(tmp_path: Path) -> None:
    """What an entry brake counts is everybody; half of what it takes is enough for one of two lots."""
    found = club(tmp_path / "club", "entered by at most 24 people in 1 hour")
    path = written(tmp_path / "log.jsonl", members(30))
    with pytest.raises(NoWayError, match="brake of Visit"):
        shared(found, path, 2)
    assert '"held_back": {"' in run(found, path, "in order")


def test_time_ends_for_all_when_the_last_line_says(shared_club: Compiled, tmp_path: Path) -> None:
    """The last line is of one person, or of nobody; what was due before it is due for all."""
    events = members(30)
    events.append({**members(1)[0], "hours": 25})
    path = written(tmp_path / "log.jsonl", events)
    assert are_same(shared_club, path)
    text = path.read_text("utf-8").split("\n")
    path.write_text("\n".join([*text, text[-1].replace("M-0", "M-1").replace("T09", "T19")]), "utf-8")  # fmt: skip
    are_same(shared_club, path)


def test_processes_come_to_the_same(shared_club: Compiled, tmp_path: Path) -> None:
    """So do processes; what ends one of them ends all, and is told."""
    path = written(tmp_path / "log.jsonl", members(300))
    told = run(shared_club, path, "in order")
    for lots in (2, 3):
        assert shared(shared_club, path, lots, crew=together) == told
    path.write_text(path.read_text("utf-8") + '\n{"id":"x","source":"verbline","type":"verbline.signal","time":"2027-01-01T00:00:00Z","data":{}}\n')  # fmt: skip
    with pytest.raises(NoWayError, match=r"verbline\.signal"):
        shared(shared_club, path, 2, crew=together)


def test_a_process_that_fails_is_told() -> None:
    """Whatever goes wrong in another process is raised in the first, and nobody is left behind."""

    def idle() -> Work:
        yield 1
        yield 2
        return 3

    def failing() -> Work:
        yield 1
        raise ZeroDivisionError("in the other process")

    def killed() -> Work:
        yield 1
        os.kill(os.getpid(), signal.SIGKILL)

    with pytest.raises(AssertionError, match="in the other process"):
        together([idle, failing])
    with pytest.raises(ChildProcessError, match="ended by somebody"):
        together([idle, killed])
    with pytest.raises(ChildProcessError):
        os.waitpid(-1, os.WNOHANG)


def test_a_clock_that_runs_ahead(shared_club: Compiled, tmp_path: Path) -> None:
    """A line that leaps ahead of all others happened when the line above it was known, in every lot."""
    events = members(60)
    for number in range(5, 50, 5):
        events[number]["hours"], events[number + 1]["hours"] = 2_400, -2_400
        no = {"act": "withdraw", "purpose": "offers", "channel": "email"}
        said = {"type": "page.read", "source": "site", "data": events[number]["data"], "consent": [no]}  # fmt: skip
        events.append({**said, "hours": 0})
    events.append({**members(1)[0], "hours": 100})
    path = written(tmp_path / "log.jsonl", events)
    assert are_same(shared_club, path)
    assert '"clock_ahead": 9' in run(shared_club, path, "in order")


def test_two_who_share_an_address(shared_club: Compiled, tmp_path: Path) -> None:
    """A no at the address is heard by both, so both are in one lot."""
    events = members(40)
    for number, one in enumerate(events):
        one["data"] = {**one["data"], "email": f"{number // 2}@mail.example"}
    for number in range(20):
        no = {"email": f"{number}@mail.example", "purpose": "offers", "channel": "email"}
        events.append({"type": "verbline.consent.withdraw", "source": "site", "data": no, "hours": 0})  # fmt: skip
    events.append({**members(1)[0], "hours": 100})
    before, look.TOGETHER = look.TOGETHER, 2_000
    try:
        assert are_same(shared_club, written(tmp_path / "log.jsonl", events))
    finally:
        look.TOGETHER = before


def test_the_first_lines_that_are_no_events(shared_club: Compiled, tmp_path: Path) -> None:
    """They are told in the order of time, whoever has looked at them."""
    folder = tmp_path / "log"
    folder.mkdir()
    late, early = members(5), members(5)
    late[0]["hours"] = 500
    (folder / "0.jsonl").write_text(lines_of(late) + 3 * "\nno event", "utf-8")
    text = lines_of(early).replace('"e', '"f')
    (folder / "1.jsonl").write_text(text + 3 * "\nno event either", "utf-8")
    assert are_same(shared_club, folder)
