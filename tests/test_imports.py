"""What a plain call loads. Start-up time is mostly imports, so each module on the way has to be wanted."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.limits import LONGEST
from tests.tree import ROOT

ALLOWED = ROOT / "tests" / "imports-of-lint.txt"
# What would take longer to load than the rest of the command together, or has no business there.
HEAVY = {
    "asyncio",
    "click",
    "dataclasses",
    "difflib",
    "hashlib",
    "importlib.metadata",
    "importlib.resources",
    "inspect",
    "lark",
    "msgspec",
    "pathlib",
    "pydantic",
    "shutil",
    "sqlite3",
    "sqlite_utils",
    "subprocess",
    "tempfile",
    "verbline.cli.app",
    "verbline.runtime",
    "watchdog",
    "zoneinfo",
}
JOURNEYS = ROOT / "journeys" / "mobility" / "journeys"
FILE = str(JOURNEYS / "safe-driving-course.journey")


def loaded_by(*arguments: str, cache: str) -> set[str]:
    """Return the modules that a call of the command loads, those that Python itself loads left out."""
    # Without site-packages nobody else's start-up code hides what ours loads.
    code = (
        f"import sys; before = set(sys.modules); sys.path.insert(0, {str(ROOT / '.types')!r})\n"
        "from verbline.cli import run\n"
        f"run({list(arguments)!r})\n"
        "print('MODULES', *(set(sys.modules) - before))"
    )
    done = subprocess.run(
        [sys.executable, "-I", "-S", "-c", code],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "VERBLINE_CACHE": "", "XDG_CACHE_HOME": cache},
        timeout=LONGEST,
    )
    return set(done.stdout.rpartition("MODULES")[2].split())


def lines_of(path: Path) -> list[str]:
    """Return the lines of a list; comments and blank lines are left out."""
    lines = path.read_text("utf-8").splitlines()
    return [line for line in lines if line and not line.startswith("#")]


@pytest.fixture(scope="module")
def cold(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    """Return what ``verbline lint FILE`` loads for a file that was never seen."""
    return loaded_by("lint", FILE, cache=str(tmp_path_factory.mktemp("cache")))


def test_lint_loads_what_the_list_allows(cold: set[str]) -> None:
    """Each module costs every call a third of a millisecond: import it where it is needed, or list it."""
    # Modules inside a standard package, and hidden ones, differ from Python to Python.
    public = {
        name if name.startswith("verbline") else name.partition(".")[0].lstrip("_") for name in cold
    }
    assert public - set(lines_of(ALLOWED)) == set()


def test_the_list_allows_nothing_that_is_not_needed(cold: set[str]) -> None:
    """A module of ours that is no longer loaded is taken off the list."""
    ours = {name for name in lines_of(ALLOWED) if name.startswith("verbline")}
    assert ours - cold == set()
    assert lines_of(ALLOWED) == sorted(lines_of(ALLOWED))


def test_lint_loads_nothing_heavy(cold: set[str]) -> None:
    """Whatever the list says, these are never on it."""
    assert cold & HEAVY == set()
    assert set(lines_of(ALLOWED)) & HEAVY == set()


def test_an_answer_given_again_loads_next_to_nothing(tmp_path: Path) -> None:
    """For an unchanged file neither the interpreter nor a reader of TOML is loaded, nor what they need."""
    loaded_by("lint", FILE, cache=str(tmp_path))
    again = loaded_by("lint", FILE, cache=str(tmp_path))
    assert again & {"datetime", "functools", "tomllib", "typing", "unicodedata"} <= {"functools"}
    assert {name for name in again if name.startswith("verbline.")} == {
        "verbline.cli",
        "verbline.cli.answers",
        "verbline.cli.findings",
        "verbline.cli.folders",
        "verbline.cli.output",
        "verbline.cli.paths",
        "verbline.cli.project",
        "verbline.cli.quick",
        "verbline.cli.version",
    }


@pytest.mark.parametrize("name", ["lark", "click", "verbline.interpreter.mistakes"])
def test_the_lists_are_about_modules_that_exist(name: str) -> None:
    """What is kept out could be loaded; otherwise keeping it out would prove nothing."""
    __import__(name)
    assert name in sys.modules
