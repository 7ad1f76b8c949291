"""`verbline fmt`: what is written, what is left alone, and what is said."""

import io
import json
import os
import re
import stat
import sys
from pathlib import Path

import pytest

from verbline import cli
from verbline.cli import changes
from verbline.interpreter.problems import page

RIGHT = 'person guest\n  known by guest-number\n'  # fmt: skip
WRONG = "Person  guest.\n    known by guest-number"
SLOVENIAN = "oseba gost\n    poznamo po številka-gosta\n"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the working folder: a file in its form, and one that is not."""
    monkeypatch.chdir(tmp_path)
    Path("right.journey").write_bytes(RIGHT.encode())
    Path("wrong.journey").write_bytes(WRONG.encode())
    return tmp_path


def test_only_what_changes_is_written(capsys: pytest.CaptureFixture[str]) -> None:
    """A file that is right already is not touched; the other one is named."""
    os.utime("right.journey", (1, 1))
    assert cli.run(["fmt"]) == 0
    assert Path("wrong.journey").read_bytes() == RIGHT.encode()
    assert Path("right.journey").stat().st_mtime == 1
    shown = capsys.readouterr()
    assert shown.out == "formatted wrong.journey\n1 of 2 files changed\n"
    assert shown.err == ""
    assert cli.run(["fmt"]) == 0
    assert capsys.readouterr().out == "2 files, nothing to change\n"


def test_quiet_says_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    """With -q the exit code is the answer."""
    assert cli.run(["fmt", "--check", "-q", "right.journey"]) == 0
    assert cli.run(["fmt", "-q"]) == 0
    assert capsys.readouterr() == ("", "")


def test_check_changes_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    """--check names what would change, with the first line, and ends in 1."""
    assert cli.run(["fmt", "--check"]) == 1
    assert Path("wrong.journey").read_bytes() == WRONG.encode()
    told = "wrong.journey:1 is not in its one true form\n1 of 2 files would change\n"
    assert capsys.readouterr().out == told


def test_diff_changes_nothing_and_can_be_applied(
    capsysbinary: pytest.CaptureFixture[bytes],
) -> None:
    """--diff is a patch on standard output and nothing else."""
    assert cli.run(["fmt", "--diff"]) == 1
    assert Path("wrong.journey").read_bytes() == WRONG.encode()
    shown = capsysbinary.readouterr()
    assert shown.out.decode() == (
        "--- wrong.journey\n+++ wrong.journey\n@@ -1,2 +1,2 @@\n"
        "-Person  guest.\n-    known by guest-number\n\\ No newline at end of file\n"
        "+person guest\n+  known by guest-number\n"
    )
    assert b"1 of 2 files would change" in shown.err


@pytest.mark.parametrize("end", [b"\r\n", b"\r"])
def test_line_ends_are_part_of_the_form(end: bytes, capsys: pytest.CaptureFixture[str]) -> None:
    """Other line ends and a byte order mark are changed, and --diff shows that something would."""
    Path("wrong.journey").write_bytes(b"\xef\xbb\xbf" + RIGHT.encode().replace(b"\n", end))
    assert cli.run(["fmt", "--check"]) == 1
    assert cli.run(["fmt", "--diff"]) == 1
    assert "+person guest" in capsys.readouterr().out
    assert cli.run(["fmt"]) == 0
    assert Path("wrong.journey").read_bytes() == RIGHT.encode()


@pytest.mark.parametrize("form", ["json", "github", "sarif", "junit", "compact"])
def test_check_speaks_to_programs(form: str, capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    """The formats of findings work for --check, with one finding a file."""
    assert cli.run(["fmt", "--check", "--format", form]) == 1
    told = capsysbinary.readouterr().out.decode()
    assert told.count("S801") >= 1
    assert "right.journey" not in told or form == "junit"


def test_check_in_json(capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    """The finding stands at the first line that changes."""
    Path("wrong.journey").write_bytes((RIGHT + "  has   x as text\n").encode())
    assert cli.run(["fmt", "--check", "--format", "json"]) == 1
    told = json.loads(capsysbinary.readouterr().out)
    assert told["files"] == 2
    (one,) = told["findings"]
    assert (one["file"], one["line"], one["column"]) == ("wrong.journey", 3, 1)
    assert one["end_column"] == len("  has   x as text") + 1


@pytest.mark.parametrize(("kind", "code"), [("Bad", 1), ("Good", 0)])
def test_the_example_on_the_page_is_run(kind: str, code: int) -> None:
    """The page of the finding shows a file that has it and the same file without."""
    (text,) = re.findall(rf"## {kind}\n```journey\n(.*?)```", page("S801")["body"], re.DOTALL)
    Path("wrong.journey").write_text(text, "utf-8")
    assert cli.run(["fmt", "--check", "--format", "compact"]) == code
    assert cli.run(["fmt", "-q"]) == 0
    (good,) = re.findall(r"## Good\n```journey\n(.*?)```", page("S801")["body"], re.DOTALL)
    assert Path("wrong.journey").read_text("utf-8") == good


def test_a_format_without_check_is_wrong_usage(capsys: pytest.CaptureFixture[str]) -> None:
    """Only --check has findings to write."""
    assert cli.run(["fmt", "--format", "json"]) == 2
    assert "--check" in capsys.readouterr().err


def test_standard_input_goes_to_standard_output(
    monkeypatch: pytest.MonkeyPatch, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    """An editor can pipe a file through; nothing else is written, in UTF-8 whatever the terminal is."""
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(SLOVENIAN.encode())))
    Path("verbline.toml").write_text('[project]\nlanguage = "sl"\n', "utf-8")
    assert cli.run(["fmt", "-", "--stdin-filename", "x.journey"]) == 0
    shown = capsysbinary.readouterr()
    assert shown.out.decode() == "oseba gost\n  poznamo po številka-gosta\n"
    assert shown.err == b""
    assert not Path("x.journey").exists()


def test_what_cannot_be_written_goes_through_unchanged(
    monkeypatch: pytest.MonkeyPatch, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    """An editor that pipes a damaged file gets it back, and the reason on standard error."""
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"person caf\xe9\n")))
    assert cli.run(["fmt", "-"]) == 1
    shown = capsysbinary.readouterr()
    assert shown.out == b"person caf\xe9\n"
    assert b"UTF-8" in shown.err


def test_a_damaged_file_is_left_alone(capsys: pytest.CaptureFixture[str]) -> None:
    """A file that is no UTF-8 is named, not written; the others are."""
    Path("right.journey").write_bytes(b"person  caf\xe9\n")
    assert cli.run(["fmt"]) == 1
    assert Path("right.journey").read_bytes() == b"person  caf\xe9\n"
    assert Path("wrong.journey").read_bytes() == RIGHT.encode()
    assert capsys.readouterr().err.startswith("Error: right.journey:1:")


def test_without_a_readable_language_nothing_is_written(capsys: pytest.CaptureFixture[str]) -> None:
    """Where the settings cannot be read, the language of the files is not known."""
    Path("verbline.toml").write_text("[project\n", "utf-8")
    assert cli.run(["fmt"]) == 1
    assert Path("wrong.journey").read_bytes() == WRONG.encode()
    assert "verbline.toml:1" in capsys.readouterr().err


@pytest.mark.skipif(sys.platform == "win32", reason="rights are others there")
def test_a_file_keeps_its_rights_and_its_links(folder: Path) -> None:
    """The mode stays, a link stays a link, and nothing is left beside the file."""
    target = folder / "elsewhere"
    target.mkdir()
    (folder / "wrong.journey").rename(target / "real.journey")
    (folder / "wrong.journey").symlink_to(target / "real.journey")
    (target / "real.journey").chmod(0o754)
    assert cli.run(["fmt", "wrong.journey"]) == 0
    assert (folder / "wrong.journey").is_symlink()
    assert (target / "real.journey").read_bytes() == RIGHT.encode()
    assert stat.S_IMODE((target / "real.journey").stat().st_mode) == 0o754
    assert [path.name for path in target.iterdir()] == ["real.journey"]


def test_what_fails_midway_leaves_the_file_whole(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A full disk is told; the file is what it was, and nothing is left beside it."""

    def full(_number: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    assert cli.run(["fmt"]) == 1
    assert Path("wrong.journey").read_bytes() == WRONG.encode()
    assert sorted(path.name for path in Path().iterdir()) == ["right.journey", "wrong.journey"]
    shown = capsys.readouterr()
    assert "wrong.journey is not written: No space left on device" in shown.err
    assert "0 of 2 files changed" in shown.out


def test_somebody_elses_change_is_not_overwritten(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A file saved by an editor while it was formatted keeps what the editor saved."""
    keep = changes.keep_rights

    def save(path: str, status: os.stat_result) -> None:
        Path("wrong.journey").write_text("# saved meanwhile\n", "utf-8")
        keep(path, status)

    monkeypatch.setattr(changes, "keep_rights", save)
    assert cli.run(["fmt"]) == 1
    assert Path("wrong.journey").read_text("utf-8") == "# saved meanwhile\n"
    assert "changed by somebody else" in capsys.readouterr().err


def test_move_puts_facts_first() -> None:
    """With --move, what a journey says about itself stands before its first step."""
    moved = 'journey "A"\n  finish as "x"\n  owned by "Maja Kos"\n'
    Path("wrong.journey").write_text(moved, "utf-8")
    assert cli.run(["fmt", "-q"]) == 0
    assert cli.run(["fmt", "--move", "-q"]) == 0
    lines = Path("wrong.journey").read_text("utf-8").split("\n")
    assert [line.strip() for line in lines if line] == [
        'journey "A"',
        'owned by "Maja Kos"',
        'finish as "x"',
    ]
