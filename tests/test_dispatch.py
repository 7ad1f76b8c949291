"""All channels of a project at work together."""

import json
from pathlib import Path

import msgspec
import pytest

from tests.receivers import AT, HANG, intent, plays, says, web_server
from tests.rows import Rows
from verbline.runtime.channels.dispatch import Dispatch, Project
from verbline.runtime.channels.intent import URGENT, Intent, Task, Words, plain_key
from verbline.runtime.settings.read import runtime_of
from verbline.runtime.settings.secret import SecretError

KEPT = "a key that the runtime made"


def dispatch(text: str, folder: Path, rows: Rows, desks: tuple[str, ...] = ()) -> Dispatch:
    """Return the dispatch of a project with these settings."""
    settings, problems = runtime_of("verbline.toml", text.encode())
    assert problems == ()
    return Dispatch(Project(("email", "sms"), desks, folder, {}, KEPT), settings, rows)


def test_a_project_without_settings_writes_everything_into_its_folder(tmp_path: Path) -> None:
    """Every channel and desk has a courier, and nothing leaves the machine."""
    task = intent(key="t", channel="desk:Sales", task=Task(desk="Sales", because="x"))
    rows = Rows(intent(), intent(key="s", channel="sms"), task)
    found = dispatch("", tmp_path, rows, ("Sales",))
    assert found.links is None
    found.start()
    assert rows.wait(3)
    assert found.states == dict.fromkeys(("email", "sms", "desk:Sales"), "open")
    assert found.stop(5)
    assert found.states == dict.fromkeys(("email", "sms", "desk:Sales"), "stopped")
    lines = {
        path.name: [json.loads(line)["key"] for line in path.read_text().splitlines()]
        for path in (tmp_path / "outbox").iterdir()
    }
    assert lines == {"email.jsonl": ["0a1b2c"], "sms.jsonl": ["s"], "desks.jsonl": ["t"]}


def test_each_desk_and_channel_has_its_own_way(tmp_path: Path) -> None:
    """A desk whose server hangs holds up neither another desk nor a channel; what is under way is waited for."""
    with web_server(plays(HANG)) as hanging, web_server(says("200 OK")) as quick:
        text = (
            f'[desks.Slow]\nwebhook = "{hanging.url}"\nallow = ["127.0.0.1"]\n[desks.Quick]\nwebhook = "{quick.url}"\n'
            'allow = ["127.0.0.1"]\n[links]\nbase = "https://club.example/v"\n'
        )
        tasks = [
            intent(
                key=f"{name}{number}",
                person=f"P{number}",
                channel=f"desk:{name}",
                task=Task(desk=name),
            )
            for name in ("Slow", "Quick")
            for number in range(5)
        ]
        rows = Rows(*tasks, intent())
        found = dispatch(text, tmp_path, rows, ("Slow", "Quick"))
        found.start()
        assert rows.wait(6, 3)
        assert {key for key, _answer, _again in rows.answers} == {
            "0a1b2c",
            *(f"Quick{number}" for number in range(5)),
        }
        link = json.loads(quick.asked[0].body)["links"]["done"]
        assert found.links
        assert found.links.read(link.rpartition("/")[2], AT).key.startswith("Quick")
        assert not found.stop(0.2)
        hanging.over.set()
        assert found.stop(10)


def test_a_project_with_a_channel_that_cannot_be_made_does_not_begin(tmp_path: Path) -> None:
    """A missing secret is told before anything starts."""
    text = '[channels.email]\nadapter = "webhook"\nurl = "https://a.example/"\nsecret = { env = "NOT_THERE" }\n'
    with pytest.raises(SecretError, match="NOT_THERE"):
        dispatch(text, tmp_path, Rows())


def test_an_intent_is_the_same_after_it_was_stored() -> None:
    """As a row of a store an intent comes back whole."""
    one = intent(
        lane=URGENT, links={"leave": "https://a.example/"}, expires=AT, attempts=2, words=Words(subject="s", text="č\u2028", html="<p>"),
        task=Task(desk="A", shown=(("a", "b"),), answers=("yes",), due=AT, due_text="x"),
    )  # fmt: skip
    assert msgspec.json.decode(msgspec.json.encode(one), type=Intent) == one
    assert msgspec.json.decode(msgspec.json.encode(intent()), type=Intent) == intent()
    assert plain_key("a.b") != plain_key("a_b") == "a_b"
