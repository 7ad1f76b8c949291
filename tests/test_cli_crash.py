"""A crash: its exit code, and a report that says nothing of the user."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import Install
from tests.limits import LONGEST
from tests.tree import ROOT
from verbline import cli
from verbline.cli import crash
from verbline.cli.version import VERSION


def test_a_crash_is_3_and_says_nothing_of_the_user(
    install: Install, temporary: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The report names the exceptions and the places; no message, argument or variable is in it."""

    def command() -> None:
        address = "tina@mail.example"
        try:
            os.environ[address]
        except KeyError as error:
            raise ValueError(address) from error

    install(command)
    assert cli.main() == 3
    (file,) = temporary.iterdir()
    text = file.read_text("utf-8")
    shown = capsys.readouterr()
    assert str(file) in shown.err
    assert shown.out == ""
    assert "tina" not in text + shown.err
    assert "try" not in text
    assert f"verbline {VERSION}\n" in text
    assert "builtins.ValueError\n" in text
    assert "builtins.KeyError\n" in text
    assert "tests.test_cli_crash" in text
    assert "command\n" in text
    assert os.name == "nt" or file.stat().st_mode & 0o077 == 0


def test_a_crash_in_generated_code_shows_a_line_alone() -> None:
    """Code made at run time may be named after something in a journey, so its name is left out."""
    space = {"__name__": "tina"}
    exec("def tina(): 1 / 0", space)  # noqa: S102 - the text stands here
    with pytest.raises(ZeroDivisionError) as caught:
        eval("tina()", space)  # noqa: S307 - the text stands here
    text = crash.report(caught.value)
    assert "  generated code:1\n" in text
    assert "tina" not in text


def test_a_report_without_a_place_is_shown(
    install: Install, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Where no file can be written, the report itself is on standard error."""

    def command() -> None:
        raise ValueError

    def full(*_: object, **__: object) -> None:
        raise OSError

    monkeypatch.setattr("tempfile.mkstemp", full)
    install(command)
    assert cli.main() == 3
    assert "builtins.ValueError" in capsys.readouterr().err


def in_shell(command: str, temporary: Path) -> tuple[int, str]:
    """Return the exit code of ``verbline`` called as ``command`` by a shell, and what it says on standard error."""
    done = subprocess.run(
        ["/bin/sh", "-c", f'"$PYTHON" -m verbline.cli {command}'],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        cwd=ROOT / "journeys",
        env={
            **os.environ,
            "VERBLINE_CACHE": "off",
            "PYTHON": sys.executable,
            "TMPDIR": str(temporary),
        },
        check=False,
        text=True,
        timeout=LONGEST,
    )
    return done.returncode, done.stderr


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no full disk to write to")
@pytest.mark.parametrize(
    "command", ["--help", "check mobility", "lint mobility --format json", "rules"]
)
def test_an_answer_without_room_is_told(command: str, tmp_path: Path) -> None:
    """A full disk is nobody's mistake: one sentence, exit code 3, and no report of a crash."""
    told = "Error: The answer could not be written: No space left on device.\n"
    assert in_shell(f"{command} > /dev/full", tmp_path) == (3, told)
    assert in_shell(f"{command} > /dev/full 2>&1", tmp_path) == (3, "")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(sys.platform == "win32", reason="streams are closed another way there")
@pytest.mark.parametrize(
    ("closing", "code", "told"),
    [
        (">&-", 3, "Error: The answer could not be written: Standard output is closed.\n"),
        ("2>&-", 0, ""),
        (">&- 2>&-", 3, ""),
    ],
)
def test_closed_streams_are_no_crash(closing: str, code: int, told: str, tmp_path: Path) -> None:
    """Without standard output there is no answer, which is told; without standard error there is one."""
    assert in_shell(f"check mobility {closing}", tmp_path) == (code, told)
    assert list(tmp_path.iterdir()) == []


def test_another_error_of_the_system_is_a_crash(
    install: Install, temporary: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Only what says that there is no room for the answer is told so; a file that is full bears its name."""
    for error in (OSError(2, "No such file"), OSError(28, "No space left", "a.journey")):

        def command(error: OSError = error) -> None:
            raise error

        install(command)
        assert cli.main() == 3
        assert "a mistake of its own" in capsys.readouterr().err
    assert len(list(temporary.iterdir())) == 2
