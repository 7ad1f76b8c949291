"""What leaves, leaves from `verbline run`: handed over, answered, taken back, asked again and given back, all the way round."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tests.leavers import LINKS_KEY, QUESTION, SETTINGS, text_of
from verbline import cli
from verbline.interpreter.step.records import instant_text
from verbline.runtime.clock import now

MINUTES = 60_000


class Town:
    """A project with a log and a store, over which commands are run."""

    def __init__(self, folder: Path, steps: str, capsys: pytest.CaptureFixture[str]) -> None:
        self.folder, self.capsys = folder, capsys
        (folder / "verbline.toml").write_text(SETTINGS, "utf-8")
        (folder / "club.journey").write_text(text_of(steps, "", ""), "utf-8")
        (folder / "log").mkdir()

    def say(self, kind: str, number: int, **more: Any) -> None:
        """Append an event about a member."""
        who = {
            "member-number": f"M-{number}",
            "email": f"m{number}@mail.example",
            "course-date": "2026-03-14",
        }
        at = instant_text(now() - 5 * MINUTES + number)
        event = {
            "id": f"{kind}-{number}",
            "source": "shop",
            "type": kind,
            "time": at,
            "data": who,
            **more,
        }
        with (self.folder / "log" / "shop.jsonl").open("a", encoding="utf-8") as file:
            file.write(json.dumps(event) + "\n")

    def run(self, *words: str, code: int = 0) -> Any:
        """Run a command over the project and return what it writes as JSON."""
        where = ["--log", str(self.folder / "log"), "--store", str(self.folder / "club.db")]
        assert cli.run([*words, *where, "--format", "json"]) == code, self.capsys.readouterr().err
        text = self.capsys.readouterr().out
        return json.loads(text) if text else None

    def once(self) -> dict[str, int]:
        """Let the runtime do what is there and due, and return what is in the outbox then."""
        found: dict[str, int] = self.run("run", str(self.folder), "--once")["outbox"]
        return found

    def left(self) -> list[dict[str, Any]]:
        """Return what was handed over by mail."""
        file = self.folder / "outbox" / "email.jsonl"
        return (
            [json.loads(line) for line in file.read_text("utf-8").splitlines()]
            if file.exists()
            else []
        )

    def told(self) -> list[str]:
        """Return the types of what the runtime wrote down, but for its receipts."""
        lines = (self.folder / "log" / "verbline.runtime.jsonl").read_text("utf-8").splitlines()
        types = [str(json.loads(line)["type"]) for line in lines]
        return [one.removeprefix("verbline.") for one in types if one != "verbline.receipt"]


@pytest.fixture
def town(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Town:  # fmt: skip
    """Return a project that asks whoever joins."""
    monkeypatch.setenv("LINKS_KEY", LINKS_KEY)
    return Town(tmp_path, QUESTION, capsys)


def test_a_question_goes_out_and_its_answer_comes_in(town: Town) -> None:
    """Handed over once, however often the runtime runs; the link that stands in it moves the journey on."""
    town.say("joined", 1)
    assert town.once() == {"sent": 1}
    assert town.once() == {"sent": 1}
    (question,) = town.left()
    assert question["kind"] == "question"
    town.run("reply", question["links"]["yes"], "--project", str(town.folder))
    town.once()
    assert town.told() == ["message.handed", "question.answered"]
    told = town.run("explain", str(town.folder), "P1")
    assert "comes" in json.dumps(told)


def test_whoever_left_before_it_went_out_gets_nothing(town: Town) -> None:
    """What stands in the log is taken before anything is handed over."""
    town.say("joined", 1)
    town.say("left", 1)
    assert town.once() == {"withdrawn": 1}
    assert town.left() == []
    assert town.told() == ["message.withdrawn"]


def test_what_nobody_knows_about_waits_for_a_word(town: Town) -> None:
    """As after a crash on a channel that may not be repeated; the word is in the log, and the runtime does it."""
    town.say("joined", 1)
    town.once()
    key = town.left()[0]["key"]
    with closing(sqlite3.connect(town.folder / "club.db")) as connection:
        connection.execute("update outbox set state = 'unknown', due = null, answer = null")
        connection.commit()
    assert town.once() == {"unknown": 1}
    town.run("outbox", "--send-again", key)
    assert town.once() == {"sent": 1}
    assert [one["key"] for one in town.left()] == [key, key]


def test_a_no_that_came_in_between_is_heard_right_before_hand_over(town: Town) -> None:
    """What is decided as of a time before the no is refused by the last word, which stands in row and log."""
    town.say("joined", 1)
    town.once()
    town.run("reply", town.left()[0]["links"]["leave"], "--project", str(town.folder))
    town.say("left", 1)
    town.say("joined", 1, id="again")
    assert town.once() == {"refused": 1, "sent": 1}
    assert len(town.left()) == 1
    assert "message.refused" in town.told()
    (row,) = town.run("outbox", "--state", "refused")["rows"]
    assert row["reason"] == "opted_out"
