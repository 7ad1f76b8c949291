"""Channels made of settings: each goes where the settings say, and where they say nothing into a file."""

import json
import os
import time
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.receivers import AT, Mails, intent, mail_server, says, web_server
from verbline.runtime.channels.answers import Accepted, Answer, Channel, Declares, Later, Refused
from verbline.runtime.channels.desk import Desk, sentences
from verbline.runtime.channels.intent import Intent, Task, Words
from verbline.runtime.channels.lines import Console, Lines
from verbline.runtime.channels.links import ANSWER, Links
from verbline.runtime.channels.mail import Mail
from verbline.runtime.channels.making import AdapterError, Given, channel_of, desk_of, links_of
from verbline.runtime.channels.webhook import Webhook
from verbline.runtime.settings.read import runtime_of
from verbline.runtime.settings.secret import SecretError
from verbline.runtime.settings.tables import Runtime

KEYS = ["a key of sixteen letters"]
TASK = Task(
    desk="Member welcome", because="a friend came", shown=(("first-name", "Tina"), ("plate", "")), answers=("called", "no number"),
    due=AT + 1000, due_text="9 March 2026, 09:00",
)  # fmt: skip


def settings(text: str) -> Runtime:
    """Return settings that are right."""
    found, problems = runtime_of("verbline.toml", text.encode())
    assert problems == ()
    return found


def made(text: str, folder: Path, environment: Mapping[str, str] | None = None) -> Channel:
    """Return the channel of mail that the settings make."""
    return channel_of("email", settings(text).channels["email"], folder, environment or {})


def send(channel: Channel, one: Intent | None = None) -> Answer:
    """Hand an intent over."""
    return channel.send(one or intent(), time.monotonic() + 5)


class Own:
    """An adapter of somebody's own."""

    def __init__(self, given: Given) -> None:
        self.given = given
        self.declares = Declares(repeatable="no")
        self.token = given.secret("token")

    def send(self, intent: Intent, deadline: float) -> Answer:
        """Take it."""
        return Accepted(f"{self.given.name} {self.given.options['room']} {self.token}")

    def close(self) -> None:
        """Nothing is open."""


def test_each_adapter_is_made(tmp_path: Path) -> None:
    """The four of ours, and one that is named by its place."""
    smtp = 'adapter = "smtp"\nhost = "m.example"\nfrom = "a@b.example"\npassword = { env = "P" }\nuser = "u"'
    mail = made(f"[channels.email]\n{smtp}\n", tmp_path, {"P": "x"})
    assert isinstance(mail, Mail)
    assert (mail.server.password, mail.server.name, mail.server.port) == ("x", "b.example", 587)
    hook = '[channels.email]\nadapter = "webhook"\nurl = "https://a.example/"\nrepeatable = "no"\n'
    found = made(hook, tmp_path)
    assert isinstance(found, Webhook)
    assert found.declares.repeatable == "no"
    assert isinstance(made('[channels.email]\nadapter = "console"\n', tmp_path), Console)
    place = f'[channels.email]\nadapter = "{__name__}:Own"\noptions = {{ room = 7, token = {{ env = "T" }} }}\n'
    assert send(made(place, tmp_path, {"T": "t"})) == Accepted("email 7 t")


def test_what_is_not_named_goes_into_the_folder_outbox(tmp_path: Path) -> None:
    """A channel with no adapter and a desk without settings send nothing: they write lines."""
    found = made("[channels.email]\n", tmp_path)
    assert send(found) == Accepted()
    desk = desk_of(None, None, None, tmp_path, {})
    assert send(desk, intent(kind="task", task=TASK)) == Accepted()
    assert sorted(path.name for path in (tmp_path / "outbox").iterdir()) == [
        "desks.jsonl",
        "email.jsonl",
    ]


def test_a_secret_or_an_adapter_that_is_missing_is_told_by_its_name(tmp_path: Path) -> None:
    """The channel is not made, and the sentence says what is missing."""
    hook = '[channels.email]\nadapter = "webhook"\nurl = "https://a.example/"\nsecret = { env = "S" }\n'
    with pytest.raises(SecretError, match="S"):
        made(hook, tmp_path)
    with pytest.raises(AdapterError, match="whsec_"):
        made(hook, tmp_path, {"S": "whsec_%%%"})
    for place in ("nowhere.at_all:Channel", f"{__name__}:Nobody"):
        with pytest.raises(AdapterError, match="email"):
            made(f'[channels.email]\nadapter = "{place}"\n', tmp_path)


def test_links_need_a_base_and_a_key(tmp_path: Path) -> None:
    """The key of the settings signs; without one that which the runtime made; a short one is refused."""
    base = '[links]\nbase = "https://a.example/v"\n'
    assert links_of(settings("").links, tmp_path, {}, KEYS[0]) is None
    assert links_of(settings(base).links, tmp_path, {}) is None
    kept = links_of(settings(base).links, tmp_path, {}, KEYS[0])
    named = settings(f'{base}key = {{ env = "K" }}\nold = [{{ env = "O" }}]\n').links
    own = links_of(named, tmp_path, {"K": "x" * 20, "O": KEYS[0]})
    assert kept
    assert own
    token = kept.token(ANSWER, "k", "yes")
    assert own.read(token, AT).answer == "yes"
    assert own.token(ANSWER, "k", "yes") != token
    with pytest.raises(AdapterError, match="16"):
        links_of(named, tmp_path, {"K": "short", "O": KEYS[0]})


