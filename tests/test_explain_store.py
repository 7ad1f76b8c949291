"""`verbline explain --store`: what a running project's store tells of somebody is what its log tells, and it is only read."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from tests import run_club
from tests.clubs import TINA, WELCOME, YES, club
from tests.known import event
from tests.test_simulate import CASE_FILES, case_of
from tests.tree import ROOT
from verbline import cli
from verbline.runtime.engine.engine import Engine
from verbline.runtime.store.writer import Writer

MOBILITY = ROOT / "journeys" / "mobility"
# What a store cannot know of a record that the log was run for.
RUN_ONLY = ("field",)


def rehearsed(project: Path, log: Path, store: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    """Return the store of a rehearsal."""
    assert cli.run(["run", str(project), "--log", str(log), "--store", str(store), "--rehearse"]) == 0  # fmt: skip
    capsys.readouterr()
    return store


def told(capsys: pytest.CaptureFixture[str], *arguments: str) -> Any:
    """Return what `explain` says as JSON."""
    assert cli.run(["explain", *arguments, "--format", "json"]) == 0
    return json.loads(capsys.readouterr().out)


def timeline(found: Any) -> list[Any]:
    """Return the timeline of an answer, without what only a run over the log knows."""
    for one in found["timeline"]:
        if one["what"] == "record":
            one["evidence"] = [item for item in one["evidence"] if item["what"] not in RUN_ONLY]
    return list(found["timeline"])


def records(found: Any) -> list[Any]:
    """Return the records of an answer."""
    return [one for one in timeline(found) if one["what"] == "record"]


@pytest.mark.parametrize("person", ["P1", "P3", "P4", "member-number=M-006"])
def test_a_store_tells_what_the_log_tells(
    person: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Events, records, sentences, triggers, evidence and visits are the same, whether the journeys run again or the store is read."""
    log, project = str(MOBILITY / "log"), str(MOBILITY)
    store = str(rehearsed(MOBILITY, MOBILITY / "log", tmp_path / "s.db", capsys))
    of_log = told(capsys, project, person, "--log", log)
    of_store = told(capsys, project, person, "--store", store, "--log", log)
    assert timeline(of_store) == timeline(of_log)
    for name in ("identity", "visits", "also", "erased"):
        assert of_store[name] == of_log[name]


