"""`verbline run --once`, and what a run survives: crashes, lines that make it fail, a disk that is full for a while."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.run_club import JOURNEY, SENT, club, joins, live, own_events
from verbline import cli
from verbline.interpreter.person.record import Person
from verbline.interpreter.zones import DAY
from verbline.runtime.clock import now
from verbline.runtime.engine.world import Watched
from verbline.runtime.feed import Feed
from verbline.runtime.standing import StoreError
from verbline.runtime.store.journal import Journal
from verbline.runtime.store.outbox import Outbox
from verbline.runtime.traces.told import Told


def trace(found: Any) -> list[dict[str, Any]]:
    """Return the trace in a store."""
    return list(Told(found.store.writer.connection).all())


def once(project: Path, log: Path, told: io.StringIO | None = None) -> list[dict[str, Any]]:
    """Run once and return the trace."""
    with live(project, log, told) as found:
        found.begin()
        found.once()
        return trace(found)


def test_what_is_fresh_is_sent_once_and_told_to_the_log(tmp_path: Path) -> None:
    """The second run finds the hand-over in the log, and sends nothing again."""
    project, log = club(tmp_path)
    joins(log, 1)
    once(project, log)
    assert [(one.address, one.message) for one in SENT] == [("m1@mail.example", "Hello")]
    (handed,) = own_events(log, "verbline.message.handed")
    assert handed["data"]["key"] == SENT[0].key
    once(project, log)
    assert len(SENT) == 1


def test_an_old_log_is_taken_as_if_it_had_always_been_followed(tmp_path: Path) -> None:
    """Who joined a year ago is done by now, and gets nothing: it would come too late."""
    project, log = club(tmp_path)
    joins(log, 1, now() - 365 * DAY)
    joins(log, 2, now() - DAY - 60_000)
    found = once(project, log)
    assert [(one["person"], one["outcome"]) for one in found if one["kind"] == "outcome"] == [
        ("P1", "done"),
        ("P2", "done"),
    ]
    assert [(one.person, one.message) for one in SENT] == [("P2", "Again")]


def test_who_left_before_anything_was_sent_gets_nothing(tmp_path: Path) -> None:
    """All that stands in the log is heard before the first message leaves."""
    project, log = club(tmp_path)
    joins(log, 1)
    joins(log, 1, kind="member.left")
    once(project, log)
    assert not SENT


class Failing:
    """Fails whenever it is called about somebody, and counts how often."""

    def __init__(self, plain: Callable[..., Any], fails: Callable[..., bool]) -> None:
        self.plain, self.fails, self.count = plain, fails, 0

    def __get__(self, owner: Any, kind: Any = None) -> Callable[..., Any]:
        """Return the method of ``owner``."""

        def called(*given: Any, **named: Any) -> Any:
            if self.fails(*given):
                self.count += 1
                raise RuntimeError("m2@mail.example")
            return self.plain(owner, *given, **named)

        return called


def test_a_line_that_makes_the_engine_fail_is_parked_after_three_tries(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The others go on; operators are told where it failed, and nothing of what the line or the error says."""
    project, log = club(tmp_path)
    for number in (1, 2, 3):
        joins(log, number)
    failing = Failing(Feed.happen, lambda event, *_: event.id == "member.joined-2")
    monkeypatch.setattr(Feed, "happen", failing)
    told = io.StringIO()
    found = once(project, log, told)
    assert failing.count == 4, "with the batch, then three times alone"
    parked = [one for one in found if one["kind"] == "parked"]
    assert [(one["reason"], one["file"]) for one in parked] == [("engine_failed", "desk.jsonl")]
    assert sorted(one.address for one in SENT) == ["m1@mail.example", "m3@mail.example"]
    lines = [json.loads(line) for line in told.getvalue().splitlines()]
    assert [one["error"] for one in lines if one["level"] == "error"] == ["RuntimeError"] * 4
    assert "m2@" not in told.getvalue()
    monkeypatch.setattr(Feed, "happen", failing.plain)
    assert once(project, log)[: len(found)] == found, "parked is parked"
    assert len(SENT) == 2


