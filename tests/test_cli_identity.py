"""`verbline identity plan` as a command: whom a change of the rules joins and takes apart, why, and what it touches."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.limits import LONGEST
from verbline import cli
from verbline.cli import identity_plan
from verbline.runtime.log import Log

SETTINGS = '[project]\nname = "club"\nlanguage = "en"\nzone = "Europe/Ljubljana"\ncountry = "SI"\n'
PROJECT = """language: en

person member
  known by member-number, web-account
  also known by email
  has last-name as text
{rules}

purpose "offers"
  is marketing
  rests on consent
  covers email
  kept in "shop"

moment "member asks"
  comes from "shop" as "asked"

moment "member is served"
  comes from "shop" as "served"

journey "Follow a question up"
  owned by "Maja Kos", "Service"
  because "Whoever asks is answered"
  starts when "member asks"
  runs again after 30 days
  gives up after 20 days

  wait for "member is served" up to 10 days
  finish as "answered"
"""
EMAIL = "  merge when email is the same"
NAME = "  merge when email is the same and last-name is the same"
NEVER = f"{EMAIL}\n  never merge when last-name is different"
GRANT = [{"purpose": "offers", "channel": "email", "contact": "ana@mail.example", "act": "grant", "record": "r"}]  # fmt: skip
NO = [{"purpose": "*", "channel": "*", "act": "object", "actor": "subject"}]
EVENTS: list[tuple[str, dict[str, str], Any]] = [
    ("asked", {"member-number": "M-1", "email": "ana@mail.example", "last-name": "Kos"}, GRANT),
    ("asked", {"web-account": "W-1", "email": "ana@mail.example", "last-name": "Turk"}, NO),
    ("seen", {"member-number": "M-2", "email": "eva@mail.example", "last-name": "Rok"}, None),
    ("seen", {"web-account": "W-2", "email": "eva@mail.example", "last-name": "Rok"}, None),
    ("seen", {"email": "ana@mail.example"}, None),
]


def project(folder: Path, rules: str) -> Path:
    """Return the folder of a project whose people merge by ``rules``."""
    folder.mkdir(exist_ok=True)
    (folder / "verbline.toml").write_text(SETTINGS, "utf-8")
    (folder / "a.journey").write_text(PROJECT.replace("{rules}", rules), "utf-8")
    return folder


@pytest.fixture
def log(tmp_path: Path) -> Path:
    """Return a log of four people who share two addresses."""
    rows = []
    for at, (kind, who, consent) in enumerate(EVENTS):
        row: dict[str, Any] = {"id": f"e{at}", "source": "shop", "type": kind, "data": who}
        row["time"] = f"2026-03-0{at + 1}T10:00:00Z"
        rows.append(json.dumps(row | ({"consent": consent} if consent else {})))
    path = tmp_path / "log.jsonl"
    path.write_text("\n".join(rows) + "\n", "utf-8")
    return path


def plan(
    new: Path, old: Path | str, log: Path, capsys: pytest.CaptureFixture[str], code: int = 2
) -> dict[str, Any]:
    """Return what the plan says as JSON."""
    words = ["identity", "plan", str(new), "--against", str(old), "--log", str(log)]
    assert cli.run([*words, "--format", "json"]) == code, capsys.readouterr().err
    shown = capsys.readouterr()
    assert "mail.example" not in shown.err
    found: dict[str, Any] = json.loads(shown.out)
    return found


def test_a_wider_rule_joins(tmp_path: Path, log: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Who is joined is told with the rule, what they share, the journeys they are in, and the answers that change."""
    old, new = project(tmp_path / "old", NAME), project(tmp_path / "new", EMAIL)
    found = plan(new, old, log, capsys)
    assert found["rules"] == {"same": False, "fields": {}}
    assert found["people"] == {"before": 3, "after": 2}
    assert found["events"] == {"found": 1, "lost": 0}
    (group,) = found["groups"]
    assert (group["kind"], group["before"], group["after"]) == ("merge", ["P1", "P2"], ["P1"])
    assert group["joined"] == [
        {
            "people": ["P1", "P2"], "joined_by": ["rule"], "share": [["email", "ana@mail.example"]], "same": [],
            "against": None,
        }
    ]  # fmt: skip
    assert found["journeys"] == [{"journey": "Follow a question up", "before": 2, "after": 1}]
    (answer,) = group["answers"]
    assert answer["before"] == {"P1": ["allow", "consent"], "P2": ["deny", "objected"]}
    assert answer["after"] == {"P1": ["deny", "objected"]}