@pytest.mark.parametrize("person", ["P1", "P3", "member-number=M-006"])
def test_a_store_whose_process_was_killed_tells_the_same(
    person: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is pending, of identities and of what was said, is read as if it stood in its tables, and is not changed."""
    whole = rehearsed(MOBILITY, MOBILITY / "log", tmp_path / "s.db", capsys)
    monkeypatch.setattr(Engine, "settle", lambda _engine: None)
    killed = rehearsed(MOBILITY, MOBILITY / "log", tmp_path / "k.db", capsys)
    asked = (str(MOBILITY), person, "--log", str(MOBILITY / "log"), "--store")
    assert told(capsys, *asked, str(killed)) == told(capsys, *asked, str(whole))
    with closing(sqlite3.connect(killed)) as connection:
        counts = [connection.execute(f"select count(*) from {one}").fetchone()[0] for one in ("pending", "ident", "contact")]  # fmt: skip  # noqa: S608
    assert counts[0]
    assert counts[1:] == [0, 0]


@pytest.mark.parametrize("path", CASE_FILES, ids=lambda path: path.stem)
def test_a_store_tells_what_the_log_tells_of_people_who_change(
    path: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of people who turn out to be one, or two, who confirm and withdraw, both ways say the same; a store names no erased one."""
    monkeypatch.setenv("VERBLINE_CONSENT_KEY", "sixteen bytes or more")
    case_of(path).write(tmp_path)
    log, project = str(tmp_path / "log"), str(tmp_path)
    store = str(rehearsed(tmp_path, tmp_path / "log", tmp_path / "s.db", capsys))
    for person in ("P1", "P2", "P3"):
        if cli.run(["explain", project, person, "--log", log]) == 1:
            continue  # so many there are not
        capsys.readouterr()
        of_log = told(capsys, project, person, "--log", log)
        of_store = told(capsys, project, person, "--store", store, "--log", log)
        assert of_store["visits"] == of_log["visits"]
        assert of_store["identity"] == of_log["identity"]
        if not of_log["erased"]:
            assert timeline(of_store) == timeline(of_log)


def test_without_the_log_events_are_named_by_their_ids(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:  # fmt: skip
    """What an event was cannot be told, but which one it was, and whether it or the time led to a record."""
    store = str(rehearsed(MOBILITY, MOBILITY / "log", tmp_path / "s.db", capsys))
    alone = records(told(capsys, str(MOBILITY), "P1", "--store", store))
    whole = records(told(capsys, str(MOBILITY), "P1", "--log", str(MOBILITY / "log")))
    for one, other in zip(alone, whole, strict=True):
        for name in ("what", "source", "id"):
            assert one["trigger"][name] == other["trigger"][name]
        assert (one["sentence"], one["record"]) == (other["sentence"], other["record"])


def test_a_sentence_is_shown_as_it_stood_then(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:  # fmt: skip
    """After a journey was changed the records of its earlier version still show the sentence of their time, and its picture."""
    club(tmp_path, event(2, data=TINA, agrees=YES))
    store = str(rehearsed(tmp_path, tmp_path / "log", tmp_path / "s.db", capsys))
    before = told(capsys, str(tmp_path), "P1", "--store", store)
    file = tmp_path / "club.journey"
    file.write_text("# a line more\n\n" + file.read_text("utf-8").replace("wait 3 days", "wait 9 days"), "utf-8")  # fmt: skip
    after = told(capsys, str(tmp_path), "P1", "--store", store)
    assert records(after) == records(before)
    assert "wait 3 days" in [one["sentence"] for one in records(after)]
    assert cli.run(["explain", str(tmp_path), "P1", "--store", store, "--format", "html"]) == 0
    page = capsys.readouterr().out
    assert ">wait 3 days</text>" in page
    assert "wait 9 days" not in page


def test_a_text_that_is_gone_is_said_to_be(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:  # fmt: skip
    """Where a version was not kept, no sentence of another version is shown for it."""
    club(tmp_path, event(2, data=TINA, agrees=YES))
    store = rehearsed(tmp_path, tmp_path / "log", tmp_path / "s.db", capsys)
    with closing(sqlite3.connect(store)) as connection, connection:
        connection.execute("delete from kept where name like 'version/%'")
        connection.execute("delete from batch")
    file = tmp_path / "club.journey"
    file.write_text(file.read_text("utf-8").replace("wait 3 days", "wait 9 days"), "utf-8")
    assert {one["sentence"] for one in records(told(capsys, str(tmp_path), "P1", "--store", str(store)))} == {""}  # fmt: skip
    assert cli.run(["explain", str(tmp_path), "P1", "--store", str(store)]) == 0
    assert "the text of this version is not at hand" in capsys.readouterr().out


def test_a_store_in_use_is_read_and_not_changed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:  # fmt: skip
    """A runtime may hold the store; reading leaves every byte as it was."""
    store = rehearsed(MOBILITY, MOBILITY / "log", tmp_path / "s.db", capsys)
    before = sha256(store.read_bytes()).digest()
    with closing(Writer(store, create=False)) as writer:
        writer.connection.execute("pragma wal_checkpoint(truncate)")
        held = sha256(store.read_bytes()).digest()
        told(capsys, str(MOBILITY), "P1", "--store", str(store))
        assert sha256(store.read_bytes()).digest() == held
    assert before


def test_what_became_of_a_message_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:  # fmt: skip
    """Of a store that sends: the state in the outbox stands beside the record, and that it was handed over among the events."""
    project, log = run_club.club(tmp_path)
    run_club.joins(log, 1)
    for _ in range(2):  # the second run reads what the first one wrote to the log
        with run_club.live(project, log) as found:
            found.begin()
            found.once()
    store = log.parent / "s.db"
    answer = told(capsys, str(project), "P1", "--store", str(store), "--log", str(log))
    (sent,) = [one for one in records(answer) if one["record"]["verdict"] == "sent"]
    assert (sent["left"]["state"], sent["left"]["attempts"]) == ("sent", 1)
    assert "the channel took it" in sent["left"]["said"]
    assert '"Hello" was handed over by email' in " ".join(one["said"] for one in answer["timeline"])
    path = tmp_path / "all.json"
    assert cli.run(["explain", str(project), "P1", "--store", str(store), "--export", str(path)]) == 0  # fmt: skip
    (message,) = json.loads(path.read_text("utf-8"))["messages"]
    assert (message["text"], message["state"]) == ("Hello.", "sent")


def test_what_is_no_store_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A file that is none, that of another project, and one of other rules are told apart, and nothing is made."""
    club(tmp_path, event(2, data=TINA, agrees=YES), journey=WELCOME)
    store = rehearsed(tmp_path, tmp_path / "log", tmp_path / "s.db", capsys)

    def refused(project: Path, path: Path) -> str:
        assert cli.run(["explain", str(project), "P1", "--store", str(path)]) == 2
        return capsys.readouterr().err

    assert "cannot be read" in refused(tmp_path, tmp_path / "none.db")
    assert not (tmp_path / "none.db").exists()
    (tmp_path / "text.db").write_text("no store", "utf-8")
    assert "cannot be read" in refused(tmp_path, tmp_path / "text.db")
    with closing(sqlite3.connect(tmp_path / "other.db")) as connection, connection:
        connection.execute("create table t (a)")
    assert "is no store of a runtime" in refused(tmp_path, tmp_path / "other.db")
    assert 'belongs to the project "club"' in refused(MOBILITY, store)
    file = tmp_path / "club.journey"
    file.write_text(file.read_text("utf-8").replace("recognised by device", "recognised by cookie"), "utf-8")  # fmt: skip
    assert "other rules" in refused(tmp_path, store)
