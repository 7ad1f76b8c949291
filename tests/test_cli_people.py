"""`verbline people` as a command: who is who is told, and an operator's word is appended and read again."""

from __future__ import annotations

import json
import shlex
from pathlib import Path
from typing import Any

import pytest

from tests.tree import ROOT
from verbline import cli
from verbline.runtime.own import own_log

RETAIL = ROOT / "journeys" / "retail"
GRANT = [{"purpose": "reading tips", "channel": "email", "contact": "eva@mail.example", "act": "grant", "actor": "subject", "record": "r"}]  # fmt: skip
PAUSE = [{"purpose": "*", "channel": "*", "act": "object", "actor": "subject"}]
# Two who share an address; two others, of whom one allows offers there and the other objects to everything.
EVENTS: list[tuple[dict[str, str], Any]] = [
    ({"loyalty-number": "L-1", "email": "ana@mail.example"}, None),
    ({"web-account": "W-1", "email": "ana@mail.example"}, None),
    ({"web-account": "W-2", "email": "eva@mail.example", "device": "d-1"}, GRANT),
    ({"loyalty-number": "L-9"}, PAUSE),
]


@pytest.fixture
def log(tmp_path: Path) -> Path:
    """Return a log of the example project, read into no store yet."""
    rows = []
    for at, (who, consent) in enumerate(EVENTS):
        row: dict[str, Any] = {
            "id": f"e{at}",
            "source": "preference-centre",
            "type": "seen",
            "data": who,
        }
        row["time"] = f"2026-03-0{at + 1}T10:00:00Z"
        rows.append(json.dumps(row | ({"consent": consent} if consent else {})))
    path = tmp_path / "log.jsonl"
    path.write_text("\n".join(rows) + "\n", "utf-8")
    return path


class Shell:
    """Commands about one log, with or without a file that keeps what is known."""

    def __init__(self, log: Path, capsys: pytest.CaptureFixture[str], *, stored: bool) -> None:
        self.log = log
        self.capsys = capsys
        self.store = ["--store", str(log.with_name("known.db"))] if stored else []
        self.error = ""

    def text(self, line: str, code: int = 0) -> str:
        """Return what a command writes for people."""
        where = ["--project", str(RETAIL), "--log", str(self.log), *self.store]
        assert cli.run(["people", *shlex.split(line), *where]) == code, line
        shown = self.capsys.readouterr()
        self.error = shown.err
        assert "ana@" not in shown.err
        return shown.out

    def json(self, line: str) -> dict[str, Any]:
        """Return what a command writes as JSON."""
        found: dict[str, Any] = json.loads(self.text(f"{line} --format json"))
        assert found.pop("format") == 1
        return found


@pytest.fixture(params=[False, True], ids=["memory", "store"])
def shell(log: Path, capsys: pytest.CaptureFixture[str], request: pytest.FixtureRequest) -> Shell:
    """Return the commands, once without and once with a file."""
    return Shell(log, capsys, stored=request.param)


def test_people_are_counted(shell: Shell) -> None:
    """The count says who is certain, and what cannot be known apart."""
    assert shell.json("count") == {
        "certain": 4, "shared": 0, "anonymous": 0, "low": 4, "high": 4, "ambiguous_events": 0, "merged": 0,
    }  # fmt: skip
    assert shell.text("count").startswith("4 people\n")


def test_somebody_is_shown(shell: Shell) -> None:
    """Every identifier stands with when and how it came, and who has it too."""
    found = shell.json("show web-account=W-1")
    assert found["person"] == "P2"
    assert found["identifiers"][1] == {
        "kind": "email", "value": "ana@mail.example", "since": "2026-03-02T10:00:00Z", "how": "shared",
        "brought_by": "P2", "shared_with": ["P1"],
    }  # fmt: skip
    assert "email ana@mail.example, since 2026-03-02T10:00:00Z" in shell.text("show P2")


NOBODY = {
    "P77": "There is nobody called",
    "email=ana@mail.example": "2 people hold",
    "email=nobody@mail.example": "Nobody holds",
}


@pytest.mark.parametrize("person", NOBODY)
def test_nobody_is_told(shell: Shell, person: str) -> None:
    """Who is nobody, or not one alone, ends in 1 with a sentence that names nothing."""
    assert shell.text(f"show {person}", 1) == ""
    assert NOBODY[person] in shell.error
    shell.text("show tina", 2)
    shell.text("split P1", 2)
    shell.text("split P1 --apart P2 --identifier email=ana@mail.example", 2)
    shell.text("split P1 --identifier email", 2)


def test_what_is_shared_is_listed(shell: Shell) -> None:
    """What several people hold is told with who they are."""
    found = shell.json("collisions")
    assert found["by_kind"] == {"email": 1}
    assert found["collisions"][0]["people"] == ["P1", "P2"]
    assert "ana@mail.example: P1 and P2" in shell.text("collisions")


def test_a_merge_is_tried_said_and_taken_back(shell: Shell) -> None:
    """A trial writes nothing; a merge joins, a split restores every answer that the merge changed."""
    before = [shell.json(f"show P{one}") for one in (3, 4)]
    trial = shell.json("merge P4 web-account=W-2 --dry-run")
    assert not own_log(shell.log).exists()
    assert trial["changes"] == [{"what": "merge", "person": "P3", "other": "P4"}]
    changed = {(one["purpose"], one["channel"]): one for one in trial["answers"]}
    assert changed["reading tips", "email"]["before"]["P3"] == ["allow", "consent"]
    assert changed["reading tips", "email"]["after"]["P3"] == ["deny", "objected"]

    done = shell.json("merge P4 web-account=W-2 --by ana --why 'two cards'")
    assert done["answers"] == trial["answers"]
    assert done["event"]["data"] == {
        "people": ["P4", "P3"],
        "known_by": {"P3": ["web-account", "W-2"], "P4": ["loyalty-number", "L-9"]},
        "by": "staff:ana",
        "why": "two cards",
    }
    assert shell.json("show P4")["also"] == ["P4"]
    assert "P4 turned out to be P3" in shell.text("show P3")
    assert "staff:ana: two cards" in shell.text("show P3")
    shell.text("merge P3 P4", 1)
    assert shell.error == "Error: They are one person already.\n"

    back = shell.json("split P3 --apart P4")
    told = {(one["purpose"], one["channel"]): one for one in back["answers"]}
    assert told["reading tips", "email"]["after"]["P3"] == ["allow", "consent"]
    after = [shell.json(f"show P{one}") for one in (3, 4)]
    for one, other in zip(before, after, strict=True):
        assert one["identifiers"] == other["identifiers"]
        assert len(other["history"]) == 2
    assert "stay two" in shell.text("split P3 --apart P4 --dry-run")


def test_identifiers_are_split_off(shell: Shell) -> None:
    """Who holds what is named becomes somebody new, and what is all of a person is not split off."""
    done = shell.json("split P3 --identifier device=d-1")
    assert done["changes"] == [{"what": "split", "person": "P3", "other": "P5"}]
    assert shell.json("show device=d-1")["person"] == "P5"
    assert shell.json("show P3")["no_longer"][0]["now_of"] == ["P5"]
    shell.text("split P5 --identifier device=d-1", 1)
    assert "nobody to part from" in shell.error
    shell.text("split P3 --identifier email=ana@mail.example", 1)
    assert "does not hold" in shell.error
