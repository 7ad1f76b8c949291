"""`verbline report --store`: what journeys decided is what the store says, and the rest is the log's."""

from __future__ import annotations

import json
import shlex
import shutil
from pathlib import Path

import pytest

from tests.test_report_shares import WAYS, in_shares
from tests.tree import ROOT
from verbline import cli


@pytest.fixture
def rehearsed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Path:
    """Make a copy of the example that was rehearsed the working folder."""
    shutil.copytree(ROOT / "journeys" / "mobility", tmp_path / "mobility")
    monkeypatch.chdir(tmp_path)
    assert cli.run(shlex.split("run mobility --log mobility/log --store store --rehearse")) == 0
    capsys.readouterr()
    return tmp_path


def made(arguments: str, capsys: pytest.CaptureFixture[str]) -> str:
    """Return what `verbline report` writes to standard output."""
    assert cli.run(["report", *shlex.split(arguments)]) == 0
    shown = capsys.readouterr()
    assert shown.err == ""
    return shown.out


@pytest.mark.usefixtures("rehearsed")
@pytest.mark.parametrize("form", ["json --by journey --by desk", "html", "json --until 2026-03-28"])
def test_a_rehearsal_gives_the_report_of_the_log(
    form: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Where the store decided what these files decide, the report is the same, to the byte, pictures included."""
    asked = f"mobility --log mobility/log --format {form}"
    assert made(f"{asked} --store store", capsys) == made(asked, capsys)


@pytest.mark.usefixtures("rehearsed")
def test_a_store_is_read_beside_shares(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Where the log is noted by several processes, the store that one of them has open is read as ever."""
    asked = "mobility --log mobility/log --store store --format html"
    alone = made(asked, capsys)
    in_shares(monkeypatch, 3)
    assert made(asked, capsys) == alone
    assert WAYS == [3]


@pytest.mark.usefixtures("rehearsed")
def test_what_was_decided_stands_though_the_files_changed(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Files that let nobody in any more change nothing of what the store says was done."""
    file = Path("mobility/journeys/safe-driving-course.journey")
    text = file.read_text("utf-8")
    start = 'starts when "member books a safe driving course"'
    assert start in text
    file.write_text(text.replace(start, f'{start} where booking-number is "B-0"'), "utf-8")
    asked = "mobility --log mobility/log --format json"

    def count(told: str, section: str, key: str) -> float:
        figures = [
            one
            for part in json.loads(told)["sections"]
            if part["key"] == section
            for one in part["figures"]
        ]
        return float(sum(one["value"] for one in figures if one["key"] == key))

    today, then = made(asked, capsys), made(f"{asked} --store store", capsys)
    assert count(today, "journeys", "entered") == 0
    assert count(then, "journeys", "entered") == 8
    assert count(then, "messages", "sent") == 8


@pytest.mark.usefixtures("rehearsed")
def test_another_file_is_no_store(capsys: pytest.CaptureFixture[str]) -> None:
    """What is no store, or that of another project, ends in 2 with a sentence."""
    Path("other").write_bytes(b"")
    assert cli.run(shlex.split("report mobility --log mobility/log --store other")) == 2
    assert '"other" is no store of a runtime' in capsys.readouterr().err
    assert cli.run(shlex.split("report mobility --log mobility/log --store nowhere")) == 2
    assert '"nowhere"' in capsys.readouterr().err
