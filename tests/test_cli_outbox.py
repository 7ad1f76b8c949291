"""`verbline outbox` as a command: what is to leave is shown, and an operator's word is written down."""

from __future__ import annotations

import json
import shlex
from pathlib import Path
from typing import Any

import pytest

from tests.leavers import AT, HOUR, Club, opened
from verbline import cli
from verbline.runtime.channels.answers import Refused, Unknown
from verbline.runtime.events import Event
from verbline.runtime.leaving import looking

STEPS = """
  notify the member by email with "Hello" for "care"
  escalate to desk "Front desk" within 4 working hours because "Call"
    if the answer is "reached"
      finish as "reached"
    show first-name
  wait 5 days
"""


@pytest.fixture
def club(tmp_path: Path) -> Any:
    """Return a club of which somebody's mail may have arrived, another's did, and a third one's is still there."""
    with opened(tmp_path / "club", STEPS) as found:
        for number in (1, 2, 3):
            found.member(f"m{number}@mail.example", first_name=f"Tina{number}")
        for number, answer in ((1, Unknown("cut_off", "no reply")), (2, None), (3, Refused("no_such_user"))):  # fmt: skip
            found.happens(f"P{number}", "member joins", AT + number)
            found.commit()
            found.send(answer)
        found.send(channel="desk:Front desk")
        found.happens("P1", "member leaves", AT + HOUR)
        found.commit()
        yield found


class Shell:
    """The command about one store."""

    def __init__(self, club: Club, capsys: pytest.CaptureFixture[str]) -> None:
        self.club = club
        self.capsys = capsys
        self.error = ""

    def text(self, line: str = "", code: int = 0) -> str:
        """Return what the command writes for people."""
        store = ["--store", str(self.club.folder / "store.db")]
        assert cli.run(["outbox", *shlex.split(line), *store]) == code, line
        shown = self.capsys.readouterr()
        self.error = shown.err
        assert "mail.example" not in shown.err
        return shown.out

    def json(self, line: str = "") -> dict[str, Any]:
        """Return what the command writes as JSON."""
        found: dict[str, Any] = json.loads(self.text(f"{line} --format json"))
        assert found.pop("format") == 1
        return found


@pytest.fixture
def shell(club: Club, capsys: pytest.CaptureFixture[str]) -> Shell:
    """Return the command."""
    return Shell(club, capsys)


def test_what_waits_is_counted_and_listed(shell: Shell) -> None:
    """What waits for a person and what has not left is listed; everything is counted, and no address is shown."""
    told = shell.json()
    counts = told["counts"]
    assert counts == {"ready": 1, "refused": 1, "sent": 5, "unknown": 1}
    assert {one["state"] for one in told["rows"]} == {"ready", "unknown"}
    (unknown,) = (one for one in told["rows"] if one["state"] == "unknown")
    assert (unknown["person"], unknown["reason"], unknown["told"]) == ("P1", "cut_off", "no reply")
    assert "mail.example" not in json.dumps(told)
    text = shell.text()
    assert "1  unknown    handed over, and nobody answered" in text
    assert f"{unknown['key']}" in text
    assert "(cut_off no reply)" in text
    assert "--send-again KEY or --leave KEY" in text


@pytest.mark.parametrize(
    ("state", "number"), [("sent", 5), ("refused", 1), ("all", 8), ("stale", 0)]
)
def test_one_state_is_listed(shell: Shell, state: str, number: int) -> None:
    """The rows of the state that is named, and no others."""
    rows = shell.json(f"--state {state}")["rows"]
    assert len(rows) == number
    assert state == "all" or {one["state"] for one in rows} <= {state}
    assert shell.text(f"--state {state}")


