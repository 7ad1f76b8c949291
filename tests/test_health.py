"""`verbline health`: what needs somebody is a sentence with the next command, and only then it ends in 1."""

from __future__ import annotations

import json
import os
import re
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tests.run_club import JOURNEY, WORDS, club, joins, live
from tests.test_run_once import Failing, once
from tests.tree import ROOT
from verbline import cli
from verbline.cli.ailing import STATES
from verbline.interpreter.zones import DAY, HOUR
from verbline.runtime.clock import now
from verbline.runtime.engine.live import Live
from verbline.runtime.engine.pulse import NAME
from verbline.runtime.feed import Feed
from verbline.runtime.health import life_in
from verbline.runtime.store.writer import Writer

EXPECTED = WORDS.replace('as "member.joined"', 'as "member.joined"\n  expected at least 2 times in 1 day\n  owned by "Ana Kos"', 1)  # fmt: skip


@pytest.fixture
def place(tmp_path: Path) -> tuple[Path, Path]:
    """Return a club whose log was read, so long ago that there is no sign of life."""
    project, log = club(tmp_path)
    joins(log, 1)
    once(project, log)
    with closing(sqlite3.connect(log.parent / "s.db")) as connection:
        connection.execute("delete from known where name = ?", (NAME,))
        connection.commit()
    return project, log


class Shell:
    """The command about a club."""

    def __init__(self, place: tuple[Path, Path], capsys: pytest.CaptureFixture[str]) -> None:
        self.project, self.log = place
        self.store = self.log.parent / "s.db"
        self.capsys = capsys

    def text(self, *more: str, code: int = 0) -> str:
        """Return what the command writes."""
        line = ["health", str(self.project), "--store", str(self.store), "--log", str(self.log)]
        assert cli.run([*line, *more]) == code
        return self.capsys.readouterr().out

    def json(self, code: int = 0) -> dict[str, Any]:
        """Return it as JSON."""
        found: dict[str, Any] = json.loads(self.text("--format", "json", code=code))
        return found

    def found(self, code: int = 1) -> dict[str, dict[str, str]]:
        """Return what was found, by what it is."""
        return {one["what"]: one for one in self.json(code)["findings"]}

    def write(self, statement: str, *values: object) -> None:
        """Change the store."""
        with closing(Writer(self.store)) as writer, writer.writing() as connection:
            connection.execute(statement, values)

    def pulse(self, at: int, **more: object) -> None:
        """Leave a sign of life."""
        told = {"at": at, "is_degraded": False, "couriers": {"email": "open"}, **more}
        self.write("insert or replace into known values (?, ?)", NAME, json.dumps(told))


@pytest.fixture
def shell(place: tuple[Path, Path], capsys: pytest.CaptureFixture[str]) -> Shell:
    """Return the command."""
    return Shell(place, capsys)


def test_where_there_is_nothing_to_do_nobody_is_needed(shell: Shell) -> None:
    """Though nobody is at work; the receipts of what was read wait for nobody."""
    told = shell.json()
    assert told["findings"] == []
    assert told["runtime"]["at"] is None
    assert told["outbox"]["counts"] == {"sent": 1}
    assert told["heartbeats"] == []
    assert {one["file"] for one in told["log"]} == {"desk.jsonl", "verbline.runtime.jsonl"}
    assert not any(one["is_gone"] for one in told["log"])
    assert (shell.log / "desk.jsonl").stat().st_size == told["log"][0]["read"]
    assert "0 things that need somebody" in shell.text()


def test_the_store_is_only_read(shell: Shell) -> None:
    """Nothing in it has changed."""
    before = shell.store.read_bytes()
    shell.text()
    assert shell.store.read_bytes() == before


def test_a_run_leaves_a_sign_of_life(shell: Shell) -> None:
    """With the channels and the process; while it is there lines may be unread for a moment."""
    with live(shell.project, shell.log) as found:
        found.begin()
        beat(found)
        joins(shell.log, 2)
        told = shell.json()
    assert told["runtime"]["pid"] == os.getpid()
    assert told["runtime"]["is_there"]
    assert told["runtime"]["channels"] == {"email": "open"}
    assert told["runtime"]["seconds"] < 60
    assert sum(one["unread"] for one in told["log"]) > 0
    assert "last sign of life" in shell.text()


