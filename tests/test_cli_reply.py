"""`verbline reply` as a command: a link of a message is written down once, and what proves nothing says nothing."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.leavers import COURSE, JOINING, LINKS_KEY, QUESTION, Club, opened
from tests.receivers import intent
from verbline import cli
from verbline.interpreter.guard.said import Occasion, consents_of_event
from verbline.runtime.channels.desk import Desk
from verbline.runtime.channels.intent import Task
from verbline.runtime.channels.lines import Lines
from verbline.runtime.channels.links import ANSWER, CONFIRM, LEAVE, Claim, Links
from verbline.runtime.clock import now
from verbline.runtime.leaving.replies import reply_of

TASK = '  escalate to desk "Front desk" within 40 working hours because "Call"\n    if the answer is "reached"\n      go on\n'  # fmt: skip


@pytest.fixture
def club(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Club]:
    """Return a club that has asked somebody, now."""
    monkeypatch.setenv("LINKS_KEY", LINKS_KEY)
    with opened(tmp_path / "club", QUESTION) as found:
        found.member(first_name="Tina")
        found.happens("P1", "member joins", now(), **COURSE)
        found.commit()
        yield found


class Shell:
    """The command about one store."""

    def __init__(self, club: Club, capsys: pytest.CaptureFixture[str]) -> None:
        self.club, self.capsys = club, capsys
        self.error = ""

    def run(self, link: str, *more: str, code: int = 0) -> str:
        """Return what the command writes."""
        folder = str(self.club.folder)
        where = ["--project", folder, "--log", folder, "--store", f"{folder}/store.db"]
        assert cli.run(["reply", link, *where, *more]) == code
        shown = self.capsys.readouterr()
        self.error = shown.err
        assert "mail.example" not in shown.out + shown.err
        assert "P1" not in shown.out + shown.err
        return shown.out

    def json(self, link: str, *more: str) -> dict[str, Any]:
        """Return what the command writes as JSON."""
        found: dict[str, Any] = json.loads(self.run(link, *more, "--format", "json"))
        assert found.pop("format") == 1
        return found

    def events(self) -> list[dict[str, Any]]:
        """Return what stands in the runtime's own log."""
        own = self.club.own
        return (
            [json.loads(line) for line in own.read_text("utf-8").splitlines()]
            if own.exists()
            else []
        )


@pytest.fixture
def shell(club: Club, capsys: pytest.CaptureFixture[str]) -> Shell:
    """Return the command."""
    return Shell(club, capsys)


def test_looking_at_a_link_changes_nothing(shell: Shell) -> None:
    """As often as a scanner looks: nothing stands in the log (runtime case R05, but for the web)."""
    links = shell.club.all()[0].intent.links
    for _ in range(3):
        for link in links.values():
            assert not shell.json(link, "--look")["appended"]
    assert shell.events() == []
    told = 'Would be written down: "yes" to question "Will you come on 14 March 2026?".\n'
    assert shell.run(links["yes"], "--look") == told


def test_an_answer_is_written_down_once(shell: Shell) -> None:
    """The link says which answer to which question; the second time it was said before."""
    links = shell.club.all()[0].intent.links
    told = shell.json(links["yes"])
    assert (told["kind"], told["answer"], told["appended"]) == ("answer", "yes", True)
    assert shell.json(links["yes"].rpartition("/")[2])["said_before"]
    (event,) = shell.events()
    assert event["type"] == "verbline.question.answered"
    assert event["data"] == {"key": shell.club.all()[0].intent.key, "answer": "yes", "person": "P1"}


