"""`verbline desk answer` as a command: an answer is written down, and what it cannot mean is refused."""

from __future__ import annotations

import json
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.leavers import AT, HOUR, Club, by_kind, opened
from verbline import cli
from verbline.runtime.identity.proposed import key_of

STEPS = """
  escalate to desk "Front desk" within 4 working hours because "Call"
    if the answer is "reached"
      go on
    show first-name
  escalate to desk "Front desk" within 4 working hours because "Look"
  confirm "Will you come?" by email within 2 days for "care"
    if yes
      finish as "comes"
    if no
      finish as "stays away"
    if there is no answer
      finish as "silent"
"""


@pytest.fixture
def club(tmp_path: Path) -> Iterator[Club]:
    """Return a club with a member, about whom a desk is asked."""
    with opened(tmp_path / "club", STEPS) as found:
        found.member(first_name="Tina")
        found.happens("P1", "member joins")
        found.commit()
        yield found


class Shell:
    """The command about one log."""

    def __init__(self, club: Club, capsys: pytest.CaptureFixture[str]) -> None:
        self.club = club
        self.capsys = capsys
        self.error = ""

    def run(self, line: str, code: int = 0, *, stored: bool = True) -> str:
        """Return what the command writes."""
        folder = self.club.folder
        store = ["--store", str(folder / "store.db")] if stored else []
        asked = ["desk", "answer", *shlex.split(line), "--log", str(folder), *store]
        assert cli.run(asked) == code, line
        shown = self.capsys.readouterr()
        self.error = shown.err
        return shown.out

    def event(self, line: str, *, stored: bool = True) -> dict[str, Any]:
        """Return the event that the command appends."""
        told = json.loads(self.run(f"{line} --format json", stored=stored))
        event: dict[str, Any] = told["appended"]
        assert json.loads(Path(told["to"]).read_text("utf-8").splitlines()[-1]) == event
        return event


@pytest.fixture
def shell(club: Club, capsys: pytest.CaptureFixture[str]) -> Shell:
    """Return the command."""
    return Shell(club, capsys)


def test_an_answer_is_appended(shell: Shell) -> None:
    """With the key, the desk and the person, by whom; the runtime reads it like any other event."""
    (row,) = shell.club.all()
    event = shell.event(f"{row.intent.key} Reached --by ana")
    assert event["type"] == "verbline.desk.answered"
    assert event["data"] == {
        "key": row.intent.key, "answer": "Reached", "by": "staff:ana", "desk": "Front desk", "person": "P1",
    }  # fmt: skip
    assert shell.run(f"{shell.club.folder} {row.intent.key} reached").startswith(row.intent.key)


def test_an_answer_behind_the_deadline_is_told_to_be_late(
    shell: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is written down all the same; up to the deadline nothing is said."""
    (row,) = shell.club.all()
    assert row.intent.task is not None
    due = row.intent.task.due
    assert due is not None
    for at, is_late in ((due, False), (due + 1, True)):
        monkeypatch.setattr("verbline.runtime.clock.now", lambda at=at: at)
        told = json.loads(shell.run(f"{row.intent.key} reached --format json"))
        assert told["is_late"] is is_late
        text = shell.run(f"{row.intent.key} reached")
        assert ("changes nothing" in text) is is_late


def test_without_a_store_an_answer_is_taken_as_it_is(shell: Shell) -> None:
    """Nobody can say whether there is such a task; the runtime does."""
    event = shell.event("0123 whatever", stored=False)
    assert (event["data"]["key"], event["data"]["answer"]) == ("0123", "whatever")


def test_an_answer_that_nobody_asks_for_is_refused(shell: Shell) -> None:
    """With the nearest one; whoever means it says so. Where any answer will do, any is taken."""
    (row,) = shell.club.all()
    assert shell.run(f"{row.intent.key} reachd", 1) == ""
    assert 'asks for "reached", not for "reachd". Did you mean "reached"?' in shell.error
    assert shell.event(f"{row.intent.key} reachd --as-written")["data"]["answer"] == "reachd"
    assert shell.club.world.answer_task("P1", "Front desk", "reached", AT + HOUR)
    shell.club.commit()
    second = shell.club.all()[1].intent
    assert second.task is not None
    assert second.task.answers == ()
    assert shell.event(f"{second.key} 'looked at it'")["data"]["answer"] == "looked at it"


def test_a_question_to_somebody_is_answered_for_them(shell: Shell) -> None:
    """A reply by telephone is written down as theirs: yes or no."""
    for number in (1, 2):
        assert shell.club.world.answer_task("P1", "Front desk", "reached", AT + number * HOUR)
    shell.club.commit()
    question = by_kind([row.intent for row in shell.club.all()])["question"]
    event = shell.event(f"{question.key} yes")
    assert event["type"] == "verbline.question.answered"
    assert event["data"]["person"] == "P1"
    shell.run(f"{question.key} perhaps", 1)
    assert 'asks for "yes", "no"' in shell.error


def test_whether_two_are_one_is_answered_by_its_key(shell: Shell) -> None:
    """The key names both, so no store is asked; anything but the two answers is refused."""
    key = key_of((9, 3))
    assert key == "same-P3-P9"
    for stored in (True, False):
        assert shell.event(f"{key} same", stored=stored)["data"]["key"] == key
        assert shell.event(f"{key} 'not  same'", stored=stored)["data"]["answer"] == "not same"
        shell.run(f"{key} perhaps", 1, stored=stored)
        assert 'answer "same" or "not same"' in shell.error


def test_what_is_not_asked_any_more_is_refused(shell: Shell) -> None:
    """No task, a message that is none, a task that was taken back."""
    shell.run("nothing reached", 1)
    assert 'There is no task with the key "nothing".' in shell.error
    (row,) = shell.club.all()
    shell.club.happens("P1", "member leaves", AT + HOUR)
    shell.club.commit()
    shell.run(f"{row.intent.key} reached", 1)
    assert "was taken back: nobody waits for its answer" in shell.error
    assert not shell.club.own.exists()


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("one", "Name the KEY of the task and the ANSWER"),
        ("a b c d", "Name the KEY of the task and the ANSWER"),
        ("nowhere key reached", "is no project"),
        ("key ' '", "Neither KEY nor ANSWER may be empty"),
    ],
)
def test_wrong_usage_is_told(shell: Shell, line: str, sentence: str) -> None:
    """A sentence, and 2."""
    shell.run(line, 2)
    assert sentence in shell.error