def beat(found: Live) -> None:
    """Let a run write a sign of life."""
    found._pulse.beat(found.engine, found.channels, degraded=False)


@pytest.mark.parametrize(("seconds", "code"), [(50, 0), (70, 1), (None, 1)])
def test_lines_that_nobody_reads_need_somebody(shell: Shell, seconds: int | None, code: int) -> None:  # fmt: skip
    """When there was no sign of life for a minute, or never one."""
    if seconds is not None:
        shell.pulse(now() - seconds * 1_000)
    joins(shell.log, 2)
    found = shell.found(code)
    assert set(found) == ({"no_sign_of_life"} if code else set())
    if code:
        assert "of the log not read" in found["no_sign_of_life"]["sentence"]
        assert found["no_sign_of_life"]["next"].startswith(f"verbline run {shell.project} --log {shell.log}")  # fmt: skip
        text = shell.text(code=1)
        assert "needs you: No sign of life" in text
        assert f"  verbline run {shell.project}" in text


def test_messages_that_nobody_sends_need_somebody(shell: Shell) -> None:
    """Those that may leave now; one that is held until later does not."""
    shell.write("update outbox set state = 'ready', due = ?", now() + HOUR)
    assert shell.found(0) == {}
    shell.write("update outbox set due = ?", now() - HOUR)
    found = shell.found()
    assert "1 message to leave" in found["no_sign_of_life"]["sentence"]
    told = shell.json(1)["outbox"]
    assert (told["due"], told["counts"]) == (1, {"ready": 1})
    assert told["oldest_ready"] is not None


def test_what_nobody_knows_waits_for_a_word(shell: Shell) -> None:
    """What is sent again by itself does not."""
    shell.write("update outbox set state = 'unknown', due = null")
    assert "verbline outbox" in shell.found()["unknown"]["next"]
    shell.pulse(now())
    shell.write("update outbox set state = 'unknown', due = ?", now())
    assert shell.found(0) == {}


@pytest.mark.parametrize("state", ["closed", "failed", "stopped", "open"])
def test_a_channel_that_is_closed_or_has_failed_needs_somebody(shell: Shell, state: str) -> None:
    """One that was stopped with the run does not."""
    shell.pulse(now(), couriers={"email": state})
    bad = state in ("closed", "failed")
    assert set(shell.found(int(bad))) == ({f"channel_{state}"} if bad else set())


def test_what_is_set_aside_and_a_folder_that_cannot_be_watched_are_notes(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:  # fmt: skip
    """They end in 0."""
    joins(shell.log, 2)
    monkeypatch.setattr(Feed, "happen", Failing(Feed.happen, lambda event, *_: event.id == "member.joined-2"))  # fmt: skip
    once(shell.project, shell.log)
    shell.pulse(now(), is_degraded=True)
    found = shell.found(0)
    assert set(found) == {"parked", "watch_degraded"}
    assert "verbline parked" in found["parked"]["next"]
    assert shell.json()["parked"] == {"engine_failed": 1}
    assert "note: 1 line is set aside" in shell.text()


def test_a_file_that_was_taken_away_needs_somebody(shell: Shell) -> None:
    """One that was renamed does not."""
    (shell.log / "desk.jsonl").rename(shell.log / "desk.jsonl.1")
    assert shell.found(0) == {}
    (shell.log / "desk.jsonl.1").unlink()
    assert "was taken away" in shell.found()["file_gone"]["sentence"]


@pytest.mark.parametrize(("hours", "is_silent"), [((30, 20, 3), False), ((30, 3), True), ((3,), False)])  # fmt: skip
def test_silence_is_an_incident(shell: Shell, hours: tuple[int, ...], *, is_silent: bool) -> None:
    """It names the moment, who answers for it, and the journeys to which it matters; a new log is not silent yet."""
    (shell.project / "club.journey").write_text(EXPECTED + JOURNEY)
    (shell.log / "desk.jsonl").unlink()
    for number, back in enumerate(hours):
        joins(shell.log, number, now() - back * HOUR)
    shell.store.unlink()
    (shell.log / "verbline.runtime.jsonl").unlink()
    once(shell.project, shell.log)
    shell.pulse(now())
    told = shell.json(int(is_silent))
    (one,) = told["heartbeats"]
    assert (one["moment"], one["is_silent"], one["owner"]) == ("member joins", is_silent, "Ana Kos")
    assert {found["what"] for found in told["findings"]} == ({"silent"} if is_silent else set())
    if is_silent:
        (found,) = told["findings"]
        assert found["sentence"] == '"member joins" is expected at least 2 times in 1 day, and came only 1 time. It matters to "Welcome". Ana Kos answers for it.'  # fmt: skip
        assert found["next"] == f"verbline audit {shell.log} --project {shell.project}"
    assert ("silent" in shell.text(code=int(is_silent))) is is_silent


def test_it_matters_to_whoever_waits_for_it_too(shell: Shell) -> None:
    """Not only to what it starts."""
    line = 'as "member.left"'
    words = WORDS.replace(line, f"{line}\n  expected at least 1 time in 1 day", 1)
    (shell.project / "club.journey").write_text(words + JOURNEY)
    joins(shell.log, 2, now() - 2 * DAY)
    shell.pulse(now())
    sentence = shell.found()["silent"]["sentence"]
    assert sentence == '"member leaves" is expected at least 1 time in 1 day, and came not once. It matters to "Welcome".'  # fmt: skip


def test_a_project_with_errors_is_told(shell: Shell) -> None:
    """Everything else is told all the same."""
    (shell.project / "club.journey").write_text("journey")
    found = shell.found()
    assert found["project"]["next"] == f"verbline check {shell.project}"
    assert shell.json(1)["heartbeats"] is None


def test_without_the_log_what_needs_it_is_not_told(shell: Shell, capsys: pytest.CaptureFixture[str]) -> None:  # fmt: skip
    """Neither what is unread, nor heartbeats."""
    joins(shell.log, 2, now() - DAY)
    line = ["health", str(shell.project), "--store", str(shell.store), "--format", "json"]
    assert cli.run(line) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["log"], told["heartbeats"]) == (None, None)


