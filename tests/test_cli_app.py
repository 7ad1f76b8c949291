"""The command line as a whole: the list of commands, exit codes, and what is loaded when."""

import os
import subprocess
import sys
from pathlib import Path

import click
import pytest

from tests.conftest import Install
from tests.limits import LONGEST
from tests.tree import PROJECT, ROOT
from verbline import cli
from verbline.cli import app, quick
from verbline.cli.commands import COMMANDS, Entry
from verbline.cli.version import VERSION
from verbline.interpreter.compiled import word

OF_THE_LANGUAGE = ("check", "fmt", "lint", "rules", "read", "diagram", "translate")
WORLD = {"asyncio", "pydantic", "sqlite3", "sqlite_utils", "verbline.runtime", "watchdog"}


def modules_after(code: str) -> set[str]:
    """Return the modules that a fresh Python has loaded after ``code``."""
    tail = "\nimport sys; sys.stdout.flush(); print('\\nMODULES', *sys.modules)"
    # Whoever sets it asks for lines of that width, which click breaks.
    environment = {name: value for name, value in os.environ.items() if name != "COLUMNS"}
    done = subprocess.run(
        [sys.executable, "-c", code + tail],
        capture_output=True,
        text=True,
        check=True,
        env=environment,
        timeout=LONGEST,
    )
    return set(done.stdout.rpartition("MODULES ")[2].split())


def test_the_installed_command_is_main() -> None:
    """The script in the wheel calls the function that these tests are about."""
    assert PROJECT["project"]["scripts"] == {"verbline": "verbline.cli:main"}
    assert callable(cli.main)


def test_the_version_is_answered_without_click() -> None:
    """``--version`` loads neither click nor the metadata of installed packages."""
    loaded = modules_after("from verbline.cli import run; assert run(['--version']) == 0")
    assert "verbline.cli.quick" in loaded
    assert loaded & {"click", "importlib.metadata", "verbline.cli.app"} == set()


def test_both_ways_say_the_same_version(capsys: pytest.CaptureFixture[str]) -> None:
    """The quick answer and click's own are one line, so a script may rely on either."""
    assert quick.answer(["--version"]) == 0
    assert app.run(["--version"]) == 0
    assert capsys.readouterr().out == f"verbline {VERSION} ({word()})\n" * 2


@pytest.mark.parametrize(
    "arguments", [[], ["-h", "-h"], ["read"], ["check", "-h"], ["--version", "x"], ["--help", "x"]]
)
def test_the_quick_answer_leaves_the_rest_to_click(arguments: list[str]) -> None:
    """What is not exactly a quick question goes on to click."""
    assert quick.answer(arguments) is None


