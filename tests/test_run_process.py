"""`verbline run` as a process: it follows the log, ends when it is told to, and goes on where it was killed."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

import pytest

from tests.limits import ending
from tests.run_club import club, joins, own_events
from tests.tree import ROOT

# For a machine that is busy with other tests.
PATIENCE = 60


@contextmanager
def started(project: Path, log: Path) -> Iterator[subprocess.Popen[str]]:
    """Start a runtime, and end it; its intents are written into files, as no channel is set."""
    command = [sys.executable, "-m", "verbline.cli", "run", str(project), "--log", str(log), "--store", str(log.parent / "s.db")]  # fmt: skip
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True, cwd=ROOT) as process:
        try:
            with ending(process):
                yield process
        finally:
            process.kill()


def told(stream: IO[str], event: str) -> dict[str, Any]:
    """Return the next line that tells of ``event``."""
    for line in stream:
        found: dict[str, Any] = json.loads(line)
        if found["event"] == event:
            return found
    raise AssertionError(f"it ended before it told of {event}")


@pytest.fixture
def place(tmp_path: Path) -> tuple[Path, Path]:
    """Return the project and its log."""
    project, log = club(tmp_path)
    settings = (project / "verbline.toml").read_text("utf-8")
    (project / "verbline.toml").write_text(settings.split("[channels")[0], "utf-8")
    return project, log


def until(process: subprocess.Popen[str], is_so: Callable[[], bool]) -> None:
    """Wait until something is so, as long as the process runs."""
    for _ in range(PATIENCE * 20):
        if is_so():
            return
        assert process.poll() is None, "it ended"
        with pytest.raises(subprocess.TimeoutExpired):
            process.wait(0.05)
    raise AssertionError("that took too long")


def test_it_follows_and_ends_when_it_is_told_to(place: tuple[Path, Path]) -> None:
    """What was appended is sent; the exit code is 0; the next one does not send it again, though the first was killed."""
    project, log = place
    sent = project / "outbox" / "email.jsonl"
    with started(project, log) as process:
        assert process.stderr is not None
        told(process.stderr, "caught up")
        joins(log, 1)
        until(process, sent.exists)
        until(process, lambda: bool(own_events(log, "verbline.message.handed")))
        process.kill()
    with started(project, log) as process:
        assert process.stderr is not None
        told(process.stderr, "caught up")
        joins(log, 2)
        until(process, lambda: len(own_events(log, "verbline.message.handed")) == 2)
        process.send_signal(signal.SIGTERM)
        assert told(process.stderr, "stopped")["hand_overs_ended"] is True
        assert process.wait(PATIENCE) == 0
    lines = [json.loads(line) for line in sent.read_text("utf-8").splitlines()]
    assert [one["address"] for one in lines] == ["m1@mail.example", "m2@mail.example"]
    assert (log.parent / "s.db").stat().st_mode & 0o007 == 0, "nobody else reads it"
