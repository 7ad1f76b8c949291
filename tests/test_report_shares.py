"""A large log is noted in shares of the people, by as many processes; the report is the same, to the byte."""

from __future__ import annotations

import os
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given

from benchmarks.years.made import PROJECTS, year_of
from tests.apart import club, visit
from tests.test_report_anything import EVENTS, TYPES, reported
from tests.tree import ROOT
from tests.trials import tries
from verbline import cli
from verbline.runtime import shares
from verbline.runtime.report import report, run
from verbline.runtime.report.book import Book
from verbline.runtime.report.crowd import Crowd
from verbline.runtime.report.written import as_json

WAYS: list[int] = []


def in_shares(monkeypatch: pytest.MonkeyPatch, number: int) -> None:
    """Let the next reports be made in so many shares; `WAYS` says how many were."""
    whole = run.in_shares

    def seen(*given: Any) -> None:
        whole(*given)
        WAYS.append(number)

    WAYS.clear()
    monkeypatch.setattr(run, "in_shares", seen)
    monkeypatch.setattr(run, "APART_FROM", 0)
    monkeypatch.setattr(run, "ALONE_FROM", 0)
    monkeypatch.setattr(report, "SHARED_FROM", 0)
    monkeypatch.setattr(shares, "room", lambda: number)


def page_of(project: Path, log: Path, out: Path) -> bytes:
    """Return the page of a report, with all that is drawn."""
    by = ["--by", "journey", "--by", "channel"]
    assert cli.run(["report", str(project), "--log", str(log), *by, "--format", "html", "--out", str(out)]) == 0  # fmt: skip
    return out.read_bytes()


@pytest.mark.parametrize("name", sorted(PROJECTS))
def test_a_year_in_any_number_of_shares(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The year of an example project, with desks that answer: the page is that of one process, pictures and all."""
    year_of(name, 90, 5).write(tmp_path / "log")
    make = partial(page_of, ROOT / "journeys" / name, tmp_path / "log")
    alone = make(tmp_path / "alone.html")
    for number in (1, 2, 3, 5):
        in_shares(monkeypatch, number)
        assert make(tmp_path / "shares.html") == alone
        assert [number] == WAYS
        monkeypatch.undo()


@tries(25)
@given(EVENTS)
def test_any_log_in_shares(events: list[tuple[str, int, dict[str, Any]]]) -> None:
    """Whatever happens, to whoever shares an address or turns out to be one, and whatever a desk answers."""
    events = sorted(events, key=lambda one: one[1])
    alone = as_json(reported(events, ("journey", "month"), None))
    for number in (2, 3):
        with pytest.MonkeyPatch.context() as patch:
            in_shares(patch, number)
            assert as_json(reported(events, ("journey", "month"), None)) == alone


def crowded() -> list[tuple[str, int, dict[str, Any]]]:
    """Return a log in which much happens to several people at one instant, and two turn out to be one."""
    return [
        (kind, number // 2, {"customer-number": f"K-{who}", "email": f"{who % 5}@mail.example", "claim-number": f"C-{who % 3}", "won-value": f"{who}.{number} EUR"})
        for number, kind in enumerate(TYPES)
        for who in range(7, 0, -1)
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("owner", "name", "fault"),
    [
        (Book, "add", lambda _mine, _other: None),
        (Crowd, "add", lambda _mine, _other: None),
        (run.Watched, "leave", lambda _run, _people: None),
    ],
    ids=["what others noted is lost", "other people are lost", "nobody is counted at the end"],
)
def test_a_share_that_is_lost_is_seen(
    owner: type, name: str, fault: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The comparison is no idle one."""
    alone = as_json(reported(crowded(), (), None))
    in_shares(monkeypatch, 2)
    assert as_json(reported(crowded(), (), None)) == alone
    assert WAYS == [2]
    monkeypatch.setattr(owner, name, fault)
    assert as_json(reported(crowded(), (), None)) != alone


def test_what_is_noted_at_one_instant_is_put_in_order(monkeypatch: pytest.MonkeyPatch) -> None:
    """Shares note the same in another order; without the order that follows, cases of one number would differ."""
    in_shares(monkeypatch, 2)
    told = as_json(reported(crowded(), (), None))
    monkeypatch.setattr(Book, "join", lambda _book: None)
    assert as_json(reported(crowded(), (), None)) != told


def test_who_had_to_wait_is_taken_in_the_order_of_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Each share lets in fewer than may come in, all together more: then one process looks at all in their order."""
    club(tmp_path, "entered by at most 4 people in 1 day")
    log = tmp_path / "log.jsonl"
    log.write_text("".join(visit(number, f"2026-03-02T0{number}:00:00Z") for number in range(1, 6)))
    in_shares(monkeypatch, 2)
    command = ["report", str(tmp_path), "--log", str(log)]
    assert cli.run(command) == 0
    shared = capsys.readouterr().out
    assert not WAYS
    monkeypatch.undo()
    assert cli.run(command) == 0
    assert shared == capsys.readouterr().out
    assert "entered" in shared


def test_sections_are_worked_out_by_all(monkeypatch: pytest.MonkeyPatch) -> None:
    """Several processes take parts of a report; what one of them has worked out is missed where it is lost."""
    alone = as_json(reported(crowded(), (), None))
    in_shares(monkeypatch, 3)
    makers: list[int] = []
    whole = shares.each_taken

    def seen(tasks: Any, number: int) -> Any:
        makers.append(number)
        return whole(tasks, number)

    monkeypatch.setattr(shares, "each_taken", seen)
    assert as_json(reported(crowded(), (), None)) == alone
    assert makers == [3]
    monkeypatch.setattr(shares, "each_taken", lambda tasks, number: [whole(tasks, number)[0]])
    assert as_json(reported(crowded(), (), None)) != alone


def test_tasks_are_done_once_each_by_whoever_is_free() -> None:
    """What they come to stands in their order, whoever did them; one that goes wrong is told."""
    here = os.getpid()

    def task(number: int, process: int) -> tuple[int, int, int]:
        if number == 7:
            raise ValueError("the seventh")
        return number, process, os.getpid()

    for number in (1, 2, 3):
        found = shares.each_taken([partial(task, one) for one in range(7)], number)
        assert [one for one, _process, _who in found] == list(range(7))
        assert all((who == here) == (process == 0) for _one, process, who in found)
        with pytest.raises(ValueError, match="the seventh"):
            shares.each_taken([partial(task, one) for one in range(8)], number)
    many = [partial(task, 0)] * (shares.TICKETS_MAX + 1)
    assert len(shares.each_taken(many, 2)) == len(many)


def test_what_goes_wrong_in_a_share_is_raised() -> None:
    """The error of a process comes back with where it was; one that is killed is told."""

    def fails() -> None:
        raise ValueError("this share")

    def ends() -> None:
        import os
        import signal

        os.kill(os.getpid(), signal.SIGKILL)

    with pytest.raises(ValueError, match="this share") as caught:
        shares.taken([int, fails])
    assert "in fails" in "".join(caught.value.__notes__)
    with pytest.raises(shares.EndedError, match="ended from outside"):
        shares.taken([int, ends])
    assert shares.taken([lambda: 1, lambda: 2, lambda: 3]) == [1, 2, 3]
