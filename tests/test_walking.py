"""Journeys drawn with counts: what stands at an arrow is how many went there, and no text becomes markup."""

from __future__ import annotations

import json
import re
import shlex
from collections import Counter
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from tests.browser import NEEDED, opened
from tests.tree import ROOT
from verbline import cli

MOBILITY = "journeys/mobility --log journeys/mobility/log"
PROJECT = """\
person member
  known by member-number

purpose "news"
  is service
  rests on contract
  covers email

moment "member joins"
  comes from "desk" as "joined"

moment "member leaves"
  comes from "desk" as "left"

journey "A <b>bold</b> & 'quoted' one"
  starts when "member joins"
  stops when "member leaves" as "gone"
  runs once per person

  wait 2 days
  if the member had "member leaves"
    finish as "never"
  otherwise
    go on
  wait 10 days
  finish as "<script>alert(1)</script>"
"""


def simulated(arguments: str, capsys: pytest.CaptureFixture[str]) -> str:
    """Return what `verbline simulate` writes to standard output."""
    assert cli.run(["simulate", *shlex.split(arguments)]) == 0
    shown = capsys.readouterr()
    assert shown.err == ""
    return shown.out


@pytest.fixture
def club(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Make a project with a log of five members the working folder: one leaves at once, one waits, three stay."""
    monkeypatch.chdir(tmp_path)
    Path("verbline.toml").write_text('[project]\nzone = "UTC"\ncountry = "SI"\n', "utf-8")
    Path("a.journey").write_text(PROJECT, "utf-8")
    lines = []
    for number, (day, kind, member) in enumerate(
        [
            (1, "joined", 1),
            (1, "joined", 2),
            (1, "joined", 3),
            (1, "joined", 4),
            (2, "left", 4),
            (20, "joined", 5),
            (22, "left", 9),
        ]
    ):
        event = {
            "id": f"e{number}",
            "source": "desk",
            "type": kind,
            "time": f"2026-03-{day:02}T08:00:00Z",
            "data": {"member-number": f"M-{member}"},
        }
        lines.append(json.dumps(event) + "\n")
    Path("log.jsonl").write_text("".join(lines), "utf-8")
    return tmp_path


def words(svg: str) -> list[str]:
    """Return the texts of a picture in their order."""
    root = ET.fromstring(svg)  # noqa: S314 - our own, and a test of that
    return ["".join(one.itertext()) for one in root.iter("{http://www.w3.org/2000/svg}text")]


@pytest.mark.usefixtures("club")
def test_counts_stand_at_boxes_and_arrows(capsys: pytest.CaptureFixture[str]) -> None:
    """Five came in; one left before two days were over, four went on and one of them stands at the second wait."""
    simulated("--log log.jsonl --svg out.svg", capsys)
    texts = words(Path("out.svg").read_text("utf-8"))
    counts = Counter(texts)
    assert counts["5"] == 3  # the start, its arrow, the first wait
    assert counts["1"] == 3  # the stop, its arrow, its end
    assert "4, 1 stand here" in texts
    assert counts["3"] == 2  # the last arrow and the end


@pytest.mark.usefixtures("club")
def test_what_is_before_the_time_asked_for_is_not_counted(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """From the tenth of March on one comes in, and three end."""
    simulated("--log log.jsonl --from 2026-03-10 --svg out.svg", capsys)
    texts = words(Path("out.svg").read_text("utf-8"))
    assert "5" not in texts
    assert Counter(texts)["3"] == 2


@pytest.mark.usefixtures("club")
def test_no_name_becomes_markup() -> None:
    """Names that look like markup are only ever shown."""
    assert cli.run(["simulate", "--log", "log.jsonl", "--svg", "out.svg"]) == 0
    svg = Path("out.svg").read_text("utf-8")
    root = ET.fromstring(svg)  # noqa: S314 - our own, and a test of that
    kinds = {one.tag.rpartition("}")[2] for one in root.iter()}
    assert kinds <= {"svg", "title", "defs", "marker", "path", "rect", "polygon", "text"}
    assert any("<script>" in text for text in words(svg))


def test_counts_are_those_of_the_trace(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Each number at a box is how often visits came to its line, by the trace."""
    monkeypatch.chdir(ROOT)
    out = tmp_path / "out.svg"
    trace = simulated(f"{MOBILITY} --format jsonl --svg {out}", capsys)
    before: dict[str, str] = {}
    came: Counter[str] = Counter()
    for line in trace.splitlines():
        record = json.loads(line)
        if (
            record.get("visit")
            and record.get("step")
            and before.get(record["visit"]) != record["line"]
        ):
            before[record["visit"]] = record["line"]
            came[record["line"]] += 1
    shown = Counter(
        int(one.split(",")[0])
        for one in words(out.read_text("utf-8"))
        if re.fullmatch(r"\d+(, \d+ stand here)?", one)
    )
    assert came
    assert not Counter(came.values()) - shown


@pytest.mark.usefixtures("club")
def test_a_place_that_cannot_be_written_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    """A folder that is not there ends in 2 with a sentence, and half a file is left nowhere."""
    assert cli.run(["simulate", "--log", "log.jsonl", "--svg", "nowhere/out.svg"]) == 2
    assert '"nowhere/out.svg" cannot be written: No such file' in capsys.readouterr().err


@NEEDED
@pytest.mark.usefixtures("club")
def test_a_browser_shows_the_picture() -> None:
    """The picture is not empty, and asks for nothing."""
    assert cli.run(["simulate", "--log", "log.jsonl", "--svg", "out.svg"]) == 0
    seen = opened(f"<!doctype html>{Path('out.svg').read_text('utf-8')}")
    assert seen.colours > 8
    assert seen.requests == []
    assert "script" not in seen.elements
