"""A crash: its exit code, and a report that says nothing of the user."""

import os
from pathlib import Path

import pytest

from tests.conftest import Install
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