def test_a_timer_that_makes_the_engine_fail_is_dropped(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Those of others fall due."""
    project, log = club(tmp_path)
    for number in (1, 2):
        joins(log, number, now() - DAY - 60_000)

    def of_first(person: Person, *_: object) -> bool:
        return person.id == "P1"

    monkeypatch.setattr(Watched, "ring", Failing(Watched.ring, of_first))
    told = io.StringIO()
    found = once(project, log, told)
    assert [(one["kind"], one.get("person")) for one in found if one["kind"] in ("parked", "outcome")] == [
        ("parked", "P1"), ("outcome", "P2"),
    ]  # fmt: skip
    assert "timer dropped" in told.getvalue()


def test_what_cannot_be_written_for_a_while_is_waited_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A disk that is full: nothing is lost, nothing is done twice, and it is told once."""
    project, log = club(tmp_path)
    joins(log, 1)
    left = [3]
    plain = Journal.add

    def full(journal: Journal, *given: Any) -> None:
        if left[0]:
            left[0] -= 1
            raise StoreError("disk full")
        plain(journal, *given)

    told = io.StringIO()
    with live(project, log, told) as found:
        found.runner.pause = lambda _seconds: None
        monkeypatch.setattr(Journal, "add", full)
        found.begin()
        found.once()
    events = [json.loads(line)["event"] for line in told.getvalue().splitlines()]
    assert events.count("waiting") == 1
    assert events.index("waiting") < events.index("going on")
    assert len(SENT) == 1


def refused(capsys: pytest.CaptureFixture[str], *command: str) -> str:
    """Return why a command is refused."""
    assert cli.run(list(command)) == 1
    return capsys.readouterr().err


def test_a_store_that_does_not_fit_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:  # fmt: skip
    """Each with the way out, and nothing of it is changed."""
    project, log = club(tmp_path)
    joins(log, 1, now() - 365 * DAY)
    asked = ("run", str(project), "--log", str(log))
    rehearsal, store = tmp_path / "r.db", tmp_path / "s.db"
    assert cli.run([*asked, "--store", str(rehearsal), "--rehearse"]) == 0
    assert cli.run([*asked, "--store", str(store), "--once"]) == 0
    capsys.readouterr()
    for path, more, why in (
        (rehearsal, "--once", "is the store of a rehearsal"),
        (store, "--rehearse", "is the store of a runtime"),
    ):
        before = path.read_bytes()
        assert why in refused(capsys, *asked, "--store", str(path), more)
        assert path.read_bytes() == before
    (project / "verbline.toml").write_text((project / "verbline.toml").read_text().replace("club", "other", 1))  # fmt: skip
    assert 'belongs to the project "club", not to "other"' in refused(capsys, *asked, "--store", str(store), "--once")  # fmt: skip


def test_nothing_is_begun_anew_beside_a_log_that_was_read(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Without its store a run would send everything again; made again from the log it goes on."""
    project, log = club(tmp_path)
    joins(log, 1)
    once(project, log)
    store = tmp_path / "s.db"
    where = (str(project), "--log", str(log), "--store", str(store))
    for content in (None, b"", b"SQLite format 3\0" + b"\1" * 5_000):
        store.unlink()
        if content is not None:
            store.write_bytes(content)
        assert "verbline rebuild" in refused(capsys, "run", *where, "--once")
        store.touch()
    assert cli.run(["rebuild", *where]) == 0
    assert "1 people" in capsys.readouterr().out
    once(project, log)
    assert [one.message for one in SENT] == ["Hello"]


def test_no_other_command_reads_the_log_into_the_store(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """What keeps who is who and what was said for itself keeps it elsewhere."""
    project, log = club(tmp_path)
    joins(log, 1)
    once(project, log)
    where = ("--project", str(project), "--log", str(log), "--store", str(tmp_path / "s.db"))
    assert cli.run(["people", "count", *where]) == 2
    assert "the store of `verbline run`" in capsys.readouterr().err


def test_one_runtime_at_a_time(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The second is told who is there."""
    project, log = club(tmp_path)
    with live(project, log):
        where = ("--log", str(log), "--store", str(tmp_path / "s.db"))
        assert "is in use by process" in refused(capsys, "run", str(project), *where, "--once")
        joins(log, 1)
        own = log / "verbline.runtime.jsonl"
        own.write_text('{"type":"verbline.receipt"}\n')
        assert "is in use by process" in refused(capsys, "rebuild", str(project), *where)
        own.unlink()


def test_a_project_that_does_not_hold_is_not_run(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:  # fmt: skip
    """Neither with errors nor with a scenario that fails."""
    project, log = club(tmp_path, JOURNEY.replace('gets "Hello" by email', 'gets "Again" by email'))
    where = ("run", str(project), "--log", str(log), "--store", str(tmp_path / "s.db"), "--once")
    assert "club.journey:" in refused(capsys, *where)
    (project / "club.journey").write_text('journey "x"\n  finish "y"\n')
    assert "club.journey" in refused(capsys, *where)
    assert not (tmp_path / "s.db").exists()


def test_a_rehearsal_and_once_exclude_each_other(capsys: pytest.CaptureFixture[str]) -> None:
    """Wrong usage."""
    assert cli.run(["run", "--log", "x", "--store", "y", "--once", "--rehearse"]) == 2
    assert "not both" in capsys.readouterr().err


def test_a_project_that_was_saved_is_taken_up_while_it_runs(tmp_path: Path) -> None:
    """What does not hold is told, and the last good version stays; then the new words are sent."""
    project, log = club(tmp_path)
    file, told = project / "club.journey", io.StringIO()
    with live(project, log, told) as found:
        found.begin()
        words = file.read_text("utf-8")
        file.write_text(words.replace('says "Hello."', 'say "Hi."'), "utf-8")
        assert not found.take_up()
        joins(log, 1)
        found.catch_up()
        file.write_text(words.replace('says "Hello."', 'says "Hi."'), "utf-8")
        assert found.take_up()
        joins(log, 2)
        found.catch_up()
        found.once()
    assert [(one.person, one.words.text) for one in SENT] == [("P1", "Hello."), ("P2", "Hi.")]
    lines = [json.loads(line) for line in told.getvalue().splitlines()]
    (why,) = [one["why"] for one in lines if one["event"] == "not taken up"]
    assert "club.journey:" in why[0]
    assert [one["event"] for one in lines].count("taken up") == 1


@pytest.mark.parametrize("method", ["taken", "answered", "due"])
def test_a_courier_whose_outbox_failed_begins_again(
    method: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A write that was refused once: what was under way is handed over again under its key, and nothing is left."""
    project, log = club(tmp_path)
    joins(log, 1)
    left = [1]
    plain = getattr(Outbox, method)

    def full(outbox: Outbox, *given: Any) -> Any:
        if left[0]:
            left[0] -= 1
            raise StoreError("disk full")
        return plain(outbox, *given)

    monkeypatch.setattr(Outbox, method, full)
    told = io.StringIO()
    with live(project, log, told) as found:
        found.begin()
        found.once()
        assert {row.state for row in found.store.outbox.rows()} == {"sent"}
    assert "a courier had failed and begins again" in told.getvalue()
    assert len({one.key for one in SENT}) == 1
