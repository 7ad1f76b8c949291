"""A run that takes one person after the other: where it is no way, what it reads again, and who belongs together."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.apart import MARK, are_same, club, run, visit
from verbline import cli
from verbline.cli import simulation
from verbline.cli.programs import Compiled
from verbline.runtime import jotted
from verbline.runtime.answered import Answered
from verbline.runtime.apart import Apart
from verbline.runtime.jotted import Jotted
from verbline.runtime.kin import Doors, Kin
from verbline.runtime.lines import LogError
from verbline.runtime.log import Log
from verbline.runtime.own import own_event
from verbline.runtime.simulate import Simulation


@pytest.fixture(scope="module")
def shared_club(tmp_path_factory: pytest.TempPathFactory) -> Compiled:
    """Return the project of `CLUB`, whose brake nobody meets."""
    return club(tmp_path_factory.mktemp("club"))


@pytest.mark.parametrize(
    ("brake", "hours", "is_way"),
    [
        ("entered by at most 2 people in 3 hours", (8, 9, 10), False),
        ("entered by at most 2 people in 3 hours", (8, 12, 16), True),
        ("entered by at most 3 people in 1 day", (8, 9, 10), False),
        ("entered by at most 4 people in 1 day", (8, 9, 10), True),
        ("entered by at most 1 people in 2 working days", (8, 9), False),
    ],
)
def test_an_entry_brake_needs_the_order_of_time(
    brake: str,
    hours: tuple[int, ...],
    is_way: bool,  # noqa: FBT001 - a value of the table above
    tmp_path: Path,
) -> None:
    """Where as many enter within the brake's time as it lets in, one more might have waited."""
    found = club(tmp_path / "club", brake)
    path = tmp_path / "log.jsonl"
    lines = [visit(number, f"2026-03-02T{hour:02}:00:00Z") for number, hour in enumerate(hours)]
    path.write_text("".join(lines), "utf-8")
    assert are_same(found, path) is is_way


def test_an_answer_by_key_needs_the_order_of_time(shared_club: Compiled, tmp_path: Path) -> None:
    """Whose question a key names cannot be told from the answer."""
    path = tmp_path / "log.jsonl"
    answer = {"id": "a", "source": "verbline", "type": MARK, "time": "2026-03-02T09:00:00Z", "data": {"key": "k"}}  # fmt: skip
    path.write_text(visit(1, "2026-03-02T08:00:00Z") + json.dumps(answer), "utf-8")
    assert not are_same(shared_club, path)


def asked(found: Compiled, path: Path) -> dict[str, str]:
    """Return the keys of the questions that are open at the end of a log, by the person."""
    made = Simulation(found.project, found.program)
    made.run(Log(path))
    return {question.visit.person: key for key, question in made.answers.opened.items()}


def answer_by(person: str, key: str) -> str:
    """Return an answer as the runtime writes it down."""
    told = {"key": key, "person": person, "answer": "reached"}
    return json.dumps(own_event(MARK, 1_772_528_400_000, told)) + "\n"


