"""`verbline translate`: where the translation goes, and what is refused."""

import io
import sys
from pathlib import Path

import pytest

from verbline import cli
from verbline.cli.translate import LANGUAGES
from verbline.interpreter.sentence import grammar

ENGLISH = 'language: en\n\nmoment "order is late"\n  comes from "shop" as "late"\n'
SLOVENIAN = 'language: sl\n\ntrenutek "order is late"\n  prihaja iz sistema "shop" kot "late"\n'


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the working folder, with one English file."""
    monkeypatch.chdir(tmp_path)
    Path("a.journey").write_text(ENGLISH, "utf-8")
    return tmp_path


def test_every_language_is_offered() -> None:
    """The option names each language that has a table of words."""
    assert sorted(LANGUAGES) == grammar().languages()


def test_without_more_it_goes_to_standard_output(
    capsysbinary: pytest.CaptureFixture[bytes],
) -> None:
    """The translation is all that is written there, in UTF-8, and the file stays."""
    assert cli.run(["translate", "--to", "sl", "a.journey"]) == 0
    shown = capsysbinary.readouterr()
    assert (shown.out.decode(), shown.err) == (SLOVENIAN, b"")
    assert Path("a.journey").read_text("utf-8") == ENGLISH


def test_write_puts_it_in_place(capsys: pytest.CaptureFixture[str]) -> None:
    """--write replaces the file, and back again gives the first one."""
    assert cli.run(["translate", "--to", "sl", "--write", "a.journey"]) == 0
    assert Path("a.journey").read_text("utf-8") == SLOVENIAN
    assert capsys.readouterr().out == "translated a.journey\n"
    assert cli.run(["translate", "--to", "en", "--write", "a.journey"]) == 0
    assert Path("a.journey").read_text("utf-8") == ENGLISH


def test_output_makes_a_new_file(capsys: pytest.CaptureFixture[str]) -> None:
    """--output never overwrites anything."""
    assert cli.run(["translate", "--to", "sl", "a.journey", "--output", "b.journey"]) == 0
    assert Path("b.journey").read_text("utf-8") == SLOVENIAN
    assert capsys.readouterr().out == "translated to b.journey\n"
    assert cli.run(["translate", "--to", "sl", "a.journey", "--output", "b.journey"]) == 2
    assert '"b.journey" is there already' in capsys.readouterr().err
    assert cli.run(["translate", "--to", "sl", "a.journey", "--output", "no/b.journey"]) == 2


def test_it_works_in_a_pipe(
    monkeypatch: pytest.MonkeyPatch, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    """Standard input is translated as the file that it stands for."""
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(ENGLISH.encode())))
    assert cli.run(["translate", "--to", "sl", "-"]) == 0
    assert capsysbinary.readouterr().out.decode() == SLOVENIAN


def test_what_cannot_be_said_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    """A line that was not understood has no translation: nothing is written, and the place is told."""
    Path("a.journey").write_bytes(ENGLISH.encode() + b"# caf\xe9\n")
    assert cli.run(["translate", "--to", "sl", "--write", "a.journey"]) == 1
    assert Path("a.journey").read_bytes() == ENGLISH.encode() + b"# caf\xe9\n"
    shown = capsys.readouterr()
    assert shown.out == ""
    assert shown.err.startswith("Error: a.journey:5:")


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["a.journey"],
        ["--to", "sl", "."],
        ["--to", "sl", "no-such.journey"],
        ["--to", "xx", "a.journey"],
        ["--to", "sl", "--write", "--output", "b.journey", "a.journey"],
        ["--to", "sl", "--write", "-"],
    ],
    ids=" ".join,
)
def test_wrong_usage_is_2(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    """One file and one language have to be named."""
    assert cli.run(["translate", *arguments]) == 2
    shown = capsys.readouterr()
    assert shown.out == ""
    assert "Error: " in shown.err
