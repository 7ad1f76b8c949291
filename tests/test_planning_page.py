"""docs/planning.md: what it says is so."""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import click
import pytest

from tests.limits import LONGEST
from tests.planned import PAIRS
from tests.planned import plan as planned
from tests.tree import ROOT
from verbline.cli import plan_sides
from verbline.cli.collisions import collisions
from verbline.cli.plan import plan
from verbline.cli.replay import replay as replay_command
from verbline.cli.score import score
from verbline.cli.score_text import SHARE_MIN
from verbline.runtime.plan import replay

PAGE = (ROOT / "docs" / "planning.md").read_text("utf-8")
COMMANDS: dict[str, click.Command] = {
    "plan": plan,
    "collisions": collisions,
    "replay": replay_command,
    "score": score.commands["plan"],
}


def blocks(language: str) -> list[str]:
    """Return the examples in a language."""
    return re.findall(rf"^```{language}\n(.*?)^```", PAGE, re.DOTALL | re.MULTILINE)


def test_the_commands_are_there() -> None:
    """Every command and option on the page exists."""
    lines = [line for block in blocks("sh") for line in block.splitlines()]
    calls = [line for line in lines if line.startswith("verbline ")]
    assert len(calls) == 5
    for line in calls:
        _, name, *words = shlex.split(line, comments=True)
        options = {one for each in COMMANDS[name].params for one in each.opts}
        assert {word for word in words if word.startswith("--")} <= options


def test_the_example_is_what_is_said() -> None:
    """The report on the page is that of the case, as far as it goes."""
    (case,) = (one for one in PAIRS if one.path.stem == "removed-step")
    (block,) = blocks("text")
    assert block in case.expected


def test_the_fields_are_those_of_the_page(tmp_path: Path) -> None:
    """Every field of the JSON stands in the table, and every name in the table's first column is a field."""
    (case,) = (one for one in PAIRS if one.path.stem == "new-message")
    found = planned(case, tmp_path)
    table = PAGE.partition("### For programs")[2].partition("### Large logs")[0]
    columns = re.findall(r"^\| (`.+?) \|", table, re.MULTILINE)
    named = {name.removeprefix("replay.") for column in columns for name in re.findall(r"`(.+?)`", column)}  # fmt: skip
    assert named == (found.keys() | found["replay"].keys() | {"store"}) - {"format", "against", "replay"}  # fmt: skip
    inner = found["replay"]["people"].keys() | found["replay"]["log"].keys() | found["changes"][0].keys()  # fmt: skip
    assert {name for name in inner if f"`{name}`" not in table} == set()


def test_the_limits_are_those_of_the_code() -> None:
    """From which size on it works otherwise."""
    assert f"From {plan_sides.APART_FROM >> 20} MB of log" in PAGE
    assert f"From {replay.LARGE >> 30} GB on people" in PAGE
    assert f"Below {SHARE_MIN} people" in PAGE


@pytest.mark.parametrize("name", ["layout-only", "purpose-class"])
def test_the_recipe_runs(name: str, tmp_path: Path) -> None:
    """The script writes a comment where something changes, names a wider permission, and leaves nothing where nothing does."""
    (pair,) = (one for one in PAIRS if one.path.stem == name)
    project, new, log = pair.write(tmp_path)
    git = ["git", "-C", str(project), "-c", "user.name=t", "-c", "user.email=t@mail.example"]
    for words in (["init", "-q", "-b", "main"], ["add", "."], ["commit", "-qm", "one"], ["switch", "-qc", "other"]):  # fmt: skip
        subprocess.run([*git, *words], check=True, timeout=LONGEST)
    shutil.copytree(new, project, dirs_exist_ok=True)
    subprocess.run([*git, "commit", "-qam", "two"], check=True, timeout=LONGEST)
    commands = tmp_path / "bin"
    commands.mkdir()
    run = commands / "verbline"
    run.write_text(f'#!/bin/sh\nexec {shlex.quote(sys.executable)} -m verbline.cli "$@"\n', "utf-8")
    run.chmod(0o755)
    script = tmp_path / "plan.sh"
    script.write_text(next(one for one in blocks("sh") if one.startswith("#!/bin/sh")), "utf-8")
    path = f"{commands}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run(
        ["sh", str(script)], cwd=project, capture_output=True, text=True, check=False,
        env={**os.environ, "PATH": path, "TARGET": "main", "LOG": str(log)}, timeout=LONGEST,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    comment = project / "comment.json"
    assert comment.exists() == (name == "purpose-class")
    if comment.exists():
        assert "## Purpose “offers”" in json.loads(comment.read_text("utf-8"))["body"]
        assert "widens permission" in done.stderr
    else:
        assert not (project / "plan.md").exists()