def test_what_a_run_has_told_itself_is_no_work(shell: Shell) -> None:
    """Its last words stand unread in its own log; those of an operator wait to be read."""
    own = shell.log / "verbline.runtime.jsonl"
    content = own.read_bytes()
    assert b"verbline.message.handed" in content
    shell.write("delete from batch")
    shell.write("delete from kept where name like 'place/%'")
    desk = (shell.log / "desk.jsonl").stat().st_size
    told = shell.json(1)["log"]
    assert {one["file"]: one["unread"] for one in told} == {"desk.jsonl": desk, own.name: 0}
    own.write_bytes(content + b'{"type":"verbline.decided"}\n')
    told = shell.json(1)["log"]
    assert {one["file"]: one["unread"] for one in told} == {"desk.jsonl": desk, own.name: 28}


def test_what_cannot_be_read_is_told(shell: Shell, capsys: pytest.CaptureFixture[str]) -> None:
    """A log or a store that is not there."""
    there = ["health", str(shell.project)]
    assert cli.run([*there, "--store", str(shell.store), "--log", "nowhere"]) == 2
    assert "there is no such log" in capsys.readouterr().err
    assert cli.run([*there, "--store", "nowhere"]) == 2
    assert "there is no such file" in capsys.readouterr().err


def test_the_page_lists_what_can_be_found() -> None:
    """Each finding with how it ends."""
    page = (ROOT / "docs" / "operating.md").read_text("utf-8")
    rows = page.split("| `what` | Says | Ends in |")[1].split("\n\n")[0].splitlines()[2:]
    listed = {
        name: row.rstrip(" |")[-1] == "1"
        for row in rows
        for name in re.findall(r"`([a-z_]+)`", row.split("|")[1])
    }
    code = (ROOT / "cli" / "ailing.py").read_text("utf-8")
    said = re.findall(r'Finding\(\s*"(error|note)",\s*f?"([a-z_{}]+)"', code)
    found = {what: level == "error" for level, what in said}
    states = {what.format(state=one): bad for what, bad in found.items() for one in STATES}
    assert listed == states


def test_a_run_that_ended_leaves_a_sign_of_life(shell: Shell) -> None:
    """`--once` tells how the channels were when it was done."""
    once(shell.project, shell.log)
    with closing(sqlite3.connect(shell.store)) as connection:
        life = life_in(connection)
    assert life.at is not None
    assert life.channels == {"email": "open"}
