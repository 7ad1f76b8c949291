"""docs/identity.md: what it says is so."""

from __future__ import annotations

import json
import re
import shlex
from pathlib import Path

import click

from tests.tree import ROOT
from verbline.cli.identity import identity
from verbline.cli.people import people
from verbline.cli.programs import compiled
from verbline.runtime.identity.rules import table
from verbline.runtime.known import known
from verbline.runtime.own import own_log

PAGE = (ROOT / "docs" / "identity.md").read_text("utf-8")
GROUPS: dict[str, click.Group] = {"people": people, "identity": identity}


def blocks(language: str) -> list[str]:
    """Return the examples in a language."""
    return re.findall(rf"^```{language}\n(.*?)^```", PAGE, re.DOTALL | re.MULTILINE)


def test_the_events_do_what_the_page_says(tmp_path: Path) -> None:
    """Each event of the page is taken: two people become one, are two again, are divided, and one is erased."""
    retail = compiled(str(ROOT / "journeys" / "retail"))
    assert retail is not None, "the example has no errors"
    log = tmp_path / "log.jsonl"
    who = {"loyalty-number": "L-1", "email": "tina@mail.example"}, {"web-account": "W-1"}
    rows = [{"id": str(at), "type": "seen", "time": "2026-03-01T08:00:00Z", "data": one} for at, one in enumerate(who)]  # fmt: skip
    log.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    own_log(log).write_text("".join(blocks("json")), "utf-8")
    found = known(retail.project, retail.program, log, key=b"k" * 32)
    assert [one.what for _at, one in found.changes] == ["merge", "split", "split", "erased"]
    assert own_log(log).name == "log.verbline.runtime.jsonl"
    assert f"LOG/{own_log(tmp_path).name}" in PAGE


def test_the_commands_are_there() -> None:
    """Every command and option on the page exists, and every `people` command is on the page."""
    lines = [line for block in blocks("sh") for line in block.splitlines()]
    for line in lines:
        _, group, name, *words = shlex.split(line)
        options = {one for each in GROUPS[group].commands[name].params for one in each.opts}
        assert {word for word in words if word.startswith("--")} <= options
    assert lines
    for name in people.commands:
        assert f"verbline people {name}" in PAGE


def test_the_limits_are_those_of_the_table() -> None:
    """How many of each a person may have is what the table says."""
    limits = table().limits
    assert f"| {limits['email']} emails, {limits['phone']} telephones |" in PAGE
    assert f"| {limits['weak']}; everybody's after {limits['owners']} known owners |" in PAGE