def test_an_answer_by_key_that_names_the_person_is_met_by_the_question(
    shared_club: Compiled, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the runtime writes down names both; an answer with the key of somebody else needs the order of time."""
    path = tmp_path / "log.jsonl"
    visits = "".join(visit(number, f"2026-03-02T08:00:0{number}Z") for number in (1, 2, 3))
    end = visit(9, "2026-03-03T09:30:00Z")
    path.write_text(visits + visit(9, "2026-03-03T08:30:00Z"), "utf-8")
    keys = asked(shared_club, path)
    path.write_text(visits + answer_by("P1", keys["P1"]) + answer_by("P2", keys["P2"]) + end)
    assert are_same(shared_club, path)
    assert '"reached": 2' in run(shared_club, path, "apart")
    path.write_text(visits + answer_by("P1", keys["P2"]) + end, "utf-8")
    assert not are_same(shared_club, path)
    path.write_text(visits + answer_by("P1", keys["P1"]) + answer_by("P2", keys["P1"]) + end)
    assert not are_same(shared_club, path)
    path.write_text(visits + answer_by("P1", keys["P2"]) + end, "utf-8")
    monkeypatch.setattr(Answered, "watch", lambda *_given: None)
    with pytest.raises(AssertionError):
        are_same(shared_club, path)


AGREED = {"offers": {"email": True}}
NO = {"act": "withdraw", "purpose": "offers", "channel": "email", "contact": "email:2@mail.example"}


def test_what_is_said_of_the_address_of_somebody_else_counts(
    shared_club: Compiled, tmp_path: Path
) -> None:
    """A no about an address stops what goes there, whoever said it; nothing else links the two people."""
    path = tmp_path / "log.jsonl"
    told = {}
    for name, consent in (("nothing", []), ("no", [NO])):
        yes = {**json.loads(visit(2, "2026-03-02T08:00:00Z")), "agrees": AGREED}
        no = {**json.loads(visit(1, "2026-03-02T09:00:00Z")), "consent": consent}
        later = visit(3, "2026-03-05T09:00:00Z")
        path.write_text(f"{json.dumps(yes)}\n{json.dumps(no)}\n{later}", "utf-8")
        assert are_same(shared_club, path)
        told[name] = "opted_out" in run(shared_club, path, "apart")
    assert told == {"nothing": False, "no": True}


def test_a_line_that_is_no_event_moves_time_at_the_end(
    shared_club: Compiled, tmp_path: Path
) -> None:
    """A parked line is known three days after the last event: what was due until then has happened."""
    path = tmp_path / "log.jsonl"
    path.write_text(visit(1, "2026-03-02T08:00:00Z") + visit(1, "2026-03-05T08:00:00Z"), "utf-8")
    assert are_same(shared_club, path)
    assert '"conflict": 1' in run(shared_club, path, "apart")
    assert '"ran_out": 1' in run(shared_club, path, "apart")


def test_a_log_that_changes_is_no_log(
    shared_club: Compiled, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the second reading does not find again stops the run."""
    path = tmp_path / "log.jsonl"
    path.write_text("".join(visit(one, "2026-03-02T08:00:00Z") for one in range(5)), "utf-8")
    live = Apart.live

    def spoiled(self: Apart, *told: Any) -> None:
        path.write_text("no event\n" * 100, "utf-8")
        live(self, *told)

    monkeypatch.setattr(Apart, "live", spoiled)
    with pytest.raises(LogError, match="was changed while it was read"):
        run(shared_club, path, "apart")


def test_long_lines_and_many_files_are_read_again(
    shared_club: Compiled, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Lines longer than one reading, more files than are open at once, and a mark at the beginning of a file."""
    monkeypatch.setattr(jotted, "OPEN_MAX", 2)
    folder = tmp_path / "log"
    folder.mkdir()
    for number in range(6):
        text = visit(number, f"2026-03-0{number + 1}T08:00:00Z", note="x" * 700 * number)
        mark = "\ufeff" if number % 2 else ""
        (folder / f"{number}.jsonl").write_text(mark + text * 2 + visit(number + 9, "2026-03-09T08:00:00Z"), "utf-8")  # fmt: skip
    assert are_same(shared_club, folder)


@pytest.mark.parametrize("key", [{}, {"key": "k"}])
def test_a_large_log_is_told_the_same(
    key: dict[str, str],
    shared_club: Compiled,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """The command writes the same for a log that it takes for large, also where only the order of time is a way."""
    answer = {"id": "a", "source": "verbline", "type": MARK, "time": "2026-03-02T09:00:00Z", "data": key}  # fmt: skip
    path = tmp_path / "log.jsonl"
    path.write_text(visit(1, "2026-03-02T08:00:00Z") + json.dumps(answer), "utf-8")
    command = ["simulate", shared_club.program.folder, "--log", str(path)]
    assert cli.run(command) == 0
    usual = capsys.readouterr().out
    ways: list[str] = []
    monkeypatch.setattr(simulation, "LARGE", 0)
    monkeypatch.setattr(Apart, "run", noted(ways))
    assert cli.run(command) == 0
    assert capsys.readouterr().out == usual
    assert ways == ["stopped" if key else "done"]


def noted(ways: list[str]) -> Callable[..., None]:
    """Return the run of `Apart`, which writes into ``ways`` how it ended."""
    usual = Apart.run

    def run(self: Apart, *told: Any) -> None:
        ways.append("stopped")
        usual(self, *told)
        ways[-1] = "done"

    return run


def test_kin_are_found_whatever_the_order() -> None:
    """Those who are joined in any order make one family; the others stay alone."""
    kin = Kin()
    kin.reach(8)
    for one, other in ((7, 3), (2, 7), (5, 6), (3, 2)):
        kin.join(one, other)
    assert kin.families() == {2: [2, 3, 7], 5: [5, 6]}
    assert list(Jotted().families(kin)) == [[1], [2, 3, 7], [4], [5, 6], [8]]


def test_who_was_first_at_an_address_is_known_among_many() -> None:
    """Ten thousand addresses are told apart, and each leads to the first who had it."""
    doors = Doors()
    assert [doors.first(f"email:{one}", one + 1) for one in range(10_000)] == list(range(1, 10_001))
    assert [doors.first(f"email:{one}", 7) for one in range(10_000)] == list(range(1, 10_001))
