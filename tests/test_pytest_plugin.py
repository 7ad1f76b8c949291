"""Scenarios as tests of pytest. Each test runs another pytest in a folder of its own, with our plugin and no other."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.club import FAILS, LEAVES, SETTINGS, WORDS
from tests.limits import LONGEST
from tests.tree import PROJECT, ROOT

pytestmark = pytest.mark.slow


def run(folder: Path, *arguments: str) -> tuple[int, str]:
    """Return the exit code and the output of a pytest that runs in ``folder``."""
    command = [sys.executable, "-m", "pytest", "-p", "verbline.cli.pytest_plugin"]
    command += ["-p", "no:cacheprovider", "--color=no", *arguments]
    environment = {**os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    ended = subprocess.run(
        command,
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=LONGEST,
    )
    return ended.returncode, ended.stdout


@pytest.fixture
def club(tmp_path: Path) -> Path:
    """Return a folder with a project and a test of Python."""
    (tmp_path / "pytest.ini").write_text("[pytest]\n")
    (tmp_path / "club").mkdir()
    (tmp_path / "club" / "verbline.toml").write_text(SETTINGS)
    (tmp_path / "club" / "club.journey").write_text(WORDS + LEAVES + FAILS)
    (tmp_path / "test_it.py").write_text("def test_it():\n    assert True\n")
    return tmp_path


def test_scenarios_run_beside_other_tests(club: Path) -> None:
    """Each scenario is one test with a name; what it misses is told as `verbline test` tells it."""
    code, told = run(club, "-v")
    assert code == 1
    assert "club/club.journey::hello PASSED" in told
    assert "club/club.journey::at noon & later FAILED" in told
    assert "test_it.py::test_it PASSED" in told
    assert (
        '  63 |   then the member gets "Hello" by email at 2026-03-03 12:00\n'
        "         but it went out on Tue 2026-03-03 09:00 (line 39).\n"
    ) in told
    assert "Traceback" not in told
    assert "1 failed, 3 passed" in told


def test_scenarios_are_picked_by_name_and_place(club: Path) -> None:
    """`-k` and node ids work as for other tests."""
    assert run(club, "-k", "leaves")[0] == 0
    code, told = run(club, "-q", "club/club.journey::hello")
    assert code == 0
    assert "1 passed" in told


def test_a_project_with_errors_cannot_be_collected(club: Path) -> None:
    """What `verbline check` finds is the reason that pytest shows."""
    path = club / "club" / "club.journey"
    path.write_text(path.read_text().replace("wait 2 days", "wiat 2 days"))
    code, told = run(club)
    assert code == 2
    assert 'There is no verb "wiat"' in told


def test_rows_of_a_table_are_tests_of_their_own(club: Path) -> None:
    """A failing row leaves the others alone."""
    rows = FAILS.replace("2026-03-03 12:00", "<day> 09:00").replace("by sms", "by email")
    rows += "  examples\n    | day        |\n    | 2026-03-03 |\n    | 2026-03-04 |\n"
    (club / "club" / "club.journey").write_text(WORDS + rows)
    code, told = run(club, "-v", "club")
    assert code == 1
    assert "::at noon & later [2026-03-03] PASSED" in told
    assert "::at noon & later [2026-03-04] FAILED" in told


def test_what_stands_in_no_project_is_left_alone(club: Path) -> None:
    """A file without a project around it is looked at only where the call names it."""
    (club / "club" / "verbline.toml").unlink()
    (club / "club" / "club.journey").write_text(WORDS)
    code, told = run(club)
    assert code == 0
    assert "1 passed" in told
    code, told = run(club, "club/club.journey")
    assert code == 0
    assert "1 passed" in told
    assert run(ROOT, "--override-ini=addopts=", "--collect-only", "tests/cases")[0] == 5


def test_other_projects_load_nothing_of_ours(tmp_path: Path) -> None:
    """Where there is no file of journeys, the plugin brings in nothing beyond itself."""
    (tmp_path / "test_it.py").write_text(
        "import sys\n\n\ndef test_it():\n"
        "    ours = sorted(name for name in sys.modules if name.startswith('verbline.'))\n"
        "    assert ours == ['verbline.cli', 'verbline.cli.pytest_plugin']\n"
    )
    code, told = run(tmp_path)
    assert code == 0, told


def test_pytest_finds_the_plugin_by_its_entry_point() -> None:
    """An installed verbline needs no option."""
    assert PROJECT["project"]["entry-points"]["pytest11"] == {
        "verbline": "verbline.cli.pytest_plugin"
    }