def test_a_desk_gets_its_task_with_links_that_answer_it(tmp_path: Path) -> None:
    """By mail: why, what is known, until when, and one link for each answer; each ends a week after the deadline."""
    mails = Mails()
    links = Links("https://club.example/v", KEYS)
    with mail_server(mails) as port:
        text = f'[channels.email]\nadapter = "smtp"\nhost = "127.0.0.1"\nport = {port}\ntls = "off"\nfrom = "a@club.example"\n'
        desk = desk_of(
            settings('[desks.A]\nemail = "welcome@club.example"\n').desks["A"], made(text, tmp_path), links, tmp_path, {}
        )  # fmt: skip
        assert isinstance(
            send(desk, intent(kind="task", address="Member welcome", task=TASK)), Accepted
        )
        desk.close()
    (mail,) = mails.messages
    assert mail["To"] == "welcome@club.example"
    assert mail["Subject"] == "Task for Member welcome: a friend came"
    words = mail.get_content()
    assert "To be answered by 9 March 2026, 09:00." in words
    assert "first-name: Tina" in words
    assert "plate: -" in words
    tokens = [line.strip().rpartition("/")[2] for line in words.splitlines() if "https://" in line]
    claims = [links.read(token, AT) for token in tokens]
    assert [(one.kind, one.key, one.answer) for one in claims] == [
        (ANSWER, "0a1b2c", "called"),
        (ANSWER, "0a1b2c", "no number"),
    ]
    assert links.read(tokens[0], AT + 1000 + 7 * 86_400_000).answer == "called"


def test_a_task_taken_back_says_so_and_has_no_links() -> None:
    """Nobody answers what nobody asks any more; a task without answers can be reported done."""
    desk = Desk(Console(), Links("https://club.example/v", KEYS))
    back = desk.dressed(
        intent(task=Task(desk="Sales", because="x", is_withdrawn=True), language="sl")
    )
    assert back.words.subject == "Preklicano: Naloga za službo Sales: x"
    assert back.links == {}
    plain = desk.dressed(intent(task=Task(desk="Sales"), language="xx"))
    assert list(plain.links) == ["done"]
    note = intent(words=Words(text="hello"))
    assert desk.dressed(note).words == note.words
    assert {tuple(wordings) for wordings in sentences().values()} == {
        ("en", "sl", "pl", "nb", "cy")
    }


def test_a_desk_behind_a_webhook_or_a_file(tmp_path: Path) -> None:
    """The task comes as values, beside its words."""
    with web_server(says("200 OK")) as server:
        text = f'[desks.A]\nwebhook = "{server.url}"\nsecret = {{ env = "S" }}\nallow = ["127.0.0.1"]\n'
        desk = desk_of(settings(text).desks["A"], None, None, tmp_path, {"S": "one two"})
        assert send(desk, intent(kind="task", task=TASK)) == Accepted()
        told = json.loads(server.asked[0].body)
    assert told["type"] == "verbline.task"
    assert told["task"]["shown"] == [["first-name", "Tina"], ["plate", ""]]
    assert told["task"]["answers"] == ["called", "no number"]
    desk = desk_of(settings('[desks.A]\nfile = "t.jsonl"\n').desks["A"], None, None, tmp_path, {})
    assert send(desk, intent(kind="task", task=TASK)) == Accepted()
    assert json.loads((tmp_path / "t.jsonl").read_text())["task"]["desk"] == "Member welcome"


def test_a_line_is_whole_or_not_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Behind a torn line a new one begins; where the disk is full nothing stays of a line, and it is tried again later."""
    path = tmp_path / "out.jsonl"
    path.write_bytes(b'{"key": "torn')
    channel = Lines(path)
    assert send(channel) == Accepted()
    assert path.read_bytes().startswith(b'{"key": "torn\n{')
    before = path.read_bytes()
    write = os.write

    def full(descriptor: int, content: bytes) -> int:
        if len(content) > 50:
            return write(descriptor, content[:50])
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "write", full)
    answer = send(channel, intent(key="second"))
    monkeypatch.undo()
    assert isinstance(answer, Later)
    assert answer.all
    assert path.read_bytes() == before
    assert send(channel, intent(key="second")) == Accepted()
    assert [json.loads(line)["key"] for line in path.read_text().splitlines()[1:]] == [
        "0a1b2c",
        "second",
    ]


def test_a_file_that_cannot_be_written_is_for_later(tmp_path: Path) -> None:
    """A folder in its place, or a name that is none: the reason names the path and nothing of the message."""
    (tmp_path / "folder").mkdir()
    answer = send(Lines(tmp_path / "folder"))
    assert isinstance(answer, Later)
    assert "tina" not in answer.told
    assert send(Lines(tmp_path / "x"), intent(address="\ud800")) in (
        Refused("bad_words"),
        Accepted(),
    )
