"""`verbline lint`: presets, and what --fix writes."""

import io
import json
import sys
from pathlib import Path

import pytest

from verbline import cli

SETTINGS = '[project]\nzone = "UTC"\ncountry = "SI"\n'
# All or nothing (C207) can be mended safely; a purpose that never lapses (C206) cannot.
WRONG = """\
language: en

purpose "offers"
  is marketing
  rests on consent
  covers email, sms
  kept in "register"
"""
LINE = "  covers email, sms asked separately\n"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the working folder: a project with one file that can be mended in part."""
    monkeypatch.chdir(tmp_path)
    Path("verbline.toml").write_text(SETTINGS, "utf-8")
    Path("a.journey").write_bytes(WRONG.encode())
    return tmp_path


def codes(capsysbinary: pytest.CaptureFixture[bytes], *arguments: str) -> list[str]:
    """Return the codes that a lint finds."""
    cli.run(["lint", "--format", "json", *arguments])
    return [one["code"] for one in json.loads(capsysbinary.readouterr().out)["findings"]]


def test_a_preset_says_what_is_shown_and_what_fails(
    capsysbinary: pytest.CaptureFixture[bytes],
) -> None:
    """Starter shows errors, standard warnings too; only strict fails for a warning."""
    assert codes(capsysbinary, "--preset", "starter") == []
    assert {"C206", "C207"} <= set(codes(capsysbinary))
    assert cli.run(["lint"]) == 0
    assert cli.run(["lint", "--preset=strict"]) == 1


def test_fix_mends_and_shows_the_rest(capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    """What is safe is written, what is not is found as ever; a second time nothing changes."""
    assert "C206" in codes(capsysbinary, "--fix")
    after = Path("a.journey").read_text("utf-8")
    assert after == WRONG.replace("  covers email, sms\n", LINE)
    left = codes(capsysbinary)
    assert "C206" in left
    assert "C207" not in left
    assert cli.run(["lint", "--fix"]) == 0
    assert b"mended" not in capsysbinary.readouterr().err
    assert Path("a.journey").read_text("utf-8") == after


def test_fix_says_which_files_it_has_written(capsys: pytest.CaptureFixture[str]) -> None:
    """The name of a written file goes to standard error, so that standard output is the report."""
    cli.run(["lint", "--fix", "--format", "json"])
    shown = capsys.readouterr()
    assert shown.err == "mended a.journey\n"
    assert json.loads(shown.out)["files"] == 1


def test_diff_changes_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    """--diff is a patch, and ends in 1 where --fix would change something."""
    assert cli.run(["lint", "--diff"]) == 1
    assert Path("a.journey").read_bytes() == WRONG.encode()
    shown = capsys.readouterr()
    assert "-  covers email, sms\n+  covers email, sms asked separately\n" in shown.out
    cli.run(["lint", "--fix", "-q"])
    assert cli.run(["lint", "--diff"]) == 0


def test_fix_keeps_line_ends_and_mark() -> None:
    """A file from Windows stays one: only the mended line changes."""
    Path("a.journey").write_bytes(b"\xef\xbb\xbf" + WRONG.replace("\n", "\r\n").encode())
    cli.run(["lint", "--fix"])
    expected = WRONG.replace("  covers email, sms\n", LINE).replace("\n", "\r\n")
    assert Path("a.journey").read_bytes() == b"\xef\xbb\xbf" + expected.encode()


def test_a_damaged_file_is_never_written() -> None:
    """A byte that could not be read would be lost."""
    damaged = WRONG.encode() + b"# caf\xe9\n"
    Path("a.journey").write_bytes(damaged)
    cli.run(["lint", "--fix"])
    assert Path("a.journey").read_bytes() == damaged


def test_fix_writes_only_what_was_asked_for() -> None:
    """A path limits what is written as it limits what is shown."""
    Path("b.journey").write_bytes(WRONG.replace('"offers"', '"news"').encode())
    cli.run(["lint", "--fix", "b.journey"])
    assert Path("a.journey").read_bytes() == WRONG.encode()
    assert LINE in Path("b.journey").read_text("utf-8")


def test_fix_works_in_a_pipe(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Standard input comes back mended; what is left is said on standard error."""
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(WRONG.encode())))
    assert cli.run(["lint", "--fix", "-", "--stdin-filename", "a.journey"]) == 0
    shown = capsys.readouterr()
    assert shown.out == WRONG.replace("  covers email, sms\n", LINE)
    assert "warning C206 " in shown.err
    assert Path("a.journey").read_bytes() == WRONG.encode()