def test_the_way_out_is_a_withdrawal_at_the_address(shell: Shell) -> None:
    """As the guard reads it: the person takes back the purpose, there and by that channel; twice is once (runtime case R06)."""
    link = shell.club.all()[0].intent.links["leave"]
    told = shell.json(link)
    assert (told["kind"], told["purpose"], told["channel"]) == ("leave", "care", "email")
    again = shell.json(link)
    assert (told["said_before"], again["said_before"], again["appended"]) == (False, True, False)
    (event,) = shell.events()
    assert event["type"] == "verbline.message.unsubscribed"
    occasion = Occasion({}, "verbline", "P1", now(), now())
    (consent,), _refused = consents_of_event(event["type"], {"consent": event["consent"]}, occasion)
    assert (consent.act, consent.actor, consent.contact) == ("withdraw", "subject", "email:tina@mail.example")  # fmt: skip


def test_a_desk_answers_its_task(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:  # fmt: skip
    """With the link that stood in the task."""
    monkeypatch.setenv("LINKS_KEY", LINKS_KEY)
    with opened(tmp_path / "club", TASK) as club:
        club.member()
        club.happens("P1", "member joins", now())
        club.commit()
        task = club.all()[0].intent
        assert task.task is not None
        link = Desk(Lines(tmp_path / "x"), club.links).answers(task, task.task)["reached"]
        shell = Shell(club, capsys)
        assert shell.run(link) == 'Written down: "reached" to task "Call".\n'
        (event,) = shell.events()
        assert event["type"] == "verbline.desk.answered"
        assert event["data"]["desk"] == "Front desk"


def test_a_link_that_proves_nothing_is_refused(shell: Shell) -> None:
    """Forged, broken, over, of another store: a sentence, 1, and nothing in the log."""
    key = shell.club.all()[0].intent.key
    other, ours = Links("https://club.example/v", ["another key, as long"]), shell.club.links
    for link, sentence in (
        (other.link(LEAVE, key), "bears no proof of ours"),
        ("https://club.example/v/whatever", "is no link of a message"),
        (ours.link(ANSWER, key, "yes", now() - 1), "is over"),
        (ours.link(LEAVE, "0123"), "stood in no message of this store"),
        (ours.link(CONFIRM, key), "stood in no message of this store"),
    ):
        assert shell.run(link, code=1) == ""
        assert sentence in shell.error
    assert shell.events() == []


def test_without_a_key_nothing_is_read(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    """The key of the settings, or the one that the runtime made; where there is none that is said."""
    link = shell.club.all()[0].intent.links["yes"]
    monkeypatch.delenv("LINKS_KEY")
    shell.run(link, code=2)
    assert "LINKS_KEY" in shell.error
    toml = shell.club.folder / "verbline.toml"
    toml.write_text(toml.read_text("utf-8").replace('key = { env = "LINKS_KEY" }\n', ""), "utf-8")
    shell.run(link, code=2)
    assert "there is no key" in shell.error
    (shell.club.folder / "store.db.links").write_text(f"{LINKS_KEY}\n", "utf-8")
    assert shell.json(link)["appended"]


def test_a_confirmation_bears_what_joins_it_with_the_yes() -> None:
    """The event is one that the guard takes as the confirmation of that very yes."""
    asked = intent(kind="confirmation", purpose="letters", token=JOINING, cls="transactional")
    event = reply_of(Claim(CONFIRM, asked.key, ""), asked, 5)
    assert event is not None
    occasion = Occasion({}, "verbline", "P1", 5, 5)
    (consent,), refused = consents_of_event(event["type"], event["data"], occasion)
    assert refused == []
    assert (consent.act, consent.token, consent.contact, consent.person, consent.actor) == (
        "confirm", JOINING, "email:tina@mail.example", "P1", "subject",
    )  # fmt: skip


def test_a_link_of_another_kind_says_nothing() -> None:
    """No message is confirmed, no offer is answered, and nobody leaves a task."""
    plain, task = intent(), intent(kind="task", purpose="", task=Task(desk="D"))
    assert reply_of(Claim(CONFIRM, "k", ""), plain, 1) is None
    assert reply_of(Claim(ANSWER, "k", "yes"), plain, 1) is None
    assert reply_of(Claim(LEAVE, "k", ""), task, 1) is None
