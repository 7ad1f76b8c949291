"""What every command has in common: streams, colours, encodings, pipes, interrupts."""

import fcntl
import io
import json
import os
import signal
import subprocess
import sys
import termios
from functools import partial
from pathlib import Path

import click
import pytest

from tests.limits import LONGEST, ending, until
from verbline import cli
from verbline.cli import app, findings, output, quick
from verbline.cli.commands import COMMANDS
from verbline.cli.findings import FORMATS, Options

SETTINGS = '[project]\nzone = "UTC"\n'
JOURNEY = 'purpose "ponudbe č"\n  is marketing\n  rests on consent\n'


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the working folder: a project with findings in its settings and in a file."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("VERBLINE_CACHE", "off")
    monkeypatch.delenv("NO_COLOR", raising=False)
    Path("verbline.toml").write_text(SETTINGS, "utf-8")
    Path("ž.journey").write_text(JOURNEY, "utf-8")
    return tmp_path


def started(*arguments: str, **environment: str) -> "subprocess.CompletedProcess[bytes]":
    """Return a finished run of the command in a process of its own."""
    return subprocess.run(
        [sys.executable, "-m", "verbline.cli", *arguments],
        capture_output=True,
        check=False,
        env={**os.environ, **environment},
        timeout=LONGEST,
    )


