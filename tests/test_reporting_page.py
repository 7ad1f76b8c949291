"""docs/reporting.md: what it says is so."""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path

import pytest

from tests.test_report import missing, plain
from tests.tree import ROOT
from verbline import cli
from verbline.cli.report import report
from verbline.runtime.report.groups import DIMENSIONS
from verbline.runtime.report.resample import ROUNDS
from verbline.runtime.report.roles import MINIMUM, MOMENTS, MORE

PAGE = (ROOT / "docs" / "reporting.md").read_text("utf-8")
SETTINGS = '[project]\nzone = "UTC"\ncountry = "SI"\n\n[report]\nminimum = 5\n'


def block(language: str) -> str:
    """Return the first example in a language."""
    found = re.search(rf"^```{language}\n(.*?)^```", PAGE, re.DOTALL | re.MULTILINE)
    assert found is not None
    return found[1]


@pytest.fixture
def example(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Make the example of the page the working folder."""
    monkeypatch.chdir(tmp_path)
    Path("verbline.toml").write_text(SETTINGS, "utf-8")
    Path("a.journey").write_text(block("journey"), "utf-8")
    Path("log.jsonl").write_text(block("jsonl"), "utf-8")


@pytest.mark.usefixtures("example")
def test_the_example_says_what_the_page_says(capsys: pytest.CaptureFixture[str]) -> None:
    """Each line of the worked example stands in the report, in its order."""
    assert cli.run(["report", "--log", "log.jsonl"]) == 0
    shown = capsys.readouterr().out
    assert missing(plain(block("text")), plain(shown)) == "", shown


@pytest.mark.usefixtures("example")
def test_json_is_as_the_page_says(capsys: pytest.CaptureFixture[str]) -> None:
    """Every unit, and every member of a figure, stands on the page."""
    assert cli.run(["report", "--log", "log.jsonl", "--format", "json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert set(told["sections"][0]) == {"key", "title", "says", "figures", "lists", "plots"}
    figures = [figure for section in told["sections"] for figure in section["figures"]]
    assert {f"`{name}`" for figure in figures for name in figure} <= set(re.findall(r"`\w+`", PAGE))
    assert {f"`{figure['unit']}`" for figure in figures} <= set(re.findall(r"`[\w ]+`", PAGE))


def test_every_setting_stands_on_the_page() -> None:
    """Each table lists its moments and its further settings, and the example is read without a fault."""
    for name, moments in MOMENTS.items():
        row = next(line for line in PAGE.splitlines() if line.startswith(f"| `[report.{name}]`"))
        _, _, roles, more, _ = row.split("|")
        assert re.findall(r"`([\w-]+)`", roles) == list(moments)
        assert set(re.findall(r"`([\w-]+)`", more)) == set(MORE[name])
    told = tomllib.loads(block("toml"))["report"]
    assert set(told["pipeline"]) <= {*MOMENTS["pipeline"], *MORE["pipeline"]}


def test_numbers_and_options_are_those_of_the_program() -> None:
    """The minimum, the rounds, and every option and dimension."""
    assert f"`minimum` ({MINIMUM})" in PAGE
    assert f"({ROUNDS} rounds" in PAGE
    assert f"--by {'|'.join(DIMENSIONS)}" in PAGE
    options = {one for each in report.params for one in each.opts if one.startswith("--")}
    assert {one for one in options if one not in PAGE} == {"--color"}
