"""`verbline simulate --jobs`: when a log is shared between processes, and that nobody sees it in the answer."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from benchmarks import logs
from verbline import cli
from verbline.cli import jobs
from verbline.runtime.lots import simulated


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with a project and a log."""
    folder = tmp_path_factory.mktemp("shop")
    logs.make("cart", "s").write(folder)
    return folder


@pytest.fixture
def asked(shop: Path, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Make the shop the working folder, and note between how many processes a log was shared."""
    found: list[int] = []
    in_lots = simulated.in_lots

    def noted(make: Any, path: Path, lots: int, **more: Any) -> Any:
        found.append(lots)
        return in_lots(make, path, lots, **more)

    monkeypatch.chdir(shop)
    monkeypatch.setattr(simulated, "in_lots", noted)
    return found


def told(capfd: pytest.CaptureFixture[str], *arguments: str) -> str:
    """Return the answer of a run."""
    assert cli.run(["simulate", ".", "--log", "log.jsonl", *arguments]) == 0
    shown = capfd.readouterr()
    assert shown.err == ""
    return shown.out


def test_the_answer_is_the_same(asked: list[int], capfd: pytest.CaptureFixture[str]) -> None:
    """However many processes there are, each form of the answer is the same."""
    for form in ("json", "pretty"):
        answers = {told(capfd, "--format", form, "--jobs", str(number)) for number in (1, 2, 3)}
        assert len(answers) == 1
    assert asked == [2, 3, 2, 3]


def test_a_small_log_is_not_shared(
    asked: list[int], capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without a word a large log is shared between the cores there are, a small one is not."""
    monkeypatch.setattr(os, "sched_getaffinity", lambda _pid: {3, 4, 5}, raising=False)
    whole = told(capfd)
    assert asked == []
    monkeypatch.setattr(jobs, "SHARED", 0)
    assert told(capfd) == whole
    assert asked == [3]


@pytest.mark.parametrize("more", ["--format jsonl", "--svg drawn.svg"])
def test_what_is_told_one_by_one_is_not_shared(
    more: str, asked: list[int], capfd: pytest.CaptureFixture[str]
) -> None:
    """A trace and a drawing are made by one process."""
    told(capfd, "--jobs", "2", *more.split())
    assert asked == []


@pytest.mark.parametrize("more", ["--answers 50%", "--until 2026-03-20"])
def test_what_cannot_be_shared_is_not(
    more: str, asked: list[int], capfd: pytest.CaptureFixture[str]
) -> None:
    """Where the order of all counts, one process does it after all."""
    assert told(capfd, "--jobs", "2", *more.split()) == told(capfd, "--jobs", "1", *more.split())
    assert asked == [2]


def test_no_process_is_wrong_usage(asked: list[int], capfd: pytest.CaptureFixture[str]) -> None:
    """There is at least one process."""
    assert cli.run(["simulate", ".", "--log", "log.jsonl", "--jobs", "0"]) == 2
    assert "--jobs" in capfd.readouterr().err
    assert asked == []


def test_a_process_that_is_ended_is_done_without(
    asked: list[int], capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where somebody ends one of the processes, one process does it all."""
    whole = told(capfd, "--jobs", "1")
    first, work = os.getpid(), simulated.Shared.work

    def killed(self: simulated.Shared) -> Any:
        if os.getpid() != first:
            os.kill(os.getpid(), 9)
        return work(self)

    monkeypatch.setattr(simulated.Shared, "work", killed)
    assert told(capfd, "--jobs", "2") == whole
    assert asked == [2]