@pytest.mark.parametrize("command", ["check", "lint"])
@pytest.mark.parametrize("form", ["json", "sarif"])
def test_standard_output_holds_json_and_nothing_else(command: str, form: str) -> None:
    """Whatever else there is to say, the answer can be parsed; exit code 1 says there are errors."""
    Path("notes.txt").touch()
    done = started(command, "--format", form, ".", "notes.txt", "--color", "always")
    assert done.returncode == 1
    assert json.loads(done.stdout.decode("utf-8"))
    assert b"notes.txt" in done.stderr


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("encoding", ["ascii", "cp1252", "utf-16", "utf-8"])
def test_every_format_can_be_written_anywhere(
    form: str, encoding: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A terminal that lacks letters shows question marks; what programs read is UTF-8 all the same."""
    raw = io.BytesIO()
    stream = io.TextIOWrapper(raw, encoding=encoding)
    monkeypatch.setattr(sys, "stdout", stream)
    assert cli.run(["lint", "--format", form]) == 1
    stream.flush()
    wanted = encoding if form in findings.FOR_PEOPLE else "utf-8"
    name = "%C5%BE.journey" if form == "sarif" else "ž.journey"
    assert name.encode(wanted, "replace").decode(wanted) in raw.getvalue().decode(wanted)


@pytest.mark.parametrize(
    ("arguments", "colored"),
    [([], False), (["--color", "always"], True), (["--color=never"], False)],
)
def test_colours_are_for_those_who_asked(arguments: list[str], *, colored: bool) -> None:
    """Into a pipe nothing is coloured, unless somebody said always."""
    assert (b"\x1b[" in started("check", *arguments).stdout) == colored


@pytest.mark.parametrize(
    ("choice", "terminal", "setting", "term", "colored"),
    [
        ("auto", True, "", "xterm", True),
        ("auto", False, "", "xterm", False),
        ("auto", True, "1", "xterm", False),
        ("auto", True, "", "dumb", False),
        ("always", False, "1", "dumb", True),
        ("never", True, "", "xterm", False),
    ],
)
def test_colours_on_a_terminal(
    monkeypatch: pytest.MonkeyPatch,
    choice: str,
    setting: str,
    term: str,
    *,
    terminal: bool,
    colored: bool,
) -> None:
    """On a terminal there are colours, unless NO_COLOR is set; who says always or never is obeyed."""
    monkeypatch.setenv("NO_COLOR", setting)
    monkeypatch.setenv("TERM", term)
    monkeypatch.setattr(sys.stdout, "isatty", lambda: terminal)
    assert output.wants_color(choice) == colored


@pytest.mark.parametrize("form", [form for form in FORMATS if form != "pretty"])
def test_only_people_see_colours(form: str) -> None:
    """What a program reads is never coloured."""
    assert b"\x1b[" not in started("check", "--format", form, "--color", "always").stdout


@pytest.mark.parametrize(
    "arguments",
    [["check"], ["lint", "--format", "json"], ["fmt", "--diff"], ["rules"]],
)
def test_a_reader_that_goes_away_is_no_crash(arguments: list[str]) -> None:
    """``verbline … | head`` ends with the usual code of a closed pipe, and without a word."""
    Path("ž.journey").write_text(JOURNEY.replace("  ", "     "), "utf-8")
    reading, writing = os.pipe()
    os.close(reading)
    with os.fdopen(writing, "wb") as closed:
        done = subprocess.run(
            [sys.executable, "-m", "verbline.cli", *arguments],
            stdout=closed,
            stderr=subprocess.PIPE,
            check=False,
            timeout=LONGEST,
        )
    assert done.returncode == 141
    assert b"Traceback" not in done.stderr
    assert b"crash" not in done.stderr


@pytest.mark.skipif(sys.platform == "win32", reason="signals are others there")
def test_an_interrupt_ends_quietly() -> None:
    """Ctrl-C while a command waits for standard input is 130, and no crash."""
    # Whoever runs the tests in the background has it ignored, and that is inherited.
    usual = partial(signal.signal, signal.SIGINT, signal.SIG_DFL)
    command = [sys.executable, "-m", "verbline.cli", "check", "-"]
    pipe = subprocess.PIPE
    with (
        subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=pipe, preexec_fn=usual) as run,  # noqa: PLW1509 - no threads here
        ending(run),
    ):
        assert run.stdin is not None
        run.stdin.write(b"language: en\n")
        run.stdin.flush()
        pipe_in = run.stdin.fileno()
        until(lambda: not left_in(pipe_in))  # it is read as soon as the command has begun to wait
        run.send_signal(signal.SIGINT)
        out, err = run.communicate(timeout=20)
    assert (run.returncode, out, err) == (130, b"", b"")


def left_in(pipe: int) -> int:
    """Return how many bytes of a pipe nobody has read yet."""
    return int.from_bytes(fcntl.ioctl(pipe, termios.FIONREAD, bytes(4)), sys.byteorder)


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["check"], 1),
        (["check", "no-such"], 2),
        (["check", "--no-such"], 2),
        (["check", "--format", "xml"], 2),
        (["lint", "--preset", "mild"], 2),
        (["check", "-", "x.journey"], 2),
        (["rules", "Q999"], 2),
        (["--version"], 0),
    ],
)
def test_exit_codes(arguments: list[str], code: int, capsys: pytest.CaptureFixture[str]) -> None:
    """0 all is well, 1 errors were found, 2 wrong usage, which is told on standard error alone."""
    assert cli.run(arguments) == code
    if code == 2:
        shown = capsys.readouterr()
        assert shown.out == ""
        assert "Error: " in shown.err


def test_a_crash_is_3(monkeypatch: pytest.MonkeyPatch, temporary: Path) -> None:
    """A mistake of ours on the way without click is reported like any other."""

    def fail(*_arguments: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(findings, "readings", fail)
    monkeypatch.setattr(sys, "argv", ["verbline", "check"])
    assert cli.main() == 3
    (report,) = temporary.glob("verbline-crash-*")
    assert "ZeroDivisionError" in report.read_text("utf-8")


PLAIN = [
    ["check"],
    ["lint"],
    ["check", "a", "b/c"],
    ["check", "-q", "a"],
    ["lint", "--quiet", "--preset", "strict"],
    ["lint", "--preset=starter", "a", "--format=json"],
    ["check", "--format", "sarif", "--color", "always", "-"],
    ["check", "-"],
]


@pytest.mark.parametrize("arguments", PLAIN, ids=" ".join)
def test_both_ways_read_the_same_options(
    arguments: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A plain call means to click what it means without click."""
    seen: list[Options] = []

    def note(options: Options) -> int:
        seen.append(options)
        return 0

    monkeypatch.setattr(findings, "answer", note)
    for command in ("check", "lint"):
        monkeypatch.setattr(f"verbline.cli.{command}.answer", findings.answer)
    assert cli.run(arguments) == 0
    monkeypatch.setattr(quick, "plain", lambda *_arguments: None)
    assert cli.run(arguments) == 0
    first, second = ({name: getattr(one, name) for name in Options.__slots__} for one in seen)
    assert first == second


@pytest.mark.parametrize(
    "arguments",
    [
        ["check", "--help"],
        ["check", "--format"],
        ["check", "--format", "xml"],
        ["check", "--preset", "strict"],
        ["check", "--", "-q"],
        ["check", "--stdin-filename", "a", "-"],
        ["lint", "--fix"],
        ["lint", "--qui"],
        ["check", "-qq"],
    ],
    ids=" ".join,
)
def test_what_is_not_plain_is_left_to_click(arguments: list[str]) -> None:
    """Help, mistakes and rarer options are read in one place only."""
    assert quick.plain(arguments[0], arguments[1:]) is None


def test_text_for_people_keeps_the_encoding_of_the_terminal(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Letters that exist in the terminal's encoding are written, the others are question marks."""
    raw = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(raw, encoding="cp1252"))
    output.write("é č\n")
    sys.stdout.flush()
    assert raw.getvalue().replace(b"\r", b"") == "é ?\n".encode("cp1252")


@pytest.mark.parametrize("name", COMMANDS)
def test_every_option_says_what_it_does(name: str) -> None:
    """Help tells what the command does in more than its one line, and what each option is for."""
    command = app.load(COMMANDS[name])
    assert command is not None
    assert command.help
    assert command.help.split("\n\n")[0].replace("\n", " ") == COMMANDS[name].summary
    assert len(command.help.split("\n\n")) > 1
    options = [one for one in command.params if isinstance(one, click.Option)]
    assert [one.name for one in options if not one.help] == []
