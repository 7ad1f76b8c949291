"""A value that an event brought is a value wherever it goes: never a header, a link, a tag, a template, or a field of its own."""

from __future__ import annotations

import json
from email import message_from_bytes
from email.policy import SMTP
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from tests.leavers import AT, COURSE, Club, opened
from verbline.runtime.channels import courier
from verbline.runtime.channels.courier import in_full
from verbline.runtime.channels.desk import words_of
from verbline.runtime.channels.intent import Intent
from verbline.runtime.channels.letters import letter_of
from verbline.runtime.channels.lines import line_of
from verbline.runtime.channels.webhook import body_of
from verbline.runtime.templates import rich

MESSAGE = """
message "Dear"
  subject "Dear {first-name or you}"
  says "Dear {first-name or you}, look at https://club.example/today."
"""
STEPS = """
  notify the member by email with "Dear" for "care"
  notify desk "Front desk" with "Note"
    show first-name
  signal "member is welcome" with called first-name
  escalate to desk "Front desk" because "Call"
    show first-name
"""
EVIL = [
    "x\r\nBcc: evil@mail.example",
    "x\n\n<script>alert(1)</script>",
    '"><a href="https://evil.example/">click</a>',
    "https://evil.example/leave",
    "{leave-link}",
    "{first-name}",
    "{{ 7 | times: 7 }}{% for x in f %}{{ x }}{% endfor %}",
    "=?utf-8?q?=0D=0ABcc:_evil@mail.example?=",
    "\u2028Bcc: evil@mail.example",
    "\u202egnp.exe",
    "\ud800half",
    "a" * 2_000,
    "\x00\x1b[31m",
    "]]> <!-- -->",
]
HEADERS = {
    "From", "To", "Subject", "Date", "Message-ID", "Auto-Submitted", "List-Unsubscribe", "List-Unsubscribe-Post",
    "Content-Language", "MIME-Version", "Content-Type",
}  # fmt: skip
NAMES = st.one_of(st.sampled_from(EVIL), st.text(), st.text(alphabet="<>&\"'{}%\r\n:=?/abč"))


class Tags(HTMLParser):
    """Collects the tags of a page and where its links lead."""

    def __init__(self) -> None:
        super().__init__()
        self.found: set[str] = set()
        self.links: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note a tag."""
        self.found.add(tag)
        self.links += [value or "" for name, value in attrs if name in ("href", "src")]
        assert {name for name, _ in attrs} <= {"lang", "charset", "href"}


def links_of(intent: Intent) -> list[str]:
    """Return the links in the HTML part of a mail, which has no other tags than its paragraphs."""
    tags = Tags()
    tags.feed(in_full(intent).words.html)
    assert tags.found == {"html", "head", "meta", "body", "p", "a"}
    return tags.links


def told(folder: Path, names: list[str]) -> Club:
    """Let people of these names join, and close the club."""
    with opened(folder, STEPS, more=MESSAGE) as club:
        club.writer.connection.execute("pragma synchronous = off")
        for number, name in enumerate(names, 1):
            club.member(f"m{number}@mail.example", first_name=name)
            club.happens(f"P{number}", "member joins", AT + number, **COURSE)
        club.commit()
        club.rows.append()
        club.left = [row.intent for row in club.all()]
    return club


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(NAMES, min_size=1, max_size=8))
@example(EVIL)
def test_no_value_becomes_anything_else(tmp_path: Path, names: list[str]) -> None:
    """Whoever is called whatever: the mail has its headers and tags, the task its lines, the log its events, and no more."""
    folder = tmp_path / "club"
    for path in (folder / "store.db", folder / "verbline.runtime.jsonl"):
        path.unlink(missing_ok=True)
    club = told(folder, names)
    assert len(club.left) == 3 * len(names)
    for intent in club.left:
        assert "\n" not in intent.words.subject
        json.loads(json.dumps(line_of(intent), ensure_ascii=True))
        if intent.task is not None:
            words = words_of(intent.task, {}, "en")
            (shown,) = [value for name, value in intent.task.shown if name == "first-name"]
            assert words.text.count("\n") == 5
            assert "\n" not in shown
        if intent.kind != "message":
            continue
        body_of(intent)
        whole = in_full(intent)
        if len(whole.words.subject) > 900:
            continue  # refused by the channel: too long for a header
        letter = message_from_bytes(
            letter_of(whole, "The club <club@club.example>").content, policy=SMTP
        )
        assert set(letter.keys()) == HEADERS
        assert str(letter["To"]) == intent.address
        assert links_of(intent) == ["https://club.example/today"]
    text = (folder / "verbline.runtime.jsonl").read_bytes()
    events = [json.loads(line) for line in text.split(b"\n")[:-1]]
    assert [one["type"] for one in events] == ["verbline.signal"] * len(names)
    assert {*events[0]["data"]} == {"person", "moment", "cause", "fields"}


def test_without_its_rule_a_value_would_be_a_link(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:  # fmt: skip
    """The planted fault: whatever looks like a link can be clicked."""
    club = told(tmp_path / "club", ["https://evil.example/leave"])
    (message,) = (one for one in club.left if one.kind == "message")
    assert links_of(message) == ["https://club.example/today"]
    plain = rich.html_of
    monkeypatch.setattr(courier, "html_of", lambda text, _: plain(text, rich.links_in(text)))
    assert "https://evil.example/leave" in links_of(message)
