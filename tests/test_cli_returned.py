"""`verbline returned` as a command: what came back about a message of ours is written down once, and nothing else is."""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.leavers import HELLO_STEP, Club, opened
from tests.test_delivery import returned
from verbline import cli
from verbline.runtime.clock import now


@pytest.fixture
def club(tmp_path: Path) -> Iterator[Club]:
    """Return a club of which three mails were handed over."""
    with opened(tmp_path / "club", HELLO_STEP) as found:
        for number in (1, 2, 3):
            found.member(f"m{number}@mail.example")
            found.happens(f"P{number}", "member joins", now())
        found.commit()
        found.send()
        yield found


class Shell:
    """The command about one store."""

    def __init__(self, club: Club, capsys: pytest.CaptureFixture[str]) -> None:
        self.club, self.capsys = club, capsys
        self.keys = [row.intent.key for row in club.all()]
        self.error = ""

    def run(self, *files: str, code: int = 0) -> dict[str, Any]:
        """Return what the command writes as JSON."""
        folder = self.club.folder
        where = ["--log", str(folder), "--store", str(folder / "store.db"), "--format", "json"]
        assert cli.run(["returned", *files, *where]) == code
        shown = self.capsys.readouterr()
        self.error = shown.err
        assert "mail.example" not in shown.out + shown.err
        return json.loads(shown.out) if shown.out else {}

    def body(self, *reports: dict[str, Any]) -> str:
        """Return a file with the body of a call-back."""
        path = self.club.folder / "body.json"
        path.write_text(json.dumps(list(reports)), "utf-8")
        return str(path)

    def types(self) -> list[str]:
        """Return the types of what stands in the runtime's own log."""
        lines = self.club.own.read_text("utf-8").splitlines() if self.club.own.exists() else []
        return [str(json.loads(line)["type"]).rpartition(".")[2] for line in lines]


@pytest.fixture
def shell(club: Club, capsys: pytest.CaptureFixture[str]) -> Shell:
    """Return the command."""
    return Shell(club, capsys)


def test_a_call_back_is_written_down_once(shell: Shell) -> None:
    """However often it comes; by the key, or by the name of the mail; what is about others is counted."""
    one, two, _three = shell.keys
    file = shell.body(
        {"event": "bounced", "key": one, "bounce-kind": "hard"},
        {"event": "spam", "key": f"<{two}@club.example>"},
        {"event": "delivered", "key": "0123"},
    )
    told = shell.run(file)
    assert told == {
        "format": 1, "reports": 3, "appended": 2, "said_before": 0, "not_ours": 1, "left_out": 0,
    }  # fmt: skip
    assert shell.run(file)["said_before"] == 2
    folder = str(shell.club.folder)
    assert cli.run(["returned", file, "--log", folder, "--store", f"{folder}/store.db"]) == 0
    told_text = shell.capsys.readouterr().out
    assert told_text == "3 reports: 2 said before, 1 about messages that are not ours\n"
    assert shell.types() == ["bounced", "complained"]
    (event, _) = (json.loads(line) for line in shell.club.own.read_text("utf-8").splitlines())
    assert event["data"]["person"] == "P1"
    assert event["consent"][0]["act"] == "suppress"


def test_a_mail_that_came_back_is_a_report(shell: Shell) -> None:
    """By the name of the mail in it; read from standard input, as a mail server pipes it."""
    mail = returned("failed", "5.1.1").replace(b"0a1b2c", shell.keys[0].encode())
    path = shell.club.folder / "bounce.eml"
    path.write_bytes(mail)
    assert shell.run(str(path))["appended"] == 1
    assert shell.types() == ["bounced"]


def test_standard_input_is_read_where_no_file_is_named(
    shell: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As a web server gives the body on."""
    body = json.dumps({"event": "delivered", "key": shell.keys[2]}).encode()
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(body)))
    assert shell.run()["appended"] == 1
    assert shell.types() == ["delivered"]


@pytest.mark.parametrize("content", [b"", b"hello", b"{", b'[{"event": "bounced"}]', b"[" * 10_000])
def test_what_cannot_be_read_is_told(shell: Shell, content: bytes) -> None:
    """A sentence without anything of what was sent, and 1; nothing is appended."""
    path = shell.club.folder / "body"
    path.write_bytes(content)
    assert shell.run(str(path), code=1)["left_out"] == 1
    assert str(path) in shell.error
    assert shell.types() == []


def test_a_file_that_is_not_there_is_wrong_usage(shell: Shell) -> None:
    """And so is one that is far too large."""
    assert shell.run("nowhere", code=2) == {}
    assert '"nowhere" cannot be read' in shell.error
    path = shell.club.folder / "large"
    path.write_bytes(b" " * ((8 << 20) + 1))
    assert shell.run(str(path), code=2) == {}
    assert "is larger than 8 MiB" in shell.error