@pytest.mark.parametrize("columns", [quick.WIDE, 100, 300])
def test_both_ways_say_the_same_help(
    columns: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The quick help is click's own, letter for letter, on every terminal that is not narrow."""
    monkeypatch.delenv("COLUMNS", raising=False)
    assert quick.answer(["--help"]) == 0
    quickly = capsys.readouterr().out
    monkeypatch.setenv("COLUMNS", str(columns))
    assert app.run(["--help"]) == 0
    assert capsys.readouterr().out == quickly


def test_a_narrow_terminal_gets_its_help_from_click(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where lines have to be broken, or the width is told, the quick answer stands back."""
    monkeypatch.setenv("COLUMNS", "60")
    assert quick.answer(["-h"]) is None
    monkeypatch.delenv("COLUMNS")
    monkeypatch.setattr("os.get_terminal_size", lambda _number: os.terminal_size((79, 24)))
    with Path(os.devnull).open("w") as terminal:
        monkeypatch.setattr(sys, "stdout", terminal)
        assert quick.answer(["-h"]) is None


def test_the_help_is_answered_without_click() -> None:
    """``--help`` loads neither click nor what click needs."""
    loaded = modules_after("from verbline.cli import run; assert run(['--help']) == 0")
    assert loaded & {"click", "verbline.cli.app"} == set()


@pytest.mark.parametrize("option", ["-h", "--help"])
def test_the_list_names_every_command(option: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Help shows each command of the table with its line, in the order of the table."""
    assert app.run([option]) == 0
    shown = capsys.readouterr().out.partition("Commands:\n")[2].splitlines()
    names = [line.split()[0] for line in shown]
    assert names == list(COMMANDS)
    for line, entry in zip(shown, COMMANDS.values(), strict=True):
        assert line.endswith(entry.summary)


def test_the_list_loads_no_command() -> None:
    """Help is written from the table: no command, no grammar, nothing of the world is loaded."""
    loaded = modules_after("from verbline.cli import run; assert run(['--help']) == 0")
    modules = {entry.place.partition(":")[0] for entry in COMMANDS.values()}
    assert (
        loaded & (modules | WORLD | {"lark", "verbline.grammar", "verbline.interpreter"}) == set()
    )


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_is_what_the_list_says(name: str) -> None:
    """A listed command loads, is a click command of that name, and has that one-line help."""
    entry = COMMANDS[name]
    command = app.load(entry)
    assert command is not None
    assert command.name == name
    assert command.get_short_help_str(limit=100) == entry.summary


@pytest.mark.parametrize("name", OF_THE_LANGUAGE)
def test_commands_of_the_language_leave_the_world_alone(name: str) -> None:
    """Reading and checking text loads neither the runtime nor its libraries."""
    module = COMMANDS[name].place.partition(":")[0]
    assert modules_after(f"import {module}") & WORLD == set()


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["chek"], 'There is no command "chek". Did you mean "check"?'),
        (["zzzzzz"], 'There is no command "zzzzzz".\n'),
        (["--no-such-option"], "No such option"),
    ],
)
def test_wrong_usage_is_2(
    arguments: list[str], sentence: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """What the user mistyped is told on standard error, with the nearest command, and ends in 2."""
    assert app.run(arguments) == 2
    shown = capsys.readouterr()
    assert sentence in shown.err
    assert shown.out == ""


def test_no_command_shows_the_list(capsys: pytest.CaptureFixture[str]) -> None:
    """A bare ``verbline`` is wrong usage, and the list of commands is the answer."""
    assert app.run([]) == 2
    assert "Commands:" in capsys.readouterr().err


def test_a_missing_module_is_no_crash(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A listed command that this release lacks stays in the list and is told as wrong usage."""
    table = {"gone": Entry("verbline.cli.gone:gone", "Gone.")}
    monkeypatch.setattr(app, "COMMANDS", table)
    assert app.run(["--help"]) == 0
    assert "Gone." in capsys.readouterr().out
    assert app.run(["gone"]) == 2
    assert 'There is no command "gone".\n' in capsys.readouterr().err


def test_a_library_missing_inside_a_command_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Only the command's own module may be missing; a lost library is not hidden."""
    (tmp_path / "made_here.py").write_text("import no_such_library")
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.setattr(app, "COMMANDS", {"try": Entry("made_here:command", "Try.")})
    with pytest.raises(ModuleNotFoundError, match="no_such_library"):
        app.run(["try"])


@pytest.mark.parametrize(("answer", "code"), [(None, 0), (0, 0), (1, 1), (2, 2)])
def test_a_command_returns_its_exit_code(install: Install, answer: int | None, code: int) -> None:
    """What a command returns is the exit code; nothing returned is 0."""
    install(lambda: answer)
    assert cli.main() == code


def test_a_command_may_end_early(install: Install) -> None:
    """``ctx.exit`` works as everywhere in click."""
    install(lambda: click.get_current_context().exit(1))
    assert cli.main() == 1


@pytest.mark.parametrize("stop", [KeyboardInterrupt, click.Abort])
def test_an_interrupt_is_130(install: Install, temporary: Path, stop: type[BaseException]) -> None:
    """Ctrl-C ends quietly with the usual code, and is no crash."""

    def command() -> None:
        raise stop

    install(command)
    assert cli.main() == 130
    assert list(temporary.iterdir()) == []


@pytest.mark.parametrize("option", ["--version", "--help"])
@pytest.mark.parametrize("unbuffered", ["", "1"])
def test_a_reader_that_goes_away_is_no_crash(option: str, unbuffered: str, tmp_path: Path) -> None:
    """``verbline … | head`` ends with the usual code of a closed pipe, and without a word."""
    reading, writing = os.pipe()
    os.close(reading)
    with os.fdopen(writing, "wb") as closed:
        done = subprocess.run(
            [sys.executable, "-m", "verbline.cli", option],
            stdout=closed,
            stderr=subprocess.PIPE,
            env={**os.environ, "TMPDIR": str(tmp_path), "PYTHONUNBUFFERED": unbuffered},
            check=False,
            timeout=LONGEST,
        )
    assert (done.returncode, done.stderr) == (141, b"")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(("setting", "color"), [("1", False), ("", None)])
def test_no_color_is_obeyed(
    install: Install, monkeypatch: pytest.MonkeyPatch, setting: str, color: object
) -> None:
    """``NO_COLOR`` turns colours off for every command; an empty one does not."""
    seen: list[bool | None] = []
    monkeypatch.setenv("NO_COLOR", setting)
    install(lambda: seen.append(click.get_current_context().color))
    assert cli.main() == 0
    assert seen == [color]


def test_the_shell_can_complete_names(tmp_path: Path) -> None:
    """The completion that click offers knows the commands of the table."""
    done = subprocess.run(
        [sys.executable, "-m", "verbline.cli"],
        capture_output=True,
        text=True,
        cwd=tmp_path,
        env={
            **os.environ,
            "_VERBLINE_COMPLETE": "bash_complete",
            "COMP_WORDS": "verbline --ver",
            "COMP_CWORD": "1",
        },
        check=False,
        timeout=LONGEST,
    )
    assert done.stdout == "plain,--version\n"


@pytest.mark.parametrize("name", COMMANDS)
def test_the_readme_knows_every_command(name: str) -> None:
    """A command that nobody can read about is not there."""
    readme = (ROOT / "README.md").read_text("utf-8")
    assert f"| `verbline {name}" in readme
