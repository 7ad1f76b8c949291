"""A running project whose files are saved: broken they change nothing, whole they are taken up, and nobody inside moves."""

import json
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from io import StringIO
from pathlib import Path
from typing import Any

import pytest

from tests.limits import KILLED, ending
from tests.test_uptake_stored import cut_and_write, write_and_rename
from tests.versioned import JOURNEY, MOVES, SETTINGS, WORDS
from verbline.interpreter.person.encode import standing_in
from verbline.interpreter.step.records import instant_text
from verbline.runtime.clock import now
from verbline.runtime.engine.given import Given
from verbline.runtime.engine.saved import read_anew
from verbline.runtime.engine.telling import Telling
from verbline.runtime.store.journal import loaded

LONGEST = 30


class Running:
    """`verbline run` as a process of its own; what it tells is read line by line."""

    def __init__(self, folder: Path, *more: str) -> None:
        command = [sys.executable, "-m", "verbline.cli", "run", str(folder), "--log", str(folder / "log"), "--store", str(folder / "s.db"), *more]  # fmt: skip
        self.process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
        self.told: list[dict[str, Any]] = []

    def until(self, event: str) -> dict[str, Any]:
        """Read what is told up to the next ``event`` and return that."""
        assert self.process.stderr is not None
        with ending(self.process, LONGEST):
            for line in self.process.stderr:
                told: dict[str, Any] = json.loads(line)
                self.told.append(told)
                if told["event"] == event:
                    return told
        pytest.fail(f"it ended without {event!r}: {self.told}")

    def stop(self) -> int:
        """End the process as an operator does."""
        self.process.send_signal(signal.SIGTERM)
        _, rest = self.process.communicate(timeout=LONGEST)
        self.told += [json.loads(line) for line in rest.splitlines()]
        return self.process.returncode


@contextmanager
def running(folder: Path, *more: str) -> Iterator[Running]:
    """Run a project until the end of the test, with more options."""
    run = Running(folder, *more)
    try:
        yield run
    finally:
        run.process.kill()
        run.process.wait(KILLED)
        assert run.process.stderr is not None
        run.process.stderr.close()


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Return a project into which somebody came just now."""
    (tmp_path / "verbline.toml").write_text(SETTINGS)
    (tmp_path / "club.journey").write_text(WORDS + JOURNEY)
    (tmp_path / "log").mkdir()
    data = {"member-number": "M-1", "email": "tea@mail.example"}
    line = {
        "id": "e-1",
        "source": "desk",
        "type": "joined",
        "time": instant_text(now()),
        "data": data,
    }
    (tmp_path / "log" / "log.jsonl").write_text(json.dumps(line) + "\n")
    return tmp_path


def standing(folder: Path) -> list[tuple[str, str]]:
    """Return in which versions people are, and at which step, as the store has it."""
    with closing(sqlite3.connect(folder / "s.db")) as connection:
        records = loaded(connection).records.values()
        return [where[1:] for content in records for where in standing_in(content)[0]]


@pytest.mark.parametrize("save", [cut_and_write, write_and_rename])
def test_a_version_is_taken_up_whole_or_not_at_all(project: Path, save: Any) -> None:
    """A half of it is told once with its line, by whichever way it is saved; then the whole is taken up."""
    path = project / "club.journey"
    whole = (WORDS + JOURNEY.replace("7 days", "9 days")).encode()
    half = whole[: whole.index(b"9 days") + 3]
    with running(project) as run:
        run.until("caught up")
        before = standing(project)
        for _ in save(path, half):
            pass
        refused = run.until("not taken up")
        assert refused["why"][0].startswith(f"{path}:45: S002")
        assert standing(project) == before
        for _ in save(path, whole):
            pass
        taken = run.until("taken up")
        assert run.stop() == 0
    assert [one["event"] for one in run.told].count("not taken up") == 1
    assert standing(project) == before, "who is inside finishes the version they started"
    assert before[0][0] != taken["versions"]["Welcome"]


def test_people_move_at_a_reload_and_not_to_nowhere(project: Path) -> None:
    """A step that is gone under somebody is refused with their number; one that is there moves them."""
    path = project / "club.journey"
    with running(project) as run:
        run.until("caught up")
        before = standing(project)
        path.write_text(WORDS + MOVES.replace('wait for "pays" up', 'wait for "speaks" up'))
        (why,) = run.until("not taken up")["why"]
        assert "1 person is inside" in why
        assert "no such step" in why
        assert standing(project) == before
        path.write_text(WORDS + MOVES.replace("7 days", "9 days"))
        taken = run.until("taken up")
        assert run.stop() == 0
    ((version, step),) = standing(project)
    assert version == taken["versions"]["Welcome"]
    assert step != before[0][1]


def test_channels_that_cannot_be_made_leave_the_last_ones(project: Path) -> None:
    """A secret that is not there is told, and the project runs on as it was."""
    settings = project / "verbline.toml"
    smtp = """
[channels.email]
adapter = "smtp"
host = "mail.example"
from = "Club <club@club.example>"
user = "club"
password = { env = "NO_SUCH_SECRET" }
"""
    with running(project) as run:
        run.until("caught up")
        before = standing(project)
        settings.write_text(SETTINGS + smtp)
        assert "NO_SUCH_SECRET" in run.until("not taken up")["why"][0]
        (project / "club.journey").write_text(WORDS + MOVES.replace("7 days", "9 days"))
        settings.write_text(SETTINGS)
        run.until("taken up")
        assert run.stop() == 0
    assert standing(project) != before


def test_people_are_let_out_of_a_journey_that_is_gone(project: Path) -> None:
    """At the start with `--end`, once; while the journey is there still, the start is refused."""
    refused = Running(project, "--end", "Welcome")
    _, why = refused.process.communicate(timeout=LONGEST)
    assert refused.process.returncode == 1
    assert "still in the project" in why
    with running(project) as run:
        run.until("caught up")
        assert run.stop() == 0
    assert len(standing(project)) == 1
    (project / "club.journey").write_text(WORDS)
    for _ in range(2):
        with running(project, "--end", "Welcome") as run:
            run.until("caught up")
            assert run.stop() == 0
        assert standing(project) == []


class Careless:
    """A source that fails in a way that nobody has thought of."""

    given: Given

    def read(self) -> Given:
        """Fail."""
        raise IndexError("club@mail.example")

    def names(self) -> tuple[str, ...]:
        """Return no files."""
        return ()


def test_a_mistake_of_ours_in_reading_does_not_end_what_runs() -> None:
    """It is told with its place in the program and nothing of what it says."""
    stream = StringIO()
    store: Any = None
    assert read_anew(Careless(), store, (), Telling(stream, lambda: 0)) is None
    told = json.loads(stream.getvalue())
    assert (told["event"], told["level"], told["error"]) == ("not taken up", "error", "IndexError")
    assert "mail.example" not in stream.getvalue()