def test_each_side_reads_the_log_once(
    tmp_path: Path, log: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The graph and the journeys of a side hear the log together."""
    opened, read = identity_plan.opened, []

    def counted(path: Path) -> Log:
        read.append(opened(path))
        return read[-1]

    monkeypatch.setattr(identity_plan, "opened", counted)
    plan(project(tmp_path / "new", EMAIL), project(tmp_path / "old", NAME), log, capsys)
    assert [one.counts.read for one in read] == [log.stat().st_size] * 2


def test_a_narrower_rule_takes_apart(
    tmp_path: Path, log: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Who is taken apart is told with what joined them, and what stands against it now."""
    old, new = project(tmp_path / "old", EMAIL), project(tmp_path / "new", NEVER)
    found = plan(new, old, log, capsys)
    (group,) = found["groups"]
    assert (group["kind"], group["before"], group["after"]) == ("split", ["P1"], ["P1", "P2"])
    (pair,) = group["parted"]
    assert (pair["joined_by"], pair["against"]) == (["rule"], "never")
    assert group["inside"] == {
        "before": {"Follow a question up": 1},
        "after": {"Follow a question up": 2},
    }


def test_the_same_rules_change_nobody(
    tmp_path: Path, log: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Where only something else changed, everybody stays who they are, and the command ends in 0."""
    old, new = project(tmp_path / "old", NAME), project(tmp_path / "new", NAME)
    (new / "a.journey").write_text((old / "a.journey").read_text("utf-8").replace("10 days", "9 days"), "utf-8")  # fmt: skip
    found = plan(new, old, log, capsys, 0)
    assert found["same"]
    assert found["rules"]["same"]
    assert (found["groups"], found["journeys"]) == ([], [])


@pytest.mark.parametrize("form", ["pretty", "markdown"])
def test_the_report_is_for_people(
    tmp_path: Path, log: Path, capsys: pytest.CaptureFixture[str], form: str
) -> None:
    """The report says who, why and for what, as text and as Markdown."""
    old, new = project(tmp_path / "old", NAME), project(tmp_path / "new", EMAIL)
    words = ["identity", "plan", str(new), "--against", str(old), "--log", str(log)]
    assert cli.run([*words, "--format", form]) == 2
    shown = capsys.readouterr().out
    assert "3 people before, 2 after." in shown
    assert "P1 and P2 become one: P1" in shown
    assert "a rule of the file (both have email ana@mail.example)" in shown
    assert 'inside "Follow a question up": 2 before, 1 after' in shown


def git(folder: Path, *words: str) -> None:
    """Let git do something in a folder, without anybody's settings."""
    clean = {"PATH": os.environ["PATH"], "HOME": str(folder), "GIT_CONFIG_NOSYSTEM": "1"}
    names = ["-c", "user.name=Maja", "-c", "user.email=maja@club.example"]
    subprocess.run(["git", "-C", folder, *names, *words], check=True, env=clean, capture_output=True, timeout=LONGEST)  # fmt: skip


def test_a_revision_is_an_old_side(
    tmp_path: Path, log: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The old side may be a revision of git, also where the project is a folder of the repository."""
    folder = project(tmp_path / "club", NAME)
    git(tmp_path, "init", "-q")
    git(tmp_path, "add", "club")
    git(tmp_path, "commit", "-qm", "before")
    git(tmp_path, "tag", "before")
    project(folder, EMAIL)
    for revision in ("HEAD", "before"):
        assert plan(folder, revision, log, capsys)["people"] == {"before": 3, "after": 2}
    assert sorted(one.name for one in folder.iterdir()) == ["a.journey", "verbline.toml"]


WRONG = {
    "no such revision": (["--against", "nowhere"], '"nowhere" is no revision here, and no folder.'),
    "a word that git would take for an option": (["--against=--output=x"], "is no revision here"),
    "no old side": ([], "Name the old side with --against"),
    "no project": (["--against", "."], "There is no journey in"),
}


@pytest.mark.parametrize("name", WRONG)
def test_what_cannot_be_told_ends_in_1(
    tmp_path: Path, log: Path, capsys: pytest.CaptureFixture[str], name: str, monkeypatch: pytest.MonkeyPatch
) -> None:  # fmt: skip
    """What is no old side ends in 1 with a sentence, since 2 means that somebody changes."""
    (tmp_path / "empty").mkdir()
    monkeypatch.chdir(tmp_path / "empty")
    words, sentence = WRONG[name]
    new = project(tmp_path / "new", NAME)
    assert cli.run(["identity", "plan", str(new), "--log", str(log), *words]) == 1
    shown = capsys.readouterr()
    assert shown.out == ""
    assert sentence in shown.err