def test_more_than_people_read_is_cut(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    """A list for people is short and says how much it leaves out; that for programs is whole."""
    monkeypatch.setattr("verbline.cli.outboxing.TOLD_MAX", 3)
    assert "and 5 more; --state all --format json shows them all" in shell.text("--state all")
    assert len(shell.json("--state all")["rows"]) == 8


def test_one_row_is_shown_whole(shell: Shell) -> None:
    """With its address and its words, for whoever has to find out whether it arrived; a task with what the desk sees."""
    rows = shell.json("--state all")["rows"]
    mail = next(one for one in rows if one["kind"] == "message")
    row = shell.json(mail["key"])["row"]
    assert (row["address"], row["subject"]) == ("m1@mail.example", "Hello Tina1")
    text = shell.text(mail["key"])
    assert "m1@mail.example" in text
    assert "We meet on some day." in text
    task = next(one for one in rows if one["kind"] == "task")
    row = shell.json(task["key"])["row"]
    assert row["task"]["shown"] == {"first-name": "Tina2"} or row["task"]["answers"] == ["reached"]
    assert "answers         reached" in shell.text(task["key"])


def test_times_are_told_in_the_zone_of_the_project(shell: Shell) -> None:
    """By default of the project around the working folder; universal time where there is none."""
    key = shell.json("--state all")["rows"][0]["key"]
    assert "2026-03-10 09:00" in shell.text(f"{shell.club.folder} {key}")


def test_an_operators_word_is_written_down_and_done(shell: Shell) -> None:
    """What is unknown is sent again or left; the store is only read, and the runtime does it when it reads the log."""
    key = next(one["key"] for one in shell.json("--state unknown")["rows"])
    folder = shell.club.folder
    before = repr(shell.club.all())
    told = shell.json(f"--send-again {key} --log {folder} --by ana --why 'she got none'")
    assert repr(shell.club.all()) == before
    (event,) = told["appended"]
    assert event["type"] == "verbline.decided"
    assert event["data"] == {
        "about": "message", "key": key, "what": "send again", "person": "P1", "by": "staff:ana", "why": "she got none",
    }  # fmt: skip
    assert json.loads(Path(told["to"]).read_text("utf-8").splitlines()[-1]) == event
    heard = Event(id=event["id"], type=event["type"], source="verbline", data=event["data"])
    assert shell.club.rows.heed(heard, AT + HOUR)
    assert not shell.club.rows.heed(heard, AT + HOUR)
    assert [one.key for one in shell.club.send()][-1] == key
    assert "is sent: only what is unknown waits" in (shell.text(f"--leave {key} --log {folder}", 1) or shell.error)  # fmt: skip


def test_what_is_left_is_not_sent_again(shell: Shell) -> None:
    """Left is left: it keeps its place under a cap, since it may have arrived."""
    key = next(one["key"] for one in shell.json("--state unknown")["rows"])
    text = shell.text(f"--leave {key} --log {shell.club.folder}")
    assert f"{key}: leave" in text
    heard = Event(id="x", type="verbline.decided", source="verbline", data={"key": key, "what": "leave"})  # fmt: skip
    assert shell.club.rows.heed(heard, AT + HOUR)
    assert shell.json("--state failed")["rows"][0]["key"] == key
    assert shell.club.send()[:-1] == []


WRONG = {
    "no such key": ("nothing", 1, 'There is no message with the key "nothing".'),
    "a decision about nothing": ("--leave nothing --log {folder}", 1, "There is no message"),
    "a decision without a log": ("--leave x", 2, "Name the log with --log"),
    "one key twice": ("--leave x --send-again x --log {folder}", 2, "Name each KEY once"),
    "a key beside a decision": ("y --leave x --log {folder}", 2, "Name each KEY once"),
    "too many names": ("a b c", 2, "Name one KEY at the most"),
    "a project that is none": ("{folder}/none x", 2, "is no project"),
    "another state": ("--state gone", 2, "is not one of"),
}


@pytest.mark.parametrize("name", WRONG)
def test_what_is_wrong_is_told(shell: Shell, name: str) -> None:
    """A sentence on standard error, and nothing is appended."""
    line, code, sentence = WRONG[name]
    key = shell.json("--state sent")["rows"][0]["key"]
    line = line.format(folder=shell.club.folder)
    if name == "a project that is none":
        line = line.replace(" x", f" {key}")
    assert shell.text(line, code) == ""
    assert sentence in shell.error
    assert not shell.club.own.exists()


def test_the_store_of_another_project_is_refused(shell: Shell) -> None:
    """Where a project is named, the store has to be its own."""
    with shell.club.writer.writing() as connection:
        connection.execute("create table known (name text primary key, value)")
        connection.execute("insert into known values ('project', 'bakery')")
    shell.text(f"{shell.club.folder}", 2)
    assert 'belongs to the project "bakery", not to "club"' in shell.error


def test_what_is_sent_again_by_itself_needs_no_word(shell: Shell) -> None:
    """An unknown message of a channel that takes each key once is on its way already."""
    row = shell.club.all()[0]
    with shell.club.writer.writing() as connection:
        connection.execute("update outbox set due = 1 where key = ?", (row.intent.key,))
    shell.text(f"--leave {row.intent.key} --log {shell.club.folder}", 1)
    assert "is sent again by itself" in shell.error


def test_a_file_that_is_no_store_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """No file, another file, a rehearsal's store: each with what to do."""
    for name, content, sentence in (
        ("none.db", None, "there is no such file"),
        ("text.db", b"no database at all, but long enough to be looked at" * 10, "cannot be read"),
        ("empty.db", b"", "it has no outbox"),
    ):
        path = tmp_path / name
        if content is not None:
            path.write_bytes(content)
        assert cli.run(["outbox", "--store", str(path)]) == 2
        assert sentence in capsys.readouterr().err
    with opened(tmp_path / "club", STEPS) as club, club.writer.writing() as connection:
        connection.execute("create table known (name text primary key, value)")
        connection.execute("insert into known values ('kind', ?)", (looking.REHEARSAL,))
    assert cli.run(["outbox", "--store", str(tmp_path / "club" / "store.db")]) == 2
    assert "the store of a rehearsal, which sends nothing" in capsys.readouterr().err
